// `./traction soak`: reads the command line, makes a stack and its load, looks at every process now and then, and says
// whether everything stayed flat.
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { Stack } from '../chaos/stack.mjs';
import { Client, Tally, Watcher } from '../rolling/load.mjs';
import { makeWork, prepare } from '../rolling/work.mjs';
import { Meter, bounds, growthOf } from './measure.mjs';

const usage = 'usage: traction soak [--hours H] [--every SECONDS between looks] [--clients N] [--streams N] [--programs DIR]';
let values;
try {
  ({ values } = parseArgs({ options: {
    hours: { type: 'string', default: '1' }, every: { type: 'string', default: '60' }, clients: { type: 'string', default: '12' }, streams: { type: 'string', default: '16' }, programs: { type: 'string', multiple: true },
  } }));
} catch (error) {
  console.error(`${error.message}\n${usage}`);
  process.exit(2);
}
const [hours, every, count, streams] = [values.hours, values.every, values.clients, values.streams].map(Number);
if (!(hours > 0 && hours <= 1000 && every >= 1 && every <= 3600 && Number.isInteger(count) && count >= 2 && count <= 200 && Number.isInteger(streams) && streams >= 2 && streams <= 500) || !values.programs) {
  console.error(usage);
  process.exit(2);
}
if ((hours * 3600) / every < 8) {
  console.error(`${hours} hours have too few looks of ${every} seconds to tell whether anything grows; it takes 8`);
  process.exit(2);
}

// A tenant after the other: work moves to the next one, and the one before is erased, so that what there is stays about
// the same. Streams are opened and closed all the time.
class Load {
  constructor(stack) {
    Object.assign(this, { stack, tally: new Tally(), tenants: 0, opened: 0, erased: 0, problems: [] });
    this.watchers = [];
    this.clients = Array.from({ length: count }, (_, number) => new Client({ number, url: stack.url, tally: this.tally, pauseMs: 100 }));
    this.reporter = new Client({ number: 1000, url: stack.url, tally: this.tally, pauseMs: 30000 });
  }

  async move() {
    const tenant = `soak-${this.tenants}`;
    this.scene = await prepare(this.stack, tenant);
    this.tenant = tenant;
    this.tenants += 1;
    const work = makeWork(this.scene, []);
    this.work = work;
    for (const client of [...this.clients, this.reporter]) client.token = this.stack.token(tenant, `user-${client.number}`);
    await Promise.all(this.watchers.splice(0).map((watcher) => this.close(watcher)));
    for (let i = 0; i < streams; i += 1) this.open();
  }

  open() {
    const path = this.opened % 2 ? `/realtime/tenants/${this.tenant}` : `/realtime/goals/${this.scene.goals[this.opened % 4]}/activity`;
    const watcher = new Watcher({ url: this.stack.url, token: this.stack.token(this.tenant, `watcher-${this.opened % 50}`), path });
    this.opened += 1;
    watcher.start();
    this.watchers.push(watcher);
  }

  async close(watcher) {
    watcher.pause = 0;
    await watcher.stop();
    this.problems.push(...watcher.problems);
    if (watcher.repeated) this.problems.push(`${watcher.repeated} events were repeated`);
  }

  async start() {
    await this.move();
    for (const client of this.clients) client.start((one, i) => this.work(one, i));
    this.reporter.start((one) => one.ask('GET', `/reports/company?format=${Math.random() < 0.5 ? 'pdf' : 'docx'}`));
    this.churning = this.repeat(250, async () => {
      const [oldest] = this.watchers.splice(0, 1);
      if (oldest) await this.close(oldest);
      this.open();
    });
    this.moving = this.repeat(Math.min(every, 20) * 1000, async () => {
      const before = this.tenant;
      await this.move();
      await sleep(2000); // what was under way
      await promisify(execFile)(this.stack.command, ['tenant', 'erase', before, '--yes', '--data', this.stack.data]);
      this.erased += 1;
    });
  }

