// A stack of its own with short limits, whose parts are stopped and killed while clients of
// several kinds watch: ours, the eventsource package, event-source-polyfill and Chromium's own EventSource.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventSource } from 'eventsource';
import polyfill from 'event-source-polyfill';
import { metric } from './support/metric.mjs';
import { openBrowser } from './support/browser.mjs';
import { Watch, goalStream, watch } from './support/sse.mjs';
import { Stack } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';
import { ask } from './support/ask.mjs';

const { EventSourcePolyfill } = polyfill;
const keep = 100;
const stack = new Stack({
  gateway: { TRACTION_HEARTBEAT_MS: '500', TRACTION_STREAMS_PER_USER: '5', TRACTION_STREAMS_PER_TENANT: '8' },
  'svc-realtime': { TRACTION_STREAM_KEEP_EVENTS: String(keep) },
});
const tokenOf = (tenant, user = 'user-1') => sign(claimsOf({ tenant, user, name: 'Ann', exp: Math.floor(Date.now() / 1000) + 3600 }), stack.secret);

// One request; again while a part that was killed is not back.
async function send(method, path, body, token) {
  const deadline = Date.now() + 30000;
  const headers = method === 'POST' ? { 'Idempotency-Key': Math.random().toString(36).slice(2) } : {};
  for (;;) {
    const answer = await ask(stack.url, method, path, { token, body, headers, timeoutMs: 15000 });
    if (![0, 409, 503, 504].includes(answer.status)) return answer;
    assert.ok(Date.now() < deadline, `${method} ${path}: ${answer.status}`);
    await sleep(50);
  }
}

class Tenant {
  constructor(name, user) {
    this.name = name;
    this.token = tokenOf(name, user);
    this.headers = { Authorization: `Bearer ${this.token}` };
    this.open = [];
  }

  async goal() { return (await send('POST', '/goals', { title: 'g', horizon: 'year', ownerId: 'o' }, this.token)).data; }

  async note(goal, note, more = {}) {
    const answer = await send('POST', `/goals/${goal.id}/activity`, { type: 'note', text: note, ...more }, this.token);
    assert.equal(answer.status, 201, JSON.stringify(answer));
    return answer.data;
  }

  async watch(goal, last) {
    const stream = await watch(stack.url + goalStream(goal), { headers: { ...this.headers, ...(last && { 'Last-Event-ID': last }) } });
    this.open.push(stream);
    return stream;
  }

  close() { return Promise.all(this.open.splice(0).map((stream) => stream.close())); }
}

before(() => stack.start());
after(async () => assert.deepEqual(await stack.stop(), []));

const texts = (stream) => stream.events.map(({ data }) => data.activity?.text);

const gauge = (name) => metric(stack.adminPorts.gateway, `traction_${name}`);

