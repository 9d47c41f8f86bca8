// Signing in, the overview, and goals: what one person does, and what a second one sees of it.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { address, assertAccessible, assertStill, close, newTenant, open, openBrowser } from './support/console.mjs';
import { openLine } from './support/line.mjs';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser?.close());

const strategiesOf = (page) => page.locator('.strategies .strategy-text').allInnerTexts();
const day = (offset) => new Date(Date.now() + offset * 86400000).toISOString().slice(0, 10);
const appears = (page, text) => page.getByText(text).first().waitFor({ timeout: 10000 });

describe('signing in', () => {
  test('by a pasted token; what is none is called so', async () => {
    const client = newTenant({ name: 'Zoë Müller' });
    const page = await open(browser, null);
    await assertAccessible(page, 'sign in');
    await page.getByLabel('Token').fill('hunter2');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await appears(page, 'This does not look like a token.');
    await page.getByLabel('Token').fill(client.token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await appears(page, 'Zoë Müller');
    await page.reload();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.deepEqual(await page.evaluate(() => [Object.keys(localStorage), document.cookie]), [[], '']);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    await close(page);
  });

  test('by a link, whose token leaves the address at once and is not sent', async () => {
    const client = newTenant();
    const page = await open(browser, client);
    await page.getByRole('heading', { name: 'Recent activity' }).waitFor();
    await page.locator('.live.open').waitFor();
    // Nothing was cached: this is all that a first visit costs.
    const bytes = await page.evaluate(() => performance.getEntries().reduce((sum, { transferSize = 0 }) => sum + transferSize, 0));
    assert.ok(page.asked.length >= 8 && page.asked.length <= 14, page.asked.join('\n'));
    assert.ok(bytes > 50_000 && bytes <= 200_000, `${bytes} bytes`);
    await page.reload();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.equal(page.url(), `${address}#/`);
    assert.deepEqual(page.asked.filter((url) => url.includes(client.token)), []);
    await close(page);
  });

  test('ends when the token does, and says so', async () => {
    const client = newTenant({ exp: Math.floor(Date.now() / 1000) + 5 });
    const page = await open(browser, client);
    await appears(page, 'Your session has ended. Please sign in again.');
    page.expected.push(/401/);
    await close(page);
  });

  test('a refused token leads back', async () => {
    const client = newTenant().as({ secret: 'x'.repeat(40) });
    const page = await open(browser, null);
    page.expected.push(/401/);
    await page.getByLabel('Token').fill(client.token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await appears(page, 'Your session has ended. Please sign in again.');
    await close(page);
  });
});

describe('the overview', () => {
  test('teaches who has nothing, and fills while others work', async () => {
    const client = newTenant({ name: 'Ann One' });
    const page = await open(browser, client);
    await appears(page, 'No goal yet.');
    await assertAccessible(page, 'an empty overview');
    await page.locator('.live.open').waitFor();
    await client.goal({ title: 'Double the revenue', status: 'active' });
    await page.getByText('Double the revenue').first().waitFor({ timeout: 10000 });
    await page.locator('.card', { hasText: 'Goals' }).locator('.big', { hasText: '1' }).first().waitFor();
    await close(page);
  });

  test('says what needs attention, and judges a goal in one way', async () => {
    const client = newTenant();
    const goal = await client.goal({ title: 'Win the market', status: 'active', dueDate: day(100) });
    for (const [name, value] of [['Revenue', 50], ['Customers', 35]]) { // 50 is expected of both; the first one is primary
      const kpi = (await client.post('/kpis', { name, direction: 'up', baselineValue: 0, baselineDate: day(-100) })).data;
      await client.put(`/kpis/${kpi.id}/milestones`, { milestones: [{ milestoneDate: day(100), targetValue: 100 }] });
      await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate: day(0), actualValue: value });
      await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id });
    }
    for (let days = 1; days <= 6; days += 1) await client.action({ title: `Late by ${days}`, dueDate: day(-days) });
    await client.action({ title: 'Call the bank', dueDate: day(2), assignedPersonId: 'user-1' });
    await client.issue({ title: 'The printer burns', impact: 'critical' });
    const page = await open(browser, client);
    const attention = page.getByRole('region', { name: 'Needs attention' });
    await attention.getByText('Win the market · 30% behind plan').waitFor();
    await attention.getByRole('heading', { name: 'KPIs behind their plan 1' }).waitFor();
    await attention.getByRole('heading', { name: 'Overdue actions 6' }).waitFor();
    assert.deepEqual(await attention.getByRole('link', { name: /^Late by/ }).allInnerTexts(), [6, 5, 4, 3, 2].map((days) => `Late by ${days}`));
    await attention.getByText('6 days overdue').waitFor();
    await attention.getByRole('heading', { name: 'Issues of high impact 1' }).waitFor();
    await attention.getByRole('link', { name: 'The printer burns' }).waitFor();
    await page.getByRole('region', { name: 'Goals' }).locator('.counts', { hasText: /^on track1behind0at risk0$/ }).waitFor();
    await assertAccessible(page, 'the overview');
    await attention.getByRole('link', { name: 'Show all 6' }).click();
    await page.getByRole('link', { name: 'Late by 1' }).waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('region', { name: 'My next days' }).getByRole('link', { name: 'Call the bank' }).click();
    await page.getByRole('heading', { name: 'Edit action' }).waitFor();
    await close(page);
  });
});

