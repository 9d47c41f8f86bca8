// Runs the test files of a folder, prints them, and counts. It knows nothing of what they test.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

// The files of `folder` whose name contains one of `wanted`, or all of them. `options` are node:test's, and
// `alone`, names of files beside which no other runs. Answers { passed, failed }; a selection that matches nothing
// is a failure.
export async function runFiles(folder, wanted, { alone = [], ...options }) {
  const counts = { passed: 0, failed: 0 };
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.test.mjs') && (!wanted.length || wanted.some((part) => name.includes(part))))
    .sort();
  const parts = [{ names: names.filter((name) => alone.includes(name)), concurrency: 1 }, { names: names.filter((name) => !alone.includes(name)) }];
  for (const { names: part, ...more } of parts) {
    if (part.length) await runPart(part.map((name) => join(folder, name)), { ...options, ...more }, counts);
  }
  if (counts.passed + counts.failed === 0) counts.failed = 1;
  return counts;
}

async function runPart(files, options, counts) {
  const isTest = (data) => data.details?.type !== 'suite' && !data.name.endsWith('.test.mjs');
  const events = run({ files, ...options });
  events.on('test:pass', (data) => { if (isTest(data) && data.skip === undefined) counts.passed += 1; });
  events.on('test:fail', (data) => { if (data.details?.type !== 'suite') counts.failed += 1; });
  const report = typeof spec === 'function' && spec.prototype?.constructor === spec ? new spec() : spec;
  await new Promise((done, fail) => {
    events.on('error', fail);
    const out = events.compose(report);
    out.on('end', done);
    out.on('error', fail);
    out.pipe(process.stdout, { end: false });
  });
}
