// A tenant that has 20,000 of everything. How many rows PostgreSQL reads for its pages: as many as a page has and
// a few more, not as many as the tenant has, without statistics, as after a load, and with them. And what searches tell.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { ask } from './support/ask.mjs';
import { randomOf } from './support/world.mjs';
import { Stack } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';

const ROWS = 20000, TIMES = 5;
const stack = new Stack();
const token = sign(claimsOf({ tenant: 'large', user: 'user-1', name: 'Ann', exp: Math.floor(Date.now() / 1000) + 3600 }), stack.secret);
const id = (kind, number = 'n') => `('0000000${kind}-0000-7000-8000-' || lpad((${number})::text, 12, '0'))::uuid`;
const daysAgo = (days) => new Date(Date.now() - days * 86400000).toISOString();
const goal = '00000001-0000-7000-8000-000000000007';

before(async () => {
  await stack.start();
  await stack.postgres.query(`
    INSERT INTO goals.goals (tenant_id, id, title, owner_id, horizon, status, value_tags, metadata, due_date, version, created_at, updated_at, created_by, updated_by)
    SELECT 'large', ${id(1)}, 'Goal ' || md5(n::text), 'user-' || n % 40, (ARRAY['year', 'quarter', 'month'])[1 + n % 3], (ARRAY['draft', 'active', 'paused'])[1 + n % 3],
           ARRAY['tag' || n % 4, 'few' || n % 1000], '\\x80', now() + n % 400 * interval '1 day', 1, now() - n * interval '1 minute', now(), 'u', 'u' FROM generate_series(1, ${ROWS}) n;
    INSERT INTO goals.activity (tenant_id, id, goal_id, type, text, metadata, attachments, user_id, created_at)
    SELECT 'large', ${id(2)}, '${goal}', CASE WHEN n % 100 = 0 THEN 'decision' ELSE 'note' END, 'Well', '\\x80', 0, 'u', now() - n * interval '1 minute' FROM generate_series(1, ${ROWS}) n;
    INSERT INTO goals.strategies (tenant_id, id, goal_id, description, status, order_index, version, created_at, updated_at, created_by, updated_by)
    SELECT 'large', gen_random_uuid(), ${id(1)}, 'Strategy ' || n, 'draft', place, 1, now(), now(), 'u', 'u' FROM generate_series(1, ${ROWS} / 12) n, generate_series(1, 3) place;
    INSERT INTO kpis.kpis (tenant_id, id, name, unit, direction, is_shared, version, created_at, updated_at, created_by, updated_by)
    SELECT 'large', ${id(3)}, 'KPI ' || md5(n::text), 'EUR', 'up', false, 1, now() - n * interval '1 minute', now(), 'u', 'u' FROM generate_series(1, ${ROWS}) n;
    INSERT INTO kpis.links (tenant_id, id, goal_id, kpi_id, threshold, version, created_at, updated_at, created_by, updated_by)
    SELECT 'large', gen_random_uuid(), ${id(1)}, ${id(3, 'n + place')}, 50, 1, now(), now(), 'u', 'u' FROM generate_series(1, ${ROWS} / 12) n, generate_series(1, 3) place;
    INSERT INTO operations.actions (tenant_id, id, title, start_date, due_date, priority, status, tags, progress, version, created_at, updated_at, created_by, updated_by)
    SELECT 'large', ${id(4)}, 'Action ' || n, '2025-01-01'::timestamptz + n % 300 * interval '1 day', '2025-01-15'::timestamptz + n % 300 * interval '1 day', (ARRAY['low', 'high'])[1 + n % 2],
           (ARRAY['not_started', 'in_progress', 'completed'])[1 + n / 2 % 3], ARRAY['tag' || n % 4, 'few' || n % 1000], 0, 1, now() - n * interval '1 minute', now(), 'u', 'u' FROM generate_series(1, ${ROWS}) n;
    INSERT INTO operations.action_goals (tenant_id, action_id, place, goal_id) SELECT 'large', ${id(4)}, 1, ${id(1)} FROM generate_series(1, ${ROWS}) n;
    INSERT INTO operations.issues (tenant_id, id, title, type_config_id, status_config_id, priority, reporter_id, tags, due_date, display_order, version, created_at, updated_at, created_by, updated_by)
    SELECT 'large', ${id(5)}, 'Issue ' || n, ('01941f29-7c00-7000-8000-00000000010' || 1 + n % 7)::uuid, ('01941f29-7c00-7000-8000-00000000020' || 1 + n % 9)::uuid,
           (ARRAY['low', 'high'])[1 + n % 2], 'u', ARRAY['tag' || n % 4, 'few' || n % 1000], '2025-01-01'::timestamptz + n % 300 * interval '1 day', n * 7919 % ${ROWS}, 1, now() - n * interval '1 minute', now(), 'u', 'u' FROM generate_series(1, ${ROWS}) n;`);
});
after(async () => assert.deepEqual(await stack.stop(), []));

