// Starts one stack, builds the client from its documents and the console, runs every test file here against them, and says
// how it went. The last line is "N passed, N failed". Arguments select files by a part of their name: node run.mjs client
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runFiles } from '../support/run_files.mjs';
import { Stack } from '../api/support/stack.mjs';
import { buildClient, buildConsole, consoleFolder } from './support/builds.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const abort = new AbortController();
const stack = new Stack({ gateway: { TRACTION_CONSOLE_DIR: join(consoleFolder, 'dist') } });
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

try {
  await buildConsole();
  await stack.start();
  console.log(`stack ready after ${Date.now() - started} ms at ${stack.url}`);
  await buildClient(stack.url);
  console.log(`client built after ${Date.now() - started} ms`);
  process.env.TEST_STACK = JSON.stringify(stack.describe());
  stack.onProblem = () => abort.abort(); // nothing that follows could pass; stop() says what it was
  ({ passed, failed } = await runFiles(folder, process.argv.slice(2), { concurrency: 2, timeout: 300000, signal: abort.signal }));
} catch (error) {
  failed += 1;
  console.log(`not ok: ${error.stack}`);
} finally {
  await stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
