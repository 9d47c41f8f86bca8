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
  const page = await context.newPage();
  page.troubles = [];
  page.expected = []; // what may be said, as patterns
  page.on('pageerror', (error) => page.troubles.push(String(error)));
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) page.troubles.push(message.text()); });
  page.on('request', (request) => { if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(url)) page.troubles.push(`asked ${request.url()}`); });
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

// No finding of axe in the page as it is now. Its script is put in past the page's policy, by the protocol.
export async function assertAccessible(page, what) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`).join(' | ')}`), []);
}
