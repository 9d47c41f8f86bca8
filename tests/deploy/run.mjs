// Runs every test file here, two at a time, but for the attacks on the bus, which take a machine; the last line is
// "N passed, N failed". Arguments select files by a part of their name: node run.mjs compose
import { fileURLToPath } from 'node:url';
import { runFiles } from '../support/run_files.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const { passed, failed } = await runFiles(folder, process.argv.slice(2), { alone: ['bus.test.mjs'], concurrency: 2, timeout: 170000 });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
