// What actions and issues are linked to: replacing, clearing, batches, both ends, and goals that vanish.
import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { basePath, created, fails, invalid, newTenant, ok, stack, unknownId } from './support/client.mjs';

const operations = '/api/operations';
const actionOf = async (client, { id }) => ok(await client.get(`${operations}/actions/${id}`)).data;
const issueOf = async (client, { id }) => ok(await client.get(`${operations}/issues/${id}`)).data;
const none = { goalIds: [], strategyIds: [], issueIds: [] };

// Links to what was deleted go when the event comes, which may take a moment.
async function becomes(read, expected) {
  let last;
  for (let i = 0; i < 200; i += 1) {
    last = await read();
    if (JSON.stringify(last) === JSON.stringify(expected)) return;
    await sleep(25);
  }
  assert.deepEqual(last, expected);
}

for (const base of ['', basePath]) {
  describe(`links under ${stack.url}${base}`, () => {
    const client = newTenant({ base });
    let goals;
    let strategies;
    before(async () => {
      goals = [await client.goal(), await client.goal(), await client.goal()];
      strategies = [await client.strategy(goals[0]), await client.strategy(goals[1])];
    });

    test('PUT replaces, in the order that was sent, each once', async () => {
      const action = await client.action({ connections: { strategyIds: [strategies[0].id] } });
      const path = `${operations}/actions/${action.id}/goals`;
      const [one, two, three] = goals.map((goal) => goal.id);
      for (const ids of [[two, one], [one, two, three], [three], [], [three, two, one]]) {
        const linked = ok(await client.put(path, { goalIds: ids })).data;
        assert.deepEqual(linked.connections, { goalIds: ids, strategyIds: [strategies[0].id], issueIds: [] });
        assert.deepEqual(await actionOf(client, action), linked);
      }
      assert.deepEqual(ok(await client.put(path, { goal_ids: [one, two, one] })).data.connections.goalIds, [one, two]);
    });

    test('strategies likewise; DELETE clears everything', async () => {
      const issue = await client.issue();
      const action = await client.action({ connections: { goalIds: [goals[0].id], issueIds: [issue.id] } });
      const ids = strategies.map((strategy) => strategy.id);
      const linked = ok(await client.put(`${operations}/actions/${action.id}/strategies`, { strategyIds: ids })).data;
      assert.deepEqual(linked.connections, { goalIds: [goals[0].id], strategyIds: ids, issueIds: [issue.id] });
      const cleared = ok(await client.del(`${operations}/actions/${action.id}/relationships`)).data;
      assert.deepEqual({ ...cleared, updatedAt: 0 }, { ...action, connections: none, updatedAt: 0 });
      assert.deepEqual(await actionOf(client, action), cleared);
      assert.deepEqual((await issueOf(client, issue)).connections.actionIds, []);
      ok(await client.del(`${operations}/actions/${action.id}/relationships`));
    });

    test('an action and an issue see the link from both ends', async () => {
      const issues = [await client.issue(), await client.issue()];
      const action = await client.action({ connections: { issueIds: [issues[1].id, issues[0].id] } });
      for (const issue of issues) assert.deepEqual((await issueOf(client, issue)).connections.actionIds, [action.id]);
      const second = await client.action();
      const changed = ok(await client.put(`${operations}/issues/${issues[0].id}`, { connections: { actionIds: [second.id, action.id] } })).data;
      assert.deepEqual(changed.connections.actionIds, [second.id, action.id]);
      assert.deepEqual((await actionOf(client, second)).connections.issueIds, [issues[0].id]);
      assert.deepEqual((await actionOf(client, action)).connections.issueIds, [issues[1].id, issues[0].id]);
      ok(await client.put(`${operations}/actions/${action.id}`, { connections: { issueIds: [issues[1].id] } }));
      assert.deepEqual((await issueOf(client, issues[0])).connections.actionIds, [second.id]);
      assert.deepEqual(ok(await client.get(`${operations}/actions?issueIds=${issues[0].id}`)).data.map((one) => one.id), [second.id]);
    });

    test('PUT of one kind of connections keeps the others', async () => {
      const action = await client.action({ connections: { goalIds: [goals[0].id], strategyIds: [strategies[0].id] } });
      const changed = ok(await client.put(`${operations}/actions/${action.id}`, { connections: { goal_ids: [goals[1].id] } })).data;
      assert.deepEqual(changed.connections, { goalIds: [goals[1].id], strategyIds: [strategies[0].id], issueIds: [] });
    });
  });
}

