// Who is calling, and what they may do: tokens, roles, features, the tenant header.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, createSign } from 'node:crypto';
import { Client, fails, newTenant, ok, stack, unknownId, created } from './support/client.mjs';
import { base64url, claimsOf, seconds, sign } from './support/token.mjs';

const who = { tenant: 'tenant-auth', user: 'user-1' };
const good = claimsOf(who);
const valid = sign(good, stack.secret);
const without = (name) => ({ ...good, [name]: undefined });
const tamper = (token, part, change) => token.split('.').map((text, i) => (i === part ? change(text) : text)).join('.');
const flip = (text) => text.slice(0, 5) + (text[5] === 'A' ? 'B' : 'A') + text.slice(6);

function rs256() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const head = `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url(good)}`;
  return `${head}.${createSign('sha256').update(head).sign(privateKey).toString('base64url')}`;
}

const bad = {
  'no token': null,
  'an empty one': '',
  'one word': 'abc',
  'two parts': valid.split('.').slice(0, 2).join('.'),
  'four parts': `${valid}.x`,
  'empty parts': '..',
  'no signature': `${valid.split('.').slice(0, 2).join('.')}.`,
  'another secret': sign(good, 'another secret that is long enough to be one'),
  'an empty secret': sign(good, ''),
  'a changed signature': tamper(valid, 2, flip),
  'a shortened signature': valid.slice(0, -4),
  'a lengthened signature': `${valid}AAAA`,
  'changed claims': tamper(valid, 1, () => base64url({ ...good, tenant_id: 'victim' })),
  'a changed header': tamper(valid, 0, () => base64url({ alg: 'HS256' })),
  'alg none': `${base64url({ alg: 'none', typ: 'JWT' })}.${base64url(good)}.`,
  'alg None': `${base64url({ alg: 'None' })}.${base64url(good)}.`,
  'alg none with a good signature': sign(good, stack.secret, { alg: 'none' }),
  'no alg': sign(good, stack.secret, { typ: 'JWT' }),
  'alg in small letters': sign(good, stack.secret, { alg: 'hs256' }),
  'alg HS512': sign(good, stack.secret, { alg: 'HS512' }, 'sha512'),
  'alg HS384 with an HS256 signature': sign(good, stack.secret, { alg: 'HS384' }),
  'alg RS256 with an HMAC': sign(good, stack.secret, { alg: 'RS256' }),
  'alg RS256 of an unknown key': rs256(),
  'alg as a list': sign(good, stack.secret, { alg: ['HS256'] }),
  'a header that is no JSON': sign(good, stack.secret, 'nonsense'),
  'claims that are no JSON': sign('nonsense', stack.secret),
  'claims that are a list': sign([good], stack.secret),
  'claims that are a text': sign('"text"', stack.secret),
  'claims that are null': sign('null', stack.secret),
  'claims with invalid UTF-8': sign(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), stack.secret),
  'a critical extension': sign(good, stack.secret, { alg: 'HS256', crit: ['b64'], b64: false }),
  'padding': valid.split('.').map((part) => `${part}==`).join('.'),
  'plain base64 letters': tamper(valid, 2, () => `${createHmac('sha256', stack.secret).update('x').digest('base64')}+/`),
  'no exp': sign(without('exp'), stack.secret),
  'exp as text': sign({ ...good, exp: String(good.exp) }, stack.secret),
  'exp null': sign({ ...good, exp: null }, stack.secret),
  'exp true': sign({ ...good, exp: true }, stack.secret),
  'exp negative': sign({ ...good, exp: -1 }, stack.secret),
  'nbf in the future': sign({ ...good, nbf: seconds() + 90 }, stack.secret),
  'nbf as text': sign({ ...good, nbf: 'soon' }, stack.secret),
  'no user': sign(without('sub'), stack.secret),
  'no tenant': sign(without('tenant_id'), stack.secret),
  'an empty user': sign({ ...good, sub: '' }, stack.secret),
  'an empty tenant': sign({ ...good, tenant_id: '' }, stack.secret),
  'a user that is a number': sign({ ...good, sub: 5 }, stack.secret),
  'a tenant that is a list': sign({ ...good, tenant_id: ['a'] }, stack.secret),
  'a user of 129 characters': sign({ ...good, sub: 'u'.repeat(129) }, stack.secret),
  'a tenant of 129 characters': sign({ ...good, tenant_id: 't'.repeat(129) }, stack.secret),
  'a user with a control character': sign({ ...good, sub: 'a\u0001b' }, stack.secret),
  'a tenant with a NUL': sign({ ...good, tenant_id: 'a\u0000b' }, stack.secret),
  'a tenant with a line feed': sign({ ...good, tenant_id: 'a\nb' }, stack.secret),
  'dots': '.'.repeat(100),
  'a very long one': `${'a'.repeat(3000)}.${'b'.repeat(3000)}.c`,
};

