// Plans as goals see them.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { created, fails, newTenant, ok, unknownId } from './support/client.mjs';

let names = 0;
const addKpi = async (client, fields = {}) => created(await client.post('/kpis', {
  name: `Revenue ${names += 1}`, unit: 'EUR', direction: 'up', baselineValue: 45000, baselineDate: '2024-12-31', ...fields,
})).data;
const linked = async (client, goal, kpi, fields = {}) => created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id, ...fields })).data;

describe('the impact of a KPI on goals', () => {
  test('says how much they depend on it', async () => {
    const client = newTenant();
    const goals = [];
    for (const title of ['Only', 'Primary', 'One of three', 'One of four']) goals.push(await client.goal({ title }));
    const kpi = await addKpi(client, { targetValue: 100000 });
    const others = [await addKpi(client), await addKpi(client), await addKpi(client)];
    await linked(client, goals[2], others[0]);
    await linked(client, goals[2], others[1]);
    for (const other of others) await linked(client, goals[3], other);
    const link = await linked(client, goals[0], kpi, { thresholdPct: 70 });
    await linked(client, goals[1], kpi, { targetValue: 67000 });
    await linked(client, goals[2], kpi);
    await linked(client, goals[3], kpi);
    await linked(client, goals[1], others[0]);
    created(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-03', value: 50500 }));
    const impact = ok(await client.get(`/kpis/${kpi.id}/cross-goal-impact`)).data;
    assert.deepEqual(impact, {
      kpiId: kpi.id, measureId: kpi.id, kpiName: kpi.name, measureName: kpi.name, totalGoalsAffected: 4,
      affectedGoals: goals.map(({ id, title }, i) => ({
        goalId: id, goalTitle: title, impactLevel: ['high', 'high', 'medium', 'low'][i], threshold: i ? 80 : 70, currentAlignment: i === 1 ? 25 : 10,
      })),
    });
    for (const place of [`/shared-kpis/${kpi.id}`, `/kpi-planning/kpis/${kpi.id}`, `/measures/${kpi.id}`, `/measure-planning/measures/${kpi.id}`,
      `/kpi-links/${link.id}`, `/measure-links/${link.id}`]) assert.deepEqual(ok(await client.get(`${place}/cross-goal-impact`)).data, impact);
    ok(await client.del(`/goals/${goals[3].id}`));
    assert.equal(ok(await client.get(`/kpis/${kpi.id}/cross-goal-impact`)).data.totalGoalsAffected, 3);
    const lone = ok(await client.get(`/kpis/${(await addKpi(client)).id}/cross-goal-impact`)).data;
    assert.deepEqual([lone.affectedGoals, lone.totalGoalsAffected], [[], 0]);
    fails(await newTenant().get(`/kpis/${kpi.id}/cross-goal-impact`), 404, 'KPI_NOT_FOUND');
    fails(await client.get(`/kpi-links/${unknownId}/cross-goal-impact`), 404, 'KPI_LINK_NOT_FOUND');
  });
});

describe("where the plans of a goal's KPIs are", () => {
  const day = (offset) => new Date(Date.now() + offset * 86400000).toISOString().slice(0, 10);

  test('is answered for all of them at once', async () => {
    const client = newTenant({ user: 'ann', name: 'Ann' });
    const goal = await client.goal({ title: 'Grow', intent: 'To be larger' });
    const other = await client.goal({ title: 'Grow elsewhere' });
    const kpi = await addKpi(client, { ownerId: 'ann' });
    const bare = await addKpi(client, { direction: 'down', baselineValue: null, baselineDate: null });
    const link = await linked(client, goal, kpi);
    await linked(client, other, kpi);
    await linked(client, goal, bare);
    ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: [
      { milestoneDate: '2025-03-31', targetValue: 50000 }, { milestoneDate: day(0), targetValue: 60000 }, { milestoneDate: day(100), targetValue: 75000, label: 'Next' }, { milestoneDate: day(200), targetValue: 90000 },
    ] }));
    created(await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate: '2025-03-31', actualValue: 44000 }));
    const planning = ok(await client.get(`/goals/${goal.id}/kpi-planning`)).data;
    assert.deepEqual(planning.goal, { id: goal.id, name: 'Grow', title: 'Grow', intent: 'To be larger' });
    assert.deepEqual(planning.kpiLinks, planning.kpis);
    const [first, second] = planning.kpis;
    const next = ok(await client.get(`/kpis/${kpi.id}/milestones`)).data[2];
    assert.equal(next.status, 'not_started'); // today's is the one in progress
    const variance = { expectedValue: 50000, variance: -6000, variancePercentage: -12 };
    assert.deepEqual(first, {
      linkId: link.id, kpiId: kpi.id, measureId: kpi.id, name: kpi.name, kpiName: kpi.name, unit: 'EUR', direction: 'up', personId: 'ann', personName: 'Ann', strategyId: null,
      isPrimary: true, currentValue: 44000, currentDate: '2025-03-31', milestoneCount: 4, targetCount: 4, nextMilestone: next, nextTarget: next,
      latestActual: { id: first.latestActual.id, measurementDate: '2025-03-31', actualValue: 44000, actualSubtype: 'Measured', ...variance },
      computedVariance: variance, isShared: true, sharedGoals: [{ id: goal.id, name: 'Grow' }, { id: other.id, name: 'Grow elsewhere' }],
    });
    assert.deepEqual({ ...second, linkId: null }, {
      linkId: null, kpiId: bare.id, measureId: bare.id, name: bare.name, kpiName: bare.name, unit: 'EUR', direction: 'down', personId: null, personName: null, strategyId: null,
      isPrimary: false, currentValue: null, currentDate: null, milestoneCount: 0, targetCount: 0, nextMilestone: null, nextTarget: null, latestActual: null,
      computedVariance: { expectedValue: null, variance: null, variancePercentage: null }, isShared: false, sharedGoals: [],
    });
    for (const place of [`/goals/${goal.id}/measure-planning`, `/kpi-planning/goals/${goal.id}/kpi-planning`, `/measure-planning/goals/${goal.id}/measure-planning`, `/api/goals/${goal.id}/kpi-planning`]) {
      assert.deepEqual(ok(await client.get(place)).data, planning, place);
    }
    // The same variance as the measurement's own.
    const [actual] = ok(await client.get(`/kpis/${kpi.id}/actuals`)).data;
    assert.deepEqual([actual.id, actual.expectedValue, actual.variancePercentage], [first.latestActual.id, 50000, -12]);
    ok(await client.del(`/goals/${other.id}`));
    assert.deepEqual(ok(await client.get(`/goals/${goal.id}/kpi-planning`)).data.kpis[0].sharedGoals.filter(({ id }) => id === other.id), []);
    assert.deepEqual(ok(await client.get(`/goals/${(await client.goal()).id}/kpi-planning`)).data.kpis, []);
    for (const [who, id] of [[client, unknownId], [client, other.id], [newTenant(), goal.id]]) fails(await who.get(`/goals/${id}/kpi-planning`), 404, 'GOAL_NOT_FOUND');
  });
});
