// Every bad field in one answer: ids of what does not exist beside what is malformed.
import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { created, fails, invalid, newTenant, ok, unknownId } from './support/client.mjs';

const operations = '/api/operations';

describe('everything that is wrong is in one answer', () => {
  const client = newTenant();
  let goal;
  let kpi;
  let action;
  let issue;
  before(async () => {
    goal = await client.goal();
    kpi = created(await client.post('/kpis', { name: 'k', direction: 'up' })).data;
    action = await client.action();
    issue = await client.issue();
  });

  test('actions', async () => {
    const bad = {
      title: '', progress: 101, connections: { goalIds: [unknownId(), 'junk', goal.id], strategyIds: [unknownId()], issue_ids: [7, unknownId(), issue.id] },
    };
    const names = ['title', 'progress', 'connections.goalIds[0]', 'connections.goalIds[1]', 'connections.strategyIds[0]', 'connections.issue_ids[0]', 'connections.issue_ids[1]'];
    invalid(await client.post(`${operations}/actions`, bad), ...names);
    invalid(await client.put(`${operations}/actions/${action.id}`, bad), ...names);
    invalid(await client.post(`${operations}/actions`, { startDate: '2025-01-02', dueDate: '2025-01-01', connections: { goalIds: [unknownId()] } }), 'title', 'dueDate', 'connections.goalIds[0]');
    assert.deepEqual(ok(await client.get(`${operations}/actions/${action.id}`)).data, action);
  });

  test('issues', async () => {
    const bad = {
      title: '', typeConfigId: 'x', statusId: unknownId(), rootCauseAnalysis: { method: 'guessing' }, connections: { goalIds: ['junk', unknownId()], actionIds: [unknownId(), action.id, null] },
    };
    const names = ['title', 'typeConfigId', 'statusId', 'rootCauseAnalysis.method', 'connections.goalIds[0]', 'connections.goalIds[1]', 'connections.actionIds[0]', 'connections.actionIds[2]'];
    invalid(await client.post(`${operations}/issues`, bad), ...names);
    invalid(await client.put(`${operations}/issues/${issue.id}`, bad), ...names);
    invalid(await client.put(`${operations}/issues/${issue.id}`, { typeConfigId: unknownId(), statusId: 'x' }), 'typeConfigId', 'statusId');
    assert.deepEqual(ok(await client.get(`${operations}/issues/${issue.id}`)).data, issue);
  });

  test('relationships', async () => {
    const path = `${operations}/actions/${action.id}`;
    invalid(await client.put(`${path}/goals`, { goalIds: [unknownId(), 'junk', goal.id] }), 'goalIds[0]', 'goalIds[1]');
    invalid(await client.put(`${path}/strategies`, { strategyIds: ['junk', unknownId()] }), 'strategyIds[0]', 'strategyIds[1]');
    fails(await client.put(`${operations}/actions/${unknownId()}/goals`, { goalIds: ['junk'] }), 404, 'ACTION_NOT_FOUND');
  });

  test('KPI updates', async () => {
    const update = (body) => client.post(`${operations}/kpi-updates`, { actionId: action.id, sharedKpiId: kpi.id, newValue: 1, updateDate: '2025-01-15', ...body });
    invalid(await update({ actionId: unknownId(), newValue: 'x' }), 'actionId', 'newValue');
    invalid(await update({ sharedKpiId: unknownId(), newValue: 'x' }), 'sharedKpiId', 'newValue');
    invalid(await update({ kpiId: unknownId(), updateDate: 'soon' }), 'kpiId', 'updateDate');
    invalid(await update({ actionId: unknownId(), kpiId: unknownId(), sharedKpiId: 'x', notes: 5 }), 'actionId', 'kpiId', 'sharedKpiId', 'notes');
    const unknown = unknownId();
    fails(await update({ kpiId: unknown, sharedKpiId: unknown }), 404, 'KPI_NOT_FOUND');
    fails(await update({ actionId: unknown }), 404, 'ACTION_NOT_FOUND');
    ok(await update({}), 201);
    ok(await update({ newValue: 2 }), 200);
    assert.equal(ok(await client.get(`/kpis/${kpi.id}/readings`)).data[0].value, 2);
  });

  test('links of KPIs', async () => {
    const path = `/goals/${goal.id}/kpis:link`;
    invalid(await client.post(path, { kpi_id: unknownId(), threshold_pct: 101, targetValue: 'x' }), 'kpi_id', 'threshold_pct', 'targetValue');
    invalid(await client.post(path, { kpi_id: 'x', threshold_pct: 101 }), 'kpi_id', 'threshold_pct');
    invalid(await client.post(path, { kpi_id: kpi.id, threshold_pct: 101 }), 'threshold_pct');
    fails(await client.post(path, { kpi_id: unknownId(), threshold_pct: 5 }), 404, 'KPI_NOT_FOUND');
    fails(await client.post(`/goals/${unknownId()}/kpis:link`, { kpi_id: kpi.id, threshold_pct: 101 }), 404, 'GOAL_NOT_FOUND');
  });

  test('new orders', async () => {
    const own = await client.goal();
    const [one, two] = [await client.strategy(own), await client.strategy(own)];
    const put = (body) => client.put(`/goals/${own.id}/strategies:reorder`, body);
    invalid(await put({ strategyIds: [one.id, unknownId(), 'junk', two.id] }), 'strategyIds[1]', 'strategyIds[2]');
    invalid(await put({ strategyIds: [one.id, 'junk'] }), 'strategyIds', 'strategyIds[1]');
    invalid(await put({ strategyOrders: [{ strategyId: unknownId(), newOrder: 'x' }, { strategyId: 'junk', newOrder: 3 }, { strategyId: one.id, newOrder: 1 }, { strategyId: two.id, newOrder: 2 }] }),
      'strategyOrders[0].strategyId', 'strategyOrders[0].newOrder', 'strategyOrders[1].strategyId', 'strategyOrders[1].newOrder');
    const statuses = `${operations}/issue-statuses`;
    const [open] = ok(await client.get(statuses)).data;
    invalid(await client.put(`${statuses}:reorder`, { category: 'open', statusIds: ['junk', unknownId(), open.id, open.id] }), 'statusIds[0]', 'statusIds[1]', 'statusIds[3]');
    invalid(await client.put(`${statuses}:reorder`, { category: 'done', statusIds: ['junk', open.id] }), 'category', 'statusIds[0]');
  });
});
