// Requests that collide: one order of doing them one after another must explain what is left.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { created, fails, newTenant, ok } from './support/client.mjs';

const rounds = 6;

async function strategiesOf(client, goal) {
  const { strategies } = ok(await client.get(`/goals/${goal.id}`)).data;
  assert.deepEqual(strategies.map((strategy) => strategy.order), strategies.map((_, i) => i + 1));
  return strategies;
}

describe('transitions', () => {
  const client = newTenant();

  test('pausing against completing: one wins, the feed tells only of that one', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const goal = await client.goalIn('active');
      const [pause, complete] = await Promise.all([
        client.post(`/goals/${goal.id}:pause`, { reason: 'p' }), client.post(`/goals/${goal.id}:close`, { finalStatus: 'completed', reason: 'c' }),
      ]);
      assert.equal([pause, complete].filter((answer) => answer.status === 200).length, 1);
      const paused = pause.status === 200;
      if (paused) fails(complete, 400, 'INVALID_STATUS_TRANSITION', 'Cannot complete goal in Paused status');
      else fails(pause, 400, 'INVALID_STATUS_TRANSITION', 'Cannot put goal on hold from Completed status');
      assert.equal(ok(await client.get(`/goals/${goal.id}`)).data.status, paused ? 'paused' : 'completed');
      assert.deepEqual((await client.activity(goal)).map((entry) => entry.title), [paused ? 'Goal Paused' : 'Goal Completed']);
    }
  });

  test('the same one ten times at once happens once', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const goal = await client.goal();
      const answers = await Promise.all(Array.from({ length: 10 }, () => client.post(`/goals/${goal.id}:activate`, { reason: 'r' })));
      assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
      for (const answer of answers) if (answer.status !== 200) fails(answer, 400, 'INVALID_STATUS_TRANSITION', 'Cannot activate goal in Active status');
      assert.equal((await client.activity(goal)).length, 1);
    }
  });

  test('verbs against PUT', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const goal = await client.goalIn('active');
      const answers = await Promise.all([
        client.put(`/goals/${goal.id}`, { status: 'completed', title: 'by PUT' }), client.post(`/goals/${goal.id}:close`, { finalStatus: 'cancelled', reason: 'r' }),
      ]);
      assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 400]);
      const now = ok(await client.get(`/goals/${goal.id}`)).data;
      assert.equal(now.status, answers[0].status === 200 ? 'completed' : 'cancelled');
      assert.equal(now.title, answers[0].status === 200 ? 'by PUT' : goal.title);
      assert.equal((await client.activity(goal)).length, answers[0].status === 200 ? 0 : 1);
    }
  });
});

describe('changes of one goal', () => {
  const client = newTenant();

  test('PUTs of different fields all stay', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const goal = await client.goal();
      const changes = [{ title: 'T' }, { intent: 'I' }, { ownerId: 'O' }, { horizon: 'year' }, { valueTags: ['v'] }, { metadata: { m: 1 } }];
      await Promise.all(changes.map((change) => client.put(`/goals/${goal.id}`, change).then(ok)));
      const now = ok(await client.get(`/goals/${goal.id}`)).data;
      for (const change of changes) for (const [key, value] of Object.entries(change)) assert.deepEqual(now[key], value);
    }
  });

  test('many deletes at once: one succeeds', async () => {
    const goal = await client.goal();
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.del(`/goals/${goal.id}`)));
    assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
    for (const answer of answers) if (answer.status !== 200) fails(answer, 404, 'GOAL_NOT_FOUND');
  });

  test('a delete against children that are being made', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const goal = await client.goal();
      const answers = await Promise.all([
        ...Array.from({ length: 4 }, () => client.post(`/goals/${goal.id}/strategies`, { description: 'x' })), client.del(`/goals/${goal.id}`).then(ok),
        ...Array.from({ length: 4 }, () => client.post(`/goals/${goal.id}/notes`, { note: 'x' })),
      ]);
      for (const answer of answers) if (answer.status >= 300) fails(answer, 404, 'GOAL_NOT_FOUND');
      fails(await client.get(`/goals/${goal.id}`), 404, 'GOAL_NOT_FOUND');
    }
    const own = newTenant({ limits: { strategies: 1 } });
    await own.strategy(await own.goal());
  });
});

