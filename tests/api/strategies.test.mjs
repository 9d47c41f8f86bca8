// Strategies: what they hold, and their order, which is 1, 2, 3, ... after every change.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { basePath, created, fails, instant, invalid, newTenant, ok, stack, unknownId, uuidV7 } from './support/client.mjs';

// The goal's strategies as "description" texts in order, having checked that the order is dense.
async function order(client, goal) {
  const { strategies } = ok(await client.get(`/goals/${goal.id}`)).data;
  assert.deepEqual(strategies.map((strategy) => strategy.order), strategies.map((_, i) => i + 1));
  return strategies.map((strategy) => strategy.description).join('');
}

async function goalWith(client, letters) {
  const goal = await client.goal();
  const ids = {};
  for (const letter of letters) ids[letter] = (await client.strategy(goal, { description: letter })).id;
  return { goal, ids, path: `/goals/${goal.id}/strategies` };
}

for (const base of ['', basePath]) {
  describe(`strategies under "${base}"`, () => {
    const client = newTenant({ base });

    test('one is created, read, changed and deleted', async () => {
      const goal = await client.goal();
      const answer = created(await client.post(`/goals/${goal.id}/strategies`, { description: 'Sell more', status: 'draft', order: 1 }));
      const { id, createdAt, updatedAt, ...rest } = answer.data;
      assert.match(id, uuidV7);
      assert.match(createdAt, instant);
      assert.equal(updatedAt, createdAt);
      assert.deepEqual(rest, {
        goalId: goal.id, title: null, name: 'Sell more', description: 'Sell more', status: 'draft', order: 1, ownerId: null, ownerName: null, priority: null,
        dueDate: null, tags: [], aiGenerated: false, validationScore: null, validationFeedback: null, createdBy: 'user-1', updatedBy: 'user-1',
      });
      const path = `/goals/${goal.id}/strategies/${id}`;
      assert.ok(new URL(answer.headers.location, stack.url).pathname.endsWith(`${base}${path}`), answer.headers.location);
      assert.deepEqual(ok(await client.get(path)).data, answer.data);

      const other = client.as({ user: 'user-2' });
      const changed = ok(await other.put(path, { status: 'validated' })).data;
      assert.deepEqual({ ...changed, updatedAt }, { ...answer.data, status: 'validated', updatedBy: 'user-2' });
      assert.deepEqual(ok(await client.get(`/goals/${goal.id}`)).data.strategies, [changed]);

      const gone = ok(await client.del(path)).data;
      assert.deepEqual(Object.keys(gone).sort(), ['deletedAt', 'id']);
      assert.equal(gone.id, id);
      for (const method of ['GET', 'PUT', 'DELETE']) {
        fails(await client.request(method, path, method === 'PUT' ? { status: 'draft' } : undefined), 404, 'STRATEGY_NOT_FOUND');
      }
      assert.deepEqual(ok(await client.get(`/goals/${goal.id}`)).data.strategies, []);
    });
  });
}

