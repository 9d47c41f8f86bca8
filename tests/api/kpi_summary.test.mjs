// GET /kpis/summary: how KPIs are doing, and the same as measures.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { created, fails, instant, invalid, newTenant, ok } from './support/client.mjs';

const addKpi = async (client, fields) => created(await client.post('/kpis', { unit: 'EUR', direction: 'up', baselineValue: 45000, baselineDate: '2024-12-31', ...fields })).data;
const link = async (client, goal, kpi, fields = {}) => created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id, ...fields })).data;
const measured = async (client, kpi, actualValue, measurementDate = '2025-03-31') => created(await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate, actualValue })).data;
const milestones = [['2025-03-31', 50000], ['2025-06-30', 75000], ['2025-09-30', 90000], ['2025-12-31', 100000]]
  .map(([milestoneDate, targetValue]) => ({ milestoneDate, targetValue }));
const summaryOf = async (client, query = '') => ok(await client.get(`/kpis/summary${query}`)).data;
const daysTo = (day) => (Date.parse(day) - Date.parse(new Date().toISOString().slice(0, 10))) / 86400000;

describe('the summary of KPIs', () => {
  test('of none', async () => {
    const client = newTenant();
    const { metadata, ...rest } = await summaryOf(client);
    assert.match(metadata.generatedAt, instant);
    assert.deepEqual([metadata.page, metadata.size, metadata.total], [1, 100, 0]);
    const none = { onTrack: 0, atRisk: 0, behind: 0, noData: 0 };
    assert.deepEqual(rest, {
      kpis: [], healthScore: 0, overallHealthScore: 0, summary: {
        totalMeasures: 0, totalActiveMeasures: 0, totalInactiveMeasures: 0, statusBreakdown: none, byStatus: none, categoryBreakdown: [], byCategory: [],
        ownerBreakdown: [], byOwner: [], overallHealthScore: 0,
      },
    });
  });

  test('every field, judged by the plan', async () => {
    const client = newTenant();
    const goal = await client.goal({ title: 'Grow', startDate: '2024-12-31', dueDate: '2025-12-31' });
    const strategy = created(await client.post(`/goals/${goal.id}/strategies`, { description: 'Expand' })).data;
    const kpi = await addKpi(client, { name: 'Revenue', category: 'Sales', ownerId: client.user ?? 'user-1', aggregationPeriod: 'monthly', valueType: 'currency' });
    ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: [...milestones.slice(0, 3), { ...milestones[3], label: 'End', optimalValue: 120000 }] }));
    const actual = await measured(client, kpi, 44000);
    const linked = await link(client, goal, kpi, { strategyId: strategy.id });
    const { kpis: [item], summary } = await summaryOf(client);
    const goalLink = {
      linkId: linked.id, goalId: goal.id, goalTitle: 'Grow', isPrimary: true, thresholdPct: 80, status: 'on_track', progress: 0, progressPercentage: -1.82,
      targetValue: 100000, expectedValue: 50000, variance: -6000, variancePercentage: -10.91, daysUntilTarget: daysTo('2025-12-31'), isOverdue: true, onTrack: false,
    };
    const read = ok(await client.get(`/kpis/${kpi.id}`)).data;
    assert.deepEqual(item, {
      kpiId: kpi.id, measureId: kpi.id, name: 'Revenue', measureName: 'Revenue', description: null, unit: 'EUR', direction: 'up', type: 'quantitative', category: 'Sales',
      currentValue: 44000, currentValueDate: '2025-03-31',
      latestTarget: { targetId: item.latestTarget.targetId, targetValue: 100000, targetDate: '2025-12-31', optimalValue: 120000, minimalValue: null, label: 'End' },
      latestActual: { actualId: actual.id, actualValue: 44000, measurementDate: '2025-03-31', actualSubtype: 'Measured', recordedBy: actual.recordedBy, recordedByName: item.latestActual.recordedByName },
      owner: { ownerId: read.ownerId, ownerName: read.ownerName }, ownerId: read.ownerId, ownerName: read.ownerName, targetValue: 100000, status: 'on_track', progress: 0,
      goalLinks: [goalLink], strategyLinks: [{ ...goalLink, strategyId: strategy.id, strategyTitle: 'Expand' }],
      measurementConfig: { valueType: 'currency', aggregationType: null, aggregationPeriod: 'monthly', aggregationPeriodCount: 1, interpolationMethod: 'linear' },
      sharingInfo: { isShared: false, totalGoalLinks: 1, totalStrategyLinks: 1, catalogId: null, isCustom: true },
      metadata: { createdAt: read.createdAt, updatedAt: read.updatedAt, createdBy: read.createdBy, updatedBy: read.updatedBy },
      trendData: [
        { date: '2025-03-31', value: 44000, isTarget: false, isEstimate: false },
        ...milestones.map(({ milestoneDate, targetValue }) => ({ date: milestoneDate, value: targetValue, isTarget: true, isEstimate: false })),
      ],
    });
    assert.deepEqual(summary.statusBreakdown, { onTrack: 1, atRisk: 0, behind: 0, noData: 0 });
    assert.equal(summary.overallHealthScore, 100);
    const { measures, ...rest } = ok(await client.get('/api/measures/summary')).data;
    assert.deepEqual(measures, [item]);
    assert.deepEqual(rest.summary, summary);
    assert.ok(!('kpis' in rest));
    const short = await summaryOf(client, '?maxDataPoints=1');
    assert.equal(short.kpis[0].trendData.length, 2);
  });

  test('shows the newest measurements in the order of days', async () => {
    const client = newTenant();
    const kpi = await addKpi(client, { name: 'Often measured', ownerId: 'user-1' });
    ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones }));
    const record = async (measurementDate, actualValue, actualSubtype = 'Measured') =>
      created(await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate, actualValue, actualSubtype, adjustmentStrategy: 'none' })).data;
    await record('2025-06-30', 4);
    await record('2025-02-28', 1);
    const newest = await record('2025-07-31', 6);
    await record('2025-07-31', 7, 'Estimate');
    await record('2025-03-31', 2);
    const point = (date, value, isTarget = false, isEstimate = false) => ({ date, value, isTarget, isEstimate });
    const whole = [point('2025-02-28', 1), point('2025-03-31', 2), point('2025-03-31', 50000, true), point('2025-06-30', 4), point('2025-06-30', 75000, true),
      point('2025-07-31', 6), point('2025-07-31', 7, false, true), point('2025-09-30', 90000, true), point('2025-12-31', 100000, true)];
    const trendOf = async (query) => {
      const { kpis: [item] } = await summaryOf(client, query);
      assert.deepEqual([item.latestActual.actualId, item.latestActual.measurementDate, item.latestActual.actualSubtype], [newest.id, '2025-07-31', 'Measured']);
      return item.trendData;
    };
    assert.deepEqual(await trendOf(''), whole);
    assert.deepEqual(await trendOf('?maxDataPoints=0'), whole);
    assert.deepEqual(await trendOf('?maxDataPoints=1'), [point('2025-07-31', 6), point('2025-09-30', 90000, true)]);
    assert.deepEqual(await trendOf('?maxDataPoints=3'), [point('2025-06-30', 4), point('2025-06-30', 75000, true), point('2025-07-31', 6), point('2025-07-31', 7, false, true),
      point('2025-09-30', 90000, true), point('2025-12-31', 100000, true)]);
  });

  test('agrees with the goal\'s list, whatever a link is judged by', async () => {
    const client = newTenant();
    const goal = await client.goal({ startDate: '2024-12-31', dueDate: '2025-12-31' });
    const other = await client.goal({ startDate: '2024-12-31', dueDate: '2025-06-30' });
    const kpis = [];
    for (const [i, value] of [44000, 60000, 30000, null].entries()) {
      const kpi = await addKpi(client, { name: `k${i}`, targetValue: 100000, direction: 'up' });
      if (value !== null) await measured(client, kpi, value);
      if (i % 2) ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones }));
      await link(client, goal, kpi);
      await link(client, other, kpi, i === 1 ? { targetValue: 200000 } : {});
      kpis.push(kpi);
    }
    const lists = await Promise.all([goal, other].map(async ({ id }) => ok(await client.get(`/goals/${id}/kpis`)).data.kpis));
    const { kpis: items, summary, healthScore } = await summaryOf(client);
    const rank = ['no_data', 'on_track', 'behind', 'at_risk'];
    for (const item of items) {
      for (const [i, { id }] of [goal, other].entries()) {
        const listed = lists[i].find(({ kpiId }) => kpiId === item.kpiId);
        const judged = item.goalLinks.find(({ goalId }) => goalId === id);
        assert.deepEqual([judged.status, judged.progress, judged.targetValue], [listed.progressStatus, listed.progress, listed.targetValue], item.name);
      }
      assert.equal(item.status, rank[Math.max(...item.goalLinks.map(({ status }) => rank.indexOf(status)))]);
    }
    const count = (status) => items.filter((item) => item.status === status).length;
    const wanted = { onTrack: count('on_track'), atRisk: count('at_risk'), behind: count('behind'), noData: count('no_data') };
    assert.deepEqual(summary.byStatus, wanted);
    assert.equal(wanted.noData, 1);
    const judged = items.length - wanted.noData;
    assert.equal(healthScore, Math.round((100 * wanted.onTrack + 50 * wanted.behind) / judged * 100) / 100);
    for (const status of rank) assert.equal((await summaryOf(client, `?progressStatus=${status}`)).kpis.length, count(status));
  });

  test('expects of random plans what their measurements are compared with', async () => {
    const client = newTenant();
    const goal = await client.goal();
    let seed = 20251129;
    const below = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n; };
    const day = (number) => new Date(Date.UTC(2024, 0, 31) + number * 86400000).toISOString().slice(0, 10);
    for (let round = 0; round < 40; round += 1) {
      const kpi = await addKpi(client, {
        name: `random ${round}`, direction: below(2) ? 'up' : 'down', baselineValue: below(3) ? below(2000) - 1000 : null, baselineDate: below(2) ? day(below(300) - 100) : null,
      });
      const days = [...new Set(Array.from({ length: 1 + below(8) }, () => below(400)))];
      const points = days.map((number) => ({ milestoneDate: day(number), targetValue: below(4) ? below(4000) - 2000 : 0 }));
      ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: points, interpolationMethod: ['linear', 'exponential', 'step'][below(3)] }));
      if (below(2)) created(await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate: day(below(200)), actualValue: below(3000) - 1500, adjustmentStrategy: 'none' }));
      for (let i = below(3); i > 0; i -= 1) {
        await client.post(`/kpis/${kpi.id}/adjust`, { strategy: 'maintain_final_goal', effectiveDate: day(below(400)), rationale: 'x' }); // where it can be
      }
      const at = below(3) ? below(450) : days[below(days.length)];
      created(await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate: day(at), actualValue: below(3000) - 1500, adjustmentStrategy: 'none' }));
      await link(client, goal, kpi);
    }
    const { kpis: items } = await summaryOf(client);
    assert.equal(items.length, 40);
    let judged = 0;
    for (const item of items) {
      const actuals = ok(await client.get(`/kpis/${item.kpiId}/actuals`)).data;
      const [{ expectedValue, status }] = item.goalLinks;
      const current = actuals.find(({ measurementDate }) => measurementDate === item.currentValueDate);
      assert.equal(expectedValue, current.expectedValue, `${item.name} on ${item.currentValueDate}`);
      judged += status !== 'no_data';
    }
    assert.ok(judged > 20);
  });

  test('filters, pages and sums', async () => {
    const client = newTenant();
    const goal = await client.goal();
    const cancelled = await client.goal();
    const make = async (name, fields) => addKpi(client, { name, ...fields });
    await make('a', { category: 'Sales', ownerId: 'ann', aggregationPeriod: 'monthly' });
    await make('b', { category: 'Sales', ownerId: 'bob' });
    await make('c', { ownerId: 'ann', aggregationPeriod: 'monthly' });
    const linked = await make('d', { category: 'People' });
    await link(client, goal, linked);
    const gone = await make('e', { category: 'People' });
    await link(client, cancelled, gone);
    ok(await client.post(`/goals/${cancelled.id}:close`, { finalStatus: 'cancelled', reason: 'x' }));
    await make('f', {});
    const names = async (query) => (await summaryOf(client, query)).kpis.map(({ name }) => name).join('');
    assert.equal(await names(''), 'abcd');
    assert.equal(await names('?includeInactive=true'), 'abcdef');
    assert.equal(await names('?status=inactive'), 'ef');
    assert.equal(await names('?status=active'), 'abcd');
    assert.equal(await names('?category=Sales'), 'ab');
    assert.equal(await names('?ownerId=ann'), 'ac');
    assert.equal(await names('?period=monthly&category=Sales'), 'a');
    assert.equal(await names('?progressStatus=on_track'), '');
    assert.equal(await names('?size=2&page=2'), 'cd');
    assert.equal(await names('?size=2&page=9'), '');
    assert.equal(await names('?limit=3&offset=1'), 'bcd');
    const { summary, metadata } = await summaryOf(client, '?includeInactive=true&size=1');
    assert.deepEqual([metadata.size, metadata.total], [1, 6]);
    assert.deepEqual([summary.totalMeasures, summary.totalActiveMeasures, summary.totalInactiveMeasures], [6, 4, 2]);
    assert.deepEqual(summary.byCategory.map(({ category, count }) => [category, count]), [['People', 2], ['Sales', 2], [null, 2]]);
    assert.deepEqual(summary.ownerBreakdown.map(({ ownerId, measureCount, onTrackCount }) => [ownerId, measureCount, onTrackCount]), [['ann', 2, 0], ['bob', 1, 0], [null, 3, 0]]);
    assert.deepEqual((await summaryOf(client)).summary.totalInactiveMeasures, 2);
    for (const [query, field] of [['?progressStatus=late', 'progressStatus'], ['?maxDataPoints=501', 'maxDataPoints'], ['?maxDataPoints=-1', 'maxDataPoints'],
      ['?period=hour', 'period'], ['?status=x', 'status'], ['?sort=name', 'sort'], ['?size=0', 'size']]) invalid(await client.get(`/kpis/summary${query}`), field);
    assert.deepEqual((await summaryOf(newTenant())).kpis, []);
    fails(await client.as({ features: ['goals'] }).get('/measures/summary'), 403, 'INSUFFICIENT_PERMISSIONS');
    fails(await client.put('/kpis/summary', {}), 405, 'METHOD_NOT_ALLOWED');
  });
});
