// Closing an issue, what its actions say of that, and its tags, analysis and links, at all of their addresses.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { basePath, fails, invalid, newTenant, ok, unknownId } from './support/client.mjs';

const addresses = ['/issues', '/operations/issues', '/api/issues', '/api/operations/issues', `${basePath}/api/issues`];

describe('an issue and its actions', () => {
  for (const issues of addresses) {
    test(`from open actions to closed at ${issues}`, async () => {
      const client = newTenant();
      const { id } = await client.issue({});
      const path = `${issues}/${id}`;
      const actions = [];
      for (const title of ['one', 'two', 'three']) actions.push(await client.action({ title, connections: { issueIds: [id] } }));
      const eligibility = async () => ok(await client.get(`${path}/closure-eligibility`)).data;
      assert.deepEqual(await eligibility(), {
        canClose: false, completedActions: 0, totalActions: 3, reasons: ['3 of 3 actions are still open'],
        openActions: [...actions].reverse().map((action) => ({ id: action.id, title: action.title, status: 'not_started' })),
      });
      const put = async ({ id: action }, status) => ok(await client.put(`/actions/${action}`, { status }));
      await put(actions[0], 'completed');
      fails(await client.post(`${path}/close`, {}), 409, 'DEPENDENCY_EXISTS', '2 of 3 actions are still open');
      await put(actions[1], 'cancelled');
      fails(await client.put(`${path}/close`), 409, 'DEPENDENCY_EXISTS', '1 of 3 actions is still open');
      await put(actions[2], 'cancelled');
      assert.deepEqual(await eligibility(), { canClose: true, completedActions: 1, totalActions: 3, openActions: [], reasons: [] });
      const { createdAt } = ok(await client.get(path)).data;
      const closed = ok(await client.post(`${path}/close`, { reason: 'all done' })).data;
      assert.deepEqual([closed.status.name, closed.statusReason, closed.resolvedAt >= createdAt], ['Closed', 'all done', true]);
      assert.deepEqual(ok(await client.get(`${path}/status`)).data, {
        issueId: id, status: closed.status, canClose: true, completedActions: 1, totalActions: 3, overdueActions: 0, resolvedAt: closed.resolvedAt,
      });
      assert.deepEqual(ok(await client.put(`${path}/close`, { reason: 'again' })).data, closed);
      const related = ok(await client.get(`${path}/related-actions`));
      assert.deepEqual(related.data.map((action) => action.id), [...actions].reverse().map((action) => action.id));
      assert.deepEqual(related.data[0], ok(await client.get(`/actions/${actions[2].id}`)).data);
      assert.ok(!('pagination' in related));
    });

    test(`tags, analysis and links at ${issues}`, async () => {
      const client = newTenant();
      const { id } = await client.issue({ tags: ['a'] });
      const path = `${issues}/${id}`;
      assert.deepEqual(ok(await client.put(`${path}/tags`, { tags: ['b', 'B', 'a'] })).data.tags, ['a', 'b', 'B']);
      assert.deepEqual(ok(await client.request('DELETE', `${path}/tags`, { tags: ['a', 'z'] })).data.tags, ['b', 'B']);
      assert.deepEqual(ok(await client.del(`${path}/tags?tags=b,z`)).data.tags, ['B']);
      invalid(await client.del(`${path}/tags`), 'tags');
      const swot = { strengths: ['team'], threats: ['rents', 'taxes'] };
      assert.deepEqual(ok(await client.post(`${path}/root-cause`, { method: 'SWOT', analysis: swot })).data.rootCauseAnalysis, { method: 'swot', findings: swot });
      invalid(await client.post(`${path}/root-cause`, { method: 'swot', findings: { threats: 'rents' } }), 'findings.threats');
      const goal = await client.goal();
      const strategy = await client.strategy(goal);
      const action = await client.action();
      for (const [kind, ids] of [['goals', { goalIds: [goal.id] }], ['strategies', { strategyIds: [strategy.id] }], ['actions', { actionIds: [action.id] }]]) {
        const [name] = Object.keys(ids);
        assert.deepEqual(ok(await client.put(`${path}/${kind}`, ids)).data.connections[name], ids[name]);
        invalid(await client.put(`${path}/${kind}`, { [name]: [ids[name][0], unknownId()] }), `${name}[1]`);
      }
      const linked = ok(await client.get(path)).data;
      assert.deepEqual(linked.connections, { goalIds: [goal.id], strategyIds: [strategy.id], actionIds: [action.id] });
      assert.deepEqual(ok(await client.get(`/actions/${action.id}`)).data.connections.issueIds, [id]);
      const none = { goalIds: [], strategyIds: [], actionIds: [] };
      assert.deepEqual(ok(await client.del(`${path}/relationships`)).data.connections, none);
      assert.deepEqual(ok(await client.get(`/actions/${action.id}`)).data.connections.issueIds, []);
    });
  }

  test('recent activity tells of it', async () => {
    const client = newTenant();
    const issue = await client.issue({ title: 'The lift' });
    ok(await client.post(`/issues/${issue.id}/close`, { reason: 'repaired' }));
    let texts = [];
    for (let i = 0; i < 100 && !texts.some((text) => text.includes('Closed')); i += 1) {
      texts = ok(await client.get('/activity/recent')).data.map((entry) => entry.text ?? entry.description);
      await new Promise((done) => { setTimeout(done, 25); });
    }
    assert.ok(texts.includes('Closed the issue “The lift”: repaired'), texts.join('\n'));
  });

  test('roles, modules, tenants, versions', async () => {
    const client = newTenant();
    const answer = await client.post('/issues', { title: 'x' });
    const path = `/issues/${answer.data.id}`;
    const viewer = client.as({ role: 'viewer' });
    for (const [method, end, body] of [['POST', 'close', {}], ['PUT', 'close', {}], ['POST', 'root-cause', { method: 'swot', analysis: {} }], ['PUT', 'tags', { tags: ['x'] }],
      ['DELETE', 'tags', { tags: ['x'] }], ['PUT', 'goals', { goalIds: [] }], ['PUT', 'actions', { actionIds: [] }], ['DELETE', 'relationships', undefined]]) {
      fails(await viewer.request(method, `${path}/${end}`, body), 403, 'INSUFFICIENT_PERMISSIONS');
      fails(await client.as({ features: ['goals'] }).request(method, `${path}/${end}`, body), 403, 'INSUFFICIENT_PERMISSIONS');
      fails(await newTenant().request(method, `${path}/${end}`, body), 404, 'ISSUE_NOT_FOUND');
    }
    for (const end of ['status', 'closure-eligibility', 'related-actions']) {
      ok(await viewer.get(`${path}/${end}`));
      fails(await newTenant().get(`${path}/${end}`), 404, 'ISSUE_NOT_FOUND');
    }
    ok(await client.put(`${path}/tags`, { tags: ['x'] }, { headers: { 'If-Match': answer.headers.etag } }));
    fails(await client.put(`${path}/close`, {}, { headers: { 'If-Match': answer.headers.etag } }), 412, 'PRECONDITION_FAILED');
    fails(await client.request('DELETE', `${path}/tags`, '{"tags": [', { headers: { 'Content-Type': 'application/json' } }), 400, 'INVALID_JSON');
  });
});