describe('goals', () => {
  test('are made, found, filtered and paged', async () => {
    const client = newTenant();
    const page = await open(browser, client, '/goals');
    await page.getByRole('heading', { name: 'No goals yet' }).waitFor();
    await page.getByRole('button', { name: 'New goal' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Title').fill('Open in Łódź');
    await assertAccessible(page, 'the dialog of a new goal');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Open in Łódź', level: 1 }).waitFor();
    await Promise.all(Array.from({ length: 22 }, (_, i) => client.goal({ title: `Goal ${i}`, status: i === 3 ? 'active' : 'draft' })));
    await page.getByRole('link', { name: 'Goals', exact: true }).first().click();
    await appears(page, '23 goals');
    await page.getByText('Page 1 of 2').waitFor();
    await assertAccessible(page, 'the goals');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('link', { name: 'Open in Łódź' }).waitFor();
    await page.getByLabel('Status').selectOption('active');
    await appears(page, '1 goal');
    await page.getByLabel('Search').fill('nothing like it');
    await appears(page, 'No goal matches these filters.');
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await appears(page, '23 goals');
    await close(page);
  });

  test('are moved by the verbs that are allowed, and a second window sees it', async () => {
    const client = newTenant();
    const goal = await client.goal({ title: 'Moved' });
    const [one, two] = [await open(browser, client, `/goals/${goal.id}`), await open(browser, client.as({ user: 'user-2', name: 'Ben Two' }), `/goals/${goal.id}`)];
    await two.locator('.live.open').waitFor();
    await two.getByRole('button', { name: 'Activate' }).waitFor();
    await one.getByRole('button', { name: 'Activate' }).click();
    await two.locator('.goal-head .badge', { hasText: 'Active' }).waitFor();
    await two.getByRole('button', { name: 'Pause' }).waitFor();
    await one.getByRole('button', { name: 'Pause' }).click();
    await one.getByRole('dialog').getByLabel('Pause: say why').fill('Waiting for the permit');
    await one.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await two.locator('.goal-head .badge', { hasText: 'Paused' }).waitFor();
    await appears(two, /Waiting for the permit/);
    await close(one);
    await close(two);
  });

  test('strategies are ordered by keyboard and mouse, and come back when the server refuses', async () => {
    const client = newTenant();
    const goal = await client.goal();
    for (const description of ['first', 'second', 'third']) await client.strategy(goal, { description });
    const [one, two] = [await open(browser, client, `/goals/${goal.id}`), await open(browser, client, `/goals/${goal.id}`)];
    await one.getByText('third').waitFor();
    await two.locator('.live.open').waitFor();
    await two.getByText('third').waitFor();
    const handle = (name) => one.getByRole('button', { name: `Move “${name}”` });
    await handle('third').focus();
    await one.keyboard.press('Space');
    await appears(one, /“third”.* at place 3/);
    await one.waitForTimeout(100);
    await one.keyboard.press('ArrowUp');
    await appears(one, /“third” is at place 2/);
    await one.keyboard.press('Space');
    await two.locator('.strategies .strategy:nth-child(2)', { hasText: 'third' }).waitFor();
    assert.deepEqual(await strategiesOf(one), ['first', 'third', 'second']);

    const [from, to] = [await one.locator('.strategy-text', { hasText: 'first' }).boundingBox(), await handle('second').boundingBox()];
    await one.mouse.move(from.x + 10, from.y + 10);
    await one.mouse.down();
    await one.mouse.move(from.x + 10, from.y + 40, { steps: 4 });
    await one.mouse.move(to.x + 10, to.y + 20, { steps: 8 });
    await one.mouse.up();
    await two.locator('.strategies .strategy:nth-child(3)', { hasText: 'first' }).waitFor();
    assert.deepEqual((await client.get(`/goals/${goal.id}`)).data.strategies.map(({ description }) => description), ['third', 'second', 'first']);

    await one.route('**/strategies:reorder', (route) => route.fulfill({ status: 409, contentType: 'application/json', body: JSON.stringify({ success: false, error: 'Somebody works on it', code: 'CONFLICT', requestId: 'r-77' }) }));
    one.expected.push(/409/);
    await handle('third').focus();
    await one.keyboard.press('Space');
    await one.waitForTimeout(100);
    await one.keyboard.press('ArrowDown');
    await one.waitForTimeout(300);
    await one.keyboard.press('Space');
    await appears(one, 'Request r-77');
    await one.locator('.strategies .strategy:nth-child(1)', { hasText: 'third' }).waitFor();
    await close(one);
    await close(two);
  });

  test('an edit that meets a newer version shows both', async () => {
    const client = newTenant();
    const goal = await client.goal({ title: 'As it was' });
    const page = await open(browser, client, `/goals/${goal.id}`);
    page.expected.push(/412/);
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('dialog').getByLabel('Title').fill('My words');
    await client.put(`/goals/${goal.id}`, { title: 'Their words' });
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Somebody else was faster' }).waitFor();
    await page.getByRole('row', { name: 'Title My words Their words' }).waitFor();
    await assertAccessible(page, 'the conflict');
    assert.equal((await client.get(`/goals/${goal.id}`)).data.title, 'Their words');
    await page.getByRole('button', { name: 'Save mine' }).click();
    await page.getByRole('heading', { name: 'My words', level: 1 }).waitFor();
    assert.equal((await client.get(`/goals/${goal.id}`)).data.title, 'My words');
    await close(page);
  });

  test('KPIs are linked, drawn and given thresholds; the feed takes notes with attachments', async () => {
    const client = newTenant();
    const goal = await client.goal();
    const kpi = (await client.post('/kpis', { name: 'Revenue', unit: 'EUR', direction: 'up', baselineValue: 0, targetValue: 100 })).data;
    await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate: '2026-01-31', actualValue: 40 });
    await client.post(`/kpis/${kpi.id}/actuals`, { measurementDate: '2026-02-28', actualValue: 60 });
    const [one, two] = [await open(browser, client, `/goals/${goal.id}`), await open(browser, client, `/goals/${goal.id}`)];
    await two.locator('.live.open').waitFor();
    await one.getByRole('button', { name: 'Link a KPI' }).click();
    await one.getByRole('dialog').getByLabel('KPIs').selectOption(kpi.id);
    await one.getByRole('dialog').getByRole('button', { name: 'Link a KPI' }).click();
    for (const page of [one, two]) {
      await page.getByRole('link', { name: 'Revenue' }).waitFor();
      await page.locator('.goal-kpi canvas').waitFor();
    }
    await one.getByLabel(/On track from/).fill('50');
    await one.getByLabel(/On track from/).press('Enter');
    await one.locator('.goal-kpi .badge', { hasText: 'on track' }).waitFor();
    await one.getByLabel('Note').fill('Seen by everybody');
    await one.getByRole('button', { name: 'Attachment' }).click();
    await one.getByLabel('Name of the attachment').fill('Minutes');
    await one.getByLabel('Its address').fill('https://example.com/minutes');
    await one.getByRole('button', { name: 'Add note' }).click();
    await appears(two, 'Seen by everybody');
    assert.equal(await two.getByRole('link', { name: 'Minutes' }).getAttribute('href'), 'https://example.com/minutes');
    await assertAccessible(one, 'a goal');
    await close(one);
    await close(two);
  });

  test('what somebody may only read has no buttons that change it', async () => {
    const client = newTenant();
    const goal = await client.goal({ title: 'Only read' });
    const page = await open(browser, client.as({ role: 'viewer' }), `/goals/${goal.id}`);
    await page.getByRole('heading', { name: 'Only read' }).waitFor();
    await appears(page, 'You may read everything here, but change nothing.');
    for (const name of ['Activate', 'Edit', 'Add note', 'Link a KPI']) assert.equal(await page.getByRole('button', { name }).count(), 0, name);
    await close(page);
  });
});

