// KPI updates that actions bring, and actions and issues while the services they ask are away. A stack
// of its own, because services are killed.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Stack } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';
import { ask } from './support/ask.mjs';

const stack = new Stack();
const operations = '/api/operations';
let goal;
let kpi;
let link;
let action;

// One request; status 0 when the connection broke.
async function send(method, path, body, headers = {}, tenant = 'tenant-updates') {
  const claims = claimsOf({ tenant, user: 'user-1', name: 'Ann', exp: Math.floor(Date.now() / 1000) + 3600 });
  const answer = await ask(stack.url, method, path, { token: sign(claims, stack.secret), body, headers });
  return { ...answer, degraded: answer.headers?.get('x-degraded') };
}

async function make(path, body, tenant) {
  const answer = await send('POST', path, body, {}, tenant);
  assert.equal(answer.status, 201, JSON.stringify(answer));
  return answer.data;
}

const update = (body, headers) => send('POST', `${operations}/kpi-updates`, { actionId: action.id, newValue: 1, updateDate: '2025-01-15', ...body }, headers);
const readings = async () => (await send('GET', `/kpis/${kpi.id}/readings?size=100`)).data;
const feed = async (of = goal) => (await send('GET', `/goals/${of.id}/activity?type=system&size=100`)).data;

async function until(read, wanted) {
  let last;
  for (let i = 0; i < 400; i += 1) {
    last = await read();
    if (last === wanted) return;
    await sleep(25);
  }
  assert.equal(last, wanted);
}

// Started again; every service is asked until all of them answer, since health may not know it yet.
async function back(name) {
  stack.spawn(name);
  await stack.ready();
  const asked = [['GET', '/goals'], ['GET', '/kpis'], ['GET', `${operations}/actions`], ['POST', `${operations}/actions/goals`, { actionIds: [] }]];
  for (let i = 0; i < 400; i += 1) {
    const answers = await Promise.all(asked.map((request) => send(...request)));
    if (answers.every((answer) => answer.status === 200 && answer.degraded === null)) return;
    await sleep(25);
  }
  assert.fail(`${name} is not asked again`);
}

function refused(answer, status, code, ...fields) {
  assert.deepEqual([answer.status, answer.code], [status, code], JSON.stringify(answer));
  assert.deepEqual(Object.keys(answer.errors ?? {}).sort(), fields.sort());
}

before(async () => {
  await stack.start();
  goal = await make('/goals', { title: 'g', horizon: 'year', ownerId: 'user-1', status: 'active' });
  kpi = await make('/kpis', { name: 'k', unit: 'EUR', direction: 'up', baselineValue: 0, targetValue: 100 });
  link = await make(`/goals/${goal.id}/kpis:link`, { kpi_id: kpi.id, threshold_pct: 50 });
  action = await make(`${operations}/actions`, { title: 'a' });
});

after(async () => {
  assert.deepEqual(await stack.stop(), []);
});

