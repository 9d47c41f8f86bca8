// Two tenants: what belongs to one does not exist for the other, down to the sentence.
import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { fails, newTenant, ok, unknownId } from './support/client.mjs';

const owner = newTenant();
const stranger = newTenant();
let goal;
let strategy;
let own; // the stranger's own goal and strategy
let ownStrategy;

// Every route of goals, strategies and activity that takes an id.
const routes = [
  ['GET', ''], ['PUT', '', { title: 'stolen' }], ['DELETE', ''], ['POST', ':activate', { reason: 'x' }], ['POST', ':pause', { reason: 'x' }],
  ['POST', ':close', { finalStatus: 'cancelled', reason: 'x' }], ['POST', ':close', { finalStatus: 'completed' }],
  ['GET', '/activity'], ['POST', '/activity', { type: 'note', text: 'x' }], ['POST', '/notes', { note: 'x' }],
  ['POST', '/strategies', { description: 'x' }], ['PUT', '/strategies:reorder', (s) => ({ strategyIds: [s] })],
  ['GET', '/strategies/S'], ['PUT', '/strategies/S', { description: 'stolen' }], ['DELETE', '/strategies/S'],
];

const mask = (text, ...ids) => ids.reduce((all, id) => all.replaceAll(id, 'ID'), text);

before(async () => {
  goal = await owner.goal({ title: 'private plan', status: 'active', ownerId: 'shared-person', valueTags: ['secret-tag'] });
  strategy = await owner.strategy(goal);
  ok(await owner.post(`/goals/${goal.id}/notes`, { note: 'n' }), 201);
  own = await stranger.goal({ title: 'own' });
  ownStrategy = await stranger.strategy(own);
});

describe('ids of another tenant', () => {
  for (const [method, path, body] of routes) {
    test(`${method} /goals/{id}${path} behaves as for an id that nobody has`, async () => {
      const ask = (goalId, strategyId, more) => stranger.request(method, `/goals/${goalId}${path.replace('S', strategyId)}`,
        typeof body === 'function' ? body(strategyId) : body, more);
      const [noGoal, noStrategy] = [unknownId(), unknownId()];
      const foreign = fails(await ask(goal.id, strategy.id), 404, 'GOAL_NOT_FOUND');
      const missing = fails(await ask(noGoal, noStrategy), 404, 'GOAL_NOT_FOUND');
      const texts = [foreign, missing].map(({ error, code }) => mask(`${error} ${code}`, goal.id, strategy.id, noGoal, noStrategy));
      assert.equal(texts[0], texts[1]);
      const headers = [foreign, missing].map((answer) => Object.keys(answer.headers).filter((name) => name !== 'date').sort().join());
      assert.equal(headers[0], headers[1]);
      if (method === 'PUT' || method === 'DELETE') {
        fails(await ask(goal.id, strategy.id, { headers: { 'If-Match': '"1-x"' } }), 404, 'GOAL_NOT_FOUND');
      }
    });
  }

  test('a foreign strategy under a goal of one\'s own', async () => {
    for (const [method, body] of [['GET'], ['PUT', { description: 'x' }], ['DELETE']]) {
      fails(await stranger.request(method, `/goals/${own.id}/strategies/${strategy.id}`, body), 404, 'STRATEGY_NOT_FOUND');
      fails(await stranger.request(method, `/goals/${goal.id}/strategies/${ownStrategy.id}`, body), 404, 'GOAL_NOT_FOUND');
    }
  });

  test('a foreign strategy in a reorder is unknown', async () => {
    const unknown = unknownId();
    const answers = [];
    for (const id of [strategy.id, unknown]) {
      answers.push(fails(await stranger.put(`/goals/${own.id}/strategies:reorder`, { strategyIds: [ownStrategy.id, id] }), 422, 'VALIDATION_ERROR'));
    }
    assert.equal(mask(JSON.stringify(answers[0].errors), strategy.id), mask(JSON.stringify(answers[1].errors), unknown));
  });
});

describe('lists', () => {
  test('show one\'s own only, whatever is asked', async () => {
    for (const query of ['', '?search=private', '?ownerId=shared-person', '?valueTag=secret-tag', '?status=active', '?size=100', '?search=%25', `?search=${goal.id}`]) {
      const answer = ok(await stranger.get(`/goals${query}`));
      assert.ok(!answer.text.includes(goal.id), query);
      assert.ok(answer.pagination.total <= 1, query);
    }
  });
});

test('the owner finds everything as it was', async () => {
  const now = ok(await owner.get(`/goals/${goal.id}`)).data;
  assert.deepEqual(now, { ...goal, strategies: [strategy], updatedAt: now.updatedAt });
  assert.equal((await owner.activity(goal)).length, 1);
});
