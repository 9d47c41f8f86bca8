// People in front of the console: each has a window, a token and a language, and what must never happen is noticed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newTenant, stack } from '../../api/support/client.mjs';
import { openBrowser } from '../../api/support/browser.mjs';
import { root } from './builds.mjs';

export { newTenant, openBrowser };
export const address = `${stack.url}/console/`;
const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');

// Answers the page of somebody who is signed in and looks at `path`.
export async function open(browser, client, path = '/', { viewport = { width: 1200, height: 900 }, locale = 'en-GB', colorScheme = 'light', url = stack.url } = {}) {
  const context = await browser.newContext({ viewport, locale, colorScheme, acceptDownloads: true });
  // How much moved without anybody having asked for it (CLS, but all of it, not the worst five seconds).
  await context.addInitScript(() => {
    window.moved = 0;
    const add = (entries) => entries.forEach(({ value, hadRecentInput }) => { if (!hadRecentInput) window.moved += value; });
    new PerformanceObserver((list) => add(list.getEntries())).observe({ type: 'layout-shift', buffered: true });
  });
  const page = await context.newPage();
  page.asked = [];
  page.troubles = [];
  page.expected = []; // what may be said, as patterns
  page.on('pageerror', (error) => page.troubles.push(String(error)));
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) page.troubles.push(message.text()); });
  page.on('request', (request) => {
    page.asked.push(request.url());
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(url)) page.troubles.push(`asked ${request.url()}`);
  });
  await page.goto(`${url}/console/${client ? `#token=${client.token}` : ''}`);
  if (client) {
    await page.getByRole('navigation').first().waitFor();
    if (path !== '/') await page.evaluate((to) => { location.hash = `#${to}`; }, path);
  }
  return page;
}

export async function close(page) {
  const troubles = page.troubles.filter((text) => !page.expected.some((pattern) => pattern.test(text)));
  await page.context().close();
  assert.deepEqual(troubles, []);
}

// Nothing jumped while the page was filled.
export async function assertStill(page, what) {
  const moved = await page.evaluate(() => window.moved);
  assert.ok(moved <= 0.1, `${what} moves by ${moved}`);
}

// No finding of axe in the page as it is now. Its script is put in past the page's policy, by the protocol.
export async function assertAccessible(page, what) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`).join(' | ')}`), []);
}
