// HTTP itself: routes, methods, CORS, request ids, bodies, health.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, assertEnvelope, basePath, created, document, fails, instant, newTenant, ok, stack, unknownId } from './support/client.mjs';
import { operationsOf } from './support/openapi.mjs';
import { rawRequest } from './support/raw.mjs';

const anyone = new Client({ token: null });
const names = (text) => text.split(',').map((name) => name.trim().toLowerCase());

describe('routes', () => {
  const client = newTenant();

  test('that do not exist are 404', async () => {
    for (const path of ['/nothing', '/goal', '/goalsx', '/Goals', '/goals/x/y/z', '/api/api/goals', '/traction/api/v1/nothing',
      '/traction/api/v1/traction/api/v1/goals', '/goals//', '/operations', '/goals/:activate/x']) {
      fails(await client.get(path), 404, 'ROUTE_NOT_FOUND');
    }
    const twice = await rawRequest('GET', '//goals', client.headers); // no URL for axios
    assert.equal(twice.status, 404);
    assert.equal(assertEnvelope('GET', '//goals', twice.status, twice.headers, twice.text).code, 'ROUTE_NOT_FOUND');
  });

  test('accept a slash at the end', async () => {
    const goal = await client.goal();
    for (const base of ['', basePath]) {
      ok(await client.get(`${base}/goals/`));
      assert.deepEqual(ok(await client.get(`${base}/goals/${goal.id}/`)).data, goal);
      ok(await client.get(`${base}/goals/${goal.id}/activity/?size=5`));
      ok(await anyone.get(`${base}/health/ready/`));
    }
    created(await client.post('/goals/', { title: 'x', horizon: 'year', ownerId: 'o' }));
    assert.equal(ok(await client.post(`/goals/${goal.id}:activate/`)).data.status, 'active');
  });

  test('with a wrong method are 405 and say which are right', async () => {
    const goal = await client.goal();
    const id = unknownId();
    for (const [method, path, allowed] of [
      ['PATCH', `/goals/${goal.id}`, ['get', 'head', 'put', 'delete', 'options']], ['POST', `/goals/${goal.id}`, ['get', 'head', 'put', 'delete', 'options']],
      ['DELETE', '/goals', ['get', 'head', 'post', 'options']], ['PUT', '/goals', ['get', 'head', 'post', 'options']],
      ['GET', `/goals/${goal.id}:activate`, ['post', 'options']], ['GET', `/goals/${goal.id}%3Aclose`, ['post', 'options']],
      ['PUT', `/goals/${goal.id}/activity`, ['get', 'head', 'post', 'options']], ['GET', `/goals/${goal.id}/notes`, ['post', 'options']],
      ['POST', `/goals/${goal.id}/strategies:reorder`, ['put', 'options']],
      ['PATCH', `/goals/${goal.id}/strategies/${id}`, ['get', 'head', 'put', 'delete', 'options']], ['POST', '/health', ['get', 'head', 'options']],
      ['POST', `${basePath}/goals/${goal.id}`, ['get', 'head', 'put', 'delete', 'options']],
    ]) {
      const answer = fails(await client.request(method, path, method === 'GET' ? undefined : {}), 405, 'METHOD_NOT_ALLOWED');
      assert.deepEqual(names(answer.headers.allow).sort(), [...allowed].sort(), `${method} ${path}`);
    }
  });
});

