// A reading is in its goals' feeds before anybody can know of it: before its 201, and before its event.
// A stack of its own, in which svc-goals freezes and svc-kpis dies.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { metric } from './support/metric.mjs';
import { goalStream, watch } from './support/sse.mjs';
import { Stack } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';
import { ask } from './support/ask.mjs';

const stack = new Stack();
let headers;
let names = 0;

async function send(method, path, body, more = {}) {
  const answer = await ask(stack.url, method, path, { body, headers: { ...headers, ...more } });
  return { ...answer, cursor: answer.headers?.get('x-last-event-id') };
}

async function make(path, body) {
  const answer = await send('POST', path, body);
  assert.equal(answer.status, 201, answer.error);
  return answer.data;
}

const newGoal = () => make('/goals', { title: 'g', horizon: 'year', ownerId: 'o' });
async function linkedKpi(...goals) {
  const kpi = await make('/kpis', { name: `k${names += 1}`, direction: 'up' });
  for (const goal of goals) await make(`/goals/${goal.id}/kpis:link`, { kpi_id: kpi.id, threshold_pct: 50 });
  return kpi;
}

const record = (kpi, value, more) => send('POST', `/kpis/${kpi.id}/readings`, { period: '2025-01', value }, more);
const feed = (goal) => send('GET', `/goals/${goal.id}/activity?size=100`);
const readingOf = (entries, value) => entries.filter(({ type, metadata }) => type === 'system' && metadata.value === value);

async function eventually(wanted, milliseconds = 20000) {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const value = await wanted();
    if (value || Date.now() > deadline) return value;
    await sleep(20);
  }
}

before(async () => {
  await stack.start();
  headers = { Authorization: `Bearer ${sign(claimsOf({ tenant: 'feeds', user: 'u', name: 'U' }), stack.secret)}`, 'Content-Type': 'application/json' };
});

after(async () => assert.deepEqual(await stack.stop(), []));

describe('the entry of a reading', () => {
  test('is in the feed of every goal when the answer is there', async () => {
    const goals = [await newGoal(), await newGoal()];
    const kpi = await linkedKpi(...goals);
    for (let value = 1; value <= 20; value += 1) {
      assert.ok((await record(kpi, value)).status < 300);
      for (const goal of goals) assert.equal(readingOf((await feed(goal)).data, value).length, 1, `reading ${value}`);
    }
  });

  test('is in the feed when its event is there', async () => {
    const goal = await newGoal();
    const kpi = await linkedKpi(goal);
    const stream = await watch(stack.url + goalStream(goal), { headers });
    for (let value = 1; value <= 20; value += 1) {
      const recorded = record(kpi, value);
      await stream.count(value);
      const { data } = stream.events[value - 1];
      assert.deepEqual((await feed(goal)).data.filter(({ id }) => id === data.activity.id).map(({ text }) => text), [data.activity.text]);
      assert.ok((await recorded).status < 300);
    }
    await stream.close();
  });

  test('is on the page or behind its cursor, and once in the feed', async () => {
    const goals = [];
    for (let i = 0; i < 30; i += 1) goals.push(await newGoal());
    const kpi = await linkedKpi(...goals);
    for (const [i, goal] of goals.entries()) {
      const recorded = record(kpi, 1000 + i);
      const page = await eventually(() => feed(goal));
      const stream = await watch(stack.url + goalStream(goal), { headers: { ...headers, 'Last-Event-ID': page.cursor } });
      if (readingOf(page.data, 1000 + i).length === 0) await stream.until(({ events }) => events.some(({ data }) => data.reading?.value === 1000 + i));
      assert.ok((await recorded).status < 300);
      await stream.close();
    }
    for (const goal of goals) for (let i = 0; i < goals.length; i += 1) assert.equal(readingOf((await feed(goal)).data, 1000 + i).length, 1);
  });
});

// Goals and links that the API would make one by one.
async function linkMany(kpi, goal, count) {
  const copy = (table, id, more) => `INSERT INTO ${table} SELECT (jsonb_populate_record(t, jsonb_build_object(${more}))).* FROM ${table} t, made WHERE t.${id}`;
  await stack.postgres.query(`DROP TABLE IF EXISTS made; CREATE TABLE made AS SELECT gen_random_uuid() AS made FROM generate_series(1, ${count})`);
  await stack.postgres.query(copy('goals.goals', `id = '${goal.id}'`, "'id', made"));
  await stack.postgres.query(copy('kpis.links', `kpi_id = '${kpi.id}' AND t.goal_id = '${goal.id}'`, "'id', gen_random_uuid(), 'goal_id', made"));
}

