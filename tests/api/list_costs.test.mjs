// A tenant that has 20,000 of everything. How many rows PostgreSQL reads for its pages: as many as a page has and
// a few more, not as many as the tenant has, without statistics, as after a load, and with them. And what searches tell.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './support/ask.mjs';
import { Stack } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';

const ROWS = 20000, TIMES = 5;
const stack = new Stack();
const token = sign(claimsOf({ tenant: 'large', user: 'user-1', name: 'Ann', exp: Math.floor(Date.now() / 1000) + 3600 }), stack.secret);
const id = (kind) => `('0000000${kind}-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid`;
const goal = '00000001-0000-7000-8000-000000000007';

before(async () => {
  await stack.start();
  await stack.postgres.query(`
    INSERT INTO goals.goals (tenant_id, id, title, owner_id, horizon, status, value_tags, metadata, due_date, version, created_at, updated_at, created_by, updated_by)
    SELECT 'large', ${id(1)}, 'Goal ' || md5(n::text), 'user-' || n % 40, (ARRAY['year', 'quarter', 'month'])[1 + n % 3], (ARRAY['draft', 'active', 'paused'])[1 + n % 3],
           '{}', '\\x80', now() + n % 400 * interval '1 day', 1, now() - n * interval '1 minute', now(), 'u', 'u' FROM generate_series(1, ${ROWS}) n;
    INSERT INTO goals.activity (tenant_id, id, goal_id, type, text, metadata, attachments, user_id, created_at)
    SELECT 'large', ${id(2)}, '${goal}', CASE WHEN n % 100 = 0 THEN 'decision' ELSE 'note' END, 'Well', '\\x80', 0, 'u', now() - n * interval '1 minute' FROM generate_series(1, ${ROWS}) n;
    INSERT INTO kpis.kpis (tenant_id, id, name, unit, direction, is_shared, version, created_at, updated_at, created_by, updated_by)
    SELECT 'large', ${id(3)}, 'KPI ' || md5(n::text), 'EUR', 'up', false, 1, now() - n * interval '1 minute', now(), 'u', 'u' FROM generate_series(1, ${ROWS}) n;
    INSERT INTO operations.actions (tenant_id, id, title, start_date, due_date, priority, status, progress, version, created_at, updated_at, created_by, updated_by)
    SELECT 'large', ${id(4)}, 'Action ' || n, '2025-01-01'::timestamptz + n % 300 * interval '1 day', '2025-01-15'::timestamptz + n % 300 * interval '1 day', (ARRAY['low', 'high'])[1 + n % 2],
           (ARRAY['not_started', 'in_progress', 'completed'])[1 + n / 2 % 3], 0, 1, now() - n * interval '1 minute', now(), 'u', 'u' FROM generate_series(1, ${ROWS}) n;
    INSERT INTO operations.action_goals (tenant_id, action_id, place, goal_id) SELECT 'large', ${id(4)}, 1, ${id(1)} FROM generate_series(1, ${ROWS}) n;
    INSERT INTO operations.issues (tenant_id, id, title, type_config_id, status_config_id, priority, reporter_id, tags, display_order, version, created_at, updated_at, created_by, updated_by)
    SELECT 'large', ${id(5)}, 'Issue ' || n, ('01941f29-7c00-7000-8000-00000000010' || 1 + n % 7)::uuid, ('01941f29-7c00-7000-8000-00000000020' || 1 + n % 9)::uuid,
           (ARRAY['low', 'high'])[1 + n % 2], 'u', '{}', n * 7919 % ${ROWS}, 1, now() - n * interval '1 minute', now(), 'u', 'u' FROM generate_series(1, ${ROWS}) n;`);
});
after(async () => assert.deepEqual(await stack.stop(), []));

// Of the tables that have so many rows, by index and without.
async function rowsRead(table) {
  const [schema, name] = table.split('.');
  return Number(await stack.postgres.query(`SELECT coalesce((SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE schemaname = '${schema}' AND relname = '${name}'), 0)
    + (SELECT seq_tup_read FROM pg_stat_user_tables WHERE schemaname = '${schema}' AND relname = '${name}')`));
}

