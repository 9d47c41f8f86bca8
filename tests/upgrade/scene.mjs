// One upgrade: a stack of release 1.0.0 with a company in it, and people at work; then the migration and
// every process replaced, so that each program of the old release has worked with each of the new, both
// ways; then the verdict.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { check } from '../chaos/check.mjs';
import { hasAll, makeTenant, pathIsEmpty, readVersions, within } from '../chaos/scene.mjs';
import { Journal, Writer } from '../chaos/writers.mjs';
import { Company } from './company.mjs';
import { changes } from './changes.mjs';
import { Reader, Repeater, StrictHttp, Told, Watcher, reportProblem } from './load.mjs';
import { compare, describe, leavesOf, readCompany, unexpected } from './reading.mjs';
import { UpgradedStack, programOf } from './stack.mjs';

const command = fileURLToPath(new URL('../../traction', import.meta.url)); // the present's

export class Problems {
  requests = 0;
  slowest = 0; // ms
  counts = {};
  samples = [];

  note(kind, text) {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    if (this.counts[kind] <= 20) this.samples.push(`${kind}: ${text}`);
  }

  get none() {
    return Object.keys(this.counts).length === 0;
  }
}

export class Upgrade {
  constructor(stack, problems, say) {
    Object.assign(this, { stack, problems, say, working: [] });
    this.used = new Set(); // changes that were met
  }

  http(number, tenant, user) {
    return new StrictHttp(this.stack.urls()[number % 2], this.stack.token(tenant, user), this.problems);
  }

  https(tenant, user) {
    return [this.http(0, tenant, user), this.http(1, tenant, user)];
  }

  async prepare() {
    this.stack.noteVersions('old');
    this.company = await new Company({ tenant: 'kept', http: this.http(0, 'kept', 'ann') }).fill();
    await this.http(0, 'small', 'ann').ask('POST', '/goals', { title: 'Small', horizon: 'year', owner_id: 'ann' });
    this.tenants = [];
    for (const name of ['busy-0', 'busy-1']) {
      const tenant = await makeTenant(this.stack, name, 2, 2);
      await readVersions(tenant);
      const repeated = (await tenant.http.settle('POST', '/kpis', { name: 'Repeated', direction: 'up' })).data;
      this.tenants.push(Object.assign(tenant, { repeated, http: this.http(0, name, 'founder'), seen: new Told(name) }));
    }
    await this.http(0, 'kept', 'bob').ask('GET', '/goals/stats'); // whose name is then known
    await within(20000, () => this.settled());
    await this.replay('before the upgrade');
    this.before = await readCompany(this.company, this.http(0, 'kept', 'ann'));
  }

  // Everything that was written is told, and the figures stand still.
  async settled() {
    if (!await pathIsEmpty(this.stack)) return false;
    const http = this.http(0, 'kept', 'ann');
    const figures = async () => JSON.stringify(await Promise.all(['/goals/stats', '/performance/score', '/team/alignment', '/activity/recent?size=50'].map(async (path) => [...leavesOf(await http.ask('GET', path))])));
    const first = await figures();
    await sleep(1500);
    return first === await figures();
  }

  work() {
    const { stack, problems } = this;
    const url = (number) => stack.urls()[number % 2];
    this.journal = new Journal();
    this.writers = Array.from({ length: 4 }, (_, number) => {
      const tenant = this.tenants[number % 2];
      const own = number >> 1;
      return new Writer({ number, seed: 1, http: this.http(own, tenant.name, `writer-${number}`), tenant: tenant.name, journal: this.journal, pauseMs: 100,
        goals: [tenant.goals[own], ...tenant.goals.slice(2)], kpi: tenant.kpis[own] });
    });
    this.listeners = Array.from({ length: 24 }, (_, number) => {
      const tenant = this.tenants[number % 2];
      const goal = number % 3 ? tenant.goals[number % tenant.goals.length] : undefined;
      return new Watcher({ number, seed: 1, failures: problems, url: url(number >> 1), headers: { Authorization: `Bearer ${stack.token(tenant.name, `listener-${number}`)}` }, cursor: tenant.cursor, seen: tenant.seen, goalId: goal?.id,
        path: goal ? `/realtime/goals/${goal.id}/activity` : `/realtime/tenants/${tenant.name}` });
    });
    this.readers = Array.from({ length: 6 }, () => new Reader({ https: this.https('kept', 'bob'), company: this.company, before: this.before, pauseMs: 25 }));
    this.repeaters = this.tenants.map(({ name, goals, repeated }) => new Repeater({ https: this.https(name, 'repeater'), goal: goals[3], kpi: repeated, problems, pauseMs: 100 }));
    this.working = [...this.writers, ...this.listeners, ...this.readers, ...this.repeaters];
    for (const one of this.working) one.start();
  }

