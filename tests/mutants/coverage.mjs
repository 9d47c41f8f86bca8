// Which tests run which line: each test once with programs that count (gcc --coverage), its counters in a folder of its
// own. What each has run is kept in a file, as long as the sources are the same. Programs that a test kills write no
// counters.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { runTest } from './tests.mjs';

const HOUR_S = 3600;

// { seconds, files: { file: { run, code, functions } } } of one test: the lines it ran, those that have code, and the first
// and last lines of functions. `wanted` says which sources matter.
async function measure(test, { build, source, folder, wanted }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const more = { GCOV_PREFIX: folder, GCOV_PREFIX_STRIP: String(build.split('/').length - 1) };
  const { good, seconds } = await runTest(test, { limit_s: HOUR_S, more });
  const files = {};
  const counters = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.gcda') && wanted(name));
  for (const name of counters) symlinkSync(join(build, name.replace('.gcda', '.gcno')), join(folder, name.replace('.gcda', '.gcno')));
  const said = counters.length ? execFileSync('gcov', ['--json-format', '--stdout', ...counters], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] }) : '';
  for (const line of said.split('\n').filter(Boolean)) {
    const { current_working_directory: at, files: seen } = JSON.parse(line);
    for (const { file, lines, functions } of seen) {
      const name = relative(source, resolve(at, file));
      if (!wanted(name)) continue;
      const one = files[name] ??= { run: [], code: [], functions: [] };
      one.run = [...new Set([...one.run, ...lines.filter(({ count }) => count > 0).map(({ line_number: number }) => number)])];
      one.code = [...new Set([...one.code, ...lines.map(({ line_number: number }) => number)])];
      one.functions = functions.map(({ start_line: first, end_line: last }) => [first, last]);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  return { good, seconds, files };
}

// Answers { good, seconds, files } by the name of the test. `build` holds the counting programs; `keyOf` a test changes
// with the sources.
export async function measureAll(tests, { build, source, work, wanted, keyOf, say }) {
  const measured = {}, queue = [];
  const file = (test) => join(work, `${test.name.replaceAll('/', '.')}.json`);
  mkdirSync(work, { recursive: true });
  for (const test of tests) {
    const kept = existsSync(file(test)) ? JSON.parse(readFileSync(file(test), 'utf8')) : {};
    if (kept.key === keyOf(test)) measured[test.name] = kept;
    else queue.push(test);
  }
  const count = queue.length;
  if (count) say(`finding out which lines ${count} tests run`);
  const lane = async () => {
    for (let test; (test = queue.shift());) {
      const result = measured[test.name] = { key: keyOf(test), ...await measure(test, { build, source, folder: `${file(test)}.counters`, wanted }) };
      if (result.good) writeFileSync(file(test), JSON.stringify(result));
      say(`${count - queue.length}/${count} ${test.name}: ${result.seconds.toFixed(1)} s${result.good ? '' : ', fails'}`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return measured;
}

// The names of the tests that run that line. One without code of its own goes with the last above it in its function;
// one outside of functions (a table) with the whole file, or its folder.
export function testsOfLine(measured, file, line) {
  const all = Object.entries(measured);
  const seen = all.map(([, { files }]) => files[file]).filter(Boolean);
  const within = seen.flatMap(({ functions }) => functions).find(([first, last]) => first <= line && line <= last);
  if (!within) {
    const runs = (places) => all.filter(([, { files }]) => places(files).some((one) => one?.run.length)).map(([name]) => name);
    const whole = runs((files) => [files[file]]);
    const folder = `${dirname(file)}/`;
    return whole.length ? whole : runs((files) => Object.entries(files).filter(([name]) => name.startsWith(folder)).map(([, one]) => one));
  }
  const at = Math.max(...seen.flatMap(({ code }) => code).filter((number) => within[0] <= number && number <= line));
  return all.filter(([, { files }]) => files[file]?.run.includes(at)).map(([name]) => name);
}