describe('the connection', () => {
  test('that is lost is said so and heals, with what happened meanwhile', async (t) => {
    const client = newTenant();
    await client.goal({ title: 'Before' });
    const line = await openLine();
    t.after(() => line.cut());
    const page = await open(browser, client, '/goals', { url: line.url });
    page.expected.push(/Failed to load resource: net::/);
    await page.getByText('Before').waitFor();
    await page.locator('.live.open').waitFor();
    line.cut();
    await page.getByText('Connection lost.').waitFor();
    await client.goal({ title: 'Meanwhile' });
    await line.mend();
    await page.getByText('Meanwhile').waitFor({ timeout: 20000 });
    await page.locator('.live.open').waitFor();
    assert.equal(await page.getByText('Connection lost.').count(), 0);
    await close(page);
  });
});

test('who has no live changes is told so, and works all the same', async () => {
  const client = newTenant({ features: ['goals', 'kpis', 'operations'] });
  await client.goal({ title: 'Without a stream' });
  const page = await open(browser, client, '/goals');
  page.expected.push(/403/);
  await page.getByText('Not live').waitFor();
  await page.getByText('Without a stream').waitFor();
  assert.equal(await page.getByText('Connection lost.').count(), 0);
  await close(page);
});

describe('languages', () => {
  for (const [locale, dir, heading] of [['de-DE', 'ltr', 'Ziele'], ['ar-EG', 'rtl', 'الأهداف']]) {
    test(`${locale}`, async () => {
      const client = newTenant();
      await client.goal({ title: 'Umsatz', dueDate: '2027-03-31' });
      const page = await open(browser, client, '/goals', { locale });
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.dir), dir);
      await page.getByText('Umsatz').waitFor();
      if (dir === 'ltr') await page.getByText('31.03.2027').waitFor();
      await assertAccessible(page, locale);
      await close(page);
    });
  }
});

test('the page fits a phone, in the dark as well', async () => {
  const client = newTenant();
  const goal = await client.goal({ title: 'A rather long title of a goal that somebody wrote on a large screen without thinking of phones', status: 'active' });
  await client.strategy(goal, { description: 'A strategy with many words so that it has to wrap somewhere' });
  for (const [colorScheme, locale] of [['light', 'en-GB'], ['dark', 'de-DE']]) {
    for (const path of ['/', '/goals', `/goals/${goal.id}`]) {
      const page = await open(browser, client, path, { viewport: { width: 360, height: 740 }, colorScheme, locale });
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('.bone').first().waitFor({ state: 'detached' });
      await page.locator('.live.open').waitFor();
      await assertStill(page, path);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${path} is wider than the phone`);
      await assertAccessible(page, `${path} ${colorScheme}`);
      await close(page);
    }
  }
});