describe('ids that are not there', () => {
  const client = newTenant();
  const stranger = newTenant();
  let goal;
  let strategy;
  let foreign;
  before(async () => {
    goal = await client.goal();
    strategy = await client.strategy(goal);
    foreign = await stranger.goal();
  });

  test('each is named with its place, and nothing is written', async () => {
    const action = await client.action({ connections: { goalIds: [goal.id] } });
    const path = `${operations}/actions/${action.id}`;
    const [unknown, foreignIssue] = [unknownId(), await stranger.issue()];
    invalid(await client.put(`${path}/goals`, { goalIds: [goal.id, unknown, strategy.id, foreign.id] }), 'goalIds[1]', 'goalIds[2]', 'goalIds[3]');
    invalid(await client.put(`${path}/strategies`, { strategy_ids: [goal.id, strategy.id] }), 'strategy_ids[0]');
    invalid(await client.put(`${path}/goals`, { goalIds: ['goal_123', goal.id, 7] }), 'goalIds[0]', 'goalIds[2]');
    for (const body of [{}, { goalIds: null }, { goalIds: 'x' }, { goalIds: goal.id }]) invalid(await client.put(`${path}/goals`, body), 'goalIds');
    invalid(await client.put(path, { title: 'changed', connections: { goalIds: [goal.id, unknown], strategyIds: [unknown], issueIds: [foreignIssue.id] } }),
      'connections.goalIds[1]', 'connections.strategyIds[0]', 'connections.issueIds[0]');
    assert.deepEqual(await actionOf(client, action), action);
    invalid(await client.post(`${operations}/actions`, { title: 'x', connections: { goalIds: [foreign.id] } }), 'connections.goalIds[0]');
    assert.equal(ok(await client.get(`${operations}/actions`)).pagination.total, 1);
  });

  test('too many at once', async () => {
    const action = await client.action();
    invalid(await client.put(`${operations}/actions/${action.id}/goals`, { goalIds: Array(501).fill(goal.id) }), 'goalIds');
    assert.deepEqual(ok(await client.put(`${operations}/actions/${action.id}/goals`, { goalIds: Array(500).fill(goal.id) })).data.connections.goalIds, [goal.id]);
  });

  test('an unknown action', async () => {
    for (const id of [unknownId(), 'x']) {
      fails(await client.put(`${operations}/actions/${id}/goals`, { goalIds: [goal.id] }), 404, 'ACTION_NOT_FOUND');
      fails(await client.put(`${operations}/actions/${id}/strategies`, { strategyIds: [] }), 404, 'ACTION_NOT_FOUND');
      fails(await client.del(`${operations}/actions/${id}/relationships`), 404, 'ACTION_NOT_FOUND');
    }
  });
});

describe('goals and strategies that are deleted', () => {
  const client = newTenant();

  test('vanish from actions, issues, lists and batches', async () => {
    const [kept, doomed] = [await client.goal(), await client.goal()];
    const [own, gone] = [await client.strategy(kept), await client.strategy(doomed)];
    const connections = { goalIds: [doomed.id, kept.id], strategyIds: [gone.id, own.id] };
    const action = await client.action({ connections });
    const issue = await client.issue({ connections });
    ok(await client.del(`/goals/${doomed.id}`));
    const left = { goalIds: [kept.id], strategyIds: [own.id] };
    await becomes(async () => (await actionOf(client, action)).connections, { ...left, issueIds: [] });
    await becomes(async () => (await issueOf(client, issue)).connections, { ...left, actionIds: [] });
    assert.equal(ok(await client.get(`${operations}/actions?goalIds=${doomed.id}`)).pagination.total, 0);
    const batch = ok(await client.post(`${operations}/actions/goals`, { actionIds: [action.id] })).data;
    assert.deepEqual(batch[action.id].map((goal) => goal.id), [kept.id]);
    ok(await client.del(`/goals/${kept.id}/strategies/${own.id}`));
    await becomes(async () => (await actionOf(client, action)).connections.strategyIds, []);
    await becomes(async () => (await issueOf(client, issue)).connections.strategyIds, []);
    invalid(await client.put(`${operations}/actions/${action.id}`, { connections }), 'connections.goalIds[0]', 'connections.strategyIds[0]', 'connections.strategyIds[1]');
  });

  test('a batch does not show them even before the news has come', async () => {
    const goal = await client.goal();
    const action = await client.action({ connections: { goalIds: [goal.id] } });
    ok(await client.del(`/goals/${goal.id}`));
    assert.deepEqual(ok(await client.post(`${operations}/actions/goals`, { actionIds: [action.id] })).data, { [action.id]: [] });
  });

  test('while they are being linked: no link is left', async () => {
    for (let round = 0; round < 10; round += 1) {
      const goal = await client.goal();
      const strategy = await client.strategy(goal);
      const links = { goalIds: [goal.id], strategyIds: [strategy.id] };
      const [action, issue] = [await client.action(), await client.issue()];
      const answers = await Promise.all([
        client.put(`${operations}/actions/${action.id}/goals`, { goalIds: links.goalIds }), client.put(`${operations}/issues/${issue.id}`, { connections: links }),
        client.post(`${operations}/actions`, { title: 'new', connections: links }), client.del(`/goals/${goal.id}`).then(ok),
        client.put(`${operations}/actions/${action.id}/strategies`, { strategyIds: links.strategyIds }),
      ]);
      for (const answer of answers) if (answer.status >= 300) fails(answer, 422, 'VALIDATION_ERROR');
      await becomes(async () => (await actionOf(client, action)).connections, none);
      await becomes(async () => (await issueOf(client, issue)).connections, { goalIds: [], strategyIds: [], actionIds: [] });
      if (answers[2].status === 201) await becomes(async () => (await actionOf(client, answers[2].data)).connections, none);
      invalid(await client.put(`${operations}/actions/${action.id}/goals`, { goalIds: [goal.id] }), 'goalIds[0]');
    }
  });
});

