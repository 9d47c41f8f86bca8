// A stack of its own whose svc-analytics has a clock that is days ahead: scores are kept day by day, trends
// compare with those of a week before, and what is due becomes late.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, created, ok } from './support/client.mjs';
import { Stack } from './support/stack.mjs';

const stack = new Stack();
let client;
let goals;
let actions;

const inDays = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);
const score = async () => ok(await client.get('/performance/score')).data;
const alignment = async () => ok(await client.get('/team/alignment')).data;
const days = async () => (await stack.postgres.query(`SELECT string_agg(day::text, ' ' ORDER BY day) FROM (SELECT DISTINCT hour::date AS day FROM analytics.scores WHERE tenant_id = 'tenant-t') x`)).split(' ');

// Moves the clock of svc-analytics by so many days and waits until it answers.
async function travel(offset) {
  stack.settings['svc-analytics'] = { TRACTION_CLOCK_OFFSET_S: Math.round(offset * 86400) };
  await stack.terminate('svc-analytics');
  stack.spawn('svc-analytics');
  await until(async () => (await client.get('/activity/recent')).status === 200);
}

async function until(rule) {
  for (let i = 0; i < 200; i += 1) {
    if (await rule()) return;
    await sleep(50);
  }
  assert.fail(`never: ${rule}`);
}

before(async () => {
  await stack.start();
  client = new Client({ tenant: 'tenant-t', user: 'user-1', name: 'Ann', url: stack.url, secret: stack.secret });
  goals = [];
  for (let i = 0; i < 4; i += 1) goals.push(await client.goal({ status: 'active', ownerId: `user-${i}`, dueDate: inDays(20) }));
  actions = [await client.action({ dueDate: inDays(0), status: 'completed' }), await client.action({ dueDate: inDays(3) })];
  await until(async () => (await score()).components.actions.metrics.completionRate === 50);
});

after(async () => {
  assert.deepEqual(await stack.stop(), []);
});

describe('as days go by', () => {
  test('nothing to compare with is stable', async () => {
    const found = await score();
    assert.deepEqual([found.trend, (await alignment()).trend], ['stable', 'stable']);
    assert.deepEqual(found.components.goals.metrics, { completionRate: 0, onTimeRate: 100 });
    assert.deepEqual(found.components.actions.metrics, { completionRate: 50, onTimeRate: 100 });
  });

  test('what is due becomes late, and the score declines', async () => {
    const { overallScore } = await score();
    await travel(2.9); // the day it is due, or the one before
    assert.equal((await score()).components.actions.metrics.onTimeRate, 100);
    assert.equal((await score()).trend, 'stable');
    await travel(5); // compares with the oldest, because none is a week old
    const later = await score();
    assert.equal(later.components.actions.metrics.onTimeRate, 50);
    assert.ok(overallScore - later.overallScore > 1, `${overallScore} ${later.overallScore}`);
    assert.equal(later.trend, 'declining');
    assert.ok(Math.abs(new Date(later.lastCalculated) - Date.now() - 5 * 86400000) < 60000);
  });

  test('a score is kept although nobody asks', async () => {
    await travel(8);
    await until(async () => (await days()).includes(inDays(8)));
    for (const offset of [0, 5]) assert.ok((await days()).includes(inDays(offset)), await days());
  });

  test('better than a week before is improving', async () => {
    await travel(12.5); // a week before the score was low
    for (const goal of goals.slice(0, 2)) ok(await client.post(`/goals/${goal.id}:close`, { finalStatus: 'completed' }));
    await until(async () => (await score()).components.goals.metrics.completionRate === 50);
    assert.equal((await score()).trend, 'improving');
    await client.strategy(goals[2], { status: 'adopted' });
    await until(async () => (await alignment()).collaborationMetrics.strategyAlignment > 0);
    assert.equal((await alignment()).trend, 'improving');
  });

  test('the same as a week before is stable again', async () => {
    await travel(19.6); // just before the goals are due
    assert.deepEqual([(await score()).trend, (await alignment()).trend], ['stable', 'stable']);
    await travel(40); // both open goals are late
    const found = await score();
    assert.equal(found.components.goals.metrics.onTimeRate, 50);
    assert.equal(found.trend, 'declining');
  });

  test('the history is kept for so long as the operator says', async () => {
    const entries = async () => Number(await stack.postgres.query(`SELECT count(*) FROM analytics.history WHERE tenant_id = 'tenant-t'`));
    assert.ok(await entries() >= 9, await entries());
    await travel(364.5);
    assert.ok(await entries() >= 9, await entries());
    await travel(366);
    await until(async () => await entries() === 0);
    await travel(40);
  });

  test('of days long gone one score stays', async () => {
    const hours = Number(await stack.postgres.query(`SELECT count(*) FROM analytics.scores WHERE tenant_id = 'tenant-t'`));
    await stack.postgres.query(`INSERT INTO analytics.scores (tenant_id, hour, score, alignment, taken_at)
      SELECT 'tenant-t', date_trunc('day', now(), 'UTC') - interval '20 days' + i * interval '1 hour', i, i, now() FROM generate_series(1, 5) AS i`);
    await travel(41);
    await until(async () => await stack.postgres.query(`SELECT string_agg(score::text, ' ') FROM analytics.scores WHERE tenant_id = 'tenant-t' AND hour < now() - interval '10 days'`) === '5');
    assert.ok(Number(await stack.postgres.query(`SELECT count(*) FROM analytics.scores WHERE tenant_id = 'tenant-t'`)) >= hours);
  });
});