describe('limits', () => {
  test('a comment when nothing else is said', async () => {
    const tenant = new Tenant('beats');
    const stream = await tenant.watch(await tenant.goal());
    const began = Date.now();
    await stream.until(({ comments }) => comments >= 4, 5000);
    assert.ok(Date.now() - began > 1000, 'not all the time');
    await tenant.close();
  });

  test('streams of a user and of a tenant: 429, and room again after one is closed', async () => {
    const ann = new Tenant('crowd');
    const bob = new Tenant('crowd', 'user-2');
    const goal = await ann.goal();
    const burst = await Promise.all(Array.from({ length: 12 }, () => new Watch(stack.url + goalStream(goal), { headers: ann.headers }).opened));
    assert.deepEqual(burst.map(({ status }) => status).sort(), [...Array(5).fill(200), ...Array(7).fill(429)]);
    const refused = burst.find(({ status }) => status === 429);
    assert.match(refused.headers['retry-after'], /^[1-9]\d*$/);
    assert.match(refused.headers['content-type'], /json/);
    for (let i = 0; i < 3; i += 1) await bob.watch(goal);
    assert.equal((await new Watch(stack.url + goalStream(goal), { headers: bob.headers }).opened).status, 429, 'the tenant has 8');
    await burst.find(({ status }) => status === 200).close();
    await sleep(100);
    await bob.watch(goal);
    await bob.close();
    await Promise.all(burst.map((stream) => stream.close()));
  });

  test('reset for a cursor that is older than what is kept; a newer one goes on', { timeout: 60000 }, async () => {
    const tenant = new Tenant('forgetful');
    const goal = await tenant.goal();
    const stream = await tenant.watch(goal);
    for (let i = 0; i < keep + 50; i += 1) await tenant.note(goal, `n${i}`);
    await stream.count(keep + 50);
    const [old, recent] = [stream.events[2].id, stream.events.at(-20).id];
    let first;
    for (let i = 0; i < 30 && first?.type !== 'reset'; i += 1) { // until it is forgotten
      await sleep(1000);
      await stream.close();
      stack.kill('gateway'); // whose own memory is longer than that
      await stack.running.get('gateway').gone;
      stack.spawn('gateway');
      await stack.ready();
      const again = await tenant.watch(goal, old);
      await again.count(1);
      [first] = again.events;
      await again.close();
    }
    assert.equal(first.type, 'reset');
    const place = (id) => Number(id.split('-')[1]);
    assert.equal(place(first.id), place(stream.lastId));
    const again = await tenant.watch(goal, recent);
    await again.count(19);
    assert.deepEqual(texts(again), texts(stream).slice(-19));
    await tenant.close();
  });

  test('a type that /asyncapi.json does not describe is not sent: a newer svc-realtime may have stored it', async () => {
    const tenant = new Tenant('newer');
    const goal = await tenant.goal();
    await tenant.note(goal, 'one');
    await tenant.note(goal, 'two');
    let cursor;
    for (let i = 0; i < 100 && !/-3$/.test(cursor); i += 1) {
      cursor = (await ask(stack.url, 'GET', `/goals/${goal.id}`, { token: tenant.token })).headers.get('x-last-event-id');
      await sleep(50);
    }
    await stack.postgres.query("UPDATE realtime.stream SET type = 'activity.archived' WHERE tenant_id = 'newer' AND place = 2");
    const begin = { headers: { ...tenant.headers, 'Last-Event-ID': cursor.replace(/3$/, '0') } };
    for (const [path, types] of [[goalStream(goal), ['activity.created']], ['/realtime/tenants/newer', ['goal.created', 'activity.created']], ['/realtime/tenants/newer?types=activity.*', ['activity.created']]]) {
      const stream = await watch(stack.url + path, begin);
      await stream.until(({ events }) => texts({ events }).includes('two'));
      assert.deepEqual(stream.types(), types);
      await stream.close();
    }
  });

  test('a client that does not read is closed, holds nobody up, and comes back without a loss', { timeout: 90000 }, async () => {
    const tenant = new Tenant('slow');
    const goal = await tenant.goal();
    const quick = await tenant.watch(goal);
    const { hostname, port } = new URL(stack.url);
    const slow = connect(Number(port), hostname);
    slow.pause();
    slow.write(`GET ${goalStream(goal)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tenant.token}\r\n\r\n`);
    const evicted = () => gauge('streams_evicted_total');
    assert.equal(await evicted(), 0);
    await sleep(300);
    const metadata = { filling: 'x'.repeat(15000) };
    let written = 0;
    while (await evicted() === 0) {
      assert.ok(written < 2000, 'it is never closed');
      const notes = Array.from({ length: 8 }, (_, i) => tenant.note(goal, `n${written + i}`, { metadata }));
      await Promise.all(notes);
      written += 8;
      await quick.count(written, 5000);
    }
    const got = [];
    const reader = new Watch('http://127.0.0.1:1/'); // only its reading is used
    slow.setEncoding('utf8');
    let head = true;
    slow.on('data', (text) => { reader.take(head ? text.slice(text.indexOf('\r\n\r\n') + 4) : text); head = false; });
    await new Promise((done) => slow.once('close', done).once('error', () => {}).resume());
    got.push(...reader.events);
    assert.ok(got.length > 0 && got.length < written, `it had ${got.length} of ${written}`);
    assert.ok(written - got.length < keep, 'what it missed is still kept');
    const again = await tenant.watch(goal, got.at(-1).id);
    await again.count(written - got.length);
    assert.deepEqual([...got, ...again.events].map(({ id }) => id), quick.events.map(({ id }) => id));
    await tenant.close();
  });
});

describe('a client that reads nothing', () => {
  test('is closed after 30 s, however little waits for it', { timeout: 90000 }, async () => {
    const tenant = new Tenant('asleep');
    const goal = await tenant.goal();
    const { hostname, port } = new URL(stack.url);
    const asleep = connect(Number(port), hostname);
    asleep.pause();
    asleep.write(`GET ${goalStream(goal)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tenant.token}\r\n\r\n`);
    await sleep(300);
    const before = await gauge('streams_evicted_total');
    const open = await gauge('streams');
    for (let i = 0; await gauge('stream_pending_bytes') === 0; i += 1) {
      assert.ok(i < 3000, 'it is taken by somebody');
      await tenant.note(goal, 'n', { metadata: { filling: 'x'.repeat(15000) } });
    }
    const began = Date.now();
    while (await gauge('streams_evicted_total') === before) {
      assert.ok(Date.now() - began < 40000, 'it is never closed');
      await sleep(100);
    }
    const seconds = (Date.now() - began) / 1000;
    assert.ok(seconds > 28 && seconds < 33, `after ${seconds} s`);
    assert.equal(await gauge('streams'), open - 1);
    assert.equal(await gauge('stream_pending_bytes'), 0);
    asleep.destroy();
  });
});

