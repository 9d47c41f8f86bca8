// Clients that watch a goal or a tenant, are cut off again and again, and come back with the last
// id they have. Each keeps the places it got, in the order in which it got them; what an event said
// is kept once per tenant, and every further copy is compared with it.
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from './random.mjs';

function hashOf(text) { // FNV-1a
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

// Of an event, what the verdict asks about: half an hour tells of hundreds of thousands.
function digest({ entityId, version, goalId, activity, reading, kpi, data }) {
  return {
    entityId, version, goalId,
    activity: activity && { id: activity.id, type: activity.type, text: activity.text },
    reading: reading && { period: reading.period, value: reading.value },
    kpi: kpi && { id: kpi.id },
    data: data && { title: data.title, description: data.description },
  };
}

// What all clients of one tenant have seen.
export class Seen {
  constructor(tenant) {
    this.tenant = tenant;
    this.events = new Map(); // place -> {type, hash, data: its digest}
    this.problems = [];
  }

  note(place, type, text) {
    const hash = hashOf(text);
    const known = this.events.get(place);
    if (!known) this.events.set(place, { type, hash, data: digest(JSON.parse(text)) });
    else if (known.hash !== hash || known.type !== type) this.problems.push(`${this.tenant}: place ${place} is ${known.type} here and ${type} there`);
  }
}

export class Listener {
  constructor({ number, seed, url, path, headers, cursor, seen, goalId }) {
    Object.assign(this, { number, url, path, headers, seen, goalId, lastId: cursor });
    this.random = new Random(seed, `listener ${number}`);
    this.from = Number(cursor.split('-')[1]);
    this.places = [];
    this.connections = 0;
    this.resets = 0;
    this.problems = [];
    this.agent = new Agent({ keepAlive: false });
  }

  start() {
    this.running = this.run();
  }

  async run() {
    while (!this.stopped) {
      await this.once();
      if (!this.stopped) await sleep(this.random.between(20, 400));
    }
  }

  async stop() {
    this.stopped = true;
    this.request?.destroy();
    await this.running;
  }

  // Disconnected, as by the client's own network.
  armCut() {
    this.cut = setTimeout(() => this.request.destroy(), this.random.between(500, 20000));
  }

  once() {
    return new Promise((done) => {
      this.request = request(this.url + this.path, {
        agent: this.agent, headers: { ...this.headers, Accept: 'text/event-stream', 'Last-Event-ID': this.lastId },
      }, (answer) => this.opened(answer));
      this.request.on('error', () => {});
      this.request.setTimeout(25000, () => this.request.destroy()); // longer than a heartbeat
      this.request.on('close', () => {
        clearTimeout(this.cut);
        done();
      });
      this.request.end();
    });
  }

  opened(answer) {
    answer.on('error', () => {});
    answer.setEncoding('utf8');
    if (answer.statusCode !== 200) {
      if (![503, 504].includes(answer.statusCode)) this.problems.push(`listener ${this.number}: ${this.path} answered ${answer.statusCode}`);
      answer.resume();
      return;
    }
    this.connections += 1;
    if (!this.steady) this.armCut();
    let partial = '';
    answer.on('data', (text) => {
      const blocks = (partial + text).split('\n\n');
      partial = blocks.pop();
      for (const block of blocks) this.take(block);
    });
  }

  take(block) {
    const fields = {};
    for (const line of block.split('\n')) {
      const colon = line.indexOf(': ');
      if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 2);
    }
    if (!('data' in fields)) return;
    this.lastId = fields.id;
    if (fields.event === 'reset') {
      this.resets += 1;
      return;
    }
    const place = Number(fields.id.split('-')[1]);
    this.places.push(place);
    this.seen.note(place, fields.event, fields.data);
  }
}
