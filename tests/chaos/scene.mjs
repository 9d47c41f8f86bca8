// One run: a stack, tenants with goals and KPIs, writers, listeners and the nemesis for a while;
// then everything heals, what is under way comes to its end, and the verdict is given.
import { setTimeout as sleep } from 'node:timers/promises';
import { check } from './check.mjs';
import { Listener, Seen } from './listeners.mjs';
import { Nemesis } from './nemesis.mjs';
import { Random } from './random.mjs';
import { Readers } from './readers.mjs';
import { Stack } from './stack.mjs';
import { Http, Journal, Writer } from './writers.mjs';

function must(answer, what) {
  if (answer.status >= 300 || answer.status === 0) throw new Error(`${what}: ${answer.status} ${answer.error ?? ''}`);
  return answer;
}

export async function makeTenant(stack, name, owners, shared) {
  const http = new Http(stack.url, stack.token(name, 'founder'));
  const goals = [];
  for (let i = 0; i < owners + shared; i += 1) {
    goals.push({ ...must(await http.settle('POST', '/goals', { title: `goal ${i}`, horizon: 'year', ownerId: 'o' }, { 'Idempotency-Key': `${name}-goal-${i}` }), 'a goal').data, version: 1 });
  }
  const kpis = [];
  for (let i = 0; i < owners; i += 1) {
    const kpi = must(await http.settle('POST', '/kpis', { name: `KPI ${i}`, direction: 'up' }, { 'Idempotency-Key': `${name}-kpi-${i}` }), 'a KPI').data;
    const linked = [goals[i], goals[owners + (i % shared)]];
    for (const goal of linked) {
      must(await http.settle('POST', `/goals/${goal.id}/kpis:link`, { kpiId: kpi.id, threshold_pct: 50 }, { 'Idempotency-Key': `${goal.id}-${kpi.id}` }), 'a link');
    }
    kpis.push({ id: kpi.id, goalIds: linked.map(({ id }) => id) });
  }
  let cursor;
  for (let i = 0; i < 100 && !cursor; i += 1) {
    await sleep(100);
    cursor = (await http.settle('GET', `/goals/${goals[0].id}`)).headers['x-last-event-id'];
  }
  return { name, http, goals, kpis, cursor, from: Number(cursor.split('-')[1]), seen: new Seen(name) };
}

