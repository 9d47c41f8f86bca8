// KPIs on goals: linking, thresholds, progress, the feed, and goals that vanish meanwhile.
import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { basePath, created, fails, instant, invalid, newTenant, ok, unknownId, uuidV7 } from './support/client.mjs';

let names = 0;
async function addKpi(client, fields = {}) {
  names += 1;
  return created(await client.post('/kpis', { name: `KPI ${names}`, direction: 'up', ...fields })).data;
}

const link = (client, goal, kpi, fields = {}) => client.post(`/goals/${goal.id}/kpis:link`, { kpi_id: kpi.id, threshold_pct: 80, ...fields });
const record = async (client, kpi, period, value, more) => assert.ok((await client.post(`/kpis/${kpi.id}/readings`, { period, value, ...more })).status < 300);
const read = async (client, goal) => {
  const answer = ok(await client.get(`/goals/${goal.id}`));
  assert.equal(answer.headers['x-degraded'], undefined);
  return answer.data;
};

// The feed follows events, so it may take a moment.
async function feed(client, goal, count) {
  for (let i = 0; i < 200; i += 1) {
    const entries = await client.activity(goal, '?type=system');
    if (entries.length >= count) return entries;
    await sleep(25);
  }
  throw new Error(`the feed has less than ${count} entries`);
}