// Of the tables that have so many rows, by index and without.
async function rowsRead(table) {
  const [schema, name] = table.split('.');
  return Number(await stack.postgres.query(`SELECT coalesce((SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE schemaname = '${schema}' AND relname = '${name}'), 0)
    + (SELECT seq_tup_read FROM pg_stat_user_tables WHERE schemaname = '${schema}' AND relname = '${name}')`));
}

// A word of all rows and one of few.
const searches = (path, often, few) => [`${path}?search=${often}&`, `${path}?search=${often}&sort=-updatedAt&`, `${path}?search=${few}&`];
const words = { goals: ['goal', 'goal%20c4ca4238a0b9'], kpis: ['kpi', 'kpi%20c4ca4238a0b9'], actions: ['action', 'action%201777'], issues: ['issue', 'issue%201777'] };
const lists = {
  'goals.goals': ['/goals?', '/goals?page=2000&', '/goals?status=active&', '/goals?ownerId=user-3&', '/goals?horizon=year,month&', '/goals?valueTag=tag1&', '/goals?valueTag=few7&', ...['title', 'status', 'horizon', 'updatedAt', 'dueDate', 'startDate']
    .flatMap((field) => [`/goals?sort=${field}&`, `/goals?sort=-${field}&`]), '/goals?status=draft&sort=title&', ...searches('/goals', ...words.goals)],
  'goals.activity': [`/goals/${goal}/activity?`, `/goals/${goal}/activity?type=decision&`, `/goals/${goal}/activity?type=note,decision&`, `/goals/${goal}/activity?page=2000&`],
  'kpis.kpis': ['/kpis?', '/kpis?sort=name&', '/kpis?sort=-updatedAt&', '/kpis?page=2000&', ...searches('/kpis', ...words.kpis)],
  'operations.actions': ['/actions?', '/actions?status=in_progress&', '/actions?priority=high&', '/actions?startDate=2025-06-01&endDate=2025-06-30&', `/actions?goalIds=${goal}&`, '/actions?tags=tag1&', '/actions?tags=few7&',
    ...['title', 'status', 'priority', 'startDate', 'dueDate', 'updatedAt', 'dateEntered'].flatMap((field) => [`/actions?sort=${field}&`, `/actions?sort=-${field}&`]), ...searches('/actions', ...words.actions)],
  'operations.issues': ['/issues?', '/issues?statusCategory=active&', '/issues?priority=high&', '/issues?reportedBy=nobody&', '/issues?tags=tag1&', '/issues?tags=few7&',
    '/issues?dueAfter=2025-03-01&dueBefore=2025-08-31&', '/issues?createdBefore=2099-01-01T00:00:00Z&', '/issues?startDate=2020-01-01&',
    ...['title', 'status', 'type', 'priority', 'impact', 'displayOrder', 'dueDate', 'updatedAt'].flatMap((field) => [`/issues?sort=${field}&`, `/issues?sort=-${field}&`]), ...searches('/issues', ...words.issues)],
};

// What goals show beside themselves, on each of their pages, too.
const parts = { 'goals.strategies': [`/goals/${goal}`, `/goals/${goal}/strategies`], 'kpis.links': [`/goals/${goal}`, `/goals/${goal}/kpis`] };

// A connection tells what it has read when it ends, or else when it has had nothing to do for ten seconds.
async function settled(tables) {
  await stack.postgres.query(`SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE usename ^@ 'svc_'`);
  await stack.ready();
  return Promise.all(tables.map(rowsRead));
}

async function costs(lists, most, times = TIMES) {
  const tables = Object.keys(lists), before = await settled(tables);
  for (const path of Object.values(lists).flat())
    for (let i = 0; i < times; i += 1) {
      const paged = /[?&]$/.test(path);
      const answer = await ask(stack.url, 'GET', paged ? `${path}size=10` : path, { token });
      assert.equal(answer.status, 200, path);
      if (paged && !/nobody/.test(path)) assert.ok(answer.data.length > 0 && answer.pagination.total > 0, path);
    }
  (await settled(tables)).forEach((read, i) => {
    const each = (read - before[i]) / (lists[tables[i]].length * times);
    assert.ok(each > 0 && each <= most, `${tables[i]}: ${each} rows for a page of 10`);
  });
}

