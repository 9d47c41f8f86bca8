// The OpenAPI document: it and the table of routes name the same operations, they all route, its
// examples work, and it is served as documents are. That answers match it is checked by the client of
// every test.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { basePath, created, document, newTenant, stack, unknownId } from './support/client.mjs';
import { operationsOf } from './support/openapi.mjs';
import { rawRequest } from './support/raw.mjs';
import { programFile } from './support/stack.mjs';

const here = new URL('.', import.meta.url).pathname;
const run = promisify(execFile);
const table = (await run(programFile('gateway'), ['--routes'])).stdout.trim().split('\n').map((line) => {
  const [method, path, name, also] = line.split(' ');
  return { method, path, name, also: also === 'also' };
});
const operations = operationsOf(document.document);
const line = ({ method, path, name }) => `${method} ${path} ${name}`;

describe('the document and the table of routes', () => {
  test('have something in them', () => {
    assert.ok(table.length > 60 && operations.length > 60);
  });

  test('name the same operations at the same places', () => {
    const documented = operations.map(({ method, path, operation }) => line({ method, path, name: operation.operationId }));
    assert.deepEqual(documented.sort(), table.filter(({ also }) => !also).map(line).sort());
  });

  test('every second address is told, and belongs to a documented operation', () => {
    for (const { path, name } of table.filter(({ also }) => also)) {
      const entry = operations.find(({ operation }) => operation.operationId === name);
      assert.ok(entry.operation.description.includes(`\`${path}\``), `${name} does not say ${path}`);
    }
  });

  test('no operationId is there twice', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    assert.equal(new Set(names).size, names.length);
  });

  test('every parameter of a path is described, and no other', () => {
    for (const { path, operation } of operations) {
      const described = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      assert.deepEqual(described, [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name), path);
    }
  });

  test('every list says how it can be sorted, or cannot be', async () => {
    for (const { operation } of operations) {
      const sort = operation.parameters.find(({ name }) => name === 'sort');
      assert.ok(!sort || sort.schema.pattern, operation.operationId);
    }
  });

  test('streams and what is read before them say where to go on from', () => {
    const named = (id) => operations.find(({ operation }) => operation.operationId === id).operation;
    for (const id of ['subscribeToGoalActivity', 'subscribeToTenant']) {
      const queries = named(id).parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
      assert.deepEqual(queries.sort(), ['lastEventId', 'tenant', 'types']);
      assert.ok(named(id).security.some((scheme) => 'streamToken' in scheme));
    }
    const told = operations.filter(({ operation }) => 'X-Last-Event-Id' in (operation.responses[200]?.headers ?? {}));
    assert.deepEqual(told.map(({ operation }) => operation.operationId).sort(), ['getGoalActivity', 'getGoalById']);
  });

  test('only what has a version takes If-Match', () => {
    const takes = (operation) => operation.parameters.some(({ $ref }) => $ref?.endsWith('/IfMatch'));
    for (const { method, path, operation } of operations) {
      assert.equal(takes(operation), ['PUT', 'PATCH', 'DELETE'].includes(method) && path.includes('{'), operation.operationId);
      assert.equal(takes(operation), '412' in operation.responses, operation.operationId);
    }
  });

  test('header fields are told where they are sent, and nowhere else', () => {
    const having = (field, status) => operations.filter(({ operation }) => field in (operation.responses[status]?.headers ?? {}))
      .map(({ operation }) => operation.operationId).sort();
    const makers = operations.filter(({ operation }) => 201 in operation.responses).map(({ operation }) => operation.operationId);
    const parts = ['addActionKPIUpdate', 'addGoalNote', 'convertIssueToActions', 'createGoalActivity', 'createKPIReading', 'syncKPIUpdate', 'updateKPIFromAction']; // seen in lists only
    assert.deepEqual(having('Location', 201), makers.filter((id) => !parts.includes(id)).sort());
    assert.deepEqual(having('ETag', 201), having('Location', 201));
    assert.deepEqual(having('Location', 200), []);
    assert.ok(!having('ETag', 200).includes('detachKPI'));
    assert.deepEqual(having('X-Degraded', 200), ['activateGoal', 'closeGoal', 'completeAction', 'getActionGoalRelationships', 'getActionRelationships', 'getAvailableKPIs', 'getAvailableKPIsOfGoal', 'getAvailableMeasures', 'getAvailableMeasuresOfGoal', 'getCrossGoalImpact', 'getGoalById', 'getGoalKPIPlanning', 'getGoalKPIs', 'getGoalMeasures', 'getGoals', 'getKPIById', 'getKPISummary', 'getMeasureSummary', 'pauseGoal', 'updateGoal', 'updateSharedKPI']);
  });

  test('what can be unchanged says so: 304, ETag and If-None-Match go together', () => {
    for (const { method, operation } of operations) {
      const unchanged = '304' in operation.responses;
      const asks = operation.parameters.some(({ $ref }) => $ref?.endsWith('/IfNoneMatch'));
      assert.equal(unchanged, asks, operation.operationId);
      assert.equal(unchanged, method === 'GET' && 'ETag' in (operation.responses[200]?.headers ?? {}), operation.operationId);
    }
    const fixed = operations.filter(({ operation }) => operation.tags[0] === 'Documentation');
    assert.deepEqual(fixed.map(({ operation }) => '304' in operation.responses), Array(9).fill(true));
  });

  test('every operation has a tag, a summary, errors, and an example of what goes in', () => {
    for (const { operation } of operations) {
      assert.ok(operation.summary && operation.tags.length === 1, operation.operationId);
      assert.ok(Object.keys(operation.responses).some((status) => status >= 400), operation.operationId);
      const body = operation.requestBody?.content['application/json'];
      assert.ok(!body || (body.schema && body.example), operation.operationId);
    }
  });
});