describe('linking', () => {
  let client;
  before(() => { client = newTenant({ base: basePath }); });

  test('answers the GoalKPI, and the goal shows it at once', async () => {
    const goal = await client.goal();
    const kpi = await addKpi(client, { description: 'd', category: 'c', unit: '€', baselineValue: 100, targetValue: 200 });
    const answer = created(await link(client, goal, kpi, { threshold_pct: 12.5 }));
    const { id, createdAt, ...rest } = answer.data;
    assert.match(id, uuidV7);
    assert.match(createdAt, instant);
    assert.deepEqual(rest, {
      linkId: id, kpiId: kpi.id, measureId: kpi.id, thresholdPct: 12.5, riskThresholdPct: 12.5, linkedAt: createdAt,
      isPrimary: true, order: 1, strategyId: null, strategyTitle: null,
      goalId: goal.id, sharedKpiId: kpi.id, name: kpi.name, description: 'd', category: 'c', unit: '€', direction: 'up', threshold: 12.5,
      baselineValue: 100, currentValue: null, targetValue: 200, progress: 0, onTrack: false, updatedAt: createdAt, createdBy: 'user-1', updatedBy: 'user-1',
    });
    assert.equal(answer.headers.location, `${basePath}/goals/${goal.id}/kpis/${kpi.id}:link`);
    const shown = await read(client, goal);
    assert.deepEqual([shown.kpis, shown.progress], [[answer.data], 0]);
    for (const by of [kpi.id, id]) assert.deepEqual(ok(await client.get(`/goals/${goal.id}/kpis/${by}:link`)).data, answer.data);
    assert.deepEqual(ok(await client.get(`/goals/${goal.id}/kpis/${kpi.id}%3Alink`)).data, answer.data);
    await record(client, kpi, '2025-01', 150);
    assert.deepEqual([(await read(client, goal)).progress, (await read(client, goal)).kpis[0].currentValue], [50, 150]);
  });

  test('again changes the link and keeps what is not named', async () => {
    const goal = await client.goal();
    const kpi = await addKpi(client, { targetValue: 10 });
    const first = created(await link(client, goal, kpi, { baselineValue: -5, target_value: 20 })).data;
    const again = ok(await link(client, goal, kpi, { threshold_pct: 30 })).data;
    assert.deepEqual(again, { ...first, threshold: 30, thresholdPct: 30, riskThresholdPct: 30, updatedAt: again.updatedAt });
    const cleared = ok(await link(client, goal, kpi, { targetValue: null, baselineValue: 0 })).data;
    assert.deepEqual([cleared.id, cleared.targetValue, cleared.baselineValue], [first.id, 10, 0]);
    assert.equal((await read(client, goal)).kpis.length, 1);
  });

  test('20 at once make one link', async () => {
    const goal = await client.goal();
    const kpi = await addKpi(client);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => link(client, goal, kpi, { threshold_pct: i })));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    for (const answer of answers) if (answer.status !== 201) ok(answer);
    assert.equal(new Set(answers.map(({ data }) => data.id)).size, 1);
    assert.equal((await read(client, goal)).kpis.length, 1);
  });

  test('thresholds', async () => {
    const goal = await client.goal();
    const kpi = await addKpi(client);
    const { id } = created(await link(client, goal, kpi)).data;
    for (const by of [kpi.id, id]) {
      const changed = ok(await client.post(`/goals/${goal.id}/kpis/${by}:setThreshold`, { threshold_pct: 99.5 })).data;
      assert.deepEqual((await read(client, goal)).kpis, [changed]);
      assert.equal(changed.threshold, 99.5);
      for (const threshold of [-0.1, 100.1, '50', null, 'NaN']) {
        invalid(await client.post(`/goals/${goal.id}/kpis/${by}:setThreshold`, { thresholdPct: threshold }), 'thresholdPct');
        if (threshold !== null) invalid(await link(client, goal, kpi, { threshold_pct: threshold }), 'threshold_pct');
      }
    }
    for (const threshold of [0, 100]) ok(await client.post(`/goals/${goal.id}/kpis/${id}:setThreshold`, { thresholdPct: threshold }));
    invalid(await client.post(`/goals/${goal.id}/kpis:link`, {}), 'kpi_id');
    invalid(await client.post(`/goals/${goal.id}/kpis:link`, { kpi_id: 'x', threshold_pct: 1 }), 'kpi_id');
  });

  test('the threshold is 80 unless said otherwise, and stays when it is not named again', async () => {
    const goal = await client.goal();
    const kpi = await addKpi(client);
    const by = (body) => client.post(`/goals/${goal.id}/kpis:link`, { kpi_id: kpi.id, ...body });
    assert.equal(created(await by({})).data.threshold, 80);
    assert.equal(ok(await by({ thresholdPct: 30 })).data.threshold, 30);
    assert.equal(ok(await by({ targetValue: 1 })).data.threshold, 30);
    assert.equal(ok(await by({ threshold_pct: null })).data.threshold, 30);
  });

  test('percentages are rounded to two decimals, and compared so', async () => {
    const goal = await client.goal();
    const kpi = await addKpi(client, { baselineValue: 0, targetValue: 100 });
    created(await link(client, goal, kpi, { threshold_pct: 57 }));
    created(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-01', value: 57 }));
    const [shown] = (await read(client, goal)).kpis;
    assert.deepEqual([shown.progress, shown.onTrack], [57, true]);
    const third = await addKpi(client, { baselineValue: 0, targetValue: 3 });
    created(await link(client, goal, third, { threshold_pct: 33.34 }));
    created(await client.post(`/kpis/${third.id}/readings`, { period: '2025-01', value: 1 }));
    const whole = await read(client, goal);
    assert.deepEqual([whole.kpis[1].progress, whole.kpis[1].onTrack, whole.progress], [33.33, false, 45.17]);
    ok(await client.post(`/goals/${goal.id}/kpis/${third.id}:setThreshold`, { threshold_pct: 33.33 }));
    assert.equal((await read(client, goal)).kpis[1].onTrack, true);
  });

  test('unlinking, by either id', async () => {
    const goal = await client.goal();
    for (const own of [true, false]) {
      const kpi = await addKpi(client);
      const { id } = created(await link(client, goal, kpi)).data;
      fails(await client.del(`/kpis/${kpi.id}`), 409, 'DEPENDENCY_EXISTS');
      assert.deepEqual(ok(await client.post(`/goals/${goal.id}/kpis:unlink`, { kpi_id: own ? id : kpi.id })).data, {
        goalId: goal.id, sharedKpiId: kpi.id, unlinkedKpiId: kpi.id, unlinkedMeasureId: kpi.id, newPrimaryKpiId: null, newPrimaryMeasureId: null, remainingKpiCount: 0, remainingMeasureCount: 0,
      });
      fails(await client.post(`/goals/${goal.id}/kpis:unlink`, { kpi_id: kpi.id }), 404, 'KPI_LINK_NOT_FOUND');
      assert.deepEqual((await read(client, goal)).kpis, []);
      ok(await client.del(`/kpis/${kpi.id}`));
    }
  });

  test('what is not there is told in order: goal, KPI, link', async () => {
    const goal = await client.goal();
    const stranger = newTenant();
    const [kpi, foreign] = [await addKpi(client), await addKpi(stranger)];
    const foreignGoal = await stranger.goal();
    const asks = (g, k) => [
      ['POST', `/goals/${g}/kpis:link`, { kpi_id: k, threshold_pct: 1 }], ['POST', `/goals/${g}/kpis:unlink`, { kpi_id: k }],
      ['POST', `/goals/${g}/kpis/${k}:setThreshold`, { threshold_pct: 1 }], ['GET', `/goals/${g}/kpis/${k}:link`],
    ];
    for (const g of [unknownId(), foreignGoal.id, 'no-id']) {
      for (const ask of [...asks(g, unknownId()), ...asks(g, kpi.id)]) fails(await client.request(...ask), 404, 'GOAL_NOT_FOUND');
    }
    for (const k of [unknownId(), foreign.id]) for (const ask of asks(goal.id, k)) fails(await client.request(...ask), 404, 'KPI_NOT_FOUND');
    for (const ask of asks(goal.id, kpi.id).slice(1)) fails(await client.request(...ask), 404, 'KPI_LINK_NOT_FOUND');
    fails(await client.get(`/goals/${goal.id}/kpis/no-id:link`), 404, 'KPI_NOT_FOUND');
    assert.deepEqual((await read(client, goal)).kpis, []);
  });

  test('a goal has at most 100, exactly, in a fixed order', async () => {
    const goal = await client.goal();
    const kpis = await Promise.all(Array.from({ length: 105 }, () => addKpi(client)));
    const answers = await Promise.all(kpis.map((kpi) => link(client, goal, kpi)));
    assert.equal(answers.filter(({ status }) => status === 201).length, 100);
    for (const answer of answers) if (answer.status !== 201) invalid(answer, 'goalId');
    const shown = (await read(client, goal)).kpis;
    assert.equal(shown.length, 100);
    assert.deepEqual((await read(client, goal)).kpis, shown);
    ok(await link(client, goal, { id: shown[0].sharedKpiId }));
  });

  test('versions: a reading or a new target changes the goal\'s ETag', async () => {
    const goal = await client.goal();
    const kpi = await addKpi(client, { targetValue: 10 });
    const tags = new Set();
    const look = async () => tags.add(ok(await client.get(`/goals/${goal.id}`)).headers.etag);
    await look();
    created(await link(client, goal, kpi));
    await look();
    await record(client, kpi, '2025-01', 0);
    await look();
    ok(await client.put(`/kpis/${kpi.id}`, { targetValue: 20 }));
    await look();
    assert.equal(tags.size, 4);
    assert.ok(ok(await client.get(`/goals/${goal.id}/kpis/${kpi.id}:link`)).headers.etag);
  });
});

