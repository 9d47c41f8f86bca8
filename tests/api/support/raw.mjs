// One HTTP request as exact bytes over a socket of its own, for what no client library would send.
import { connect } from 'node:net';
import { stack } from './client.mjs';

// Sends the request, with Connection: close added, and answers status, headers (lower case) and body.
export function rawRequest(method, target, headers = {}, body = '') {
  const { hostname, port } = new URL(stack.url);
  const bytes = Buffer.from(body);
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${hostname}:${port}`, 'Connection: close'];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (bytes.length) lines.push(`Content-Length: ${bytes.length}`);
  return new Promise((done, fail) => {
    const chunks = [];
    const socket = connect(Number(port), hostname, () => socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes])));
    socket.setTimeout(15000, () => socket.destroy(new Error(`no answer to ${method} ${target}`)));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', fail);
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString();
      const [head, ...rest] = text.split('\r\n\r\n');
      const [first, ...fields] = head.split('\r\n');
      done({
        status: Number(first.split(' ')[1]),
        headers: Object.fromEntries(fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 1).trim()])),
        text: rest.join('\r\n\r\n'),
      });
    });
  });
}
