// Three times as many requests as can be served: how many are served still, how soon the others hear
// that they are not, what memory it takes, and how soon all is as before.
import { setTimeout as sleep } from 'node:timers/promises';
import { arrive, requestFile } from '../lib/arrivals.mjs';
import { residentKiB } from '../lib/cpu.mjs';
import { median } from '../lib/load.mjs';

export const name = 'overload';
export const about = 'pages of 20 goals, three times as many as can be served';

export async function run({ stack, rounds, seconds }) {
  await stack.seed('bench/seed.sql');
  const requests = Array.from({ length: 50 }, (_, i) => ({ path: `/goals?size=20&page=${1 + (i % 5)}`, token: stack.token(`bench-${i % 10}`) }));
  const load = { port: stack.port, seconds, file: requestFile('pages', requests) };
  const pids = Object.values(stack.pids()).flatMap((ids, i) => (i < 2 ? ids : [])); // without PostgreSQL
  const samples = [];
  await arrive({ ...load, connections: 64 }); // warms up
  for (let round = 0; round < rounds; round++) {
    samples.push(await once({ load, pids }));
    console.log(`  round ${round + 1}: done`);
  }
  const middle = (read) => median(samples.map(read));
  const row = (measure, value, goal) => ({ measure, value, goal });
  return [
    row('the most that is served, requests/s', middle((one) => one.peak), '-'),
    row('offered, times the most', middle((one) => one.offered), '3'),
    row('served of the most', middle((one) => one.goodput), '>= 0.85'),
    row('served, p99 ms', middle((one) => one.servedP99Ms), '-'),
    row('refused with 503, share of all', middle((one) => one.refused), '-'),
    row('refusals, p99 ms', middle((one) => one.refusedP99Ms), '<= 20'),
    row('refusals without Retry-After', middle((one) => one.withoutRetryAfter), '0'),
    row('neither served nor refused, share', middle((one) => one.lost), '0'),
    row('memory, last third / second third', middle((one) => one.memory), '<= 1.05'),
    row('seconds until p99 is as before', middle((one) => one.calmAfter), '<= 5'),
  ];
}

async function once({ load, pids }) {
  const most = await arrive({ ...load, connections: 64 });
  const peak = most.ok.count / load.seconds;
  const light = { ...load, rate: peak / 2, connections: 64, seconds: 1 };
  const before = await arrive(light);
  const offered = 3 * peak;
  const storm = arrive({ ...load, rate: offered, connections: 3000, seconds: load.seconds * 2 });
  const memory = await watchMemory(pids, load.seconds * 2);
  const result = await storm;
  return {
    peak, offered: (result.sent + result.unsent) / (load.seconds * 2) / peak, goodput: result.ok.count / (load.seconds * 2) / peak,
    servedP99Ms: result.ok.p99Ms, refused: result.refused.count / (result.sent + result.unsent), refusedP99Ms: result.refused.p99Ms,
    withoutRetryAfter: result.withoutRetryAfter, lost: (result.unsent + result.failed + result.others) / (result.sent + result.unsent),
    memory, calmAfter: await calm(light, before),
  };
}

// Of `seconds`: the median of the last third next to that of the second, once queues are as long as
// they may be. A single look says little: buffers of answers come and go.
async function watchMemory(pids, seconds) {
  const samples = [];
  for (let end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100)) samples.push(residentKiB(pids));
  const third = Math.floor(samples.length / 3);
  return median(samples.slice(2 * third)) / median(samples.slice(third, 2 * third));
}

// Seconds until a second of ordinary load is served as it was before, 10 at the most.
async function calm(light, before) {
  for (let second = 1; second < 10; second++) {
    const now = await arrive(light);
    if (now.refused.count === 0 && now.failed === 0 && now.ok.p99Ms <= Math.max(2 * before.ok.p99Ms, before.ok.p99Ms + 10)) return second;
  }
  return 10;
}
