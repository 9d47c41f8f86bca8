// What people without a good token can do to a gateway: they cannot fill its log, put tokens into it, or
// learn how it is built. On a stack of its own, because every line of the log is counted.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Stack } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';

const stack = new Stack();
before(() => stack.start());
after(async () => assert.deepEqual(await stack.stop(), [])); // which also looks for tokens in every log

const token = () => sign(claimsOf({ tenant: 'tenant-1', user: 'user-1' }), stack.secret);
const lines = () => readFileSync(stack.log('gateway'), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
const ask = async (path, options) => {
  const answer = await fetch(stack.url + path, options);
  await answer.text();
  return answer;
};

// Many requests on one connection, as bytes; answers how many answers of that status came.
function pipeline(requests, status) {
  const wanted = requests.length;
  let text = '';
  return new Promise((done, fail) => {
    const socket = connect(stack.port, '127.0.0.1', () => socket.write(requests.join('')));
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.split('HTTP/1.1 ').length > wanted && text.endsWith('}')) socket.end();
    });
    socket.on('error', fail);
    socket.on('close', () => done(text.split(`HTTP/1.1 ${status} `).length - 1));
  });
}

const counted = async (status) => {
  const metrics = await (await fetch(`http://127.0.0.1:${stack.adminPorts.gateway}/metrics`)).text();
  return [...metrics.matchAll(new RegExp(`^traction_http_requests_total\\{.*status="${status}"\\} (\\d+)`, 'gm'))].reduce((sum, [, n]) => sum + Number(n), 0);
};

describe('refusals of strangers', () => {
  const told = (from, code) => lines().slice(from).filter(({ message, code: of }) => message === 'refused strangers' && of === code);
  const sum = (list) => list.reduce((total, { count }) => total + count, 0);

  test('are counted, and told by the second', async () => {
    const from = lines().length;
    const metrics = [await counted(401), await counted(404)];
    const began = Date.now();
    const answers = await Promise.all(Array.from({ length: 10 }, () => Promise.all([
      pipeline(Array(200).fill('GET /goals HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a.b.c\r\n\r\n'), 401),
      pipeline(Array(100).fill('GET /nothing/here HTTP/1.1\r\nHost: x\r\n\r\n'), 404)])));
    assert.deepEqual(answers, Array(10).fill([200, 100]));
    for (let i = 0; i < 100 && sum(told(from, 'ROUTE_NOT_FOUND')) + sum(told(from, 'UNAUTHENTICATED')) < 3000; i++) await sleep(50);
    const seconds = Math.ceil((Date.now() - began) / 1000) + 1;
    for (const [code, status, count, path] of [['UNAUTHENTICATED', 401, 2000, '/goals'], ['ROUTE_NOT_FOUND', 404, 1000, '/nothing/here']]) {
      const summary = told(from, code);
      assert.equal(sum(summary), count);
      assert.ok(summary.length <= seconds, `${summary.length} lines in ${seconds} s`);
      assert.deepEqual([summary[0].status, summary[0].method, summary[0].path], [status, 'GET', path]);
      assert.match(summary[0].requestId, /^[0-9a-f-]{36}$/);
    }
    assert.ok(lines().length - from <= 2 * seconds, `${lines().length - from} lines`);
    assert.deepEqual([await counted(401) - metrics[0], await counted(404) - metrics[1]], [2000, 1000]);
  });

  test('of every kind are in no line of their own, and neither are preflights', async () => {
    const from = lines().length;
    const wrong = sign({ ...claimsOf({ tenant: 'tenant-1', user: 'user-1' }), exp: 1 }, stack.secret);
    for (let i = 0; i < 3; i++) {
      await ask('/goals', { method: 'PATCH' });
      await ask('/goals/%ff');
      await ask('/goals', { headers: { Authorization: `Bearer ${wrong}` } });
      await ask('/docs/nothing.js');
      await ask('/goals', { method: 'POST', body: '{}' });
      assert.equal((await ask('/goals', { method: 'OPTIONS', headers: { Origin: 'http://localhost:1', 'Access-Control-Request-Method': 'POST' } })).status, 204);
      assert.equal(await pipeline(['GET /goals HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n'], 400), 1);
    }
    for (let i = 0; i < 100 && sum(lines().slice(from).filter(({ count }) => count)) < 18; i++) await sleep(50);
    assert.deepEqual(lines().slice(from).filter(({ message }) => message !== 'refused strangers'), []);
    const codes = new Map();
    for (const { code, count } of lines().slice(from)) codes.set(code, (codes.get(code) ?? 0) + count);
    assert.deepEqual(Object.fromEntries(codes), { METHOD_NOT_ALLOWED: 3, INVALID_REQUEST: 6, TOKEN_EXPIRED: 3, ROUTE_NOT_FOUND: 3, UNAUTHENTICATED: 3 });
  });

  test('of known callers have their line', async () => {
    const id = `known-${Date.now()}`;
    await ask('/goals/none', { headers: { Authorization: `Bearer ${token()}`, 'X-Request-Id': id } });
    const line = lines().find(({ requestId, message }) => requestId === id && message === 'request');
    assert.deepEqual([line.status, line.tenant, line.path], [404, 'tenant-1', '/goals/none']);
  });
});

