// A KPI's plan: its target points, at all addresses, and what they expect.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { created, fails, instant, invalid, newTenant, ok, unknownId, uuidV7 } from './support/client.mjs';

let names = 0;
const addKpi = async (client, fields = {}) => created(await client.post('/kpis', {
  name: `Revenue ${names += 1}`, unit: 'EUR', direction: 'up', baselineValue: 45000, baselineDate: '2024-12-31', ...fields,
})).data;
const quarters = [
  { milestoneDate: '2025-03-31', targetValue: 50000 }, { milestoneDate: '2025-06-30', targetValue: 75000 },
  { milestoneDate: '2025-09-30', targetValue: 90000 }, { milestoneDate: '2025-12-31', targetValue: 100000 },
];

describe('a plan', () => {
  test('expects what the points say', async () => {
    const client = newTenant();
    const kpi = await addKpi(client);
    const changed = ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: quarters })).data;
    assert.deepEqual(changed.impactAnalysis, { changedMilestones: 4, affectedPeriods: 12, crossGoalAlert: null });
    const [first, second] = changed.milestones;
    assert.match(first.id, uuidV7);
    for (const key of ['createdAt', 'updatedAt']) assert.match(first[key], instant);
    assert.deepEqual(first, {
      id: first.id, kpiId: kpi.id, measureId: kpi.id, milestoneDate: '2025-03-31', targetDate: '2025-03-31T00:00:00.000Z', postDate: '2025-03-31T00:00:00.000Z',
      targetValue: 50000, postValue: 50000, optimalValue: null, minimalValue: null, periodStartDate: null, measuredPeriodStartDate: null, label: null, description: null,
      confidenceLevel: null, rationale: null, dataCategory: 'Target', status: 'missed', createdAt: first.createdAt, updatedAt: first.updatedAt,
      createdBy: first.createdBy, updatedBy: first.createdBy,
    });
    const plan = ok(await client.get(`/kpis/${kpi.id}/plan`)).data;
    assert.deepEqual(plan.kpi, { id: kpi.id, name: kpi.name, unit: 'EUR', direction: 'up', currentValue: null, currentDate: null, interpolationMethod: 'linear' });
    assert.deepEqual(plan.milestones, changed.milestones);
    assert.deepEqual(plan.periods, changed.interpolatedPeriods.monthly);
    assert.deepEqual(plan.periods[0], {
      periodType: 'monthly', periodStart: '2025-01-01', periodEnd: '2025-01-31', startValue: 45000, endValue: 46722.2222, delta: 1722.2222, growthRate: 3.83,
      interpolatedFromMilestones: [first.id],
    });
    assert.deepEqual(plan.periods.slice(0, 5).map(({ endValue }) => endValue), [46722.2222, 48277.7778, 50000, 58241.7582, 66758.2418]);
    assert.deepEqual(plan.trajectory, { method: 'linear', totalChange: 55000, averageMonthlyGrowth: 10.19 });
    const quarter = ok(await client.get(`/kpis/${kpi.id}/plan?granularity=quarterly`)).data.periods[1];
    assert.deepEqual([quarter.startValue, quarter.endValue, quarter.delta, quarter.growthRate], [50000, 75000, 25000, 50]);
    assert.deepEqual(quarter.interpolatedFromMilestones, [first.id, second.id]);
    const year = ok(await client.get(`/kpis/${kpi.id}/plan?granularity=yearly`)).data.periods[0];
    assert.deepEqual([year.startValue, year.endValue, year.delta, year.growthRate], [45000, 100000, 55000, 122.22]);
    invalid(await client.get(`/kpis/${kpi.id}/plan?granularity=hourly`), 'granularity');
    for (const [method, values] of [['exponential', [46663.0828, 48217.9887, 50000, 57150.7676, 65615.9166]], ['step', [45000, 45000, 50000, 50000, 50000]]]) {
      const other = ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: quarters, interpolationMethod: method })).data;
      assert.equal(other.impactAnalysis.changedMilestones, 0);
      assert.deepEqual(other.interpolatedPeriods.monthly.slice(0, 5).map(({ endValue }) => endValue), values, method);
      assert.equal(ok(await client.get(`/kpis/${kpi.id}`)).data.interpolationMethod, method);
    }
  });

  test('is the same at all addresses', async () => {
    const client = newTenant();
    const [goal, other] = [await client.goal(), await client.goal()];
    const kpi = await addKpi(client);
    const link = created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id })).data;
    created(await client.post(`/goals/${other.id}/kpis:link`, { kpiId: kpi.id }));
    const places = [`/kpis/${kpi.id}`, `/shared-kpis/${kpi.id}`, `/kpi-planning/kpis/${kpi.id}`, `/measures/${kpi.id}`,
      `/measure-planning/measures/${kpi.id}`, `/kpi-links/${link.id}`, `/measure-links/${link.id}`];
    for (const [i, place] of places.entries()) {
      const day = `2026-01-0${i + 1}`;
      const made = created(await client.post(`/api${place}/targets`, { targetDate: day, targetValue: i }));
      const { id } = made.data;
      assert.equal(made.headers.location, `/api${place}/targets/${id}`);
      assert.deepEqual(ok(await client.get(made.headers.location)).data, made.data);
      assert.equal(ok(await client.put(`${place}/targets/${id}`, { label: 'x' })).data.description, 'x');
      ok(await client.put(`${place}/targets`, { targets: [{ id, targetValue: 5 }] }));
      assert.deepEqual(ok(await client.get(`${place}/targets`)).data, ok(await client.get(`/kpis/${kpi.id}/milestones`)).data);
      assert.equal(ok(await client.get(`${place}/plan`)).data.kpi.id, kpi.id);
      const { impactAnalysis } = ok(await client.put(`${place}/milestones`, { milestones: [{ milestoneDate: day, targetValue: 9 }] })).data;
      assert.deepEqual(impactAnalysis.crossGoalAlert.goalIds.toSorted(), [goal.id, other.id].sort());
      assert.equal(impactAnalysis.crossGoalAlert.goalCount, 2);
      ok(await client.del(`${place}/targets/${id}`));
      const isLink = place.includes('links');
      fails(await client.get(`${place.replace(/[^/]+$/, unknownId())}/plan`), 404, isLink ? 'KPI_LINK_NOT_FOUND' : 'KPI_NOT_FOUND');
      fails(await client.get(`${place}/targets/${id}`), 404, 'KPI_TARGET_NOT_FOUND');
    }
    fails(await client.get(`/kpi-links/${kpi.id}/plan`), 404, 'KPI_LINK_NOT_FOUND');
    fails(await client.get(`/kpis/${link.id}/plan`), 404, 'KPI_NOT_FOUND');
    fails(await client.get(`/shared-kpis/${kpi.id}`), 404, 'ROUTE_NOT_FOUND');
  });

  test('whole points may be sent back with one of their names changed', async () => {
    const client = newTenant();
    const kpi = await addKpi(client);
    const { milestones } = ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: [{ ...quarters[0], label: 'a', optimalValue: 60000 }] })).data;
    const place = `/kpis/${kpi.id}/targets/${milestones[0].id}`;
    const point = ok(await client.put(place, { ...milestones[0], postValue: 51000 })).data;
    assert.deepEqual([point.targetValue, point.postValue, point.optimalValue], [51000, 51000, 60000]);
    const same = ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: [{ ...point, description: 'b' }] })).data;
    assert.deepEqual([same.milestones[0].label, same.impactAnalysis.changedMilestones], ['b', 1]);
    const none = ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: same.milestones, replaceAll: true })).data;
    assert.equal(none.impactAnalysis.changedMilestones, 0);
    invalid(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: [...quarters, quarters[0]] }), 'milestones[4].milestoneDate');
    invalid(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: [] }), 'milestones');
    assert.equal(ok(await client.get(`/kpis/${kpi.id}/milestones`)).data.length, 1);
  });

  test('is read by viewers, and belongs to the subscription of KPIs and to its tenant', async () => {
    const client = newTenant();
    const kpi = await addKpi(client);
    const point = created(await client.post(`/kpis/${kpi.id}/targets`, { targetDate: '2026-01-01', targetValue: 1 })).data;
    const viewer = client.as({ roles: ['viewer'] });
    assert.equal(ok(await viewer.get(`/kpis/${kpi.id}/targets`)).data.length, 1);
    for (const answer of [
      await viewer.put(`/kpis/${kpi.id}/milestones`, { milestones: quarters }), await viewer.post(`/kpis/${kpi.id}/targets`, { targetDate: '2026-01-02', targetValue: 1 }),
      await viewer.put(`/kpis/${kpi.id}/targets`, { targets: quarters }), await viewer.put(`/kpis/${kpi.id}/targets/${point.id}`, { targetValue: 2 }),
      await viewer.del(`/kpis/${kpi.id}/targets/${point.id}`), await client.as({ features: ['goals'] }).get(`/kpi-planning/kpis/${kpi.id}/plan`),
    ]) fails(answer, 403, 'INSUFFICIENT_PERMISSIONS');
    fails(await newTenant().get(`/kpis/${kpi.id}/targets`), 404, 'KPI_NOT_FOUND');
  });

  test('keys and versions hold', async () => {
    const client = newTenant();
    const kpi = await addKpi(client);
    const headers = { 'Idempotency-Key': unknownId() };
    const body = { targetDate: '2026-01-01', targetValue: 1 };
    const first = created(await client.post(`/kpis/${kpi.id}/targets`, body, { headers }));
    assert.equal(created(await client.post(`/measure-planning/measures/${kpi.id}/targets`, body, { headers })).data.id, first.data.id);
    fails(await client.post(`/kpis/${kpi.id}/targets`, body), 409, 'CONFLICT');
    const place = `/kpis/${kpi.id}/targets/${first.data.id}`;
    const read = ok(await client.get(place));
    const condition = { headers: { 'If-Match': read.headers.etag } };
    ok(await client.put(place, { targetValue: 2 }, condition));
    fails(await client.put(place, { targetValue: 3 }, condition), 412, 'PRECONDITION_FAILED');
    fails(await client.del(place, condition), 412, 'PRECONDITION_FAILED');
    const whole = { headers: { 'If-Match': ok(await client.get(`/kpis/${kpi.id}`)).headers.etag } };
    ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: quarters, interpolationMethod: 'step' }, whole));
    fails(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: quarters }, whole), 412, 'PRECONDITION_FAILED');
  });
});
