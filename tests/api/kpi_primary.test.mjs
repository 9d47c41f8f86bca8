// A goal's primary KPI, and the strategy that a link names.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { created, fails, instant, invalid, newTenant, ok, unknownId } from './support/client.mjs';

let names = 0;
const addKpi = async (client) => created(await client.post('/kpis', { name: `KPI ${names += 1}`, direction: 'up' })).data;
const link = (client, goal, kpi, fields = {}) => client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id, ...fields });
const unlink = (client, goal, kpi, fields = {}) => client.post(`/goals/${goal.id}/kpis:unlink`, { kpi_id: kpi.id, ...fields });
const setPrimary = (client, goal, kpi) => client.put(`/goals/${goal.id}/kpis/${kpi.id}:setPrimary`, {});
const shown = async (client, goal) => ok(await client.get(`/goals/${goal.id}`)).data.kpis;

// The one that is, by the goal; fails when there is not exactly one.
async function primaryOf(client, goal) {
  const links = await shown(client, goal);
  assert.deepEqual(links.map(({ order }) => order), links.map((_, i) => i + 1));
  const primary = links.filter(({ isPrimary }) => isPrimary);
  assert.equal(primary.length, links.length ? 1 : 0, JSON.stringify(links));
  return primary[0]?.sharedKpiId;
}

async function becomes(look, wanted) {
  for (let i = 0; i < 200; i += 1) {
    if (JSON.stringify(await look()) === JSON.stringify(wanted)) return;
    await sleep(25);
  }
  assert.deepEqual(await look(), wanted);
}

async function goalWith(client, count) {
  const goal = await client.goal();
  const kpis = [];
  for (let i = 0; i < count; i += 1) {
    kpis.push(await addKpi(client));
    created(await link(client, goal, kpis[i]));
  }
  return [goal, ...kpis];
}

