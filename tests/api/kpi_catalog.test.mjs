// The product's catalogue of KPIs: choosing from it, and linking its entries.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { created, fails, instant, invalid, newTenant, ok, unknownId } from './support/client.mjs';

const link = (client, goal, kpiId, fields = {}) => client.post(`/goals/${goal.id}/kpis:link`, { kpiId, ...fields });
const available = async (client, goal) => ok(await client.get(`/goals${goal ? `/${goal.id}` : ''}/available-kpis`)).data;
const entryOf = (list, name) => list.catalogKpis.find((entry) => entry.name === name);

const categories = {
  Financial: ['Monthly Recurring Revenue USD up', 'Revenue Growth Rate % up', 'Gross Profit Margin % up', 'Operating Costs USD down', 'Cash Runway months up'],
  Sales: ['New Customers count up', 'Lead Conversion Rate % up', 'Sales Pipeline Value USD up', 'Average Deal Size USD up', 'Sales Cycle Length days down'],
  Customer: ['Net Promoter Score score up', 'Customer Satisfaction Score score up', 'Customer Retention Rate % up', 'Churn Rate % down', 'Average Time to Resolve hours down'],
  Marketing: ['Customer Acquisition Cost USD down', 'Qualified Leads count up', 'Website Visitors count up'],
  Operations: ['On-Time Delivery % up', 'Defect Rate % down', 'Utilization % up'],
  People: ['Employee Retention Rate % up', 'Employee Engagement score up', 'Open Positions count down'],
};

describe('the catalogue', () => {
  test('has the same 24 entries for everybody', async () => {
    const [one, two] = [await available(newTenant()), await available(newTenant())];
    assert.deepEqual(one, two);
    assert.deepEqual(one.tenantCustomKpis, []);
    const shown = {};
    for (const { name, unit, direction, category } of one.catalogKpis) (shown[category] ??= []).push(`${name} ${unit} ${direction}`);
    assert.deepEqual(shown, categories);
    for (const { id, description, source, usageInfo, isIntegrationEnabled } of one.catalogKpis) {
      assert.match(id, /^[0-9a-f-]{36}$/);
      assert.match(description, /\.$/);
      assert.deepEqual([source, isIntegrationEnabled, usageInfo], ['Catalog', false, { goalCount: 0, isUsedByThisGoal: false }]);
    }
  });

  test('linking an entry makes its KPI, once', async () => {
    const client = newTenant();
    const goal = await client.goal({ title: 'Grow' });
    const entry = entryOf(await available(client), 'Monthly Recurring Revenue');
    const first = created(await link(client, goal, entry.id));
    const made = first.data;
    assert.deepEqual([made.isPrimary, made.threshold, made.order, made.unit, made.direction, made.category], [true, 80, 1, 'USD', 'up', 'Financial']);
    assert.notEqual(made.sharedKpiId, entry.id);
    assert.equal(first.headers.location, `/goals/${goal.id}/kpis/${made.sharedKpiId}:link`);
    const kpi = ok(await client.get(`/kpis/${made.sharedKpiId}`)).data;
    assert.equal(kpi.catalogId, entry.id);
    let list = await available(client, goal);
    const { usageInfo, ...rest } = entryOf(list, 'Monthly Recurring Revenue');
    assert.deepEqual(usageInfo, { goalCount: 1, isUsedByThisGoal: true });
    assert.deepEqual(entryOf(await available(client), 'Monthly Recurring Revenue').usageInfo, { goalCount: 1, isUsedByThisGoal: false });
    const { description, calculationMethod } = rest;
    assert.deepEqual(rest, {
      id: entry.id, name: 'Monthly Recurring Revenue', description, category: 'Financial', unit: 'USD', direction: 'up', type: 'quantitative', valueType: 'snapshot',
      aggregationType: 'latest', aggregationPeriod: 'monthly', calculationMethod, source: 'Catalog', isShared: true, isIntegrationEnabled: false,
    });
    const { createdAt, ...own } = list.tenantCustomKpis[0];
    assert.match(createdAt, instant);
    assert.deepEqual(own, { ...rest, id: kpi.id, source: 'Created by Grow', isShared: false, usageInfo, kpiCatalogId: entry.id, measureCatalogId: entry.id, createdBy: 'user-1' });
    const again = ok(await link(client, goal, entry.id, { thresholdPct: 70 })).data;
    assert.deepEqual([again.id, again.threshold], [made.id, 70]);
    const other = await client.goal();
    assert.equal(created(await link(client, other, entry.id)).data.sharedKpiId, kpi.id);
    const second = created(await link(client, goal, entryOf(list, 'Churn Rate').id)).data;
    assert.deepEqual([second.isPrimary, second.order], [false, 2]);
    list = await available(client, other);
    assert.deepEqual(list.tenantCustomKpis.map(({ name, usageInfo: { goalCount, isUsedByThisGoal } }) => [name, goalCount, isUsedByThisGoal]), [['Churn Rate', 1, false], ['Monthly Recurring Revenue', 2, true]]);
  });

  test('at the address of measures', async () => {
    const client = newTenant();
    const goal = await client.goal();
    const { catalogKpis, tenantCustomKpis } = await available(client, goal);
    for (const path of [`/goals/${goal.id}/available-measures`, `/api/goals/${goal.id}/available-measures`, '/goals/available-measures']) {
      assert.deepEqual(ok(await client.as({ role: 'viewer' }).get(path)).data, { catalogMeasures: catalogKpis, tenantCustomMeasures: tenantCustomKpis });
    }
    for (const id of [unknownId(), 'no-id']) {
      for (const word of ['kpis', 'measures']) fails(await client.get(`/goals/${id}/available-${word}`), 404, 'GOAL_NOT_FOUND');
    }
    fails(await client.put('/goals/available-kpis', {}), 405, 'METHOD_NOT_ALLOWED');
    fails(await client.as({ features: ['goals'] }).get('/goals/available-kpis'), 403, 'INSUFFICIENT_PERMISSIONS');
  });

  test('of 12 that link the same entry at once, one makes the KPI', async () => {
    const client = newTenant();
    const goals = await Promise.all(Array.from({ length: 6 }, () => client.goal()));
    const { id } = entryOf(await available(client), 'Net Promoter Score');
    const answers = await Promise.all([...goals, ...goals].map((goal) => link(client, goal, id)));
    assert.equal(new Set(answers.map(({ data }) => data.sharedKpiId)).size, 1);
    assert.equal(answers.filter(({ status }) => status === 201).length, 6);
    assert.equal(ok(await client.get('/kpis')).pagination.total, 1);
  });

  test('counts for the limit, and does not take a name twice', async () => {
    const client = newTenant({ limits: { kpis: 1 } });
    const goal = await client.goal();
    const list = await available(client);
    created(await link(client, goal, entryOf(list, 'Utilization').id));
    fails(await link(client, goal, entryOf(list, 'Defect Rate').id), 403, 'KPI_LIMIT_REACHED');
    assert.equal(ok(await client.get(`/goals/${goal.id}`)).data.kpis.length, 1);
    const other = newTenant();
    created(await other.post('/kpis', { name: 'defect rate', direction: 'down' }));
    fails(await link(other, await other.goal(), entryOf(list, 'Defect Rate').id), 409, 'DUPLICATE_NAME');
    fails(await link(other, await other.goal(), unknownId()), 404, 'KPI_NOT_FOUND');
    invalid(await link(other, await other.goal(), entryOf(list, 'Utilization').id, { thresholdPct: 101 }), 'thresholdPct');
    assert.equal(ok(await other.get('/kpis')).pagination.total, 1);
  });
});
