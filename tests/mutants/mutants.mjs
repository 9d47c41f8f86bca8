// Changes one token or statement of the sources at a time, and sees whether a test notices: a mutant meets the tests
// that run its line (coverage.mjs), those of its folder first and the quick ones before the slow, until one fails or
// --most seconds are over; with --api also those of the API suite. Works on a copy of the sources. A mutant that does not
// compile, or whose object code is the same, does not count. Ends with what survived and "N passed, N failed": it fails
// below --least per cent.
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureAll, testsOfLine } from './coverage.mjs';
import { mutantOf, sitesOf } from './sites.mjs';
import { idle, listTests, runTest } from './tests.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

function refuse(why) {
  console.error(`mutants: ${why}`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { count: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' }, least: { type: 'string', default: '90' }, most: { type: 'string', default: '600' }, api: { type: 'boolean' } },
    });
  } catch (error) {
    return refuse(error.message);
  }
}

const { values, positionals } = readArguments();
const count = Number(values.count), seed = Number(values.seed), least = Number(values.least), most_s = Number(values.most);
if (![count, seed, least, most_s].every((number) => Number.isSafeInteger(number) && number >= 0) || count < 1)
  refuse('--count, --seed, --least and --most need numbers');

// The tests of a folder, by ctest's names.
const OWN = {
  'proto/model': /^unit\/(model|api|gateway\/json)\//, 'runtime/events': /^(events|unit\/events)\//, 'svc-goals': /^service\/goals|^unit\/.*\/goal_cache/, 'svc-kpis': /^service\/kpis/,
  'svc-operations': /^service\/operations/, 'svc-analytics': /^service\/analytics|^unit\/.*\/kept_texts/, 'svc-realtime': /^service\/realtime/,
};
const known = Object.keys(OWN);
const folders = positionals.length ? positionals : known;
for (const folder of folders)
  if (!known.some((one) => folder === one || folder.startsWith(`${one}/`))) refuse(`there are no tests of ${folder} alone; there are: ${known.join(', ')}`);

const work = join(root, 'build/mutants'), source = join(work, 'source'), build = join(work, 'build'), counting = join(work, 'counting');
const results = join(root, `tests/mutants/seed-${seed}.jsonl`); // in the repository: 300 take hours, and need not be done on one machine
const changed = join(work, 'changed'); // names the file that is changed now
const say = (text) => console.log(text);
const hashOf = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex').slice(0, 16);

const listed = (...paths) => execFileSync('git', ['-C', root, 'ls-files', '-z', ...paths], { encoding: 'utf8', maxBuffer: 1 << 28 }).split('\0').filter(Boolean);

function copySources() {
  rmSync(source, { recursive: true, force: true });
  mkdirSync(source, { recursive: true });
  const packed = execFileSync('tar', ['-C', root, '--null', '-T', '-', '-cf', '-'], { input: listed().join('\0'), maxBuffer: 1 << 28 });
  execFileSync('tar', ['-x', '-C', source], { input: packed });
  if (values.api) symlinkSync(join(root, 'tests/api/node_modules'), join(source, 'tests/api/node_modules'));
}

// In an order that is random, and stays the same for the others when one file changes.
function shuffled(places) {
  const alike = new Map();
  const ranked = places.map((place) => {
    const { file, site: { kind, was, becomes } } = place, what = [file, kind, was, becomes].join('\n');
    alike.set(what, (alike.get(what) ?? 0) + 1);
    return { place, rank: hashOf(String(seed), what, String(alike.get(what))) };
  });
  return ranked.sort((one, other) => (one.rank < other.rank ? -1 : 1)).map(({ place }) => place);
}

function run(program, args) {
  return new Promise((done) => execFile(program, args, { maxBuffer: 1 << 28 }, (error, out, err) => done({ good: !error, out: out + err })));
}

// Builds in one folder follow each other.
let last = Promise.resolve();
function compiles(folder, targets) {
  return last = last.then(async () => (await run(idle[0], [...idle.slice(1), 'ninja', '-C', folder, '--quiet', ...targets])).good);
}

