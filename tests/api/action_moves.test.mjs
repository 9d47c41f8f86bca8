// The verbs of an action, at all of their addresses: status, completion, links, and what it brings to KPIs.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { basePath, created, fails, invalid, newTenant, ok, unknownId } from './support/client.mjs';

const addresses = ['/actions', '/operations/actions', '/api/actions', '/api/operations/actions', `${basePath}/api/actions`];
const kpiOf = async (client) => created(await client.post('/kpis', { name: 'Revenue', direction: 'up' })).data;
const month = new Date().toISOString().slice(0, 7);

describe('an action', () => {
  for (const actions of addresses) {
    test(`to completed and back at ${actions}`, async () => {
      const client = newTenant();
      const issue = await client.issue({ title: 'The lift' });
      const { id } = await client.action({ connections: { issueIds: [issue.id] } });
      const path = `${actions}/${id}`;
      const done = ok(await client.put(`${path}/status`, { status: 'completed', reason: 'done', actualHours: 35 })).data;
      assert.deepEqual([done.status, done.progress, done.actualHours, done.statusReason, done.completedAt], ['completed', 100, 35, 'done', done.updatedAt]);
      assert.equal(ok(await client.put(`${path}/status`, { status: 'blocked' })).data.completedAt, null);
      const completed = ok(await client.post(`${path}/complete`, { notes: 'again', outcome: 'it runs' })).data;
      const { kpiUpdatePrompt, closableIssues, ...action } = completed;
      assert.deepEqual([kpiUpdatePrompt, closableIssues], [false, [{ id: issue.id, title: 'The lift' }]]);
      assert.deepEqual(action, ok(await client.get(path)).data);
      assert.equal(ok(await client.request('PATCH', path, { title: 'New' })).data.title, 'New');
      invalid(await client.put(`${path}/status`, { status: 'over' }), 'status');
    });

    test(`links and what it is linked to at ${actions}`, async () => {
      const client = newTenant();
      const goal = await client.goal();
      const strategy = await client.strategy(goal);
      const issues = [await client.issue(), await client.issue()];
      const { id } = await client.action();
      const path = `${actions}/${id}`;
      const ids = issues.map((issue) => issue.id);
      assert.deepEqual(ok(await client.put(`${path}/issues`, { issueIds: ids })).data.connections.issueIds, ids);
      invalid(await client.put(`${path}/issues`, { issueIds: [ids[0], unknownId()] }), 'issueIds[1]');
      const linked = ok(await client.put(`${path}/connections`, { goalIds: [goal.id], strategyIds: [strategy.id] })).data;
      assert.deepEqual(linked.connections, { goalIds: [goal.id], strategyIds: [strategy.id], issueIds: ids });
      invalid(await client.put(`${path}/connections`, { goalIds: [unknownId()] }), 'goalIds[0]');
      const related = ok(await client.get(`${path}/relationships`)).data;
      assert.deepEqual(related.issues, await Promise.all(ids.map(async (issue) => ok(await client.get(`/issues/${issue}`)).data)));
      const batch = ok(await client.post('/operations/actions/goals', { actionIds: [id] })).data[id];
      assert.deepEqual([related.goals, related.goals.length], [batch, 1]);
      assert.deepEqual(related.strategies, ok(await client.post('/operations/actions/strategies', { actionIds: [id] })).data[id]);
      assert.equal(related.strategies[0].id, strategy.id);
      assert.deepEqual(ok(await client.put(`${path}/issues`, { issueIds: [] })).data.connections.issueIds, []);
    });

    test(`what it brings to KPIs at ${actions}`, async () => {
      const client = newTenant();
      const goal = await client.goal();
      const kpi = await kpiOf(client);
      created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id, thresholdPct: 80 }));
      const { id } = await client.action({ connections: { goalIds: [goal.id] } });
      const path = `${actions}/${id}`;
      const prompt = async () => ok(await client.get(`${path}/kpi-update-prompt`)).body;
      assert.deepEqual(await prompt(), { success: true, data: true });
      assert.equal(ok(await client.post(`${path}/complete`)).data.kpiUpdatePrompt, true);
      const first = await client.post(`${path}/update-kpi`, { kpiId: kpi.id, newValue: 5, updateDate: '2025-03-04', notes: 'n' });
      created(first);
      assert.deepEqual([first.data.actionId, first.data.kpiId, first.data.reading.period, first.data.reading.source], [id, kpi.id, '2025-03', 'action']);
      assert.equal((await prompt()).data, true); // another month
      const second = await client.post(`${path}/kpi-updates`, { kpi_id: kpi.id, newValue: 6, horizonId: 'h' });
      created(second);
      assert.equal(second.data.reading.period, month);
      assert.equal((await prompt()).data, false);
      assert.equal(ok(await client.post(`${path}/complete`, {})).data.kpiUpdatePrompt, false);
      const list = async (query) => ok(await client.get(`/operations/kpi-updates?${query}`));
      const all = await list(`kpiId=${kpi.id}`);
      assert.deepEqual(all.data.map(({ newValue, updateDate, notes, horizonId, recordedBy }) => [newValue, updateDate.slice(0, 7), notes, horizonId, recordedBy]),
        [[6, month, null, 'h', 'user-1'], [5, '2025-03', 'n', null, 'user-1']]);
      assert.deepEqual(all.data.map(({ reading }) => reading), [second.data.reading, first.data.reading]);
      assert.equal(all.pagination.total, 2);
      assert.deepEqual((await list(`actionId=${id}&horizonId=h`)).data, [all.data[0]]);
      assert.deepEqual((await list(`kpiId=${kpi.id}&limit=1&page=2`)).data, [all.data[1]]);
      assert.deepEqual(ok(await client.get(`${path.startsWith('/traction') ? basePath : ''}/operations/measure-updates?measureId=${kpi.id}`)).data, all.data);
      invalid(await client.get('/operations/kpi-updates'), 'kpiId');
      assert.deepEqual(ok(await newTenant().get(`/operations/kpi-updates?kpiId=${kpi.id}`)).data, []);
    });
  }

  test('the same update twice with one key is one', async () => {
    const client = newTenant();
    const kpi = await kpiOf(client);
    const { id } = await client.action();
    const send = () => client.post(`/actions/${id}/update-kpi`, { kpiId: kpi.id, newValue: 5 }, { headers: { 'Idempotency-Key': 'once' } });
    const [one, two] = [await send(), await send()];
    assert.deepEqual(one.data, two.data);
    assert.equal(ok(await client.get(`/operations/kpi-updates?actionId=${id}`)).data.length, 1);
  });

  test('roles, modules, tenants, methods', async () => {
    const client = newTenant();
    const { id } = await client.action();
    const path = `/actions/${id}`;
    const kpi = { kpiId: unknownId(), newValue: 1 };
    for (const [method, end, body] of [['PATCH', '', { title: 'x' }], ['PUT', '/status', { status: 'blocked' }], ['POST', '/complete', {}], ['PUT', '/issues', { issueIds: [] }],
      ['PUT', '/connections', {}], ['POST', '/update-kpi', kpi], ['POST', '/kpi-updates', kpi]]) {
      fails(await client.as({ role: 'viewer' }).request(method, path + end, body), 403, 'INSUFFICIENT_PERMISSIONS');
      fails(await client.as({ features: ['goals'] }).request(method, path + end, body), 403, 'INSUFFICIENT_PERMISSIONS');
      fails(await newTenant().request(method, path + end, body), 404, 'ACTION_NOT_FOUND');
    }
    for (const end of ['/kpi-update-prompt', '/relationships']) {
      ok(await client.as({ role: 'viewer' }).get(path + end));
      fails(await newTenant().get(path + end), 404, 'ACTION_NOT_FOUND');
    }
    fails(await client.post(`${path}/update-kpi`, kpi), 404, 'KPI_NOT_FOUND');
    const stale = await client.get(path);
    ok(await client.request('PATCH', path, { title: 'x' }, { headers: { 'If-Match': stale.headers.etag } }));
    fails(await client.request('PATCH', path, { title: 'y' }, { headers: { 'If-Match': stale.headers.etag } }), 412, 'PRECONDITION_FAILED');
    const allowed = await client.request('POST', path, {});
    fails(allowed, 405, 'METHOD_NOT_ALLOWED');
    assert.equal(allowed.headers.allow, 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS');
  });
});