describe('every address of the document', () => {
  const id = unknownId();
  const paths = new Map();
  for (const { method, path } of document.routes) paths.set(path, [...paths.get(path) ?? [], method]);
  // A path in the words of measures that is documented, because it reads in a shape of its own, takes the other methods of KPIs'.
  const taken = (path) => [...new Set([...paths.get(path), ...paths.get(path.replace(/\bmeasures\b/g, 'kpis')) ?? []])];
  const allowed = (path) => [...taken(path), ...(taken(path).includes('GET') ? ['HEAD'] : []), 'OPTIONS'].map((name) => name.toLowerCase()).sort();
  const bases = ['', basePath];

  test('answers OPTIONS without a token, under both prefixes, with a slash at the end and with %3A', async () => {
    for (const [path, methods] of paths) {
      const plain = path.replace(/\{\w+\}/g, id);
      const spellings = bases.flatMap((base) => [plain, `${plain}/`, plain.replaceAll(':', '%3A'), plain.replaceAll(':', '%3a'), plain.replace('/api/operations', '/operations')].map((one) => base + one));
      for (const target of new Set(spellings)) {
        if (target.endsWith('//')) continue;
        const answer = await fetch(stack.url + target, { method: 'OPTIONS', headers: { Origin: 'http://127.0.0.1:1', 'Access-Control-Request-Method': methods[0] } });
        assert.equal(answer.status, 204, target);
        assert.deepEqual(names(answer.headers.get('allow')).sort(), allowed(path), target);
        assert.equal(answer.headers.get('access-control-allow-origin'), 'http://127.0.0.1:1');
      }
    }
  });

  test('answers 405 to other methods, 401 without a token where one is needed, and HEAD wherever GET', async () => {
    for (const [path, methods] of paths) {
      const target = path.replace(/\{\w+\}/g, id);
      for (const method of ['PATCH', 'GET', 'POST', 'PUT', 'DELETE'].filter((name) => !taken(path).includes(name))) {
        const answer = fails(await anyone.request(method, target, method === 'GET' ? undefined : {}), 405, 'METHOD_NOT_ALLOWED');
        assert.deepEqual(names(answer.headers.allow).sort(), allowed(path), `${method} ${target}`);
      }
      for (const method of methods) {
        const { operation } = document.find(method, target);
        if (operation.security?.length === 0) continue;
        fails(await anyone.request(method, target, method === 'GET' ? undefined : {}), 401, 'UNAUTHENTICATED');
        if (method === 'GET') assert.equal((await anyone.request('HEAD', target)).status, 401, target);
      }
    }
  });
});

describe('HEAD', () => {
  const client = newTenant();
  test('is GET without the body', async () => {
    const goal = await client.goal();
    for (const path of ['/goals', `/goals/${goal.id}`, `/goals/${goal.id}/activity`, '/health', `${basePath}/goals`]) {
      const get = ok(await client.get(path));
      const head = ok(await client.request('HEAD', path));
      for (const name of ['content-type', 'etag']) assert.equal(head.headers[name], get.headers[name], `${name} of ${path}`);
      if (path !== '/health') assert.equal(Number(head.headers['content-length']), Buffer.byteLength(get.text), path);
    }
  });

  test('answers whatever GET answers, on every address', async () => {
    const viewer = newTenant({ role: 'viewer' });
    const gets = operationsOf(document.document).filter(({ method }) => method === 'GET');
    assert.ok(gets.length > 25);
    for (const { path } of gets.filter((route) => route.path !== '/reports/company')) { // report.test.mjs
      const target = path.replace('{file}', 'docs.js').replace('{tenantId}', viewer.claims.tenant).replace(/\{\w+\}/g, unknownId);
      const end = new AbortController(); // streams do not end by themselves
      const get = await fetch(stack.url + target, { headers: viewer.headers, signal: end.signal, redirect: 'manual' });
      end.abort();
      const head = await rawRequest('HEAD', target, viewer.headers);
      assert.deepEqual([head.status, head.headers['content-type'] ?? null, head.text], [get.status, get.headers.get('content-type'), ''], path);
    }
  });

  test('of what is not there is 404 without a body', async () => {
    for (const path of [`/goals/${unknownId()}`, '/nothing']) {
      assert.equal((await client.request('HEAD', path)).status, 404);
    }
    assert.equal((await anyone.request('HEAD', '/goals')).status, 401);
  });
});

