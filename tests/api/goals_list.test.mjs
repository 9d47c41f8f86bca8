// The list of goals: paging, sorting, filters, search.
import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { fails, newTenant, ok } from './support/client.mjs';

const titles = (answer) => answer.data.map((goal) => goal.title);

async function all(client, query, size = 7) {
  const goals = [];
  for (let page = 1; ; page += 1) {
    const answer = ok(await client.get(`/goals?${query}&page=${page}&size=${size}`));
    assert.equal(answer.pagination.page, page);
    goals.push(...answer.data);
    if (page >= answer.pagination.totalPages) {
      assert.equal(goals.length, answer.pagination.total);
      return goals;
    }
  }
}

describe('paging', () => {
  const client = newTenant();
  before(async () => {
    await Promise.all(Array.from({ length: 25 }, (_, i) => client.goal({ title: `goal ${i}`, horizon: 'year', dueDate: '2030-01-01', startDate: '2025-01-01' })));
  });

  test('an empty tenant has an empty list', async () => {
    const answer = ok(await newTenant().get('/goals'));
    assert.deepEqual(answer.data, []);
    assert.equal(answer.pagination.total, 0);
    assert.equal(answer.pagination.page, 1);
    assert.equal(answer.pagination.size, 100);
  });

  test('100 a page by default, newest first', async () => {
    const answer = ok(await client.get('/goals'));
    assert.equal(answer.data.length, 25);
    assert.deepEqual(answer.pagination, {
      page: 1, nextCursor: null, size: 100, limit: 100, pageSize: 100, total: 25, totalPages: 1, hasMore: false, hasNextPage: false, hasPreviousPage: false,
    });
    const dates = answer.data.map((goal) => goal.createdAt);
    assert.deepEqual(dates, [...dates].sort().reverse());
  });

  test('size, limit, pageSize and page_size mean the same', async () => {
    for (const name of ['size', 'limit', 'pageSize', 'page_size']) {
      const answer = ok(await client.get(`/goals?${name}=4&page=7`));
      assert.equal(answer.data.length, 1);
      assert.deepEqual(answer.pagination, {
        page: 7, nextCursor: null, size: 4, limit: 4, pageSize: 4, total: 25, totalPages: 7, hasMore: false, hasNextPage: false, hasPreviousPage: true,
      });
    }
  });

  test('a page beyond the end is empty and still says the total', async () => {
    const answer = ok(await client.get('/goals?page=99'));
    assert.deepEqual(answer.data, []);
    assert.equal(answer.pagination.total, 25);
  });

  test('more than 100 is served as 100', async () => {
    for (const size of ['1000', '99999999999999999999']) {
      const answer = ok(await client.get(`/goals?size=${size}`));
      assert.equal(answer.pagination.size, 100);
      assert.equal(answer.data.length, 25);
    }
  });

  for (const query of ['page=0', 'page=-1', 'page=x', 'page=1.5', 'size=0', 'size=-5', 'limit=x', 'pageSize=1e3']) {
    test(`${query} is refused`, async () => {
      const name = query.split('=')[0];
      const answer = fails(await client.get(`/goals?${query}`), 422, 'VALIDATION_ERROR');
      assert.ok(name in answer.errors, answer.text);
    });
  }

  test('an empty parameter counts as absent, as forms send it', async () => {
    const answer = ok(await client.get('/goals?page=&size=&status=&search=&sort=&ownerId='));
    assert.deepEqual([answer.pagination.size, answer.data.length], [100, 25]);
  });

  test('pages never overlap where everything ties', async () => {
    for (const sort of ['horizon', '-horizon', 'status', 'startDate:desc', 'dueDate', 'createdAt', '']) {
      const goals = await all(client, sort ? `sort=${sort}` : '_=1', 4);
      assert.equal(new Set(goals.map((goal) => goal.id)).size, 25, sort);
    }
  });
});