describe('fields of a strategy', () => {
  const client = newTenant();

  test('all statuses, in any order of change', async () => {
    const { path, ids } = await goalWith(client, 'a');
    for (const status of ['adopted', 'draft', 'validated', 'validated', 'draft']) {
      assert.equal(ok(await client.put(`${path}/${ids.a}`, { status })).data.status, status);
    }
    for (const status of ['draft', 'validated', 'adopted']) {
      assert.equal(created(await client.post(path, { description: 'x', status })).data.status, status);
    }
    assert.equal((await client.strategy({ id: path.split('/')[2] })).status, 'draft');
  });

  test('what clients keep of them', async () => {
    const goal = await client.goal();
    const details = {
      title: 'Expand in Asia', description: 'Enter five markets', status: 'evaluated', ownerId: 'user-1', priority: 'critical', dueDate: '2026-12-31',
      tags: ['asia', 'growth'], aiGenerated: true, validationScore: 72, validationFeedback: 'Sound, if slow',
    };
    const strategy = await client.strategy(goal, details);
    for (const [name, value] of Object.entries({ ...details, status: 'validated', dueDate: '2026-12-31T00:00:00.000Z', name: 'Expand in Asia', ownerName: 'Ann One' }))
      assert.deepEqual(strategy[name], value, name);
    const path = `/goals/${goal.id}/strategies/${strategy.id}`;
    const cleared = ok(await client.put(path, { title: '', owner_id: '', due_date: '', tags: null, ai_generated: null, validationScore: null })).data;
    assert.deepEqual([cleared.name, cleared.ownerId, cleared.ownerName, cleared.dueDate, cleared.tags, cleared.aiGenerated, cleared.validationScore],
      ['Enter five markets', null, null, null, [], false, null]);
    assert.deepEqual([cleared.priority, cleared.validationFeedback], ['critical', 'Sound, if slow']);
    assert.equal(ok(await client.put(path, { priority: 3 })).data.priority, 'high');
    invalid(await client.put(path, { title: 'x'.repeat(201), validation_feedback: 'x'.repeat(5001), tags: Array(21).fill('x'), validation_score: 101, priority: 5, ownerId: 'x'.repeat(129), dueDate: 'soon', aiGenerated: 'yes' }),
      'title', 'validation_feedback', 'tags', 'validation_score', 'priority', 'ownerId', 'dueDate', 'aiGenerated');
  });

  test('their name is a title only where it is one', async () => {
    const goal = await client.goal();
    const strategy = await client.strategy(goal, { description: 'x'.repeat(90) });
    assert.deepEqual([strategy.title, strategy.name], [null, 'x'.repeat(80)]);
    const path = `/goals/${goal.id}/strategies/${strategy.id}`;
    const same = ok(await client.put(path, strategy)).data;
    assert.deepEqual([same.title, same.name], [null, 'x'.repeat(80)]);
    const other = ok(await client.put(path, { ...strategy, description: 'Other' })).data;
    assert.deepEqual([other.title, other.name], [null, 'Other']);
    const named = ok(await client.put(path, { ...other, name: 'Named' })).data;
    assert.deepEqual([named.title, named.name], ['Named', 'Named']);
    assert.equal(ok(await client.put(path, { ...named, title: 'Titled' })).data.name, 'Titled');
    invalid(await client.put(path, { title: 'a', name: 'b' }), 'name');
    assert.equal(created(await client.post(`/goals/${goal.id}/strategies`, { name: 'By name', description: 'x' })).data.title, 'By name');
  });

  test('5,000 characters of any script are kept', async () => {
    const goal = await client.goal();
    const text = '語😀'.repeat(2500);
    assert.equal((await client.strategy(goal, { description: text })).description, text);
  });

  const bad = [
    ['description', ''], ['description', 'x'.repeat(5001)], ['description', 5], ['description', null], ['description', ['a']],
    ['status', 'active'], ['status', ''], ['status', 1], ['order', 0], ['order', -1], ['order', 1.5], ['order', '1'],
    ['order', true], ['order', 1e30],
  ];
  for (const [field, value] of bad) {
    test(`${field} ${JSON.stringify(value).slice(0, 30)} is refused`, async () => {
      const { goal, path, ids } = await goalWith(client, 'a');
      invalid(await client.post(path, { description: 'x', [field]: value }), field);
      invalid(await client.put(`${path}/${ids.a}`, { [field]: value }), field);
      assert.equal(await order(client, goal), 'a');
    });
  }

  test('the description is required', async () => {
    const goal = await client.goal();
    invalid(await client.post(`/goals/${goal.id}/strategies`, {}), 'description');
  });

  test('what does not exist is not found', async () => {
    const { path, ids } = await goalWith(client, 'a');
    const elsewhere = await client.goal();
    for (const [method, body] of [['GET'], ['PUT', { description: 'x' }], ['DELETE']]) {
      for (const id of [unknownId(), 'x']) {
        fails(await client.request(method, `${path}/${id}`, body), 404, 'STRATEGY_NOT_FOUND');
        fails(await client.request(method, `/goals/${id}/strategies/${ids.a}`, body), 404, 'GOAL_NOT_FOUND');
      }
      fails(await client.request(method, `/goals/${elsewhere.id}/strategies/${ids.a}`, body), 404, 'STRATEGY_NOT_FOUND');
    }
    fails(await client.post(`/goals/${unknownId()}/strategies`, { description: 'x' }), 404, 'GOAL_NOT_FOUND');
    fails(await client.put(`/goals/${unknownId()}/strategies:reorder`, { strategyIds: [] }), 404, 'GOAL_NOT_FOUND');
  });
});

describe('order of strategies', () => {
  const client = newTenant();

  test('a new one goes to the end, or where it is told', async () => {
    const { goal, path } = await goalWith(client, 'abc');
    assert.equal(await order(client, goal), 'abc');
    created(await client.post(path, { description: 'd', order: 2 }));
    assert.equal(await order(client, goal), 'adbc');
    created(await client.post(path, { description: 'e', order: 1 }));
    assert.equal(await order(client, goal), 'eadbc');
    created(await client.post(path, { description: 'f', order: 6 }));
    assert.equal(await order(client, goal), 'eadbcf');
  });

  test('an order beyond the end never leaves a gap', async () => {
    const { goal, path } = await goalWith(client, 'ab');
    const answer = await client.post(path, { description: 'c', order: 100 });
    if (answer.status !== 201) fails(answer, 422, 'VALIDATION_ERROR');
    assert.equal(await order(client, goal), answer.status === 201 ? 'abc' : 'ab');
  });

  test('PUT moves down, up and nowhere', async () => {
    const { goal, path, ids } = await goalWith(client, 'abcde');
    for (const [letter, to, expected] of [['a', 3, 'bcade'], ['e', 1, 'ebcad'], ['b', 2, 'ebcad'], ['d', 4, 'ebcda'], ['e', 5, 'bcdae']]) {
      assert.equal(ok(await client.put(`${path}/${ids[letter]}`, { order: to })).data.order, to);
      assert.equal(await order(client, goal), expected);
    }
  });

  test('DELETE closes the gap', async () => {
    const { goal, path, ids } = await goalWith(client, 'abcd');
    for (const [letter, left] of [['b', 'acd'], ['a', 'cd'], ['d', 'c'], ['c', '']]) {
      ok(await client.del(`${path}/${ids[letter]}`));
      assert.equal(await order(client, goal), left);
    }
    created(await client.post(path, { description: 'z' }));
    assert.equal(await order(client, goal), 'z');
  });

  test('200 are the most a goal holds', async () => {
    const { goal, path } = await goalWith(client, '');
    for (let i = 0; i < 200; i += 20) {
      await Promise.all(Array.from({ length: 20 }, () => client.strategy(goal)));
    }
    fails(await client.post(path, { description: 'one more' }), 422, 'VALIDATION_ERROR');
    const { strategies } = ok(await client.get(`/goals/${goal.id}`)).data;
    assert.deepEqual(strategies.map((strategy) => strategy.order), Array.from({ length: 200 }, (_, i) => i + 1));
    ok(await client.del(`${path}/${strategies[0].id}`));
    created(await client.post(path, { description: 'room again' }));
  });
});

