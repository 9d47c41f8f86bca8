// What KPIs were on some days: recorded at all addresses, in the readings, feeds, figures and streams.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { created, fails, instant, invalid, newTenant, ok, unknownId, uuidV7 } from './support/client.mjs';

let names = 0;
const addKpi = async (client, fields = {}) => created(await client.post('/kpis', {
  name: `Revenue ${names += 1}`, unit: 'EUR', direction: 'up', baselineValue: 45000, baselineDate: '2024-12-31', ...fields,
})).data;
const quarters = [
  { milestoneDate: '2025-03-31', targetValue: 50000 }, { milestoneDate: '2025-06-30', targetValue: 75000 },
  { milestoneDate: '2025-09-30', targetValue: 90000 }, { milestoneDate: '2025-12-31', targetValue: 100000 },
];
const planned = async (client) => {
  const kpi = await addKpi(client);
  ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: quarters }));
  return kpi;
};
async function eventually(wanted, milliseconds = 5000) {
  for (const deadline = Date.now() + milliseconds; ;) {
    const value = await wanted();
    if (value || Date.now() > deadline) return value;
    await sleep(20);
  }
}

describe('a measurement', () => {
  test('is judged by the plan', async () => {
    const client = newTenant();
    const kpi = await planned(client);
    const figures = ({ expectedValue, variance, variancePercentage, replanThresholdExceeded, triggersReplan }) =>
      [expectedValue, variance, variancePercentage, replanThresholdExceeded, triggersReplan];
    const rows = [
      ['2025-01-31', 45000, [46722.2222, -1722.2222, -3.69, false, false]], ['2025-02-28', 42000, [48277.7778, -6277.7778, -13, true, false]],
      ['2025-03-31', 44000, [50000, -6000, -12, true, true]],
    ];
    for (const [measurementDate, actualValue, expected] of rows) {
      const answer = created(await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate, actualValue, source: 'manual' }));
      const { actual, computedVariance, adjustment, suggestions, ...own } = answer.data;
      assert.deepEqual(own, actual);
      assert.deepEqual(figures(actual), expected);
      assert.deepEqual(computedVariance, { expectedValue: expected[0], variance: expected[1], variancePercentage: expected[2] });
      assert.equal(adjustment, null);
      assert.ok(Array.isArray(suggestions));
      assert.deepEqual(ok(await client.get(answer.headers.location)).data, actual);
    }
    const { data: actuals, pagination } = ok(await client.get(`/kpis/${kpi.id}/actuals`));
    assert.equal(pagination.total, 3);
    assert.deepEqual(actuals.map(figures).reverse(), rows.map(([, , expected]) => expected));
    const [first] = actuals;
    assert.match(first.id, uuidV7);
    assert.match(first.createdAt, instant);
    assert.deepEqual(first, {
      id: first.id, kpiId: kpi.id, measureId: kpi.id, measurementDate: '2025-03-31', postDate: '2025-03-31T00:00:00.000Z', actualValue: 44000, postValue: 44000,
      actualSubtype: 'Measured', dataCategory: 'Actual', source: 'manual', dataSource: 'manual', dataSourceName: null, sourceId: null, sourceReferenceId: null,
      rationale: null, periodStartDate: null, isManualOverride: false, originalValue: null, overrideComment: null, expectedValue: 50000, variance: -6000,
      variancePercentage: -12, isFavourable: false, replanThresholdExceeded: true, triggersReplan: true, autoAdjustmentApplied: false,
      performanceStatus: 'at_risk', recordedBy: first.createdBy, recordedAt: first.createdAt, createdAt: first.createdAt, updatedAt: first.updatedAt,
      createdBy: first.createdBy, updatedBy: first.createdBy,
    });
    const reached = ok(await client.get(`/kpis/${kpi.id}/milestones`)).data.map(({ status }) => status);
    assert.deepEqual(reached, ['missed', 'missed', 'missed', 'missed']);
  });

  test('is the same at all addresses, in the words of each', async () => {
    const client = newTenant();
    const goal = await client.goal();
    const kpi = await planned(client);
    const link = created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id })).data;
    const places = [`/kpis/${kpi.id}`, `/shared-kpis/${kpi.id}`, `/kpi-planning/kpis/${kpi.id}`, `/measures/${kpi.id}`,
      `/measure-planning/measures/${kpi.id}`, `/kpi-links/${link.id}`, `/measure-links/${link.id}`];
    for (const [i, place] of places.entries()) {
      const made = created(await client.post(`/api${place}/actuals`, { postDate: `2025-01-0${i + 1}`, postValue: 45000 + i, actualSubtype: 'Measured' }));
      assert.equal(made.headers.location, `/api${place}/actuals/${made.data.id}`);
      const one = `${place}/actuals/${made.data.id}`;
      assert.deepEqual(ok(await client.get(one)).data, made.data.actual);
      const over = ok(await client.put(`${one}/override`, { newValue: i, overrideComment: 'c' })).data;
      assert.deepEqual([over.actualValue, over.originalValue, over.isManualOverride, over.overrideComment], [i, 45000 + i, true, 'c']);
      assert.equal(ok(await client.post(`${one}/replan-trigger`, { thresholdExceeded: true })).data.triggersReplan, true);
      const list = ok(await client.get(`${place}/actuals`)).data;
      if (i < 3) {
        assert.deepEqual(list.map(({ id }) => id), [made.data.id]);
      } else {
        const { actuals, ...rest } = list;
        assert.deepEqual(rest, { kpiId: kpi.id, measureId: kpi.id, totalCount: 1 });
        assert.deepEqual(actuals, [ok(await client.get(one)).data]);
      }
      const gone = ok(await client.del(one)).data;
      assert.deepEqual(Object.keys(gone), ['id', 'deletedAt']);
      fails(await client.get(one), 404, 'KPI_ACTUAL_NOT_FOUND');
      fails(await client.get(`${place.replace(/[^/]+$/, unknownId())}/actuals`), 404, place.includes('links') ? 'KPI_LINK_NOT_FOUND' : 'KPI_NOT_FOUND');
    }
    fails(await client.put(`/measures/${kpi.id}/actuals`, {}), 405, 'METHOD_NOT_ALLOWED');
  });

  test('may be sent back whole, and is refused where it is none', async () => {
    const client = newTenant();
    const kpi = await addKpi(client);
    const made = created(await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate: '2025-02-01', actualValue: 1, dataSource: 'Import', rationale: 'x' })).data;
    const again = ok(await client.post(`/measures/${kpi.id}/actuals`, { ...made.actual, postValue: 1 })).data;
    assert.deepEqual([again.id, again.source, again.rationale], [made.id, 'integration', 'x']);
    const later = new Date(Date.now() + 2 * 86400000).toISOString().slice(0, 10);
    for (const [body, field] of [
      [{ actualValue: 1 }, 'measurementDate'], [{ measurementDate: '2025-01-01' }, 'actualValue'], [{ measurementDate: later, actualValue: 1 }, 'measurementDate'],
      [{ measurementDate: '1900-01-01', actualValue: 1 }, 'measurementDate'], [{ measurementDate: '2025-01-01', actualValue: 'NaN' }, 'actualValue'],
      [{ measurementDate: '2025-01-01', actualValue: 1, actualSubtype: 'Maybe' }, 'actualSubtype'],
      [{ measurementDate: '2025-01-01', actualValue: 1, notes: 'x'.repeat(2001) }, 'notes'],
    ]) invalid(await client.post(`/kpis/${kpi.id}/actuals`, body), field);
    assert.equal(ok(await client.get(`/kpis/${kpi.id}/actuals`)).pagination.total, 1);
    invalid(await client.get(`/kpis/${kpi.id}/actuals?startDate=x`), 'startDate');
    invalid(await client.get(`/kpis/${kpi.id}/actuals?sort=day`), 'sort');
    assert.equal(ok(await client.get(`/kpis/${kpi.id}/actuals?limit=501`)).pagination.size, 500);
  });

  test('belongs to its tenant, and viewers only read it', async () => {
    const client = newTenant();
    const kpi = await addKpi(client);
    const { id } = created(await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate: '2025-02-01', actualValue: 1 })).data;
    const viewer = client.as({ roles: ['viewer'] });
    assert.equal(ok(await viewer.get(`/kpis/${kpi.id}/actuals/${id}`)).data.actualValue, 1);
    for (const answer of [
      await viewer.post(`/kpis/${kpi.id}/actuals`, { measurementDate: '2025-02-01', actualValue: 1 }), await viewer.del(`/kpis/${kpi.id}/actuals/${id}`),
      await viewer.put(`/kpis/${kpi.id}/actuals/${id}/override`, { newValue: 1, overrideComment: 'c' }), await viewer.put(`/kpis/${kpi.id}/value`, { value: 1 }),
      await viewer.post(`/kpis/${kpi.id}/actuals/${id}/replan-trigger`, { thresholdExceeded: true }),
    ]) fails(answer, 403, 'INSUFFICIENT_PERMISSIONS');
    const stranger = newTenant();
    fails(await stranger.get(`/kpis/${kpi.id}/actuals/${id}`), 404, 'KPI_NOT_FOUND');
    const own = await addKpi(stranger);
    fails(await stranger.get(`/kpis/${own.id}/actuals/${id}`), 404, 'KPI_ACTUAL_NOT_FOUND');
    fails(await stranger.del(`/kpis/${own.id}/actuals/${id}`), 404, 'KPI_ACTUAL_NOT_FOUND');
  });

  test('keys and versions hold', async () => {
    const client = newTenant();
    const kpi = await addKpi(client);
    const headers = { 'Idempotency-Key': unknownId() };
    const body = { measurementDate: '2025-02-01', actualValue: 1 };
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.post(`/kpis/${kpi.id}/actuals`, body, { headers })));
    const done = answers.filter(({ status }) => status === 201);
    assert.ok(done.length > 0);
    for (const answer of answers) if (answer.status !== 201) fails(answer, 409, 'CONFLICT');
    assert.equal(new Set(done.map(({ data }) => data.id)).size, 1);
    const again = created(await client.post(`/measures/${kpi.id}/actuals`, body, { headers }));
    assert.deepEqual(again.data, done[0].data);
    const read = ok(await client.get(`/kpis/${kpi.id}/actuals/${again.data.id}`));
    assert.match(read.headers.etag, /^"1-/);
    const condition = { headers: { 'If-Match': read.headers.etag } };
    const place = `/kpis/${kpi.id}/actuals/${again.data.id}`;
    ok(await client.put(`${place}/override`, { newValue: 2, overrideComment: 'c' }, condition));
    fails(await client.put(`${place}/override`, { newValue: 3, overrideComment: 'c' }, condition), 412, 'PRECONDITION_FAILED');
    fails(await client.del(place, condition), 412, 'PRECONDITION_FAILED');
    assert.equal(ok(await client.get(place)).data.actualValue, 2);
  });
});

