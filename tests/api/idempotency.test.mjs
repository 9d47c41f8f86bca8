// Idempotency-Key: a request that is sent twice is done once and answered twice.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { basePath, created, fails, newTenant, ok } from './support/client.mjs';

const keyed = (key) => ({ headers: { 'Idempotency-Key': key } });
const body = { title: 'once', horizon: 'year', ownerId: 'o' };
const total = async (client) => ok(await client.get('/goals')).pagination.total;

describe('the same key', () => {
  const client = newTenant();

  test('with the same body gives the first answer again', async () => {
    const own = newTenant();
    const key = randomUUID();
    const first = created(await own.post('/goals', body, keyed(key)));
    for (let i = 0; i < 3; i += 1) {
      const again = created(await own.post('/goals', body, keyed(key)));
      assert.deepEqual(again.data, first.data);
      assert.equal(again.headers.location, first.headers.location);
      assert.equal(again.headers.etag, first.headers.etag);
      assert.notEqual(again.headers['x-request-id'], first.headers['x-request-id']);
    }
    assert.equal(await total(own), 1);
  });

  test('with another body is refused and does nothing', async () => {
    const own = newTenant();
    const key = randomUUID();
    created(await own.post('/goals', body, keyed(key)));
    fails(await own.post('/goals', { ...body, title: 'other' }, keyed(key)), 422, 'IDEMPOTENCY_KEY_REUSED');
    fails(await own.post('/goals', {}, keyed(key)), 422);
    assert.equal(await total(own), 1);
  });

  test('at the same time is done once', async () => {
    for (let round = 0; round < 3; round += 1) {
      const own = newTenant();
      const key = randomUUID();
      const answers = await Promise.all(Array.from({ length: 12 }, () => own.post('/goals', body, keyed(key))));
      const good = answers.filter((answer) => answer.status === 201);
      assert.ok(good.length >= 1);
      assert.equal(new Set(good.map((answer) => answer.data.id)).size, 1);
      for (const answer of answers) if (answer.status !== 201) fails(answer, 409, 'CONFLICT');
      assert.equal(await total(own), 1);
    }
  });

  test('gives the first answer also when what the request names is gone', async () => {
    const own = newTenant();
    const goal = await own.goal();
    const issue = created(await own.post('/api/operations/issues', { title: 'i' })).data;
    const kpi = created(await own.post('/kpis', { name: 'k', direction: 'up' })).data;
    const requests = [
      ['/api/operations/actions', { title: 'a', connections: { issueIds: [issue.id], goalIds: [goal.id] } }],
      ['/api/operations/issues', { title: 'j', connections: { goalIds: [goal.id] } }],
      [`/goals/${goal.id}/notes`, { note: 'n' }],
      [`/goals/${goal.id}/strategies`, { description: 's' }],
      [`/goals/${goal.id}/kpis:link`, { kpi_id: kpi.id, threshold_pct: 50 }],
    ].map(([path, data]) => [path, data, keyed(randomUUID())]);
    const firsts = [];
    for (const request of requests) firsts.push(created(await own.post(...request)));
    ok(await own.del(`/api/operations/issues/${issue.id}`));
    ok(await own.del(`/goals/${goal.id}`));
    for (const [i, request] of requests.entries()) {
      assert.deepEqual(created(await own.post(...request)).data, firsts[i].data, request[0]);
      fails(await own.post(request[0], { ...request[1], title: 'other', text: 'other', note: 'other', description: 'other', threshold_pct: 1 }, request[2]),
        422, 'IDEMPOTENCY_KEY_REUSED');
    }
  });

  test('of another user, tenant or route is another key', async () => {
    const key = randomUUID();
    const other = client.as({ user: 'user-2' });
    const stranger = newTenant();
    const [one, two, three] = [await client.post('/goals', body, keyed(key)), await other.post('/goals', body, keyed(key)), await stranger.post('/goals', body, keyed(key))].map(created);
    assert.equal(new Set([one.data.id, two.data.id, three.data.id]).size, 3);
    const note = { note: 'x' };
    const notes = [created(await client.post(`/goals/${one.data.id}/notes`, note, keyed(key))), created(await client.post(`/goals/${two.data.id}/notes`, note, keyed(key)))];
    assert.notEqual(notes[0].data.id, notes[1].data.id);
    assert.equal(notes[1].data.goalId, two.data.id);
  });

  test('after a failure may be used for a better try', async () => {
    const key = randomUUID();
    fails(await client.post('/goals', { ...body, title: '' }, keyed(key)), 422, 'VALIDATION_ERROR');
    const goal = created(await client.post('/goals', body, keyed(key))).data;
    const verb = randomUUID();
    fails(await client.post(`/goals/${goal.id}:pause`, {}, keyed(verb)), 400, 'INVALID_STATUS_TRANSITION');
    ok(await client.post(`/goals/${goal.id}:activate`, {}));
    ok(await client.post(`/goals/${goal.id}:pause`, {}, keyed(verb)));
  });

  test('answers a limit that was reached by its own first request', async () => {
    const own = newTenant({ limits: { goals: 1 } });
    const key = randomUUID();
    const first = created(await own.post('/goals', body, keyed(key)));
    fails(await own.post('/goals', body, keyed(randomUUID())), 403, 'GOAL_LIMIT_REACHED');
    assert.equal(created(await own.post('/goals', body, keyed(key))).data.id, first.data.id);
  });
});

describe('every POST takes a key', () => {
  const client = newTenant({ base: basePath });

  test('verbs, strategies, activity and notes', async () => {
    const goal = await client.goal();
    for (const [path, data] of [[':activate', { reason: 'go' }], [':pause', { reason: 'stop' }], [':activate', { reason: 'again' }],
      ['/strategies', { description: 'x', order: 1 }], ['/activity', { type: 'note', text: 'x' }], ['/notes', { note: 'x' }],
      [':close', { finalStatus: 'completed', reason: 'done' }]]) {
      const key = randomUUID();
      const first = await client.post(`/goals/${goal.id}${path}`, data, keyed(key));
      const again = await client.post(`/goals/${goal.id}${path}`, data, keyed(key));
      assert.ok(first.status < 300, first.text);
      assert.equal(again.status, first.status, again.text);
      assert.deepEqual(again.data, first.data);
    }
    const whole = ok(await client.get(`/goals/${goal.id}`)).data;
    assert.equal(whole.strategies.length, 1);
    assert.equal((await client.activity(goal)).length, 6);
  });

  test('without one, twice is twice', async () => {
    const own = newTenant();
    created(await own.post('/goals', body));
    created(await own.post('/goals', body));
    assert.equal(await total(own), 2);
  });

  test('strange keys harm nobody', async () => {
    for (const key of ['x', 'k'.repeat(128), "'; DROP TABLE idempotency; --", '{"a":1}', 'a b c']) {
      const own = newTenant();
      const answer = await own.post('/goals', body, keyed(key));
      assert.ok([201, 400, 422].includes(answer.status), answer.text);
      const again = await own.post('/goals', body, keyed(key));
      assert.equal(again.status, answer.status);
      assert.equal(await total(own), answer.status === 201 ? 1 : 0);
    }
  });
});