describe('collisions', () => {
  const client = newTenant();

  test('an issue that is deleted while actions are linked to it', async () => {
    for (let round = 0; round < 8; round += 1) {
      const issue = await client.issue();
      const action = await client.action();
      const answers = await Promise.all([
        client.put(`${operations}/actions/${action.id}`, { connections: { issueIds: [issue.id] } }), client.del(`${operations}/issues/${issue.id}`).then(ok),
        client.post(`${operations}/actions`, { title: 'x', connections: { issueIds: [issue.id] } }),
      ]);
      for (const answer of answers) if (answer.status >= 300) invalid(answer, 'connections.issueIds[0]');
      assert.deepEqual((await actionOf(client, action)).connections.issueIds, []);
      if (answers[2].status === 201) assert.deepEqual((await actionOf(client, answers[2].data)).connections.issueIds, []);
    }
  });

  test('both ends linked at once, and replaced at once', async () => {
    const goals = [await client.goal(), await client.goal()].map((goal) => goal.id);
    for (let round = 0; round < 8; round += 1) {
      const [action, issue] = [await client.action(), await client.issue()];
      await Promise.all([
        client.put(`${operations}/actions/${action.id}`, { connections: { issueIds: [issue.id] } }).then(ok),
        client.put(`${operations}/issues/${issue.id}`, { connections: { actionIds: [action.id] } }).then(ok),
        ...Array.from({ length: 4 }, (_, i) => client.put(`${operations}/actions/${action.id}/goals`, { goalIds: i % 2 ? goals : [goals[1]] }).then(ok)),
      ]);
      const now = await actionOf(client, action);
      assert.deepEqual(now.connections.issueIds, [issue.id]);
      assert.deepEqual((await issueOf(client, issue)).connections.actionIds, [action.id]);
      assert.ok([goals.join(), goals[1]].includes(now.connections.goalIds.join()));
    }
  });
});

