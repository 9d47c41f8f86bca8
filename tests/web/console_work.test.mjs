// Working with issues, actions, KPIs, reports and settings.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { run } from './support/builds.mjs';
import { assertAccessible, close, newTenant, open, openBrowser } from './support/console.mjs';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser?.close());

const column = (page, name) => page.getByRole('region', { name: new RegExp(`^${name}, `) });
const statusOf = async (client, issue) => (await client.get(`/api/operations/issues/${issue.id}`)).data.status.name;

describe('the board of issues', () => {
  test('an issue is moved by list, mouse and keyboard, and a second window sees it', async () => {
    const client = newTenant();
    const issue = await client.issue({ title: 'Printer is on fire', priority: 'critical' });
    const [one, two] = [await open(browser, client, '/issues', { viewport: { width: 1800, height: 900 } }), await open(browser, client.as({ user: 'user-2' }), '/issues')];
    await two.locator('.live.open').waitFor();
    await column(two, 'Open').getByText('Printer is on fire').waitFor();
    await one.getByLabel('Move “Printer is on fire” to').selectOption({ label: 'In Progress' });
    await column(two, 'In Progress').getByText('Printer is on fire').waitFor();
    await assertAccessible(one, 'the board');

    const handle = one.getByRole('button', { name: 'Move “Printer is on fire”' });
    const [from, to] = [await handle.boundingBox(), await column(one, 'Open').boundingBox()];
    await one.mouse.move(from.x + 10, from.y + 10);
    await one.mouse.down();
    await one.mouse.move(from.x - 20, from.y + 20, { steps: 5 });
    await one.mouse.move(to.x + 60, to.y + 80, { steps: 10 });
    await one.mouse.up();
    await column(two, 'Open').getByText('Printer is on fire').waitFor();
    assert.equal(await statusOf(client, issue), 'Open');

    const [title, progress] = [await one.getByRole('link', { name: 'Printer is on fire' }).boundingBox(), await column(one, 'In Progress').boundingBox()];
    await one.mouse.move(title.x + 10, title.y + 10);
    await one.mouse.down();
    await one.mouse.move(progress.x + 60, progress.y + 80, { steps: 10 });
    await one.mouse.up();
    await column(two, 'In Progress').getByText('Printer is on fire').waitFor();
    assert.equal(await one.getByRole('dialog').count(), 0, 'a card that was put down opens');

    const columns = await one.locator('.column h2 bdi').allInnerTexts();
    await handle.focus();
    await one.keyboard.press('Space');
    await one.waitForTimeout(150);
    await one.keyboard.press('ArrowRight');
    await one.waitForTimeout(300);
    await one.keyboard.press('Space');
    await column(two, columns[columns.indexOf('In Progress') + 1]).getByText('Printer is on fire').waitFor();
    await close(one);
    await close(two);
  });

  test('a refused move comes back and says why', async () => {
    const client = newTenant();
    await client.issue({ title: 'Stays' });
    const page = await open(browser, client, '/issues');
    page.expected.push(/503/);
    await page.route('**/status', (route) => route.fulfill({ status: 403, contentType: 'application/json', body: JSON.stringify({ success: false, error: 'Not you', code: 'INSUFFICIENT_PERMISSIONS', requestId: 'r-9' }) }));
    page.expected.push(/403/);
    await page.getByLabel('Move “Stays” to').selectOption({ label: 'In Progress' });
    await page.getByText('Request r-9').waitFor();
    await column(page, 'Open').getByText('Stays').waitFor();
    await close(page);
  });

  test('an issue is reported, edited, turned into actions, and closed with its reasons', async () => {
    const client = newTenant();
    const page = await open(browser, client, '/issues');
    await page.getByRole('heading', { name: 'No issues' }).waitFor();
    await page.getByRole('button', { name: 'New issue' }).click();
    await page.getByRole('dialog').getByLabel('Title').fill('Customers wait');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: 'Customers wait' }).click();
    await page.getByRole('heading', { name: 'Edit issue' }).waitFor();
    await assertAccessible(page, 'an issue');
    await page.getByRole('button', { name: 'Make actions of it' }).click();
    await page.getByRole('dialog').getByLabel('Actions').fill('Hire somebody\n\nCall them back\n');
    await page.getByRole('dialog').getByRole('button', { name: 'Make actions of it' }).click();
    await page.getByText('2 actions made.').waitFor();
    await page.getByRole('button', { name: 'Close issue' }).click();
    await page.getByText('It is not ready to be closed').waitFor();
    await page.getByText('Call them back (Not started)').waitFor();
    await assertAccessible(page, 'closing an issue');
    await page.getByRole('dialog').getByLabel('Reason').fill('They gave up');
    await page.getByRole('button', { name: 'Close anyway' }).click();
    await column(page, 'Closed').getByText('Customers wait').waitFor();
    const [issue] = (await client.get('/api/operations/issues')).data;
    assert.deepEqual([issue.status.name, issue.statusReason, issue.connections.actionIds.length], ['Closed', 'They gave up', 2]);
    await close(page);
  });
});