const statements = (program) => metric(stack.adminPorts[program], 'traction_database_statements_total');

describe('a KPI of many goals', () => {
  // More than may be linked now: older releases had no limit, and their events are in the logs.
  test('its reading is in all feeds and streams by a few statements', { timeout: 120000 }, async () => {
    const goal = await newGoal();
    const kpi = await linkedKpi(goal);
    await linkMany(kpi, goal, 4999);
    const before = { 'svc-realtime': await statements('svc-realtime'), 'svc-goals': await statements('svc-goals') };
    const stream = await watch(stack.url + goalStream(goal), { headers });
    assert.equal((await record(kpi, 5)).status, 201);
    await stream.count(1);
    const count = (sql) => stack.postgres.query(`SELECT count(*) FROM ${sql}`);
    assert.equal(await count(`goals.activity WHERE metadata IS NOT NULL AND goal_id IN (SELECT goal_id FROM kpis.links WHERE kpi_id = '${kpi.id}')`), '5000');
    // Each goal's entry once, behind each other, with the id of the feed's entry.
    assert.equal(await stack.postgres.query(`SELECT (count(DISTINCT s.goal_id), max(place) - min(place), count(*))::text FROM realtime.stream s
      JOIN kpis.links l ON l.goal_id = s.goal_id AND l.kpi_id = '${kpi.id}' WHERE type = 'kpi.reading.created' AND shown`), '(5000,4999,5000)');
    assert.equal(await count(`goals.activity a JOIN realtime.stream s ON s.goal_id = a.goal_id AND position(convert_to(a.id::text, 'UTF8') IN s.data) > 0
      JOIN kpis.links l ON l.goal_id = s.goal_id AND l.kpi_id = '${kpi.id}' WHERE s.type = 'kpi.reading.created'`), '5000');
    for (const program of Object.keys(before)) {
      const sent = await statements(program) - before[program];
      assert.ok(sent < 200, `${program}: ${sent} statements`);
    }
    assert.equal(stream.events[0].data.goalId, goal.id);
    assert.equal(stream.events[0].data.reading.value, 5);
    await stream.close();
  });

  test('one tenant whose stream is locked holds up no other that another service tells of', async () => {
    const stranger = { ...headers, Authorization: `Bearer ${sign(claimsOf({ tenant: 'others', user: 'u', name: 'U' }), stack.secret)}` };
    const stream = await watch(`${stack.url}/realtime/tenants/others`, { headers: stranger });
    await newGoal(); // the tenant has a head
    await eventually(async () => await stack.postgres.query(`SELECT count(*) FROM realtime.heads WHERE tenant_id = 'feeds'`) === '1');
    const held = await stack.postgres.hold(`SELECT FROM realtime.heads WHERE tenant_id = 'feeds' FOR UPDATE`);
    await newGoal();
    assert.ok(await eventually(async () => await stack.postgres.query('SELECT count(*) FROM pg_locks WHERE NOT granted') !== '0'));
    assert.equal((await ask(stack.url, 'POST', '/kpis', { body: { name: 'other', direction: 'up' }, headers: stranger })).status, 201);
    await stream.count(1);
    assert.ok(held.isHeld(), 'it waited for the lock');
    await held.release();
    await stream.close();
  });
});

