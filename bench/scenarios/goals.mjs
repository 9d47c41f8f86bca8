// The goal scenarios: one goal (also one request at a time), one goal with one change among a hundred requests, a
// page of 20 with its total, a new goal; 32 and 128 connections; next to Traction that keeps no goals in memory,
// Fastify with two processes (with one where there is one request at a time), a Go service, and pgbench with the
// statements of a read without memory.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { row, sameAnswer } from '../lib/compare.mjs';
import { startGo } from '../lib/go.mjs';
import { alternate, pgbench, wrk } from '../lib/load.mjs';
import { answering, root, Stack } from '../lib/stack.mjs';
import { statement } from '../lib/statements.mjs';

export const name = 'goals';
export const about = '10,000 goals of 10 tenants with three strategies and three KPIs each; medians, ratios to the peer';

const goalQueries = 'svc-goals/queries.c';
const kpiQueries = 'svc-kpis/queries.c';
const runtimeQueries = 'runtime/runtime_queries.c';
const tenant = "('bench-' || :t::text)";
const goalId = "('00000001-' || lpad(:t::text, 4, '0') || '-7000-8000-' || lpad(:n::text, 12, '0'))::uuid";
const pageIds = `ARRAY(SELECT ('00000001-' || lpad(:t::text, 4, '0') || '-7000-8000-' || lpad((:p * 20 + i)::text, 12, '0'))::uuid
  FROM generate_series(0, 19) i)`;
const limits = { max_bytes: '262144::bigint', max_rows: '400::bigint' };
const setTenant = `SELECT set_config('app.tenant', ${tenant}, true);`;

const scripts = {
  one: () => `${setTenant}
${statement(goalQueries, 'GOAL_BY_ID', { tenant, id: goalId })}
${statement(goalQueries, 'STRATEGIES_OF_GOALS_BRIEF', { tenant, goal_ids: `ARRAY[${goalId}]`, ...limits })}
${statement(kpiQueries, 'LINKS_OF_GOALS_BRIEF', { tenant, goal_ids: `ARRAY[${goalId}]`, ...limits })}`,
  page: () => `${setTenant}
${statement(goalQueries, 'GOALS_NEWEST', { tenant, offset: 'NULL', page: ':p', size: '20::bigint' })}
${statement(goalQueries, 'GOALS_COUNT', { tenant })}
\\endpipeline
\\startpipeline
${setTenant}
${statement(goalQueries, 'GOALS_OF_PAGE', { tenant, goal_ids: pageIds })}
${statement(goalQueries, 'STRATEGIES_OF_GOALS_BRIEF', { tenant,
    goal_ids: pageIds, ...limits })}
${statement(kpiQueries, 'LINKS_OF_GOALS_BRIEF', { tenant, goal_ids: pageIds, ...limits })}`,
  create: () => `${setTenant}
${statement(runtimeQueries, 'IDEMPOTENCY_TAKE', { tenant, key: 'sha256(gen_random_uuid()::text::bytea)',
    fingerprint: "sha256('x')", answer: "convert_to(repeat('x', 700), 'UTF8')", expires_at: "now() + interval '10 minutes'" })}
${statement(goalQueries, 'GOAL_INSERT', { tenant, id: 'gen_random_uuid()', title: "'Grow revenue by 30 %'",
    intent: "'Because the plan says so'", description: 'NULL', owner_id: "'user-1'", horizon: "'quarter'", status: "'draft'",
    value_tags: "ARRAY['growth', 'focus']", metadata: "'\\x80'", start_date: 'now()', due_date: "now() + interval '3 months'",
    deleted_at: 'NULL', completed_at: 'NULL', cancelled_at: 'NULL',
    version: '1', created_at: 'now()', updated_at: 'now()', created_by: "'user-1'", updated_by: "'user-1'" })}
${statement(runtimeQueries, 'OUTBOX_ADD', { tenant, type: "'goal.created'", entity_id: 'gen_random_uuid()', version: '1',
    payload: "convert_to(repeat('x', 900), 'UTF8')", now: 'now()' })}`,
};

