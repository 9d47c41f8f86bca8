// Clients that write over HTTP, one request after the other each. The intent is written down before
// a request is sent, the answer when it is there. What was not answered, or answered in a way that
// says nothing about the work, is sent again with the same Idempotency-Key until it is; a PUT, which
// has none, says which version it changes.
import { Agent, request } from 'node:http';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from './random.mjs';

const says_nothing = new Set([0, 409, 500, 502, 503, 504]);
const patience = 120000; // ms, after which a write that is never answered is a defect

export class Http {
  constructor(url, token) {
    this.url = url;
    this.token = token;
    this.agent = new Agent({ keepAlive: true, maxSockets: 4 });
  }

  // Status 0: no answer.
  ask(method, path, body, headers = {}) {
    return new Promise((done) => {
      const bytes = body && JSON.stringify(body);
      const one = request(this.url + path, {
        method, agent: this.agent, headers: {
          Authorization: `Bearer ${this.token}`, ...(bytes && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(bytes) }), ...headers,
        },
      }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part) => { text += part; });
        answer.on('error', (error) => done({ status: 0, error: error.message }));
        answer.on('end', () => {
          try {
            done({ status: answer.statusCode, headers: answer.headers, ...JSON.parse(text) });
          } catch {
            done({ status: 0 }); // cut off in the middle
          }
        });
      });
      one.setTimeout(12000, () => one.destroy(new Error('no answer in 12 s')));
      one.on('error', (error) => done({ status: 0, error: error.message }));
      one.end(bytes);
    });
  }

  // Until it is answered for good.
  async settle(method, path, body, headers) {
    const deadline = Date.now() + patience;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.ask(method, path, body, headers);
      if (!says_nothing.has(answer.status)) return { ...answer, attempt };
      if (Date.now() > deadline) return { ...answer, attempt, unsettled: true };
      await sleep(50 + 50 * Math.min(attempt, 10));
    }
  }
}

