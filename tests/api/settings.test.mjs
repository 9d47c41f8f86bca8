// A stack of its own with settings that are not the defaults: what they promise holds, and what is
// not a setting stops the start.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Stack } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';
import { ask } from './support/ask.mjs';

const previous = 'the secret that was used before the rotation';
const limits = { TRACTION_LIMIT_GOALS: '2', TRACTION_LIMIT_STRATEGIES: '1', TRACTION_LIMIT_ATTACHMENTS: '1', TRACTION_REQUEST_TIMEOUT_MS: '1500' };
const stack = new Stack({
  all: limits,
  gateway: {
    TRACTION_JWT_SECRET_PREVIOUS: previous, TRACTION_JWT_ISSUER: 'https://auth.example.com/', TRACTION_JWT_AUDIENCE: 'traction',
    TRACTION_CORS_ORIGINS: 'https://app.example.com,http://127.0.0.1:*', TRACTION_RATE_LIMIT: '60', TRACTION_RATE_LIMIT_TENANT: '100', TRACTION_BASE_PATH: '/other/base',
    TRACTION_ENVIRONMENT: 'trial', TRACTION_MAX_BODY: '2048',
  },
});

before(() => stack.start());
after(async () => assert.deepEqual(await stack.stop(), []));

let users = 0;
const issued = { iss: 'https://auth.example.com/', aud: 'traction' };
const newUser = (more = {}) => claimsOf({ tenant: `tenant-${users += 1}`, user: 'user-1', ...issued, ...more });

const send = (claims, method, path, body, { secret = stack.secret, headers } = {}) =>
  ask(stack.url, method, path, { token: sign(claims, secret), body, headers, timeoutMs: 20000 });

const goal = { title: 'x', horizon: 'year', ownerId: 'o' };

describe('tokens', () => {
  test('of the secret before the rotation are still good', async () => {
    assert.equal((await send(newUser(), 'GET', '/goals', undefined, { secret: previous })).status, 200);
    assert.equal((await send(newUser(), 'GET', '/goals', undefined, { secret: `${previous}!` })).status, 401);
  });

  for (const [name, claims, status] of [
    ['the issuer and audience that are asked for', {}, 200], ['an audience among others', { aud: ['x', 'traction'] }, 200],
    ['another issuer', { iss: 'https://evil.example/' }, 401], ['no issuer', { iss: undefined }, 401], ['an issuer that is a list', { iss: [issued.iss] }, 401],
    ['another audience', { aud: 'other' }, 401], ['no audience', { aud: undefined }, 401], ['an empty list of audiences', { aud: [] }, 401],
    ['the beginning of the audience', { aud: 'tract' }, 401],
  ]) {
    test(`with ${name}: ${status}`, async () => {
      assert.equal((await send(newUser(claims), 'GET', '/goals')).status, status);
    });
  }
});

describe('limits of the deployment', () => {
  test('hold for tokens that bring none, and give way to those that do', async () => {
    const poor = newUser();
    const rich = { ...poor, limits: { goals: 4, strategies: null, attachments: null } };
    for (const status of [201, 201, 403]) assert.equal((await send(poor, 'POST', '/goals', goal)).status, status);
    const made = await send(rich, 'POST', '/goals', goal);
    assert.equal(made.status, 201);
    const path = `/goals/${made.data.id}`;
    for (const [sub, body, code] of [
      ['/strategies', { description: 'x' }, 'STRATEGY_LIMIT_REACHED'], ['/activity', { type: 'attachment', text: 'x', url: 'https://example.com' }, 'ATTACHMENT_LIMIT_REACHED'],
    ]) {
      assert.equal((await send(poor, 'POST', path + sub, body)).status, 201);
      const refused = await send(poor, 'POST', path + sub, body);
      assert.deepEqual([refused.status, refused.code], [403, code]);
      assert.equal((await send(rich, 'POST', path + sub, body)).status, 201);
    }
  });
});