const fastify = (processes) => `Fastify, ${processes} process${processes > 1 ? 'es' : ''}`;
const tenantTokens = (stack) => Array.from({ length: 10 }, (_, t) => stack.token(`bench-${t}`));

// Each goal once, so that what is in memory does not depend on how long the others took.
async function readAll(url, tokens) {
  for (const token of tokens)
    for (let page = 1; page <= 10; page += 1) {
      const { ok, status } = await fetch(`${url}/goals?size=100&page=${page}`, { headers: { authorization: `Bearer ${token}` } });
      if (!ok) throw new Error(`a page of goals: ${status}`);
    }
}

export async function run({ stack, rounds, seconds, against, only }) {
  await stack.seed('bench/seed.sql');
  const folder = mkdtempSync(join(tmpdir(), 'traction-pgbench-'));
  const tokens = tenantTokens(stack);
  const peers = {};
  for (const processes of [1, 2]) {
    const port = stack.port + 2000 + processes;
    const child = stack.spawn(process.execPath, [join(root, 'bench/peers/fastify/server.mjs')], {
      PEER_PORT: port, PEER_PROCESSES: processes, PEER_CONNECTIONS: 32, PEER_JWT_SECRET: stack.secret,
      PEER_DATABASE_URL: stack.databaseUrl, NODE_ENV: 'production',
    });
    peers[fastify(processes)] = { url: `http://127.0.0.1:${port}`, pid: child.pid };
    await answering(`http://127.0.0.1:${port}/goals`);
  }
  Object.assign(peers, await startGo(stack));
  for (const { url } of Object.values(peers))
    for (const path of ['/goals/00000001-0003-7000-8000-000000000042', '/goals?size=20&page=2']) await sameAnswer(stack.url, url, path, tokens[3]);

  // On databases of their own that lie idle meanwhile; the second with the programs of another checkout.
  const others = { 'Traction, no memory': await Stack.start({ offset: 250, environment: { TRACTION_GOAL_CACHE_BYTES: '0' } }) };
  try {
    const other = against && await Stack.start({ source: against, offset: 500 });
    if (other) others[`Traction of ${other.commit()}`] = other;
    for (const one of Object.values(others)) await one.seed('bench/seed.sql');
    return await measure({ stack, others, peers, tokens, folder, rounds, seconds, only });
  } finally {
    for (const one of Object.values(others)) one.stop();
  }
}

async function measure({ stack, others, peers, tokens, folder, rounds, seconds, only }) {
  const rows = [];
  const own = stack.pids();
  for (const scenario of ['one', 'mixed', 'page', 'create'].filter((name) => name.includes(only))) {
    const file = join(folder, `${scenario}.sql`);
    const compared = scenario in scripts; // the peers change nothing
    if (compared) writeFileSync(file, `\\set t random(0, 9)\n\\set n random(0, 999)\n\\set p random(1, 5)\n\\startpipeline\n${scripts[scenario]()}\n\\endpipeline\n`);
    for (const connections of scenario === 'one' ? [1, 32, 128] : [32, 128]) {
      const load = (url, pids, tokensOfIt = tokens) => (time = seconds) =>
        wrk({ url, script: join(root, 'bench/goals.lua'), words: [scenario, ...tokensOfIt], connections, seconds: time, pids });
      const measured = load(stack.url, own);
      const sides = { Traction: async (time) => { await readAll(stack.url, tokens); return measured(time); } };
      for (const [name, other] of Object.entries(others)) sides[name] = load(other.url, other.pids(), tenantTokens(other));
      const its = Object.entries(compared ? peers : {}).filter(([peer]) => peer !== fastify(connections === 1 ? 2 : 1));
      for (const [peer, { url, pid }] of its) sides[peer] = load(url, { services: [pid], postgresql: own.postgresql });
      if (connections === 32 && compared) sides.pgbench = (time = seconds) => pgbench({ stack, file, clients: 32, seconds: time });
      const summary = await alternate(sides, rounds);
      for (const [side, result] of Object.entries(summary)) rows.push(row(scenario, connections, side, result, summary.Traction));
      console.log(`  ${scenario}, ${connections} connections: done`);
    }
  }
  return rows;
}
