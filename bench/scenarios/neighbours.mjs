// One tenant does its work while another attacks: what the first one notices, next to what it notices
// of 20 honest tenants that cost as many processor seconds. Both take turns, and the times of all rounds
// count together, since those of a few seconds are too few for a p99. Whoever makes load gives way to the
// stack, as if it were on a machine of its own.
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { arrive, requestFile } from '../lib/arrivals.mjs';
import { cpuSeconds, residentKiB } from '../lib/cpu.mjs';
import { wrk } from '../lib/load.mjs';
import { root } from '../lib/stack.mjs';
import { Tenant } from '../lib/tenant.mjs';

export const name = 'neighbours';
export const about = "a tenant's seven routes every 20 ms and a report every 5 s, alone and beside each attacker; p99 of the slowest route";

const run_ = promisify(execFile);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const longText = Array.from({ length: 4900 / 7 }, (_, i) => `word${i % 900}`).join(' ').slice(0, 4900);

// `only`: the attackers that have it in their names; `scale`: how many times fewer goals the attacker has.
export async function run({ stack, rounds, seconds, only, scale }) {
  const time = Math.max(seconds, 6); // a report must fall into it
  const victim = await makePlan(stack, 'neighbour-victim', 50);
  const honest = await makeHonest(stack);
  const attacker = await makeAttacker(stack, scale);
  setPriority(10);
  // Or the database does it on its own, in the middle of what is measured.
  for (const command of ['VACUUM (ANALYZE)', 'CHECKPOINT']) stack.psql('-c', command);
  console.log('  data: done');
  const pids = stack.pids();
  const programs = [...pids.gateway, ...pids.services];
  const all = [...programs, ...pids.postgresql];

  // The victim beside what `begin` starts; it answers a function that stops it.
  const beside = async (begin, time) => {
    const stop = await begin();
    await pause(1000);
    const before = cpuSeconds(all), began = Date.now();
    const [{ stdout }, memory] = await Promise.all([
      run_('nice', ['-n', '-30', process.execPath, join(root, 'bench/lib/victim.mjs'), JSON.stringify({ port: stack.port, seconds: time, ...victim })], { maxBuffer: 1 << 24 }),
      watchMemory(programs, time)]);
    const result = { ...JSON.parse(stdout), memory, cpu: ((cpuSeconds(all) - before) * 1000) / (Date.now() - began) };
    await stop();
    await pause(1500); // queues drain
    const died = stack.pids();
    result.died = programs.filter((pid) => ![...died.gateway, ...died.services].includes(pid)).length;
    return result;
  };

  const nothing = async () => async () => {};
  await beside(nothing, time); // what is only slow at first counts for nobody
  const alone = await beside(nothing, time);
  const besideHonest = (rate, time) => beside(async () => {
    const load = arrive({ port: stack.port, rate, seconds: time + 2, connections: 20, file: honest }); // each waits for its answer
    return () => load;
  }, time);
  let honestCost = await costOf({ stack, file: honest, all });
  const rows = [row('alone', together([alone]))];
  for (const [what, begin] of Object.entries(attacks({ stack, attacker, seconds: time }))) {
    if (!what.includes(only)) continue;
    const sides = { attacked: [], peace: [] };
    let rate = 0;
    for (let round = 0; round < rounds; round++) {
      sides.attacked.push(await beside(begin, time));
      if (round === 0) rate = await honestRate(extra(sides.attacked, alone), honestCost, (rate) => besideHonest(rate, 3), alone);
      sides.peace.push(await besideHonest(rate, time));
      honestCost = extra(sides.peace, alone) / rate;
    }
    const attacked = together(sides.attacked);
    rows.push(row(what, attacked, together(sides.peace)));
    const faults = Object.entries(attacked.faults).map(([fault, count]) => `, ${count} x ${fault}`).join('');
    console.log(`  ${what}: done${attacked.pending > 0 ? `, ${attacked.pending} unanswered` : ''}${faults}`);
    if (attacked.died > 0) break; // figures after that would be of other processes
  }
  return rows;
}

const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
const extra = (results, alone) => mean(results.map(({ cpu }) => cpu)) - alone.cpu;

// How many honest requests a second take as much processor time as is wanted, or nearly: found by trying, beginning with
// what one is known to cost.
async function honestRate(wanted, cost, tryOut, alone) {
  let best = { rate: 1, off: Infinity };
  for (let rate = Math.max(1, Math.round(wanted / cost)), tries = 0; tries < 4 && best.off > 0.1; tries++) {
    const found = extra([await tryOut(rate)], alone), off = Math.abs(found / wanted - 1);
    if (off < best.off) best = { rate, off };
    rate = Math.max(1, Math.round(rate * Math.min(3, wanted > 0 && found > 0 ? wanted / found : 3)));
  }
  return best.rate;
}