const versionOf = (answer) => Number(/^(?:W\/)?"(\d+)-/.exec(answer.headers?.etag ?? '')?.[1]);

export class Writer {
  // `goals`: the writer's own first, then those it shares; `kpi` is its own, linked to two of them.
  constructor({ number, seed, http, tenant, goals, kpi, journal, pauseMs }) {
    Object.assign(this, { number, http, tenant, goals, kpi, journal, pauseMs });
    this.random = new Random(seed, `writer ${number}`);
    this.count = 0;
    this.strategies = 0;
    this.active = false; // the own goal's status
  }

  start() {
    this.running = this.run();
  }

  async stop() {
    this.stopped = true;
    await this.running;
  }

  async run() {
    while (!this.stopped) {
      this.count += 1;
      const kind = this.random.weighted({ entry: 56, title: 14, move: 8, reading: 12, strategy: 3, goal: 3, action: 4 });
      await this[kind]();
      await sleep(this.random.between(0, 2 * this.pauseMs));
      await this.gate; // of whoever wants quiet
    }
  }

  // Intent, request, answer. `accepts`: statuses of success.
  async write(kind, method, path, body, { accepts = [200, 201], headers, ...more }) {
    const entry = { writer: this.number, tenant: this.tenant, kind, path, body, ...more, sent: this.journal.tick(), acknowledged: 0 };
    this.journal.writes.push(entry);
    const key = method === 'POST' ? { 'Idempotency-Key': `${this.journal.run}-${this.number}-${this.count}` } : {};
    let answer = await this.http.settle(method, path, body, { ...key, ...headers });
    if (answer.status === 412 && answer.attempt > 1) answer = await this.found(body, answer);
    entry.attempts = answer.attempt;
    if (!accepts.includes(answer.status)) {
      this.journal.problems.push(`${method} ${path} answered ${answer.status} ${answer.error ?? ''}${answer.unsettled ? ' to the last' : ''} (attempt ${answer.attempt})`);
      entry.refused = true;
      return null;
    }
    entry.acknowledged = this.journal.tick();
    entry.id = answer.data.id;
    this.raiseFloors(kind, versionOf(answer));
    this.journal.acknowledged?.(this);
    if (kind === 'title' || kind === 'move') {
      this.goals[0].version = versionOf(answer) || await this.ownVersion();
      entry.version = this.goals[0].version;
    }
    return answer;
  }

  // What every read has to show from now on: a strategy counts as a change of its goal.
  raiseFloors(kind, version) {
    const [goal] = this.goals;
    if ((kind === 'title' || kind === 'move') && version) goal.floor = version;
    if (kind === 'strategy' && goal.floor) goal.floor += 1;
    if (kind === 'reading' && this.count < 1200) this.kpi.floor = this.count; // the newest month
  }

  // Degraded answers, without the links of KPIs, have no version. Nobody else changes the goal.
  async ownVersion() {
    const deadline = Date.now() + patience;
    for (;;) {
      const version = versionOf(await this.http.settle('GET', `/goals/${this.goals[0].id}`));
      if (version) return version;
      if (Date.now() > deadline) throw new Error('a goal has no ETag');
      await sleep(100);
    }
  }

  // A change of a version that is over: was it ours, whose answer was lost?
  async found(body, refused) {
    const answer = await this.http.settle('GET', `/goals/${this.goals[0].id}`);
    return answer.data?.title === body.title ? { ...answer, attempt: refused.attempt } : refused;
  }

  async entry() {
    const goal = this.random.pick(this.goals);
    const [type, event, more] = this.random.pick([
      ['note', 'activity.created', {}], ['weekly_review', 'activity.created', {}],
      ['decision', 'decision.created', {}], ['attachment', 'attachment.created', { url: 'https://example.com/a' }]]);
    await this.write('entry', 'POST', `/goals/${goal.id}/activity`, { type, text: `${this.number}-${this.count}`, ...more }, { event, goalId: goal.id });
  }

  async title() {
    const [goal] = this.goals;
    const title = `title ${this.number}-${this.count}`;
    const answer = await this.write('title', 'PUT', `/goals/${goal.id}`, { title }, { event: 'goal.updated', goalId: goal.id, headers: { 'If-Match': `"${goal.version}-x"` } });
    if (answer) goal.title = title;
  }

  async move() {
    const [goal] = this.goals;
    const [verb, event] = this.active ? ['pause', 'goal.paused'] : ['activate', 'goal.activated'];
    const answer = await this.write('move', 'POST', `/goals/${goal.id}:${verb}`, { reason: `${this.number}-${this.count}` }, { event, goalId: goal.id });
    if (answer) this.active = !this.active;
  }

  async reading() {
    const month = this.count % 1200;
    const period = `${2000 + Math.floor(month / 12)}-${String(1 + (month % 12)).padStart(2, '0')}`;
    await this.write('reading', 'POST', `/kpis/${this.kpi.id}/readings`, { period, value: this.count }, { event: 'kpi.reading.created', kpiId: this.kpi.id, goalIds: this.kpi.goalIds });
  }

  async strategy() {
    if (this.strategies >= 150) return this.entry();
    this.strategies += 1;
    const [goal] = this.goals;
    await this.write('strategy', 'POST', `/goals/${goal.id}/strategies`, { description: `${this.number}-${this.count}` }, { event: 'strategy.created', goalId: goal.id });
    goal.version = await this.ownVersion(); // a strategy is part of its goal
    return undefined;
  }

  async action() {
    await this.write('action', 'POST', '/api/operations/actions', { title: `${this.number}-${this.count}`, connections: { goalIds: [this.goals[0].id] } }, { event: 'action.created' });
  }

  async goal() {
    await this.write('goal', 'POST', '/goals', { title: `${this.number}-${this.count}`, horizon: 'year', ownerId: 'o' }, { event: 'goal.created' });
  }
}

export class Journal {
  constructor(run) {
    this.run = run ?? randomUUID();
    this.writes = [];
    this.problems = [];
    this.clock = 0;
  }

  tick() {
    this.clock += 1;
    return this.clock;
  }
}
