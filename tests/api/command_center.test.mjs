// GET /dashboard/command-center: what it shows of random companies is what the other routes' answers say, and
// how it is asked for.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { basePath, created, instant, invalid, newTenant, ok, stack } from './support/client.mjs';
import { commandCenter, difference, survey, undecided } from './support/command_world.mjs';
import { soon } from './support/reading.mjs';
import { happen, newWorld, randomOf } from './support/world.mjs';

const path = '/dashboard/command-center';
const today = new Date().toISOString().slice(0, 10);
const day = (offset) => new Date(Date.parse(today) + offset * 86400000).toISOString().slice(0, 10);
const read = async (client, query = '') => ok(await client.get(`${path}${query}`)).data;

// How many statements svc-analytics runs for it: the least of several times, since others ask it meanwhile.
async function statements(work) {
  const counted = async () => {
    const text = await (await fetch(`http://127.0.0.1:${stack.adminPorts['svc-analytics']}/metrics`)).text();
    return text.split('\n').filter((row) => row.startsWith('traction_database_statements_total')).reduce((sum, row) => sum + Number(row.split(' ').pop()), 0);
  };
  let least = Infinity;
  for (let i = 0; i < 8; i += 1) {
    const before = await counted();
    await work();
    least = Math.min(least, await counted() - before);
  }
  return least;
}

async function agree(client, ownTargets, queries = [{}]) {
  const seen = await survey(client, ownTargets);
  assert.deepEqual(undecided(seen), []);
  for (const query of queries) {
    const expected = commandCenter(seen, query);
    const words = new URLSearchParams(query).toString();
    await soon(() => read(client, words && `?${words}`), ({ generatedAt, ...found }) => {
      assert.match(generatedAt, instant);
      return difference(found, expected, words);
    });
  }
  return seen;
}