const lists = {
  'goals.goals': ['/goals?', '/goals?page=2000&', '/goals?status=active&', '/goals?ownerId=user-3&', '/goals?horizon=year,month&', ...['title', 'status', 'horizon', 'updatedAt', 'dueDate', 'startDate']
    .flatMap((field) => [`/goals?sort=${field}&`, `/goals?sort=-${field}&`]), '/goals?status=draft&sort=title&'],
  'goals.activity': [`/goals/${goal}/activity?`, `/goals/${goal}/activity?type=decision&`, `/goals/${goal}/activity?type=note,decision&`, `/goals/${goal}/activity?page=2000&`],
  'kpis.kpis': ['/kpis?', '/kpis?sort=name&', '/kpis?sort=-updatedAt&', '/kpis?page=2000&'],
  'operations.actions': ['/actions?', '/actions?status=in_progress&', '/actions?priority=high&', '/actions?startDate=2025-06-01&endDate=2025-06-30&', `/actions?goalIds=${goal}&`,
    ...['title', 'status', 'priority', 'startDate', 'dueDate', 'updatedAt', 'dateEntered'].flatMap((field) => [`/actions?sort=${field}&`, `/actions?sort=-${field}&`])],
  'operations.issues': ['/issues?', '/issues?statusCategory=active&', '/issues?priority=high&', '/issues?reportedBy=nobody&',
    ...['title', 'status', 'type', 'priority', 'impact', 'displayOrder', 'dueDate', 'updatedAt'].flatMap((field) => [`/issues?sort=${field}&`, `/issues?sort=-${field}&`])],
};

// A connection tells what it has read when it has nothing to do for a while.
async function settled(table) {
  for (let before = -1, now = await rowsRead(table); ; [before, now] = [now, await rowsRead(table)]) {
    if (before === now) return now;
    await sleep(11000);
  }
}

async function costs(most) {
  const before = Object.fromEntries(await Promise.all(Object.keys(lists).map(async (table) => [table, await settled(table)])));
  for (const path of Object.values(lists).flat())
    for (let i = 0; i < TIMES; i += 1) {
      const answer = await ask(stack.url, 'GET', `${path}size=10`, { token });
      assert.equal(answer.status, 200, path);
      if (!/nobody/.test(path)) assert.ok(answer.data.length > 0 && answer.pagination.total > 0, path);
    }
  await Promise.all(Object.keys(lists).map(async (table) => {
    const each = ((await settled(table)) - before[table]) / (lists[table].length * TIMES);
    assert.ok(each > 0 && each <= most, `${table}: ${each} rows for a page of 10`);
  }));
}

describe('pages of a tenant with 20,000 rows', { timeout: 200000 }, () => {
  test('read few, whatever the planner thinks', () => costs(600));
  test('read few with statistics', async () => {
    await stack.postgres.query('ANALYZE');
    await costs(300);
  });
});

describe('a search that finds more than 10,000', () => {
  for (const [path, some] of [['/goals?search=goal', 'status=draft&ownerId=user-3'], ['/kpis?search=kpi', 'direction=down'], ['/actions?search=action', 'status=in_progress&priority=high'],
    ['/issues?search=issue', 'priority=low&typeConfigId=01941f29-7c00-7000-8000-000000000101']])
    test(`${path} says so, and is exact below`, async () => {
      const all = await ask(stack.url, 'GET', `${path}&size=10`, { token });
      assert.equal(all.status, 200);
      assert.deepEqual(all.pagination, { page: 1, size: 10, limit: 10, pageSize: 10, total: 10000, totalPages: 1000, hasMore: true, hasNextPage: true, hasPreviousPage: false, totalIsLowerBound: true });
      const last = await ask(stack.url, 'GET', `${path}&size=10&page=1000`, { token });
      assert.deepEqual([last.data.length, last.pagination.hasNextPage], [10, true]);
      const few = await ask(stack.url, 'GET', `${path}&size=10&${some}`, { token });
      assert.ok(few.pagination.total < 10000 && !('totalIsLowerBound' in few.pagination), JSON.stringify(few.pagination));
      const without = await ask(stack.url, 'GET', `${path.split('?')[0]}?size=10`, { token });
      assert.ok(without.pagination.total === ROWS && !('totalIsLowerBound' in without.pagination));
    });
});