const at = (list, share) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];

// Of all rounds.
function together(results) {
  const sum = (name) => results.reduce((total, result) => total + result[name], 0);
  const most = (name) => Math.max(...results.map((result) => result[name]));
  const times = {}, faults = {};
  for (const result of results) {
    for (const [route, list] of Object.entries(result.times)) times[route] = [...(times[route] ?? []), ...list];
    for (const [fault, count] of Object.entries(result.faults)) faults[fault] = (faults[fault] ?? 0) + count;
  }
  const all = Object.values(times).flat();
  return {
    cpu: mean(results.map(({ cpu }) => cpu)), failed: sum('failed'), refused: sum('refused'), pending: sum('pending'), faults, died: most('died'),
    memory: most('memory'), p50Ms: at(all, 0.5), mostMs: at(all, 1), reportMs: at(results.flatMap(({ reports }) => reports), 1) ?? NaN,
    routes: Object.fromEntries(Object.entries(times).map(([route, list]) => [route, at(list, 0.99)])),
  };
}

const slowest = (result) => Math.max(...Object.values(result.routes));
const slowestRoute = ({ routes }) => Object.keys(routes).reduce((a, b) => (routes[a] >= routes[b] ? a : b));

function row(what, result, peace) {
  return {
    'beside': what, 'CPU s/s': result.cpu, 'honest CPU s/s': peace ? peace.cpu : NaN, 'p50 ms': result.p50Ms, 'p99 ms': slowest(result), 'of': slowestRoute(result), 'longest ms': result.mostMs,
    'honest p99 ms': peace ? slowest(peace) : NaN, 'p99 / honest p99': peace ? slowest(result) / slowest(peace) : NaN,
    'failed': result.failed, 'refused': result.refused, 'report ms': result.reportMs, 'MiB': result.memory / 1024, 'died': result.died,
  };
}

async function watchMemory(pids, seconds) {
  let most = 0;
  for (let end = Date.now() + seconds * 1000; Date.now() < end; await pause(200)) {
    try {
      most = Math.max(most, residentKiB(pids));
    } catch { /* one has died: the row says so */ }
  }
  return most;
}

// Processor seconds of one honest request, the rest of the machine being idle.
async function costOf({ stack, file, all }) {
  const before = cpuSeconds(all);
  const result = await arrive({ port: stack.port, rate: 500, seconds: 3, connections: 20, file });
  return (cpuSeconds(all) - before) / result.ok.count;
}

// A tenant with a plan of so many goals, actions and issues, and what it asks all the time.
async function makePlan(stack, name, count) {
  const tenant = new Tenant(stack, name);
  const goals = await tenant.goals(count);
  const kpi = await tenant.ask('POST', '/kpis', { name: 'Revenue', unit: 'EUR', direction: 'up', targetValue: 100 });
  for (const goal of goals.slice(0, 10)) {
    await tenant.strategies(goal, 3, 'of the plan');
    await tenant.ask('POST', `/goals/${goal.id}/kpis:link`, { kpiId: kpi.id });
  }
  await tenant.many(count, (i) => tenant.ask('POST', '/api/operations/actions', { title: `Action ${i}`, connections: { goalIds: [goals[i].id] } }));
  await tenant.many(count, (i) => tenant.ask('POST', '/api/operations/issues', { title: `Issue ${i}` }));
  return {
    token: tenant.token, report: '/reports/company',
    requests: [
      { name: 'goal', path: `/goals/${goals[0].id}` }, { name: 'goals', path: '/goals?size=20' }, { name: 'kpi', path: `/kpis/${kpi.id}` },
      { name: 'actions', path: '/api/operations/actions?size=20' }, { name: 'issues', path: '/api/operations/issues?size=20' },
      { name: 'score', path: '/performance/score' },
      { name: 'note', method: 'POST', path: `/goals/${goals[1].id}/activity`, body: { type: 'note', text: 'All is well' } },
    ],
  };
}

// Tenants that ask the same seven routes, each as often as the others.
async function makeHonest(stack) {
  const requests = [];
  for (let i = 0; i < 20; i++) {
    const plan = await makePlan(stack, `neighbour-${i}`, 20);
    requests.push(...plan.requests.map((request) => ({ ...request, token: plan.token })));
  }
  return requestFile('honest', requests.sort(() => Math.random() - 0.5));
}