describe('the gateway', () => {
  test('answers so many requests of a user in a minute, and others meanwhile', async () => {
    const busy = newUser();
    const answers = await Promise.all(Array.from({ length: 90 }, () => send(busy, 'GET', '/goals?size=1')));
    const served = answers.filter((answer) => answer.status === 200).length;
    assert.ok(served >= 60 && served <= 65, `${served} served`);
    for (const answer of answers.filter((one) => one.status !== 200)) {
      assert.deepEqual([answer.status, answer.code], [429, 'RATE_LIMITED']);
      assert.match(answer.headers.get('retry-after'), /^[1-9]\d?$/);
    }
    assert.equal((await send({ ...busy, sub: 'user-2' }, 'GET', '/goals')).status, 200);
    assert.equal((await send(newUser(), 'GET', '/goals')).status, 200);
  });

  test('answers so many requests of a tenant, whoever its users are, and other tenants meanwhile', async () => {
    const tenant = newUser();
    const answers = await Promise.all(Array.from({ length: 150 }, (_, i) => send({ ...tenant, sub: `user-${i % 5}`, user_id: `user-${i % 5}` }, 'GET', '/goals?size=1')));
    const served = answers.filter((answer) => answer.status === 200).length;
    assert.ok(served >= 100 && served <= 109, `${served} served`);
    for (const answer of answers.filter((one) => one.status !== 200)) {
      assert.deepEqual([answer.status, answer.code, answer.error], [429, 'RATE_LIMITED', 'Too many requests of your tenant; slow down']);
      assert.match(answer.headers.get('retry-after'), /^[1-9]\d?$/);
    }
    assert.equal((await send(newUser(), 'GET', '/goals')).status, 200);
  });

  test('has the base path, environment and body size that it was given', async () => {
    assert.equal((await send(newUser(), 'GET', '/other/base/goals')).status, 200);
    assert.equal((await send(newUser(), 'GET', '/traction/api/v1/goals')).status, 404);
    assert.equal((await send(newUser(), 'GET', '/health')).data.environment, 'trial');
    assert.equal((await send(newUser(), 'POST', '/goals', { ...goal, junk: 'x'.repeat(2048) })).status, 413);
  });

  test('allows the origins that it was given', async () => {
    for (const [origin, allowed] of [['https://app.example.com', true], ['http://127.0.0.1:5000', true], ['http://localhost:3000', false],
      ['http://app.example.com', false], ['https://app.example.com:444', false], ['https://app.example.com.evil.example', false]]) {
      const answer = await send(newUser(), 'GET', '/goals', undefined, { headers: { Origin: origin } });
      assert.equal(answer.headers.get('access-control-allow-origin'), allowed ? origin : null, origin);
    }
  });
});

describe('time that runs out', () => {
  test('a service that hangs: 504 or 503 in time, and all is well when it goes on', async () => {
    const { child } = stack.running.get('svc-goals');
    child.kill('SIGSTOP');
    try {
      const began = Date.now();
      const answers = await Promise.all([send(newUser(), 'GET', '/goals'), send(newUser(), 'POST', '/goals', goal)]);
      for (const answer of answers) assert.ok([503, 504].includes(answer.status), `${answer.status}`);
      assert.ok(answers.some((answer) => answer.code === 'UPSTREAM_TIMEOUT'));
      assert.ok(Date.now() - began < 4000, `${Date.now() - began} ms`);
      assert.equal((await send(newUser(), 'GET', '/health/live')).status, 200);
    } finally {
      child.kill('SIGCONT');
    }
    await stack.ready();
    assert.equal((await send(newUser(), 'GET', '/goals')).status, 200);
  });

  test('a lock that is held: 504 in time, and nothing is written afterwards', async () => {
    const user = newUser();
    const known = (await send(user, 'POST', '/goals', goal)).data;
    const holder = stack.postgres.query('BEGIN; LOCK TABLE goals.goals; SELECT pg_sleep(4); COMMIT');
    await sleep(300);
    const began = Date.now();
    const answers = await Promise.all([send(user, 'POST', '/goals', goal), send(user, 'PUT', `/goals/${known.id}`, { title: 'late' }), send(user, 'GET', '/goals')]);
    for (const answer of answers) assert.ok([503, 504].includes(answer.status), `${answer.status}`);
    assert.ok(Date.now() - began < 4000, `${Date.now() - began} ms`);
    await holder;
    await sleep(500);
    const list = await send(user, 'GET', '/goals');
    assert.deepEqual(list.data.map((one) => one.title), ['x']);
  });
});