// The gateway counts answers by operation: an independent witness of where a request went.
async function answered(name) {
  const text = await (await fetch(`http://127.0.0.1:${stack.adminPorts.gateway}/metrics`)).text();
  return text.split('\n').filter((entry) => entry.startsWith('traction_http_requests_total{') && entry.includes(`operation="${name}"`))
    .reduce((sum, entry) => sum + Number(entry.split(' ').pop()), 0);
}

describe('every route', () => {
  const client = newTenant();

  for (const { method, path, name } of table) {
    for (const base of ['', basePath]) {
      test(`${method} ${base}${path} is ${name}`, async () => {
        const target = path.replace('{file}', 'docs.js').replace('{tenantId}', client.claims.tenant).replace(/\{\w+\}/g, unknownId);
        const before = await answered(name);
        const end = new AbortController(); // streams do not end by themselves
        const answer = await fetch(stack.url + base + target, { method, headers: client.headers, signal: end.signal });
        const code = answer.headers.get('content-type') === 'application/json' ? (await answer.json()).code : undefined;
        end.abort();
        const absent = path.startsWith('/console/'); // no file is there unless the console was built
        assert.ok(!['METHOD_NOT_ALLOWED', ...(absent ? [] : ['ROUTE_NOT_FOUND'])].includes(code), code);
        assert.ok(await answered(name) > before, `${name} did not answer it`);
      });
    }
  }
});

// Every schema in the document with the way to it, those of parameters and header fields included.
function* schemasIn(value, way = '#') {
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* schemasIn(item, `${way}/${i}`);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (['example', 'examples', 'default', 'enum'].includes(key)) continue;
    const properties = /\/(properties|schemas)$/.test(way) || ['schema', 'items'].includes(key) || (/\/(anyOf|oneOf)$/.test(way));
    if (properties && typeof inner === 'object') yield [`${way}/${key}`, inner];
    yield* schemasIn(inner, `${way}/${key}`);
  }
}

describe('types, as makers of clients read them', () => {
  const schemas = [...schemasIn(document.document)];
  const { schemas: named } = document.document.components;

  test('are said of every constant and choice', () => {
    assert.ok(schemas.length > 300);
    for (const [way, schema] of schemas) {
      if ('const' in schema || 'enum' in schema) assert.ok('type' in schema, way);
    }
  });

  test('an object has members, or says that it may have any', () => {
    for (const [way, schema] of schemas) {
      if ([schema.type].flat().includes('object')) assert.ok('properties' in schema || 'additionalProperties' in schema, way);
    }
    assert.equal(named.Goal.properties.metadata.additionalProperties, true);
  });

  test('a time in an answer is an instant; in a request a day will do', () => {
    const formats = (schema) => (schema.anyOf ?? [schema]).map(({ format }) => format).filter(Boolean);
    for (const [name, { properties }] of Object.entries(named)) {
      for (const [field, schema] of Object.entries(properties)) {
        if (!formats(schema).includes('date-time')) continue;
        const request = /(Input|Patch|KPIUpdate)$/.test(name);
        assert.deepEqual(formats(schema), request ? ['date-time', 'date'] : ['date-time'], `${name}.${field}`);
      }
    }
    assert.deepEqual(formats(named.GoalInput.properties.dueDate), ['date-time', 'date']);
    const from = operations.find(({ path }) => path === '/reports/company').operation.parameters.find(({ name }) => name === 'from');
    assert.deepEqual(formats(from.schema), ['date-time', 'date']);
  });

  test('the verbs of a goal and how it may end are choices', () => {
    assert.deepEqual(named.Goal.properties.allowedTransitions.items.enum, ['activate', 'pause', 'complete', 'cancel']);
    assert.deepEqual(named.GoalClose.properties.finalStatus.enum, ['completed', 'cancelled']);
    assert.deepEqual(named.GoalClose.required, ['finalStatus']);
    assert.equal(document.document.paths['/goals/{id}:close'].post.requestBody.required, true);
  });

  test('a page has bounds and a default', () => {
    for (const [path, size, most] of [['/goals', 100, 100], ['/kpis', 100, 100], ['/kpis/{id}/readings', 100, 100], ['/goals/{id}/activity', 100, 100],
      ['/api/operations/actions', 100, 500], ['/api/operations/issues', 20, 100]]) {
      const schema = (name) => document.document.paths[path].get.parameters.find((parameter) => parameter.name === name).schema;
      assert.deepEqual([schema('page').minimum, schema('page').default], [1, 1], path);
      assert.deepEqual([schema('size').minimum, schema('size').maximum, schema('size').default], [1, most, size], path);
    }
  });
});