describe('CORS', () => {
  const client = newTenant();
  const id = unknownId();
  const allowedHeaders = ['authorization', 'x-tenant-id', 'content-type', 'if-match', 'if-none-match', 'idempotency-key', 'last-event-id',
    'x-request-id', 'traceparent', 'tracestate', 'baggage', 'sentry-trace', 'x-frontend-base-url', 'cache-control'];
  const exposed = ['etag', 'location', 'x-request-id', 'retry-after', 'x-last-event-id', 'x-degraded', 'content-disposition'];
  const preflight = (path, origin, method = 'PUT', headers = 'authorization,content-type,x-tenant-id') => anyone.request('OPTIONS', path, undefined, {
    headers: { Origin: origin, 'Access-Control-Request-Method': method, 'Access-Control-Request-Headers': headers },
  });

  test('preflights are answered on every route, without a token', async () => {
    for (const base of ['', basePath]) {
      for (const [path, method] of [['/goals', 'POST'], [`/goals/${id}`, 'PUT'], [`/goals/${id}`, 'DELETE'], [`/goals/${id}:activate`, 'POST'],
        [`/goals/${id}%3Aclose`, 'POST'], [`/goals/${id}/strategies`, 'POST'], [`/goals/${id}/strategies/${id}`, 'DELETE'],
        [`/goals/${id}/strategies:reorder`, 'PUT'], [`/goals/${id}/activity`, 'GET'], [`/goals/${id}/notes`, 'POST'], ['/goals/stats', 'GET'],
        ['/kpis', 'POST'], ['/api/operations/actions', 'POST'], [`/realtime/goals/${id}/activity`, 'GET'], ['/health', 'GET']]) {
        const answer = await preflight(base + path, 'http://localhost:3000', method);
        assert.ok([200, 204].includes(answer.status), `${path}: ${answer.status}`);
        assert.equal(answer.headers['access-control-allow-origin'], 'http://localhost:3000');
        assert.ok(names(answer.headers['access-control-allow-methods']).includes(method.toLowerCase()), path);
        for (const name of allowedHeaders) assert.ok(names(answer.headers['access-control-allow-headers']).includes(name), name);
        assert.equal(answer.headers['access-control-max-age'], '600');
        assert.ok(names(answer.headers.vary).includes('origin'));
      }
    }
  });

  test('answers, errors too, carry the headers', async () => {
    const headers = { Origin: 'http://localhost:5173' };
    const big = `{"title":"${'x'.repeat(1100000)}"}`;
    for (const answer of [
      await client.get('/goals', { headers }), await client.get(`/goals/${id}`, { headers }), await client.get('/nothing', { headers }),
      await anyone.get('/goals', { headers }), await client.raw('POST', '/goals', '{', headers), await client.request('PATCH', '/goals', {}, { headers }),
      await client.post('/goals', {}, { headers }), await client.raw('POST', '/goals', big, headers), await anyone.get('/health', { headers }),
    ]) {
      assert.equal(answer.headers['access-control-allow-origin'], 'http://localhost:5173', answer.text);
      assert.ok(names(answer.headers.vary).includes('origin'));
      for (const name of exposed) assert.ok(names(answer.headers['access-control-expose-headers']).includes(name), name);
    }
  });

  test('a page of this machine may ask, by name or by address', async () => {
    for (const origin of ['http://localhost:3000', 'http://localhost', 'http://127.0.0.1:5173', 'http://127.0.0.1']) {
      for (const answer of [await preflight('/goals', origin, 'POST', 'authorization,baggage,sentry-trace,tracestate'), await client.get('/goals', { headers: { Origin: origin } })]) {
        assert.equal(answer.headers['access-control-allow-origin'], origin);
      }
    }
  });

  test('other origins get none', async () => {
    for (const origin of ['http://evil.example', 'https://localhost:3000', 'http://localhost.evil.example:3000', 'http://localhost:3000.evil.example',
      'http://localhost:', 'http://localhost:abc', 'http://127.0.0.2:3000', 'https://127.0.0.1:3000', 'http://127.0.0.1.evil.example', 'http://localhost:*', 'null', 'http://evil.example/http://localhost:3000', 'http://localhost:3000/']) {
      for (const answer of [await preflight('/goals', origin), await client.get('/goals', { headers: { Origin: origin } })]) {
        assert.equal(answer.headers['access-control-allow-origin'], undefined, origin);
        assert.ok(names(answer.headers.vary).includes('origin'));
      }
    }
  });

  test('OPTIONS without an origin says what is allowed', async () => {
    const answer = await anyone.request('OPTIONS', '/goals');
    assert.ok([200, 204].includes(answer.status));
    assert.ok(names(answer.headers.allow).includes('post'));
  });
});