describe('tokens that are refused', () => {
  for (const [name, token] of Object.entries(bad)) {
    test(name, async () => {
      const client = new Client({ token });
      const read = await client.get('/goals');
      assert.equal(read.status, 401, read.text);
      if (name !== 'exp negative') assert.equal(read.code, 'UNAUTHENTICATED');
      assert.match(read.headers['www-authenticate'], /^Bearer/);
      assert.equal((await client.post('/goals', { title: 'x', horizon: 'year', ownerId: 'o' })).status, 401);
    });
  }

  for (const header of ['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer ', `Token ${valid}`, valid, `Bearer ${valid} extra`, `Bearer,${valid}`]) {
    test(`Authorization: ${header.slice(0, 20)}`, async () => {
      fails(await new Client({ token: null, headers: { Authorization: header } }).get('/goals'), 401, 'UNAUTHENTICATED');
    });
  }

  test('a token in the query, where no stream is asked for', async () => {
    fails(await new Client({ token: null }).get(`/goals?access_token=${valid}`), 401, 'UNAUTHENTICATED');
  });

  test('an expired one says so', async () => {
    fails(await new Client({ token: sign({ ...good, exp: seconds() - 60 }, stack.secret) }).get('/goals'), 401, 'TOKEN_EXPIRED');
    fails(await new Client({ token: sign({ ...good, exp: 1 }, stack.secret) }).get('/goals'), 401, 'TOKEN_EXPIRED');
  });

  test('an expired one that is also forged only learns that it is bad', async () => {
    fails(await new Client({ token: sign({ ...good, exp: 1 }, 'not the secret') }).get('/goals'), 401, 'UNAUTHENTICATED');
  });

  test('before anything else is looked at', async () => {
    const client = new Client({ token: 'x.y.z' });
    fails(await client.get(`/goals/${unknownId()}`), 401);
    fails(await client.raw('POST', '/goals', '{broken'), 401);
    fails(await client.get('/goals?bogus=1'), 401);
  });
});

describe('tokens that are good', () => {
  const accepted = {
    'ended 20 s ago': { ...good, exp: seconds() - 15 },
    'starts in 20 s': { ...good, nbf: seconds() + 20 },
    'user_id and tenantId': { user_id: 'u', tenantId: 't', exp: good.exp },
    'no iat': without('iat'),
    'fractional exp': { ...good, exp: good.exp + 0.5 },
    '128 characters each': { ...good, sub: '😀'.repeat(128), tenant_id: 'ä'.repeat(128) },
    'unknown claims': { ...good, anything: { nested: [1, 2] } },
    'no type in the header': good,
    'an active user in capitals': { ...good, user_status: 'ACTIVE' },
  };
  for (const [name, claims] of Object.entries(accepted)) {
    test(name, async () => {
      const header = name.startsWith('no type') ? { alg: 'HS256' } : undefined;
      ok(await new Client({ token: sign(claims, stack.secret, header) }).get('/goals'));
    });
  }

  test('the scheme is written in any case', async () => {
    ok(await new Client({ token: null, headers: { Authorization: `bearer ${valid}` } }).get('/goals'));
  });

  test('a token that ends is not remembered beyond its end', async () => {
    const client = new Client({ token: sign({ ...good, exp: seconds() - 28 }, stack.secret) });
    ok(await client.get('/goals'));
    await new Promise((done) => { setTimeout(done, 3500); });
    fails(await client.get('/goals'), 401, 'TOKEN_EXPIRED');
  });
});