describe('the check of answers against the document', () => {
  const goal = { success: true, data: document.document.paths['/goals/{id}'].get.responses[200].content['application/json'].example.data };
  const faults = (change, status = 200, method = 'GET', path = `/goals/${unknownId()}`) => {
    const body = structuredClone(goal);
    change(body);
    return document.faults(method, path, status, body);
  };

  test('takes what is right', () => assert.equal(faults(() => {}), ''));

  for (const [what, change] of [
    ['a field too many', (body) => { body.data.surprise = 1; }],
    ['a field too many in an item', (body) => { body.data.strategies[0].surprise = 1; }],
    ['a field too many beside the data', (body) => { body.surprise = 1; }],
    ['a field too few', (body) => { delete body.data.intent; }],
    ['null where something is always there', (body) => { body.data.title = null; }],
    ['another type', (body) => { body.data.progress = '50'; }],
    ['an unknown word', (body) => { body.data.status = 'done'; }],
    ['no time', (body) => { body.data.createdAt = '2025-01-15'; }],
    ['no data', (body) => { delete body.data; }],
  ]) test(`finds ${what}`, () => assert.notEqual(faults(change), ''));

  test('finds what was not declared', () => {
    assert.match(faults(() => {}, 202), /does not declare 202/);
    assert.notEqual(faults(() => {}, 200, 'GET', '/nowhere'), '');
    assert.notEqual(faults(() => {}, 200, 'DELETE', '/goals'), '');
    const path = `/goals/${unknownId()}`;
    assert.match(document.faults('GET', path, 200, goal, { 'x-request-id': 'x', location: '/x', etag: 'x' }), /does not declare .*location/);
    assert.match(document.faults('GET', path, 200, goal, { 'x-request-id': 'x' }), /does not send: etag/);
    assert.equal(document.faults('GET', path, 200, goal, { 'x-request-id': 'x', 'x-degraded': 'svc-kpis' }), '');
    const failure = { success: false, error: 'x', code: 'KPI_NOT_FOUND', requestId: 'x' };
    assert.notEqual(document.faults('GET', path, 404, failure), '');
    assert.equal(document.faults('GET', path, 404, { ...failure, code: 'GOAL_NOT_FOUND' }), '');
  });
});

describe('the examples', () => {
  test('of every answer match their schemas', () => {
    let checked = 0;
    for (const { method, path, operation } of operations) {
      for (const [status, response] of Object.entries(operation.responses)) {
        const json = response.content?.['application/json'];
        if (!json?.example) continue;
        const target = path.replace(/\{\w+\}/g, unknownId);
        assert.equal(document.faults(method, target, Number(status), json.example), '');
        checked += 1;
      }
    }
    assert.ok(checked > 30);
  });

  test('of every request match their schemas, with days instead of instants, too', () => {
    let checked = 0;
    for (const { operation } of operations) {
      const json = operation.requestBody?.content['application/json'];
      if (!json) continue;
      const { properties } = document.document.components.schemas[json.schema.$ref.split('/').pop()];
      const days = Object.keys(json.example).filter((name) => properties[name].anyOf?.some(({ format }) => format === 'date'));
      assert.equal(document.schemaFaults(json.schema, json.example), '', operation.operationId);
      assert.equal(document.schemaFaults(json.schema, { ...json.example, ...Object.fromEntries(days.map((name) => [name, '2025-02-01'])) }), '');
      checked += 1;
    }
    assert.ok(checked > 25);
  });

  test('of parameters match their schemas', () => {
    let checked = 0;
    for (const { operation } of operations) {
      for (const { name, schema, description } of operation.parameters.filter((parameter) => parameter.in === 'query')) {
        const example = /for example (.*?)(;|$)/.exec(description)?.[1];
        if (!example) continue;
        assert.equal(document.schemaFaults(schema, JSON.parse(example)), '', `${operation.operationId} ${name}`);
        checked += 1;
      }
    }
    assert.ok(checked > 10);
  });

  // Ids in an example are of things that are not there; all else can be sent as it is.
  const makers = operations.filter(({ path, operation }) => operation.responses[201] && !path.includes('{')
    && !/[0-9a-f]{8}-[0-9a-f]{4}-/.test(JSON.stringify(operation.requestBody.content)));
  for (const { path, operation } of makers) {
    test(`of ${operation.operationId} makes one`, async () => {
      const answer = await newTenant().post(path, operation.requestBody.content['application/json'].example);
      created(answer);
    });
  }
});