describe('request ids', () => {
  const client = newTenant();

  test('of the caller are echoed, in failures too', async () => {
    for (const id of ['abc-123', 'A.b_C-9', 'x', 'r'.repeat(128), unknownId()]) {
      assert.equal(ok(await client.get('/goals', { headers: { 'X-Request-Id': id } })).headers['x-request-id'], id);
      assert.equal(fails(await client.get('/nothing', { headers: { 'X-Request-Id': id } }), 404).requestId, id);
    }
  });

  test('that are not safe are replaced', async () => {
    for (const id of ['has space', 'r'.repeat(129), '<script>', 'a"b', 'ä', 'a\tb', 'a;b\\c']) {
      const got = (await rawRequest('GET', '/health', { 'X-Request-Id': id })).headers['x-request-id'];
      assert.notEqual(got, id);
      assert.match(got, /^[A-Za-z0-9._-]{8,128}$/);
    }
  });

  test('are made when there is none, never twice', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => client.get('/goals')));
    assert.equal(new Set(made.map((answer) => answer.headers['x-request-id'])).size, 20);
  });

  // Each process's part of the request is a span of its own.
  test('and traces are found in the log of each process', async () => {
    const id = `find-me-${unknownId()}`;
    const [trace, parent] = [unknownId().replaceAll('-', ''), '00f067aa0ba902b7'];
    created(await client.post('/goals', { title: 'x', horizon: 'year', ownerId: 'o' },
      { headers: { 'X-Request-Id': id, traceparent: `00-${trace}-${parent}-01` } }));
    await sleep(200);
    const spans = ['gateway', 'svc-goals'].map((program) => {
      const lines = readFileSync(stack.log[program], 'utf8').split('\n').filter((line) => line.includes(id)).map((line) => JSON.parse(line));
      assert.ok(lines.length > 0, `${program}: no line with the request id`);
      for (const line of lines) {
        assert.deepEqual([line.requestId, line.trace_id, line.span_id, line.tenant], [id, trace, lines[0].span_id, client.claims.tenant]);
        assert.match(line.span_id, /^[0-9a-f]{16}$/);
      }
      assert.ok(lines.some(({ status }) => status === 201), program);
      return lines[0].span_id;
    });
    assert.equal(new Set([parent, ...spans]).size, 3);
  });

  test('have a trace when the client has sent none, or one that is not valid', async () => {
    for (const traceparent of [undefined, '00-x']) {
      const id = `untraced-${unknownId()}`;
      created(await client.post('/goals', { title: 'x', horizon: 'year', ownerId: 'o' }, { headers: { 'X-Request-Id': id, ...(traceparent && { traceparent }) } }));
      await sleep(200);
      const traces = ['gateway', 'svc-goals'].flatMap((program) => readFileSync(stack.log[program], 'utf8').split('\n')
        .filter((line) => line.includes(id)).map((line) => JSON.parse(line).trace_id));
      assert.ok(traces.length >= 2);
      assert.match(traces[0], /^[0-9a-f]{32}$/);
      assert.equal(new Set(traces).size, 1);
    }
  });

  test('a broken traceparent harms nobody', async () => {
    for (const traceparent of ['', 'x', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`, 'zz-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', 'a'.repeat(1000)]) {
      ok(await client.get('/goals', { headers: { traceparent } }));
    }
  });
});

describe('bodies', () => {
  const client = newTenant();
  const goal = { title: 'x', horizon: 'year', ownerId: 'o' };

  test('over 1 MiB are 413, on a connection that the client can read', async () => {
    for (const size of [1048577, 3000000]) {
      const body = `{"title":"${'x'.repeat(size - 12)}"}`;
      fails(await client.raw('POST', '/goals', body), 413, 'PAYLOAD_TOO_LARGE');
    }
    const fits = JSON.stringify({ ...goal, ignored: 'x'.repeat(1048000) });
    assert.ok(fits.length <= 1048576);
    created(await client.raw('POST', '/goals', fits));
  });

  test('of another type are 415', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml', 'application/jsonx',
      'application/json-patch+json', 'text/json', 'x']) {
      fails(await client.raw('POST', '/goals', JSON.stringify(goal), { 'Content-Type': type }), 415, 'UNSUPPORTED_MEDIA_TYPE');
    }
  });

  test('of another charset are 415 and hear which', async () => {
    const answer = fails(await client.raw('POST', '/goals', JSON.stringify(goal), { 'Content-Type': 'application/json; charset=latin1' }), 415, 'UNSUPPORTED_MEDIA_TYPE');
    assert.equal(answer.error, 'The body must be UTF-8, not charset latin1');
  });

  test('may have parameters and capitals in their type', async () => {
    for (const type of ['application/json; charset=utf-8', 'application/json;charset=UTF-8', 'Application/JSON', 'application/json ; foo="bar"']) {
      created(await client.raw('POST', '/goals', JSON.stringify(goal), { 'Content-Type': type }));
    }
  });

  test('may come in chunks', async () => {
    const bytes = JSON.stringify({ ...goal, title: 'chunked' });
    const answer = await fetch(`${stack.url}/goals`, {
      method: 'POST', duplex: 'half', headers: { ...client.headers, 'Content-Type': 'application/json' },
      body: Readable.toWeb(Readable.from([Buffer.from(bytes.slice(0, 7)), Buffer.from(bytes.slice(7))])),
    });
    assert.equal(answer.status, 201);
    assert.equal((await answer.json()).data.title, 'chunked');
  });
});

describe('health', () => {
  for (const base of ['', basePath]) {
    for (const [path, status] of [['/health', 'Healthy'], ['/health/live', 'Alive'], ['/health/ready', 'Ready'], ['/health/detailed', 'Healthy']]) {
      test(`${base}${path} is ${status}`, async () => {
        const { data, headers } = ok(await anyone.get(base + path));
        assert.equal(data.status, status);
        for (const key of ['service', 'version', 'environment']) assert.match(data[key], /\S/, key);
        assert.match(data.timestamp, instant);
        assert.match(headers['content-type'], /json/);
        const checks = data.checks ?? [];
        for (const check of checks) {
          assert.ok(check.component && check.status, JSON.stringify(check));
          assert.ok('description' in check);
        }
        if (path.endsWith('detailed')) {
          for (const name of ['goals', 'kpis', 'operations', 'analytics', 'realtime']) {
            assert.ok(checks.some((check) => check.component.includes(name)), name);
          }
        }
      });
    }
  }

  for (const [name, port] of Object.entries(stack.adminPorts)) {
    test(`the admin listener of ${name}`, async () => {
      for (const path of ['/livez', '/readyz']) assert.equal((await fetch(`http://127.0.0.1:${port}${path}`)).status, 200, path);
      const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      assert.match(metrics, /^# TYPE \w+ (counter|gauge|histogram)$/m);
    });
  }

  test('metrics are not told to the public', async () => {
    fails(await newTenant().get('/metrics'), 404, 'ROUTE_NOT_FOUND');
  });
});

test('a method that nobody knows is refused with the envelope', async () => {
  const client = newTenant();
  for (const method of ['BREW', 'PROPFIND', 'TRACE']) {
    const answer = await rawRequest(method, '/goals', { Authorization: `Bearer ${client.token}` });
    if (answer.status === 400) continue; // refused below routing
    assert.equal(answer.status, 405);
    assertEnvelope(method, '/goals', answer.status, answer.headers, answer.text);
  }
});
