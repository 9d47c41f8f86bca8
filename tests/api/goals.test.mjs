// Goals: what the specification's chapter asks, under both of its base URLs.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import {
  Client, basePath, created, fails, instant, invalid, newTenant, ok, stack, unknownId, uuidV7,
} from './support/client.mjs';

const monthsLater = (from, months) => {
  const date = new Date(from);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.getTime();
};
const day = 24 * 3600 * 1000;

for (const base of ['', basePath]) {
  describe(`goals under ${stack.url}${base}`, () => {
    const client = newTenant({ base });

    test('a goal is created with the least that is required', async () => {
      const before = Date.now();
      const answer = created(await client.post('/goals', { title: 'Grow', horizon: 'year', owner_id: 'owner-9', value_tags: [] }));
      const goal = answer.data;
      assert.match(goal.id, uuidV7);
      for (const key of ['createdAt', 'updatedAt', 'startDate', 'dueDate']) assert.match(goal[key], instant, key);
      const { id, createdAt, updatedAt, startDate, dueDate, metadata, ...rest } = goal;
      assert.deepEqual(rest, {
        title: 'Grow', intent: null, description: null, ownerId: 'owner-9', ownerName: null, horizon: 'year', type: 'year', endDate: dueDate, status: 'draft',
        valueTags: [], strategies: [], kpis: [], progress: 0, createdBy: 'user-1', updatedBy: 'user-1',
        completedAt: null, cancelledAt: null, deletedAt: null, allowedTransitions: rest.allowedTransitions,
      });
      assert.ok(metadata === null || Object.keys(metadata).length === 0);
      assert.equal(createdAt, updatedAt);
      assert.ok(Math.abs(Date.parse(createdAt) - before) < 30000);
      assert.equal(startDate, createdAt);
      assert.ok(Math.abs(Date.parse(dueDate) - monthsLater(createdAt, 12)) < 4 * day);
      assert.equal(new URL(answer.headers.location, stack.url).pathname.slice(-(`${base}/goals/${id}`.length)), `${base}/goals/${id}`);
      assert.deepEqual(ok(await client.get(`/goals/${id}`)).data, goal);
    });

    test('a goal is created with everything', async () => {
      const sent = {
        title: 'Größe ♥ 成長', intent: 'Why not', ownerId: 'owner-2', horizon: 'month', status: 'active',
        valueTags: ['care', 'Mut'], metadata: { color: 'red', nested: { list: [1, 2.5, null, true, 'x'] } },
        startDate: '2025-01-15', dueDate: '2025-02-14T22:30:00+02:00',
      };
      const goal = created(await client.post('/goals', sent)).data;
      for (const key of ['title', 'intent', 'ownerId', 'horizon', 'status', 'valueTags', 'metadata']) {
        assert.deepEqual(goal[key], sent[key], key);
      }
      assert.equal(goal.startDate, '2025-01-15T00:00:00.000Z');
      assert.equal(goal.dueDate, '2025-02-14T20:30:00.000Z');
      assert.deepEqual(ok(await client.get(`/goals/${goal.id}`)).data, goal);
    });

    test('PUT changes what it names and keeps the rest', async () => {
      const goal = await client.goal({ intent: 'old', value_tags: ['a'], metadata: { k: 1 } });
      const changed = ok(await client.put(`/goals/${goal.id}`, { title: 'New', owner_id: 'owner-3' })).data;
      assert.ok(changed.updatedAt >= goal.updatedAt);
      assert.deepEqual({ ...changed, updatedAt: 0 }, { ...goal, title: 'New', ownerId: 'owner-3', updatedAt: 0 });
      assert.deepEqual(ok(await client.get(`/goals/${goal.id}`)).data, changed);
    });

    test('PUT takes a whole goal back, computed fields and all', async () => {
      const goal = await client.goal({ intent: 'x', metadata: { a: 1 } });
      await client.strategy(goal);
      const whole = ok(await client.get(`/goals/${goal.id}`)).data;
      const back = ok(await client.put(`/goals/${goal.id}`, { ...whole, title: 'Renamed' })).data;
      assert.deepEqual({ ...back, updatedAt: 0 }, { ...whole, title: 'Renamed', updatedAt: 0 });
    });

    test('null clears what may be absent', async () => {
      const goal = await client.goal({ intent: 'x', value_tags: ['a'], metadata: { a: 1 } });
      const cleared = ok(await client.put(`/goals/${goal.id}`, { intent: null, valueTags: null, metadata: null })).data;
      assert.equal(cleared.intent, null);
      assert.deepEqual(cleared.valueTags, []);
      assert.equal(Object.keys(cleared.metadata ?? {}).length, 0);
      invalid(await client.put(`/goals/${goal.id}`, { title: null, horizon: null, owner_id: null, status: null }),
        'title', 'horizon', 'owner_id', 'status');
    });

    test('DELETE hides the goal and its children', async () => {
      const goal = await client.goal({ title: 'Doomed' });
      const strategy = await client.strategy(goal);
      const answer = ok(await client.del(`/goals/${goal.id}`));
      assert.deepEqual(Object.keys(answer.data).sort(), ['deletedAt', 'id']);
      assert.equal(answer.data.id, goal.id);
      assert.match(answer.data.deletedAt, instant);
      for (const [method, path, body] of [
        ['GET', ''], ['PUT', '', { title: 'x' }], ['DELETE', ''], ['POST', ':activate', {}], ['POST', ':pause', {}],
        ['POST', ':close', { finalStatus: 'cancelled' }], ['GET', '/activity'],
        ['POST', '/activity', { type: 'note', text: 'x' }], ['POST', '/notes', { note: 'x' }],
        ['POST', '/strategies', { description: 'x' }], ['PUT', '/strategies:reorder', { strategyIds: [strategy.id] }],
        ['GET', `/strategies/${strategy.id}`], ['PUT', `/strategies/${strategy.id}`, { description: 'x' }],
        ['DELETE', `/strategies/${strategy.id}`],
      ]) fails(await client.request(method, `/goals/${goal.id}${path}`, body), 404, 'GOAL_NOT_FOUND');
      assert.equal(ok(await client.get('/goals?search=Doomed')).pagination.total, 0);
    });
  });
}

