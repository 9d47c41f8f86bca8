// Clients that ask and leave before they are answered, again and again, as a process of its own. Its
// argument is {port, seconds, token, path, clients, afterMs}.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const { port, seconds, token, path, clients, afterMs } = JSON.parse(process.argv[2]);
const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`;
const end = Date.now() + seconds * 1000;

async function client() {
  while (Date.now() < end) {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.on('error', () => {});
    await sleep(afterMs);
    socket.destroy();
  }
}

await Promise.all(Array.from({ length: clients }, client));