describe('the primary KPI', () => {
  const client = newTenant();

  test('is the first, or the one that is named; unlinking leaves one', async () => {
    const goal = await client.goal();
    const [first, second] = [await addKpi(client), await addKpi(client)];
    const one = created(await link(client, goal, first)).data;
    assert.deepEqual([one.isPrimary, one.order, one.threshold, one.riskThresholdPct], [true, 1, 80, 50]);
    const two = created(await link(client, goal, second)).data;
    assert.deepEqual([two.isPrimary, two.order], [false, 2]);
    const before = ok(await client.get(`/goals/${goal.id}`)).data.progress;
    const moved = ok(await setPrimary(client, goal, second)).data;
    assert.match(moved.updatedAt, instant);
    assert.deepEqual(moved, {
      goalId: goal.id, previousPrimaryKpiId: first.id, previousPrimaryMeasureId: first.id, newPrimaryKpiId: second.id, newPrimaryMeasureId: second.id, updatedAt: moved.updatedAt,
    });
    assert.equal(await primaryOf(client, goal), second.id);
    assert.equal(ok(await client.get(`/goals/${goal.id}`)).data.progress, before);
    assert.deepEqual(ok(await unlink(client, goal, second)).data, {
      goalId: goal.id, sharedKpiId: second.id, unlinkedKpiId: second.id, unlinkedMeasureId: second.id,
      newPrimaryKpiId: first.id, newPrimaryMeasureId: first.id, remainingKpiCount: 1, remainingMeasureCount: 1,
    });
    assert.equal(await primaryOf(client, goal), first.id);
    ok(await client.request('PUT', `/goals/${goal.id}/kpis/${first.id}:setPrimary`)); // its body says nothing
    fails(await setPrimary(client, goal, second), 404, 'KPI_LINK_NOT_FOUND');
    fails(await setPrimary(client, goal, { id: unknownId() }), 404, 'KPI_NOT_FOUND');
    fails(await setPrimary(client, { id: unknownId() }, first), 404, 'GOAL_NOT_FOUND');
    fails(await setPrimary(newTenant(), goal, first), 404, 'GOAL_NOT_FOUND');
    fails(await setPrimary(client.as({ role: 'viewer' }), goal, first), 403, 'INSUFFICIENT_PERMISSIONS');
  });

  test('linking may name it; false takes it from none', async () => {
    const [goal, first, second] = await goalWith(client, 2);
    const third = await addKpi(client);
    const linked = created(await link(client, goal, third, { isPrimary: true })).data;
    assert.deepEqual([linked.isPrimary, linked.order], [true, 3]);
    assert.equal(await primaryOf(client, goal), third.id);
    const again = ok(await link(client, goal, second, { is_primary: true })).data;
    assert.deepEqual([again.isPrimary, again.order], [true, 2]);
    assert.equal(await primaryOf(client, goal), second.id);
    ok(await link(client, goal, second, { isPrimary: false }));
    ok(await link(client, goal, first, { isPrimary: false, measureId: first.id }));
    assert.equal(await primaryOf(client, goal), second.id);
    invalid(await link(client, goal, first, { isPrimary: 'yes' }), 'isPrimary');
    invalid(await link(client, goal, first, { measureId: second.id }), 'measureId');
  });

  test('at the address of measures, with a successor', async () => {
    const [goal, first, second, third] = await goalWith(client, 3);
    const measures = `/api/goals/${goal.id}/measures`;
    assert.equal(ok(await client.put(`${measures}/${third.id}:setPrimary`, {})).data.newPrimaryMeasureId, third.id);
    for (const wrong of [third.id, unknownId()]) {
      invalid(await client.post(`${measures}:unlink`, { measureId: third.id, newPrimaryMeasureId: wrong }), 'newPrimaryMeasureId');
    }
    assert.equal(await primaryOf(client, goal), third.id);
    const { id: bySecondsLink } = ok(await client.get(`${measures}/${second.id}:link`)).data;
    const gone = ok(await client.post(`${measures}:unlink`, { measureId: third.id, newPrimaryMeasureId: bySecondsLink })).data;
    assert.deepEqual([gone.newPrimaryMeasureId, gone.remainingMeasureCount], [second.id, 2]);
    assert.equal(ok(await unlink(client, goal, first)).data.newPrimaryKpiId, null);
    assert.equal(await primaryOf(client, goal), second.id);
  });

  test('whatever comes together, exactly one is', async () => {
    for (let round = 0; round < 6; round += 1) {
      const [goal, ...kpis] = await goalWith(client, 4);
      const more = [await addKpi(client), await addKpi(client)];
      const answers = await Promise.all([
        ...kpis.flatMap((kpi) => [setPrimary(client, goal, kpi), unlink(client, goal, kpi)].slice(0, kpi === kpis[3] ? 1 : 2)),
        ...more.map((kpi) => link(client, goal, kpi, { isPrimary: true })),
        setPrimary(client, goal, kpis[3]),
      ]);
      for (const answer of answers) assert.ok([200, 201, 404].includes(answer.status), answer.text);
      assert.ok(await primaryOf(client, goal));
      const left = await shown(client, goal);
      await Promise.all(left.flatMap(({ id }) => [unlink(client, goal, { id }), link(client, goal, kpis[0])]));
      await primaryOf(client, goal);
    }
  });

  test('the first links at once: one is', async () => {
    const goal = await client.goal();
    const kpis = await Promise.all(Array.from({ length: 8 }, () => addKpi(client)));
    const answers = await Promise.all(kpis.map((kpi) => link(client, goal, kpi)));
    assert.equal(answers.filter(({ data }) => data.isPrimary).length, 1);
    await primaryOf(client, goal);
  });
});

