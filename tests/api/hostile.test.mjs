// Every field of every write and every parameter of every list with every kind of value that a
// hostile caller would try: the envelope, a status below 500, and the stack still stands.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { created, invalid, newTenant, ok, unknownId } from './support/client.mjs';

const values = [
  null, true, false, 0, -0, 1, -1, 1.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53, 2 ** 63, -(2 ** 63), '', ' ', '0', 'null', 'NaN', 'undefined',
  'x'.repeat(100000), '\u202e\u0301\ufeff\uffff', '😀'.repeat(5000), "'; DROP TABLE goals.goals; --", '$1', '%s%n', '../../etc/passwd', '{"a":1}',
  '2025-02-30', '9999-12-31T23:59:59.999999999+14:00', '0001-01-01', '-2025-01-01', '275760-09-13', unknownId(), unknownId().toUpperCase(),
  [], [[]], [null], [{}], [''], Array(1000).fill('a'), Array(500).fill(unknownId()), Array(300).fill({ strategyId: unknownId(), newOrder: 1 }),
  {}, { '': '' }, { a: { b: { c: [] } } }, { __proto__: null, constructor: 1 }, { $ne: null }, Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i])),
];

const bodies = {
  goal: { title: 'x', intent: 'x', ownerId: 'o', horizon: 'year', status: 'draft', valueTags: ['a'], metadata: {}, startDate: '2025-01-01', dueDate: '2025-02-01' },
  reason: { reason: 'x' },
  close: { finalStatus: 'completed', reason: 'x' },
  strategy: { description: 'x', status: 'draft', order: 1 },
  reorder: { strategyIds: [] },
  pairs: { strategyOrders: [] },
  entry: { type: 'note', text: 'x', title: 'x', url: 'https://example.com', metadata: {} },
  note: { note: 'x', attachments: [] },
};

const allowed = [200, 201, 400, 404, 422];

describe('bodies', () => {
  const client = newTenant();
  for (const [method, path, body] of [
    ['POST', () => '', 'goal'], ['PUT', (g) => `/${g}`, 'goal'], ['POST', (g) => `/${g}:activate`, 'reason'], ['POST', (g) => `/${g}:pause`, 'reason'],
    ['POST', (g) => `/${g}:close`, 'close'], ['POST', (g) => `/${g}/strategies`, 'strategy'], ['PUT', (g, s) => `/${g}/strategies/${s}`, 'strategy'],
    ['PUT', (g) => `/${g}/strategies:reorder`, 'reorder'], ['PUT', (g) => `/${g}/strategies:reorder`, 'pairs'], ['POST', (g) => `/${g}/activity`, 'entry'],
    ['POST', (g) => `/${g}/notes`, 'note'],
  ]) {
    test(`${method} /goals${path('{id}', '{strategyId}')} (${body})`, async () => {
      const goal = await client.goal();
      const strategy = await client.strategy(goal);
      for (const field of Object.keys(bodies[body])) {
        const answers = await Promise.all(values.map((value) => client.request(method, `/goals${path(goal.id, strategy.id)}`, { ...bodies[body], [field]: value })));
        answers.forEach((answer, i) => assert.ok(allowed.includes(answer.status), `${field} = ${JSON.stringify(values[i]).slice(0, 60)}: ${answer.text.slice(0, 300)}`));
      }
      const { strategies } = ok(await client.get(`/goals/${goal.id}`)).data;
      assert.deepEqual(strategies.map((one) => one.order), strategies.map((_, i) => i + 1));
    });
  }

  test('a DELETE and a GET with a body', async () => {
    const goal = await client.goal();
    for (const method of ['GET', 'DELETE']) {
      const answer = await client.request(method, `/goals/${goal.id}`, { any: 'thing' });
      assert.ok([200, 400, 415].includes(answer.status), answer.text);
    }
  });
});

describe('parameters', () => {
  const client = newTenant();
  const texts = values.filter((value) => typeof value === 'string' && value.length < 1000)
    .concat(['1,2', ',', ',,,', 'a,'.repeat(500), '99999999999999999999', '1e400', '0x10', '+1', '１', '\u0007', '\\', '%', '_', '%'.repeat(200), '[a]', '(', 'a'.repeat(3000)]);

  for (const [path, names] of [
    ['/goals', ['page', 'size', 'limit', 'pageSize', 'sort', 'ownerId', 'status', 'valueTag', 'horizon', 'search', 'unknown', '_x']],
    ['activity', ['page', 'size', 'type', 'sort']],
  ]) {
    test(`of ${path}`, async () => {
      const goal = await client.goal();
      const where = path === 'activity' ? `/goals/${goal.id}/activity` : path;
      for (const name of names) {
        for (const query of [(text) => `${name}=${text}`, (text) => `${name}=${text}&${name}=x`, (text) => `${name}[]=${text}`]) {
          const answers = await Promise.all(texts.map((text) => client.get(`${where}?${query(encodeURIComponent(text.toWellFormed?.() ?? text))}`)));
          answers.forEach((answer, i) => assert.ok([200, 400, 422].includes(answer.status), `${name}=${texts[i].slice(0, 60)}: ${answer.text.slice(0, 300)}`));
        }
      }
    });
  }

  test('that are bad are named together, page and order too', async () => {
    const goal = await client.goal();
    const kpi = created(await client.post('/kpis', { name: 'Named together', direction: 'up' })).data;
    for (const [path, query, ...names] of [
      ['/goals', 'status=bogus&horizon=week', 'status', 'horizon'], [`/goals/${goal.id}/activity`, 'type=chat', 'type'], ['/kpis', 'isShared=maybe', 'isShared'],
      [`/kpis/${kpi.id}/readings`, 'startDate=soon', 'startDate'], ['/operations/actions', 'status=bogus&startDate=soon&endDate=2025-02-30', 'status', 'startDate', 'endDate'],
      ['/operations/issues', 'impact=huge', 'impact'],
    ]) {
      invalid(await client.get(`${path}?page=0&limit=-1&sort=nonsense&other=1&${query}`), 'page', 'limit', 'sort', 'other', ...names);
      invalid(await client.get(`${path}?page=abc&size=1.5&${query}`), 'page', 'size', ...names);
    }
  });

  test('that are cut short or doubled', async () => {
    for (const query of ['?', '?&', '?&&&', '?=', '?=x', '?page', '?page=1&page=2', '?page=1&Page=1', '?%', '?%G1=x', '?search=%', '?search=%2', '?search=%zz', '?a=1;b=2', '??page=1', `?${'_a=1&'.repeat(100)}`]) {
      const answer = await client.get(`/goals${query}`);
      assert.ok([200, 400, 422].includes(answer.status), `${query}: ${answer.text}`);
    }
  });
});

describe('ids in paths', () => {
  const client = newTenant();
  test('of any kind are 404 or refused', async () => {
    for (const text of [...values.filter((value) => typeof value === 'string' && value.trim() && value.length < 1000), 'a'.repeat(2000), '😀', '\u0001', '\\', '%25', ':', '::', 'a:b', '..', '.', '*']) {
      for (const suffix of ['', '/activity', '/strategies/x', ':activate']) {
        const encoded = encodeURIComponent(text);
        const answer = await client.request(suffix === ':activate' ? 'POST' : 'GET', `/goals/${encoded}${suffix}`);
        assert.ok([400, 404].includes(answer.status) || (text === '..' || text === '.'), `${encoded}${suffix}: ${answer.text}`);
      }
    }
  });
});