describe('the command center', () => {
  for (const seed of [11, 22, 33, 44, 55]) {
    test(`of random company ${seed} is what the other routes' answers say`, async () => {
      const client = newTenant();
      const r = randomOf(seed);
      const world = newWorld({ plans: true, wider: true });
      await happen(client, r, world, 60);
      await agree(client, world.ownTargets);
      await happen(client, r, world, 160);
      const seen = await agree(client, world.ownTargets, [
        {}, { limit: 3 }, { limit: 100, daysAhead: 90, varianceThreshold: 0 }, { varianceThreshold: 62.5, daysAhead: 1 }, { userId: 'ann', daysAhead: 30 }, { userId: 'nobody' }]);
      const { alerts, goals, myTasks } = commandCenter(seen, { daysAhead: 90, varianceThreshold: 0 });
      for (const [name, list] of Object.entries({ ...alerts, goals, myTasks })) assert.ok(list.length > 0, `the company is too small: no ${name}`);
    });
  }

  test('in parts, when there is more than a list has', async () => {
    const client = newTenant();
    for (let i = 0; i < 110; i += 10) {
      await Promise.all(Array.from({ length: 10 }, async (_, n) => {
        await client.goal({ status: 'active', title: `Goal ${i + n}`, startDate: day(-100), dueDate: day((i + n) % 7) });
        await client.action({ title: 'Late', dueDate: day(-1 - ((i + n) % 5)) });
        await client.action({ title: 'Soon', dueDate: day((i + n) % 5), assignedPersonId: 'user-1' });
        await client.issue({ title: 'Bad', impact: n % 2 ? 'critical' : 'high', dateReported: day(-n) });
      }));
    }
    const seen = await agree(client, new Set(), [{}, { limit: 1 }, { limit: 100 }]);
    const { alerts, goals, myTasks, summaryStats } = commandCenter(seen, { limit: 100 });
    assert.deepEqual([alerts.actionsPastDue.length, alerts.criticalIssues.length, goals.length, myTasks.length], [100, 100, 100, 100]);
    assert.deepEqual([summaryStats.totalActiveGoals, summaryStats.actionsPastDue, summaryStats.criticalIssues], [110, 110, 110]);
    const small = newTenant();
    await small.goal({ status: 'active' });
    await soon(() => read(small), ({ goals: [first] }) => (first ? '' : 'no goal'));
    const [ofMany, ofOne] = [await statements(() => read(client, '?limit=100')), await statements(() => read(small))];
    assert.equal(ofMany, ofOne);
    assert.ok(ofOne <= 6, `${ofOne}`); // two round trips of two, each with its setting of the tenant
  });

  test('shows every kind of write', async () => {
    const client = newTenant();
    const shows = (what, settled) => soon(() => read(client), (found) => (settled(found) ? '' : `${what} is not shown: ${JSON.stringify(found)}`));
    const goal = await client.goal({ title: 'Grow', status: 'active', startDate: day(-300), dueDate: day(100) });
    await shows('a goal', ({ goals }) => goals[0]?.title === 'Grow');
    const strategy = await client.strategy(goal, { description: 'Expand' });
    await shows('a strategy', ({ goals }) => goals[0].strategies[0]?.title === 'Expand');
    ok(await client.put(`/goals/${goal.id}/strategies/${strategy.id}`, { title: 'Asia' }));
    await shows('its title', ({ goals }) => goals[0].strategies[0].title === 'Asia');
    const kpi = created(await client.post('/kpis', { name: 'Revenue', direction: 'up', baselineValue: 0, baselineDate: day(-300), targetValue: 400 })).data;
    created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id, strategyId: strategy.id }));
    created(await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate: today, actualValue: 150 }));
    await shows('a KPI at risk', ({ alerts: { measuresAtRisk: [first] } }) => first?.targetValue === 300 && first.variancePercentage === -50 && first.strategyTitle === 'Asia');
    ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: [{ milestoneDate: day(0), targetValue: 160 }, { milestoneDate: day(50), targetValue: 400 }] }));
    await shows('its plan', ({ alerts: { measuresAtRisk } }) => measuresAtRisk.length === 0);
    const action = await client.action({ title: 'Do it', dueDate: day(-2), assignedPersonId: 'user-1', connections: { strategyIds: [strategy.id], goalIds: [goal.id] } });
    await shows('an action', ({ alerts: { actionsPastDue: [first] }, goals }) => first?.strategyTitle === 'Asia' && first.goalTitle === 'Grow' && goals[0].strategies[0].atRisk);
    ok(await client.put(`/operations/actions/${action.id}`, { dueDate: day(1) }));
    await shows('another day', ({ alerts, myTasks }) => alerts.actionsPastDue.length === 0 && myTasks[0]?.title === 'Do it');
    ok(await client.post(`/operations/actions/${action.id}/complete`, {}));
    await shows('its end', ({ myTasks, goals }) => myTasks.length === 0 && goals[0].strategies[0].progress === 100);
    const issue = await client.issue({ title: 'Broken', impact: 'critical' });
    await shows('an issue', ({ alerts: { criticalIssues: [first] } }) => first?.statusName === 'Open');
    ok(await client.put(`/issues/${issue.id}/start`, {}));
    await shows('its status', ({ alerts: { criticalIssues: [first] } }) => first.statusName === 'In Progress');
    ok(await client.del(`/operations/issues/${issue.id}`));
    await shows('its end', ({ alerts }) => alerts.criticalIssues.length === 0);
    ok(await client.del(`/goals/${goal.id}/strategies/${strategy.id}`));
    await shows('a deleted strategy', ({ goals }) => goals[0].strategies.length === 0);
    ok(await client.post(`/goals/${goal.id}:pause`, {}));
    await shows('a paused goal', ({ goals, summaryStats }) => goals.length === 0 && summaryStats.totalMeasures === 0);
  });

  test('shows a name that changes', async () => {
    const client = newTenant();
    const goal = await client.goal({ status: 'active', title: 'Mine', ownerId: 'ann' });
    await soon(() => read(client), ({ goals }) => (goals[0]?.id === goal.id ? '' : 'no goal'));
    const iat = Math.floor(Date.now() / 1000);
    for (const [n, name] of ['Ann', 'Anna', 'Anne'].entries()) {
      assert.equal((await read(client.as({ user: 'ann', name, iat: iat - 100 + n }))).goals[0].ownerName, name);
      assert.equal((await read(client)).goals[0].ownerName, name);
    }
  });

  test('is there at each address, for viewers, whatever the plan includes', async () => {
    const client = newTenant();
    await client.goal({ title: 'Mine', status: 'active' });
    await soon(() => read(client), ({ goals }) => (goals.length === 1 ? '' : 'no goal'));
    for (const base of ['', '/api', basePath, `${basePath}/api`]) assert.equal((await read(client.as({ base }))).goals[0].title, 'Mine');
    assert.equal((await read(client.as({ role: 'viewer', user: 'user-9' }))).goals.length, 1);
    assert.equal((await read(client.as({ features: [] }))).goals.length, 1);
    assert.equal((await read(newTenant())).goals.length, 0);
    assert.equal((await read(newTenant(), '?userId=user-1')).summaryStats.totalActiveGoals, 0);
    assert.equal((await read(client, '?user_id=user-1&days_ahead=3&variance_threshold=5.5&limit=7')).goals.length, 1);
  });

  test('names what is wrong with a query', async () => {
    const client = newTenant();
    for (const [name, values] of Object.entries({
      daysAhead: ['0', '91', 'x', '1.5'], varianceThreshold: ['-0.1', '100.5', 'NaN'], limit: ['0', '101', 'all'], userId: ['x'.repeat(129)], size: ['3'],
    })) for (const value of values) invalid(await client.get(`${path}?${name}=${value}`), name);
    invalid(await client.get(`${path}?daysAhead=0&limit=0&varianceThreshold=-1`), 'daysAhead', 'limit', 'varianceThreshold');
    ok(await client.get(`${path}?daysAhead=&limit=&varianceThreshold=&userId=`));
    assert.equal((await client.post(path, {})).status, 405);
  });
});
