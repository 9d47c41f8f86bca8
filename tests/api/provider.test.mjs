// Public keys of an identity provider over HTTP: read at the start, again as told and when a token names
// a key that is not there, never from what cannot be trusted. The gateways here have no services: a token
// that is accepted, but whose subscription has no part of the product, is answered 403.
import { after, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programFile } from './support/stack.mjs';
import { base64url, claimsOf, sign } from './support/token.mjs';

const folder = mkdtempSync(join(tmpdir(), 'traction-provider-'));
const secret = 's'.repeat(32);
const opened = [];
after(async () => {
  for (const one of opened) await one.close();
  rmSync(folder, { recursive: true });
});

// --- Keys and tokens ---

const [first, second, stranger] = ['one', 'two', 'nobody'].map((kid) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' } };
});
const setOf = (...keys) => JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
const claims = (more) => claimsOf({ tenant: 'tenant-1', user: 'user-1', features: [], ...more });
function signed({ kid, privateKey }, more) {
  const head = `${base64url({ alg: 'ES256', kid })}.${base64url(claims(more))}`;
  return `${head}.${createSign('sha256').update(head).sign({ key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

// --- Certificates: an authority, one that nobody trusts, and what they sign ---

function openssl(...args) {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
}
function authority(name) {
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`, '-days', '2');
}
function certificate(name, by, names) {
  writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${names}`);
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
  openssl('x509', '-req', '-in', `${name}.csr`, '-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-CAcreateserial', '-out', `${name}.pem`, '-days', '1', '-extfile', `${name}.ext`);
  return { key: readFileSync(join(folder, `${name}.key`)), cert: readFileSync(join(folder, `${name}.pem`)) };
}
authority('authority');
authority('nobody');
const good = certificate('good', 'authority', 'DNS:localhost,IP:127.0.0.1');
const untrusted = certificate('untrusted', 'nobody', 'DNS:localhost,IP:127.0.0.1');
const misnamed = certificate('misnamed', 'authority', 'DNS:keys.example.com');
const trust = { TRACTION_JWT_CA_FILE: join(folder, 'authority.pem') };

// --- The provider ---

const json = (body, headers = {}) => (request, response) => response.writeHead(200, { 'Content-Type': 'application/json', ...headers }).end(body);

class Provider {
  constructor(answer, tls) {
    this.answer = answer;
    this.asked = [];
    const listener = (request, response) => {
      this.asked.push(request.url);
      this.answer(request, response);
    };
    this.server = tls ? createHttps(tls, listener) : createHttp(listener);
    this.scheme = tls ? 'https' : 'http';
    opened.push(this);
  }

  async open() {
    await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
    this.port = this.server.address().port;
    this.url = `${this.scheme}://localhost:${this.port}`;
    return this;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }
}
const provider = (answer, tls) => new Provider(answer, tls).open();

// --- The gateway ---

async function freePort() {
  const server = createTcp().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

class Gateway {
  constructor(settings) {
    this.folder = join(folder, `gateway-${opened.length}`);
    this.settings = settings;
    opened.push(this);
  }

  async open() {
    mkdirSync(this.folder);
    for (let i = 0; i < 5; i += 1) if (await this.start()) return this;
    throw new Error(`the gateway did not answer: ${this.log()}`);
  }

  // False when somebody else has taken the port meanwhile.
  async start() {
    const port = await freePort();
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TRACTION_|TEST_)/.test(name)));
    this.url = `http://127.0.0.1:${port}`;
    const log = openSync(join(this.folder, 'log'), 'a');
    this.child = spawn(programFile('gateway'), [], {
      env: { ...env, TRACTION_PORT: port, TRACTION_BUS_DIR: this.folder, TRACTION_JWT_SECRET: secret, ...this.settings }, stdio: ['ignore', log, log],
    });
    this.gone = new Promise((done) => this.child.once('exit', done));
    for (let i = 0; i < 400 && this.child.exitCode === null; i += 1) {
      try {
        const { ok } = await fetch(`${this.url}/health/live`);
        if (ok && this.child.exitCode === null && this.log().includes('"listening"')) return true;
      } catch { /* not yet */ }
      await sleep(25);
    }
    return false;
  }

  log() { return readFileSync(join(this.folder, 'log'), 'utf8'); }

  ask(token, options) {
    return fetch(`${this.url}/goals`, { ...options, headers: { Authorization: `Bearer ${token}`, ...options?.headers } });
  }

  async status(token, options) { return (await this.ask(token, options)).status; }

  async until(token, status, milliseconds = 15000) {
    const deadline = Date.now() + milliseconds;
    let had;
    do {
      had = await this.status(token);
      if (had !== status) await sleep(100);
    } while (had !== status && Date.now() < deadline);
    assert.equal(had, status, this.log());
  }

  async keys() {
    const { data } = await (await fetch(`${this.url}/health/detailed`)).json();
    return data.checks.find(({ component }) => component === 'token keys');
  }

  async close() {
    this.child.kill('SIGTERM');
    assert.equal(await this.gone, 0, this.log());
  }
}
const gateway = (settings) => new Gateway(settings).open();

