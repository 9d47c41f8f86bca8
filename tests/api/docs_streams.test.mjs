// The page of streams, in a browser: what is chosen is watched live, the lines to copy say the same, and a
// refusal is told. And that swagger-ui does not try what never ends.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { basePath, created, document, newTenant, ok, stack } from './support/client.mjs';
import { openBrowser, openPage } from './support/browser.mjs';

describe('the page of streams', { timeout: 300000 }, () => {
  let browser;
  before(async () => { browser = await openBrowser(); });
  after(() => browser?.close());

  async function open(path, client) {
    const page = await openPage(browser, stack.url + path);
    await page.waitForSelector('#types option', { state: 'attached' });
    await page.fill('#token', client.token);
    await page.click('#sign-in button');
    return page;
  }
  const until = (page, text) => page.locator('#state', { hasText: text }).waitFor();
  const shown = (page) => page.locator('#events summary').allInnerTexts();

  for (const path of ['/docs/streams', '/docs/streams/', `${basePath}/docs/streams`]) {
    test(`shows at ${path} what happens, as it happens`, async () => {
      const client = newTenant({ name: 'Zoë Müller' });
      const goal = await client.goal({ title: 'Watched' });
      const other = await client.goal();
      const page = await open(path, client);
      assert.match(await page.locator('#caller').innerText(), new RegExp(`Zoë Müller, tenant ${client.claims.tenant}`));

      await page.click('#watch');
      await until(page, 'Watching');
      const action = await client.action();
      await page.locator('#events summary', { hasText: 'action.created' }).waitFor();
      assert.match((await shown(page))[0], new RegExp(`action\\.created · Zoë Müller · ${action.id}`));
      await page.locator('#events summary').first().click();
      assert.match(await page.locator('#events pre').first().innerText(), /"entityType": "action"/);
      await page.click('#watch');
      await until(page, 'Not watching');

      await page.locator('#goal option', { hasText: 'Watched' }).waitFor({ state: 'attached' });
      await page.selectOption('#goal', goal.id);
      assert.ok(!(await page.locator('#types option').allInnerTexts()).includes('action.created'));
      await page.selectOption('#types', ['goal.*', 'strategy.created']);
      await page.click('#watch');
      await until(page, 'Watching');
      await client.strategy(other);
      ok(await client.put(`/goals/${goal.id}`, { title: 'Renamed' }));
      created(await client.post(`/goals/${goal.id}/notes`, { note: 'not chosen' }));
      await client.strategy(goal);
      await page.locator('#events summary', { hasText: 'strategy.created' }).waitFor();
      assert.deepEqual((await shown(page)).map((text) => text.split(' · ')[1]), ['strategy.created', 'goal.updated', 'action.created']);
      assert.deepEqual(page.troubles, []);
      await page.close();
    });
  }

  test('gives lines that work elsewhere', async () => {
    const client = newTenant();
    const page = await open('/docs/streams', client);
    await page.selectOption('#types', ['issue.*']);
    const curl = await page.locator('#curl').innerText();
    assert.equal(curl, `curl -N -H "Authorization: Bearer $TOKEN" '${stack.url}/realtime/tenants/${client.claims.tenant}?types=issue.*'`);
    const line = execFile('bash', ['-c', `exec ${curl} --noproxy '*' -s --max-time 20`], { env: { ...process.env, TOKEN: client.token } });
    const told = new Promise((done) => {
      let text = '';
      line.stdout.on('data', (part) => { text += part; if (text.includes('issue.created')) done(text); });
    });
    const source = await page.locator('#source').innerText();
    assert.match(source, /"issue\.created"/);
    assert.doesNotMatch(source, /"goal\.created"/);
    const seen = page.evaluate(([text, token]) => new Promise((done) => {
      const script = text.replace(/\+ token\)/, `+ ${JSON.stringify(token)})`);
      const [, address, types] = /EventSource\((".*?" \+ ".*?")\);.*?of (\[.*?\])\)/.exec(script);
      const opened = new EventSource(address.split(' + ').map((part) => JSON.parse(part)).join(''));
      for (const type of JSON.parse(types)) opened.addEventListener(type, ({ data }) => done(JSON.parse(data)));
    }), [source, client.token]);
    const deadline = setInterval(() => client.issue(), 500);
    try {
      assert.match(await told, /event: issue\.created/);
      assert.equal((await seen).type, 'issue.created');
    } finally {
      clearInterval(deadline);
      line.kill();
    }
    await page.close();
  });

  test('says why a stream is refused', async () => {
    const page = await open('/docs/streams', newTenant({ features: ['goals'] }));
    await page.click('#watch');
    await until(page, 'Refused: Your subscription does not include this part of the product');
    assert.equal(await page.locator('#watch').innerText(), 'Watch');
    await page.fill('#token', 'hunter2');
    await page.click('#sign-in button');
    assert.equal(await page.locator('#caller').innerText(), 'This does not look like a token');
    assert.ok(await page.locator('#watch').isDisabled());
    await page.close();
  });

  test('is where the page of the operations leads to, which tries no stream', async () => {
    // Of a document with these operations alone: all of them take swagger-ui long.
    const wanted = ['/realtime/goals/{goalId}/activity', '/realtime/tenants/{tenantId}', '/goals'];
    const few = { ...document.document, paths: Object.fromEntries(wanted.map((path) => [path, document.document.paths[path]])) };
    const page = await openPage(browser, `${stack.url}/docs`, (fresh) => fresh.route('**/openapi.json', (route) => route.fulfill({ json: few })));
    for (const id of ['subscribeToGoalActivity', 'subscribeToTenant']) {
      const block = page.locator(`[id$="${id}"]`);
      await block.locator('.opblock-summary-control').click();
      const link = block.getByRole('link', { name: 'Watch it live' });
      assert.equal(await link.getAttribute('href'), `${stack.url}/docs/streams`);
      await block.locator('.opblock-body .parameters-container').first().waitFor();
      assert.equal(await block.locator('.try-out__btn').count(), 0);
    }
    const other = page.locator('[id$="-getGoals"]');
    await other.locator('.opblock-summary-control').click();
    await other.locator('.try-out__btn').waitFor();
    assert.deepEqual(page.troubles, []);
    await page.close();
  });
});
