// A stack of its own whose parts are killed under load and started again, as a supervisor would:
// what was acknowledged is there afterwards, and what is sent again is not done twice.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Stack, programs, services } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';
import { ask } from './support/ask.mjs';

const stack = new Stack();
const tenant = 'tenant-crash';
let token;

before(async () => {
  await stack.start();
  token = sign(claimsOf({ tenant, user: 'user-1', name: 'Ann', exp: Math.floor(Date.now() / 1000) + 3600 }), stack.secret);
});

after(async () => {
  assert.deepEqual(await stack.stop(), []);
});

// One request; status 0 when the connection broke.
const send = (method, path, body, headers) => ask(stack.url, method, path, { token, body, headers, timeoutMs: 20000 });

// Clients that send one POST after another, each again with the same key until it is answered 201.
class Load {
  constructor(clients) {
    this.ids = new Map(); // key -> id of the goal that was acknowledged
    this.seen = new Set();
    this.stopped = false;
    this.clients = Array.from({ length: clients }, () => this.client());
  }

  async client() {
    while (!this.stopped) {
      const key = randomUUID();
      const id = await this.create(key);
      assert.ok(!this.ids.has(key));
      this.ids.set(key, id);
    }
  }

  async create(key) {
    const deadline = Date.now() + 60000;
    while (Date.now() < deadline) {
      const answer = await send('POST', '/goals', { title: key, horizon: 'year', ownerId: 'o' }, { 'Idempotency-Key': key });
      this.seen.add(answer.status);
      if (answer.status === 201) return answer.data.id;
      assert.ok([0, 409, 503, 504].includes(answer.status), `${answer.status} ${answer.error}`);
      await sleep(20);
    }
    throw new Error('a create was not answered for 60 s');
  }

  // Waits until so many more creates are acknowledged.
  async progress(count) {
    const target = this.ids.size + count;
    const deadline = Date.now() + 60000;
    while (this.ids.size < target) {
      if (Date.now() > deadline) throw new Error(`no progress: statuses ${[...this.seen]}\n${stack.tails()}`);
      await Promise.race([sleep(10), ...this.clients]);
    }
  }

  async stop() {
    this.stopped = true;
    await Promise.all(this.clients);
  }
}

async function killBackends() {
  let pids = [];
  for (let i = 0; pids.length === 0; i += 1) {
    assert.ok(i < 100, 'svc-goals has no connection');
    await sleep(50); // PostgreSQL may still be recovering from the kill before
    const text = await stack.postgres.query("SELECT pid FROM pg_stat_activity WHERE usename = 'svc_goals'").catch(() => '');
    pids = text.split('\n').filter(Boolean);
  }
  process.kill(Number(pids[Math.floor(pids.length / 2)]), 'SIGKILL');
}

const murders = {
  'svc-goals': async () => { await stack.kill('svc-goals'); stack.spawn('svc-goals'); },
  gateway: async () => { await stack.kill('gateway'); stack.spawn('gateway'); },
  'a backend of PostgreSQL': killBackends,
  'the postmaster of PostgreSQL': async () => { await stack.postgres.kill(); await sleep(100); await stack.postgres.start(); },
  'svc-goals and the gateway together': async () => {
    await Promise.all([stack.kill('svc-goals'), stack.kill('gateway')]);
    await sleep(200);
    stack.spawn('gateway');
    stack.spawn('svc-goals');
  },
};

describe('kill -9 under load', () => {
  for (const [name, murder] of Object.entries(murders)) {
    test(`of ${name} loses and doubles nothing`, { timeout: 90000 }, async () => {
      const had = (await send('GET', '/goals?size=1')).pagination.total;
      const load = new Load(12);
      try {
        for (let i = 0; i < 3; i += 1) {
          await load.progress(20);
          await murder();
          await load.progress(20);
        }
      } finally {
        await load.stop();
      }
      await stack.ready();
      for (const [key, id] of load.ids) {
        const read = await send('GET', `/goals/${id}`);
        assert.equal(read.status, 200, `goal ${id} is lost`);
        assert.equal(read.data.title, key);
      }
      for (const [key, id] of [...load.ids].slice(-20)) assert.equal(await load.create(key), id);
      const total = (await send('GET', '/goals?size=1')).pagination.total;
      assert.equal(total - had, load.ids.size, 'each key made one goal');
      assert.deepEqual(stack.problems, []);
    });
  }
});

