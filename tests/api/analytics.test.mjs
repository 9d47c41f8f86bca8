// Statistics, score, alignment and recent activity, as a dashboard asks for them.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { created, fails, instant, invalid, newTenant, ok, uuidV7 } from './support/client.mjs';
import { soon } from './support/reading.mjs';
import { alignment, difference, happen, look, newWorld, randomOf, score, stats } from './support/world.mjs';

const figures = async (client) => {
  const [a, b, c] = await Promise.all(['/goals/stats', '/performance/score', '/team/alignment'].map((path) => client.get(path)));
  return { stats: ok(a).data, score: ok(b).data, alignment: ok(c).data };
};

async function agree(client) {
  const world = await look(client);
  const expected = { stats: stats(world), score: score(world), alignment: alignment(world) };
  return soon(() => figures(client), (found) => difference(found, expected));
}

const zeros = {
  stats: {
    totalGoals: 0, activeGoals: 0, completedGoals: 0, goalsByStatus: { draft: 0, active: 0, paused: 0, completed: 0, cancelled: 0, archived: 0 },
    goalsByHorizon: { year: 0, quarter: 0, month: 0 }, averageProgress: 0,
    byStatus: { draft: 0, active: 0, paused: 0, completed: 0, cancelled: 0, archived: 0 }, byType: { year: 0, quarter: 0, month: 0 },
    onTrackCount: 0, atRiskCount: 0, offTrackCount: 0, totalMeasures: 0, totalStrategies: 0, totalActions: 0,
  },
  score: {
    overallScore: 0,
    components: {
      goals: { score: 0, weight: 0.4, metrics: { completionRate: 0, onTimeRate: 0 } },
      strategies: { score: 0, weight: 0.2, metrics: { validatedRate: 0, adoptionRate: 0 } },
      kpis: { score: 0, weight: 0.3, metrics: { targetAchievementRate: 0, onTrackRate: 0 } },
      actions: { score: 0, weight: 0.1, metrics: { completionRate: 0, onTimeRate: 0 } },
    },
    trend: 'stable',
  },
  alignment: {
    alignmentScore: 0, teamSize: 0, goalsWithMultipleOwners: 0, sharedKPIs: 0,
    collaborationMetrics: { crossGoalCollaboration: 0, strategyAlignment: 0, kpiSharing: 0 }, trend: 'stable',
  },
};