describe('a token', () => {
  const places = (t) => [
    ['GET', `/goals?access_token=${t}`], ['GET', `/goals%3Faccess_token=${t}`], ['GET', `/goals%3faccess_token%3d${t}`], ['GET', `/goals%253Faccess_token%253D${t}`],
    ['GET', `/goals?%61ccess_token=${t}`], ['GET', `/goals?ACCESS_TOKEN=${t}`], ['GET', `/goals?Access_Token=${t}&access_token=${t}`], ['GET', `/goals/${t}`],
    ['POST', `/goals/${t}:activate`], ['GET', `/${t}`], ['GET', `/goals#access_token=${t}`], ['GET', `/goals%23access_token=${t}`], ['GET', `/goals;access_token=${t}`],
    ['GET', `/realtime/goals/${t}/activity?access_token=${t}`], ['GET', `/realtime/tenants/${t}?access_token=${t}`], ['GET', `/realtime/tenants/tenant-1?accessToken=${t}x`],
    ['GET', `/realtime/tenants/tenant-1%3Faccess_token=${t}`], ['HEAD', `/realtime/tenants/tenant-1?ACCESS_TOKEN=${t}`], [t, '/goals'], ['GET', t], [`GET ${t}`, '/goals'],
    ['GET', `/docs/${t}`], ['OPTIONS', `/goals/${t}`], ['DELETE', `/operations/issues/${t}/`], ['GET', `/api/operations/actions?issueIds=${t}`], ['GET', `/goals/x%00${t}`],
  ];
  const fields = (t) => [`Authorization: Bearer ${t}`, `Authorization: Bearer ${t}x`, `X-Request-Id: ${t}`, `traceparent: ${t}`, `X-Tenant-Id: ${t}`, `Origin: http://${t}`,
    `Last-Event-ID: ${t}`, `Idempotency-Key: ${t}`, `If-Match: "${t}"`, `Content-Type: ${t}`, `Expect: ${t}`, `Host: ${t}`, `${t}: ${t}`, `Cookie: t=${t}`];

  test('reaches no log, wherever it is put', async () => {
    const short = sign({ sub: 'u', tenant_id: 't', exp: 4102444800 }, stack.secret, { alg: 'HS256' }); // fits a request id
    assert.ok(short.length <= 128 + 20);
    const send = (bytes) => new Promise((done) => {
      const socket = connect(stack.port, '127.0.0.1', () => socket.end(bytes));
      socket.setTimeout(1000, () => socket.destroy()); // a stream
      socket.on('data', () => {}).on('error', done).on('close', done);
    });
    for (const t of [token(), short]) {
      const own = `Authorization: Bearer ${t}\r\n`;
      const requests = places(t).flatMap(([method, target]) => ['', own].map((field) => `${method} ${target} HTTP/1.1\r\nHost: x\r\n${field}\r\n`));
      for (const field of fields(t)) {
        for (const method of ['GET', 'POST']) requests.push(`${method} /goals HTTP/1.1\r\nHost: x\r\n${field.startsWith('Auth') ? '' : own}${field}\r\n\r\n`);
      }
      await Promise.all(requests.map(send));
    }
    await sleep(1200); // the summary of the last second
    for (const name of stack.running.keys()) {
      const text = readFileSync(stack.log(name), 'utf8');
      assert.ok(!/eyJ|access_?token/i.test(text), `${name}: ${/.{0,200}(eyJ|access_?token).{0,50}/i.exec(text)?.[0]}`);
    }
  });
});

test('nobody is told what a database or a service says', async () => {
  const shape = /^(answers|does not answer|does not answer in time|is not connected|refuses requests|went away|is stopping|unknown, because the service does not answer)$/;
  await stack.postgres.stop();
  for (const path of ['/health/ready', '/health/detailed', '/traction/api/v1/health/detailed']) {
    let body;
    for (let i = 0; i < 100; i++) {
      body = await (await fetch(stack.url + path)).json();
      if (!body.success) break;
      await sleep(50);
    }
    assert.equal(body.data.status, 'Unhealthy');
    for (const { component, description } of body.data.checks) assert.match(description, shape, component);
    assert.ok(body.data.checks.some(({ component, description }) => component === 'svc-goals database' && description === 'does not answer'));
    assert.doesNotMatch(JSON.stringify(body), /[/\\]|libpq|socket|SQL|server/i);
  }
});