describe('users who are not active', () => {
  for (const status of ['suspended', 'inactive', 'deleted', '']) {
    test(`user_status "${status}" is 403`, async () => {
      const client = newTenant({ user_status: status });
      fails(await client.get('/goals'), 403, 'INSUFFICIENT_PERMISSIONS');
      fails(await client.post('/goals', { title: 'x', horizon: 'year', ownerId: 'o' }), 403, 'INSUFFICIENT_PERMISSIONS');
    });
  }
});

describe('roles', () => {
  const readers = [{ role: 'viewer' }, { role: 'guest' }, { role: 'ReadOnly' }, { role: 'VIEWER' }, { roles: ['viewer'] }, { roles: ['guest', 'Viewer'] }, { role: 'viewer', roles: ['readonly'] }];
  const writers = [{}, { role: 'admin' }, { role: 'whatever' }, { roles: [] }, { roles: ['viewer', 'editor'] }, { role: 'viewer', roles: ['admin'] }, { role: 'viewers' }];

  for (const claims of readers) {
    test(`${JSON.stringify(claims)} may only read`, async () => {
      const client = newTenant();
      const goal = await client.goal();
      const strategy = await client.strategy(goal);
      const reader = client.as({ user: 'user-2', ...claims });
      const whole = ok(await reader.get(`/goals/${goal.id}`)).data;
      ok(await reader.get('/goals'));
      ok(await reader.get(`/goals/${goal.id}/activity`));
      ok(await reader.get(`/goals/${goal.id}/strategies/${strategy.id}`));
      for (const [method, path, body] of [
        ['POST', '', { title: 'x', horizon: 'year', ownerId: 'o' }], ['PUT', `/${goal.id}`, { title: 'x' }], ['DELETE', `/${goal.id}`],
        ['POST', `/${goal.id}:activate`], ['POST', `/${goal.id}:pause`, {}], ['POST', `/${goal.id}:close`, { finalStatus: 'cancelled' }],
        ['POST', `/${goal.id}/strategies`, { description: 'x' }], ['PUT', `/${goal.id}/strategies/${strategy.id}`, { description: 'x' }],
        ['DELETE', `/${goal.id}/strategies/${strategy.id}`], ['PUT', `/${goal.id}/strategies:reorder`, { strategyIds: [strategy.id] }],
        ['POST', `/${goal.id}/activity`, { type: 'note', text: 'x' }], ['POST', `/${goal.id}/notes`, { note: 'x' }],
      ]) fails(await reader.request(method, `/goals${path}`, body), 403, 'INSUFFICIENT_PERMISSIONS');
      assert.deepEqual(ok(await client.get(`/goals/${goal.id}`)).data, whole);
      assert.deepEqual(await client.activity(goal), []);
      assert.equal(ok(await client.get('/goals')).pagination.total, 1);
    });
  }

  for (const claims of writers) {
    test(`${JSON.stringify(claims)} may write`, async () => {
      await newTenant(claims).goal();
    });
  }

  for (const role of ['viewer ', ' Viewer', '\tGUEST\n', 'readonly\u0020']) {
    test(`${JSON.stringify(role)} may only read`, async () => {
      for (const claims of [{ role }, { roles: [role, ' '] }]) {
        const client = newTenant(claims);
        ok(await client.get('/goals'));
        fails(await client.post('/goals', { title: 'x', horizon: 'year', ownerId: 'o' }), 403, 'INSUFFICIENT_PERMISSIONS');
      }
    });
  }

  test('a viewer may ask the batches, which only read', async () => {
    const viewer = newTenant({ role: 'viewer' });
    for (const [path, body] of [['actions/goals', { goalIds: [] }], ['actions/strategies', { strategyIds: [] }], ['goals/kpis', { goalIds: [] }]]) {
      for (const prefix of ['/api/operations', '/operations']) {
        const answer = await viewer.post(`${prefix}/${path}`, body);
        assert.ok(![403, 404].includes(answer.status), answer.text);
      }
    }
  });
});