describe('a reading that svc-goals refuses', () => {
  // Its event lacks the text of the entries (the key "text" is another). svc-realtime asks for the entries before it streams it.
  test('holds up its tenant only, until an operator skips it', { timeout: 60000 }, async () => {
    const stranger = { ...headers, Authorization: `Bearer ${sign(claimsOf({ tenant: 'strangers', user: 'u', name: 'U' }), stack.secret)}` };
    const others = await watch(`${stack.url}/realtime/tenants/strangers`, { headers: stranger });
    const goal = await newGoal();
    const kpi = await linkedKpi(goal);
    const own = await watch(`${stack.url}/realtime/tenants/feeds?types=kpi.reading.created`, { headers });
    assert.equal((await record(kpi, 1)).status, 201);
    await own.count(1);
    const parked = () => stack.postgres.query(`SELECT (SELECT count(*) FROM realtime.parked_events WHERE source = 'svc-kpis' AND attempts > 0)
      || ' ' || (SELECT count(*) FROM goals.parked_events WHERE source = 'svc-kpis' AND attempts > 0)`);
    await stack.postgres.query(`INSERT INTO kpis.outbox (tenant_id, type, entity_id, version, payload, created_at)
      SELECT tenant_id, type, '${kpi.id}', 1, decode(replace(encode(payload, 'hex'), 'a474657874', 'a474657878'), 'hex'), now()
        FROM kpis.event_log WHERE type = 'kpi.reading.created' ORDER BY pos DESC LIMIT 1`);
    assert.ok(await eventually(async () => await parked() === '1 1'), await parked());
    assert.equal((await record(kpi, 2)).status < 300, true);
    assert.equal((await ask(stack.url, 'POST', '/kpis', { body: { name: 'theirs', direction: 'up' }, headers: stranger })).status, 201);
    await others.count(1);
    assert.deepEqual(others.types(), ['kpi.created']);
    assert.deepEqual(own.types(), ['kpi.reading.created'], 'the next reading waits behind it');
    for (const schema of ['realtime', 'goals']) await stack.postgres.query(`DELETE FROM ${schema}.parked_events WHERE attempts > 0`);
    await own.count(2);
    assert.equal(own.events[1].data.reading.value, 2);
    assert.ok(await eventually(async () => await stack.postgres.query('SELECT (SELECT count(*) FROM realtime.parked_events) + (SELECT count(*) FROM goals.parked_events)') === '0'));
    await own.close();
    await others.close();
  });
});

describe('while svc-goals does not answer', () => {
  test('no 201 and no event promise an entry, and nothing is lost or told twice', async () => {
    const goal = await newGoal();
    const kpi = await linkedKpi(goal);
    const stream = await watch(stack.url + goalStream(goal), { headers });
    const key = { 'Idempotency-Key': 'while-frozen' };
    stack.running.get('svc-goals').child.kill('SIGSTOP');
    let refused;
    try {
      refused = await record(kpi, 7, key);
      assert.deepEqual([refused.status, refused.code], [504, 'UPSTREAM_TIMEOUT'], refused.error);
      const lone = await make('/kpis', { name: 'lone', direction: 'up' });
      assert.equal((await record(lone, 1)).status, 201, 'a KPI of no goal needs no feed');
      assert.deepEqual(stream.types(), []);
    } finally {
      stack.running.get('svc-goals').child.kill('SIGCONT');
    }
    const again = await eventually(async () => { const answer = await record(kpi, 7, key); return answer.status === 504 ? null : answer; });
    assert.equal(again?.status, 201, 'the key brings the first answer');
    assert.equal(readingOf((await feed(goal)).data, 7).length, 1);
    await stream.count(1);
    await sleep(500);
    assert.deepEqual(stream.types(), ['kpi.reading.created']);
    assert.equal((await send('GET', `/kpis/${kpi.id}/readings`)).pagination.total, 1);
    await stream.close();
  });
});

describe('while svc-kpis dies again and again', () => {
  test('every answered reading is in the feed at once, each once', { timeout: 90000 }, async () => {
    const goal = await newGoal();
    const kpi = await linkedKpi(goal);
    let over = false;
    const killing = (async () => {
      for (let i = 0; i < 4; i += 1) {
        await sleep(300 + 130 * i);
        await stack.kill('svc-kpis');
        stack.spawn('svc-kpis');
        await sleep(700);
      }
      over = true;
    })();
    let value = 0;
    for (; !over; value += 1) {
      const answer = await record(kpi, value, { 'Idempotency-Key': `k-${value}` });
      if (answer.status < 300) assert.equal(readingOf((await feed(goal)).data, value).length, 1, `reading ${value}`);
      else assert.ok([503, 504].includes(answer.status), `${answer.status} ${answer.error}`);
    }
    await killing;
    assert.ok(await eventually(async () => (await record(kpi, -1)).status < 300));
    const entries = [];
    for (let page = 1, more = true; more; page += 1) {
      const { data } = await send('GET', `/goals/${goal.id}/activity?size=100&page=${page}`);
      entries.push(...data);
      more = data.length === 100;
    }
    for (let i = 0; i < value; i += 1) assert.ok(readingOf(entries, i).length <= 1, `reading ${i} twice`);
  });
});
