// Who uses the company's software while it is replaced. Nothing is tried twice: an answer that says
// "not now", a broken connection or a part left out is a failed request.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Listener, Seen } from '../chaos/listeners.mjs';
import { Http } from '../chaos/writers.mjs';
import { eventChanges } from './changes.mjs';
import { compare, describe, leavesOf, questions } from './reading.mjs';

// Of an answer; undefined when it is one.
function failure({ status, code, error, headers }) {
  if (status === 0 || (status === 409 && code === 'CONFLICT') || status === 429 || status >= 500) return `${status} ${error ?? ''}`;
  if (headers?.['x-degraded']) return `${status} without ${headers['x-degraded']}`;
  return undefined;
}

export class StrictHttp extends Http {
  constructor(url, token, problems) {
    super(url, token);
    this.problems = problems;
  }

  async ask(method, path, body, headers) {
    const began = Date.now();
    const answer = await super.ask(method, path, body, headers);
    const why = failure(answer);
    this.problems.requests += 1;
    this.problems.slowest = Math.max(this.problems.slowest, Date.now() - began);
    if (why) this.problems.note('failed', `${new Date().toISOString()} ${new URL(this.url).port} ${method} ${path}: ${why}`);
    return answer;
  }
}

// What was told stays told: everybody has to see the same, but for what a release tells in another way.
export class Told extends Seen {
  note(place, type, text) {
    const data = JSON.parse(text);
    for (const change of eventChanges) if (change.type === type) change.strip(data);
    super.note(place, type, JSON.stringify(data));
  }
}

// A stream that is refused is a failed request; one that ends is not.
export class Watcher extends Listener {
  constructor({ failures, ...options }) {
    super(options);
    this.failures = failures;
  }

  opened(answer) {
    this.failures.requests += 1;
    if (answer.statusCode !== 200) this.failures.note('failed', `${new Date().toISOString()} ${this.url} ${this.path}: ${answer.statusCode}`);
    super.opened(answer);
  }
}

class Worker {
  start() {
    this.running = (async () => {
      for (this.turn = 0; !this.stopped; this.turn += 1) {
        await this.work();
        await sleep(Math.random() * 2 * this.pauseMs);
        await this.gate; // of whoever wants quiet
      }
    })();
  }

  async stop() {
    this.stopped = true;
    await this.running;
  }
}

// Reads a company again and again. Each answer has to be the one of before; whatever is not is kept, for
// what is to come after may be right as well.
export class Reader extends Worker {
  constructor({ https, company, before, pauseMs }) {
    super();
    Object.assign(this, { https, pauseMs, before });
    this.asked = questions(company).sort(() => Math.random() - 0.5);
    this.differences = new Map();
  }

  async work() {
    const { name, method, path, body } = this.asked[this.turn % this.asked.length];
    const http = this.https[this.turn % 2];
    const answer = await http.ask(method, path, body);
    if (failure(answer)) return;
    for (const one of compare(new Map([[name, this.before.get(name)]]), new Map([[name, leavesOf(answer)]]))) {
      this.differences.set(JSON.stringify(one), { ...one, by: new URL(http.url).port });
    }
  }
}

// Sends every write twice, with the same Idempotency-Key, to one gateway and then the other: done once,
// and answered the same, whatever the versions in between are.
export class Repeater extends Worker {
  constructor({ https, goal, kpi, problems, pauseMs }) {
    super();
    Object.assign(this, { https, problems, pauseMs });
    this.kinds = [
      () => [`/goals/${goal.id}/activity`, { type: 'note', text: `again ${this.turn}` }],
      () => [`/kpis/${kpi.id}/readings`, { period: `20${10 + (this.turn % 89)}-01`, value: this.turn / 3 }],
      () => ['/api/operations/actions', { title: `again ${this.turn}`, connections: { goalIds: [goal.id] } }],
      () => ['/api/operations/kpi-updates', { actionId: this.latest?.id, kpiId: kpi.id, newValue: this.turn / 3, updateDate: `20${10 + (this.turn % 89)}-02-03` }],
      () => ['/api/operations/issues', { title: `again ${this.turn}`, connections: { goalIds: [goal.id] } }],
    ];
    this.repeated = 0;
  }

  async work() {
    const [path, body] = this.kinds[this.turn % this.kinds.length]();
    const key = { 'Idempotency-Key': randomUUID() };
    const [one, other] = Math.floor(this.turn / this.kinds.length) % 2 ? this.https : [...this.https].reverse();
    const first = await one.ask('POST', path, body, key);
    if (failure(first)) return;
    const second = await other.ask('POST', path, body, key);
    if (failure(second)) return;
    this.repeated += 1;
    this.latest = second.data; // the action, when its KPI is to be updated next
    const name = `POST ${path}`;
    for (const one of compare(new Map([[name, leavesOf(first)]]), new Map([[name, leavesOf(second)]]))) this.problems.note('repeated answer', describe(one));
  }
}

// A report, from a program that services start; undefined, or what is wrong with it. It gets what time
// nobody else wants, so on a busy machine it takes long, and none is asked for while processes end.
export async function reportProblem(url, token, format) {
  try {
    const answer = await fetch(`${url}/reports/company?format=${format}`, { headers: { Authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(120000) });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (answer.status !== 200) return `${answer.status} ${bytes}`;
    return bytes.subarray(0, 4).equals(Buffer.from(format === 'pdf' ? '%PDF' : 'PK\x03\x04')) ? undefined : `no ${format}`;
  } catch (error) {
    return String(error.cause ?? error);
  }
}
