// GET /goals/{goalId}/kpis and the same at /measures.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { created, fails, newTenant, ok, unknownId } from './support/client.mjs';

const link = async (client, goal, kpi, fields = {}) => created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id, ...fields })).data;

describe('a goal\'s KPIs, short', () => {
  const client = newTenant();

  test('every field, at both addresses', async () => {
    const goal = await client.goal({ title: 'Grow revenue', startDate: '2024-12-31', dueDate: '2025-12-31' });
    const other = await client.goal();
    const mrr = created(await client.post('/kpis', {
      name: 'MRR', unit: 'USD', direction: 'up', baselineValue: 45000, baselineDate: '2024-12-31', targetValue: 100000, currentValue: 60000, currentValueDate: '2025-03-31',
    })).data;
    const plain = created(await client.post('/kpis', { name: 'Plain', direction: 'down', type: 'binary' })).data;
    const first = await link(client, goal, mrr, { thresholdPct: 80 });
    const second = await link(client, goal, plain, { thresholdPct: 12.5, isPrimary: true });
    await link(client, other, mrr);
    const items = [{
      linkId: first.id, kpiId: mrr.id, measureId: mrr.id, name: 'MRR', unit: 'USD', direction: 'up', type: 'quantitative', isPrimary: false, thresholdPct: 80,
      currentValue: 60000, currentValueDate: '2025-03-31', targetValue: 100000, progress: 27.27, progressStatus: 'on_track', isShared: true, sharedGoalCount: 2, order: 1, linkedAt: first.createdAt,
    }, {
      linkId: second.id, kpiId: plain.id, measureId: plain.id, name: 'Plain', unit: null, direction: 'down', type: 'binary', isPrimary: true, thresholdPct: 12.5,
      currentValue: null, currentValueDate: null, targetValue: null, progress: 0, progressStatus: 'no_data', isShared: false, sharedGoalCount: 1, order: 2, linkedAt: second.createdAt,
    }];
    const primary = { kpiId: plain.id, measureId: plain.id, name: 'Plain' };
    const of = { goalId: goal.id, goalName: 'Grow revenue' };
    assert.deepEqual(ok(await client.get(`/goals/${goal.id}/kpis`)).data, { ...of, kpis: items, totalKpis: 2, hasPrimary: true, primaryKpi: primary });
    for (const at of ['', '/api']) {
      assert.deepEqual(ok(await client.as({ role: 'viewer' }).get(`${at}/goals/${goal.id}/measures`)).data, { ...of, measures: items, totalMeasures: 2, hasPrimary: true, primaryMeasure: primary });
    }
    // 45000 + 55000 x 90/365 = 58561.64 on the day of the value: 44000 is 26.48 % of the way below.
    ok(await client.put(`/kpis/${mrr.id}`, { currentValue: 44000, currentValueDate: '2025-03-31' }));
    const status = async () => ok(await client.get(`/goals/${goal.id}/kpis`)).data.kpis[0].progressStatus;
    assert.equal(await status(), 'behind');
    ok(await client.post(`/goals/${goal.id}/kpis/${mrr.id}:setThreshold`, { thresholdPct: 80, riskThresholdPct: 75 }));
    assert.equal(await status(), 'at_risk');
  });

  test('status follows the plan, unless the link has a target of its own', async () => {
    const goal = await client.goal({ startDate: '2024-12-31', dueDate: '2025-12-31' });
    const kpi = created(await client.post('/kpis', { name: 'Planned', direction: 'up', baselineValue: 45000, baselineDate: '2024-12-31' })).data;
    await link(client, goal, kpi);
    const first = async () => ok(await client.get(`/goals/${goal.id}/kpis`)).data.kpis[0];
    created(await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate: '2025-03-31', actualValue: 44000 }));
    assert.deepEqual([(await first()).progressStatus, (await first()).targetValue], ['no_data', null]);
    const milestones = [['2025-03-31', 50000], ['2025-06-30', 75000], ['2025-12-31', 100000]].map(([milestoneDate, targetValue]) => ({ milestoneDate, targetValue }));
    ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones }));
    assert.deepEqual([(await first()).progressStatus, (await first()).targetValue], ['on_track', 100000]); // 6,000 of 55,000 below 50,000
    ok(await client.post(`/goals/${goal.id}/kpis/${kpi.id}:setThreshold`, { thresholdPct: 90, riskThresholdPct: 89 }));
    assert.equal((await first()).progressStatus, 'behind'); // -10.91 % is not below -11 %
    ok(await client.post(`/goals/${goal.id}/kpis/${kpi.id}:setThreshold`, { thresholdPct: 90, riskThresholdPct: 89.5 }));
    assert.equal((await first()).progressStatus, 'at_risk');
    ok(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id, targetValue: 100000, thresholdPct: 80, riskThresholdPct: 50 }));
    assert.equal((await first()).progressStatus, 'behind'); // the straight way: 58,561.64
  });

  test('of a goal without any, and of none', async () => {
    const goal = await client.goal({ title: 'Empty' });
    assert.deepEqual(ok(await client.get(`/goals/${goal.id}/kpis`)).data, { goalId: goal.id, goalName: 'Empty', kpis: [], totalKpis: 0, hasPrimary: false, primaryKpi: null });
    assert.deepEqual(ok(await client.get(`/goals/${goal.id}/measures`)).data, { goalId: goal.id, goalName: 'Empty', measures: [], totalMeasures: 0, hasPrimary: false, primaryMeasure: null });
    for (const word of ['kpis', 'measures']) {
      for (const id of [unknownId(), 'no-id']) fails(await client.get(`/goals/${id}/${word}`), 404, 'GOAL_NOT_FOUND');
      fails(await newTenant().get(`/goals/${goal.id}/${word}`), 404, 'GOAL_NOT_FOUND');
      fails(await client.get(`/goals/${goal.id}/${word}?page=1`), 422, 'VALIDATION_ERROR');
      fails(await client.post(`/goals/${goal.id}/${word}`, {}), 405, 'METHOD_NOT_ALLOWED');
    }
    ok(await client.del(`/goals/${goal.id}`));
    fails(await client.get(`/goals/${goal.id}/kpis`), 404, 'GOAL_NOT_FOUND');
  });
});