describe('the tenant header', () => {
  test('must be the tenant of the token when it is there', async () => {
    const client = newTenant();
    const goal = await client.goal();
    const { tenant } = client.claims;
    ok(await client.get(`/goals/${goal.id}`, { headers: { 'X-Tenant-Id': tenant } }));
    ok(await client.get(`/goals/${goal.id}`, { headers: { 'X-Tenant-Id': '' } }));
    for (const other of ['someone-else', `${tenant}x`, tenant.toUpperCase()]) {
      fails(await client.get(`/goals/${goal.id}`, { headers: { 'X-Tenant-Id': other } }), 403, 'INSUFFICIENT_PERMISSIONS');
      fails(await client.post('/goals', { title: 'x', horizon: 'year', ownerId: 'o' }, { headers: { 'X-Tenant-Id': other } }), 403, 'INSUFFICIENT_PERMISSIONS');
    }
    assert.equal(ok(await client.get('/goals')).pagination.total, 1);
  });
});

describe('features', () => {
  const id = unknownId();
  const routes = {
    goals: [['GET', '/goals'], ['GET', `/goals/${id}`], ['POST', '/goals', {}], ['POST', `/goals/${id}:activate`], ['GET', `/goals/${id}/activity`],
      ['POST', `/goals/${id}/strategies`, {}], ['PUT', `/goals/${id}/strategies:reorder`, {}]],
    kpis: [['GET', '/kpis'], ['GET', `/kpis/${id}`], ['POST', '/kpis', {}], ['POST', `/goals/${id}/kpis:link`, {}], ['POST', `/goals/${id}/kpis:unlink`, {}],
      ['POST', `/goals/${id}/kpis/${id}:setThreshold`, {}], ['GET', `/goals/${id}/kpis/${id}:link`]],
    operations: [['GET', '/api/operations/actions'], ['GET', '/operations/issues'], ['GET', '/api/operations/issue-types'], ['POST', '/api/operations/goals/kpis', {}]],
    reports: [['GET', '/reports/company?format=none']],
    realtime: [['GET', `/realtime/goals/${id}/activity`]],
    none: [['GET', '/goals/stats'], ['GET', '/activity/recent'], ['GET', '/performance/score'], ['GET', '/team/alignment'], ['GET', '/dashboard/command-center'], ['GET', '/people'], ['GET', '/people/assignable']],
  };
  for (const [module, list] of Object.entries(routes)) {
    test(`open and close the routes of ${module}`, async () => {
      const others = Object.keys(routes).filter((name) => name !== module);
      for (const [method, path, body] of list) {
        const denied = await newTenant({ features: others }).request(method, path, body);
        if (module === 'none') assert.notEqual(denied.status, 403, path);
        else fails(denied, 403, 'INSUFFICIENT_PERMISSIONS');
        for (const features of [[module], undefined, [module, ...others]]) {
          assert.notEqual((await newTenant({ features }).request(method, path, body)).status, 403, path);
        }
      }
    });
  }

  test('an empty list opens nothing', async () => {
    fails(await newTenant({ features: [] }).get('/goals'), 403, 'INSUFFICIENT_PERMISSIONS');
  });
});

test('user_id and tenant_id are who acts', async () => {
  const client = new Client({ token: sign({ user_id: 'the-user', sub: 'the-subject', tenant_id: `t-${unknownId()}`, exp: seconds() + 60 }, stack.secret) });
  assert.equal(created(await client.post('/goals', { title: 'x', horizon: 'year', ownerId: 'o' })).data.createdBy, 'the-user');
});