describe('figures', () => {
  test('an empty tenant gets zeros, in exactly these shapes', async () => {
    const found = await figures(newTenant());
    for (const part of [found.score, found.alignment]) {
      assert.match(part.lastCalculated, instant);
      delete part.lastCalculated;
    }
    assert.deepEqual(found, zeros);
  });

  for (const seed of [1, 2, 3, 4]) {
    test(`random company ${seed} agrees with what the other routes answer`, async () => {
      const client = newTenant();
      const r = randomOf(seed);
      const world = newWorld();
      for (let part = 0; part < 3; part += 1) {
        await happen(client, r, world, 60);
        await agree(client);
      }
      const { goals, actions } = await look(client);
      const some = (query, chosen) => async () => {
        const found = ok(await client.get(`/goals/stats?${query}`)).data;
        assert.equal(difference(found, stats({ goals: goals.filter(chosen), actions })), '', query);
      };
      const { ownerId } = goals[0];
      await some(`ownerId=${ownerId}`, (goal) => goal.ownerId === ownerId)();
      await some('type=quarterly', ({ horizon }) => horizon === 'quarter')();
      await some(`personId=${ownerId}&horizon=year,month`, (goal) => goal.ownerId === ownerId && goal.horizon !== 'quarter')();
      await some('owner_id=nobody', () => false)();
    });
  }

  test('a goal is as its worst link: on track, at risk, off track', async () => {
    const client = newTenant();
    const goal = await client.goalIn('active', { horizon: 'month' });
    await client.goalIn('active', { ownerId: 'other', horizon: 'month' });
    const kpis = [];
    for (const [name, value] of [['a', 90], ['b', 60], ['c', 20]]) {
      const kpi = created(await client.post('/kpis', { name, direction: 'up', baselineValue: 0, targetValue: 100 })).data;
      created(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-01', value }));
      kpis.push(kpi);
    }
    const tracks = ({ onTrackCount, atRiskCount, offTrackCount }) => [onTrackCount, atRiskCount, offTrackCount].join();
    const expected = ['1,0,0', '0,1,0', '0,0,1'];
    for (const [i, kpi] of kpis.entries()) {
      created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id }));
      const { data } = await soon(() => client.get('/goals/stats'), (found) => (tracks(found.data) === expected[i] ? '' : tracks(found.data)));
      assert.equal(data.totalMeasures, i + 1);
    }
    ok(await client.post(`/goals/${goal.id}/kpis/${kpis[2].id}:setThreshold`, { thresholdPct: 80, riskThresholdPct: 20 }));
    await soon(() => client.get('/goals/stats'), ({ data }) => (tracks(data) === '0,1,0' ? '' : tracks(data)));
    assert.equal(ok(await client.get('/goals/stats?ownerId=other')).data.totalGoals, 1);
    invalid(await client.get('/goals/stats?type=decade'), 'type');
  });

  test('a write is reflected at once, whoever asked before', async () => {
    const client = newTenant();
    await figures(client);
    for (let i = 1; i <= 5; i += 1) {
      await client.goal({ status: 'active' });
      await soon(() => client.get('/goals/stats'), ({ data }) => (data.totalGoals === i ? '' : `${data.totalGoals} goals instead of ${i}`));
    }
  });

  test('tenants that write at the same time are all up to date', async () => {
    const clients = Array.from({ length: 5 }, newTenant);
    await Promise.all(clients.map(figures));
    for (let i = 1; i <= 4; i += 1) {
      await Promise.all(clients.flatMap((client) => [client.goal(), client.goal(), client.goal()]));
      for (const client of clients) {
        await soon(() => client.get('/goals/stats'), ({ data }) => (data.totalGoals === 3 * i ? '' : `${data.totalGoals} goals instead of ${3 * i}`));
      }
    }
  });

  test('a goal takes its strategies, links and people out of every figure', async () => {
    const client = newTenant();
    const goal = await client.goal({ status: 'active' });
    await client.strategy(goal, { status: 'adopted' });
    const kpi = created(await client.post('/kpis', { name: 'k', direction: 'up', targetValue: 1 })).data;
    created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id, thresholdPct: 0 }));
    created(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-01', value: 1 }));
    const before = await agree(client);
    assert.equal(before.score.components.strategies.score, 100);
    assert.equal(before.score.components.kpis.metrics.onTrackRate, 100);
    ok(await client.del(`/goals/${goal.id}`));
    await soon(() => figures(client), (found) => difference(found, zeros));
  });

  test('others see nothing of it, viewers see all', async () => {
    const client = newTenant();
    await client.goal({ status: 'active' });
    await agree(client);
    assert.equal(ok(await newTenant().get('/goals/stats')).data.totalGoals, 0);
    assert.equal(ok(await client.as({ role: 'viewer', features: [] }).get('/goals/stats')).data.totalGoals, 1);
    invalid(await client.get('/goals/stats?size=5'), 'size');
  });
});