describe('sorting', () => {
  const client = newTenant();
  const made = [];
  before(async () => {
    for (const [title, status, horizon, start, due] of [
      ['delta', 'draft', 'year', '2025-03-01', '2026-01-01'], ['alpha', 'active', 'month', '2025-01-01', '2026-03-01'],
      ['charlie', 'paused', 'quarter', '2025-04-01', '2026-02-01'], ['bravo', 'active', 'year', '2025-02-01', '2026-04-01'],
    ]) made.push(await client.goal({ title, status, horizon, startDate: start, dueDate: due }));
    ok(await client.put(`/goals/${made[1].id}`, { intent: 'touched' }));
  });

  const orders = {
    title: ['alpha', 'bravo', 'charlie', 'delta'],
    startDate: ['alpha', 'bravo', 'delta', 'charlie'],
    dueDate: ['delta', 'charlie', 'alpha', 'bravo'],
    createdAt: ['delta', 'alpha', 'charlie', 'bravo'],
    updatedAt: ['delta', 'charlie', 'bravo', 'alpha'],
  };
  for (const [field, order] of Object.entries(orders)) {
    test(`by ${field}, both ways and in every spelling`, async () => {
      for (const sort of [field, `${field}:asc`]) {
        assert.deepEqual(titles(ok(await client.get(`/goals?sort=${sort}`))), order, sort);
      }
      for (const sort of [`-${field}`, `${field}:desc`, `${field}%3Adesc`]) {
        assert.deepEqual(titles(ok(await client.get(`/goals?sort=${sort}`))), [...order].reverse(), sort);
      }
    });
  }

  test('by status and horizon equal values stand together', async () => {
    for (const field of ['status', 'horizon']) {
      const values = ok(await client.get(`/goals?sort=${field}`)).data.map((goal) => goal[field]);
      assert.equal(values.filter((value, i) => value !== values[i - 1]).length, 3, values.join());
      const down = ok(await client.get(`/goals?sort=-${field}`)).data.map((goal) => goal[field]);
      assert.deepEqual(down, values.reverse());
    }
  });

  for (const sort of ['intent', 'tenantId', 'title;drop', 'title:up', '--title', '-title:asc', 'title,status', 'TITLE']) {
    test(`sort=${sort} is refused`, async () => {
      const answer = fails(await client.get(`/goals?sort=${encodeURIComponent(sort)}`), 422, 'VALIDATION_ERROR');
      assert.ok('sort' in answer.errors, answer.text);
    });
  }
});

describe('filters', () => {
  const client = newTenant();
  before(async () => {
    for (const [title, status, horizon, owner, tags] of [
      ['a', 'draft', 'year', 'o1', ['x']], ['b', 'active', 'month', 'o1', ['x', 'y']], ['c', 'paused', 'quarter', 'o2', ['Y']],
      ['d', 'active', 'year', 'o2', []], ['e', 'completed', 'year', 'o1', ['x,y']], ['f', 'cancelled', 'month', 'o 3&', []],
      ['g', 'archived', 'month', 'o2', []],
    ]) await client.goalIn(status, { title, horizon, ownerId: owner, valueTags: tags });
  });

  const cases = {
    'status=active': 'bd', 'status=active,draft': 'abd', 'status=draft,paused,completed,cancelled,archived': 'acefg',
    'horizon=year': 'ade', 'horizon=month,quarter': 'bcfg', 'ownerId=o1': 'abe', 'owner_id=o1': 'abe', 'OwnerId=o2': 'cdg',
    'ownerId=o%203%26': 'f', 'ownerId=nobody': '', 'valueTag=x': 'ab', 'value_tag=y': 'b', 'valueTag=Y': 'c',
    'status=active&horizon=year': 'd', 'status=active,draft&ownerId=o1&valueTag=x': 'ab',
    'status=active%2Cdraft&horizon=year&_=12345': 'ad', 'ownerId=o1&owner_id=o1': 'abe',
  };
  for (const [query, expected] of Object.entries(cases)) {
    test(query, async () => {
      const answer = ok(await client.get(`/goals?${query}&sort=title`));
      assert.equal(titles(answer).join(''), expected);
      assert.equal(answer.pagination.total, expected.length);
    });
  }

  for (const [query, name] of [
    ['status=bogus', 'status'], ['status=active,bogus', 'status'], ['status=Active%20', 'status'], ['horizon=week', 'horizon'],
    ['ownerId=o1&owner_id=o2', null],
  ]) {
    test(`${query} is refused`, async () => {
      const answer = fails(await client.get(`/goals?${query}`), 422, 'VALIDATION_ERROR');
      if (name) assert.ok(name in answer.errors, answer.text);
    });
  }

  test('an unknown parameter is refused, naming it and those that exist', async () => {
    const answer = fails(await client.get('/goals?statuss=active'), 422, 'VALIDATION_ERROR');
    assert.deepEqual(Object.keys(answer.errors), ['statuss']);
    for (const name of ['page', 'size', 'sort', 'ownerId', 'status', 'valueTag', 'horizon', 'search']) {
      assert.match(answer.text, new RegExp(name));
    }
    fails(await client.get('/goals?tenant=x'), 422, 'VALIDATION_ERROR');
    ok(await client.get('/goals?_=1&_cacheBust=2'));
  });

  test('where no parameter exists every one is refused', async () => {
    const goal = await client.goal({ title: 'alone' });
    const answer = fails(await client.get(`/goals/${goal.id}?view=full&x=1&x=2&_=1`), 422, 'VALIDATION_ERROR');
    assert.deepEqual(Object.keys(answer.errors).sort(), ['view', 'x']);
    fails(await client.post('/goals?dry=1', { title: 'not made', horizon: 'year', ownerId: 'u' }), 422, 'VALIDATION_ERROR');
    fails(await client.get(`/goals/${goal.id}/kpis/${goal.id}:link?x=1`), 422, 'VALIDATION_ERROR');
    ok(await client.del(`/goals/${goal.id}?_=1`));
  });

  test('lists hold whole goals', async () => {
    const goal = await client.goal({ title: 'whole' });
    await client.strategy(goal, { description: 'first' });
    await client.strategy(goal, { description: 'second' });
    const listed = ok(await client.get('/goals?search=whole')).data[0];
    assert.deepEqual(listed, ok(await client.get(`/goals/${goal.id}`)).data);
    assert.deepEqual(listed.strategies.map((strategy) => strategy.description), ['first', 'second']);
    ok(await client.del(`/goals/${goal.id}`));
  });
});