async function makeAttacker(stack, scale) {
  const tenant = new Tenant(stack, 'neighbour-attacker');
  const goals = await tenant.goals(Math.max(Math.floor(20000 / scale), 200));
  const heavy = goals.slice(-Math.max(Math.floor(100 / scale), 4));
  const strategies = await tenant.many(heavy.length, (i) => tenant.strategies(heavy[i], 200, longText));
  const kpi = await tenant.ask('POST', '/kpis', { name: 'Linked everywhere', unit: '1', direction: 'up', targetValue: 100 });
  await tenant.many(Math.min(1000, goals.length), (i) => tenant.ask('POST', `/goals/${goals[i].id}/kpis:link`, { kpiId: kpi.id }));
  const actions = await tenant.many(500, (i) => tenant.ask('POST', '/api/operations/actions', {
    title: `Action ${i}`, connections: { goalIds: heavy.slice(0, 4).map(({ id }) => id) } }));
  const epoch = await epochOf(stack, tenant, goals[0]);
  return { tenant, goals, heavy, strategies, kpi, actions, epoch };
}

// Of the ids of the tenant's events. Answers do without one while the tenant's stream is busy.
async function epochOf(stack, tenant, goal) {
  for (;; await pause(500)) {
    const answer = await fetch(`${stack.url}/goals/${goal.id}`, { headers: { authorization: `Bearer ${tenant.token}` } });
    await answer.arrayBuffer();
    const id = answer.headers.get('x-last-event-id');
    if (id) return id.split('-')[0];
  }
}

// By name; each starts and answers a function that ends it.
function attacks({ stack, attacker, seconds }) {
  const { tenant, goals, heavy, strategies, kpi, actions, epoch } = attacker;
  const closed = (connections, ...requests) => async () => {
    const load = wrk({ url: stack.url, script: join(root, 'bench/attack.lua'), words: [tenant.token, ...requests], connections,
      seconds: seconds + 2, pids: {}, anyStatus: true });
    return () => load;
  };
  const json = (value) => JSON.stringify(value);
  const streams = (count, query, read) => async () => {
    const sockets = [];
    for (let i = 0; i < count; i++) {
      const socket = connect(stack.port, '127.0.0.1', () => socket.write(
        `GET /realtime/tenants/${tenant.name}?access_token=${stack.token(tenant.name, `streamer-${i % 10}`)}${query} HTTP/1.1\r\nHost: localhost\r\n\r\n`));
      socket.on('error', () => {});
      if (read) socket.resume();
      else socket.pause();
      sockets.push(socket);
    }
    return async () => sockets.forEach((socket) => socket.destroy());
  };
  const leavers = (clients, path) => async () => {
    const words = { port: stack.port, seconds: seconds + 2, token: tenant.token, path, clients, afterMs: 20 };
    const load = run_(process.execPath, [join(root, 'bench/lib/leavers.mjs'), JSON.stringify(words)]);
    return () => load;
  };
  const both = (...begins) => async () => {
    const stops = await Promise.all(begins.map((begin) => begin()));
    return () => Promise.all(stops.map((stop) => stop()));
  };
  const bodyFile = join(stack.folder, 'many-values');
  writeFileSync(bodyFile, json({ title: 'a', owner_id: 'o', metadata: Object.fromEntries(Array.from({ length: 95000 }, (_, i) => [i, 1])) }).slice(0, 1 << 20));
  const order = strategies[0].map(({ id }) => id);
  const note = (goal) => `POST /goals/${goal.id}/activity ${json({ type: 'note', text: 'Again and again' })}`;
  return {
    '8: readings of a KPI of 1,000 goals': closed(8, ...['2026-01', '2026-02'].map((period) =>
      `POST /kpis/${kpi.id}/readings ${json({ period, value: 5 })}`)),
    '8: goals of 500 actions': closed(8, `POST /api/operations/actions/goals ${json({ actionIds: actions.map(({ id }) => id) })}`),
    '8: pages of 100 large goals': closed(8, 'GET /goals?size=100'),
    '8 streams from long ago, unread': streams(8, `&lastEventId=${epoch}-0`, false),
    '2: search in 20,000 goals': closed(2, 'GET /goals?search=zz'),
    '30: searches, left after 20 ms': leavers(30, '/goals?search=zz'),
    '64: reorder of one goal': closed(64, ...[order, [...order].reverse()].map((ids) =>
      `POST /goals/${heavy[0].id}/strategies:reorder ${json({ strategyIds: ids })}`)),
    '64: bodies of 95,000 values': closed(64, `POST /goals @${bodyFile}`),
    '600: one goal': closed(600, `GET /goals/${goals[0].id}`),
    '900 streams, 32 posters': both(streams(900, '', true), closed(32, ...goals.slice(0, 20).map(note))),
    '24: reports': closed(24, 'GET /reports/company'),
    '8: small changes of a large goal': closed(8, ...['a', 'b'].map((title) => `PUT /goals/${heavy[1].id} ${json({ title })}`)),
    '64: new goals': closed(64, `POST /goals ${json({ title: 'One more', owner_id: 'o', horizon: 'year' })}`),
    '32: last pages, filtered': closed(32, 'GET /goals?size=100&page=190&status=active&sort=title'),
  };
}
