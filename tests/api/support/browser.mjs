// Chromium without a window, and what a page must not do: fail, or ask anybody but its own server.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

function find() {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  for (const folder of process.env.PATH.split(delimiter)) {
    for (const name of names) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch { /* the next one */ }
    }
  }
  throw new Error('there is no Chromium: apt-get install chromium');
}

export const openBrowser = () => chromium.launch({ executablePath: find(), args: ['--no-sandbox', '--disable-dev-shm-usage'] });

// A page that remembers its troubles: errors, refused scripts and styles, requests to elsewhere.
// `prepare(page)` comes before it is loaded.
export async function openPage(browser, url, prepare = async () => {}) {
  const page = await browser.newPage();
  await prepare(page);
  const { origin } = new URL(url);
  page.troubles = [];
  page.on('pageerror', (error) => page.troubles.push(String(error)));
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) page.troubles.push(message.text()); });
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (/^https?:/.test(asked.protocol) && asked.origin !== origin) page.troubles.push(`asked ${asked}`);
  });
  await page.goto(url);
  return page;
}