// Versions as the goal's owner knows them: linking may have counted.
export async function readVersions({ http, goals }) {
  for (const goal of goals) {
    const answer = must(await http.settle('GET', `/goals/${goal.id}`), 'a goal');
    goal.version = Number(/"(\d+)-/.exec(answer.headers.etag)[1]);
  }
}

// All events have a place in their tenant's stream.
export async function pathIsEmpty(stack) {
  try {
    return stack.psql(`SELECT (SELECT count(*) FROM goals.outbox) + (SELECT count(*) FROM kpis.outbox) + (SELECT count(*) FROM operations.outbox)
      + (SELECT coalesce(max(pos), 0) FROM goals.event_log) - (SELECT pos FROM realtime.consumed WHERE source = 'svc-goals')
      + (SELECT coalesce(max(pos), 0) FROM kpis.event_log) - (SELECT pos FROM realtime.consumed WHERE source = 'svc-kpis')
      + (SELECT coalesce(max(pos), 0) FROM operations.event_log) - (SELECT pos FROM realtime.consumed WHERE source = 'svc-operations')`) === '0';
  } catch {
    return false;
  }
}

// Goals that were answered from memory by the processes that run now, each since it was started.
async function answeredFromMemory(stack) {
  const counts = await Promise.all(stack.names().filter((name) => name.startsWith('svc-goals')).map(async (name) => {
    const text = await fetch(`http://127.0.0.1:${stack.adminPort(name)}/metrics`).then((answer) => answer.text());
    return Number(/^traction_goal_cache_hits_total (.*)$/m.exec(text)[1]);
  }));
  return counts.reduce((sum, count) => sum + count, 0);
}

export async function within(milliseconds, wanted) {
  const deadline = Date.now() + milliseconds;
  while (!await wanted() && Date.now() < deadline) await sleep(200);
}

export function hasAll(listener, tenant) {
  const last = listener.places.at(-1) ?? listener.from;
  if (!listener.goalId) return last >= tenant.head;
  for (let place = tenant.head; place > last; place -= 1) {
    const event = tenant.seen.events.get(place);
    if (!event || (event.data.goalId === listener.goalId && !/^(goal|strategy)\./.test(event.type))) return false;
  }
  return true;
}

export async function play({ seed, minutes, folders, environment, writers = 12, clients = 200, writePauseMs = 100, replicas = 1, nemesis = {}, prepare,
  stackOf = Stack, nemesisOf = ({ stack }) => new Nemesis(stack, seed, nemesis), // one with `finished` says how long it takes
  settleMs = 45000, // within which everything is told once the faults are over
  say = console.log }) {
  // Logs are shortened all the time: what a consumer has not stored may not be among what is deleted.
  const stack = await stackOf.start(folders, { TRACTION_EVENTS_KEEP_DAYS: '0', TRACTION_GOAL_CACHE_BYTES: String(64 << 20), ...environment }, ['--replicas', String(replicas)]);
  const result = { seed, minutes };
  let working = [];
  try {
    await prepare?.(stack);
    const tenants = [];
    for (let i = 0; i < 4; i += 1) tenants.push(await makeTenant(stack, `chaos-${i}`, writers / 4, 2));
    for (const tenant of tenants) await readVersions(tenant);
    const journal = new Journal();
    const random = new Random(seed, 'scene');
    const listeners = Array.from({ length: clients }, (_, number) => {
      const tenant = tenants[number % tenants.length];
      const goal = number % 25 < 4 ? null : random.pick(tenant.goals);
      const headers = { Authorization: `Bearer ${stack.token(tenant.name, `listener-${number}`)}` };
      return new Listener({ number, seed, url: stack.url, headers, cursor: tenant.cursor, seen: tenant.seen, goalId: goal?.id,
        path: goal ? `/realtime/goals/${goal.id}/activity` : `/realtime/tenants/${tenant.name}` });
    });
    const authors = Array.from({ length: writers }, (_, number) => {
      const tenant = tenants[number % tenants.length];
      const own = Math.floor(number / tenants.length);
      const http = new Http(stack.url, stack.token(tenant.name, `writer-${number}`));
      return new Writer({ number, seed, http, tenant: tenant.name, journal, pauseMs: writePauseMs,
        goals: [tenant.goals[own], ...tenant.goals.slice(writers / 4)], kpi: tenant.kpis[own] });
    });
    const gateways = Array.from({ length: replicas }, (_, i) => `http://127.0.0.1:${stack.port + i}`);
    const readers = new Readers({ journal, https: new Map(tenants.map(({ name }) => [name, gateways.map((url) => new Http(url, stack.token(name, 'reader')))])) });
    const fate = nemesisOf({ stack, journal, authors });
    working = [...authors, ...listeners, readers, fate];
    for (const one of working) one.start();
    await fate.finished?.();
    for (let left = fate.finished ? 0 : minutes * 60; left > 0; left -= 30) {
      await sleep(Math.min(left, 30) * 1000);
      say(`  ${Math.round(minutes * 60 - Math.max(0, left - 30))} s: ${fate.count} faults, ${journal.writes.filter(({ acknowledged }) => acknowledged).length} writes acknowledged`);
    }
    for (const listener of listeners) listener.steady = true;
    await fate.stop();
    const healed = Date.now();
    const seconds = () => Math.round((Date.now() - healed) / 100) / 10;
    await stack.ready();
    result.readyAfter = seconds();
    await Promise.all(authors.map((author) => author.stop()));
    result.writtenAfter = seconds();
    await within(settleMs, () => pathIsEmpty(stack));
    for (const tenant of tenants) tenant.head = Number(stack.psql(`SELECT head FROM realtime.heads WHERE tenant_id = '${tenant.name}'`));
    await within(settleMs, () => listeners.every((listener) => hasAll(listener, tenants[listener.number % tenants.length])));
    result.toldAfter = seconds();
    await Promise.all(listeners.map((listener) => listener.stop()));
    result.verdict = await check({ tenants, listeners, journal });
    for (const complaint of stack.complaints()) result.verdict.note('wrong', complaint);
    result.verdict.counts.stale = readers.stale;
    result.verdict.samples.push(...readers.samples);
    Object.assign(result, {
      reads: readers.reads, soonReads: readers.soon, fromMemory: await answeredFromMemory(stack),
      faults: fate.done, faultCount: fate.count,
      acknowledged: journal.writes.filter(({ acknowledged }) => acknowledged).length,
      repeatedRequests: journal.writes.filter(({ attempts }) => attempts > 1).length,
      delivered: listeners.reduce((sum, { places }) => sum + places.length, 0),
      connections: listeners.reduce((sum, { connections }) => sum + connections, 0),
      listeners: listeners.length,
      pruned: Number(stack.psql('SELECT g.pos + k.pos + o.pos - 3 FROM goals.log_begin g, kpis.log_begin k, operations.log_begin o')),
    });
    return result;
  } finally {
    await Promise.all(working.map((one) => Promise.race([one.stop(), sleep(15000)])));
    await stack.stop();
  }
}

export function report({ seed, minutes, verdict, readyAfter, writtenAfter, toldAfter, faults, faultCount, acknowledged, repeatedRequests, delivered, connections, listeners, pruned, reads, soonReads, fromMemory }, say = console.log) {
  const { counts } = verdict;
  say(`seed ${seed}${minutes ? `, ${minutes} minutes` : ''}`);
  say(`faults: ${faultCount} (${[...faults].sort().map(([name, count]) => `${name} ${count}`).join(', ')})`);
  say(`writes: ${acknowledged} acknowledged, ${repeatedRequests} of them sent again because nobody knew, ${counts.lostWrites} lost`);
  say(`events: ${delivered} delivered to ${listeners} clients over ${connections} connections: ${counts.lost} lost, ${counts.repeated} repeated, ${
    counts.disordered} out of order, ${counts.foreign} of others; ${counts.wrong} things wrong`);
  say(`reads: ${reads} of goals that had just been changed, ${soonReads} of them begun within 5 ms of the acknowledgement: ${counts.stale} stale; ${fromMemory} goals answered from memory since the last restarts`);
  say(`logs: ${pruned} events deleted meanwhile`);
  say(`after the last fault: ready in ${readyAfter} s, the last write answered in ${writtenAfter} s, everything told in ${toldAfter} s`);
  for (const sample of verdict.samples) say(`  ${sample}`);
}