describe('measurements and readings', () => {
  test('the one that counts is the reading, in progress, feeds and figures', async () => {
    const client = newTenant();
    const goal = await client.goal();
    ok(await client.post(`/goals/${goal.id}:activate`));
    const kpi = await addKpi(client, { baselineValue: 0, targetValue: 100 });
    created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id }));
    const progress = async () => ok(await client.get(`/goals/${goal.id}`)).data.progress;
    const told = async () => ok(await client.get(`/goals/${goal.id}/activity`)).data.map(({ text }) => text);
    const estimate = created(await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate: '2025-01-31', actualValue: 10, actualSubtype: 'Estimate' })).data;
    assert.equal(await progress(), 10);
    assert.deepEqual(await told(), [`${kpi.name}: 10 EUR in 2025-01`]);
    const measured = created(await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate: '2025-01-30', actualValue: 20 })).data;
    assert.equal(await progress(), 20);
    ok(await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate: '2025-01-31', actualValue: 11, actualSubtype: 'Estimate' }));
    assert.equal(await progress(), 20);
    ok(await client.put(`/kpis/${kpi.id}/actuals/${measured.id}/override`, { newValue: 40, overrideComment: 'late' }));
    assert.equal(await progress(), 40);
    assert.equal((await told())[0], `${kpi.name}: 40 EUR in 2025-01 (measured: 20 EUR). late`);
    const [reading] = ok(await client.get(`/kpis/${kpi.id}/readings`)).data;
    assert.deepEqual([reading.period, reading.value, reading.adjustedValue, reading.reason, reading.source], ['2025-01', 20, 40, 'late', 'manual']);
    const average = (wanted) => eventually(async () => ok(await client.get('/goals/stats')).data.averageProgress === wanted);
    assert.ok(await average(40));
    ok(await client.del(`/kpis/${kpi.id}/actuals/${measured.id}`));
    assert.equal(await progress(), 11);
    assert.equal((await told())[0], `${kpi.name}: 11 EUR in 2025-01`);
    assert.ok(await average(11));
    ok(await client.del(`/kpis/${kpi.id}/actuals/${estimate.id}`));
    assert.equal(await progress(), 0);
    assert.deepEqual(ok(await client.get(`/kpis/${kpi.id}/readings`)).data, []);
    assert.ok(await average(0));
    assert.equal((await told()).length, 4);
  });

  test('the end of the plan is the target of who has no other', async () => {
    const client = newTenant();
    const goal = await client.goal();
    ok(await client.post(`/goals/${goal.id}:activate`));
    const kpi = await planned(client);
    const link = created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id })).data;
    assert.deepEqual([link.targetValue, link.progress], [100000, 0]);
    const shown = async () => {
      const [one] = ok(await client.get(`/goals/${goal.id}`)).data.kpis;
      return [one.targetValue, one.progress, one.onTrack];
    };
    const average = (wanted) => eventually(async () => ok(await client.get('/goals/stats')).data.averageProgress === wanted);
    created(await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate: '2025-03-31', actualValue: 89000 }));
    assert.deepEqual(await shown(), [100000, 80, true]);
    assert.ok(await average(80));
    ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: [{ milestoneDate: '2026-12-31', targetValue: 133000 }] }));
    assert.deepEqual(await shown(), [133000, 50, false]);
    assert.ok(await average(50));
    ok(await client.put(`/kpis/${kpi.id}`, { targetValue: 67000 }));
    assert.deepEqual(await shown(), [67000, 100, true]);
    assert.ok(await average(100));
    ok(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id, targetValue: 133000 }));
    assert.deepEqual(await shown(), [133000, 50, false]);
    ok(await client.put(`/kpis/${kpi.id}`, { targetValue: null }));
    ok(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id, targetValue: null }));
    ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: [], replaceAll: true }));
    assert.deepEqual(await shown(), [null, 0, false]);
    assert.ok(await average(0));
  });

  test('a value of the KPI is one', async () => {
    const client = newTenant();
    const kpi = await addKpi(client, { currentValue: 7, currentValueDate: '2025-01-15' });
    const [first] = ok(await client.get(`/kpis/${kpi.id}/actuals`)).data;
    assert.deepEqual([first.measurementDate, first.actualValue, first.actualSubtype], ['2025-01-15', 7, 'Measured']);
    const set = ok(await client.put(`/measures/${kpi.id}/value`, { value: 9, recordedAt: '2025-02-01T10:00:00Z', notes: 'n' })).data;
    assert.match(set.updatedAt, instant);
    assert.deepEqual(set, { id: kpi.id, currentValue: 9, currentValueDate: '2025-02-01', updatedAt: set.updatedAt });
    assert.equal(ok(await client.get(`/kpis/${kpi.id}`)).data.currentValue, 9);
    fails(await client.put(`/kpis/${unknownId()}/value`, { value: 9 }), 404, 'KPI_NOT_FOUND');
  });

  test('recorded at once, all are there, and one counts', async () => {
    const client = newTenant();
    const kpi = await planned(client);
    const days = Array.from({ length: 20 }, (_, i) => `2025-04-${String(i + 1).padStart(2, '0')}`);
    const changes = Array.from({ length: 10 }, (_, i) => client.put(`/kpis/${kpi.id}/milestones`, { milestones: [{ milestoneDate: '2025-06-30', targetValue: 75000 + i }] }));
    const recorded = days.map((measurementDate, i) => client.post(`/kpis/${kpi.id}/actuals`, { measurementDate, actualValue: i }));
    const posted = Array.from({ length: 5 }, (_, i) => client.post(`/kpis/${kpi.id}/readings`, { period: '2025-04', value: 100 + i }));
    for (const answer of await Promise.all([...changes, ...recorded, ...posted])) assert.ok(answer.status < 300, JSON.stringify(answer.data));
    const actuals = ok(await client.get(`/kpis/${kpi.id}/actuals`)).data;
    assert.equal(actuals.length, days.length + 1);
    const [reading] = ok(await client.get(`/kpis/${kpi.id}/readings`)).data;
    const counting = actuals.reduce((newest, one) => (one.updatedAt > newest.updatedAt ? one : newest));
    assert.ok(actuals.some(({ actualValue }) => actualValue === reading.value));
    assert.ok(actuals.filter(({ updatedAt }) => updatedAt === counting.updatedAt).some(({ actualValue }) => actualValue === reading.value));
    const [, half] = ok(await client.get(`/kpis/${kpi.id}/milestones`)).data;
    const last = actuals.find(({ measurementDate }) => measurementDate === '2025-04-20');
    assert.equal(last.expectedValue, Math.round((50000 + (half.targetValue - 50000) * 20 / 91) * 10000) / 10000);
  });
});

