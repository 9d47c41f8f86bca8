// The AsyncAPI document: it is valid, says what the table of events and the OpenAPI document say, its
// examples are as its schemas, and each type that it describes is sent. That events match it is checked
// by the reader of every test's streams.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { basePath, document, events, newTenant, stack } from './support/client.mjs';
import { operationsOf } from './support/openapi.mjs';
import { goalStream, tenantStream, watch } from './support/sse.mjs';

const asyncapi = events.document;
const { messages, schemas } = asyncapi.components;
const table = [...readFileSync(new URL('../../proto/api/events.def', import.meta.url), 'utf8')
  .matchAll(/^EVENT\(\w+, "([^"]+)", \w+, (?:"(\w+)"|NULL), &?\w+, (STREAM_\w+),/gm)]
  .map(([, type, entity, streams]) => ({ type, entity, streams }));
const told = table.filter(({ streams }) => streams !== 'STREAM_NONE');
const types = told.map(({ type }) => type);

describe('the document', () => {
  test('is what AsyncAPI\'s own parser takes, without a complaint', async () => {
    const { diagnostics, document: parsed } = await new Parser().parse(JSON.stringify(asyncapi));
    const complaints = diagnostics.filter(({ severity }) => severity < 2); // errors and warnings
    assert.deepEqual(complaints.map(({ code, message, path }) => `${code}: ${message} at ${path.join('.')}`), []);
    assert.equal(parsed.version(), '3.0.0');
  });

  test('is served as documents are', async () => {
    for (const base of ['', basePath]) {
      const answer = await fetch(`${stack.url}${base}/asyncapi.json`);
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'application/json']);
      assert.deepEqual(await answer.json(), asyncapi);
      const again = await fetch(`${stack.url}${base}/asyncapi.json`, { headers: { 'If-None-Match': answer.headers.get('etag') } });
      assert.equal(again.status, 304);
    }
  });

  test('has the types of the table, and those that are about a goal for a goal\'s stream', () => {
    assert.ok(types.length > 45 && table.length > types.length);
    assert.deepEqual(Object.keys(messages).sort(), [...types, 'reset'].sort());
    assert.deepEqual(events.typesOf('tenant').sort(), [...types, 'reset'].sort());
    const goal = events.typesOf('goal');
    for (const { type, entity, streams } of told) {
      if (streams === 'STREAM_FEED' || ['goal', 'strategy', 'kpi_link'].includes(entity)) assert.ok(goal.includes(type), type);
      if (['action', 'issue', 'issue_type', 'person', 'kpi'].includes(entity)) assert.ok(!goal.includes(type), type);
    }
  });

  test('has the envelope in every event, and a constant by which they are told apart', () => {
    const names = new Set();
    for (const { type, entity } of told) {
      const name = messages[type].payload.$ref.split('/').pop();
      const { properties, required } = schemas[name];
      assert.equal(name, `${type.split(/[._]/).map((word) => word[0].toUpperCase() + word.slice(1)).join('')}Event`);
      assert.deepEqual([properties.type.const, properties.entityType.const], [type, entity]);
      for (const key of ['type', 'tenantId', 'entityType', 'entityId', 'goalId', 'version', 'userId', 'at']) assert.ok(required.includes(key), `${type}.${key}`);
      names.add(name);
    }
    assert.equal(names.size, told.length);
    for (const [union, channel] of [['GoalStreamEvent', 'goal'], ['TenantStreamEvent', 'tenant']]) {
      assert.deepEqual(schemas[union].oneOf.map(({ $ref }) => $ref), events.typesOf(channel).map((type) => messages[type].payload.$ref));
      assert.equal(schemas[union].discriminator, 'type');
    }
  });

  test('has examples that are as it says', () => {
    for (const [type, message] of Object.entries(messages)) {
      const [{ headers, payload }] = message.examples;
      assert.equal(headers.event, type);
      assert.equal(events.faults(type, payload), '', type);
      assert.notEqual(events.faults(type, { ...payload, type: 'other' }), '', type);
      assert.notEqual(events.faults(type, { ...payload, stranger: 1 }), '', type);
    }
  });

  test('says of what both documents have the same', () => {
    const shared = Object.keys(schemas).filter((name) => name in document.document.components.schemas);
    assert.ok(['Activity', 'KPIReading', 'KPI', 'Action', 'Issue', 'Failure'].every((name) => shared.includes(name)), shared.join());
    for (const name of shared) assert.deepEqual(schemas[name], document.document.components.schemas[name], name);
    for (const { path, operation } of operationsOf(document.document).filter(({ operation: { responses } }) => responses[200]?.content?.['text/event-stream'])) {
      const stream = asyncapi.operations[operation.operationId];
      const channel = asyncapi.channels[stream.channel.$ref.split('/').pop()];
      assert.deepEqual([stream.action, channel.address], ['send', path]);
      assert.deepEqual(Object.keys(channel.parameters), [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      assert.deepEqual(Object.keys(stream['x-refusals']), Object.keys(operation.responses).filter((status) => status >= 400));
      for (const status of [401, 403, 422, 429, 503]) assert.ok(status in stream['x-refusals'], status);
      assert.deepEqual(Object.keys(stream.bindings.http.query.properties), operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name));
      assert.deepEqual(stream.security.map(({ $ref }) => $ref.split('/').pop()), operation.security.flatMap(Object.keys));
    }
    assert.equal(Object.keys(asyncapi.operations).length, 2);
  });
});

