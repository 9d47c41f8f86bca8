// Clients as an application has them: connections that are kept, a pause between requests that differs
// from client to client, no second try. Half of them ask one gateway, half the other; two thirds use
// Node's http agent, which axios stands on, the rest fetch. Whatever is not the expected answer is a
// failure: another status, a broken connection, an answer with a part left out.
import { Agent, request } from 'node:http';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

export class Tally {
  requests = 0;
  cuts = 0; // that a second try made good
  failures = [];
  slowest = 0;

  note(what, milliseconds) {
    this.requests += 1;
    this.slowest = Math.max(this.slowest, milliseconds);
    if (what) this.failures.push(what);
  }
}

function byAgent(agent) {
  return (url, { method, headers, body }) => new Promise((done, fail) => {
    const one = request(url, { method, agent, headers: { ...headers, ...(body && { 'Content-Length': Buffer.byteLength(body) }) } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', fail);
      answer.on('end', () => done({ status: answer.statusCode, degraded: answer.headers['x-degraded'], text: Buffer.concat(parts).toString() }));
    });
    one.setTimeout(30000, () => one.destroy(new Error('no answer in 30 s')));
    one.on('error', fail);
    one.end(body);
  });
}

async function byFetch(url, options) {
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(30000) });
  return { status: answer.status, degraded: answer.headers.get('x-degraded'), text: await answer.text() };
}

export class Client {
  // `pauseMs`: up to so long between two requests. `again`: what a broken connection took with it is
  // asked again, with the same Idempotency-Key, as a client does that wants to outlive a gateway.
  constructor({ number, url, token, tally, pauseMs, again }) {
    Object.assign(this, { number, url, token, tally, pauseMs, again });
    this.send = number % 3 === 2 ? byFetch : byAgent(new Agent({ keepAlive: true, maxSockets: 2 }));
  }

  async ask(method, path, body, expected = method === 'POST' ? [200, 201] : [200]) {
    const headers = { Authorization: `Bearer ${this.token}`, ...(body && { 'Content-Type': 'application/json' }), ...(body && this.again && { 'Idempotency-Key': randomUUID() }) };
    const options = { method, headers, body: body && JSON.stringify(body) };
    const began = Date.now();
    for (let attempt = 1; ; attempt += 1) {
      let problem;
      try {
        const answer = await this.send(this.url + path, options);
        if (expected.includes(answer.status) && !answer.degraded) {
          this.tally.note(undefined, Date.now() - began);
          return answer.text.startsWith('{') ? JSON.parse(answer.text).data : answer.text;
        }
        problem = `${answer.status}${answer.degraded ? ` without ${answer.degraded}` : ''} ${answer.text.slice(0, 200)}`;
      } catch (error) {
        problem = `${error.cause?.code ?? error.code ?? ''} ${error.cause?.message ?? error.message}`;
        if (this.again && attempt < 3) { // the next one in its pool may be broken, too
          this.tally.cuts += 1;
          await sleep(20);
          continue;
        }
      }
      this.tally.note(`${new Date().toISOString()} ${this.send === byFetch ? 'fetch' : 'agent'} ${new URL(this.url).port} ${method} ${path}: ${problem}`, Date.now() - began);
      return undefined;
    }
  }

  start(work) {
    this.running = (async () => {
      for (let i = this.number; !this.stopped; i += 1) {
        await work(this, i);
        await sleep(Math.random() * this.pauseMs);
      }
    })();
  }

  async stop() {
    this.stopped = true;
    await this.running;
  }
}

// An EventSource: comes back with its last id after the pause that it was told.
export class Watcher {
  constructor({ url, token, path }) {
    Object.assign(this, { url, token, path });
    this.texts = new Set(); // what activity said
    this.lastId = undefined;
    this.events = 0;
    this.repeated = 0; // or out of order
    this.opened = 0;
    this.problems = [];
    this.pause = 3000;
  }

  start() {
    this.running = (async () => {
      while (!this.stopped) {
        await this.once();
        if (!this.stopped) await sleep(this.pause);
      }
    })();
  }

  async stop() {
    this.stopped = true;
    this.request?.destroy();
    await this.running;
  }

  once() {
    return new Promise((done) => {
      const headers = { Authorization: `Bearer ${this.token}`, Accept: 'text/event-stream', ...(this.lastId && { 'Last-Event-ID': this.lastId }) };
      this.request = request(this.url + this.path, { agent: false, headers }, (answer) => {
        answer.on('error', () => {});
        if (answer.statusCode !== 200) { // the last that an EventSource would ask
          this.problems.push(`a stream was answered ${answer.statusCode}`);
          answer.resume();
          return;
        }
        this.opened += 1;
        let partial = '';
        answer.setEncoding('utf8');
        answer.on('data', (text) => {
          const blocks = (partial + text).split('\n\n');
          partial = blocks.pop();
          for (const block of blocks) this.take(block);
        });
      });
      this.request.on('error', (error) => {
        if (!this.stopped && error.code === 'ECONNREFUSED') this.problems.push('a stream was refused');
      });
      this.request.on('close', done);
      this.request.end();
    });
  }

  take(block) {
    const fields = Object.fromEntries(block.split('\n').map((line) => /^(\w+): (.*)$/.exec(line)?.slice(1)).filter(Boolean));
    if (fields.retry) this.pause = Number(fields.retry);
    if (!fields.data) return;
    if (fields.event === 'reset') this.problems.push('a stream was reset');
    this.events += 1;
    if (this.lastId && Number(fields.id.split('-')[1]) <= Number(this.lastId.split('-')[1])) this.repeated += 1;
    this.lastId = fields.id;
    this.texts.add(JSON.parse(fields.data).activity?.text);
  }
}
