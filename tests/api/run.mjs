// Starts one stack, runs every test file against it, stops it, and says how it went. The last line
// is "N passed, N failed". Arguments select files by a part of their name: node run.mjs goals auth
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { Stack } from './support/stack.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.mjs') && (!wanted.length || wanted.some((part) => name.includes(part))))
  .sort()
  .map((name) => join(folder, name));

const stack = new Stack();
const started = Date.now();
let passed = 0;
let failed = 0;

async function stop() {
  for (const problem of await stack.stop()) {
    failed += 1;
    console.log(`not ok: ${problem}`);
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => stop().finally(() => process.exit(130)));
}

function runFiles() {
  process.env.TEST_STACK = JSON.stringify(stack.describe());
  return new Promise((done, fail) => {
    const abort = new AbortController();
    stack.onProblem = () => abort.abort(); // nothing that follows could pass; stop() says what it was
    const events = run({ files, concurrency: 2, timeout: 500000, signal: abort.signal });
    const isTest = (data) => data.details?.type !== 'suite' && !data.name.endsWith('.test.mjs');
    events.on('test:pass', (data) => { if (isTest(data) && data.skip === undefined) passed += 1; });
    events.on('test:fail', (data) => { if (data.details?.type !== 'suite') failed += 1; });
    const report = typeof spec === 'function' && spec.prototype?.constructor === spec ? new spec() : spec;
    events.on('error', fail);
    const out = events.compose(report);
    out.on('end', done);
    out.on('error', fail);
    out.pipe(process.stdout, { end: false });
  });
}

try {
  await stack.start();
  console.log(`stack ready after ${Date.now() - started} ms at ${stack.url}`);
  await runFiles();
} catch (error) {
  failed += 1;
  console.log(`not ok: ${error.stack}`);
} finally {
  await stop();
}
if (passed + failed === 0) failed = 1; // a selection that matches nothing is a mistake
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
