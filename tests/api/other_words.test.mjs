// Other names and words for the same, as sibling products say them, and the filters that they use.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Client, basePath, created, document, fails, invalid, newTenant, ok } from './support/client.mjs';

const titles = (answer) => ok(answer).data.map(({ title, name }) => title ?? name);

describe('lists', () => {
  test('are filtered by what they are linked to', async () => {
    const client = newTenant({ base: basePath });
    const [goal, other] = [await client.goal(), await client.goal()];
    const strategy = await client.strategy(goal);
    const kpis = [];
    for (const name of ['a', 'b', 'c']) kpis.push(created(await client.post('/kpis', { name, direction: 'higher' })).data);
    const link = async ({ id }, kpi) => created(await client.post(`/goals/${id}/kpis:link`, { kpi_id: kpi.id, threshold_pct: 80 }));
    await link(goal, kpis[0]);
    await link(goal, kpis[1]);
    await link(other, kpis[1]);
    assert.deepEqual(titles(await client.get(`/measures?goalId=${goal.id}&sort=name`)), ['a', 'b']);
    assert.deepEqual(titles(await client.get(`/kpis?goal_id=${other.id}`)), ['b']);
    assert.deepEqual(titles(await client.get('/kpis?includeShared=false&sort=name')), ['a', 'c']);
    assert.deepEqual(titles(await client.get(`/kpis?includeShared=False&goalId=${goal.id}`)), ['a']);
    assert.deepEqual(ok(await client.get('/kpis?direction=lower')).data, []);

    await client.issue({ title: 'of goal', connections: { goalIds: [goal.id] } });
    await client.issue({ title: 'of both', connections: { goalIds: [goal.id, other.id], strategyIds: [strategy.id] } });
    assert.deepEqual(titles(await client.get(`/issues?goalIds=${other.id},${goal.id}&sort=title`)), ['of both', 'of goal']);
    assert.deepEqual(titles(await client.get(`/issues?goal_ids=${other.id}`)), ['of both']);
    assert.deepEqual(titles(await client.get(`/issues?goalIds[]=${goal.id}&strategyIds=${strategy.id}`)), ['of both']);
    assert.deepEqual(ok(await client.get(`/issues?strategyIds=${goal.id}`)).data, []);
  });

  test('the example: open issues with a limit', async () => {
    const client = newTenant({ base: basePath });
    for (const title of ['a', 'b', 'c']) await client.issue({ title });
    await client.issue({ title: 'done', status: 'Closed' });
    const answer = ok(await client.get('/api/issues?limit=50&statusCategory=open'));
    assert.equal(answer.data.length, 3);
    assert.deepEqual(answer.body.pagination, {
      page: 1, size: 50, limit: 50, pageSize: 50, total: 3, totalPages: 1, hasMore: false, hasNextPage: false, hasPreviousPage: false,
    });
  });

  test('are of nobody else', async () => {
    const [client, stranger] = [newTenant(), newTenant()];
    const goal = await client.goal();
    const kpi = created(await client.post('/kpis', { name: 'k', direction: 'up' })).data;
    created(await client.post(`/goals/${goal.id}/kpis:link`, { kpi_id: kpi.id, threshold_pct: 80 }));
    await client.issue({ tags: ['x'], connections: { goalIds: [goal.id] } });
    for (const path of [`/kpis?goalId=${goal.id}`, `/issues?goalIds=${goal.id}`, '/issues?tags=x', '/issues?statusCategory=open', '/issues?sort=status']) {
      assert.deepEqual(ok(await stranger.get(path)).data, [], path);
    }
  });

  test("a feed's types", async () => {
    const client = newTenant();
    const goal = await client.goal();
    for (const type of ['note', 'decision']) created(await client.post(`/goals/${goal.id}/activity`, { type, text: type }));
    assert.deepEqual((await client.activity(goal, '?types=Decision')).map(({ type }) => type), ['decision']);
    assert.deepEqual((await client.activity(goal, '?offset=1&limit=1')).map(({ type }) => type), ['note']);
    invalid(await client.get(`/goals/${goal.id}/activity?type=note&types=decision`), 'types');
  });
});

describe('reports and streams', () => {
  test('take the names of ends and of the tenant', async () => {
    const client = newTenant();
    invalid(await client.get('/reports/company?startDate=2025-02-01&endDate=2025-01-01&format=PDF'), 'startDate');
    invalid(await client.get('/reports/company?from=2025-01-01&startDate=2025-01-02'), 'startDate');
    const token = client.headers.Authorization.slice('Bearer '.length);
    const nobody = new Client({ token: null });
    for (const name of ['tenantId', 'tenant_id', 'tenant']) {
      fails(await nobody.get(`/realtime/tenants/${client.claims.tenant}?accessToken=${token}&${name}=other`), 403, 'INSUFFICIENT_PERMISSIONS');
    }
  });
});

test('the document tells of them', () => {
  const { parameters } = document.document.paths['/goals'].get;
  const told = Object.fromEntries(parameters.map(({ name, description }) => [name, description]));
  assert.match(told.ownerId, /also accepted as personId/);
  assert.match(told.horizon, /annual for year, quarterly for quarter, monthly for month; also accepted as type/);
  assert.match(told.sort, /name is title; targetDate is dueDate; also accepted as sortBy/);
  assert.match(told.order, /sortOrder/);
  assert.ok(told.offset);
});
