// Re-planning of KPIs: rules, at all addresses.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { created, fails, instant, invalid, newTenant, ok, unknownId, uuidV7 } from './support/client.mjs';

let names = 0;
const addKpi = async (client, fields = {}) => created(await client.post('/kpis', {
  name: `Revenue ${names += 1}`, unit: 'EUR', direction: 'up', baselineValue: 45000, baselineDate: '2024-12-31', ...fields,
})).data;
const placesOf = (kpi, link) => [`/kpis/${kpi.id}`, `/shared-kpis/${kpi.id}`, `/kpi-planning/kpis/${kpi.id}`, `/measures/${kpi.id}`,
  `/measure-planning/measures/${kpi.id}`, `/kpi-links/${link.id}`, `/measure-links/${link.id}`];

describe('a replan rule', () => {
  test('is the same at all addresses', async () => {
    const client = newTenant();
    const goal = await client.goal();
    const kpi = await addKpi(client);
    const link = created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id })).data;
    const places = placesOf(kpi, link);
    for (const place of places) fails(await client.get(`${place}/replan-rule`), 404, 'REPLAN_RULE_NOT_FOUND');
    const answer = await client.put(`${places[4]}/replan-rule`, { varianceThresholdPercentage: 12.5 });
    const rule = created(answer).data;
    assert.ok(answer.headers.location.endsWith(`${places[4]}/replan-rule`), answer.headers.location);
    assert.match(rule.id, uuidV7);
    assert.match(rule.createdAt, instant);
    assert.deepEqual(rule, {
      id: rule.id, kpiId: kpi.id, measureId: kpi.id, varianceThresholdPercentage: 12.5, consecutiveMissesRequired: 2, autoAdjustEnabled: false,
      adjustmentStrategy: 'maintain_final_goal', requireUserApproval: true, notifyOnTrigger: true, notificationRecipients: [],
      createdAt: rule.createdAt, updatedAt: rule.createdAt, createdBy: rule.createdBy, updatedBy: rule.createdBy,
    });
    for (const [i, place] of places.entries()) {
      const changed = ok(await client.put(`${place}/replan-rule`, { consecutiveMissesRequired: i + 3 })).data;
      assert.deepEqual(changed, { ...rule, consecutiveMissesRequired: i + 3, updatedAt: changed.updatedAt });
      for (const other of places) assert.deepEqual(ok(await client.get(`${other}/replan-rule`)).data, changed);
    }
    const tag = (await client.get(`${places[0]}/replan-rule`)).headers.etag;
    assert.match(tag, /^"8-/);
    fails(await client.put(`${places[0]}/replan-rule`, {}, { headers: { 'If-Match': '"7"' } }), 412, 'PRECONDITION_FAILED');
    invalid(await client.put(`${places[1]}/replan-rule`, { autoAdjustEnabled: true, adjustmentStrategy: 'custom' }), 'adjustmentStrategy');
  });

  test('is not seen by others', async () => {
    const client = newTenant();
    const kpi = await addKpi(client);
    created(await client.put(`/kpis/${kpi.id}/replan-rule`, {}));
    const stranger = newTenant();
    fails(await stranger.get(`/kpis/${kpi.id}/replan-rule`), 404, 'KPI_NOT_FOUND');
    fails(await stranger.put(`/kpis/${kpi.id}/replan-rule`, {}), 404, 'KPI_NOT_FOUND');
    fails(await client.get(`/kpi-links/${unknownId}/replan-rule`), 404, 'KPI_LINK_NOT_FOUND');
  });
});

