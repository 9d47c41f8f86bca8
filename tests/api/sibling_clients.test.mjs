// The products that call this one, each as it sends its requests and reads the answers, at every address
// under which the product is served. Nothing that they send is refused, lost or cut off, and nothing that
// they draw is blank.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { basePath, created, fails, invalid, newTenant, ok, stack, unknownId } from './support/client.mjs';
import { day, drawn, entryOf, kept, soon, unwrapped } from './support/reading.mjs';

const today = new Date().toISOString().slice(0, 10);
const month = today.slice(0, 7);
const names = (answer) => ok(answer).data.map(({ title, name }) => title ?? name);

for (const base of ['', '/api', basePath, `${basePath}/api`]) {
  describe(`the sibling service's client at "${base}"`, () => {
    const client = newTenant({ base });
    // What its answers are after it has unwrapped them.
    const read = async (path) => unwrapped(ok(await client.get(path)).body);

    test('reads goals and their strategies as one list', async () => {
      const goal = await client.goalIn('active', { title: 'Grow', intent: 'Why', ownerId: 'user-1', startDate: '2026-01-01', dueDate: '2026-12-31' });
      await client.goal({ title: 'Of somebody else', ownerId: 'user-2' });
      const goals = await read('/goals?personId=user-1&status=active');
      assert.deepEqual(goals.map(({ title }) => title), ['Grow']);
      drawn(goals[0], 'id', 'title', 'intent', 'status', 'type', 'horizon', 'progress', 'ownerId', 'ownerName', 'startDate', 'endDate', 'dueDate', 'kpis', 'strategies');
      await client.strategy(goal, { title: 'Expand', description: 'Enter five markets', status: 'evaluated' });
      const [strategy] = await read('/strategies');
      drawn(strategy, 'name', 'description', 'status', 'startDate', 'endDate', 'ownerId', 'ownerName', 'goalId', 'goalTitle');
      assert.deepEqual([strategy.name, strategy.status, strategy.endDate], ['Expand', 'validated', day('2026-12-31')]);
      assert.deepEqual(await read(`/strategies/${strategy.id}`), strategy);
    });

    test('reads a KPI at the top of its answer', async () => {
      const { id } = created(await client.post('/kpis', { name: 'Revenue', unit: 'USD', direction: 'higher', targetValue: 500 })).data;
      created(await client.post(`/kpis/${id}/readings`, { period: '2025-03', value: 250 }));
      const kpi = await read(`/kpis/${id}`);
      drawn(kpi, 'id', 'name', 'unit', 'currentValue', 'targetValue', 'direction', 'historicalValues');
      assert.deepEqual([kpi.name, kpi.currentValue, kpi.targetValue], ['Revenue', 250, 500]);
      assert.deepEqual((await read('/kpis')).map(({ name }) => name), ['Revenue']);
    });

    test('reads open issues, actions and figures', async () => {
      for (const title of ['a', 'b', 'c']) created(await client.post('/issues', { title, impact: 'high', priority: 3 }));
      created(await client.post('/issues', { title: 'done', status: 'Closed' }));
      const answer = ok(await client.get('/issues?limit=50&statusCategory=open'));
      assert.equal(unwrapped(answer.body).length, 3);
      kept({ page: 1, size: 50, limit: 50, pageSize: 50, total: 3, totalPages: 1, hasMore: false, hasNextPage: false, hasPreviousPage: false }, answer.body.pagination);
      drawn(answer.data[0], 'id', 'title', 'status', 'impact', 'businessImpact', 'priority', 'reportedBy', 'reporterId');
      created(await client.post('/operations/actions', { title: 'do it' }));
      assert.equal((await read('/operations/actions?limit=50')).length, 1);
      drawn(await read('/goals/stats'), 'totalGoals', 'byStatus', 'byType', 'onTrackCount', 'totalStrategies');
      drawn(await read('/performance/score'), 'overallScore', 'components', 'trend');
    });

    test('shows what needs attention today', async () => {
      const goal = await client.goalIn('active', { title: 'Earn', ownerId: 'user-1', startDate: '2020-01-01', dueDate: '2021-01-01' });
      const kpi = created(await client.post('/measures', { name: 'Margin', direction: 'up', unit: '%', ownerId: 'user-1', baselineValue: 0, baselineDate: '2020-01-01', targetValue: 40, currentValue: 20 })).data;
      created(await client.post(`/goals/${goal.id}/measures:link`, { measureId: kpi.id }));
      created(await client.post('/actions', { title: 'Long ago', dueDate: '2021-01-01', priority: 'high', assignedPersonId: 'user-1', connections: { goalIds: [goal.id] } }));
      created(await client.post('/actions', { title: 'Today', dueDate: today, priority: 'low', assignedPersonId: 'user-1' }));
      const center = await soon(() => read('/dashboard/command-center?userId=user-1&daysAhead=14&varianceThreshold=15'), ({ alerts, myTasks }) => (
        alerts.measuresAtRisk.length && alerts.actionsPastDue.length && alerts.criticalIssues.length && myTasks.length ? '' : 'a list is empty'));
      const { alerts: { measuresAtRisk: [measure], kpisAtRisk, actionsPastDue: [late], criticalIssues: [issue] }, goals, myTasks: [task], summaryStats } = center;
      drawn(measure, 'measureLinkId', 'measureId', 'measureName', 'currentValue', 'targetValue', 'finalTargetValue', 'variance', 'variancePercentage', 'goalId', 'goalTitle', 'ownerId', 'ownerName', 'status');
      assert.deepEqual([measure.measureName, measure.targetValue, measure.variance, measure.variancePercentage, measure.status, kpisAtRisk], ['Margin', 40, -20, -50, 'behind', [measure]]);
      drawn(late, 'actionId', 'title', 'dueDate', 'daysPastDue', 'priority', 'assignedPersonId', 'assignedPersonName', 'goalId', 'goalTitle');
      drawn(issue, 'issueId', 'title', 'impact', 'reporterId', 'reporterName', 'dateReported', 'statusName');
      const shown = goals.find(({ id }) => id === goal.id);
      drawn(shown, 'title', 'status', 'progress', 'ownerId', 'ownerName', 'dueDate', 'progressStatus', 'strategies', 'stats');
      drawn(shown.primaryMeasure, 'measureId', 'name', 'currentValue', 'targetValue', 'progress');
      assert.deepEqual(shown.primaryKpi, shown.primaryMeasure);
      drawn(task, 'id', 'title', 'dueDate', 'priority', 'status', 'progress');
      drawn(summaryStats, 'totalActiveGoals', 'goalsBehind', 'totalMeasures', 'totalKpis', 'measuresBehind', 'kpisBehind', 'totalActiveActions', 'actionsPastDue', 'actionsThisWeek', 'openIssues', 'criticalIssues');
      drawn(center, 'generatedAt');
    });

    test('reads who there is and who may be assigned', async () => {
      const [me] = await read('/people?status=active&page=1&size=10');
      drawn(me, 'id', 'name', 'displayName', 'firstName', 'lastName', 'createdAt');
      kept({ id: 'user-1', name: 'Ann One', displayName: 'Ann One', email: null, isActive: true, isAssignable: true, hasSystemAccess: true }, me);
      assert.deepEqual(await read('/people/user-1'), me);
      assert.deepEqual(await read('/people/assignable?search=ann'), [{ id: 'user-1', name: 'Ann One', title: null, primaryRole: null, isCurrentUser: true }]);
      fails(await client.get('/people/nobody'), 404, 'PERSON_NOT_FOUND');
      const admin = client.as({ role: 'admin' });
      kept({ id: 'p/7', name: 'Ada Lovelace', lastName: 'Lovelace' }, created(await admin.put('/people/p%2F7', { name: 'Ada Lovelace' })).data);
      kept({ id: 'p/7', name: 'Ada King' }, ok(await admin.put('/people/p%2F7', { ...await read('/people/p%2F7'), displayName: 'Ada King' })).data);
      assert.equal((await client.goal({ ownerId: 'p/7' })).ownerName, 'Ada King');
      fails(await client.put('/people/p%2F7', { name: 'Mine' }), 403, 'INSUFFICIENT_PERMISSIONS');
    });
  });

  describe(`the frontend's later releases at "${base}"`, () => {
    const client = newTenant({ base });
    let goal;

    test('asks for the chapters of a report that it shows', async () => {
      const query = 'startDate=2025-11-01&endDate=2025-12-23&format=PDF&sections=goals,executive-summary&sections=Measures&includeCharts=false&includeAnalytics=true';
      const answer = await fetch(`${stack.url}${base}/reports/company?${query}`, { headers: client.headers });
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'application/pdf']);
      assert.match(answer.headers.get('content-disposition'), /^attachment; filename="company-report-\d{8}\.pdf"$/);
      assert.equal(Buffer.from(await answer.arrayBuffer()).subarray(0, 5).toString(), '%PDF-');
      invalid(await client.get('/reports/company?sections=goals,finance'), 'sections');
    });

    test('make a goal by their names and change it with the whole object', async () => {
      const sent = { name: 'Grow', description: 'More about it', intent: 'Why', ownerId: 'user-1', type: 'quarterly', startDate: '2126-01-01', targetDate: '2126-03-31' };
      goal = created(await client.post('/goals', sent)).data;
      kept({ ...sent, type: 'quarter', startDate: day('2126-01-01'), targetDate: day('2126-03-31') }, goal, { name: 'title', targetDate: 'dueDate' });
      const changed = ok(await client.put(`/goals/${goal.id}`, { ...goal, name: 'Grow more', endDate: '2126-06-30', type: 'annual' })).data;
      assert.deepEqual([changed.title, changed.dueDate, changed.horizon, changed.description], ['Grow more', day('2126-06-30'), 'year', 'More about it']);
      ok(await client.post(`/goals/${goal.id}:activate`, {}));
    });

    test('find goals', async () => {
      for (const query of ['searchTerm=ABOUT', 'personId=user-1', 'type=annual', 'sort=targetDate&order=desc', 'sortBy=created_at&sortOrder=asc', 'limit=10&offset=0', 'status=Active', 'search=&ownerId=']) {
        assert.deepEqual(names(await client.get(`/goals?${query}`)), ['Grow more'], query);
      }
      assert.equal(ok(await client.get('/goals/stats?ownerId=user-1&type=annual')).data.totalGoals, 1);
      assert.equal(ok(await client.get('/goals/stats?type=monthly')).data.totalGoals, 0);
    });

    test('keep all of a strategy', async () => {
      const sent = {
        title: 'Expand', description: 'x'.repeat(5000), aiGenerated: true, validationScore: 88, validationFeedback: 'y'.repeat(5000), ownerId: 'user-1',
        priority: 'high', tags: ['asia'],
      };
      const strategy = created(await client.post(`/goals/${goal.id}/strategies`, { ...sent, dueDate: '2126-02-01' })).data;
      kept({ ...sent, dueDate: day('2126-02-01'), name: 'Expand' }, strategy);
      const { updatedAt, ...rest } = strategy;
      kept(rest, ok(await client.put(`/goals/${goal.id}/strategies/${strategy.id}`, strategy)).data);
      kept(sent, ok(await client.get(`/goals/${goal.id}`)).data.strategies[0]);
      kept(sent, ok(await client.get(`/strategies?goalId=${goal.id}&type=all`)).data[0]);
      for (const status of ['planning', 'in_progress', 'completed', 'paused', 'cancelled']) {
        invalid(await client.put(`/goals/${goal.id}/strategies/${strategy.id}`, { status }), 'status');
      }
    });

    test('write comments, updates and notes, and close with notes', async () => {
      const say = async (path, body) => created(await client.post(`/goals/${goal.id}/${path}`, body)).data;
      const comment = await say('activity', { type: 'comment', content: 'Well done' });
      drawn(comment, 'id', 'content', 'text', 'userId', 'userName', 'createdAt');
      kept({ type: 'note', content: 'Well done', metadata: { kind: 'comment' } }, comment);
      kept({ content: 'On plan', metadata: { kind: 'update' } }, await say('activity', { type: 'update', content: 'On plan' }));
      kept({ content: 'Call them', metadata: { category: 'risk' } }, await say('notes', { content: 'Call them', category: 'risk' }));
      assert.deepEqual(ok(await client.get(`/goals/${goal.id}/activity?types=note,decision&limit=1&offset=1`)).data.map(({ content }) => content), ['On plan']);
      kept({ status: 'completed' }, ok(await client.post(`/goals/${goal.id}:close`, { finalStatus: 'completed', notes: 'All of it' })).data);
      assert.equal(ok(await client.get(`/goals/${goal.id}/activity?types=system`)).data[0].content, 'Goal completed: All of it');
    });

    test('watch a goal with the token in the address', async () => {
      const { token, claims } = client;
      for (const query of [`accessToken=${token}`, `access_token=${token}&tenantId=${claims.tenant}`, `accessToken=${token}&tenant_id=${claims.tenant}`]) {
        const answer = await fetch(`${client.url}${base}/realtime/goals/${goal.id}/activity?${query}`, { method: 'HEAD' });
        assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'text/event-stream'], query.replace(token, 'TOKEN'));
      }
      const answer = await fetch(`${client.url}${base}/realtime/goals/${goal.id}/activity?accessToken=${token}&tenantId=other`, { method: 'HEAD' });
      assert.equal(answer.status, 403);
    });

    test('link a KPI with no threshold, and read links by their names', async () => {
      const kpi = created(await client.post('/kpis', { name: 'Churn', direction: 'decrease', calculationMethod: 'lost / all', unit: '%', aggregationPeriod: 'Month', valueType: 'percentage' })).data;
      kept({ direction: 'down', formula: 'lost / all', aggregationPeriod: 'monthly', valueType: 'percentage' }, kpi);
      const open = await client.goalIn('active');
      const link = created(await client.post(`/goals/${open.id}/kpis:link`, { kpiId: kpi.id })).data;
      kept({ linkId: link.id, kpiId: kpi.id, measureId: kpi.id, sharedKpiId: kpi.id, threshold: 80, thresholdPct: 80, isPrimary: true, order: 1, linkedAt: link.createdAt }, link);
      created(await client.post(`/kpis/${kpi.id}/readings`, { date: `${month}-01`, value: 4, note: 'late' }));
      const [shown] = ok(await client.get(`/goals/${open.id}`)).data.kpis;
      drawn(shown, 'linkId', 'kpiId', 'name', 'unit', 'direction', 'currentValue', 'thresholdPct', 'progress', 'linkedAt');
      assert.deepEqual(names(await client.get(`/kpis?goalId=${open.id}&direction=Lower&includeShared=false`)), ['Churn']);
      assert.deepEqual(names(await client.get('/kpis?type=quantitative&customOnly=true&sort=name')), ['Churn']);
      invalid(await client.get('/kpis?catalogOnly=true&customOnly=true'), 'customOnly');
    });

    test('choose KPIs from the catalogue and have a primary one', async () => {
      const open = await client.goalIn('active', { title: 'Earn' });
      const path = `/goals/${open.id}`;
      const mrr = entryOf(ok(await client.get(`${path}/available-kpis`)).data.catalogKpis, 'Monthly Recurring Revenue');
      kept({ unit: 'USD', direction: 'up', category: 'Financial', source: 'Catalog', isIntegrationEnabled: false, usageInfo: { goalCount: 0, isUsedByThisGoal: false } }, mrr);
      const first = created(await client.post(`${path}/kpis:link`, { kpiId: mrr.id })).data;
      kept({ isPrimary: true, threshold: 80, order: 1, unit: 'USD', direction: 'up' }, first);
      const { catalogKpis, tenantCustomKpis } = ok(await client.get(`${path}/available-kpis`)).data;
      const usageInfo = { goalCount: 1, isUsedByThisGoal: true };
      kept({ usageInfo }, entryOf(catalogKpis, mrr.name));
      const custom = entryOf(tenantCustomKpis, mrr.name);
      kept({ id: first.kpiId, kpiCatalogId: mrr.id, source: 'Created by Earn', isShared: false, usageInfo }, custom);
      drawn(custom, 'description', 'category', 'type', 'valueType', 'aggregationType', 'aggregationPeriod', 'createdAt', 'createdBy');
      kept({ usageInfo: { goalCount: 1, isUsedByThisGoal: false } }, entryOf(ok(await client.get('/goals/available-kpis')).data.tenantCustomKpis, mrr.name));

      const sent = { catalogId: entryOf(catalogKpis, 'Cash Runway').id, name: 'Runway', currentValue: 7 };
      const made = created(await client.post('/kpis', sent)).data;
      kept({ ...sent, unit: 'months', direction: 'up', category: 'Financial', currentValueDate: today }, made);
      invalid(await client.post('/kpis', { catalogId: unknownId() }), 'catalogId', 'name', 'direction');
      const second = created(await client.post(`${path}/kpis:link`, { kpi_id: made.id })).data;
      kept({ isPrimary: false, order: 2 }, second);
      kept({ previousPrimaryKpiId: first.kpiId, newPrimaryKpiId: second.kpiId }, ok(await client.put(`${path}/kpis/${second.kpiId}:setPrimary`, {})).data);
      const list = ok(await client.get(`${path}/kpis`)).data;
      kept({ goalId: open.id, goalName: 'Earn', totalKpis: 2, hasPrimary: true }, list);
      kept({ kpiId: made.id, name: 'Runway' }, list.primaryKpi);
      kept({
        linkId: second.id, kpiId: made.id, name: 'Runway', unit: 'months', direction: 'up', type: 'quantitative', isPrimary: true, thresholdPct: 80, currentValue: 7,
        currentValueDate: today, targetValue: null, progress: 0, progressStatus: 'no_data', isShared: false, sharedGoalCount: 1, order: 2, linkedAt: second.createdAt,
      }, list.kpis[1]);
      invalid(await client.post(`${path}/kpis:unlink`, { kpi_id: second.kpiId, newPrimaryKpiId: unknownId() }), 'newPrimaryKpiId');
      kept({ goalId: open.id, sharedKpiId: made.id, unlinkedKpiId: made.id, newPrimaryKpiId: first.kpiId, remainingKpiCount: 1 },
        ok(await client.post(`${path}/kpis:unlink`, { kpi_id: second.kpiId })).data);
      fails(await client.put(`${path}/kpis/${second.kpiId}:setPrimary`, {}), 404, 'KPI_LINK_NOT_FOUND');
      ok(await client.post(`${path}/kpis:unlink`, { kpi_id: first.kpiId }));
      kept({ kpis: [], totalKpis: 0, hasPrimary: false, primaryKpi: null }, ok(await client.get(`${path}/kpis`)).data);
    });

    test('keep what they say of actions and issues', async () => {
      const sent = { title: 'Call', estimatedHours: 4, actualHours: 1.5, tags: ['phone'], priority: 'high', status: 'in_progress' };
      const action = created(await client.post('/actions', { ...sent, status: 'inProgress', priority: 'High' })).data;
      kept(sent, action);
      drawn(action, 'dateEntered');
      assert.deepEqual(names(await client.get('/actions?search=PHONE&tags=phone,fax&sort=dateEntered')), ['Call']);
      const told = { title: 'Broken', environment: 'live', stepsToReproduce: 'Open it', expectedBehavior: 'It opens', actualBehavior: 'It does not', tags: ['ui'] };
      const issue = created(await client.post('/issues', { ...told, dateReported: '2026-02-03', assignedPersonId: '', dueDate: '' })).data;
      kept({ ...told, assignedPersonId: null, dueDate: null }, issue);
      const found = async (query) => names(await client.get(`/issues?${query}`));
      for (const query of ['startDate=2026-02-03&endDate=2026-02-03', 'tags=ui,other', 'reporterId=user-1', 'status=Open&sort=type', 'limit=1&offset=0', 'createdAfter=2026-01-01']) {
        assert.deepEqual(await found(query), ['Broken'], query);
      }
      assert.deepEqual(await found('status=in_progress'), []);
      invalid(await client.get('/issues?status=nonsense'), 'status');
      fails(await client.get('/issues/018f0000-0000-7000-8000-000000000001'), 404, 'ISSUE_NOT_FOUND');
    });
  });

  describe(`the names of 2026 at "${base}"`, () => {
    const client = newTenant({ base });

    test('measures are made, linked, read and counted', async () => {
      const measure = created(await client.post('/measures', { name: 'Revenue', direction: 'up', targetValue: 100, baselineValue: 0 })).data;
      const goal = await client.goalIn('active');
      const link = created(await client.post(`/goals/${goal.id}/measures:link`, { kpiId: measure.id, thresholdPct: 60, riskThresholdPct: 40 })).data;
      kept({ measureId: measure.id, thresholdPct: 60, riskThresholdPct: 40 }, link);
      created(await client.post(`/measures/${measure.id}/readings`, { period: month, value: 50, notes: 'so far' }));
      kept({ thresholdPct: 50 }, ok(await client.post(`/goals/${goal.id}/measures/${measure.id}:setThreshold`, { thresholdPct: 50 })).data);
      assert.deepEqual(names(await client.get(`/measures?goalId=${goal.id}`)), ['Revenue']);
      ok(await client.post(`/goals/${goal.id}/measures:unlink`, { kpiId: measure.id }));
    });

    test('a goal\'s measures are listed, chosen from and unlinked', async () => {
      const goal = await client.goalIn('active');
      const path = `/goals/${goal.id}`;
      const { catalogMeasures, tenantCustomMeasures } = ok(await client.get('/goals/available-measures')).data;
      drawn(tenantCustomMeasures[0], 'id', 'name', 'direction', 'source', 'usageInfo', 'createdAt', 'createdBy');
      const churn = entryOf(catalogMeasures, 'Churn Rate');
      drawn(churn, 'id', 'name', 'description', 'category', 'unit', 'direction', 'type', 'valueType', 'aggregationType', 'aggregationPeriod', 'source', 'usageInfo');
      const first = created(await client.post(`${path}/measures:link`, { measureId: churn.id })).data;
      const own = created(await client.post('/measures', { name: 'Own of 2026', direction: 'up' })).data;
      const second = created(await client.post(`${path}/measures:link`, { measureId: own.id, isPrimary: true })).data;
      const list = ok(await client.get(`${path}/measures`)).data;
      assert.deepEqual(Object.keys(list), ['goalId', 'goalName', 'measures', 'totalMeasures', 'hasPrimary', 'primaryMeasure']);
      kept({ totalMeasures: 2, hasPrimary: true }, list);
      kept({ measureId: own.id, name: 'Own of 2026' }, list.primaryMeasure);
      assert.deepEqual(list.measures.map(({ linkId, measureId, isPrimary, order }) => [linkId, measureId, isPrimary, order]),
        [[first.id, first.measureId, false, 1], [second.id, own.id, true, 2]]);
      kept({ previousPrimaryMeasureId: own.id, newPrimaryMeasureId: first.measureId }, ok(await client.put(`${path}/measures/${first.measureId}:setPrimary`, {})).data);
      const chosen = ok(await client.get(`${path}/available-measures`)).data;
      kept({ usageInfo: { goalCount: 1, isUsedByThisGoal: true } }, entryOf(chosen.catalogMeasures, 'Churn Rate'));
      kept({ measureCatalogId: churn.id, usageInfo: { goalCount: 1, isUsedByThisGoal: true } }, entryOf(chosen.tenantCustomMeasures, 'Churn Rate'));
      kept({ unlinkedMeasureId: first.measureId, newPrimaryMeasureId: own.id, remainingMeasureCount: 1 },
        ok(await client.post(`${path}/measures:unlink`, { measureId: first.measureId, newPrimaryMeasureId: own.id })).data);
    });

    test('strategic integration: an action brings a value, of today where it says no day', async () => {
      const goal = await client.goalIn('active');
      const kpi = created(await client.post('/kpis', { name: 'Sales', direction: 'up' })).data;
      created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id }));
      const action = created(await client.post('/operations/actions', { title: 'Sell', connections: { goalIds: [goal.id] } })).data;
      for (const [i, path] of ['/operations/kpi-updates', '/operations/measure-updates'].entries()) {
        const answer = ok(await client.post(path, { actionId: action.id, kpiId: kpi.id, newValue: 7 + i, notes: 'sold' }), i ? 200 : 201);
        kept({ period: month, value: 7 + i, reason: 'sold' }, answer.data.reading);
      }
      assert.deepEqual(Object.keys(ok(await client.post('/operations/goals/kpis', { goalIds: [goal.id] })).data), [goal.id]);
      assert.equal(ok(await client.post('/operations/actions/goals', { actionIds: [action.id] })).data[action.id][0].id, goal.id);
    });
  });
}