async function prepare(folder, flags) {
  if (!existsSync(join(folder, 'build.ninja'))) {
    const made = await run('cmake', ['-S', source, '-B', folder, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Debug', `-DCMAKE_C_FLAGS_DEBUG=${flags}`]);
    if (!made.good) refuse(made.out);
  }
  if (!await compiles(folder, [])) refuse(`the sources do not build in ${folder}`);
}

const objectsOf = (file) => execFileSync('find', [build, '-path', `*/${file}.o`, '-printf', '%P\n'], { encoding: 'utf8' }).trim().split('\n');
const objectHashes = {}; // of sources as they are
const objectHash = (file) => hashOf(...objectsOf(file).map((object) => readFileSync(join(build, object))));

// The first of the tests that fails, or null: one for each processor at a time. Those that pass are added to `passed`. None
// begins after `until`.
async function firstFailure(tests, measured, passed, until = Infinity) {
  const queue = tests.filter((test) => !passed.has(test));
  const ending = new AbortController();
  let failed = null;
  const lane = async () => {
    for (let test; !failed && performance.now() < until && (test = queue.shift());) {
      const usual_s = measured[test.name].seconds;
      const result = await compiles(build, test.targets) ? await runTest(test, { limit_s: 30 + 5 * usual_s, signal: ending.signal }) : { good: false, seconds: 0 };
      if (failed) return;
      if (result.good) passed.add(test);
      else failed = { test, slow: result.late || result.seconds > 5 + 2 * usual_s };
      if (failed) ending.abort();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return failed;
}

// How a mutant ends. A test that took unusually long to fail may have failed of other work on this machine: it is
// believed when it passes without the mutant.
async function tryOut({ file, site }, tests, measured) {
  const place = join(source, file), original = readFileSync(place, 'utf8');
  const passed = new Set(), until = performance.now() + most_s * 1000;
  objectHashes[file] ??= objectHash(file);
  writeFileSync(changed, file);
  const put = (text) => writeFileSync(place, text);
  put(mutantOf(original, site));
  try {
    if (!await compiles(build, objectsOf(file))) return { end: 'does not compile' };
    if (objectHash(file) === objectHashes[file]) return { end: 'is the same' };
    if (!tests.length) return { end: 'survived', note: 'no test runs this line' };
    for (;;) {
      const failed = await firstFailure(tests, measured, passed, until);
      if (!failed) return { end: 'survived', note: `${passed.size} of ${tests.length} tests met it` };
      const end = OWN[known.find((folder) => file.startsWith(`${folder}/`))].test(failed.test.name) ? 'killed' : 'killed late';
      if (!failed.slow) return { end, by: failed.test.name };
      put(original);
      if (!await firstFailure([failed.test], measured, passed)) return { end, by: failed.test.name };
      passed.add(failed.test); // which says nothing
      put(mutantOf(original, site));
    }
  } finally {
    put(original);
  }
}

// Changes with whatever may change which lines a test runs: the product, what tests share, and its own file.
const isTest = (file) => /\/test_\w+\.c$|\.test\.mjs$/.test(file);
const shared = hashOf(...listed('CMakeLists.txt', 'proto', 'runtime', 'gateway', 'report', 'svc-*', 'tools', 'tests')
  .filter((file) => !isTest(file) && !file.startsWith('tests/mutants/')).map((file) => readFileSync(join(root, file))));
const ownFile = ({ name }) => [`tests/${dirname(name)}/test_${basename(name)}.c`, `tests/${name}.test.mjs`].map((file) => join(root, file)).filter((file) => existsSync(file));
const lineKey = (test) => hashOf(shared, ...ownFile(test).map((file) => readFileSync(file)));

mkdirSync(work, { recursive: true });
copySources();
say('building the sources as they are');
await prepare(counting, '--coverage -fprofile-update=atomic');
// A run that was killed has left the object of a mutant, which is newer than its source.
if (existsSync(changed)) utimesSync(join(source, readFileSync(changed, 'utf8')), new Date(), new Date());
await prepare(build, '-O1'); // where a change makes no difference, optimised code is the same more often
const measured = await measureAll(listTests(counting, source, values), { build: counting, source, work: join(work, 'lines'), say, keyOf: lineKey,
  wanted: (name) => known.some((folder) => `/${name}`.includes(`/${folder}/`)) });
const tests = listTests(build, source, values).filter(({ name }) => measured[name].good);
for (const [name] of Object.entries(measured).filter(([, { good }]) => !good)) say(`${name} fails without any change, and is left out`);

// Those of the folder first, then the others of ctest, then the API suite, which needs a whole stack.
function testsFor(file, line) {
  const own = OWN[known.find((folder) => file.startsWith(`${folder}/`))], names = new Set(testsOfLine(measured, file, line));
  const rank = ({ name }) => (own.test(name) ? 0 : name.startsWith('api/') ? 2 : 1);
  return tests.filter(({ name }) => names.has(name)).sort((a, b) => rank(a) - rank(b) || measured[a.name].seconds - measured[b.name].seconds);
}

const files = listed(...folders.map((folder) => `${folder}/**.c`));
const textOf = Object.fromEntries(files.map((file) => [file, readFileSync(join(source, file), 'utf8')]));
const order = shuffled(files.flatMap((file) => sitesOf(textOf[file]).map((site) => ({ file, site }))));
const nameOf = ({ file, site }) => `${file}:${site.line}: ${site.kind}: ${site.was} -> ${site.becomes}`;

// What earlier runs found holds while the file is the same, and of a survivor also the tests of its line are.
const keyOf = ({ file, site }, end) => hashOf(textOf[file], ...(end === 'survived' ? testsFor(file, site.line).flatMap((test) => [test.name, ...ownFile(test).map((one) => readFileSync(one))]) : ['']));
const done = new Map((existsSync(results) ? readFileSync(results, 'utf8') : '').split('\n').filter(Boolean).map((line) => JSON.parse(line)).map((one) => [one.name, one]));
const ends = { killed: 0, 'killed late': 0, survived: 0, 'does not compile': 0, 'is the same': 0 };
const survivors = [];
say(`${order.length} places in ${files.length} files; ${count} mutants that compile, seed ${seed}; kept in ${relative(root, results)}`);
for (const one of order) {
  const counted = ends.killed + ends['killed late'] + ends.survived;
  if (counted >= count) break;
  const name = nameOf(one);
  let result = done.get(name);
  if (!result || result.key !== keyOf(one, result.end)) {
    const began = performance.now();
    result = { name, ...await tryOut(one, testsFor(one.file, one.site.line), measured) };
    Object.assign(result, { key: keyOf(one, result.end), seconds: Math.round((performance.now() - began) / 100) / 10 });
    appendFileSync(results, `${JSON.stringify(result)}\n`);
  }
  ends[result.end] += 1;
  if (result.end === 'survived') survivors.push(`${name} (${result.note})`);
  if (!['does not compile', 'is the same'].includes(result.end)) say(`${counted + 1}/${count} ${result.end}${result.by ? ` by ${result.by}` : ''}${result.note ? ` (${result.note})` : ''} after ${result.seconds} s: ${name}`);
}
const total = ends.killed + ends['killed late'] + ends.survived, killed = ends.killed + ends['killed late'];
for (const name of survivors) say(`survived: ${name}`);
const share = total ? (100 * killed) / total : 0;
say(`${total} mutants: ${ends.killed} killed by the folder's own tests, ${ends['killed late']} by others, ${ends.survived} survived (${share.toFixed(1)} % killed);`
  + ` ${ends['does not compile']} did not compile, ${ends['is the same']} changed nothing`);
say(share >= least ? '1 passed, 0 failed' : '0 passed, 1 failed');
process.exit(share >= least ? 0 : 1);
