// Cursors of lists: what they are good for, and that they stay right while rows come and go.
import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { created, invalid, newTenant, ok } from './support/client.mjs';
import { forger } from './support/cursors.mjs';
import { byCursors } from './support/pages.mjs';
import { soon } from './support/reading.mjs';
import { randomOf } from './support/world.mjs';

const client = newTenant(), other = newTenant();
let goal, lists;

before(async () => {
  goal = await client.goal({ title: 'First', strategies: [] });
  await Promise.all(Array.from({ length: 9 }, (_, i) => client.goal({ title: `Goal ${i}` })));
  await Promise.all(Array.from({ length: 6 }, (_, i) => other.goal({ title: `Goal ${i}` })));
  for (let i = 0; i < 7; i += 1) {
    created(await client.post('/kpis', { name: `KPI ${i}`, unit: 'EUR', direction: 'up' }));
    await client.action({ title: `Action ${i}`, dueDate: i % 2 ? '2026-05-0' + (i + 1) : null });
    await client.issue({ title: `Issue ${i}` });
    created(await client.post(`/goals/${goal.id}/activity`, { type: 'note', text: `Note ${i}` }));
    created(await client.post(`/goals/${goal.id}/strategies`, { description: `Strategy ${i}` }));
  }
  lists = ['/goals', '/kpis', '/actions', '/issues', `/goals/${goal.id}/activity`, '/strategies'];
});

const first = async (path, who = client) => {
  const { pagination } = ok(await who.get(`${path}${path.includes('?') ? '&' : '?'}size=2`));
  assert.match(pagination.nextCursor, /^[A-Za-z0-9_-]+$/);
  return pagination.nextCursor;
};