describe('one goal under two addresses', () => {
  test('what one base URL makes the other shows', async () => {
    const client = newTenant();
    const goal = await client.goal();
    assert.deepEqual(ok(await client.as({ base: basePath }).get(`/goals/${goal.id}`)).data, goal);
  });

  test('ids that are none are not found', async () => {
    const client = newTenant();
    for (const id of [unknownId(), 'x', '123', `${unknownId()}0`, '%20', 'statsx', '%C3%A4']) {
      fails(await client.get(`/goals/${id}`), 404, 'GOAL_NOT_FOUND');
    }
  });

  test('fixed segments win over ids', async () => {
    const answer = await newTenant().get('/goals/stats');
    assert.notEqual(answer.status, 404, answer.text);
  });
});

describe('names of fields', () => {
  const client = newTenant();

  test('camelCase, snake_case and a capital first letter mean the same', async () => {
    for (const body of [
      { title: 'a', horizon: 'year', ownerId: 'o', valueTags: ['t'], startDate: '2025-01-01', dueDate: '2026-01-01' },
      { title: 'a', horizon: 'year', owner_id: 'o', value_tags: ['t'], start_date: '2025-01-01', due_date: '2026-01-01' },
      { Title: 'a', Horizon: 'year', OwnerId: 'o', ValueTags: ['t'], StartDate: '2025-01-01', DueDate: '2026-01-01' },
      { title: 'a', horizon: 'year', ownerId: 'o', owner_id: 'o', valueTags: ['t'], value_tags: ['t'], startDate: '2025-01-01', dueDate: '2026-01-01' },
    ]) {
      const goal = created(await client.post('/goals', body)).data;
      assert.deepEqual([goal.ownerId, goal.valueTags, goal.startDate, goal.dueDate],
        ['o', ['t'], '2025-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z']);
    }
  });

  test('two spellings with different values are refused', async () => {
    const answer = await client.post('/goals', { title: 'a', horizon: 'year', ownerId: 'o', owner_id: 'p' });
    fails(answer, 422, 'VALIDATION_ERROR');
    assert.ok(Object.keys(answer.errors).some((key) => /owner_?id/i.test(key)), answer.text);
  });

  test('errors name the field as the caller spelled it', async () => {
    invalid(await client.post('/goals', { title: 'a', horizon: 'year', owner_id: 5 }), 'owner_id');
    invalid(await client.post('/goals', { title: 'a', horizon: 'year', ownerId: 5 }), 'ownerId');
    invalid(await client.post('/goals', { Title: 7, horizon: 'year', ownerId: 'o' }), 'Title');
    invalid(await client.post('/goals', { title: 'a', horizon: 'year', ownerId: 'o', value_tags: ['a', 'b', 3] }), 'value_tags[2]');
  });

  test('unknown fields are ignored', async () => {
    const goal = await client.goal({ nonsense: { a: [1] }, id: unknownId(), createdBy: 'evil', progress: 55 });
    assert.equal(goal.createdBy, 'user-1');
    assert.equal(goal.progress, 0);
    assert.equal(goal.nonsense, undefined);
  });
});

