// The documentation page: what is served below /docs and what is not, and that a newcomer's way
// through it works in a browser.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { basePath, created, newTenant, stack } from './support/client.mjs';
import { openBrowser, openPage } from './support/browser.mjs';
import { rawRequest } from './support/raw.mjs';
import { docsFolder, programFile } from './support/stack.mjs';

const get = (path, options) => fetch(stack.url + path, { redirect: 'manual', ...options });

describe('below /docs', () => {
  for (const [name, type] of [
    ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'], ['swagger-ui.css', 'text/css; charset=utf-8'], ['favicon-32x32.png', 'image/png'],
    ['docs.js', 'text/javascript; charset=utf-8'], ['token.js', 'text/javascript; charset=utf-8'], ['streams.js', 'text/javascript; charset=utf-8'], ['docs.css', 'text/css; charset=utf-8'],
  ]) {
    test(`${name} is served as what it is, under both prefixes`, async () => {
      for (const base of ['', basePath]) {
        const answer = await get(`${base}/docs/${name}`);
        assert.equal(answer.status, 200);
        assert.equal(answer.headers.get('content-type'), type);
        assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
        const again = await get(`${base}/docs/${name}`, { headers: { 'If-None-Match': answer.headers.get('etag') } });
        assert.equal(again.status, 304);
        const bytes = Buffer.from(await answer.arrayBuffer());
        if (/^(swagger|favicon)/.test(name)) assert.ok(bytes.equals(readFileSync(join(docsFolder, name))), 'not the file');
        const head = await rawRequest('HEAD', `${base}/docs/${name}`);
        assert.deepEqual([head.status, head.headers['content-length'], head.text], [200, String(bytes.length), '']);
      }
    });
  }

  for (const target of [
    '/docs/package.json', '/docs/swagger-ui.js', '/docs/index.html', '/docs/docs.html', '/docs/missing.html', '/docs/LICENSE', '/docs/.', '/docs/..',
    '/docs/../docs/docs.js', '/docs/../../../../etc/passwd', '/docs/%2e%2e%2f%2e%2e%2fetc%2fpasswd', '/docs/..%5cx', '/docs//docs.js', '/docs/docs.js%00.css', '/docs/DOCS.JS',
    '/docs/docs.js%20', '/docs/docs.css/x', '/docs/%2fetc%2fpasswd', `/docs/${'a'.repeat(3000)}`,
  ]) {
    test(`${target.slice(0, 60)} is not there`, async () => {
      const answer = await rawRequest('GET', target);
      assert.ok([400, 404].includes(answer.status), `${answer.status}`);
      assert.doesNotMatch(answer.text, /root:/);
    });
  }

  test('the page allows nothing from elsewhere', async () => {
    for (const path of ['/docs', '/docs/', `${basePath}/docs`]) {
      const answer = await get(path);
      assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8');
      const policy = answer.headers.get('content-security-policy');
      assert.match(policy, /default-src 'none'; script-src 'self';/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.doesNotMatch(policy, /https?:|\*|unsafe-eval/);
      const text = await answer.text();
      assert.doesNotMatch(text, /(src|href)="(https?:)?\/\//);
      assert.match(text, /How to start/);
    }
  });

  test('is only read', async () => {
    for (const path of ['/', '/docs', '/docs/streams', '/docs/docs.js', '/openapi.json', '/asyncapi.json']) {
      const answer = await get(path, { method: 'POST' });
      assert.equal(answer.status, 405);
      assert.equal(answer.headers.get('allow'), 'GET, HEAD, OPTIONS');
    }
  });
});

describe('the start', () => {
  const browserAsks = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';
  const html = 'text/html; charset=utf-8';

  test('is a page, or JSON for who asks for it', async () => {
    for (const path of ['/', basePath, `${basePath}/`]) {
      for (const [accept, type] of [[browserAsks, html], ['*/*', html], ['text/*', html], ['application/json', 'application/json'], ['application/json, text/plain, */*', 'application/json'],
        ['application/json;q=0.5, text/html', html], ['text/html;q=0.2, application/json;q=0.9', 'application/json'], ['application/*', 'application/json'], ['image/png', html],
        ['application/json, text/html', html], ['application/json;q=0', html], ['APPLICATION/JSON; q=0.9, */*; q=0.1', 'application/json']]) {
        for (const method of ['GET', 'HEAD']) {
          const answer = await get(path, { method, headers: { Accept: accept } });
          assert.equal(answer.status, 200);
          assert.equal(answer.headers.get('content-type'), type, `${path} ${accept}`);
          assert.match(answer.headers.get('vary'), /\bAccept\b(?!-)/);
          assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
          assert.match(answer.headers.get('etag'), /^".+"$/);
          const text = await answer.text();
          assert.equal(text === '', method === 'HEAD');
        }
      }
    }
  });

  test('leads to what there is', async () => {
    for (const [path, base] of [['/', ''], [basePath, basePath], [`${basePath}/`, basePath]]) {
      const page = await (await get(path)).text();
      const links = [...page.matchAll(/href="(?!data:)([^"]+)"/g)].map(([, link]) => new URL(link, stack.url + path).pathname);
      assert.deepEqual(links.sort(), [`${base}/asyncapi.json`, `${base}/docs`, `${base}/docs/docs.css`, `${base}/docs/streams`, `${base}/health/detailed`, `${base}/openapi.json`]);
      const { success, data } = await (await get(path, { headers: { Accept: 'application/json' } })).json();
      assert.equal(success, true);
      assert.deepEqual({ ...data, version: null }, { service: 'traction', version: null, documentation: `${base}/docs`, openapi: `${base}/openapi.json`, asyncapi: `${base}/asyncapi.json`, health: `${base}/health` });
      for (const link of [...links, data.documentation, data.openapi, data.asyncapi, data.health]) assert.equal((await get(link)).status, 200, link);
    }
  });

  test('answers an unchanged one with 304, and says what it allows', async () => {
    const { headers } = await get('/');
    assert.equal((await get('/', { headers: { 'If-None-Match': headers.get('etag') } })).status, 304);
    assert.equal((await get('/', { headers: { 'If-None-Match': headers.get('etag'), Accept: 'application/json' } })).status, 200);
    assert.equal((await get('/', { method: 'OPTIONS' })).headers.get('allow'), 'GET, HEAD, OPTIONS');
  });
});

// A gateway alone, which has no files of swagger-ui.
describe('without swagger-ui', () => {
  const folder = mkdtempSync(join(tmpdir(), 'traction-docs-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function pageOf(settings) {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const { port } = server.address();
    await new Promise((done) => server.close(done));
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TRACTION_|TEST_)/.test(name)));
    const gateway = spawn(programFile('gateway'), [], {
      env: { ...env, TRACTION_PORT: port, TRACTION_BUS_DIR: folder, TRACTION_JWT_SECRET: 'x'.repeat(32), ...settings }, stdio: 'ignore',
    });
    const gone = new Promise((done) => gateway.once('exit', done));
    try {
      for (let i = 0; i < 400; i += 1) {
        try {
          return { text: await (await fetch(`http://127.0.0.1:${port}/docs`)).text(), missing: (await fetch(`http://127.0.0.1:${port}/docs/swagger-ui.css`)).status };
        } catch { await sleep(25); }
      }
      throw new Error('the gateway did not answer');
    } finally {
      gateway.kill('SIGINT'); // at which it does not wait for the connections that fetch keeps
      assert.equal(await gone, 0);
    }
  }

  test('the page says how to add it', async () => {
    writeFileSync(join(folder, 'swagger-ui.css'), 'body {}'); // alone, it does not make a page
    writeFileSync(join(folder, 'swagger-ui-bundle.js'), '');
    for (const settings of [{}, { TRACTION_DOCS_DIR: join(folder, 'nothing') }, { TRACTION_DOCS_DIR: folder }]) {
      const { text } = await pageOf(settings);
      assert.match(text, /npm install swagger-ui-dist/);
      assert.match(text, /openapi\.json/);
      assert.doesNotMatch(text, /swagger-ui-bundle\.js/);
    }
    assert.equal((await pageOf({})).missing, 404);
  });
});

