// What nobody's client library would send, byte by byte, against a stack of its own that gives clients
// little time and takes every kind of token: raw requests (hostile-http/*.txt) and bad tokens
// (hostile-tokens/bad.json), each with its exact status; and that no second request ever came of one.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { macrosFor, play, readCorpus, requestOf } from './support/corpus.mjs';
import { HostileTokens, badTokens } from './support/hostile_tokens.mjs';
import { Stack } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'traction-jwks-'));
const settings = {
  TRACTION_HEADER_TIMEOUT_MS: '1500', TRACTION_BODY_TIMEOUT_MS: '1500', TRACTION_IDLE_TIMEOUT_MS: '8000',
  TRACTION_JWT_SECRET_PREVIOUS: 'the secret that came before, long enough', TRACTION_JWT_JWKS_FILE: join(folder, 'jwks.json'),
};
const stack = new Stack({ gateway: settings });
const tokens = new HostileTokens(stack.secret, settings.TRACTION_JWT_SECRET_PREVIOUS);

before(() => {
  writeFileSync(settings.TRACTION_JWT_JWKS_FILE, tokens.jwks);
  return stack.start();
});
after(async () => {
  rmSync(folder, { recursive: true });
  assert.deepEqual(await stack.stop(), []);
});

async function goalsOf(token) {
  const answer = await fetch(`${stack.url}/goals?size=1`, { headers: { Authorization: `Bearer ${token}` } });
  return (await answer.json()).pagination.total;
}

let tenants = 0;
const files = readdirSync(join(here, 'hostile-http')).filter((name) => name.endsWith('.txt')).sort();
for (const file of files) {
  describe(`raw requests: ${file.slice(0, -4)}`, { concurrency: 8 }, () => {
    for (const one of readCorpus(join(here, 'hostile-http', file))) {
      test(one.name, async () => {
        const token = sign(claimsOf({ tenant: `wire-${tenants += 1}`, user: 'u' }), stack.secret);
        const got = await play(stack.url, requestOf(one, macrosFor(token)), one);
        const shown = JSON.stringify(got.text.slice(0, 600));
        if (!one.maybe || got.statuses.length > 0) assert.deepEqual(got.statuses, one.statuses, shown);
        assert.equal(got.end, one.end, shown);
        assert.equal(await goalsOf(token), one.goals, 'goals afterwards');
      });
    }
  });
}

// A read, a write and a stream; the last takes its token from the address.
function requestsWith(token) {
  const { host, json, goal } = macrosFor('');
  const head = `${host}\r\nAuthorization: Bearer ${token}\r\n${json}\r\n`;
  return Buffer.from(`GET /goals HTTP/1.1\r\n${head}\r\nPOST /goals HTTP/1.1\r\n${head}Content-Length: ${goal.length}\r\n\r\n${goal}`
    + `GET /realtime/tenants/hostile?access_token=${encodeURIComponent(token)} HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`);
}

describe('tokens', { concurrency: 4 }, () => {
  for (const key of ['secret', 'previous', 'rsa', 'ec']) {
    test(`good: signed with ${key}`, async () => assert.equal(await goalsOf(tokens.good(key, { tenant_id: `good-${key}` })), 0));
  }

  for (const { name, code = 'UNAUTHENTICATED', ...recipe } of badTokens()) {
    test(`bad: ${name}`, async () => {
      const got = await play(stack.url, [requestsWith(tokens.make(recipe))], { lines: [''], end: 'closed', statuses: [401, 401, 401] });
      assert.deepEqual(got.statuses, [401, 401, 401], got.text);
      assert.deepEqual([...got.text.matchAll(/"code":"([A-Z_]+)"/g)].map((match) => match[1]), [code, code, code]);
      assert.equal(got.text.match(/\r\nWWW-Authenticate: Bearer/g).length, 3);
    });
  }

  test('and none of them made a goal', async () => {
    assert.equal(await goalsOf(tokens.good('secret')), 0);
    assert.equal(Number(await stack.postgres.query("SELECT count(*) FROM goals.goals WHERE tenant_id IN ('hostile', 'other', 'victim')")), 0);
  });
});