describe('batches', () => {
  const client = newTenant();
  let goals;
  let strategies;
  let actions;
  before(async () => {
    goals = [await client.goal({ status: 'active' }), await client.goal()];
    strategies = [await client.strategy(goals[0]), await client.strategy(goals[0])];
    const kpi = created(await client.post('/kpis', { name: 'k', direction: 'up', baselineValue: 0, targetValue: 4 })).data;
    created(await client.post(`/goals/${goals[0].id}/kpis:link`, { kpi_id: kpi.id, threshold_pct: 20 }));
    created(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-01', value: 1 }));
    const ids = goals.map((goal) => goal.id);
    actions = [
      await client.action({ connections: { goalIds: [ids[1], ids[0]], strategyIds: [strategies[1].id, strategies[0].id] } }),
      await client.action({ connections: { goalIds: [ids[0]] } }), await client.action(),
    ];
  });

  test('goals, exactly as svc-goals and svc-kpis know them', async () => {
    const [one, two] = [ok(await client.get(`/goals/${goals[0].id}`)).data, ok(await client.get(`/goals/${goals[1].id}`)).data];
    assert.equal(one.progress, 25);
    const unknown = unknownId();
    const answer = ok(await client.post(`${operations}/actions/goals`, { actionIds: [...actions.map((action) => action.id), unknown, actions[0].id] }));
    assert.deepEqual(answer.data, { [actions[0].id]: [two, one], [actions[1].id]: [one], [actions[2].id]: [], [unknown]: [] });
  });

  test('strategies', async () => {
    const all = ok(await client.get(`/goals/${goals[0].id}/strategies`)).data;
    const answer = ok(await client.post(`${operations}/actions/strategies`, { action_ids: actions.map((action) => action.id) }));
    assert.deepEqual(answer.data, { [actions[0].id]: [all[1], all[0]], [actions[1].id]: [], [actions[2].id]: [] });
  });

  test('KPIs of goals', async () => {
    const { kpis } = ok(await client.get(`/goals/${goals[0].id}`)).data;
    assert.equal(kpis.length, 1);
    const answer = ok(await client.post(`${operations}/goals/kpis`, { goalIds: goals.map((goal) => goal.id) }));
    assert.deepEqual(answer.data, { [goals[0].id]: kpis, [goals[1].id]: [] });
  });

  for (const [path, field] of [['actions/goals', 'actionIds'], ['actions/strategies', 'actionIds'], ['goals/kpis', 'goalIds']]) {
    test(`${path}: none, too many, and what is no list of ids`, async () => {
      assert.deepEqual(ok(await client.post(`${operations}/${path}`, { [field]: [] })).data, {});
      const many = Array.from({ length: 500 }, unknownId);
      assert.deepEqual(ok(await client.post(`${operations}/${path}`, { [field]: many })).data, Object.fromEntries(many.map((id) => [id, []])));
      invalid(await client.post(`${operations}/${path}`, { [field]: [...many, unknownId()] }), field);
      invalid(await client.post(`${operations}/${path}`, { [field]: [unknownId(), 'x'] }), `${field}[1]`);
      invalid(await client.post(`${operations}/${path}`, {}), field);
      invalid(await client.post(`${operations}/${path}`, { [field]: 'x' }), field);
    });

    test(`${path}: ids are answered as they were asked`, async () => {
      const id = field === 'goalIds' ? goals[0].id : actions[0].id;
      const [capitals, unknown] = [id.toUpperCase(), unknownId().toUpperCase()];
      const answer = ok(await client.post(`${operations}/${path}`, { [field]: [capitals, id, unknown, capitals, id] })).data;
      assert.deepEqual(Object.keys(answer).sort(), [capitals, id, unknown].sort());
      assert.ok(answer[id].length > 0);
      assert.deepEqual(answer[capitals], answer[id]);
      assert.deepEqual(answer[unknown], []);
    });

    test(`${path}: another tenant's are empty, and viewers may ask`, async () => {
      const id = field === 'goalIds' ? goals[0].id : actions[0].id;
      assert.deepEqual(ok(await newTenant().post(`${operations}/${path}`, { [field]: [id] })).data, { [id]: [] });
      assert.equal(ok(await client.as({ roles: ['viewer'] }).post(`${operations}/${path}`, { [field]: [id] })).data[id].length > 0, true);
    });
  }

  // Sums of the service's counters; others may ask it meanwhile, hence the slack.
  async function counted(name) {
    const text = await (await fetch(`http://127.0.0.1:${stack.adminPorts['svc-operations']}/metrics`)).text();
    return text.split('\n').filter((line) => line.startsWith(name)).reduce((sum, line) => sum + Number(line.split(' ').pop()), 0);
  }

  test('cost the same for 500 ids as for one', async () => {
    const many = [];
    while (many.length < 60) many.push(...await Promise.all(Array.from({ length: 20 }, () => client.action({ connections: { goalIds: [goals[0].id] } }))));
    const actionIds = [...many.map((action) => action.id), ...Array.from({ length: 440 }, unknownId)];
    const least = { statements: Infinity, calls: Infinity };
    for (let i = 0; i < 5; i += 1) {
      const started = [await counted('traction_database_statements_total'), await counted('traction_calls_total')];
      const answer = ok(await client.post(`${operations}/actions/goals`, { actionIds }));
      assert.equal(Object.values(answer.data).flat().length, 60);
      least.statements = Math.min(least.statements, await counted('traction_database_statements_total') - started[0]);
      least.calls = Math.min(least.calls, await counted('traction_calls_total') - started[1]);
    }
    assert.ok(least.statements <= 30 && least.calls <= 20, JSON.stringify(least));
  });
});