describe('a KPI update', () => {
  test('records a reading for the month of its date', async () => {
    const answer = await update({ kpiId: link.id, sharedKpiId: kpi.id, horizonId: 'h', newValue: 42.5, updateDate: '2024-12-31T23:30:00-02:00', notes: 'Won two customers' });
    assert.equal(answer.status, 201);
    assert.deepEqual(Object.keys(answer.data).sort(), ['actionId', 'kpiId', 'reading']);
    assert.deepEqual([answer.data.actionId, answer.data.kpiId], [action.id, kpi.id]);
    const { reading } = answer.data;
    assert.deepEqual([reading.kpiId, reading.period, reading.value, reading.adjustedValue, reading.reason, reading.source, reading.sourceId],
      [kpi.id, '2025-01', 42.5, null, 'Won two customers', 'action', action.id]);
    assert.deepEqual(await readings(), [reading]);
    await until(async () => (await feed()).length, 1);
    assert.equal((await send('GET', `/goals/${goal.id}`)).data.progress, 42.5);
  });

  test('by either id, or both when they agree', async () => {
    let status = 201;
    for (const ids of [{ sharedKpiId: kpi.id }, { kpiId: kpi.id }, { kpiId: link.id }, { kpi_id: link.id, shared_kpi_id: kpi.id }, { kpiId: kpi.id, sharedKpiId: kpi.id }]) {
      const answer = await update({ ...ids, updateDate: '2025-02-03' });
      assert.deepEqual([answer.status, answer.data?.kpiId], [status, kpi.id]);
      status = 200; // the month has a reading
    }
    assert.equal((await readings()).length, 2);
    await until(async () => (await feed()).length, 6);
  });

  test('what is wrong with it', async () => {
    const other = await make('/kpis', { name: 'other', direction: 'down' });
    const foreign = await make('/kpis', { name: 'k', direction: 'up' }, 'tenant-foreign');
    refused(await update({ kpiId: link.id, sharedKpiId: other.id }), 422, 'VALIDATION_ERROR', 'kpiId');
    refused(await update({}), 422, 'VALIDATION_ERROR', 'sharedKpiId');
    refused(await update({ kpiId: 'kpi_1', newValue: 'x', updateDate: '2025-02-30', notes: 5 }), 422, 'VALIDATION_ERROR', 'kpiId', 'newValue', 'updateDate', 'notes');
    refused(await send('POST', `${operations}/kpi-updates`, {}), 422, 'VALIDATION_ERROR', 'actionId', 'newValue', 'sharedKpiId');
    for (const id of [randomUUID(), foreign.id]) {
      refused(await update({ kpiId: id }), 404, 'KPI_NOT_FOUND');
      refused(await update({ sharedKpiId: id }), 404, 'KPI_NOT_FOUND');
      refused(await update({ sharedKpiId: kpi.id, kpiId: id }), 422, 'VALIDATION_ERROR', 'kpiId');
    }
    refused(await update({ kpiId: kpi.id, actionId: randomUUID() }), 404, 'ACTION_NOT_FOUND');
    assert.equal((await readings()).length, 2);
  });

  test('said twice under one key is done once', async () => {
    const before_ = (await feed()).length;
    const key = { 'Idempotency-Key': randomUUID() };
    const answers = await Promise.all(Array.from({ length: 6 }, () => update({ kpiId: kpi.id, updateDate: '2025-03-01', newValue: 7 }, key)));
    const first = answers.find((answer) => answer.status === 201);
    for (const answer of answers) assert.ok(answer.status === 409 || JSON.stringify(answer.data) === JSON.stringify(first.data), JSON.stringify(answer));
    assert.deepEqual((await update({ kpiId: kpi.id, updateDate: '2025-03-01', newValue: 7 }, key)).data, first.data);
    refused(await update({ kpiId: kpi.id, updateDate: '2025-03-01', newValue: 8 }, key), 422, 'IDEMPOTENCY_KEY_REUSED', 'Idempotency-Key');
    await until(async () => (await feed()).length, before_ + 1);
  });
});

describe('while services are killed', () => {
  // Each update is sent until it is acknowledged; each reading makes one entry in the goal's feed.
  async function acknowledged(target, i) {
    const key = { 'Idempotency-Key': randomUUID() };
    for (let tries = 0; tries < 400; tries += 1) {
      const answer = await update({ kpiId: target.id, newValue: i, updateDate: `${2000 + Math.floor(i / 12)}-${String(i % 12 + 1).padStart(2, '0')}-05` }, key);
      if (answer.status === 201) return answer.data.reading;
      assert.ok([0, 409, 503, 504].includes(answer.status), JSON.stringify(answer));
      await sleep(25);
    }
    throw new Error('an update was not answered');
  }

  for (const name of ['svc-kpis', 'svc-operations']) {
    test(`${name}: every update is there exactly once`, async () => {
      const own = await make('/goals', { title: name, horizon: 'year', ownerId: 'user-1' });
      const target = await make('/kpis', { name: `of ${name}`, direction: 'up' });
      await make(`/goals/${own.id}/kpis:link`, { kpi_id: target.id, threshold_pct: 50 });
      const count = 60;
      let next = 0;
      const worker = async () => {
        const made = [];
        while (next < count) made.push(await acknowledged(target, next++));
        return made;
      };
      const work = Promise.all(Array.from({ length: 6 }, worker));
      for (let kill = 0; kill < 4; kill += 1) {
        await sleep(60 + kill * 45);
        await stack.kill(name);
        await back(name);
      }
      const made = (await work).flat();
      assert.equal(new Set(made.map((reading) => reading.id)).size, count);
      const stored = (await send('GET', `/kpis/${target.id}/readings?size=100`)).data;
      assert.deepEqual(stored.map((reading) => reading.id).sort(), made.map((reading) => reading.id).sort());
      await until(async () => (await feed(own)).length, count);
    });
  }
});

