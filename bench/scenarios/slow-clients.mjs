// Clients that only cost: 2,000 connections that say nothing, 1,000 that stopped in the middle of a
// head, 100 that send a head, a body or take an answer a byte at a time. What the others notice.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { arrive, requestFile } from '../lib/arrivals.mjs';
import { residentKiB } from '../lib/cpu.mjs';
import { median } from '../lib/load.mjs';

export const name = 'slow-clients';
export const about = 'one goal at half of what is served at most, alone and beside 3,100 slow clients';

// Keeps so many connections, each opened again when it was closed. `act` gets the new socket.
class Crowd {
  constructor(port) {
    this.port = port;
    this.sockets = new Set();
    this.closed = 0;
  }

  add(count, act) {
    for (let i = 0; i < count; i++) this.open(act);
  }

  open(act) {
    const socket = connect(this.port, '127.0.0.1', () => act(socket));
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.sockets.delete(socket);
      this.closed += 1;
      if (!this.over) this.open(act);
    });
  }

  end() {
    this.over = true;
    for (const socket of this.sockets) socket.destroy();
  }
}

function byteByByte(socket, text) {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length]), 1000);
  socket.on('close', () => clearInterval(timer));
}

function gather(stack, token) {
  const crowd = new Crowd(stack.port);
  const head = `Host: localhost\r\nAuthorization: Bearer ${token}\r\n`;
  crowd.add(2000, () => {});
  crowd.add(1000, (socket) => socket.write('GET /goals HTTP/1.1\r\nHost: loc'));
  crowd.add(34, (socket) => byteByByte(socket, `GET /goals HTTP/1.1\r\n${head}X-Padding: ${'a'.repeat(1000)}\r\n\r\n`));
  crowd.add(33, (socket) => {
    socket.write(`POST /goals HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n`);
    byteByByte(socket, ' ');
  });
  crowd.add(33, (socket) => { // asks on and on, and hardly reads
    socket.pause();
    for (let i = 0; i < 50; i++) socket.write(`GET /goals?size=100 HTTP/1.1\r\n${head}\r\n`);
  });
  return crowd;
}

export async function run({ stack, rounds, seconds }) {
  await stack.seed('bench/seed.sql');
  const requests = Array.from({ length: 1000 }, (_, i) => ({
    path: `/goals/00000001-${String(i % 10).padStart(4, '0')}-7000-8000-${String(i % 997).padStart(12, '0')}`, token: stack.token(`bench-${i % 10}`) }));
  const load = { port: stack.port, seconds, connections: 500, file: requestFile('one', requests) };
  await arrive(load);
  const most = await arrive({ ...load, connections: 64 });
  const steady = { ...load, rate: most.ok.count / seconds / 2 };
  const pids = Object.values(stack.pids()).flatMap((ids, i) => (i < 2 ? ids : []));
  const memory = residentKiB(pids);
  const alone = [];
  const beside = [];
  let crowded = 0;
  let closed = 0;
  for (let round = 0; round < rounds; round++) {
    alone.push(await arrive(steady));
    const crowd = gather(stack, stack.token('bench-0'));
    await sleep(2000);
    beside.push(await arrive(steady));
    crowded = Math.max(crowded, residentKiB(pids));
    await sleep(Math.max(0, 11000 - seconds * 1000)); // each is found out within its time
    closed += crowd.closed;
    crowd.end();
    await sleep(1000);
    console.log(`  round ${round + 1}: done`);
  }
  const of = (list, read) => median(list.map(read));
  const row = (measure, value, goal) => ({ measure, value, goal });
  return [
    row('requests/s', steady.rate, '-'),
    row('alone, p99 ms', of(alone, (one) => one.ok.p99Ms), '-'),
    row('beside them, p99 ms', of(beside, (one) => one.ok.p99Ms), '-'),
    row('p99 beside them / alone', of(beside, (one) => one.ok.p99Ms) / of(alone, (one) => one.ok.p99Ms), '<= 2'),
    row('not served', of(beside, (one) => one.sent - one.ok.count), '0'),
    row('slow connections closed, each round', closed / rounds, '>= 3000'),
    row('memory, KiB for each of them', (crowded - memory) / 3100, '-'),
  ];
}
