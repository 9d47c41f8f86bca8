// Issues into actions and back, their order and statistics, at all of their addresses.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { basePath, created, fails, invalid, newTenant, ok, unknownId } from './support/client.mjs';

const prefixes = ['', '/operations', '/api', '/api/operations', `${basePath}/api`];

describe('many at once', () => {
  for (const prefix of prefixes) {
    test(`an issue into actions below ${prefix}/issues`, async () => {
      const client = newTenant();
      const goal = await client.goal();
      const strategy = await client.strategy(goal);
      const issue = await client.issue({ dueDate: '2026-12-20', priority: 'critical', connections: { goalIds: [goal.id], strategyIds: [strategy.id] } });
      const { id: newStatusId } = ok(await client.get('/operations/issue-statuses')).data.find(({ name }) => name === 'In Progress');
      const answer = await client.post(`${prefix}/issues/${issue.id}/convert-to-actions`,
        { actions: [{ title: 'one' }, { title: 'two', priority: 'high', assignedPersonId: 'user-1' }], newStatusId });
      const { actionIds, actions, issue: now } = created(answer).data;
      assert.equal(answer.headers.location, undefined);
      for (const [i, action] of actions.entries()) {
        assert.deepEqual(action, ok(await client.get(`/actions/${actionIds[i]}`)).data);
        assert.deepEqual(action.connections, { goalIds: [goal.id], strategyIds: [strategy.id], issueIds: [issue.id] });
        assert.equal(action.dueDate, '2026-12-20T00:00:00.000Z');
      }
      assert.deepEqual(actions.map(({ priority }) => priority), ['critical', 'high']);
      assert.equal(actions[1].assignedPersonName, 'Ann One');
      assert.deepEqual([now.status.name, now.connections.actionIds], ['In Progress', actionIds]);
      assert.deepEqual(now, ok(await client.get(`${prefix}/issues/${issue.id}`)).data);
      const eligibility = async () => ok(await client.get(`/issues/${issue.id}/closure-eligibility`)).data;
      const { openActions, reasons, ...counts } = await eligibility();
      assert.deepEqual([counts, openActions.length, reasons.length], [{ canClose: false, completedActions: 0, totalActions: 2 }, 2, 1]);
      ok(await client.post(`/actions/${actionIds[0]}/complete`));
      ok(await client.put(`/actions/${actionIds[1]}/status`, { status: 'cancelled' }));
      assert.deepEqual(await eligibility(), { canClose: true, completedActions: 1, totalActions: 2, openActions: [], reasons: [] });
      invalid(await client.post(`${prefix}/issues/${issue.id}/convert-to-actions`, { actionTemplates: [{ title: 'a' }, { priority: 'low' }] }), 'actionTemplates[1].title');
    });

    test(`an action with its context, and an issue from it, below ${prefix}`, async () => {
      const client = newTenant();
      const goal = await client.goal();
      const strategy = await client.strategy(goal);
      const answer = await client.post(`${prefix}/actions/create-with-context`, { title: 'a', description: 'd', goalIds: [goal.id], strategyIds: [strategy.id] });
      const action = created(answer).data;
      assert.deepEqual(action.connections, { goalIds: [goal.id], strategyIds: [strategy.id], issueIds: [] });
      assert.equal(answer.headers.location, `${prefix.startsWith('/traction') ? basePath : ''}${prefix.replace(basePath, '')}/actions/${action.id}`);
      invalid(await client.post(`${prefix}/actions/create-with-context`, { title: 'a', goalIds: [goal.id, unknownId()] }), 'goalIds[1]');
      const issue = created(await client.post(`${prefix}/issues/create-from-action`, { actionId: action.id, impact: 'high' })).data;
      assert.deepEqual([issue.title, issue.impact, issue.connections], ['a', 'high', { goalIds: [goal.id], strategyIds: [strategy.id], actionIds: [action.id] }]);
      assert.deepEqual(ok(await client.get(`/actions/${action.id}`)).data.connections.issueIds, [issue.id]);
      invalid(await client.post(`${prefix}/issues/create-from-action`, { actionId: unknownId() }), 'actionId');
    });

    test(`order and statistics below ${prefix}/issues`, async () => {
      const client = newTenant();
      const issues = [];
      for (const status of ['Open', 'Open', 'Backlog', 'In Progress', 'Blocked', 'On Hold', 'Resolved', 'Resolved', 'Resolved', 'Duplicate']) {
        issues.push(await client.issue({ status, impact: status === 'Blocked' ? 'critical' : undefined, dueDate: '2020-01-01' }));
      }
      const ids = [issues[3].id, issues[0].id, issues[5].id];
      for (const verb of [':', '%3A']) {
        const { issues: moved, ...page } = ok(await client.put(`${prefix}/issues${verb}reorder`, { issueIds: ids })).data;
        assert.deepEqual(moved.map(({ id, displayOrder }) => [id, displayOrder]), ids.map((id, i) => [id, i]));
        assert.deepEqual(page, { total: 3, page: 1, limit: 3, totalPages: 1 });
      }
      assert.deepEqual(ok(await client.get(`${prefix}/issues?sort=displayOrder&limit=3`)).data.map(({ id }) => id), ids);
      invalid(await client.put(`${prefix}/issues:reorder`, { issueIds: [...ids, ids[0], unknownId()] }), 'issueIds[3]', 'issueIds[4]');
      const stats = ok(await client.get(`${prefix}/issues/stats`)).data;
      assert.deepEqual(Object.fromEntries(Object.entries(stats).filter(([, value]) => typeof value === 'number')), {
        totalIssues: 10, openIssues: 3, inProgressIssues: 2, onHoldIssues: 1, resolvedIssues: 3, closedIssues: 1, overdueIssues: 6, criticalIssues: 1, resolutionRate: 0.4,
      });
      assert.equal(stats.typeStats.General, 10);
      assert.deepEqual(stats.byType.find(({ name }) => name === 'General'), { typeConfigId: issues[0].typeConfigId, name: 'General', count: 10 });
      assert.deepEqual(stats.impactStats, { low: 0, medium: 0, high: 0, critical: 1, none: 9 });
      assert.equal(stats.timelineStats.issuesResolvedThisMonth, 4);
    });
  }

  test('two conversions with one key are one, however they collide', async () => {
    const client = newTenant({ limits: { actions: 2 } });
    const issue = await client.issue();
    const send = () => client.post(`/issues/${issue.id}/convert-to-actions`, { actions: [{ title: 'a' }, { title: 'b' }] }, { headers: { 'Idempotency-Key': 'k' } });
    const answers = await Promise.all([send(), send(), send()]);
    for (const answer of answers) if (answer.status !== 201) fails(answer, 409, 'CONFLICT');
    const first = created(await send());
    for (const answer of answers) if (answer.status === 201) assert.deepEqual(answer.data, first.data);
    assert.equal(ok(await client.get('/actions')).pagination.total, 2);
    fails(await client.post(`/issues/${issue.id}/convert-to-actions`, { actions: [{ title: 'c' }] }), 403, 'ACTION_LIMIT_REACHED');
  });

  test('a conversion past the limit makes none, however many are made at once', async () => {
    const client = newTenant({ limits: { actions: 5 } });
    const issue = await client.issue();
    const answers = await Promise.all(Array.from({ length: 4 }, () => client.post(`/issues/${issue.id}/convert-to-actions`, { actions: [{ title: 'a' }, { title: 'b' }] })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 201, 403, 403]);
    assert.equal(ok(await client.get(`/issues/${issue.id}`)).data.connections.actionIds.length, 4);
  });

  test('a reorder against a delete: a place, or none', async () => {
    const client = newTenant();
    for (let round = 0; round < 8; round += 1) {
      const issues = [await client.issue(), await client.issue(), await client.issue()];
      const ids = issues.map(({ id }) => id);
      const [reordered, deleted] = await Promise.all([client.put('/issues:reorder', { issueIds: ids }), client.del(`/issues/${ids[1]}`)]);
      ok(deleted);
      if (reordered.status !== 200) invalid(reordered, 'issueIds[1]');
      fails(await client.get(`/issues/${ids[1]}`), 404, 'ISSUE_NOT_FOUND');
      const places = await Promise.all([ids[0], ids[2]].map(async (id) => ok(await client.get(`/issues/${id}`)).data.displayOrder));
      assert.deepEqual(places, reordered.status === 200 ? [0, 2] : [null, null]);
    }
  });

  test('roles, modules and tenants', async () => {
    const client = newTenant();
    const issue = await client.issue();
    const action = await client.action();
    const steps = [['POST', `/issues/${issue.id}/convert-to-actions`, { actions: [{ title: 'a' }] }], ['POST', '/actions/create-with-context', { title: 'a' }],
      ['POST', '/issues/create-from-action', { actionId: action.id }], ['PUT', '/issues:reorder', { issueIds: [issue.id] }]];
    for (const [method, path, body] of steps) {
      fails(await client.as({ role: 'viewer' }).request(method, path, body), 403, 'INSUFFICIENT_PERMISSIONS');
      fails(await client.as({ features: ['goals'] }).request(method, path, body), 403, 'INSUFFICIENT_PERMISSIONS');
    }
    const other = newTenant();
    fails(await other.post(steps[0][1], steps[0][2]), 404, 'ISSUE_NOT_FOUND');
    invalid(await other.post(steps[2][1], steps[2][2]), 'actionId');
    invalid(await other.put(steps[3][1], steps[3][2]), 'issueIds[0]');
    assert.equal(ok(await other.get('/issues/stats')).data.totalIssues, 0);
    ok(await client.as({ role: 'viewer' }).get('/issues/stats'));
    invalid(await client.get('/issues/stats?size=3'), 'size');
  });
});