describe('without svc-goals', () => {
  test('what needs it is refused and nothing is written; the rest works', async () => {
    const linked = await make(`${operations}/actions`, { title: 'linked', connections: { goalIds: [goal.id] } });
    const path = `${operations}/actions/${linked.id}`;
    const other = await make('/goals', { title: 'other', horizon: 'year', ownerId: 'user-1' });
    await stack.terminate('svc-goals');
    const total = (await send('GET', `${operations}/actions`)).pagination.total;
    refused(await send('POST', `${operations}/actions`, { title: 'x', connections: { goalIds: [goal.id] } }), 503, 'SERVICE_UNAVAILABLE');
    refused(await send('PUT', `${path}/goals`, { goalIds: [other.id] }), 503, 'SERVICE_UNAVAILABLE');
    refused(await send('PUT', path, { title: 'changed', connections: { goalIds: [goal.id, other.id] } }), 503, 'SERVICE_UNAVAILABLE');
    refused(await send('POST', `${operations}/actions/goals`, { actionIds: [linked.id] }), 503, 'SERVICE_UNAVAILABLE');
    assert.deepEqual((await send('GET', path)).data, linked);
    assert.equal((await send('GET', `${operations}/actions`)).pagination.total, total);
    const renamed = await send('PUT', path, { ...linked, title: 'renamed' }); // the whole action, whose links it has already
    assert.deepEqual([renamed.status, renamed.data?.connections.goalIds], [200, [goal.id]]);
    assert.equal((await send('PUT', `${path}/goals`, { goalIds: [] })).status, 200);
    assert.deepEqual((await send('POST', `${operations}/actions/goals`, { actionIds: [linked.id] })).data, { [linked.id]: [] });
    await back('svc-goals');
    assert.equal((await send('PUT', `${path}/goals`, { goalIds: [other.id] })).status, 200);
  });

  test('a goal that was deleted while svc-operations was away', async () => {
    const doomed = await make('/goals', { title: 'doomed', horizon: 'year', ownerId: 'user-1' });
    const linked = await make(`${operations}/actions`, { title: 'x', connections: { goalIds: [doomed.id, goal.id] } });
    await stack.kill('svc-operations');
    assert.equal((await send('DELETE', `/goals/${doomed.id}`)).status, 200);
    await back('svc-operations');
    await until(async () => (await send('GET', `${operations}/actions/${linked.id}`)).data.connections.goalIds.join(), goal.id);
  });
});

describe('without svc-kpis', () => {
  test('an update is refused; goals of actions come without KPIs and say so', async () => {
    const linked = await make(`${operations}/actions`, { title: 'x', connections: { goalIds: [goal.id] } });
    await stack.terminate('svc-kpis');
    refused(await update({ kpiId: kpi.id }), 503, 'SERVICE_UNAVAILABLE');
    refused(await send('POST', `${operations}/goals/kpis`, { goalIds: [goal.id] }), 503, 'SERVICE_UNAVAILABLE');
    const batch = await send('POST', `${operations}/actions/goals`, { actionIds: [linked.id] });
    assert.deepEqual([batch.status, batch.degraded], [200, 'svc-kpis']);
    assert.deepEqual(batch.data[linked.id].map((one) => [one.id, one.kpis, one.progress]), [[goal.id, [], null]]);
    await back('svc-kpis');
    for (let i = 0; i < 100 && (await update({ kpiId: kpi.id })).status !== 200; i += 1) await sleep(50);
    assert.equal((await update({ kpiId: kpi.id, updateDate: '2026-05-01' })).status, 201);
  });
});