describe('order of strategies', () => {
  const client = newTenant();

  test('inserts at the front, the middle and the end', async () => {
    const goal = await client.goal();
    await Promise.all(Array.from({ length: 24 }, (_, i) => client.strategy(goal, { description: `${i}`, order: [1, undefined, 2][i % 3] })));
    assert.equal(new Set((await strategiesOf(client, goal)).map((strategy) => strategy.description)).size, 24);
  });

  test('inserts against deletes and moves', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const goal = await client.goal();
      const made = [];
      for (let i = 0; i < 6; i += 1) made.push(await client.strategy(goal, { description: `${i}` }));
      const path = `/goals/${goal.id}/strategies`;
      await Promise.all([
        client.del(`${path}/${made[0].id}`).then(ok), client.del(`${path}/${made[3].id}`).then(ok), client.strategy(goal, { order: 2 }),
        client.put(`${path}/${made[1].id}`, { order: 4 }).then(ok), client.put(`${path}/${made[5].id}`, { order: 1 }).then(ok), client.strategy(goal, { order: 1 }),
      ]);
      assert.equal((await strategiesOf(client, goal)).length, 6);
    }
  });

  test('a reorder against an insert', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const goal = await client.goal();
      const ids = [];
      for (let i = 0; i < 4; i += 1) ids.push((await client.strategy(goal, { description: `${i}` })).id);
      const [reorder] = await Promise.all([
        client.put(`/goals/${goal.id}/strategies:reorder`, { strategyIds: [...ids].reverse() }), client.strategy(goal, { description: 'new', order: 1 }),
      ]);
      const left = (await strategiesOf(client, goal)).map((strategy) => strategy.id).filter((id) => ids.includes(id));
      if (reorder.status === 200) assert.deepEqual(left, [...ids].reverse());
      else {
        fails(reorder, 422, 'VALIDATION_ERROR'); // the new one came first and was not named
        assert.deepEqual(left, ids);
      }
      assert.equal((await strategiesOf(client, goal)).length, 5);
    }
  });

  test('reorders against each other', async () => {
    const goal = await client.goal();
    const ids = [];
    for (let i = 0; i < 5; i += 1) ids.push((await client.strategy(goal)).id);
    const wanted = Array.from({ length: 8 }, (_, i) => [...ids.slice(i % 5), ...ids.slice(0, i % 5)]);
    const answers = await Promise.all(wanted.map((strategyIds) => client.put(`/goals/${goal.id}/strategies:reorder`, { strategyIds }).then(ok)));
    answers.forEach((answer, i) => assert.deepEqual(answer.data.map((strategy) => strategy.id), wanted[i]));
    const left = (await strategiesOf(client, goal)).map((strategy) => strategy.id);
    assert.ok(wanted.some((order) => order.join() === left.join()));
  });
});

describe('readings of one KPI', () => {
  const client = newTenant();

  test('recorded at once: goals show the earliest and the newest, whoever was last', async () => {
    const goal = await client.goal();
    const kpi = created(await client.post('/kpis', { name: 'Raced', direction: 'up', targetValue: 1000 })).data;
    created(await client.post(`/goals/${goal.id}/kpis:link`, { kpi_id: kpi.id, threshold_pct: 50 }));
    const path = `/goals/${goal.id}/kpis/${kpi.id}:link`;
    for (let round = 0; round < 50; round += 1) {
      // Each round's months lie outside all earlier ones, so both ends move.
      const months = [1900 - round, 2000 + round].map((year) => `${year}-05`);
      const answers = await Promise.all(months.map((period, i) => client.post(`/kpis/${kpi.id}/readings`, {
        period, value: round * 2 + i, ...(round % 3 ? {} : { adjusted_value: 500 + round * 2 + i }),
      })));
      answers.forEach((answer) => created(answer));
      const readings = ok(await client.get(`/kpis/${kpi.id}/readings?size=100`)).data;
      const counts = (reading) => reading.adjustedValue ?? reading.value;
      assert.deepEqual([readings.length, readings[0].period, readings.at(-1).period], [round * 2 + 2, months[1], months[0]]);
      const shown = ok(await client.get(path));
      assert.deepEqual([shown.data.baselineValue, shown.data.currentValue], [counts(readings.at(-1)), counts(readings[0])]);
      const [inGoal] = ok(await client.get(`/goals/${goal.id}`)).data.kpis;
      assert.deepEqual(inGoal, shown.data);
    }
    const now = ok(await client.get(`/kpis/${kpi.id}`));
    assert.match(now.headers.etag, /^"1-/);
    const { currentValue } = ok(await client.get(path)).data;
    assert.deepEqual(now.data.kpi, { ...kpi.kpi, currentValue, currentValueDate: '2049-05-31', linkedGoalCount: 1 });
  });
});

describe('an issue that is being closed', () => {
  const client = newTenant();

  test('against a new open action: it is closed first, or not at all', async () => {
    for (let round = 0; round < 3 * rounds; round += 1) {
      const issue = await client.issue();
      const close = () => client.post(`/issues/${issue.id}/close`, {});
      const open = () => client.action({ connections: { issueIds: [issue.id] } });
      const [closed, action] = round % 2 ? await Promise.all([close(), open()]) : (await Promise.all([open(), close()])).reverse();
      const now = ok(await client.get(`/issues/${issue.id}`)).data;
      assert.deepEqual(now.connections.actionIds, [action.id]);
      if (closed.status === 200) {
        ok(closed);
        assert.deepEqual([now.status.name, closed.data.connections.actionIds], ['Closed', []]); // the action came behind it
      } else {
        fails(closed, 409, 'DEPENDENCY_EXISTS', '1 of 1 action is still open');
        assert.equal(now.status.name, 'Open');
      }
    }
  });

  test('its last two actions are completed at once: one of them is told that it can be closed', async () => {
    for (let round = 0; round < 2 * rounds; round += 1) {
      const issue = await client.issue();
      const actions = [await client.action({ connections: { issueIds: [issue.id] } }), await client.action({ connections: { issueIds: [issue.id] } })];
      const answers = await Promise.all(actions.map(({ id }) => client.post(`/actions/${id}/complete`, {})));
      const told = answers.map((answer) => ok(answer).data.closableIssues.length);
      assert.deepEqual(told.sort(), [0, 1]);
    }
  });
});
