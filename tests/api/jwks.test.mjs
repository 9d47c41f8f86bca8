// Public keys in a file that changes while the gateway runs: what is revoked ends at once, streams
// included; what cannot be read changes nothing at first, and is complained about.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Watch, watch } from './support/sse.mjs';
import { Stack } from './support/stack.mjs';
import { base64url, claimsOf, sign } from './support/token.mjs';

const folder = mkdtempSync(join(tmpdir(), 'traction-jwks-'));
const file = join(folder, 'jwks.json');
const [first, second] = ['one', 'two'].map((kid) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' } };
});
const claims = claimsOf({ tenant: 'tenant-1', user: 'user-1' });
const signed = ({ kid, privateKey }) => {
  const head = `${base64url({ alg: 'ES256', kid })}.${base64url(claims)}`;
  return `${head}.${createSign('sha256').update(head).sign({ key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
};
// As a deployment does it: whole, or not at all.
const put = (text) => {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
};
const publish = (...keys) => put(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));

publish(first, second);
const stack = new Stack({ gateway: { TRACTION_JWT_JWKS_FILE: file } });
before(() => stack.start());
after(async () => {
  assert.deepEqual(await stack.stop(), []);
  rmSync(folder, { recursive: true });
});

const tokens = { first: signed(first), second: signed(second), secret: sign(claims, stack.secret) };
const status = async (token) => (await fetch(`${stack.url}/goals`, { headers: { Authorization: `Bearer ${token}` } })).status;
const statuses = () => Promise.all(Object.values(tokens).map(status));
const path = () => `${stack.url}/realtime/tenants/tenant-1`;
const open = (token) => watch(path(), { headers: { Authorization: `Bearer ${token}` } });
async function until(expected) {
  for (let i = 0; i < 200 && (await statuses()).join() !== expected.join(); i++) await sleep(50);
  assert.deepEqual(await statuses(), expected);
}

describe('a key set that changes', () => {
  test('revokes what it does not list any more, and ends its streams', async () => {
    await until([200, 200, 200]);
    const streams = await Promise.all(Object.values(tokens).map(open));
    publish(second);
    await until([401, 200, 200]);
    await Promise.all(streams.map((stream) => stream.until(({ over }) => over))); // all have to show their tokens again
    for (const { retry } of streams) assert.ok(retry >= 1000);
    const again = await new Watch(path(), { headers: { Authorization: `Bearer ${tokens.first}` } }).opened;
    assert.equal(again.status, 401);
    for (const token of [tokens.second, tokens.secret]) (await open(token)).close();
  });

  test('leaves streams open when it only lists more', async () => {
    const stream = await open(tokens.second);
    publish(first, second);
    await until([200, 200, 200]);
    await sleep(300);
    assert.equal(stream.over ?? false, false);
    stream.close();
  });

  test('revokes everything when it lists nothing', async () => {
    put('{"keys": []}');
    await until([401, 401, 200]);
    publish(first, second);
    await until([200, 200, 200]);
  });

  test('changes nothing while it cannot be read, and the log says so', async () => {
    for (const text of ['', '{"keys": [', '[]']) {
      put(text);
      await sleep(1500);
      assert.deepEqual(await statuses(), [200, 200, 200]);
    }
    rmSync(file);
    await sleep(1500);
    assert.deepEqual(await statuses(), [200, 200, 200]);
    assert.match(readFileSync(stack.log('gateway'), 'utf8'), /"level":"error"[^\n]*cannot use the key set: the last keys stay in force for a while/);
    publish(second);
    await until([401, 200, 200]);
  });
});
