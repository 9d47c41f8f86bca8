// `./traction rolling`: reads the command line, makes a stack and its load, replaces every process in
// every round, and says what the clients saw of it.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { Stack } from '../chaos/stack.mjs';
import { Client, Tally, Watcher } from './load.mjs';
import { makeWork, prepare } from './work.mjs';

const traction = fileURLToPath(new URL('../../traction', import.meta.url));
const { values } = parseArgs({ options: {
  rounds: { type: 'string', default: '5' }, kill: { type: 'boolean', default: false }, programs: { type: 'string', multiple: true },
  clients: { type: 'string', default: '24' }, pause: { type: 'string', default: '100' }, think: { type: 'string', default: '3000' }, reports: { type: 'boolean', default: false },
} });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || !(values.clients >= 6) || !values.programs) {
  console.error('usage: traction rolling [--rounds N] [--kill] [--clients N] [--pause MS between the requests of one] [--think MS of the slow ones] [--reports]');
  process.exit(2);
}
const again = values.kill;
const tenant = 'rolling';

async function until(what, milliseconds, wanted) {
  const deadline = Date.now() + milliseconds;
  while (!await wanted()) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${milliseconds / 1000} s`);
    await sleep(20);
  }
}

const admin = async (port, path) => fetch(`http://127.0.0.1:${port}${path}`).then((answer) => answer.text(), () => '');

async function killOne(stack, name) {
  const old = stack.pid(name);
  process.kill(old, 'SIGKILL');
  await until(`${name} starts again`, 60000, () => ![old, undefined].includes(stack.pid(name)));
  await until(`${name} is ready`, 60000, async () => (await admin(stack.adminPort(name), '/readyz')).startsWith('ready'));
  await until(`all have found ${name}`, 60000, async () => {
    const [program] = name.split(/-(?=\d)/);
    const said = await Promise.all(stack.names().map((one) => admin(stack.adminPort(one), '/metrics')));
    return said.every((text) => !text.includes(`traction_bus_replicas{service="${program}"}`) || text.includes(`traction_bus_replicas{service="${program}"} 2`));
  });
}

async function replaceAll(stack, cuts) {
  if (!values.kill) {
    await promisify(execFile)(traction, ['restart', '--data', stack.data]);
    return;
  }
  for (const name of stack.names()) {
    const before = cuts();
    await killOne(stack, name);
    if (!name.startsWith('gateway') && cuts() > before) throw new Error(`a connection broke when ${name} was killed`);
  }
}

const stack = await Stack.start(values.programs, {}, ['--replicas', '2']);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stack.stop().then(() => process.exit(130)));
const tally = new Tally();
const written = [];
const url = (i) => `http://127.0.0.1:${stack.port + (i % 2)}`;
let problems = [];
let working = [];
try {
  const scene = await prepare(stack, tenant);
  const work = makeWork(scene, written);
  const count = Number(values.clients);
  // Pauses from nearly none to long ones: those are what closing a silent connection might hit.
  const clients = Array.from({ length: count }, (_, number) => new Client({ number, tally, again, url: url(number >> 1), token: stack.token(tenant, `user-${number}`),
    pauseMs: number >= count - 4 ? Number(values.think) : (Number(values.pause) * 2 * (number % 8 + 1)) / 8 }));
  const watchers = Array.from({ length: 8 }, (_, number) => new Watcher({ url: url(number), token: stack.token(tenant, `watcher-${number}`),
    path: number < 4 ? `/realtime/tenants/${tenant}` : `/realtime/goals/${scene.goals[number % 4]}/activity` }));
  const reporter = new Client({ number: 1000, tally, again, url: url(0), token: stack.token(tenant, 'reporter'), pauseMs: 8000 });
  working = [...clients, ...watchers, reporter];
  for (const one of watchers) one.start();
  await until('streams are open', 20000, () => watchers.every(({ opened }) => opened > 0));
  for (const one of clients) one.start(work);
  if (values.reports) reporter.start((one) => one.ask('GET', '/reports/company'));
  const began = Date.now();
  for (let round = 1; round <= rounds; round += 1) {
    const start = Date.now();
    const before = tally.requests;
    const known = tally.failures.length;
    tally.slowest = 0;
    await replaceAll(stack, () => tally.cuts);
    console.log(`round ${round}: all ${values.kill ? 'killed' : 'restarted'} in ${((Date.now() - start) / 1000).toFixed(1)} s, ${tally.requests - before} requests, slowest ${tally.slowest} ms, ${
      tally.failures.length} failures${again ? `, ${tally.cuts} sent again` : ''}`);
    for (const failure of tally.failures.slice(known, known + 5)) console.log(`  ${failure}`);
  }
  const seconds = (Date.now() - began) / 1000;
  await Promise.all(clients.map((client) => client.stop()));
  await reporter.stop();
  const whole = watchers.filter(({ path }) => path.includes('/tenants/')); // those see everything
  const missing = () => whole.reduce((sum, { texts }) => sum + written.filter((text) => !texts.has(text)).length, 0);
  await until('everything is told', 30000, () => missing() === 0).catch(() => {});
  const lost = missing();
  const sum = (key) => watchers.reduce((total, watcher) => total + watcher[key], 0);
  problems = [...watchers.flatMap((watcher) => watcher.problems), ...stack.complaints()];
  if (lost || sum('repeated')) problems.push(`${lost} events lost, ${sum('repeated')} repeated`);
  if (watchers.some(({ opened }) => opened < 2)) problems.push('a stream was never cut: nothing was proved');
  if (tally.failures.length) problems.push(`${tally.failures.length} requests failed`);
  console.log(`${rounds} rounds in ${Math.round(seconds)} s: ${tally.requests} requests, ${tally.failures.length} failed${again ? `, ${tally.cuts} cut off by a killed gateway and sent again` : ''}; ${
    sum('events')} events to ${watchers.length} streams over ${sum('opened')} connections, ${lost} lost, ${sum('repeated')} repeated`);
  for (const problem of problems.slice(0, 20)) console.log(`  ${problem}`);
} catch (error) {
  problems.push(error.stack);
  console.log(error.stack, error.stdout ?? '', error.stderr ?? '');
} finally {
  await Promise.all(working.map((one) => Promise.race([one.stop(), sleep(5000)])));
  await stack.stop();
}
console.log(problems.length ? 'it was noticed' : 'nobody noticed');
process.exit(problems.length ? 1 : 0);
