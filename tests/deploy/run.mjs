// Runs every test file here; the last line is "N passed, N failed". Arguments select files by a part
// of their name: node run.mjs compose
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const folder = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.mjs') && (!wanted.length || wanted.some((part) => name.includes(part))))
  .sort()
  .map((name) => join(folder, name));
let passed = 0;
let failed = 0;

const isTest = (data) => data.details?.type !== 'suite' && !data.name.endsWith('.test.mjs');
const events = run({ files, concurrency: 1, timeout: 170000 });
events.on('test:pass', (data) => { if (isTest(data) && data.skip === undefined) passed += 1; });
events.on('test:fail', (data) => { if (data.details?.type !== 'suite') failed += 1; });
const report = typeof spec === 'function' && spec.prototype?.constructor === spec ? new spec() : spec;
await new Promise((done, fail) => {
  const out = events.compose(report);
  out.on('end', done);
  out.on('error', fail);
  out.pipe(process.stdout, { end: false });
});
if (passed + failed === 0) failed = 1; // a selection that matches nothing is a mistake
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
