// What real clients send that a specification does not think of.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import axios from 'axios';
import { created, fails, newTenant, ok, stack, unknownId } from './support/client.mjs';
import { rawRequest } from './support/raw.mjs';

describe('axios', () => {
  const as = (client) => axios.create({ baseURL: stack.url, proxy: false, validateStatus: () => true, headers: { ...client.headers, 'Content-Type': 'application/json' } });

  test('post(url, null) sends the text null: no body, where none is needed', async () => {
    const client = newTenant();
    const goal = await client.goal();
    for (const verb of ['activate', 'pause', 'activate']) {
      const answer = await as(client).post(`/goals/${goal.id}:${verb}`, null);
      assert.equal(answer.status, 200, JSON.stringify(answer.data));
    }
    assert.equal((await as(client).post(`/goals/${goal.id}:pause`)).status, 200);
    assert.equal((await as(client).post(`/goals/${goal.id}:activate`, undefined)).status, 200);
    const type = created(await client.post('/api/operations/issue-types', { name: 'Odd' })).data;
    ok(await client.del(`/api/operations/issue-types/${type.id}`));
    assert.equal((await as(client).post(`/api/operations/issue-types/${type.id}:activate`, null)).status, 200);
    ok(await client.raw('POST', `/goals/${goal.id}:pause`, ' null\r\n'));
  });

  test('where a body is needed, null is none either', async () => {
    const client = newTenant();
    const goal = await client.goal();
    for (const path of ['/goals', '/kpis', `/goals/${goal.id}/strategies`, `/goals/${goal.id}/activity`, '/api/operations/actions']) {
      const answer = await as(client).post(path, null);
      assert.deepEqual([answer.status, answer.data.code], [400, 'INVALID_JSON'], path);
    }
    fails(await client.raw('POST', `/goals/${goal.id}:activate`, 'nul'), 400, 'INVALID_JSON');
    fails(await client.raw('POST', `/goals/${goal.id}:activate`, '[]'), 400, 'INVALID_JSON');
  });
});

describe('fetch', () => {
  const tenant = `Bäckerei Müller ÿ ${Date.now()}`;
  const client = newTenant({ tenant });

  test('sends a tenant with umlauts as Latin-1, others as UTF-8', async () => {
    const goal = await client.goal();
    const ask = (path, name) => fetch(stack.url + path, { headers: { ...client.headers, 'X-Tenant-Id': name } });
    assert.equal((await ask(`/goals/${goal.id}`, tenant)).status, 200);
    assert.equal((await ask(`/goals/${goal.id}`, Buffer.from(tenant).toString('latin1'))).status, 200, 'UTF-8 bytes');
    const stream = await fetch(`${stack.url}/realtime/goals/${goal.id}/activity`, { method: 'HEAD', headers: { ...client.headers, 'X-Tenant-Id': tenant } });
    assert.equal(stream.status, 200);
    for (const other of [tenant.replace('ü', 'u'), tenant.replace('ü', 'Ü'), tenant.slice(0, -1), `${tenant}ä`]) {
      const answer = await ask(`/goals/${goal.id}`, other);
      assert.deepEqual([answer.status, (await answer.json()).code], [403, 'INSUFFICIENT_PERMISSIONS'], other);
    }
    const raw = await rawRequest('GET', `/goals/${goal.id}`, { ...client.headers, 'X-Tenant-Id': tenant }); // UTF-8
    assert.equal(raw.status, 200);
  });
});

test('a key on a POST that only reads is ignored, whatever it is', async () => {
  const client = newTenant();
  const id = unknownId();
  for (const key of ['k', 'has blanks', 'x'.repeat(300)]) {
    for (const [path, body] of [['actions/goals', { actionIds: [id] }], ['actions/strategies', { actionIds: [id] }], ['goals/kpis', { goalIds: [id] }]]) {
      ok(await client.post(`/api/operations/${path}`, body, { headers: { 'Idempotency-Key': key } }));
    }
  }
  fails(await client.post('/goals', {}, { headers: { 'Idempotency-Key': 'has blanks' } }), 400, 'INVALID_REQUEST');
});

test('a stream takes its token in either spelling', async () => {
  const client = newTenant();
  const goal = await client.goal();
  for (const name of ['access_token', 'accessToken']) {
    const answer = await fetch(`${stack.url}/realtime/goals/${goal.id}/activity?${name}=${client.token}`, { method: 'HEAD' });
    assert.equal(answer.status, 200, name);
  }
});

describe('the sentence of a refusal', () => {
  test('names a claim that cannot be used', async () => {
    for (const [claims, name] of [[{ sub: 5 }, 'sub'], [{ tenant_id: '' }, 'tenant_id'], [{ exp: 'soon' }, 'exp'], [{ role: 7 }, 'role'], [{ limits: { kpis: 'x' } }, 'limits'], [{ features: 'x' }, 'features']]) {
      const answer = fails(await newTenant(claims).get('/goals'), 401, 'UNAUTHENTICATED');
      assert.match(answer.error, new RegExp(`^The token's claim ${name} `));
    }
  });

  test('says that a token is too large', async () => {
    const answer = fails(await newTenant({ more: 'x'.repeat(6500) }).get('/goals'), 401, 'UNAUTHENTICATED');
    assert.equal(answer.error, 'The token is larger than 8,192 bytes');
  });

  test('of a forgery tells nothing', async () => {
    const client = newTenant();
    client.headers = { Authorization: `${client.headers.Authorization}x` };
    assert.equal(fails(await client.get('/goals'), 401, 'UNAUTHENTICATED').error, 'A valid bearer token is required');
  });
});