describe('the gateway stops', () => {
  test('every stream is told another time to come back, and none loses anything', { timeout: 60000 }, async () => {
    const tenant = new Tenant('drained');
    const goal = await tenant.goal();
    const streams = [];
    for (let i = 0; i < 5; i += 1) streams.push(await tenant.watch(goal));
    await tenant.note(goal, 'before');
    await Promise.all(streams.map((stream) => stream.count(1)));
    await stack.terminate('gateway');
    await Promise.all(streams.map((stream) => stream.until(({ over }) => over)));
    const pauses = streams.map(({ retry }) => retry);
    assert.ok(pauses.every((pause) => pause >= 1000 && pause <= 5000), `${pauses}`);
    assert.ok(new Set(pauses).size >= 4, `${pauses}`);
    stack.spawn('gateway');
    await stack.ready();
    await tenant.note(goal, 'after');
    const again = await tenant.watch(goal, streams[0].lastId);
    await again.count(1);
    assert.deepEqual(texts(again), ['after']);
    await tenant.close();
  });
});

// Each kind of client, which reconnects by itself; `events` is what it has got, as [id, text].
const kinds = {
  'the eventsource package': async (url, token) => {
    const source = new EventSource(url, {
      fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } }),
    });
    const events = [];
    source.addEventListener('activity.created', (event) => events.push([event.lastEventId, JSON.parse(event.data).activity.text]));
    await new Promise((done) => { source.onopen = done; });
    return { events: async () => events, close: () => source.close() };
  },
  'Chromium\'s EventSource on a page of another origin': async (url, token) => {
    const server = createServer((request, answer) => answer.setHeader('Content-Type', 'text/html').end('<title>watch</title>'));
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const browser = await openBrowser();
    const page = await browser.newPage();
    await page.goto(`http://localhost:${server.address().port}/`);
    await page.evaluate((address) => new Promise((done, fail) => {
      globalThis.events = [];
      globalThis.source = new EventSource(address);
      globalThis.source.addEventListener('activity.created', (event) => globalThis.events.push([event.lastEventId, JSON.parse(event.data).activity.text]));
      globalThis.source.onopen = done;
      globalThis.source.onerror = () => fail(new Error(`readyState ${globalThis.source.readyState}`));
    }), `${url}?access_token=${token}`);
    await page.evaluate(() => { globalThis.source.onerror = null; });
    return {
      events: () => page.evaluate(() => globalThis.events),
      close: async () => { await browser.close(); server.close(); },
    };
  },
  // It has no header for its last id: it adds it to the address, also to one that has an id already.
  'event-source-polyfill that goes on from an id in its address': async (url, token) => {
    const goal = new URL(url).pathname.split('/')[3];
    const page = await fetch(`${stack.url}/goals/${goal}`, { headers: { Authorization: `Bearer ${token}` } });
    const source = new EventSourcePolyfill(`${url}?lastEventId=${page.headers.get('x-last-event-id')}`, { headers: { Authorization: `Bearer ${token}` } });
    const events = [];
    source.addEventListener('activity.created', (event) => events.push([event.lastEventId, JSON.parse(event.data).activity.text]));
    await new Promise((done, fail) => { source.onopen = done; source.onerror = fail; });
    source.onerror = null;
    return { events: async () => events, close: () => source.close() };
  },
};

const murders = {
  'every connection': async () => { await stack.kill('gateway'); stack.spawn('gateway'); },
  'svc-realtime': async () => { await stack.kill('svc-realtime'); await sleep(300); stack.spawn('svc-realtime'); },
  'svc-realtime and the gateway': async () => {
    await Promise.all([stack.kill('gateway'), stack.kill('svc-realtime')]);
    stack.spawn('gateway');
    await sleep(1500); // the client may come back before there is anything to see
    stack.spawn('svc-realtime');
  },
  'PostgreSQL': async () => { await stack.postgres.kill(); await sleep(100); await stack.postgres.start(); },
};

describe('killed while somebody watches', () => {
  for (const [kind, openKind] of Object.entries(kinds)) {
    test(kind, { timeout: 120000 }, async () => {
      const tenant = new Tenant(`killed-${kind.slice(0, 3)}`);
      const goal = await tenant.goal();
      const client = await openKind(stack.url + goalStream(goal), tenant.token);
      const sent = [];
      const note = async (text) => { await tenant.note(goal, text); sent.push(text); };
      const all = async () => {
        const deadline = Date.now() + 25000;
        while ((await client.events()).length < sent.length && Date.now() < deadline) await sleep(50);
        assert.deepEqual((await client.events()).map(([, text]) => text), sent);
      };
      try {
        await note('first');
        await all();
        for (const [name, murder] of Object.entries(murders)) {
          await note(`before ${name}`);
          await Promise.all([murder(), note(`during ${name}`)]);
          await note(`after ${name}`);
          await all();
        }
        const ids = (await client.events()).map(([id]) => id);
        assert.equal(new Set(ids).size, ids.length);
      } finally {
        await client.close();
      }
    });
  }
});