  async repeat(milliseconds, step) {
    while (!this.stopped) {
      for (let left = milliseconds; left > 0 && !this.stopped; left -= 250) await sleep(Math.min(left, 250));
      if (!this.stopped) await step().catch((error) => this.problems.push(error.message.trim().split('\n').at(-1)));
    }
  }

  async stop() {
    this.stopped = true;
    await Promise.all([this.churning, this.moving, ...this.clients.map((client) => client.stop()), Promise.race([this.reporter.stop(), sleep(1000)])]);
    await Promise.all(this.watchers.splice(0).map((watcher) => this.close(watcher)));
  }
}

const say = (value, { scale, unit }) => (value === undefined ? '-' : `${(value / scale).toFixed(scale === 1 ? 0 : 1)}${unit && ` ${unit}`}`);
const stack = await Stack.start(values.programs, { TRACTION_EVENTS_KEEP_DAYS: '0', TRACTION_STREAM_KEEP_EVENTS: '1000' });
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stack.stop().then(() => process.exit(130)));
const rows = new Map(); // 'svc-goals memory' -> [[seconds, value]]
const load = new Load(stack);
const meter = new Meter(stack);
let problems = [];
try {
  await load.start();
  const began = Date.now();
  for (let number = 1; number * every <= hours * 3600; number += 1) {
    const { requests } = load.tally;
    await sleep(Math.max(0, began + number * every * 1000 - Date.now()));
    const looks = await meter.look();
    const seconds = (Date.now() - began) / 1000;
    console.log(`${(seconds / 60).toFixed(1)} min: ${load.tally.requests - requests} requests, ${load.tally.failures.length} failed so far; tenant ${load.tenants}, ${load.opened} streams opened; database ${say(looks.get('disk').database, bounds.database)}`);
    for (const [name, look] of looks) {
      for (const [what, value] of Object.entries(look)) {
        const key = `${name} ${what}`;
        if (!rows.has(key)) rows.set(key, []);
        rows.get(key).push([seconds, value]);
      }
      if (name !== 'disk') console.log(`  ${name.padEnd(15)} ${say(look.memory, bounds.memory).padStart(10)} ${String(look.descriptors).padStart(5)} descriptors${name === 'postgresql' ? '' : `   p99 ${say(look.p99, bounds.p99)}`}`);
    }
  }
  await load.stop();
  for (const [key, row] of rows) {
    if (key.startsWith('postgresql ') && hours < 0.5) continue; // its backends fill their caches for the first minutes
    const bound = bounds[key.split(' ')[1]];
    const found = growthOf(row, bound);
    if (found?.growth > found?.allowed) problems.push(`not flat: ${key} grew by ${say(found.growth, bound)} in the last two thirds, from ${say(row.find(([, value]) => value !== undefined)[1], bound)} at first; at most ${say(found.allowed, bound)} is flat`);
  }
  if (rows.size < 7 * 2 || load.erased < 2 || load.tally.requests < 100) problems.push(`too little happened: ${load.tally.requests} requests, ${load.erased} tenants erased`);
  for (const name of meter.restarted) problems.push(`${name} was restarted`);
  if (load.tally.failures.length) problems.push(`${load.tally.failures.length} requests failed`, ...load.tally.failures.slice(0, 10));
  problems.push(...new Set(load.problems), ...stack.complaints());
  console.log(`${hours} hours: ${load.tally.requests} requests, ${load.tally.failures.length} failed; ${load.opened} streams; ${load.erased} tenants made and erased`);
} catch (error) {
  problems.push(error.stack);
} finally {
  await Promise.race([load.stop().catch(() => {}), sleep(15000)]);
  await stack.stop();
}
for (const problem of problems) console.log(problem);
console.log(problems.length ? 'it did not stay flat' : 'everything stayed flat');
process.exit(problems.length ? 1 : 0);
