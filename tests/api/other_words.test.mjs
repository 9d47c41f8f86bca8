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
      page: 1, nextCursor: null, size: 50, limit: 50, pageSize: 50, total: 3, totalPages: 1, hasMore: false, hasNextPage: false, hasPreviousPage: false,
    });
  });

  test('are of nobody else', async () => {
    const [client, stranger] = [newTenant(), newTenant()];
    const goal = await client.goal();
    const kpi = created(await client.post('/kpis', { name: 'k', direction: 'up' })).data;
    created(await client.post(`/goals/${goal.id}/kpis:link`, { kpi_id: kpi.id, threshold_pct: 80 }));
    await client.issue({ tags: ['x'], connections: { goalIds: [goal.id] } });
    await client.action({ tags: ['x'] });
    for (const path of ['/actions?tags=x', '/actions?search=a', `/kpis?goalId=${goal.id}`, `/issues?goalIds=${goal.id}`, '/issues?tags=x', '/issues?statusCategory=open', '/issues?sort=status']) {
      assert.deepEqual(ok(await stranger.get(path)).data, [], path);
    }
  });

  test('of actions and issues, by what they keep besides', async () => {
    const client = newTenant({ base: basePath });
    await client.action({ title: 'Call Łódź', tags: ['spring'], dateEntered: '2025-03-02' });
    await client.action({ title: 'Write', description: 'to łódź', dateEntered: '2025-03-01' });
    await client.action({ title: 'Wait', tags: ['Łódź', 'autumn'] });
    assert.deepEqual(titles(await client.get('/actions?search=%C5%82%C3%B3d%C5%BA&sort=dateEntered')), ['Write', 'Call Łódź', 'Wait']);
    assert.deepEqual(titles(await client.get('/api/operations/actions?tags=spring,autumn&sortBy=title&order=asc')), ['Call Łódź', 'Wait']);
    assert.deepEqual(titles(await client.get('/actions?sort=-date_entered&size=1&page=3')), ['Write']);
    for (const [title, dateReported] of [['a', '2025-03-01T23:59:59Z'], ['b', '2025-03-02']]) await client.issue({ title, dateReported });
    assert.deepEqual(titles(await client.get('/issues?startDate=2025-03-01&endDate=2025-03-01')), ['a']);
    assert.deepEqual(titles(await client.get('/issues?start_date=2025-03-02&sort=title')), ['b']);
    invalid(await client.get('/issues?startDate=2025-03-02&endDate=2025-03-01'), 'endDate');
    invalid(await client.get('/actions?dateEntered=2025-03-02'), 'dateEntered');
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

describe('bodies', () => {
  test('a goal by other names, with a description', async () => {
    const client = newTenant();
    const sent = { name: 'Grow', description: 'More about it', ownerId: 'o', type: 'quarterly', targetDate: '2125-03-01', startDate: '2125-01-01' };
    const goal = created(await client.post('/goals', sent)).data;
    assert.deepEqual([goal.title, goal.description, goal.horizon, goal.type], ['Grow', 'More about it', 'quarter', 'quarter']);
    assert.deepEqual([goal.dueDate, goal.endDate], ['2125-03-01T00:00:00.000Z', '2125-03-01T00:00:00.000Z']);
    assert.deepEqual(ok(await client.put(`/goals/${goal.id}`, goal)).data.description, 'More about it');
    // A whole object is sent back with one of two names changed.
    const moved = ok(await client.put(`/goals/${goal.id}`, { ...goal, endDate: '2125-04-01', type: 'annual' })).data;
    assert.deepEqual([moved.dueDate, moved.horizon], ['2125-04-01T00:00:00.000Z', 'year']);
    assert.equal(ok(await client.put(`/goals/${goal.id}`, { type: 'custom' })).data.horizon, 'quarter');
    assert.equal(ok(await client.put(`/goals/${goal.id}`, { horizon: 'year', type: 'Annual' })).data.horizon, 'year');
    assert.equal(ok(await client.put(`/goals/${goal.id}`, { description: null })).data.description, null);
    invalid(await client.put(`/goals/${goal.id}`, { title: 'a', name: 'b' }), 'name');
    invalid(await client.put(`/goals/${goal.id}`, { horizon: 'month', type: 'quarter' }), 'type');
    invalid(await client.put(`/goals/${goal.id}`, { description: 'x'.repeat(5001) }), 'description');
    assert.equal(created(await client.post('/goals', { title: 'x', ownerId: 'o', type: 'custom', startDate: '2125-01-01', endDate: '2125-01-31' })).data.horizon, 'month');
  });

  test('goals are found by their descriptions, in any case', async () => {
    const client = newTenant();
    await client.goal({ title: 'a', description: 'The needle of the Straße' });
    await client.goal({ title: 'b', intent: 'needles' });
    await client.goal({ title: 'c' });
    assert.deepEqual(titles(await client.get('/goals?search=NEEDLE&sort=title')), ['a', 'b']);
    assert.deepEqual(titles(await client.get('/goals?searchTerm=strasse')), ['a']);
    for (const query of ['search=&searchTerm=strasse', 'searchTerm=strasse&search=']) assert.deepEqual(titles(await client.get(`/goals?${query}`)), ['a'], query);
    assert.deepEqual(ok(await client.get('/goals?type=monthly&horizon=Month')).data.filter(({ horizon }) => horizon !== 'month'), []);
    invalid(await client.get('/goals?type=monthly&horizon=year'), 'horizon');
    assert.deepEqual(titles(await client.get('/goals?search=ne&sort=title')), ['a', 'b']);
    assert.deepEqual(ok(await newTenant().get('/goals?search=needle')).data, []);
  });

  test('the notes of closing are its reason', async () => {
    const client = newTenant();
    const goal = await client.goalIn('active');
    ok(await client.post(`/goals/${goal.id}:close`, { finalStatus: 'completed', notes: 'All done' }));
    const [entry] = await client.activity(goal);
    assert.deepEqual([entry.text, entry.content], ['Goal completed: All done', 'Goal completed: All done']);
  });

  test('entries and notes by other names', async () => {
    const client = newTenant();
    const goal = await client.goal();
    const entry = created(await client.post(`/goals/${goal.id}/activity`, { type: 'Comment', content: 'Well done', metadata: { kind: 'x', a: 1 } })).data;
    assert.deepEqual([entry.type, entry.text, entry.content, entry.metadata], ['note', 'Well done', 'Well done', { a: 1, kind: 'comment' }]);
    assert.deepEqual(created(await client.post(`/goals/${goal.id}/activity`, { type: 'update', text: 'u' })).data.metadata, { kind: 'update' });
    assert.deepEqual(created(await client.post(`/goals/${goal.id}/activity`, { type: 'note', text: 'n' })).data.metadata, {});
    const note = created(await client.post(`/goals/${goal.id}/notes`, { content: 'Call them', category: 'risk', attachments: [{ name: 'a', url: 'https://example.com/a' }] })).data;
    assert.deepEqual([note.text, note.metadata], ['Call them', { attachments: [{ name: 'a', url: 'https://example.com/a' }], category: 'risk' }]);
    assert.equal((await client.activity(goal, '?types=comment')).length, 4);
    invalid(await client.post(`/goals/${goal.id}/activity`, { type: 'goal_updated', text: 'x' }), 'type');
    invalid(await client.post(`/goals/${goal.id}/activity`, { type: 'note', text: 'x', content: 'y' }), 'content');
  });

  test('KPIs, readings and updates by other names', async () => {
    const client = newTenant();
    const kpi = created(await client.post('/kpis', { name: 'k', direction: 'increase', calculationMethod: 'a + b' })).data;
    assert.deepEqual([kpi.direction, kpi.formula], ['up', 'a + b']);
    const reading = created(await client.post(`/kpis/${kpi.id}/readings`, { date: '2025-03-15', value: 5, note: 'late' })).data;
    assert.deepEqual([reading.period, reading.reason], ['2025-03', 'late']);
    ok(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-03-31T23:00:00-02:00', value: 6 }), 201); // April, in UTC
    invalid(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-03', date: '2025-04-01', value: 6 }), 'date');
    ok(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-03', date: '2025-03-31', value: 6 }));
    const action = await client.action();
    const update = created(await client.post('/operations/kpi-updates', { actionId: action.id, kpiId: kpi.id, newValue: 7 })).data;
    assert.equal(update.reading.period, new Date().toISOString().slice(0, 7));
  });
});

describe('KPIs', () => {
  test('keep what clients say of them, in any spelling', async () => {
    const client = newTenant();
    const kpi = created(await client.post('/measures', { name: 'k', direction: 'up', aggregation_type: 'point_in_time', aggregationPeriod: 'Month', valueType: 'Percentage' })).data;
    assert.deepEqual([kpi.type, kpi.aggregationType, kpi.aggregationPeriod, kpi.aggregationPeriodCount, kpi.valueType, kpi.interpolationMethod, kpi.catalogId],
      ['quantitative', 'pointInTime', 'monthly', 1, 'percentage', 'linear', null]);
    const changed = ok(await client.put(`/measures/${kpi.id}`, { aggregationPeriod: 'annually', dataSource: 'ERP', aggregationType: null })).data;
    assert.deepEqual([changed.aggregationPeriod, changed.dataSource, changed.aggregationType, changed.valueType], ['yearly', 'ERP', null, 'percentage']);
    assert.deepEqual(ok(await client.put(`/measures/${kpi.id}`, changed)).data.aggregationPeriod, 'yearly');
    invalid(await client.put(`/kpis/${kpi.id}`, { type: null, aggregationPeriodCount: 0, valueType: 'text' }), 'type', 'aggregationPeriodCount', 'valueType');
  });

  test('tell their value, their history and how many goals they have', async () => {
    const client = newTenant();
    const [kpi, goal] = [created(await client.post('/kpis', { name: 'k', direction: 'up' })).data, await client.goal()];
    for (let month = 1; month <= 13; month += 1) created(await client.post(`/kpis/${kpi.id}/readings`, { period: `2025-${String(month % 12 + 1).padStart(2, '0')}`.replace('2025-02', month === 13 ? '2026-02' : '2025-02'), value: month, ...(month === 13 && { adjustedValue: 99 }) }));
    const link = created(await client.post(`/goals/${goal.id}/kpis:link`, { kpi_id: kpi.id, threshold_pct: 60 })).data;
    assert.deepEqual([link.linkId, link.kpiId, link.measureId, link.thresholdPct, link.linkedAt], [link.id, kpi.id, kpi.id, 60, link.createdAt]);
    const detail = ok(await client.get(`/kpis/${kpi.id}`)).data;
    assert.deepEqual([detail.currentValue, detail.linkedGoalCount, detail.kpi.currentValue], [99, 1, 99]);
    assert.equal(detail.historicalValues.length, 12);
    assert.deepEqual(detail.historicalValues[0], { value: 99, recordedAt: detail.readings[0].updatedAt });
    const [listed] = ok(await client.get('/kpis')).data;
    assert.deepEqual([listed.currentValue, listed.linkedGoalCount, listed.isDeleted], [99, 1, false]);
  });

  test('are listed by type and by where they come from', async () => {
    const client = newTenant();
    for (const [name, more] of [['a', { catalogId: '01941f29-7c00-7000-8000-000000000301' }], ['b', { type: 'Binary' }], ['c', { type: 'qualitative', catalogId: '01941f29-7c00-7000-8000-000000000314' }]]) {
      created(await client.post('/kpis', { name, direction: 'up', ...more }));
    }
    assert.deepEqual(titles(await client.get('/kpis?type=quantitative,BINARY&sort=name')), ['a', 'b']);
    assert.deepEqual(titles(await client.get('/kpis?catalogOnly=true&sort=name')), ['a', 'c']);
    assert.deepEqual(titles(await client.get('/kpis?customOnly=true')), ['b']);
    assert.deepEqual(titles(await client.get('/kpis?customOnly=false&catalog_only=true&type=qualitative')), ['c']);
    invalid(await client.get('/kpis?catalogOnly=true&customOnly=true'), 'customOnly');
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
