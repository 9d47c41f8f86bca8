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