describe('limits of fields', () => {
  const client = newTenant();
  const good = { title: 'a', horizon: 'year', ownerId: 'o' };

  test('the longest of everything is taken, counted in characters', async () => {
    const goal = await client.goal({
      title: '😀'.repeat(200), intent: 'ä'.repeat(2000), ownerId: 'ü'.repeat(128),
      valueTags: Array.from({ length: 20 }, (_, i) => `${String(i).padStart(2, '0')}${'語'.repeat(48)}`),
      metadata: { text: 'x'.repeat(16000) },
    });
    const read = ok(await client.get(`/goals/${goal.id}`)).data;
    assert.equal(read.title, '😀'.repeat(200));
    assert.equal(read.intent.length, 2000);
    assert.equal(read.ownerId.length, 128);
    assert.equal(read.valueTags.length, 20);
    assert.equal(read.metadata.text.length, 16000);
  });

  const bad = [
    ['title', ''], ['title', 'a'.repeat(201)], ['title', 5], ['title', null], ['title', ['a']], ['title', { a: 1 }],
    ['title', true], ['intent', 'a'.repeat(2001)], ['intent', 5], ['ownerId', ''], ['ownerId', 'a'.repeat(129)],
    ['ownerId', null], ['ownerId', 12], ['horizon', 'decade'], ['horizon', ''], ['horizon', 3],
    ['status', 'completed'], ['status', 'cancelled'], ['status', 'archived'], ['status', 'bogus'], ['status', 1],
    ['valueTags', 'a'], ['valueTags', { 0: 'a' }], ['valueTags', Array(21).fill('a').map((t, i) => t + i)],
    ['metadata', 'x'], ['metadata', [1]], ['metadata', 5], ['metadata', true], ['metadata', { t: 'x'.repeat(16500) }],
    ['startDate', '2025-02-30'], ['startDate', '2025-13-01'], ['startDate', 'yesterday'], ['startDate', 20250101],
    ['startDate', '2025-01-01T25:00:00Z'], ['startDate', '2025-01-01T10:61:00Z'],
    ['startDate', '2025-1-1'], ['startDate', '2025-01-01T10:00:00+99:00'], ['dueDate', '2023-02-29'],
    ['dueDate', '0000-00-00'], ['dueDate', '2025-01-01 and more'], ['dueDate', [2025]],
  ];
  for (const [field, value] of bad) {
    test(`${field} ${JSON.stringify(value).slice(0, 40)} is refused`, async () => {
      invalid(await client.post('/goals', { ...good, [field]: value }), field);
      if (value !== null && field !== 'status') {
        const goal = await client.goal();
        invalid(await client.put(`/goals/${goal.id}`, { [field]: value }), field);
        assert.deepEqual(ok(await client.get(`/goals/${goal.id}`)).data, goal);
      }
    });
  }

  test('tags are 1 to 50 characters each', async () => {
    invalid(await client.post('/goals', { ...good, valueTags: ['ok', '', 'b'.repeat(51)] }), 'valueTags[1]', 'valueTags[2]');
  });

  test('what is missing is named, and every bad field in one answer', async () => {
    const empty = fails(await client.post('/goals', {}), 422, 'VALIDATION_ERROR');
    assert.equal(Object.keys(empty.errors).length, 2, empty.text);
    for (const name of [/^title$/, /^owner_?id$/i]) {
      assert.ok(Object.keys(empty.errors).some((key) => name.test(key)), empty.text);
    }
    invalid(await client.post('/goals', { title: '', intent: 5, ownerId: '', horizon: 'x', status: 'y', valueTags: [5], metadata: 1, dueDate: 'z' }),
      'title', 'intent', 'ownerId', 'horizon', 'status', 'valueTags[0]', 'metadata', 'dueDate');
  });

  test('nothing bad was written', async () => {
    const own = newTenant();
    for (const [field, value] of bad) await own.post('/goals', { ...good, [field]: value });
    assert.equal(ok(await own.get('/goals')).pagination.total, 0);
  });
});