describe('progress', () => {
  const client = newTenant();

  // Written from the rule, not from the code: where on the way from baseline to target.
  function expected({ direction, baseline, target, readings }) {
    const counting = readings.map(([period, value, adjusted]) => [period, adjusted ?? value]).sort();
    const current = counting.at(-1)?.[1];
    const from = baseline ?? counting[0]?.[1];
    if (current === undefined || target === null) return 0;
    if (target === from) return (direction === 'up' ? current >= target : current <= target) ? 100 : 0;
    return Math.min(100, Math.max(0, ((current - from) / (target - from)) * 100));
  }

  let seed = 7;
  const random = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor((seed / 2147483648) * n); };
  const value = () => (random(2001) - 1000) / [1, 4, 10, 1000][random(4)];

  test('of 60 random courses on 20 goals, and their means', async () => {
    const goals = await Promise.all(Array.from({ length: 20 }, (_, i) => client.goal({ title: `p${i}` })));
    const means = [];
    for (const goal of goals) {
      const courses = Array.from({ length: random(4) }, () => {
        const baseline = random(3) ? value() : null;
        const target = random(4) ? (random(6) || baseline === null ? value() : baseline) : null;
        const readings = Array.from({ length: random(4) }, (_, m) => [`2025-0${m + 1}`, value(), random(3) ? null : value()]);
        return { direction: random(2) ? 'up' : 'down', baseline, target, readings };
      });
      for (const course of courses) {
        const own = random(2); // baseline and target are the link's own, or the KPI's
        const ends = { baselineValue: course.baseline, targetValue: course.target };
        const kpi = await addKpi(client, { direction: course.direction, ...(own ? { targetValue: course.target === null ? null : 3 } : ends) });
        created(await link(client, goal, kpi, { threshold_pct: 50, ...(own ? ends : {}) }));
        for (const [period, v, adjusted] of [...course.readings].reverse()) await record(client, kpi, period, v, { adjustedValue: adjusted });
      }
      const shown = await read(client, goal);
      courses.forEach((course, i) => {
        assert.ok(Math.abs(shown.kpis[i].progress - expected(course)) < 0.005 + 1e-9, JSON.stringify([course, shown.kpis[i]]));
        assert.equal(shown.kpis[i].onTrack, shown.kpis[i].progress >= 50);
      });
      const counted = courses.filter(({ target }) => target !== null).map(expected);
      const mean = counted.length ? counted.reduce((a, b) => a + b, 0) / counted.length : 0;
      assert.ok(Math.abs(shown.progress - mean) < 0.01 + 1e-9, JSON.stringify([courses, shown.progress]));
      means.push([goal.id, shown.progress, shown.kpis]);
    }
    const page = ok(await client.get('/goals?size=20&sort=createdAt')).data;
    for (const [id, progress, kpis] of means) {
      const listed = page.find((goal) => goal.id === id);
      assert.deepEqual([listed.progress, listed.kpis], [progress, kpis]);
    }
  });

  test('100 once completed, whatever the KPIs say; every verb answers with KPIs', async () => {
    const goal = await client.goal({ status: 'active' });
    const kpi = await addKpi(client, { baselineValue: 0, targetValue: 4 });
    created(await link(client, goal, kpi));
    await record(client, kpi, '2025-01', 1);
    const look = ({ data }) => [data.progress, data.kpis.length];
    assert.deepEqual(look(ok(await client.put(`/goals/${goal.id}`, { intent: 'x' }))), [25, 1]);
    assert.deepEqual(look(ok(await client.post(`/goals/${goal.id}:pause`))), [25, 1]);
    assert.deepEqual(look(ok(await client.post(`/goals/${goal.id}:activate`))), [25, 1]);
    assert.deepEqual(look(ok(await client.post(`/goals/${goal.id}:close`, { finalStatus: 'completed' }))), [100, 1]);
    assert.equal((await read(client, goal)).progress, 100);
  });
});

