// What lies at /console/: how it is sent, what is not there, and how much a first visit loads.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { basePath, stack } from '../api/support/client.mjs';
import { rawRequest } from '../api/support/raw.mjs';
import { consoleFolder, root, run } from './support/builds.mjs';

const dist = join(consoleFolder, 'dist');
const assets = readdirSync(join(dist, 'assets')).filter((name) => !name.endsWith('.gz'));
const get = (path, headers = {}) => fetch(stack.url + path, { redirect: 'manual', headers });
const html = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('the page', () => {
  test('allows nothing inline and nothing from elsewhere', async () => {
    for (const path of ['/console/', `${basePath}/console/`]) {
      const answer = await get(path);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8');
      assert.equal(answer.headers.get('cache-control'), 'no-cache');
      const policy = answer.headers.get('content-security-policy');
      assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.doesNotMatch(policy, /unsafe|https?:|\*/);
      assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
      const text = await answer.text();
      assert.doesNotMatch(text, /<style|style=|<script>|(src|href)="(https?:)?\/\//);
      assert.equal((await get(path, { 'If-None-Match': answer.headers.get('etag') })).status, 304);
    }
  });

  test('is led to from the start and from the address without a slash', async () => {
    for (const [path, to] of [['/', '/console/'], [basePath, `${basePath}/console/`], [`${basePath}/`, `${basePath}/console/`], ['/console', '/console/'], [`${basePath}/console`, `${basePath}/console/`]]) {
      const answer = await get(path, { Accept: html });
      assert.equal(answer.status, 302, path);
      assert.equal(new URL(answer.headers.get('location'), stack.url + path).pathname, to);
    }
    for (const accept of ['*/*', 'application/json', 'application/json;q=0.9, text/html;q=0.1']) assert.equal((await get('/', { Accept: accept })).status, 200, accept);
  });

  test('says what it is and how one signs in', async () => {
    const answer = await get('/console/settings.json');
    assert.equal(answer.headers.get('content-type'), 'application/json');
    assert.deepEqual(Object.keys(await answer.json()), ['version']);
  });
});

test('files are kept for ever, compressed before, and are what was built', async () => {
  for (const name of assets) {
    for (const base of ['', basePath]) {
      const head = await rawRequest('HEAD', `${base}/console/assets/${name}`, { 'Accept-Encoding': 'gzip' });
      assert.equal(head.status, 200, name);
      assert.equal(head.headers['cache-control'], 'public, max-age=31536000, immutable');
      assert.equal(head.headers['content-encoding'], 'gzip');
      assert.equal(head.headers['x-content-type-options'], 'nosniff');
    }
    const answer = await get(`/console/assets/${name}`);
    assert.ok(Buffer.from(await answer.arrayBuffer()).equals(readFileSync(join(dist, 'assets', name))), name);
    assert.ok(gunzipSync(readFileSync(join(dist, 'assets', `${name}.gz`))).equals(readFileSync(join(dist, 'assets', name))), name);
  }
  assert.equal((await get('/console/icon.svg')).headers.get('content-type'), 'image/svg+xml');
});

for (const target of [
  '/console/index.html', '/console/index.html.gz', '/console/.made-of', '/console/..', '/console/../docs/docs.js', '/console/%2e%2e%2fpackage.json', '/console/..%5cpackage.json',
  '/console/assets/', '/console/assets', '/console/assets/..%2f..%2fpackage.json', '/console/assets/../../../../etc/passwd', '/console/assets/%2fetc%2fpasswd', `/console/assets/${assets[0]}.gz`,
  `/console/assets/${assets[0]}%00`, `/console//assets/${assets[0]}`, `/console/assets/x/${assets[0]}`, `/console/${'a'.repeat(3000)}`,
]) {
  test(`${target.slice(0, 60)} is not there`, async () => {
    const answer = await rawRequest('GET', target);
    assert.ok([400, 404].includes(answer.status), `${answer.status}`);
    assert.doesNotMatch(answer.text, /root:|"workspaces"/);
  });
}

test('a first visit loads at most 200 KB of script, compressed', async () => {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const first = [...page.matchAll(/assets\/([^"]+\.js)/g)].map(([, name]) => name);
  assert.ok(first.length >= 1);
  const bytes = first.reduce((sum, name) => sum + statSync(join(dist, 'assets', `${name}.gz`)).size, 0);
  assert.ok(bytes <= 200_000, `${bytes} bytes`);
  // And what a view adds when it is opened stays small, too.
  for (const name of assets.filter((file) => file.endsWith('.js') && !first.includes(file))) {
    const size = statSync(join(dist, 'assets', `${name}.gz`)).size;
    assert.ok(size <= 60_000, `${name}: ${size}`);
  }
});

test('its sources are typed', { timeout: 200000 }, async () => {
  const { stdout } = await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', consoleFolder]).catch((error) => error);
  assert.equal(stdout, '');
});
