// Live updates: how soon an event is seen, what ten thousand listeners cost, and what requests cost
// meanwhile, next to nginx with nchan.
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSeconds, residentKiB } from '../lib/cpu.mjs';
import { Listeners, nowUs, startNchan } from '../lib/listeners.mjs';
import { alternate, median, wrk } from '../lib/load.mjs';
import { childrenOf, root } from '../lib/stack.mjs';

export const name = 'streams';
export const about = 'live updates, next to nginx with nchan (2 workers)';

const many = 10000;
const events = 20; // of one measurement
const text = `@@@@ ${'Revenue is on its way. '.repeat(12)}`;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

// Answers when it was sent and answered, and the body.
function post(url, path, body, headers) {
  return new Promise((done, fail) => {
    const bytes = typeof body === 'string' ? body : JSON.stringify(body);
    const sentUs = nowUs();
    const one = request(url + path, { method: 'POST', agent, headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(bytes), ...headers } }, (answer) => {
      let got = '';
      answer.on('data', (part) => { got += part; }).on('end', () => (answer.statusCode < 300
        ? done({ sentUs, answeredUs: nowUs(), body: got }) : fail(new Error(`${path}: ${answer.statusCode} ${got}`))));
    });
    one.on('error', fail);
    one.end(bytes);
  });
}

const row = (measure, ours, against, theirs, goal) => ({ measure, Traction: ours, 'compared with': against, that: theirs, ratio: ours / theirs, goal });

const bearer = (token) => ({ Authorization: `Bearer ${token}` });

async function newGoal(stack, tenant) {
  const token = stack.token(tenant);
  const { body } = await post(stack.url, '/goals', { title: 'g', horizon: 'year', ownerId: 'o' }, bearer(token));
  return { id: JSON.parse(body).data.id, token, tenant };
}

// So many streams of one goal; a user may have a hundred.
function openStreams(stack, goal, count) {
  const targets = Array.from({ length: Math.ceil(count / 90) }, (_, i) => ({
    path: `/realtime/goals/${goal.id}/activity`, header: `Authorization: Bearer ${stack.token(goal.tenant, `listener-${i}`)}` }));
  return Listeners.open({ port: stack.port, count, targets });
}

// Medians of: POST sent to answered, to the first listener, to the last; CPU for each delivery.
async function broadcast({ listeners, count, publish, pids }) {
  const samples = [];
  await publish(); // a first one, not counted
  await sleep(300);
  const before = cpuSeconds(pids);
  for (let i = 0; i < events; i++) {
    const next = listeners.next();
    const { sentUs, answeredUs } = await publish();
    const { firstUs, lastUs } = await next;
    samples.push({ answered: answeredUs - sentUs, first: firstUs - sentUs, last: lastUs - sentUs, spread: lastUs - firstUs });
    await sleep(50);
  }
  await sleep(200);
  const of = (what) => median(samples.map((sample) => sample[what])) / 1000;
  return { answered: of('answered'), first: of('first'), last: of('last'), spread: of('spread'), cpuUs: ((cpuSeconds(pids) - before) * 1e6) / (events * count) };
}

// The answer of a POST and the sight of its event, with so many streams open elsewhere.
async function latency(stack, rounds, elsewhere) {
  const goal = await newGoal(stack, 'streams-latency');
  const others = elsewhere ? await openStreams(stack, await newGoal(stack, 'streams-latency'), elsewhere) : null;
  const listeners = await openStreams(stack, goal, 1);
  const results = [];
  for (let round = 0; round < rounds; round++) {
    results.push(await broadcast({ listeners, count: 1, pids: [],
      publish: () => post(stack.url, `/goals/${goal.id}/activity`, { type: 'note', text }, bearer(goal.token)) }));
  }
  listeners.close();
  others?.close();
  const of = (what) => median(results.map((result) => result[what]));
  return row(`POST sent to event seen, ${elsewhere} streams elsewhere, ms`, of('first'), 'POST sent to answered', of('answered'), elsewhere ? '<= 3' : '<= 2.5');
}

async function crowd({ stack, rounds, own, peer }) {
  const goal = await newGoal(stack, 'streams-crowd');
  const ours = { pids: [...own.gateway, ...own.services], open: () => openStreams(stack, goal, many),
    publish: () => post(stack.url, `/goals/${goal.id}/activity`, { type: 'note', text }, bearer(goal.token)) };
  const example = JSON.stringify({ type: 'activity.created', goalId: goal.id, activity: JSON.parse((await ours.publish()).body).data });
  const theirs = { pids: [peer.child.pid], open: () => Listeners.open({ port: peer.port, count: many, targets: [{ path: '/sub' }] }),
    publish: () => post(peer.url, '/pub', example, { 'Content-Type': 'text/plain' }) };
  const sides = { Traction: ours, 'nginx + nchan': theirs };
  const results = { Traction: [], 'nginx + nchan': [] };
  for (let round = 0; round < rounds; round++) {
    for (const [side, { pids, open, publish }] of Object.entries(sides)) {
      const all = () => (side === 'Traction' ? pids : [...pids, ...childrenOf(pids[0])]);
      const idle = residentKiB(all());
      const listeners = await open();
      await sleep(1000);
      const memory = (residentKiB(all()) - idle) * 1024 / many;
      const result = await broadcast({ listeners, count: many, publish, pids });
      results[side].push({ ...result, memory: round === 0 ? memory : NaN });
      listeners.close();
      await sleep(1500);
    }
  }
  const of = (side, what) => median(results[side].map((result) => result[what]));
  const memory = (side) => results[side][0].memory;
  const compare = (measure, what, goal) => row(`one event to ${many} streams, ${measure}`, of('Traction', what), 'nginx + nchan', of('nginx + nchan', what), goal);
  return [
    compare('sent to last delivery, ms', 'last', '<= 0.85'), compare('first to last delivery, ms', 'spread', ''),
    compare('CPU us per delivery', 'cpuUs', '<= 0.7'),
    row('bytes per idle stream', memory('Traction'), 'nginx + nchan', memory('nginx + nchan'), '<= 0.1'),
  ];
}

async function requests({ stack, rounds, seconds, own }) {
  await stack.seed('bench/seed.sql');
  const goal = await newGoal(stack, 'streams-beside');
  const tokens = Array.from({ length: 10 }, (_, t) => stack.token(`bench-${t}`));
  const load = () => wrk({ url: stack.url, script: join(root, 'bench/goals.lua'), words: ['one', ...tokens], connections: 32, seconds, pids: own });
  let listeners;
  const sides = {
    'none open': async () => {
      listeners?.close();
      await sleep(1500);
      return load();
    },
    [`${many} open`]: async () => {
      listeners = await openStreams(stack, goal, many);
      await sleep(500);
      return load();
    },
  };
  const summary = await alternate(sides, rounds);
  listeners.close();
  const [none, open] = Object.values(summary);
  return [
    row(`GET one goal, ${many} streams open, requests/s`, open.rate, 'none open', none.rate, '>= 0.9'),
    row('the same, gateway CPU us per request', open.cpuMs.gateway * 1000, 'none open', none.cpuMs.gateway * 1000, ''),
  ];
}

export async function run({ stack, rounds, seconds }) {
  const own = stack.pids();
  const peer = await startNchan(stack, 2);
  const rows = [];
  for (const elsewhere of [0, 1000]) rows.push(await latency(stack, rounds, elsewhere));
  console.log('  latency: done');
  rows.push(...await crowd({ stack, rounds, own, peer }));
  console.log('  crowd: done');
  rows.push(...await requests({ stack, rounds, seconds, own }));
  return rows;
}