test('actions are a list and a week', async () => {
  const client = newTenant();
  const day = new Date().toISOString().slice(0, 10);
  await client.action({ title: 'Due today', dueDate: day });
  await client.action({ title: 'Due last year', dueDate: '2020-01-01' });
  const page = await open(browser, client, '/actions');
  await page.locator('.row', { hasText: 'Due last year' }).getByText('overdue').waitFor();
  await page.getByLabel('Status: Due last year').selectOption('completed');
  await page.locator('.row', { hasText: 'Due last year' }).getByText('overdue').waitFor({ state: 'detached' });
  await assertAccessible(page, 'the actions');
  await page.getByRole('button', { name: 'Week' }).click();
  await page.locator('.day.now').getByRole('link', { name: 'Due today' }).waitFor();
  await page.getByText('Due last year').waitFor({ state: 'detached' });
  await assertAccessible(page, 'the week');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Due today').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Previous' }).click();
  await page.getByRole('link', { name: 'Due today' }).click();
  await page.getByRole('dialog').getByLabel('Title').fill('Due now');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('link', { name: 'Due now' }).waitFor();
  await close(page);
});

test('a measurement that one records, another sees arrive; milestones and an adjusted plan', async () => {
  const client = newTenant();
  const kpi = (await client.post('/kpis', { name: 'Revenue', unit: 'EUR', direction: 'up', baselineValue: 0, baselineDate: '2026-01-01', targetValue: 100, category: 'Finance' })).data;
  const list = await open(browser, client, '/kpis');
  await list.getByRole('link', { name: 'Revenue' }).waitFor();
  await assertAccessible(list, 'the KPIs');
  const [one, two] = [await open(browser, client, `/kpis/${kpi.id}`), await open(browser, client.as({ user: 'user-2' }), `/kpis/${kpi.id}`)];
  await two.locator('.live.open').waitFor();
  await two.getByText('Record what you measured').waitFor();
  const record = one.getByRole('form', { name: 'Record a measurement' });
  await record.getByLabel('Value').fill('42.5');
  await record.getByRole('button').click();
  await two.getByRole('cell', { name: '42.5 EUR' }).first().waitFor();
  await two.locator('canvas').waitFor();
  await list.getByRole('cell', { name: '42.5 EUR' }).waitFor();

  const milestone = one.getByRole('form', { name: 'New milestone' });
  for (const [day, value] of [['2027-06-30', '70'], ['2027-12-31', '100']]) {
    await milestone.getByLabel('Date').fill(day);
    await milestone.getByLabel('Value').fill(value);
    await milestone.getByRole('button').click();
    await two.getByRole('cell', { name: `${value} EUR` }).first().waitFor();
  }
  await assertAccessible(one, 'a KPI');
  await client.put(`/kpis/${kpi.id}/milestones`, { milestones: [{ milestoneDate: '2026-02-01', targetValue: 10 }] });
  await two.getByRole('rowheader', { name: '1 Feb 2026' }).first().waitFor();
  await one.getByRole('button', { name: 'Adjust the plan' }).click();
  await one.getByLabel('Why').fill('The market grew');
  await one.getByLabel('How').selectOption('maintain_final_goal');
  await one.getByRole('button', { name: 'Preview' }).click();
  await one.getByRole('table', { name: 'Preview' }).waitFor();
  await assertAccessible(one, 'adjusting a plan');
  const before = (await client.get(`/kpis/${kpi.id}/milestones`)).data.map(({ targetValue }) => targetValue);
  assert.deepEqual(before, [10, 70, 100]);
  await one.getByRole('button', { name: 'Adjust', exact: true }).click();
  await one.getByRole('dialog').waitFor({ state: 'detached' });
  const changed = (await client.get(`/kpis/${kpi.id}/milestones`)).data.map(({ targetValue }) => targetValue);
  assert.deepEqual([changed[0], changed[2]], [10, 100]);
  assert.notEqual(changed[1], 70);
  for (const page of [list, one, two]) await close(page);
});