describe('in a browser', { timeout: 400000 }, () => {
  let browser;
  before(async () => { browser = await openBrowser(); });
  after(() => browser?.close());

  // What a newcomer does: paste the token, open an operation, try it out.
  async function execute(page, id, fill = async () => {}) {
    const block = page.locator(`[id$="${id}"]`);
    if (!await block.locator('.opblock-body').isVisible()) await block.locator('.opblock-summary-control').click();
    await block.locator('.try-out__btn').click();
    await fill(block);
    const answer = page.waitForResponse((response) => !response.url().includes('/docs') && !response.url().endsWith('.json'));
    await block.locator('button.execute').click();
    const shown = block.locator('.live-responses-table tr.response .response-col_status');
    await shown.waitFor();
    return { answer: await answer, status: (await shown.innerText()).split(/\s/)[0], text: await block.locator('.live-responses-table').innerText() };
  }

  async function signIn(page, token) {
    await page.fill('#token', token);
    await page.click('#sign-in button');
  }

  test('the start leads to the documentation', async () => {
    for (const path of ['/', basePath, `${basePath}/`]) {
      const page = await openPage(browser, stack.url + path);
      await page.getByRole('link', { name: 'The documentation' }).click();
      await page.waitForURL(/\/docs$/);
      await page.waitForSelector('#sign-in');
      assert.deepEqual(page.troubles, []);
      await page.close();
    }
  });

  for (const [where, path] of [['/docs', '/docs'], ['/docs/', '/docs/'], ['the base path', `${basePath}/docs`]]) {
    test(`Try it out works at ${where}, with no other address asked`, async () => {
      const client = newTenant({ name: 'Zoë Müller' });
      created(await client.post('/goals', { title: 'Seen in the page', horizon: 'year', ownerId: 'o' }));
      const page = await openPage(browser, stack.url + path);
      await page.waitForSelector('[id$="getGoals"]');
      const none = await execute(page, 'getGoals');
      assert.equal(none.status, '401');
      const trouble = page.troubles.splice(0); // the browser itself notes the 401
      assert.ok(trouble.every((text) => text.includes('401')), trouble.join('\n'));
      await page.reload();
      await page.waitForSelector('[id$="getGoals"]');
      await signIn(page, client.token);
      assert.match(await page.locator('#caller').innerText(), new RegExp(`Zoë Müller, tenant ${client.claims.tenant}`));
      const some = await execute(page, 'getGoals');
      assert.equal(some.status, '200');
      assert.match(some.text, /Seen in the page/);
      assert.ok(some.answer.url().startsWith(stack.url + path.replace(/\/docs\/?$/, '/goals')), some.answer.url());
      assert.deepEqual(page.troubles, []);
      await page.close();
    });
  }

  test('the example of a body makes a goal as it is', async () => {
    const client = newTenant();
    const page = await openPage(browser, `${stack.url}/docs`);
    await page.waitForSelector('[id$="createGoal"]');
    await signIn(page, client.token);
    const made = await execute(page, '-createGoal');
    assert.equal(made.status, '201');
    assert.match(made.text, /Grow subscription revenue/);
    assert.deepEqual(page.troubles, []);
    await page.close();
  });

  test('swagger-ui\'s own Authorize does the same', async () => {
    const client = newTenant();
    const page = await openPage(browser, `${stack.url}/docs`);
    await page.waitForSelector('.btn.authorize');
    await page.locator('.btn.authorize').click();
    await page.locator('.auth-container', { hasText: 'bearer' }).locator('input').first().fill(client.token);
    await page.locator('.auth-container', { hasText: 'bearer' }).locator('button.authorize').first().click();
    await page.locator('.btn-done').first().click();
    assert.equal((await execute(page, 'getGoals')).status, '200');
    await page.close();
  });

  test('what is pasted by mistake is called by its name', async () => {
    const page = await openPage(browser, `${stack.url}/docs`);
    await page.waitForSelector('[id$="getGoals"]');
    await signIn(page, 'hunter2');
    assert.equal(await page.locator('#caller').innerText(), 'This does not look like a token');
    assert.deepEqual(page.troubles, []);
    await page.close();
  });
});
