// A slow request leaves one line in the gateway's log that says where its time went, and one in the log of
// each service that was slow, all with its request id.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './support/ask.mjs';
import { Stack } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';

const slowMs = 200;
const held = 0.8; // seconds that a table is locked
const stack = new Stack({ all: { TRACTION_SLOW_REQUEST_MS: String(slowMs), TRACTION_DATABASE_LONG_READERS: '1' } });
const parts = ['readMs', 'gatewayQueueMs', 'serviceQueueMs', 'connectionMs', 'databaseMs', 'otherServicesMs', 'serviceMs', 'busMs', 'answerMs'];
const sum = (numbers) => numbers.reduce((all, number) => all + number, 0);

describe('slow requests', () => {
  let goal, strategy;
  const call = async (method, path, id, body) => {
    const token = sign(claimsOf({ tenant: 'slow', user: 'u1', name: 'Ann' }), stack.secret);
    const answer = await ask(stack.url, method, path, { token, body, timeoutMs: 20000, headers: { 'X-Request-Id': id } });
    assert.ok(answer.status < 300, `${answer.status} ${answer.error}`);
    return answer.data;
  };
  before(async () => {
    await stack.start();
    goal = await call('POST', '/goals', 'a', { title: 'Watched', horizon: 'year', ownerId: 'u1' });
    strategy = await call('POST', `/goals/${goal.id}/strategies`, 'b', { description: 'Look' });
  });
  after(async () => assert.deepEqual(await stack.stop(), []));

  const lines = (program, id) => readFileSync(stack.log(program), 'utf8').split('\n')
    .filter((line) => line.includes('"message":"slow request"') && line.includes(`"requestId":"${id}"`)).map((line) => JSON.parse(line));
  // The request's only line in that program's log.
  const line = async (program, id) => {
    for (let i = 0; i < 100 && lines(program, id).length === 0; i++) await sleep(20);
    const [found, ...more] = lines(program, id);
    assert.ok(found, `${program} has no line of ${id}`);
    assert.deepEqual(more, []);
    return found;
  };
  // Works while nobody may read the table.
  const whileLocked = async (table, work) => {
    const locked = stack.postgres.query(`BEGIN; LOCK TABLE ${table}; SELECT pg_sleep(${held}); COMMIT`);
    await sleep(150);
    try {
      await work();
    } finally {
      await locked;
    }
  };
  const whole = (found) => {
    for (const part of parts) assert.ok(found[part] >= 0, `${part}: ${found[part]}`);
    assert.ok(Math.abs(sum(parts.map((part) => found[part])) - found.durationMs) < 0.1, JSON.stringify(found));
  };
  // All but so many milliseconds are there.
  const mostly = (found, part) => assert.ok(found[part] > 300 && found.durationMs - found[part] < 200, JSON.stringify(found));

  test('say that it was the database', async () => {
    await whileLocked('goals.goals', () => call('GET', '/goals', 'by-database'));
    const found = await line('gateway', 'by-database');
    whole(found);
    mostly(found, 'databaseMs');
    assert.ok(found.statements >= 1);
    assert.deepEqual([found.method, found.path, found.status, found.operation, found.tenant], ['GET', '/goals', 200, 'getGoals', 'slow']);
    const own = await line('svc-goals', 'by-database');
    assert.deepEqual([own.databaseMs, own.statements, own.serviceQueueMs], [found.databaseMs, found.statements, found.serviceQueueMs]);
  });

  test('say that it was another service, and that one says why', async () => {
    await whileLocked('goals.goals', () => call('POST', '/api/operations/actions', 'by-service', { title: 'Do', connections: { goalIds: [goal.id] } }));
    const found = await line('gateway', 'by-service');
    whole(found);
    mostly(found, 'otherServicesMs');
    mostly(await line('svc-operations', 'by-service'), 'otherServicesMs');
    mostly(await line('svc-goals', 'by-service'), 'databaseMs');
  });

  test('say that they waited for a connection', async () => {
    const ids = ['search-a', 'search-b', 'search-c'];
    await whileLocked('goals.goals', () => Promise.all(ids.map((id) => call('GET', '/goals?search=watched', id))));
    const found = await Promise.all(ids.map((id) => line('gateway', id)));
    found.forEach(whole);
    assert.equal(found.filter(({ connectionMs }) => connectionMs > 300).length, 2, JSON.stringify(found));
  });

  test('say that they waited in a queue', async () => {
    const ids = ['turn-a', 'turn-b'];
    await whileLocked('goals.strategies', () => Promise.all(ids.map((id) =>
      call('PUT', `/goals/${goal.id}/strategies:reorder`, id, { strategyIds: [strategy.id] }))));
    const found = await Promise.all(ids.map((id) => line('gateway', id)));
    found.forEach(whole);
    assert.equal(found.filter(({ serviceQueueMs }) => serviceQueueMs > 300).length, 1, JSON.stringify(found));
  });

  test('are not the others', async () => {
    await call('GET', '/goals', 'quick');
    await sleep(200);
    for (const program of ['gateway', 'svc-goals']) assert.deepEqual(lines(program, 'quick'), [], program);
  });
});