describe('a database that cannot write', () => {
  for (const [name, state] of [['its disk is full', '53100'], ['its memory is full', '53200'], ['it is shutting down', '57P01']]) {
    test(`because ${name} is 503`, async () => {
      const user = newUser();
      const known = (await send(user, 'POST', '/goals', goal)).data;
      await stack.postgres.query(`CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'cannot write to secret_file.dat' USING ERRCODE = '${state}'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON goals.goals FOR EACH ROW EXECUTE FUNCTION public.refuse()`);
      try {
        for (const answer of [await send(user, 'POST', '/goals', goal), await send(user, 'PUT', `/goals/${known.id}`, { title: 'y' }), await send(user, 'DELETE', `/goals/${known.id}`)]) {
          assert.deepEqual([answer.status, answer.code], [503, 'SERVICE_UNAVAILABLE']);
          assert.match(answer.headers.get('retry-after'), /^[1-9]\d*$/);
          assert.ok(!answer.error.includes('secret_file'));
        }
        assert.equal((await send(user, 'GET', `/goals/${known.id}`)).data.title, 'x');
      } finally {
        await stack.postgres.query('DROP FUNCTION public.refuse CASCADE');
      }
      assert.equal((await send(user, 'PUT', `/goals/${known.id}`, { title: 'z' })).status, 200);
    });
  }
});

describe('settings that are wrong stop the start with one line', () => {
  for (const [name, more, ...words] of [
    ['gateway', { TRACTION_PROT: '8002' }, 'TRACTION_PROT'], ['gateway', { TRACTION_PORT: 'http' }, 'TRACTION_PORT', 'http', '8002'],
    ['gateway', { TRACTION_PORT: '70000' }, 'TRACTION_PORT', '65535'], ['gateway', { TRACTION_PORT: '' }, 'TRACTION_PORT'],
    ['gateway', { TRACTION_JWT_SECRET: 'short' }, 'TRACTION_JWT_SECRET', '32'], ['gateway', { TRACTION_LOG_LEVEL: 'loud' }, 'TRACTION_LOG_LEVEL', 'debug'],
    ['gateway', { TRACTION_JWT_SECRET: undefined, TRACTION_JWT_SECRET_PREVIOUS: undefined }, 'TRACTION_JWT_SECRET'],
    ['svc-goals', { TRACTION_DATABASE_READERS: '-1' }, 'TRACTION_DATABASE_READERS'], ['svc-goals', { TRACTION_NONSENSE: '' }, 'TRACTION_NONSENSE'],
    ['svc-goals', { TRACTION_DATABASE_URL: undefined }, 'TRACTION_DATABASE_URL'],
    ['svc-goals', { TRACTION_DATABASE_URL: undefined, TRACTION_DATABASE_URL_FILE: '/nowhere' }, 'TRACTION_DATABASE_URL', '/nowhere'],
  ]) {
    test(`${name} with ${JSON.stringify(more)}`, async () => {
      const { code, text } = await stack.tryStart(name, more);
      assert.ok(Number.isInteger(code) && code > 0, `${code}: ${text}`);
      const lines = text.trim().split('\n');
      assert.equal(lines.length, 1, text);
      for (const word of words) assert.ok(lines[0].includes(word), `${word} is missing: ${text}`);
      assert.ok(!text.includes('"short"') && !/\bshort\b/.test(text), 'a secret was printed');
    });
  }

  test('--migrate may run again', async () => {
    await stack.migrate('svc-goals');
    assert.equal((await send(newUser(), 'GET', '/goals')).status, 200);
  });
});