describe('search', () => {
  const client = newTenant();
  before(async () => {
    for (const [title, intent] of [
      ['100% sure', null], ['1000 sure', null], ['snake_case', null], ['snakeXcase', null], ['ÄPFEL pflücken', null],
      ['ПРИВЕТ мир', null], ['plain', 'hidden TREASON here'], ['back\\slash', null], ["quote's", null], ['ΣΊΣΥΦΟΣ', null],
      ['a b', null],
    ]) await client.goal({ title, intent });
  });

  const cases = {
    '100%': ['100% sure'], '%': ['100% sure'], 'e_c': ['snake_case'], _: ['snake_case'], äpfel: ['ÄPFEL pflücken'],
    PFLÜCKEN: ['ÄPFEL pflücken'], привет: ['ПРИВЕТ мир'], МИР: ['ПРИВЕТ мир'], treason: ['plain'], PLAIN: ['plain'],
    'sure': ['100% sure', '1000 sure'], '\\': ['back\\slash'], "'": ["quote's"], nothing: [], 'σίσυφο': ['ΣΊΣΥΦΟΣ'], 'a b': ['a b'],
    CASE: ['snakeXcase', 'snake_case'], "'; DROP TABLE goals; --": [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    test(`finds ${JSON.stringify(expected)} by ${text}`, async () => {
      const answer = ok(await client.get(`/goals?search=${encodeURIComponent(text)}`));
      assert.deepEqual(titles(answer).sort(), [...expected].sort());
      assert.equal(answer.pagination.total, expected.length);
    });
  }

  test('a plus in the query is a space', async () => {
    assert.deepEqual(titles(ok(await client.get('/goals?search=a+b'))), ['a b']);
  });

  test('an empty search finds everything', async () => {
    assert.equal(ok(await client.get('/goals?search=')).pagination.total, 11);
  });

  test('search and other filters hold together, over pages', async () => {
    const answer = ok(await client.get('/goals?search=sure&status=draft&size=1&sort=title'));
    assert.deepEqual(titles(answer), ['100% sure']);
    assert.deepEqual([answer.pagination.total, answer.pagination.hasMore], [2, true]);
    assert.equal(ok(await client.get('/goals?search=sure&status=active')).pagination.total, 0);
  });

  for (const text of ['%00', '%FF', '%C3%28', '%ED%A0%80']) {
    test(`search=${text} is refused`, async () => {
      const answer = await client.get(`/goals?search=${text}`);
      assert.ok([400, 422].includes(answer.status), answer.text);
    });
  }
});