const quarters = [
  { milestoneDate: '2025-03-31', targetValue: 50000 }, { milestoneDate: '2025-06-30', targetValue: 75000 },
  { milestoneDate: '2025-09-30', targetValue: 90000 }, { milestoneDate: '2025-12-31', targetValue: 100000 },
];
const eventually = async (check) => {
  for (let i = 0; i < 100; i += 1) {
    const found = await check();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return assert.fail('not in time');
};

describe('an adjustment', () => {
  test('is told where people look', async () => {
    const client = newTenant();
    const [goal, other] = [await client.goal(), await client.goal()];
    const kpi = await addKpi(client);
    const link = created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id })).data;
    created(await client.post(`/goals/${other.id}/kpis:link`, { kpiId: kpi.id }));
    ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: quarters }));
    created(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-03', value: 44000 }));
    const body = { adjustmentType: 'maintain_final_goal', rationale: 'Two deals moved to April', effectiveDate: '2025-03-31' };
    const preview = ok(await client.post(`/measures/${kpi.id}/adjust`, { ...body, preview: true })).data;
    const answer = ok(await client.post(`/kpi-links/${link.id}/adjust`, body)).data;
    assert.deepEqual(answer.updatedMilestones.map(({ targetValue }) => targetValue), [62530.9091, 81265.4545, 100000]);
    assert.match(answer.adjustment.id, uuidV7);
    assert.deepEqual([...answer.adjustment.affectedGoalIds].sort(), [goal.id, other.id].sort());
    // The preview is what was stored, but for when.
    const timeless = (value) => JSON.parse(JSON.stringify(value, (key, inner) => (/At$|^adjustmentDate$/.test(key) ? undefined : inner)));
    assert.deepEqual(timeless({ ...preview, adjustment: { ...preview.adjustment, id: answer.adjustment.id } }), timeless(answer));
    for (const place of placesOf(kpi, link)) assert.deepEqual(ok(await client.get(`${place}/adjustments`)).data, [answer.adjustment]);
    for (const { id } of [goal, other]) {
      const entry = await eventually(async () => (await client.activity({ id })).find(({ title }) => title === 'KPI Plan Adjusted'));
      assert.equal(entry.type, 'system');
      assert.equal(entry.text, `${kpi.name}: plan adjusted (maintain final goal): Two deals moved to April`);
      assert.deepEqual(entry.metadata, { kpiId: kpi.id, adjustmentId: answer.adjustment.id });
      assert.equal(entry.userId, client.claims.user);
    }
    const recent = await eventually(async () => ok(await client.get('/activity/recent')).data.find(({ description }) => description.startsWith('Adjusted')));
    assert.equal(recent.description, `Adjusted the plan of the KPI “${kpi.name}”`);
    assert.equal(recent.type, 'kpi_updated');
    const stranger = newTenant();
    fails(await stranger.post(`/kpis/${kpi.id}/adjust`, body), 404, 'KPI_NOT_FOUND');
    fails(await stranger.get(`/kpi-links/${link.id}/adjustments`), 404, 'KPI_LINK_NOT_FOUND');
  });

  test('is made once by a repeated request', async () => {
    const client = newTenant();
    const kpi = await addKpi(client);
    ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: quarters }));
    created(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-03', value: 44000 }));
    const body = { strategy: 'proportional_shift', rationale: 'Fewer deals', effectiveDate: '2025-03-31' };
    const headers = { 'Idempotency-Key': 'once' };
    const answers = await Promise.all([1, 2, 3].map(() => client.post(`/kpis/${kpi.id}/adjust`, body, { headers })));
    assert.ok(answers.some(({ status }) => status === 200));
    ok(await client.post(`/kpis/${kpi.id}/adjust`, body, { headers }));
    assert.equal(ok(await client.get(`/kpis/${kpi.id}/adjustments`)).data.length, 1);
  });

  test('and a change of the points come one after the other', async () => {
    const client = newTenant();
    for (let round = 0; round < 5; round += 1) {
      const kpi = await addKpi(client);
      ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: quarters }));
      created(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-03', value: 44000 }));
      const [adjusted, changed] = await Promise.all([
        client.post(`/kpis/${kpi.id}/adjust`, { strategy: 'maintain_final_goal', rationale: 'r', effectiveDate: '2025-03-31' }),
        client.put(`/kpis/${kpi.id}/milestones`, { milestones: [{ milestoneDate: '2025-12-31', targetValue: 200000 }] }),
      ]);
      ok(adjusted); ok(changed);
      const values = ok(await client.get(`/kpis/${kpi.id}/milestones`)).data.map(({ targetValue }) => targetValue);
      const first = [50000, 62530.9091, 81265.4545, 200000], last = [50000, 95621.8182, 147810.9091, 200000];
      const before = ok(adjusted).data.adjustment.previousMilestones[3].targetValue;
      assert.deepEqual(values, before === 100000 ? first : last, `${before}`);
    }
  });
});

describe('a KPI that is off its plan', () => {
  test('is told to its goals, once', async () => {
    const client = newTenant();
    const goal = await client.goal();
    const kpi = await addKpi(client);
    created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id }));
    ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: quarters }));
    for (const [period, value] of [['2025-02', 42000], ['2025-03', 44000]]) created(await client.post(`/kpis/${kpi.id}/readings`, { period, value }));
    ok(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-03', value: 44000 }));
    created(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-05', value: 90000 }));
    const told = (entries) => entries.filter(({ title }) => title === 'KPI Off Plan');
    await eventually(async () => (await client.activity(goal)).some(({ text }) => text.includes('90000')) && told(await client.activity(goal)).length > 0);
    const [entry, ...others] = told(await client.activity(goal));
    assert.deepEqual(others, []);
    assert.equal(entry.type, 'system');
    assert.equal(entry.text, `${kpi.name}: off plan, 44000 EUR instead of 50000 EUR on 2025-03-31 (-12 %)`);
    assert.equal(entry.metadata.kpiId, kpi.id);
    assert.match(entry.metadata.actualId, uuidV7);
  });

  test('is adjusted by its rule', async () => {
    const client = newTenant();
    const kpi = await addKpi(client);
    ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: quarters }));
    created(await client.put(`/kpis/${kpi.id}/replan-rule`, { autoAdjustEnabled: true, requireUserApproval: false, adjustmentStrategy: 'proportional_shift' }));
    for (const [period, value] of [['2025-02', 42000], ['2025-03', 44000]]) created(await client.post(`/kpis/${kpi.id}/readings`, { period, value }));
    assert.deepEqual(ok(await client.get(`/kpis/${kpi.id}/milestones`)).data.map(({ targetValue }) => targetValue), [50000, 66000, 79200, 88000]);
  });
});
