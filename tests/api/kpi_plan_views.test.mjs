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
