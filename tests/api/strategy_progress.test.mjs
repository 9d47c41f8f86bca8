// How far strategies are: counted from events of actions, each once, and made anew from snapshots. A stack of
// its own, whose consumers are set back.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, created, ok } from './support/client.mjs';
import { Stack } from './support/stack.mjs';

const stack = new Stack();
let client;

before(async () => {
  await stack.start();
  client = new Client({ tenant: 'tenant-a', user: 'user-1', name: 'Ann', url: stack.url, secret: stack.secret });
});

after(async () => {
  assert.deepEqual(await stack.stop(), []);
});

async function restart() {
  stack.spawn('svc-goals');
  await stack.ready();
  while ((await client.get('/strategies')).status === 503) await sleep(25); // the gateway connects again
}

async function becomes(strategy, expected) {
  let progress;
  for (let i = 0; i < 200; i += 1) {
    ({ progress } = ok(await client.get(`/strategies/${strategy.id}`)).data);
    if (progress === expected) return;
    await sleep(25);
  }
  assert.equal(progress, expected);
}

const actionOf = (strategies, status, fields = {}) => client.action({ status, connections: { strategyIds: strategies.map(({ id }) => id) }, ...fields });
const put = async ({ id }, fields) => ok(await client.put(`/actions/${id}`, fields));

// Every count, and what it would be if it were added up anew.
const kept = () => stack.postgres.query(`SELECT string_agg(strategy_id || ' ' || counted || ' ' || completed, ',' ORDER BY strategy_id)
  FROM goals.strategy_actions WHERE counted > 0`);
const summed = () => stack.postgres.query(`SELECT string_agg(id || ' ' || counted || ' ' || completed, ',' ORDER BY id) FROM (
  SELECT l.strategy_id AS id, count(*) AS counted, count(*) FILTER (WHERE a.status = 'completed') AS completed
    FROM operations.action_strategies l JOIN operations.actions a ON a.tenant_id = l.tenant_id AND a.id = l.action_id
   WHERE a.deleted_at IS NULL AND a.status <> 'cancelled' GROUP BY 1) AS s`);

async function agree() {
  let pair;
  for (let i = 0; i < 200; i += 1) {
    pair = await Promise.all([kept(), summed()]);
    if (pair[0] === pair[1]) return;
    await sleep(50);
  }
  assert.equal(pair[0], pair[1]);
}

describe('the progress of a strategy', () => {
  test('follows its actions', async () => {
    const goal = await client.goal();
    const [one, two] = [await client.strategy(goal), await client.strategy(goal)];
    assert.equal(ok(await client.get(`/strategies/${one.id}`)).data.progress, 0);
    const actions = [];
    for (const status of ['not_started', 'in_progress', 'blocked']) actions.push(await actionOf([one], status));
    await put(actions[0], { status: 'completed' });
    await becomes(one, 33.33);
    await put(actions[1], { status: 'completed' });
    await becomes(one, 66.67);
    await put(actions[2], { status: 'cancelled' });
    await becomes(one, 100);
    await put(actions[0], { status: 'in_progress' });
    await becomes(one, 50);
    await put(actions[1], { connections: { strategyIds: [one.id, two.id] } }); // counts for both
    await becomes(two, 100);
    await becomes(one, 50);
    await put(actions[1], { connections: { strategyIds: [two.id] } });
    await becomes(one, 0);
    ok(await client.del(`/actions/${actions[1].id}`));
    await becomes(two, 0);
    const listed = ok(await client.get(`/strategies?goalId=${goal.id}`)).data;
    assert.deepEqual(listed.map(({ id, progress }) => [id, progress]), [[one.id, 0], [two.id, 0]]);
    assert.ok(!('progress' in ok(await client.get(`/goals/${goal.id}/strategies`)).data[0]));
    await agree();
  });

  test('is nobody else\'s', async () => {
    const strategy = await client.strategy(await client.goal());
    await actionOf([strategy], 'completed');
    await becomes(strategy, 100);
    const other = new Client({ tenant: 'tenant-b', user: 'user-1', name: 'Bob', url: stack.url, secret: stack.secret });
    assert.equal(ok(await other.get('/strategies')).data.length, 0);
  });

  test('counts each action once, however often and in which order it is told', async () => {
    const strategy = await client.strategy(await client.goal());
    const many = await Promise.all(Array.from({ length: 12 }, (_, i) => actionOf([strategy], i % 3 ? 'in_progress' : 'completed')));
    await Promise.all(many.map((action, i) => (i % 2 ? put(action, { status: 'completed' }) : put(action, { title: 'again' }))));
    ok(await client.del(`/actions/${many[0].id}`));
    await agree();
    const before = await kept();
    await stack.kill('svc-goals');
    await stack.postgres.query("UPDATE goals.consumed SET pos = 0 WHERE source = 'svc-operations'"); // every event once more
    await restart();
    const fresh = await actionOf([strategy], 'completed');
    await agree();
    ok(await client.del(`/actions/${fresh.id}`));
    await agree();
    assert.equal(await kept(), before);
  });

  test('begins from a snapshot where the log has no more: what was deleted meanwhile goes', async () => {
    const strategy = await client.strategy(await client.goal());
    const [gone, left, moved] = [await actionOf([strategy], 'in_progress'), await actionOf([strategy], 'completed'), await actionOf([strategy], 'in_progress')];
    await becomes(strategy, 33.33);
    await stack.kill('svc-goals');
    ok(await client.del(`/actions/${gone.id}`));
    ok(await client.post(`/actions/${moved.id}/complete`));
    assert.equal(left.status, 'completed');
    while (await stack.postgres.query('SELECT count(*) FROM operations.outbox') !== '0') await sleep(25);
    await stack.postgres.query('DELETE FROM operations.event_log WHERE pos < (SELECT max(pos) FROM operations.event_log)');
    await stack.postgres.query('UPDATE operations.log_begin SET pos = (SELECT min(pos) FROM operations.event_log)');
    await restart();
    await becomes(strategy, 100);
    await agree();
    created(await client.post('/actions', { title: 'more', connections: { strategyIds: [strategy.id] } }));
    await becomes(strategy, 66.67);
  });
});