describe('the risk threshold', () => {
  const client = newTenant();

  test('is set with the link or the threshold, and is not above it', async () => {
    const [goal, kpi] = await goalWith(client, 1);
    const set = (body) => client.post(`/goals/${goal.id}/kpis/${kpi.id}:setThreshold`, body);
    assert.equal(ok(await set({ thresholdPct: 40 })).data.riskThresholdPct, 40);
    invalid(await set({ thresholdPct: 40, riskThresholdPct: 41 }), 'riskThresholdPct');
    invalid(await link(client, goal, kpi, { risk_threshold_pct: 41 }), 'risk_threshold_pct');
    assert.deepEqual((await shown(client, goal))[0].riskThresholdPct, 40);
    assert.equal(ok(await link(client, goal, kpi, { riskThresholdPct: 30 })).data.riskThresholdPct, 30);
    assert.equal(ok(await set({ thresholdPct: 90 })).data.riskThresholdPct, 30);
    const other = await addKpi(client);
    invalid(await link(client, goal, other, { riskThresholdPct: 81, strategyId: unknownId() }), 'riskThresholdPct', 'strategyId');
    assert.equal(created(await link(client, goal, other, { thresholdPct: 90, riskThresholdPct: 85 })).data.riskThresholdPct, 85);
  });
});

describe('the strategy of a link', () => {
  const client = newTenant();

  test('is one of its goal, and is cleared by null or when it is deleted', async () => {
    const [goal, kpi, other] = await goalWith(client, 2);
    const elsewhere = await client.goal();
    const strategy = await client.strategy(goal, { description: `${'Enter five markets. '.repeat(6)}` });
    const foreign = await client.strategy(elsewhere);
    const title = strategy.description.slice(0, 80);
    const linked = ok(await link(client, goal, kpi, { strategyId: strategy.id })).data;
    assert.deepEqual([linked.strategyId, linked.strategyTitle], [strategy.id, title]);
    assert.deepEqual((await shown(client, goal))[0], linked);
    const set = (body) => client.post(`/goals/${goal.id}/kpis/${kpi.id}:setThreshold`, { thresholdPct: 60, ...body });
    for (const wrong of [foreign.id, unknownId()]) {
      invalid(await set({ strategyId: wrong }), 'strategyId');
      invalid(await link(client, goal, other, { strategy_id: wrong }), 'strategy_id');
    }
    assert.equal(ok(await set({})).data.strategyId, strategy.id);
    assert.equal(ok(await link(client, goal, other, { strategyId: strategy.id })).status, 200);
    const listed = async (query) => ok(await client.get(`/kpis?sort=createdAt&${query}`)).data.map(({ id }) => id);
    assert.deepEqual(await listed(`strategyId=${strategy.id}`), [kpi.id, other.id]);
    assert.deepEqual(await listed(`strategyId=${strategy.id}&goalId=${elsewhere.id}`), []);
    const cleared = ok(await set({ strategyId: null })).data;
    assert.deepEqual([cleared.strategyId, cleared.strategyTitle], [null, null]);
    assert.deepEqual(await listed(`strategyId=${strategy.id}`), [other.id]);
    const ofOther = async () => (await shown(client, goal))[1];
    ok(await client.put(`/goals/${goal.id}/strategies/${strategy.id}`, { description: 'Stay here' }));
    await becomes(async () => (await ofOther()).strategyTitle, 'Stay here');
    ok(await client.put(`/goals/${goal.id}/strategies/${strategy.id}`, { title: 'Home' }));
    await becomes(async () => (await ofOther()).strategyTitle, 'Home');
    assert.equal(ok(await link(client, goal, other, { strategyId: strategy.id })).data.strategyTitle, 'Home');
    ok(await client.del(`/goals/${goal.id}/strategies/${strategy.id}`));
    await becomes(async () => { const { strategyId, strategyTitle } = await ofOther(); return [strategyId, strategyTitle]; }, [null, null]);
    invalid(await set({ strategyId: strategy.id }), 'strategyId');
  });

  test('no link keeps one that is deleted meanwhile', async () => {
    for (let round = 0; round < 8; round += 1) {
      const [goal, kpi, other] = await goalWith(client, 2);
      const strategy = await client.strategy(goal);
      const body = { strategyId: strategy.id };
      const answers = await Promise.all([link(client, goal, kpi, body), setPrimary(client, goal, other), link(client, goal, other, body),
        sleep(round).then(() => client.del(`/goals/${goal.id}/strategies/${strategy.id}`))]);
      for (const answer of answers) if (answer.status !== 200) invalid(answer, 'strategyId');
      await becomes(async () => (await shown(client, goal)).map(({ strategyId }) => strategyId), [null, null]);
    }
  });
});