describe('pages of a tenant with 20,000 rows', { timeout: 300000 }, () => {
  test('read few, whatever the planner thinks', () => costs(lists, 600));
  test('read few with statistics', async () => {
    await stack.postgres.query('ANALYZE');
    await costs(lists, 300);
  });
  // So often that each connection has planned its statements for all goals alike.
  test('read what goals show beside themselves', async () => {
    await stack.postgres.query('ANALYZE');
    await costs(parts, 10, 60);
  });
});

describe('a search', { timeout: 100000 }, () => {
  // What is looked at to tell how frequent the word is, what a total tells, and a page.
  test('reads no more of the texts than a total tells', async () => {
    const tables = { goals: 'goals.goal_words', kpis: 'kpis.kpi_words', actions: 'operations.action_words', issues: 'operations.issue_words' };
    for (const which of [0, 1]) {
      const before = await settled(Object.values(tables));
      for (const list of Object.keys(tables))
        for (let i = 0; i < TIMES; i += 1) assert.equal((await ask(stack.url, 'GET', `/${list}?search=${words[list][which]}&size=10`, { token })).status, 200);
      const after = await settled(Object.values(tables));
      Object.keys(tables).forEach((list, i) => {
        const each = (after[i] - before[i]) / TIMES;
        assert.ok(each > 0 && each <= [12100, 2100][which], `${tables[list]}: ${each} rows for ${words[list][which]}`);
      });
    }
  });
});

