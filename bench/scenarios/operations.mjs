// Lists of the operations chapter: 100 actions with filters, and 20 issues found by a word among 10,000
// of their tenant; 32 and 128 connections; next to Fastify with two processes and to a Go service.
import { join } from 'node:path';
import { row, sameAnswer } from '../lib/compare.mjs';
import { startGo } from '../lib/go.mjs';
import { alternate, wrk } from '../lib/load.mjs';
import { answering, root } from '../lib/stack.mjs';

export const name = 'operations';
export const about = '10,000 actions and 100,000 issues of 10 tenants; medians, ratios to the peer';

export async function run({ stack, rounds, seconds }) {
  await stack.seed('bench/seed_operations.sql');
  const tokens = Array.from({ length: 10 }, (_, t) => stack.token(`bench-${t}`));
  const port = stack.port + 2010;
  const url = `http://127.0.0.1:${port}`;
  const peer = stack.spawn(process.execPath, [join(root, 'bench/peers/fastify/operations.mjs')], {
    PEER_PORT: port, PEER_PROCESSES: 2, PEER_CONNECTIONS: 32, PEER_JWT_SECRET: stack.secret,
    PEER_DATABASE_URL: stack.databaseUrl, NODE_ENV: 'production',
  });
  await answering(`${url}/api/operations/issues`);
  const peers = { 'Fastify, 2 processes': { url, pid: peer.pid }, ...await startGo(stack) };
  for (const { url: its } of Object.values(peers)) {
    await sameAnswer(stack.url, its, '/api/operations/issues?size=20&search=molikeke', tokens[3]);
    await sameAnswer(stack.url, its, '/api/operations/actions?status=not_started,blocked&priority=high,low&startDate=2025-02-01&endDate=2025-11-30', tokens[3]);
  }

  const rows = [];
  const own = stack.pids();
  for (const scenario of ['actions', 'issues']) {
    for (const connections of [32, 128]) {
      const load = (address, pids) => (time = seconds) => wrk({
        url: address, script: join(root, 'bench/operations.lua'), words: [scenario, ...tokens], connections, seconds: time, pids });
      const sides = { Traction: load(stack.url, own) };
      for (const [side, its] of Object.entries(peers)) sides[side] = load(its.url, { services: [its.pid], postgresql: own.postgresql });
      const summary = await alternate(sides, rounds);
      for (const [side, result] of Object.entries(summary)) rows.push(row(scenario, connections, side, result, summary.Traction));
      console.log(`  ${scenario}, ${connections} connections: done`);
    }
  }
  return rows;
}