describe('the document', () => {
  test('is the same at both addresses, which it names', async () => {
    const texts = await Promise.all(['', basePath].map(async (base) => (await fetch(`${stack.url}${base}/openapi.json`)).text()));
    assert.equal(texts[0], texts[1]);
    assert.deepEqual(document.document.servers.map(({ url }) => url), ['/', basePath]);
  });

  test('needs no token, can be kept and is compressed', async () => {
    const plain = await rawRequest('GET', '/openapi.json');
    assert.equal(plain.status, 200);
    assert.equal(plain.headers['content-type'], 'application/json');
    assert.equal(plain.headers['cache-control'], 'private, no-cache');
    const head = await rawRequest('HEAD', '/openapi.json');
    assert.deepEqual([head.status, head.headers['content-length'], head.text], [200, plain.headers['content-length'], '']);
    for (const tag of [plain.headers.etag, `W/${plain.headers.etag}`, '*']) {
      const again = await rawRequest('GET', '/openapi.json', { 'If-None-Match': tag });
      assert.deepEqual([again.status, again.text, again.headers.etag], [304, '', plain.headers.etag]);
    }
    assert.equal((await rawRequest('GET', '/openapi.json', { 'If-None-Match': '"other"' })).status, 200);
    const packed = await fetch(`${stack.url}/openapi.json`, { headers: { 'Accept-Encoding': 'gzip' } });
    assert.equal(packed.headers.get('content-encoding'), 'gzip');
    assert.ok(Number(packed.headers.get('content-length')) < plain.text.length / 4);
    assert.equal(await packed.text(), plain.text);
  });

  test('has no finding of the linter', async () => {
    const cli = join(here, 'node_modules/@redocly/cli/bin/cli.js');
    const { stdout } = await run(process.execPath, [cli, 'lint', `${stack.url}/openapi.json`, '--config', join(here, 'redocly.yaml'), '--format', 'json'], {
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }, maxBuffer: 1 << 24,
    }).catch((error) => error);
    const { totals, problems } = JSON.parse(stdout);
    assert.deepEqual(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location?.[0]?.pointer}`), []);
    assert.equal(totals.errors, 0);
  });

  test('says who may call: a token everywhere but where none is needed', () => {
    const free = operations.filter(({ operation }) => operation.security?.length === 0).map(({ path }) => path);
    assert.deepEqual(free.sort(), ['/', '/asyncapi.json', '/console', '/console/assets/{file}', '/console/{file}', '/docs', '/docs/streams', '/docs/{file}', '/health', '/health/detailed', '/health/live', '/health/ready', '/openapi.json']);
  });

  test('is made of what validates: the limits that a 422 names', async () => {
    const { title } = document.document.components.schemas.GoalInput.properties;
    const answer = await newTenant().post('/goals', { title: 'x'.repeat(title.maxLength + 1), horizon: 'year', ownerId: 'o' });
    assert.match(answer.errors.title, new RegExp(`\\b${title.maxLength}\\b`));
    const sort = document.document.paths['/goals'].get.parameters.find(({ name }) => name === 'sort');
    for (const [value, good] of [['title', true], ['-title', true], ['title:asc', true], ['-title:asc', false], ['intent', false]]) {
      assert.equal(new RegExp(sort.schema.pattern).test(value), good, value);
      assert.equal((await newTenant().get(`/goals?sort=${value}`)).status, good ? 200 : 422, value);
    }
  });
});

test('the page is tested with the version that is installed', () => {
  const pinned = (file) => JSON.parse(readFileSync(join(here, file))).dependencies['swagger-ui-dist'];
  assert.equal(pinned('package.json'), pinned('../../deploy/docs/package.json'));
});