describe('while a part is down', () => {
  test('readiness says so, with the envelope, and all is well after', async () => {
    await stack.kill('svc-goals');
    let ready;
    for (let i = 0; i < 100; i += 1) {
      ready = await send('GET', '/health/ready');
      if (ready.status === 503) break;
      await sleep(100);
    }
    assert.equal(ready.status, 503);
    assert.equal(ready.success, false);
    assert.equal((await send('GET', '/health/live')).status, 200);
    const answer = await send('GET', '/goals');
    assert.deepEqual([answer.status, answer.code], [503, 'SERVICE_UNAVAILABLE'], 'at once: one that waits ends with UPSTREAM_TIMEOUT');
    stack.spawn('svc-goals');
    await stack.ready();
    assert.equal((await send('GET', '/goals')).status, 200);
  });

  test('a read-only database is 503, not 500, and still read from', async () => {
    const known = await send('POST', '/goals', { title: 'x', horizon: 'year', ownerId: 'o' });
    assert.equal(known.status, 201);
    const setting = async (value) => {
      await stack.postgres.query(`ALTER ROLE svc_goals SET default_transaction_read_only = ${value}`);
      await stack.postgres.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'svc_goals'");
    };
    await setting('on');
    let refused = 0;
    for (let i = 0; i < 20; i += 1) {
      const answer = await send('POST', '/goals', { title: 'x', horizon: 'year', ownerId: 'o' });
      assert.equal(answer.status, 503, `${answer.status} ${answer.error}`);
      assert.equal(answer.code, 'SERVICE_UNAVAILABLE');
      assert.match(answer.headers.get('retry-after'), /^\d+$/);
      refused += 1;
    }
    assert.equal(refused, 20);
    assert.equal((await send('PUT', `/goals/${known.data.id}`, { title: 'y' })).status, 503);
    assert.equal((await send('DELETE', `/goals/${known.data.id}`)).status, 503);
    const read = await send('GET', `/goals/${known.data.id}`);
    assert.equal(read.status, 200);
    assert.equal(read.data.title, 'x');
    const stranger = sign(claimsOf({ tenant, user: 'new-user', name: 'New Name' }), stack.secret);
    assert.equal((await send('GET', '/goals', undefined, { Authorization: `Bearer ${stranger}` })).status, 200);
    await setting('off');
    let answer;
    for (let i = 0; i < 50; i += 1) {
      answer = await send('POST', '/goals', { title: 'x', horizon: 'year', ownerId: 'o' });
      if (answer.status === 201) break;
      await sleep(100);
    }
    assert.equal(answer.status, 201);
  });

  test('a database that is gone is 503 within the time of a request, and heals by itself', async () => {
    await stack.postgres.kill();
    const answer = await send('GET', '/goals');
    assert.ok([503, 504].includes(answer.status), `${answer.status} ${answer.error}`);
    await stack.postgres.start();
    await stack.ready();
    assert.equal((await send('GET', '/goals')).status, 200);
  });
});

describe('stopping and starting', () => {
  test('SIGTERM under load answers what was taken, and the data is there again', async () => {
    const load = new Load(6);
    await load.progress(20);
    for (const name of ['gateway', 'svc-goals']) {
      await stack.terminate(name);
      stack.spawn(name);
      await load.progress(20);
    }
    await load.stop();
    for (const [key, id] of load.ids) assert.equal((await send('GET', `/goals/${id}`)).data.title, key);
    assert.deepEqual(stack.problems, []);
  });

  test('everything stopped and started again shows the same', async () => {
    const read = async () => [await send('GET', '/goals?size=100'), await send('GET', '/goals?sort=title&size=100&page=2')].map((answer) => answer.data);
    const data = await read();
    assert.equal(data[0].length, 100);
    for (const name of [...programs].reverse()) await stack.terminate(name);
    await stack.postgres.stop();
    await stack.postgres.start();
    for (const name of services) await stack.migrate(name);
    for (const name of programs) stack.spawn(name);
    await stack.ready();
    assert.deepEqual(await read(), data);
    assert.deepEqual(stack.problems, []);
  });
});