describe('the series of a chart', () => {
  test('has targets, measurements and what is expected', async () => {
    const client = newTenant();
    const goal = await client.goal();
    const kpi = await addKpi(client, { aggregationPeriod: 'monthly' });
    const link = created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id })).data;
    const empty = ok(await client.get(`/kpis/${kpi.id}/all-series`)).data;
    assert.deepEqual(empty, {
      kpiId: kpi.id, measureId: kpi.id, kpi: { id: kpi.id, name: kpi.name, unit: 'EUR', direction: 'up', aggregationPeriod: 'monthly', aggregationPeriodCount: 1 },
      targets: [], targetSeries: { expected: [], optimal: [], minimal: [] }, actuals: [], latestActual: null, interpolatedExpected: [], totalTargets: 0, totalActuals: 0,
      summary: { latestActualValue: null, latestActualDate: null, currentExpectedValue: null, currentVariance: null, currentVariancePercentage: null, status: null },
    });
    ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: [{ ...quarters[0], label: 'Q1', optimalValue: 52000, minimalValue: 48000 }, ...quarters.slice(1)] }));
    for (const [measurementDate, actualValue] of [['2025-01-31', 45000], ['2025-02-28', 42000], ['2025-03-31', 44000]]) {
      created(await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate, actualValue }));
    }
    const series = ok(await client.get(`/kpis/${kpi.id}/all-series`)).data;
    assert.deepEqual(series.targets, ok(await client.get(`/kpis/${kpi.id}/targets`)).data);
    assert.deepEqual(series.actuals, ok(await client.get(`/kpis/${kpi.id}/actuals`)).data);
    assert.deepEqual(series.latestActual, series.actuals[0]);
    assert.deepEqual(series.targetSeries, {
      expected: [{ date: '2025-03-31', value: 50000, label: 'Q1' }, { date: '2025-06-30', value: 75000 }, { date: '2025-09-30', value: 90000 }, { date: '2025-12-31', value: 100000 }],
      optimal: [{ date: '2025-03-31', value: 52000, label: 'Q1' }], minimal: [{ date: '2025-03-31', value: 48000, label: 'Q1' }],
    });
    assert.equal(series.interpolatedExpected.length, 12);
    assert.deepEqual(series.interpolatedExpected.slice(0, 5).map(({ date, value }) => [date, value]),
      [['2025-01-31', 46722.2222], ['2025-02-28', 48277.7778], ['2025-03-31', 50000], ['2025-04-30', 58241.7582], ['2025-05-31', 66758.2418]]);
    assert.deepEqual([series.totalTargets, series.totalActuals], [4, 3]);
    assert.deepEqual(series.summary, {
      latestActualValue: 44000, latestActualDate: '2025-03-31', currentExpectedValue: 50000, currentVariance: -6000, currentVariancePercentage: -12, status: 'at_risk',
    });
    const part = ok(await client.get(`/kpis/${kpi.id}/all-series?startDate=2025-02-01&endDate=2025-06-30`)).data;
    assert.deepEqual([part.totalTargets, part.totalActuals, part.targets.length, part.interpolatedExpected.length], [2, 2, 2, 5]);
    assert.deepEqual(part.actuals, series.actuals.slice(0, 2));
    invalid(await client.get(`/kpis/${kpi.id}/all-series?startDate=2025-02-01&endDate=2025-01-30`), 'endDate');
    for (const place of ['/shared-kpis/K', '/kpi-planning/kpis/K', '/measures/K', '/measure-planning/measures/K', '/kpi-links/L', '/measure-links/L']) {
      const at = place.replace('K', kpi.id).replace('L', link.id);
      for (const word of ['all-series', 'planning']) assert.deepEqual(ok(await client.get(`${at}/${word}`)).data, series, at);
    }
    fails(await client.get(`/kpis/${unknownId()}/planning`), 404, 'KPI_NOT_FOUND');
  });
});
