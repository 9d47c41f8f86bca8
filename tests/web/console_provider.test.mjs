// Signing in at an OpenID Connect provider: a provider of the test's own, which insists on PKCE, and a gateway that names it.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programFile } from '../api/support/stack.mjs';
import { claimsOf, sign } from '../api/support/token.mjs';
import { openBrowser } from './support/console.mjs';
import { consoleFolder } from './support/builds.mjs';

const secret = 'x'.repeat(40);
const folder = mkdtempSync(join(tmpdir(), 'traction-provider-'));
let provider;
let gateway;
let gone;
let url;
let browser;
const asked = { challenges: [], exchanged: 0 };

const listen = (server) => new Promise((done) => server.listen(0, '127.0.0.1', () => done(server.address().port)));

function answerProvider(request, response) {
  const own = `http://127.0.0.1:${provider.address().port}`;
  const at = new URL(request.url, own);
  response.setHeader('Access-Control-Allow-Origin', '*');
  const json = (body) => response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
  if (at.pathname === '/.well-known/openid-configuration') {
    json({ issuer: own, authorization_endpoint: `${own}/authorize`, token_endpoint: `${own}/token`, jwks_uri: `${own}/keys` });
  } else if (at.pathname === '/authorize') {
    const { code_challenge: challenge, code_challenge_method: method, redirect_uri: back, state, response_type: type } = Object.fromEntries(at.searchParams);
    asked.challenges.push({ challenge, method, type });
    response.writeHead(302, { Location: `${back}?code=the-code&state=${state}` }).end();
  } else if (at.pathname === '/token') {
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
      const { code, code_verifier: verifier, client_id: client } = Object.fromEntries(new URLSearchParams(body));
      const proven = createHash('sha256').update(verifier ?? '').digest('base64url') === asked.challenges.at(-1).challenge;
      if (code !== 'the-code' || !proven || client !== 'traction-console') return void response.writeHead(400).end('{"error":"invalid_grant"}');
      asked.exchanged += 1;
      const claims = claimsOf({ tenant: 'acme', user: 'ann', name: 'Ann of Acme' });
      json({ access_token: sign(claims, secret), id_token: sign({ ...claims, iss: own, aud: client }, secret), token_type: 'Bearer', expires_in: 3600, scope: 'openid' });
    });
  } else response.writeHead(404).end();
}

before(async () => {
  provider = createServer(answerProvider);
  const authority = `http://127.0.0.1:${await listen(provider)}`;
  const holder = createServer();
  const port = await listen(holder);
  await new Promise((done) => holder.close(done));
  url = `http://127.0.0.1:${port}`;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TRACTION_|TEST_)/.test(name)));
  gateway = spawn(programFile('gateway'), [], {
    env: { ...env, TRACTION_PORT: port, TRACTION_BUS_DIR: folder, TRACTION_JWT_SECRET: secret, TRACTION_CONSOLE_DIR: join(consoleFolder, 'dist'), TRACTION_CONSOLE_AUTHORITY: authority }, stdio: 'ignore',
  });
  gone = new Promise((done) => gateway.once('exit', done));
  for (let i = 0; i < 400; i += 1) {
    try {
      await fetch(`${url}/console/`);
      break;
    } catch { await sleep(25); }
  }
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  gateway?.kill('SIGTERM');
  assert.equal(await gone, 0);
  provider.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the page may reach the provider and nothing else', async () => {
  const answer = await fetch(`${url}/console/`);
  const [, reached] = /connect-src ([^;]*);/.exec(answer.headers.get('content-security-policy'));
  assert.equal(reached.trim(), `'self' http://127.0.0.1:${provider.address().port}`);
});

test('people sign in by code and PKCE, and the address keeps nothing of it', async () => {
  const page = await browser.newPage();
  const refused = [];
  page.on('console', (message) => { if (/Content Security Policy/.test(message.text())) refused.push(message.text()); });
  await page.goto(`${url}/console/`);
  await page.getByRole('button', { name: 'Sign in with your organisation' }).click();
  await page.getByText('Ann of Acme').waitFor();
  assert.equal(page.url(), `${url}/console/#/`);
  assert.deepEqual(asked.challenges.map(({ method, type }) => [method, type]), [['S256', 'code']]);
  assert.equal(asked.exchanged, 1);
  assert.deepEqual(refused, []);
  await page.close();
});

test('a code that is none is said so', async () => {
  const page = await browser.newPage();
  await page.goto(`${url}/console/?code=stolen&state=unknown`);
  await page.getByText('Signing in at your organisation did not work.').waitFor();
  assert.equal(page.url(), `${url}/console/#/`);
  await page.close();
});