test('the report is downloaded in both formats, with what was chosen', async () => {
  const client = newTenant();
  await client.goal({ title: 'On paper', status: 'active' });
  const page = await open(browser, client, '/report');
  await page.getByRole('heading', { name: 'Report' }).waitFor();
  await assertAccessible(page, 'the report');
  const download = async (format) => {
    await page.getByLabel('Format').selectOption(format);
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()]);
    assert.match(file.suggestedFilename(), new RegExp(`^company-report-\\d{8}\\.${format}$`));
    return file.path();
  };
  const [word] = [await run('unzip', ['-p', await download('docx'), 'word/document.xml'], { maxBuffer: 64 << 20 })];
  for (const title of ['Goals', 'Issues', 'On paper']) assert.ok(word.stdout.includes(`>${title}<`), title);

  const boxes = page.getByRole('group', { name: 'Sections' }).getByRole('checkbox');
  for (const box of await boxes.all()) await box.uncheck();
  await page.getByText('Choose at least one section.').waitFor();
  await assertAccessible(page, 'the report of nothing');
  await page.getByLabel('Goals').check();
  await page.getByLabel('Language').selectOption('de');
  await page.getByLabel('Paper').selectOption('letter');
  const pdf = await download('pdf');
  assert.match((await run('pdfinfo', [pdf])).stdout, /Page size: +612 x 792 pts \(letter\)/);
  const { stdout: text } = await run('pdftotext', ['-raw', pdf, '-']);
  assert.match(text, /^Ziele$/m);
  assert.ok(text.includes('On paper'));
  assert.doesNotMatch(text, /^(Goals|Probleme|Maßnahmen)$/m);
  await close(page);
});

test('settings: types and statuses, people, who I am, language and colours', async () => {
  const client = newTenant({ name: 'Ann One', role: 'manager', limits: { goals: 5, kpis: null }, features: ['goals', 'kpis', 'operations', 'realtime'] });
  await client.goal();
  const page = await open(browser, client, '/settings');
  await page.getByText('1 of 5 used').waitFor();
  await page.getByText('manager').waitFor();
  await page.getByText('goals, kpis, operations and realtime').waitFor();
  await page.getByLabel('New type').fill('Complaint');
  await page.locator('form', { has: page.getByLabel('New type') }).getByRole('button').click();
  await page.locator('li', { hasText: 'Complaint' }).getByLabel('In use').click();
  await page.locator('li', { hasText: 'Complaint' }).getByText('Inactive').waitFor();
  await page.getByLabel('New status').fill('Waiting for the customer');
  await page.locator('form', { has: page.getByLabel('New status') }).getByRole('button').click();
  await page.locator('li', { hasText: 'Waiting for the customer' }).waitFor();
  await assertAccessible(page, 'the settings');
  await page.getByLabel('Colours').selectOption('dark');
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(18, 21, 27)');
  await assertAccessible(page, 'the dark settings');
  await page.getByLabel('Language').selectOption('de');
  await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
  await close(page);
});