  async migrate(plant) {
    this.stack.install();
    await this.stack.migrate();
    await plant?.(this.stack);
    // By the old programs, whose database it is as well.
    this.migrated = await readCompany(this.company, this.http(1, 'kept', 'ann'));
    for (const one of unexpected(compare(this.before, this.migrated), this.used)) this.problems.note('changed', `by the migration: ${describe(one, this.company.names)}`);
  }

  // Only `some`, in this order. Without: one gateway before any service, the other one after all of them;
  // publishers before consumers, and their second processes after those of the consumers. So every program
  // has worked with the other version of every other, as the one that asks and as the one that is asked.
  async roll(some) {
    if (some) {
      await this.#replace(some);
      return;
    }
    const publishers = ['svc-goals', 'svc-kpis', 'svc-operations'];
    const second = (name) => `${name}-2`;
    await this.#replace(['gateway', ...publishers]);
    await this.#proveEvents('new publishers', publishers);
    await this.#replace(['svc-analytics', 'svc-realtime']);
    await this.replay('while both versions run');
    await this.#makeReports();
    await this.#replace(['svc-realtime-2', 'svc-analytics-2']);
    await this.#proveEvents('old publishers', publishers.map(second));
    await this.#replace([...publishers.reverse().map(second), 'gateway-2']);
  }

