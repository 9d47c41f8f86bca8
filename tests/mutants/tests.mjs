// The tests that a mutant can meet: those of ctest and, file by file, the API suite. Each is run alone, at
// idle priority, and ended at its first failure.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { programs } from '../support/services.mjs';

export const idle = ['chrt', '--idle', '0'];

const running = new Set(); // process groups, which end with us
process.on('exit', () => { for (const pid of running) try { process.kill(-pid, 'SIGKILL'); } catch { /* it has ended */ } });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

// { name, words, cwd, env, targets } of each, of the programs built in `build` from `source`.
export function listTests(build, source, { api }) {
  const known = execFileSync('ctest', ['--test-dir', build, '--show-only=json-v1'], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const list = JSON.parse(known.slice(known.indexOf('{'))).tests.map(({ name, command, properties }) => {
    const property = Object.fromEntries(properties.map((one) => [one.name, one.value]));
    const targets = command.filter((word) => word.startsWith(`${build}/`)).map((word) => word.slice(build.length + 1));
    // Check says of each case how it went as soon as it has ended.
    const env = { CK_TAP_LOG_FILE_NAME: '-', ...Object.fromEntries((property.ENVIRONMENT ?? []).map((pair) => /^([^=]*)=(.*)$/s.exec(pair).slice(1))) };
    return { name, words: command, cwd: property.WORKING_DIRECTORY, env, targets };
  });
  if (!api) return list;
  const folder = join(source, 'tests/api');
  return list.concat(readdirSync(folder).filter((file) => file.endsWith('.test.mjs')).map((file) => ({
    name: `api/${file.replace('.test.mjs', '')}`, words: ['node', join(folder, 'run.mjs'), file], cwd: folder,
    env: { TEST_BIN: build, TEST_RELEASE_BIN: build }, targets: [...programs, 'report-writer'],
  })));
}

// Runs one test for at most `limit_s`, or until `signal`: { good, late, seconds }, `late` being one that did not end in time.
// What it started dies with it, and its temporary files go.
export async function runTest({ words, cwd, env }, { limit_s, signal, more = {} }) {
  const folder = mkdtempSync(join(tmpdir(), 'm-'));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user when we are root
  const began = performance.now();
  const child = spawn(idle[0], [...idle.slice(1), ...words], {
    cwd, env: { ...process.env, ...env, ...more, TMPDIR: folder }, detached: true, stdio: ['ignore', 'pipe', 'ignore'],
  });
  running.add(child.pid);
  let ended = false, late = false;
  const kill = (how) => { try { return process.kill(-child.pid, how); } catch { return false; } }; // nobody is left
  const end = () => {
    if (ended) return;
    ended = true;
    kill('SIGTERM'); // at which Check ends its case, which has a group of its own
    setTimeout(() => { if (child.exitCode === null) kill('SIGKILL'); }, 2000).unref();
  };
  const timer = setTimeout(() => { late = true; end(); }, limit_s * 1000);
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();
  createInterface({ input: child.stdout }).on('line', (line) => { if (/^\s*(not ok\b|✖ )/.test(line)) end(); });
  const code = await new Promise((done) => { child.on('error', () => done(1)); child.on('exit', done); });
  clearTimeout(timer);
  signal?.removeEventListener('abort', end);
  const seconds = (performance.now() - began) / 1000;
  // What it started notices its death, and a PostgreSQL that is not killed leaves no shared memory.
  for (let i = 0; i < 100 && kill(0); i += 1) await sleep(20);
  kill('SIGKILL');
  running.delete(child.pid);
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  return { good: code === 0 && !ended, late, seconds };
}