describe('values come back as they went in', () => {
  const client = newTenant();

  test('dates in any offset and precision', async () => {
    for (const [sent, got] of [
      ['2025-01-15T10:00:00.000Z', '2025-01-15T10:00:00.000Z'], ['2025-01-15T10:00:00Z', '2025-01-15T10:00:00.000Z'],
      ['2025-01-15T12:00:00+02:00', '2025-01-15T10:00:00.000Z'], ['2025-01-15T04:30:00-05:30', '2025-01-15T10:00:00.000Z'],
      ['2025-01-15T10:00:00.123456Z', '2025-01-15T10:00:00.123Z'], ['2025-01-15T10:00:00.1Z', '2025-01-15T10:00:00.100Z'],
      ['2024-02-29', '2024-02-29T00:00:00.000Z'], ['2025-01-15T15:30:00+0530', '2025-01-15T10:00:00.000Z'], ['2025-01-15T10:00:00+00', '2025-01-15T10:00:00.000Z'], ['1999-12-31T23:59:59.999-00:01', '2000-01-01T00:00:59.999Z'],
    ]) {
      const goal = await client.goal({ startDate: sent, dueDate: '2030-01-01' });
      assert.equal(goal.startDate, got, sent);
    }
  });

  test('the due date follows the horizon', async () => {
    for (const [horizon, months] of [['year', 12], ['quarter', 3], ['month', 1]]) {
      const goal = await client.goal({ horizon });
      assert.ok(Math.abs(Date.parse(goal.dueDate) - monthsLater(goal.createdAt, months)) < 4 * day, horizon);
    }
  });

  test('metadata is kept to the letter', async () => {
    const metadata = {
      snake_case: 1, PascalCase: 2, 'with space': 3, '': 4, 'ключ': 'значение', nul: null, no: false, list: [[], {}, [[]]],
      small: 0.1, third: 1 / 3, tiny: 5e-324, huge: 1.7976931348623157e308, negative: -12.75, int: 9007199254740991,
      minus: -9007199254740991, escape: '"\\/\b\f\n\r\t\u0001\u2028', emoji: '😀',
    };
    const goal = await client.goal({ metadata });
    assert.deepEqual(goal.metadata, metadata);
    const answer = ok(await client.get(`/goals/${goal.id}`));
    assert.deepEqual(answer.data.metadata, metadata);
    assert.match(answer.text, /"small": ?0\.1[,}]/);
  });
});

test('a client without a tenant header works, and one with it too', async () => {
  const client = newTenant();
  const goal = await client.goal();
  const other = new Client({ ...client.claims, headers: { 'X-Tenant-Id': client.claims.tenant } });
  assert.equal(ok(await other.get(`/goals/${goal.id}`)).data.id, goal.id);
});
