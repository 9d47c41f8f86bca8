// The other addresses of operations: every one that the document tells of leads to the same operation,
// and what was created is named in the form of address that was used.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { basePath, created, document, fails, newTenant, ok, unknownId } from './support/client.mjs';
import { operationsOf } from './support/openapi.mjs';

const kpiFields = { name: 'Revenue', direction: 'up' };

describe('other addresses', () => {
  test('one /api may stand before every path', async () => {
    const client = newTenant();
    const goal = await client.goal();
    for (const prefix of ['', '/api', basePath, `${basePath}/api`]) {
      assert.equal(ok(await client.get(`${prefix}/goals/${goal.id}`)).data.id, goal.id, prefix);
      assert.equal(ok(await client.get(`${prefix}/goals/stats`)).data.totalGoals, 1, prefix);
      assert.equal(ok(await client.get(`${prefix}/operations/issues`)).data.length, 0, prefix);
      fails(await client.get(`${prefix}/nothing`), 404, 'ROUTE_NOT_FOUND');
    }
    for (const path of ['/api', '/api/api/goals', `/api${basePath}/goals`]) fails(await client.get(path), 404, 'ROUTE_NOT_FOUND');
  });

  test('every one that is told routes, before and behind /api', async () => {
    const client = newTenant();
    let told = 0;
    for (const { method, path, operation } of operationsOf(document.document)) {
      const [, also] = /Also at (.*)\.$/.exec(operation.description ?? '') ?? [null, ''];
      for (const [, address] of also.matchAll(/`([^`]+)`/g)) {
        told += 1;
        const place = address.replaceAll(/\{\w+\}/g, unknownId());
        for (const prefix of ['', '/api']) {
          const answer = ok(await client.request('OPTIONS', prefix + place), 204);
          assert.ok(answer.headers.allow.split(', ').includes(method), `${method} ${prefix}${address} of ${path}`);
        }
      }
    }
    assert.ok(told > 40);
  });

  test('what is created is named as the caller named it', async () => {
    const client = newTenant();
    const place = async (path, body) => created(await client.post(path, body)).headers.location.replaceAll(/[0-9a-f-]{36}/g, 'ID');
    for (const path of ['/api/operations/issues', '/operations/issues', '/issues', '/api/issues', `${basePath}/api/issues`, '/actions', `${basePath}/operations/actions`]) {
      assert.equal(await place(path, { title: 'x' }), `${path}/ID`);
    }
    assert.equal(await place('/measures', kpiFields), '/measures/ID');
    assert.equal(await place(`${basePath}/api/measures`, { ...kpiFields, name: 'other' }), `${basePath}/api/measures/ID`);
    assert.equal(await place('/api/goals', { title: 'x', owner_id: 'o', horizon: 'year' }), '/api/goals/ID');
  });

  test('measures are KPIs, and a link is read where it was made', async () => {
    const client = newTenant({ base: basePath });
    const goal = await client.goal();
    const kpi = created(await client.post('/measures', kpiFields)).data;
    assert.deepEqual(ok(await client.get(`/kpis/${kpi.id}`)).data, ok(await client.get(`/measures/${kpi.id}`)).data);
    const linked = created(await client.post(`/api/goals/${goal.id}/measures:link`, { kpi_id: kpi.id, threshold_pct: 60 }));
    assert.equal(linked.headers.location, `${basePath}/api/goals/${goal.id}/measures/${kpi.id}:link`);
    assert.equal(ok(await client.get(linked.headers.location.slice(basePath.length))).data.id, linked.data.id);
    ok(await client.post(`/goals/${goal.id}/measures/${kpi.id}:setThreshold`, { threshold_pct: 70 }));
    const action = await client.action();
    created(await client.post('/operations/measure-updates', { actionId: action.id, kpiId: kpi.id, horizonId: 'h', newValue: 5, updateDate: '2025-01-05' }));
    assert.deepEqual(Object.keys(ok(await client.post('/operations/goals/measures', { goalIds: [goal.id] })).data), [goal.id]);
    ok(await client.post(`/goals/${goal.id}/measures:unlink`, { kpi_id: kpi.id }));
    fails(await client.get(`/goals/${goal.id}/kpis/${kpi.id}:link`), 404, 'KPI_LINK_NOT_FOUND');
  });

  test('an idempotency key holds across them', async () => {
    const client = newTenant();
    const headers = { 'Idempotency-Key': unknownId() };
    const first = created(await client.post('/api/operations/issues', { title: 'x' }, { headers }));
    assert.equal(created(await client.post('/issues', { title: 'x' }, { headers })).data.id, first.data.id);
    assert.equal(ok(await client.get('/issues')).data.length, 1);
  });

  test('a parameter is no word: an id may be spelled like one', async () => {
    fails(await newTenant().get('/goals/measures'), 404, 'GOAL_NOT_FOUND');
  });
});