describe('recent activity', () => {
  test('calls a strategy by its title, where it has one', async () => {
    const client = newTenant();
    const goal = await client.goal();
    const strategy = await client.strategy(goal, { title: 'Asia', description: 'Enter five markets' });
    const called = async (title) => {
      const { data } = await soon(() => client.get('/activity/recent'), (found) => {
        const entry = found.data.find(({ entityId }) => entityId === strategy.id);
        return entry?.entityTitle === title ? '' : `the entry is ${JSON.stringify(entry)}`;
      });
      return data.find(({ entityId }) => entityId === strategy.id);
    };
    assert.equal((await called('Asia')).description, 'Added the strategy “Asia”');
    ok(await client.put(`/goals/${goal.id}/strategies/${strategy.id}`, { title: null }));
    assert.equal((await called('Enter five markets')).type, 'strategy_updated');
  });

  const recent = async (client, query = '') => ok(await client.get(`/activity/recent${query}`)).data;
  const types = (entries) => entries.map(({ type }) => type);

  test('who did what to what, newest first, titles as they are now', async () => {
    const client = newTenant({ name: 'Ann One' });
    assert.deepEqual(await recent(client), []);
    const goal = await client.goal({ title: 'Grow', status: 'active' });
    ok(await client.post(`/goals/${goal.id}:pause`, { reason: 'rain' }));
    const strategy = await client.strategy(goal, { description: 'By bicycle' });
    const kpi = created(await client.post('/kpis', { name: 'Speed', unit: 'km/h', direction: 'up' })).data;
    created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id, thresholdPct: 5 }));
    created(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-03', value: 21.5 }));
    const action = await client.action({ title: 'Pedal' });
    ok(await client.put(`/api/operations/actions/${action.id}`, { status: 'completed' }));
    await client.issue({ title: 'Flat tyre' });
    ok(await client.put(`/goals/${goal.id}`, { title: 'Grow fast' }));
    const expected = {
      goal_created: 1, goal_updated: 2, strategy_added: 1, kpi_created: 1, kpi_updated: 2, action_created: 1, action_completed: 1, issue_created: 1,
    };
    const entries = await soon(() => recent(client), (found) => {
      const counts = Object.fromEntries(Object.keys(expected).map((type) => [type, types(found).filter((other) => other === type).length]));
      return difference(counts, expected) || (found.length === 10 ? '' : `${found.length} entries`);
    });
    const of = (type) => entries.find((entry) => entry.type === type);
    for (const entry of entries) {
      assert.match(entry.id, uuidV7);
      assert.match(entry.timestamp, instant);
      assert.deepEqual([entry.userId, entry.userName], ['user-1', 'Ann One']);
      assert.ok(entry.description.includes(entry.entityTitle), entry.description);
    }
    const times = entries.map(({ timestamp }) => timestamp);
    assert.deepEqual(times, [...times].sort().reverse());
    assert.deepEqual([of('goal_created').entityId, of('goal_created').entityType, of('goal_created').entityTitle], [goal.id, 'goal', 'Grow fast']);
    assert.deepEqual([of('strategy_added').entityId, of('strategy_added').entityType, of('strategy_added').entityTitle], [strategy.id, 'strategy', 'By bicycle']);
    assert.deepEqual([of('kpi_updated').entityId, of('kpi_updated').entityType, of('kpi_updated').entityTitle], [kpi.id, 'kpi', 'Speed']);
    assert.deepEqual([of('action_completed').entityId, of('action_completed').entityType, of('action_completed').entityTitle], [action.id, 'action', 'Pedal']);
    assert.equal(of('issue_created').entityType, 'issue');
    assert.ok(entries.some(({ description }) => description === 'Recorded 21.5 km/h for 2025-03 of the KPI “Speed”'));
    assert.ok(entries.some(({ description }) => description === 'Paused the goal “Grow fast”'));
  });

  test('each move of a goal in its own words', async () => {
    const client = newTenant();
    const goal = await client.goal({ title: 'G', status: 'draft' });
    const other = await client.goal({ title: 'G', status: 'paused' });
    const path = `/goals/${goal.id}`;
    for (const [verb, body] of [['activate'], ['pause'], ['activate'], ['close', { finalStatus: 'completed' }]]) ok(await client.post(`${path}:${verb}`, body));
    ok(await client.put(path, { status: 'archived' }));
    ok(await client.put(path, { intent: 'x' }));
    ok(await client.put(`/goals/${other.id}`, { status: 'active' }));
    ok(await client.post(`/goals/${other.id}:close`, { finalStatus: 'cancelled' }));
    const found = await soon(() => recent(client), (entries) => (entries.length === 10 ? '' : `${entries.length} entries`));
    const words = found.reverse().map(({ description }) => description.split(' the ')[0]);
    assert.deepEqual(words, ['Created', 'Created', 'Started', 'Paused', 'Resumed', 'Completed', 'Archived', 'Changed', 'Resumed', 'Cancelled']);
  });

  test('each move of an issue in its own words, with its reason', async () => {
    const client = newTenant();
    const issue = await client.issue({ title: 'Late' });
    const path = `/issues/${issue.id}`;
    for (const [verb, body] of [['start', { notes: 'now' }], ['resolve', { resolutionNotes: 'so' }], ['reopen', { reason: 'it is back' }], ['assign', { assignedPersonId: 'user-1' }], ['assign', { assignedPersonId: null, reason: 'busy' }]]) ok(await client.put(`${path}/${verb}`, body));
    ok(await client.put(path, { status: 'Closed' }));
    ok(await client.put(path, { statusReason: 'no more' }));
    const found = await soon(() => recent(client), (entries) => (entries.length === 8 ? '' : `${entries.length} entries`));
    assert.deepEqual(found.reverse().map(({ description }) => description), [
      'Reported the issue “Late”', 'Started the issue “Late”: now', 'Resolved the issue “Late”', 'Reopened the issue “Late”: it is back',
      'Assigned the issue “Late”', 'Unassigned the issue “Late”: busy', 'Closed the issue “Late”', 'Changed the issue “Late”']);
  });

  test('an action is completed once', async () => {
    const client = newTenant();
    const action = await client.action({});
    const path = `/api/operations/actions/${action.id}`;
    for (const body of [{ status: 'completed' }, { title: 'x' }, { status: 'in_progress' }, { status: 'completed' }]) ok(await client.put(path, body));
    await client.action({ status: 'completed' });
    const found = await soon(() => recent(client), (entries) => (entries.length === 6 ? '' : `${entries.length} entries`));
    assert.deepEqual(types(found), ['action_completed', 'action_completed', 'action_updated', 'action_updated', 'action_completed', 'action_created']);
  });

  test('names change afterwards, and what is deleted is not told of', async () => {
    const client = newTenant();
    const goal = await client.goal({});
    await client.strategy(goal);
    const kept = await client.goal({ title: 'kept' });
    await soon(() => recent(client), (entries) => (entries.length === 3 ? '' : `${entries.length} entries`));
    ok(await client.del(`/goals/${goal.id}`));
    const later = client.as({ name: 'Ann Two', iat: Math.floor(Date.now() / 1000) + 5 });
    const [entry] = await soon(() => recent(later), (entries) => (entries.length === 1 ? '' : `${entries.length} entries`));
    assert.deepEqual([entry.entityId, entry.userName], [kept.id, 'Ann Two']);
  });

  test('size', async () => {
    const client = newTenant();
    for (let i = 0; i < 12; i += 1) await client.goal({ title: `g${i}` });
    await soon(() => recent(client, '?size=50'), (entries) => (entries.length === 12 ? '' : `${entries.length} entries`));
    assert.equal((await recent(client)).length, 10);
    assert.deepEqual((await recent(client, '?size=2')).map(({ entityTitle }) => entityTitle), ['g11', 'g10']);
    const linked = newTenant();
    const issue = await linked.issue();
    await linked.action({ connections: { issueIds: [issue.id] } });
    await linked.goal();
    const deeds = await soon(() => recent(linked), (entries) => (entries.some(({ type }) => type === 'goal_created') ? '' : 'no goal yet'));
    assert.ok(!deeds.some(({ type }) => type === 'issue_updated'), 'linking it is what happened to the action');
    for (const size of ['0', '51', '-1', 'ten', '1.5']) invalid(await client.get(`/activity/recent?size=${size}`), 'size');
    invalid(await client.get('/activity/recent?page=0'), 'page');
    fails(await client.get('/activity/recent?offset=2'), 422, 'VALIDATION_ERROR');
    for (const query of ['', '?size=5', '?entityType=goal', `?goalId=${issue.id}`]) {
      assert.equal(ok(await client.get(`/activity/recent${query}`)).body.pagination, undefined, query);
    }
  });

  test('pages, and what it is chosen by', async () => {
    const client = newTenant();
    const goal = await client.goal({ title: 'g' });
    const other = await client.goal({ title: 'other' });
    for (const type of ['note', 'decision', 'weekly_review']) created(await client.post(`/goals/${goal.id}/activity`, { type, text: type }));
    await client.strategy(goal);
    const kpi = created(await client.post('/kpis', { name: 'k', direction: 'up' })).data;
    created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id, thresholdPct: 5 }));
    await client.action({ title: 'of both', connections: { goalIds: [goal.id, other.id] } });
    await client.action({ title: 'of other', connections: { goalIds: [other.id] } });
    await client.issue();
    await soon(() => recent(client, '?size=50'), (entries) => (entries.length === 11 ? '' : `${entries.length} entries`));
    const page = ok(await client.get('/activity/recent?page=2&size=4'));
    assert.deepEqual(page.body.pagination, {
      page: 2, size: 4, limit: 4, pageSize: 4, total: 11, totalPages: 3, hasMore: true, hasNextPage: true, hasPreviousPage: true,
    });
    assert.deepEqual(page.data.map(({ id }) => id), (await recent(client, '?size=50')).slice(4, 8).map(({ id }) => id));
    const chosen = async (query) => types(await recent(client, query)).sort();
    assert.deepEqual(await chosen('?type=decision'), ['decision_made']);
    assert.deepEqual(await chosen('?type=Note,attachment'), ['note_added']);
    assert.deepEqual(await chosen('?type=reading'), ['kpi_updated', 'review_added']);
    assert.deepEqual(await chosen('?types=goal_created'), ['goal_created', 'goal_created']);
    assert.deepEqual(await chosen('?entityType=kpi,strategy'), ['kpi_created', 'kpi_updated', 'strategy_added']);
    assert.deepEqual(await chosen('?entity_type=issue&type=note'), []);
    assert.deepEqual(await chosen(`?goalId=${other.id}`), ['action_created', 'action_created', 'goal_created']);
    assert.deepEqual(await chosen(`?goalId=${goal.id}&entityType=action,goal`), ['action_created', 'decision_made', 'goal_created', 'note_added', 'review_added']);
    assert.deepEqual(await chosen(`?goalId=${goal.id}&type=reading`), ['kpi_updated', 'review_added']);
    assert.deepEqual(await chosen('?goalId=nothing'), []);
    assert.deepEqual(await recent(newTenant(), `?goalId=${goal.id}`), []);
    assert.equal(ok(await client.get('/activity/recent?type=note')).body.pagination.total, 1);
    invalid(await client.get('/activity/recent?type=goals&entityType=team'), 'type', 'entityType');
  });
});