describe('a cursor', () => {
  test('leads through each list', async () => {
    for (const path of lists) {
      const all = ok(await client.get(path)).data.map(({ id }) => id);
      assert.ok(all.length >= 7, path);
      assert.deepEqual(await byCursors(client, `${path}?size=2`, all.length), all, path);
    }
  });

  test('is also called cursor, and may go on with larger pages', async () => {
    const [, , ...rest] = ok(await client.get('/goals')).data.map(({ id }) => id);
    const answer = ok(await client.get(`/goals?cursor=${await first('/goals')}&limit=100`));
    assert.deepEqual(answer.data.map(({ id }) => id), rest);
    assert.deepEqual(answer.pagination, { nextCursor: null, page: null, size: 100, limit: 100, pageSize: 100, total: rest.length + 2, totalPages: 1, hasMore: false, hasNextPage: false, hasPreviousPage: true });
  });

  test('is for its list, filters, order and tenant alone', async () => {
    const cursors = await Promise.all(lists.map((path) => first(path)));
    for (const [i, path] of lists.entries())
      for (const [k, cursor] of cursors.entries())
        if (i !== k) invalid(await client.get(`${path}?after=${cursor}`), 'after');
    const [cursor] = cursors;
    for (const query of ['status=draft', 'sort=title', 'sort=createdAt', 'search=goal', 'horizon=year'])
      invalid(await client.get(`/goals?${query}&after=${cursor}`), 'after');
    invalid(await client.get(`/goals?sort=-title&after=${await first('/goals?sort=title')}`), 'after');
    invalid(await other.get(`/goals?after=${cursor}`), 'after');
    invalid(await client.get(`/goals?after=${await first('/goals', other)}`), 'after');
    invalid(await client.get(`/goals/${(await client.goal({})).id}/activity?after=${cursors[4]}`), 'after');
  });

  test('is not asked together with a page', async () => {
    const cursor = await first('/goals');
    invalid(await client.get(`/goals?after=${cursor}&page=1`), 'after');
    invalid(await client.get(`/goals?after=${cursor}&offset=0`), 'after');
    assert.equal(ok(await client.get(`/goals?after=&page=1`)).pagination.page, 1); // an empty one counts as absent
  });

  test('is refused when it is no cursor, or not all of one', async () => {
    const cursor = await first('/goals'), r = randomOf(99);
    for (const bad of ['x', '====', 'AAAA', 'not%20one', cursor.slice(1), cursor.slice(0, -1), `${cursor}A`, `${cursor}AAAA`, 'A'.repeat(2001), Buffer.from('{}').toString('base64url')])
      invalid(await client.get(`/goals?after=${bad}`), 'after');
    for (let i = 0; i < 60; i += 1) {
      const bytes = Buffer.from(cursor, 'base64url');
      bytes[r.below(bytes.length)] ^= 1 << r.below(8);
      invalid(await client.get(`/goals?after=${bytes.toString('base64url')}`), 'after');
    }
  });

  test('that is made up is refused when its key is not of the type that is sorted by', async () => {
    const admin = client.as({ role: 'admin' });
    await soon(async () => ok(await admin.get('/audit')).data.length, (count) => count < 2 && `${count} entries`);
    ok(await client.put(`/goals/${goal.id}`, { title: 'Again' }));
    await soon(async () => ok(await client.get(`/goals/${goal.id}/history`)).data.length, (count) => count < 2 && `${count} entries`);
    const sorts = {
      '/goals': ['title', 'status', 'horizon', 'createdAt', 'updatedAt', 'startDate', 'dueDate'],
      '/kpis': ['name', 'category', 'createdAt', 'updatedAt'],
      '/actions': ['title', 'status', 'priority', 'startDate', 'dueDate', 'dateEntered', 'createdAt', 'updatedAt'],
      '/issues': ['title', 'priority', 'impact', 'dueDate', 'displayOrder', 'status', 'type', 'createdAt', 'updatedAt'],
      '/strategies': ['order', 'createdAt', 'updatedAt'],
    };
    const paths = [...lists, '/audit', `/goals/${goal.id}/history`,
      ...Object.entries(sorts).flatMap(([path, fields]) => fields.flatMap((field) => [`${path}?sort=${field}`, `${path}?sort=-${field}`]))];
    const kinds = new Set();
    for (const path of paths) {
      const ask = async (key) => admin.get(`${path}${path.includes('?') ? '&' : '?'}after=${forged(key)}`);
      const { key, forged } = await forger(admin, path);
      ok(await ask(Buffer.from(key)));
      const kind = key === 'n' ? 'none' : /^v\d{4}-\d\d-\d\d /.test(key) ? 'instant' : /^v\d+$/.test(key) ? 'number' : /^v[0-9a-f-]{36}$/.test(key) ? 'id' : 'text';
      kinds.add(kind);
      for (const bad of ['x', 'w1', 'nn', 'v\0', 'v\0a']) invalid(await ask(Buffer.from(bad)), 'after');
      for (const bad of [[0x76, 0xff], [0x76, 0xc3], [0x76, 0xed, 0xa0, 0x80]]) invalid(await ask(Buffer.from(bad)), 'after');
      for (const other of ['n', 'v', 'vnot one', 'v99999999999999999999999', 'v2026-02-30', 'v1e999', `v{'`, 'vinfinity', `v${'9'.repeat(1200)}`]) {
        const answer = await ask(Buffer.from(other)); // which is no 500 (client.mjs)
        if (answer.status !== 200) invalid(answer, 'after');
        if (other.startsWith('vnot')) assert.equal(answer.status, kind === 'text' || kind === 'none' ? answer.status : 422, `${path}: ${key}`);
      }
    }
    assert.deepEqual([...kinds].sort(), ['id', 'instant', 'none', 'number', 'text']);
  });

  test('of a row that has been deleted goes on behind it', async () => {
    const rows = ok(await client.get('/kpis?sort=name')).data;
    const cursor = await first('/kpis?sort=name');
    ok(await client.del(`/kpis/${rows[1].id}`));
    assert.deepEqual(ok(await client.get(`/kpis?sort=name&after=${cursor}`)).data.map(({ id }) => id), rows.slice(2).map(({ id }) => id));
  });
});

describe('while others write', () => {
  for (const sort of ['', 'sort=title', 'sort=-title', 'sort=dueDate', 'sort=-dueDate', 'search=kept&sort=title'])
    test(`pages ${sort} show each goal that stays, once`, async () => {
      const writer = newTenant(), r = randomOf(7);
      const make = (i, word) => writer.goal({ title: `${String.fromCharCode(97 + r.below(26))} ${word} ${i}`, dueDate: r.chance(0.3) ? null : `2027-01-${10 + r.below(20)}` });
      const stay = new Set((await Promise.all(Array.from({ length: 40 }, (_, i) => make(i, 'kept')))).map(({ id }) => id));
      const passing = await Promise.all(Array.from({ length: 20 }, (_, i) => make(i, 'kept, for now')));
      const seen = [];
      for (let after = null; ;) {
        const answer = ok(await writer.get(`/goals?${sort}&size=4${after ? `&after=${after}` : ''}`));
        seen.push(...answer.data.map(({ id }) => id));
        ({ nextCursor: after } = answer.pagination);
        if (after === null) break;
        await Promise.all([make(seen.length, 'kept, as new'), passing.length > 0 && writer.del(`/goals/${passing.pop().id}`)]);
        assert.ok(seen.length < 400);
      }
      assert.equal(new Set(seen).size, seen.length);
      assert.deepEqual([...stay].filter((id) => !seen.includes(id)), []);
    });
});