describe('a key set at an address', { concurrency: true }, () => {
  test('is read once, and again for a key that is not there, while requests wait; what it does not list any more is revoked', { timeout: 90000 }, async () => {
    const source = await provider(json(setOf(first), { 'Cache-Control': 'public, max-age=3600' }));
    const began = Date.now();
    const one = await gateway({ TRACTION_JWT_JWKS_URL: `${source.url}/keys.json` });
    await one.until(signed(first), 403);
    assert.deepEqual(source.asked, ['/keys.json']);
    assert.equal((await one.keys()).status, 'Healthy');
    const early = await Promise.all(Array.from({ length: 200 }, () => one.status(signed(second))));
    assert.deepEqual([...new Set(early)], [401]);
    assert.deepEqual(source.asked, ['/keys.json'], 'not again within 30 s');

    await sleep(began + 32000 - Date.now());
    source.answer = (request, response) => setTimeout(() => json(setOf(second))(request, response), 700);
    const body = { method: 'POST', body: JSON.stringify({ title: 'x'.repeat(100000) }), headers: { 'Content-Type': 'application/json' } };
    const others = [fetch(`${one.url}/realtime/tenants/tenant-1?access_token=${signed(second)}`), one.ask(signed(second), body), one.ask(signed(second), body)];
    await sleep(150);
    const storm = await Promise.all(Array.from({ length: 150 }, () => one.ask(signed(second))));
    for (const other of others) assert.equal((await other).status, 403);
    const statuses = storm.map(({ status }) => status);
    assert.ok(statuses.filter((status) => status === 403).length >= 64 - others.length, statuses.join());
    for (const answer of storm.filter(({ status }) => status !== 403)) {
      assert.equal(answer.status, 503);
      assert.match(answer.headers.get('retry-after'), /^[1-9]\d*$/);
    }
    assert.equal(source.asked.length, 2, 'one read for all of them');
    assert.deepEqual([await one.status(signed(second)), await one.status(signed(first)), await one.status(sign(claims(), secret))], [403, 401, 403]);
    const late = await Promise.all(Array.from({ length: 200 }, () => one.status(signed(stranger))));
    assert.deepEqual([...new Set(late)], [401]);
    assert.equal(source.asked.length, 2);
    const forged = signed({ ...stranger, kid: 'two' });
    assert.equal(await one.status(forged), 401);
    assert.doesNotMatch(one.log(), new RegExp(forged.slice(-20)));
  });

  test('waits no longer than 2 s for a provider that is slow', { timeout: 30000 }, async () => {
    const source = await provider(() => {});
    const one = await gateway({ TRACTION_JWT_JWKS_URL: source.url });
    const stream = fetch(`${one.url}/realtime/tenants/tenant-1?access_token=${signed(first)}`);
    const answer = await one.ask(signed(first));
    assert.deepEqual([answer.status, (await answer.json()).code], [503, 'SERVICE_UNAVAILABLE']);
    assert.match(answer.headers.get('retry-after'), /^[1-9]\d*$/);
    const [, microseconds] = /"operation":"getGoals"[^\n]*"durationUs":(\d+)/.exec(one.log());
    assert.ok(microseconds > 1900000 && microseconds < 3000000, `${microseconds} us`);
    assert.equal(await one.status(sign(claims(), secret)), 403, 'secrets count meanwhile');
    assert.equal((await stream).status, 503, 'a token in the address waits likewise');
    source.answer = json(setOf(first));
    await one.until(signed(first), 403, 20000);
    assert.equal((await fetch(`${one.url}/realtime/tenants/tenant-1?access_token=${signed(first)}`)).status, 403);
  });

  for (const [what, answer, reason] of [
    ['a redirect', (request, response) => response.writeHead(302, { Location: '/other' }).end(), 'it is answered 302'],
    ['an error', (request, response) => response.writeHead(500).end(setOf(first)), 'it is answered 500'],
    ['no JSON', json('<html>'), 'expected near'],
    ['no key set', json('{"keys": 5}'), 'are no array'],
    ['more than 256 KiB', json(JSON.stringify({ keys: [first.jwk], more: 'x'.repeat(300000) })), 'larger than 256 KiB'],
    ['more than 256 KiB, in pieces', (request, response) => { response.write(setOf(first)); for (let i = 0; i < 40; i += 1) response.write(' '.repeat(10000)); response.end(); }, 'larger than 256 KiB'],
  ]) {
    test(`${what} is no key set, until it is one`, { timeout: 40000 }, async () => {
      const source = await provider(answer);
      const one = await gateway({ TRACTION_JWT_JWKS_URL: source.url });
      await one.until(signed(first), 503);
      for (let i = 0; i < 60 && !one.log().includes(reason); i += 1) await sleep(50);
      assert.match(one.log(), new RegExp(`cannot use the key set: there are no keys"[^\\n]*${reason}`));
      assert.deepEqual(await one.keys().then(({ status, description }) => [status, description]), ['Unhealthy', 'there are none']);
      assert.ok(!source.asked.includes('/other'));
      source.answer = json(setOf(first));
      await one.until(signed(first), 403, 20000);
      assert.equal((await one.keys()).status, 'Healthy');
    });
  }

  test('more than 64 keys are not kept', { timeout: 30000 }, async () => {
    const many = Array.from({ length: 64 }, (_, i) => ({ jwk: { ...second.jwk, kid: `k${i}` } }));
    const source = await provider(json(setOf(...many, first)));
    const one = await gateway({ TRACTION_JWT_JWKS_URL: source.url });
    await one.until(signed({ ...second, kid: 'k63' }), 403);
    assert.equal(await one.status(signed(first)), 401);
  });
});