  async #replace(names) {
    for (const name of names) {
      await this.#awaitPairs(name);
      const began = Date.now();
      const { requests } = this.problems;
      this.problems.slowest = 0;
      await this.stack.replace(name);
      this.say(`  ${name} replaced in ${((Date.now() - began) / 1000).toFixed(1)} s, ${this.problems.requests - requests} requests, slowest ${this.problems.slowest} ms, ${this.problems.counts.failed ?? 0} failed`);
    }
  }

  // Each of these replicas moves events to its log, and the consumers, which are of the other version,
  // apply some.
  async #proveEvents(who, replicas) {
    const count = async (name, metric) => {
      const text = await (await fetch(`http://127.0.0.1:${this.stack.adminPort(name)}/metrics`)).text();
      return [...text.matchAll(new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\d+)$`, 'gm'))].reduce((total, [, value]) => total + Number(value), 0);
    };
    const now = async () => {
      const counts = new Map();
      for (const name of replicas) counts.set(`moved by ${name}`, await count(name, 'traction_events_total'));
      // Of two consumers that apply the same events one commits, and it is mostly the same one.
      for (const name of ['svc-analytics', 'svc-realtime']) counts.set(`applied by ${name}`, await count(name, 'traction_consumer_applied_total') + await count(`${name}-2`, 'traction_consumer_applied_total'));
      return counts;
    };
    const before = await now();
    let idle;
    await within(30000, async () => {
      idle = [...await now()].filter(([what, value]) => value <= before.get(what)).map(([what]) => what);
      return idle.length === 0;
    });
    for (const what of idle) this.problems.note('unproved', `with ${who} no event was ${what}`);
  }

  async #makeReports() {
    this.reports = 0;
    for (const [number, format] of ['pdf', 'docx'].entries()) {
      const why = await reportProblem(this.stack.urls()[number], this.stack.token('small', 'ann'), format);
      if (why) this.problems.note('failed', `a report: ${why}`);
      else this.reports += 1;
    }
  }

  // What release 1.0.0 answered, asked once more with the same keys.
  async replay(when) {
    for (const [number, post] of this.company.posts.entries()) {
      const { path, body, key, answer } = post;
      if (answer.status >= 300 || post.forgotten) continue;
      const again = await this.http(number, 'kept', 'ann').ask('POST', path, body, { 'Idempotency-Key': key });
      const name = `POST ${path}`;
      const differences = compare(new Map([[name, leavesOf(answer)]]), new Map([[name, leavesOf(again)]])).filter(({ at }) => at !== 'X-Last-Event-Id');
      // Release 1.0.0 looks whether what a request names is still there before it looks for its answer.
      if (this.before) for (const one of unexpected(differences, this.used)) this.problems.note('repeated answer', `${when}: ${describe(one, this.company.names)}`);
      else post.forgotten = differences.length > 0;
    }
    this.known = this.company.posts.filter(({ answer, forgotten }) => answer.status < 300 && !forgotten).length;
    const { path, key } = this.company.posts[0];
    const other = await this.http(0, 'kept', 'ann').ask('POST', path, { title: 'Another', owner_id: 'ann', horizon: 'year' }, { 'Idempotency-Key': key });
    if (other.code !== 'IDEMPOTENCY_KEY_REUSED') this.problems.note('repeated answer', `${when}: a key with another body was answered ${other.status} ${other.code}`);
  }

  async finish() {
    for (const listener of this.listeners) listener.steady = true;
    await Promise.all([...this.writers, ...this.readers, ...this.repeaters].map((one) => one.stop()));
    await within(20000, () => pathIsEmpty(this.stack));
    for (const tenant of this.tenants) tenant.head = Number(this.stack.psql(`SELECT head FROM realtime.heads WHERE tenant_id = '${tenant.name}'`));
    await within(20000, () => this.listeners.every((listener) => hasAll(listener, this.tenants[listener.number % 2])));
    await Promise.all(this.listeners.map((listener) => listener.stop()));
    await this.#checkEvents();
    await this.#checkData();
    await this.replay('at the end');
    await this.#checkConditions();
    await this.#checkFigures();
    if (!this.byCommand) this.#checkPairs();
    for (const complaint of this.stack.complaints()) this.problems.note('complaint', complaint);
  }

  async #checkEvents() {
    const verdict = await check(this);
    const repeated = new Set(this.repeaters.map((_, number) => this.tenants[number].name)); // they write, too
    for (const [kind, count] of Object.entries(verdict.counts)) {
      const texts = verdict.samples.filter((text) => text.startsWith(kind) && !(kind === 'foreign' && repeated.has(/^foreign: ([^:]*)/.exec(text)[1]) && text.includes('entry again ')));
      if (count && (kind !== 'foreign' || texts.length)) {
        for (const text of texts) this.problems.note(kind, text);
        this.problems.counts[kind] = count;
      }
    }
    this.delivered = this.listeners.reduce((sum, { places }) => sum + places.length, 0);
  }

  async #checkData() {
    const { company } = this;
    await within(20000, () => this.settled());
    this.after = await readCompany(company, this.http(0, 'kept', 'ann'));
    for (const one of unexpected(compare(this.before, this.after), this.used)) this.problems.note('changed', `after the upgrade: ${describe(one, company.names)}`);
    for (const one of compare(this.after, await readCompany(company, this.http(1, 'kept', 'ann')))) this.problems.note('changed', `from gateway to gateway: ${describe(one, company.names)}`);
    // Meanwhile each answer was that of before or that of after.
    for (const one of new Map(this.readers.flatMap(({ differences }) => [...differences])).values()) {
      if (this.after.get(one.path)?.get(one.at) === one.says || unexpected([one]).length === 0) continue;
      if (one.at === 'X-Last-Event-Id' && one.says === undefined) continue; // svc-realtime was not to be asked then
      this.problems.note('changed', `in between, at port ${one.by}: ${describe(one, company.names)}`);
    }
  }

  // An ETag that release 1.0.0 gave says which version a change is of.
  async #checkConditions() {
    const http = this.http(0, 'kept', 'ann');
    for (const path of this.company.paths) {
      const version = this.migrated.get(`GET ${path}`).get('version');
      const { status, data } = await http.ask('GET', path);
      if (version === 'undefined' || status !== 200 || path.includes(':') || data.isSystemType || data.isSystemStatus) continue;
      const body = data.description !== undefined && !data.title ? { description: 'Later' } : { title: 'Later' };
      const changed = await http.ask('PUT', path, body, { 'If-Match': `"${version}-0"` });
      const again = await http.ask('PUT', path, body, { 'If-Match': `"${version}-0"` });
      if (changed.status !== 200) this.problems.note('condition', `PUT ${path} of version ${version}: ${changed.status} ${changed.error}`);
      if (again.status !== 412) this.problems.note('condition', `PUT ${path} of version ${version}, which is over: ${again.status}`);
      this.conditions = (this.conditions ?? 0) + 1;
    }
    if (!(this.conditions > 50)) this.problems.note('unproved', `only ${this.conditions} changes of a known version`);
  }

  // Figures are made of events: none was lost, none counted twice.
  async #checkFigures() {
    for (const { name, http } of this.tenants) {
      const { total } = (await http.ask('GET', '/goals?size=1')).pagination;
      let counted;
      await within(20000, async () => { counted = (await http.ask('GET', '/goals/stats')).data.totalGoals; return counted === total; });
      if (counted !== total) this.problems.note('wrong', `${name}: ${total} goals, of which ${counted} are counted`);
    }
  }

  // Which version has asked which, from the log lines of one request in several processes: how many
  // requests of `old svc-goals and new svc-kpis`.
  #pairsOfLog() {
    const requests = new Map(); // id -> who worked on it
    for (const { message, requestId, pid, program } of this.stack.log()) {
      if (message !== 'request' || !requestId) continue;
      if (!requests.has(requestId)) requests.set(requestId, new Set());
      requests.get(requestId).add(`${this.stack.versions.get(pid)} ${program}`);
    }
    const pairs = new Map();
    for (const workers of requests.values()) for (const one of workers) for (const other of workers) if (one !== other) pairs.set(`${one} and ${other}`, (pairs.get(`${one} and ${other}`) ?? 0) + 1);
    return pairs;
  }

  // The pairs that cannot come any more once `name` is replaced: of its program, when it is the last old
  // one, with the new ones of those that it worked with before.
  #missingPairs(name) {
    const { stack } = this;
    const running = stack.names().map((process) => [programOf(process), stack.versions.get(stack.pid(process))]);
    const program = programOf(name);
    if (running.filter(([one, version]) => one === program && version === 'old').length > 1) return [];
    const renewed = new Set(running.filter(([, version]) => version === 'new').map(([one]) => one));
    const pairs = this.#pairsOfLog();
    return [...renewed].filter((other) => pairs.has(`old ${program} and old ${other}`)).map((other) => `old ${program} and new ${other}`).filter((pair) => !pairs.has(pair));
  }

  // Nobody writes meanwhile: consumers ask publishers only when they have heard nothing for some seconds.
  // What does not come, #checkPairs tells.
  async #awaitPairs(name) {
    if (this.#missingPairs(name).length === 0) return;
    let open;
    const gate = new Promise((resolve) => { open = resolve; });
    for (const one of [...this.writers, ...this.repeaters]) one.gate = gate;
    await within(60000, () => this.#missingPairs(name).length === 0);
    open();
  }

  #checkPairs() {
    const pairs = this.#pairsOfLog();
    this.pairs = pairs;
    for (const both of [...pairs.keys()].filter((pair) => pair.startsWith('old ') && pair.includes(' and old '))) {
      const [one, other] = both.split(' and ').map((text) => text.slice(4));
      for (const pair of [`old ${one} and new ${other}`, `new ${one} and old ${other}`]) if (!pairs.has(pair)) this.problems.note('unproved', `never worked together: ${pair}`);
    }
    if (pairs.size < 40) this.problems.note('unproved', `only ${[...pairs.keys()]}`);
  }

  // What `traction up` of the present makes of a data folder of release 1.0.0.
  async startAnew(environment) {
    const read = () => readCompany(this.company, this.http(0, 'kept', 'ann'));
    const before = await read();
    await this.stack.startAnew(command, environment, ['--replicas', '2']);
    const http = this.http(0, 'kept', 'ann'); // a gateway follows a tenant's stream from its first request on
    await within(20000, async () => (await http.ask('GET', `/goals/${this.company.goals[0].id}`)).headers['x-last-event-id']);
    await within(20000, () => this.settled());
    for (const one of compare(before, await read())) this.problems.note('changed', `started anew: ${describe(one, this.company.names)}`);
  }

  async stop() {
    await Promise.all(this.working.map((one) => Promise.race([one.stop(), sleep(15000)])));
  }
}

// For mistakes that are planted: `plant` is done to the stack at the end of the migration, `patch` to the
// new programs; `replaced` are the processes that are, instead of all; the run ends as soon as
// `found(counts)` says so.
export async function play({ release, folders, environment, plant, patch, replaced, found, say = console.log }) {
  const problems = new Problems();
  const settings = { TRACTION_LOG_LEVEL: 'debug', TRACTION_DRAIN_MS: '20000', ...environment };
  const stack = await UpgradedStack.of(release).start([`${release}/release`], settings, ['--replicas', '2']);
  const upgrade = new Upgrade(stack, problems, say);
  const began = Date.now();
  const step = (text) => say(`  ${Math.round((Date.now() - began) / 1000)} s: ${text}`);
  const course = async () => {
    await upgrade.prepare();
    step(`release 1.0.0 holds ${upgrade.before.size} answers`);
    upgrade.work();
    await sleep(2000);
    stack.stageAgain(folders, patch);
    await upgrade.migrate(plant);
    step('migrated');
    await upgrade.roll(replaced);
    step('all replaced');
    await upgrade.finish();
    step('compared');
    if (!replaced) await upgrade.startAnew(settings);
  };
  let running;
  try {
    running = course();
    if (found) {
      running.catch((error) => problems.note('broken off', error.message));
      let over = false;
      running.finally(() => { over = true; }).catch(() => {});
      while (!over && !found(problems.counts)) await sleep(100);
    } else await running;
    const known = changes.map(({ why }) => why);
    if (!found) for (const why of known) if (!upgrade.used.has(why)) problems.note('unproved', `nothing has changed as "${why}" says`);
    return { problems, upgrade };
  } finally {
    await upgrade.stop();
    await stack.stop();
    await running.catch(() => {});
  }
}
