// Starts one stack, runs every test file against it, stops it, and says how it went; a few files at a
// time, for much of a test is waiting. Files that start stacks of their own begin with the same migrated cluster. The last line is "N passed, N failed". Arguments select files by a part of their name: node run.mjs goals auth
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runFiles } from '../support/run_files.mjs';
import { Stack } from './support/stack.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const abort = new AbortController();
const place = mkdtempSync(join(tmpdir(), 'traction-cluster-'));
const stack = new Stack();
const started = Date.now();
let passed = 0;
let failed = 0;

async function stop() {
  rmSync(place, { recursive: true, force: true });
  for (const problem of await stack.stop()) {
    failed += 1;
    console.log(`not ok: ${problem}`);
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => stop().finally(() => process.exit(130)));
}

try {
  chmodSync(place, 0o755); // PostgreSQL's user reads in it
  await Stack.prepare(join(place, 'cluster.tar'));
  await stack.start();
  console.log(`stack ready after ${Date.now() - started} ms at ${stack.url}`);
  process.env.TEST_STACK = JSON.stringify(stack.describe());
  stack.onProblem = () => abort.abort(); // nothing that follows could pass; stop() says what it was
  ({ passed, failed } = await runFiles(folder, process.argv.slice(2), { concurrency: availableParallelism() + 1, timeout: 500000, signal: abort.signal }));
} catch (error) {
  failed += 1;
  console.log(`not ok: ${error.stack}`);
} finally {
  await stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
