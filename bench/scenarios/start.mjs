// What it takes to be there at all: the time until the product is ready, next to PostgreSQL's own
// start of the same cluster, and the memory of its six processes at rest, next to one of Fastify.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresBin } from '../../tests/support/postgres_bin.mjs';
import { residentKiB } from '../lib/cpu.mjs';
import { median } from '../lib/load.mjs';
import { answering, root } from '../lib/stack.mjs';

export const name = 'start';
export const about = 'until ready, with programs that are built and a database that was made before; memory at rest';

function seconds(work) {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1000;
}

// As the owner of the cluster, which refuses to be started by root.
function pgCtl(stack, ...words) {
  const cluster = join(stack.data, 'pg');
  const { uid, gid } = statSync(cluster);
  execFileSync(join(postgresBin, 'pg_ctl'), ['-s', '-w', '-D', cluster, ...words], { uid, gid, stdio: ['ignore', 'ignore', 'inherit'] });
}

export async function run({ stack, rounds }) {
  const memory = await atRest(stack);
  stack.down();
  const own = [];
  const postgres = [];
  for (let round = 0; round < rounds; round++) {
    own.push(seconds(() => stack.up()));
    stack.down();
    postgres.push(seconds(() => pgCtl(stack, '-l', join(stack.data, 'log/pg_ctl.log'), 'start')));
    pgCtl(stack, '-m', 'fast', 'stop');
  }
  stack.up();
  return [
    { measure: 'until ready, s', Traction: median(own), 'compared with': 'pg_ctl -w start', that: median(postgres),
      result: median(own) - median(postgres), goal: '<= 1.5 more' },
    { measure: 'memory at rest, MiB', Traction: memory.own, 'compared with': 'Fastify, 1 process', that: memory.peer,
      result: memory.own / memory.peer, goal: '<= 0.5 x' },
  ];
}

// After one answer each. The bench itself runs node, so that its pages are shared only here.
async function atRest(stack) {
  const port = stack.port + 2000;
  const child = stack.spawn(process.execPath, [join(root, 'bench/peers/fastify/server.mjs')], {
    PEER_PORT: port, PEER_PROCESSES: 1, PEER_CONNECTIONS: 32, PEER_JWT_SECRET: stack.secret,
    PEER_DATABASE_URL: stack.databaseUrl, NODE_ENV: 'production',
  });
  const headers = { Authorization: `Bearer ${stack.token('bench-0')}` };
  await answering(`http://127.0.0.1:${port}/goals`, headers);
  await fetch(`${stack.url}/goals`, { headers });
  await sleep(1000);
  const pids = stack.pids();
  const result = { own: residentKiB([...pids.gateway, ...pids.services]) / 1024, peer: residentKiB([child.pid], 'Rss') / 1024 };
  child.kill();
  return result;
}