describe(':reorder', () => {
  const client = newTenant();

  test('takes a list of ids, in any spelling and under %3A, and answers the list', async () => {
    const { goal, path, ids } = await goalWith(client, 'abc');
    for (const [verb, field, letters] of [[':reorder', 'strategyIds', 'cab'], ['%3Areorder', 'strategy_ids', 'bca'], [':reorder', 'strategyIds', 'bca']]) {
      const answer = ok(await client.put(`${path}${verb}`, { [field]: [...letters].map((letter) => ids[letter]) }));
      assert.deepEqual(answer.data.map((strategy) => [strategy.description, strategy.order]), [...letters].map((letter, i) => [letter, i + 1]));
      assert.equal(await order(client, goal), letters);
    }
  });

  test('takes pairs of id and order', async () => {
    const { goal, path, ids } = await goalWith(client, 'abc');
    ok(await client.put(`${path}:reorder`, { strategyOrders: [{ strategyId: ids.a, newOrder: 3 }, { strategyId: ids.b, newOrder: 1 }, { strategyId: ids.c, newOrder: 2 }] }));
    assert.equal(await order(client, goal), 'bca');
    ok(await client.put(`${path}:reorder`, { strategy_orders: [{ strategy_id: ids.a, new_order: 1 }, { strategy_id: ids.b, new_order: 2 }, { strategy_id: ids.c, new_order: 3 }] }));
    assert.equal(await order(client, goal), 'abc');
  });

  test('names what is missing, unknown or twice, and changes nothing', async () => {
    const { goal, path, ids } = await goalWith(client, 'abc');
    const foreign = await goalWith(client, 'x');
    const unknown = unknownId();
    for (const [list, culprit] of [
      [[ids.a, ids.b], ids.c], [[ids.c, ids.b, ids.a, unknown], unknown], [[ids.a, ids.b, ids.c, ids.a], ids.a],
      [[ids.c, ids.b, foreign.ids.x], foreign.ids.x], [[ids.c, ids.b, ids.a, 'nonsense'], null], [[], null],
    ]) {
      const answer = fails(await client.put(`${path}:reorder`, { strategyIds: list }), 422, 'VALIDATION_ERROR');
      if (culprit) assert.ok(answer.text.includes(culprit) || /\[\d\]/.test(Object.keys(answer.errors).join()), answer.text);
      assert.equal(await order(client, goal), 'abc');
    }
  });

  test('pairs must give each place once', async () => {
    const { goal, path, ids } = await goalWith(client, 'abc');
    const pairs = (a, b, c) => [{ strategyId: ids.a, newOrder: a }, { strategyId: ids.b, newOrder: b }, { strategyId: ids.c, newOrder: c }];
    for (const list of [pairs(1, 1, 2), pairs(0, 1, 2), pairs(1, 2, '3'), pairs(3, 2, 1.5), pairs(3, 2, 1).slice(1)]) {
      fails(await client.put(`${path}:reorder`, { strategyOrders: list }), 422, 'VALIDATION_ERROR');
      assert.equal(await order(client, goal), 'abc');
    }
  });

  test('bad bodies are refused', async () => {
    const { goal, path } = await goalWith(client, 'ab');
    for (const body of [{}, { strategyIds: 'x' }, { strategyIds: null }, { strategyIds: [1, 2] }, { strategyOrders: 5 }, { strategyOrders: [5] }]) {
      fails(await client.put(`${path}:reorder`, body), 422, 'VALIDATION_ERROR');
    }
    assert.equal(await order(client, goal), 'ab');
  });

  test('of a goal without strategies names none', async () => {
    const { path } = await goalWith(client, '');
    assert.deepEqual(ok(await client.put(`${path}:reorder`, { strategyIds: [] })).data, []);
  });
});