describe('the feed', () => {
  test('each reading makes one entry in every linked goal', async () => {
    const client = newTenant();
    const [one, two, none] = [await client.goal(), await client.goal(), await client.goal()];
    const kpi = await addKpi(client, { name: 'Umsatz', unit: 'EUR' });
    created(await link(client, one, kpi));
    created(await link(client, two, kpi));
    await record(client, kpi, '2025-01', 42.5, { reason: 'late' });
    await record(client.as({ user: 'user-2', name: 'Bob Two' }), kpi, '2025-01', 40, { adjustedValue: 41 });
    for (const goal of [one, two]) {
      const entries = await feed(client, goal, 2);
      assert.equal(entries.length, 2);
      assert.deepEqual(entries.map(({ type, text, userId }) => [type, text, userId]), [
        ['system', 'Umsatz: 41 EUR in 2025-01 (measured: 40 EUR)', 'user-2'], ['system', 'Umsatz: 42.5 EUR in 2025-01. late', 'user-1'],
      ]);
      assert.equal(entries[1].metadata.kpiId, kpi.id);
    }
    ok(await client.post(`/goals/${two.id}/kpis:unlink`, { kpi_id: kpi.id }));
    await record(client, kpi, '2025-02', 43);
    assert.equal((await feed(client, one, 3)).length, 3);
    assert.equal((await client.activity(two)).length, 2);
    assert.equal((await client.activity(none)).length, 0);
  });

  test('100 readings at once: 100 entries', async () => {
    const client = newTenant();
    const goal = await client.goal();
    const kpi = await addKpi(client);
    created(await link(client, goal, kpi));
    await Promise.all(Array.from({ length: 100 }, (_, i) => record(client, kpi, `20${10 + Math.floor(i / 12)}-${String(1 + (i % 12)).padStart(2, '0')}`, i)));
    for (let i = 0; i < 200; i += 1) {
      const { total } = ok(await client.get(`/goals/${goal.id}/activity?size=1`)).pagination;
      assert.ok(total <= 100);
      if (total === 100) return;
      await sleep(25);
    }
    assert.fail('entries are missing');
  });
});

describe('deleted goals', () => {
  test('their links go, and their KPIs can be deleted at once', async () => {
    const client = newTenant();
    const [goal, kept] = [await client.goal(), await client.goal()];
    const [kpi, both] = [await addKpi(client), await addKpi(client)];
    for (const [g, k] of [[goal, kpi], [goal, both], [kept, both]]) created(await link(client, g, k));
    ok(await client.del(`/goals/${goal.id}`));
    ok(await client.del(`/kpis/${kpi.id}`));
    fails(await client.del(`/kpis/${both.id}`), 409, 'DEPENDENCY_EXISTS');
    fails(await link(client, goal, both), 404, 'GOAL_NOT_FOUND');
    fails(await client.get(`/goals/${goal.id}/kpis/${both.id}:link`), 404, 'GOAL_NOT_FOUND');
    assert.equal((await read(client, kept)).kpis.length, 1);
  });

  test('while links are made: none is left dangling', async () => {
    const client = newTenant();
    const kpis = await Promise.all(Array.from({ length: 10 }, () => addKpi(client)));
    for (let round = 0; round < 10; round += 1) {
      const goal = await client.goal();
      const links = kpis.map(async (kpi, i) => { await sleep(i % 4); return link(client, goal, kpi); });
      const gone = sleep(round % 5).then(() => client.del(`/goals/${goal.id}`));
      for (const answer of await Promise.all(links)) if (answer.status !== 201) fails(answer, 404, 'GOAL_NOT_FOUND');
      ok(await gone);
    }
    for (const kpi of kpis) ok(await client.del(`/kpis/${kpi.id}`));
  });
});