describe('every type that it describes', () => {
  test('is sent', { timeout: 60000 }, async () => {
    const client = newTenant({ role: 'owner' });
    const stream = await watch(stack.url + tenantStream(client), { headers: client.headers });
    const goal = await client.goal();
    const chosen = events.typesOf('goal').filter((type) => type !== 'reset');
    const ofGoal = await watch(`${stack.url}${goalStream(goal)}?types=${chosen.join()}`, { headers: client.headers });
    const { post, put, del } = Object.fromEntries(['post', 'put', 'del'].map((method) => [method, async (path, body) => {
      const answer = await client[method](path, body);
      assert.ok([200, 201].includes(answer.status), `${method} ${path} ${answer.text}`);
      return answer.data;
    }]));

    await put(`/goals/${goal.id}`, { title: 'Renamed' });
    for (const verb of ['activate', 'pause', 'activate']) await post(`/goals/${goal.id}:${verb}`, {});
    const strategies = [await client.strategy(goal), await client.strategy(goal)];
    await put(`/goals/${goal.id}/strategies:reorder`, { strategyIds: strategies.map(({ id }) => id).reverse() });
    await put(`/goals/${goal.id}/strategies/${strategies[0].id}`, { description: 'Changed' });
    await del(`/goals/${goal.id}/strategies/${strategies[0].id}`);
    for (const entry of [{ type: 'note', text: 'n' }, { type: 'decision', text: 'd' }, { type: 'attachment', text: 'a', url: 'https://example.com/' }]) {
      await post(`/goals/${goal.id}/activity`, entry);
    }

    const kpi = await post('/kpis', { name: 'Revenue', unit: 'EUR', direction: 'up', baselineValue: 45000, baselineDate: '2024-12-31' });
    const place = `/kpis/${kpi.id}`;
    await put(place, { unit: 'USD' });
    await post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id });
    await put(`${place}/milestones`, { milestones: [{ milestoneDate: '2025-03-31', targetValue: 50000 }, { milestoneDate: '2025-12-31', targetValue: 100000 }] });
    await put(`${place}/replan-rule`, {});
    await put(`${place}/replan-rule`, { varianceThresholdPercentage: 5 });
    for (const [period, value] of [['2025-02', 42000], ['2025-03', 44000]]) await post(`${place}/readings`, { period, value });
    await post(`${place}/adjust`, { adjustmentType: 'maintain_final_goal', rationale: 'r', effectiveDate: '2025-03-31' });
    await put(`${place}/milestones`, { milestones: [{ milestoneDate: '2025-12-31', targetValue: 90000 }], replaceAll: true });
    const point = await post(`${place}/targets`, { targetDate: '2026-03-31', targetValue: 1 });
    await del(`${place}/targets/${point.id}`);
    const { id } = await post(`${place}/actuals`, { measurementDate: '2025-05-01', actualValue: 1, source: 'manual' });
    await put(`${place}/actuals/${id}/override`, { newValue: 2, overrideComment: 'c' });
    await del(`${place}/actuals/${id}`);

    const action = await client.action({ connections: { goalIds: [goal.id] } });
    const path = `/api/operations/actions/${action.id}`;
    await put(path, { progress: 10 });
    await post(`${path}/kpi-updates`, { kpi_id: kpi.id, newValue: 6 });
    await put(path, { status: 'completed' });
    await del(path);
    const issue = await client.issue();
    await put(`/api/operations/issues/${issue.id}`, { title: 'J' });
    await put('/issues:reorder', { issueIds: [(await client.issue()).id, issue.id] });
    await del(`/api/operations/issues/${issue.id}`);
    for (const [kind, fields] of [['/operations/issue-types', {}], ['/operations/issue-statuses', { category: 'active' }]]) {
      const one = await post(kind, { name: 'Own', ...fields });
      await put(`${kind}/${one.id}`, { name: 'Renamed' });
      if (fields.category) await put(`${kind}:reorder`, { category: 'active', statusIds: [one.id] });
      await del(`${kind}/${one.id}`);
      await post(`${kind}/${one.id}:activate`);
    }
    await put('/people/p1', { name: 'One' });
    await post(`/goals/${goal.id}/kpis:unlink`, { kpiId: kpi.id });
    await del(place);
    await post(`/goals/${goal.id}:close`, { finalStatus: 'completed' });
    const other = await client.goal();
    await post(`/goals/${other.id}:close`, { finalStatus: 'cancelled' });
    await del(`/goals/${other.id}`);
    await stream.until(({ events: seen }) => types.every((type) => seen.some((event) => event.type === type)), 15000).catch(() => {});
    assert.deepEqual(types.filter((type) => !stream.types().includes(type)), [], 'not sent');

    await ofGoal.until(({ events: seen }) => seen.some(({ type }) => type === 'goal.completed'));
    const about = stream.events.filter(({ data }) => data.goalId === goal.id);
    for (const { type } of about) assert.ok(chosen.includes(type), type);
    assert.deepEqual(ofGoal.events.map(({ id }) => id), about.filter(({ id }) => Number(id.split('-')[1]) > Number(about[0].id.split('-')[1])).map(({ id }) => id));
    await Promise.all([stream.close(), ofGoal.close()]);
  });
});