// The same filters, searches and orders as plain SQL.
describe('random pages of 20,000 rows', { timeout: 200000 }, () => {
  const r = randomOf(2001);
  const keys = { title: 'title COLLATE "und-x-icu"', name: 'name COLLATE "und-x-icu"', createdAt: 'created_at', updatedAt: 'updated_at', dueDate: 'due_date', status: 'status', displayOrder: 'display_order' };
  const of = {
    goals: { table: 'goals.goals', words: ['goal', 'ab', 'abc', 'a', '7', 'goal c', 'goal 00', 'nothing'], text: 'title', sorts: ['title', 'createdAt', 'dueDate', 'status'],
      filters: [['status=active', "status = 'active'"], ['ownerId=user-3', "owner_id = 'user-3'"], ['horizon=year,month', "horizon IN ('year', 'month')"], ['valueTag=rare', "'rare' = ANY (value_tags)"], ['valueTag=often', "'often' = ANY (value_tags)"]] },
    kpis: { table: 'kpis.kpis', words: ['kpi', 'ff', 'fff', 'kpi 1', '0'], text: 'name', sorts: ['name', 'createdAt'], filters: [['direction=down', "direction = 'down'"], ['type=binary', "type = 'binary'"]] },
    actions: { table: 'operations.actions', words: ['action', '77', 'action 1', '1234', '9'], text: 'title', sorts: ['title', 'createdAt', 'dueDate', 'status'],
      filters: [['priority=high', "priority = 'high'"], ['status=completed,in_progress', "status IN ('completed', 'in_progress')"], ['startDate=2025-06-01&endDate=2025-06-30', "start_date < '2025-07-01' AND due_date >= '2025-06-01'"],
        [`goalIds=${goal}`, `id IN (SELECT action_id FROM operations.action_goals WHERE goal_id = '${goal}')`],
        ['tags=tag1', "'tag1' = ANY (tags)"], ['tags=few7,few8', "tags && '{few7,few8}'"]] },
    issues: { table: 'operations.issues', words: ['issue', '77', 'issue 1', '1234', '9'], text: 'title', sorts: ['title', 'createdAt', 'displayOrder'],
      filters: [['priority=high', "priority = 'high'"], ['typeConfigId=01941f29-7c00-7000-8000-000000000103', "type_config_id = '01941f29-7c00-7000-8000-000000000103'"], ['reportedBy=u', "reporter_id = 'u'"], ['tags=tag1', "'tag1' = ANY (tags)"], ['tags=few7', "'few7' = ANY (tags)"],
        ...[['dueAfter', 'dueBefore', 'due_date', '2025-03-01T00:00:00Z', '2025-08-31T18:30:00Z'], ['createdAfter', 'createdBefore', 'created_at', daysAgo(5.3), daysAgo(2.2)], ['startDate', 'endDate', 'created_at', daysAgo(9), daysAgo(1.5)]]
          .map(([first, last, column, from, to]) => [`${first}=${from}&${last}=${to}`, `${column} BETWEEN '${from}' AND '${to}'`])] },
  };
  before(() => stack.postgres.query(`UPDATE goals.goals SET value_tags = '{rare}' WHERE right(id::text, 3) = '777'; UPDATE goals.goals SET value_tags = '{often,other}' WHERE right(id::text, 1) = '3'; UPDATE kpis.kpis SET direction = 'down' WHERE right(id::text, 1) = '7'; UPDATE operations.actions SET due_date = NULL, start_date = NULL WHERE right(id::text, 1) = '5';`));
  for (const [list, { table, words: some, text, sorts, filters }] of Object.entries(of))
    for (let round = 0; round < 25; round += 1)
      test(`${list} ${round}`, async () => {
        const word = r.chance(0.75) ? r.one(some) : null, chosen = filters.filter(() => r.chance(0.25)).filter(([one], i, all) => all.findIndex(([other]) => other.split('=')[0] === one.split('=')[0]) === i); // a parameter is said once
        const sort = r.one(sorts), descending = r.chance(0.5), size = r.one([1, 10, 100]), key = keys[sort], way = descending ? 'DESC' : 'ASC';
        const where = ["tenant_id = 'large'", 'deleted_at IS NULL', ...(word === null ? [] : [`strpos(lower(${text}), '${word}') > 0`]), ...chosen.map(([, sql]) => sql)].join(' AND ');
        const query = [...chosen.map(([query_]) => query_), ...(word === null ? [] : [`search=${encodeURIComponent(word)}`]), `sort=${descending ? '-' : ''}${sort}`, `size=${size}`].join('&');
        const ids = (await stack.postgres.query(`SELECT string_agg(id::text, ',' ORDER BY ${key} ${way} NULLS LAST, id ${way}) FROM ${table} WHERE ${where}`)).trim().split(',').filter(Boolean);
        const total = word === null ? ids.length : Math.min(ids.length, 10000);
        const page = async (n, more = '') => {
          const answer = await ask(stack.url, 'GET', `/${list}?${query}${more || `&page=${n}`}`, { token });
          assert.equal(answer.status, 200, JSON.stringify(answer));
          assert.equal(answer.pagination.total, total, query);
          assert.deepEqual(answer.data.map(({ id: one }) => one), ids.slice((n - 1) * size, n * size), `${query}, page ${n}${more}`);
          assert.equal(answer.pagination.nextCursor !== null, n * size < ids.length, query);
          return answer.pagination.nextCursor;
        };
        const last = Math.max(1, Math.ceil(ids.length / size));
        await page(last);
        await page(last + 1);
        for (const n of [1, 1 + r.below(last), Math.max(1, last - 1)]) {
          const next = await page(n);
          if (next !== null) await page(n + 1, `&after=${next}`);
        }
      });
});

describe('a search that finds more than 10,000', () => {
  for (const [path, some] of [['/goals?search=goal', 'status=draft&ownerId=user-3'], ['/kpis?search=kpi', 'direction=down'], ['/actions?search=action', 'status=in_progress&priority=high'],
    ['/issues?search=issue', 'priority=low&typeConfigId=01941f29-7c00-7000-8000-000000000101']])
    test(`${path} says so, and is exact below`, async () => {
      const all = await ask(stack.url, 'GET', `${path}&size=10`, { token });
      assert.equal(all.status, 200);
      assert.deepEqual({ ...all.pagination, nextCursor: typeof all.pagination.nextCursor }, { page: 1, nextCursor: 'string', size: 10, limit: 10, pageSize: 10, total: 10000, totalPages: 1000, hasMore: true, hasNextPage: true, hasPreviousPage: false, totalIsLowerBound: true });
      const last = await ask(stack.url, 'GET', `${path}&size=10&page=1000`, { token });
      assert.deepEqual([last.data.length, last.pagination.hasNextPage], [10, true]);
      const few = await ask(stack.url, 'GET', `${path}&size=10&${some}`, { token });
      assert.ok(few.pagination.total < 10000 && !('totalIsLowerBound' in few.pagination), JSON.stringify(few.pagination));
      const without = await ask(stack.url, 'GET', `${path.split('?')[0]}?size=10`, { token });
      assert.ok(without.pagination.total === ROWS && !('totalIsLowerBound' in without.pagination));
    });
});