describe('TLS', { concurrency: true }, () => {
  test('is verified by the authorities of a file', { timeout: 30000 }, async () => {
    const source = await provider(json(setOf(first)), good);
    await (await gateway({ TRACTION_JWT_JWKS_URL: source.url, ...trust })).until(signed(first), 403);
  });

  for (const [what, tls, settings, reason] of [
    ['of an authority that is not trusted', untrusted, trust, 'certificate'],
    ['of the system\'s authorities only, without a file', good, {}, 'certificate'],
    ['for another name', misnamed, trust, 'certificate'],
  ]) {
    test(`a certificate ${what} is refused`, { timeout: 30000 }, async () => {
      const source = await provider(json(setOf(first)), tls);
      const one = await gateway({ TRACTION_JWT_JWKS_URL: source.url, ...settings });
      await one.until(signed(first), 503);
      for (let i = 0; i < 60 && !one.log().includes(reason); i += 1) await sleep(50);
      assert.match(one.log(), new RegExp(`cannot use the key set[^\\n]*${reason}`));
      assert.deepEqual(source.asked, []);
    });
  }
});

describe('discovery', { concurrency: true }, () => {
  // `more` changes the configuration, of which the keys' address is `keys`.
  async function discovered(more, settings = {}) {
    const source = await provider(null, good);
    const issuer = `${source.url}/realms/main`;
    const keys = `${source.url}/realms/main/certs`;
    source.answer = (request, response) => {
      if (request.url === '/realms/main/.well-known/openid-configuration') json(JSON.stringify({ issuer, jwks_uri: keys, ...more(source) }))(request, response);
      else if (request.url.endsWith('/certs')) json(setOf(first))(request, response);
      else response.writeHead(404).end();
    };
    const one = await gateway({ TRACTION_JWT_DISCOVERY: 'on', TRACTION_JWT_ISSUER: issuer, ...trust, ...settings });
    return { source, one, token: signed(first, { iss: issuer }), other: signed(first, { iss: 'https://elsewhere.example.com' }) };
  }

  test('finds the keys where the issuer says', { timeout: 30000 }, async () => {
    const { source, one, token, other } = await discovered(() => ({}));
    await one.until(token, 403);
    assert.equal(await one.status(other), 401);
    assert.deepEqual(source.asked, ['/realms/main/.well-known/openid-configuration', '/realms/main/certs']);
  });

  const elsewhere = ({ port }) => ({ jwks_uri: `https://127.0.0.1:${port}/certs` });
  test('finds no keys on another host, unless it is allowed', { timeout: 30000 }, async () => {
    const [refused, allowed] = await Promise.all([discovered(elsewhere), discovered(elsewhere, { TRACTION_JWT_KEY_HOSTS: 'keys.example.com,127.0.0.1' })]);
    await refused.one.until(refused.token, 503);
    await allowed.one.until(allowed.token, 403);
    assert.match(refused.one.log(), /jwks_uri is on another host/);
    assert.deepEqual(refused.source.asked.filter((path) => path.endsWith('/certs')), []);
  });

  for (const [what, more, reason] of [
    ['another issuer\'s configuration', () => ({ issuer: 'https://elsewhere.example.com' }), 'of another issuer'],
    ['an address without TLS', () => ({ jwks_uri: 'http://keys.example.com/certs' }), 'no address that may be asked'],
    ['a file', () => ({ jwks_uri: 'file:///etc/passwd' }), 'no address that may be asked'],
    ['no address', () => ({ jwks_uri: undefined }), 'no address that may be asked'],
  ]) {
    test(`does not follow ${what}`, { timeout: 30000 }, async () => {
      const { one, token } = await discovered(more);
      await one.until(token, 503);
      for (let i = 0; i < 60 && !one.log().includes(reason); i += 1) await sleep(50);
      assert.match(one.log(), new RegExp(reason));
    });
  }
});
