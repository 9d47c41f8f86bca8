// Changes one token or statement of the sources at a time, and sees whether a test notices: first the
// tests of the changed folder, stopping at the first that fails; what survives them meets all of ctest's, and with
// --api the API suite. Works on a copy of the sources. A mutant that does not compile, or whose object code is
// the same, does not count. Ends with what survived and "N passed, N failed": it fails below --least per cent.
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from '../chaos/random.mjs';
import { mutantOf, sitesOf } from './sites.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

function refuse(why) {
  console.error(`mutants: ${why}`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { count: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' }, least: { type: 'string', default: '90' }, api: { type: 'boolean' } },
    });
  } catch (error) {
    return refuse(error.message);
  }
}

const { values, positionals } = readArguments();
const count = Number(values.count), seed = Number(values.seed), least = Number(values.least);
if (![count, seed, least].every((number) => Number.isSafeInteger(number) && number >= 0) || count < 1)
  refuse('--count, --seed and --least need numbers');

// The tests of a folder, by ctest's names.
const TESTS = {
  'proto/model': '^unit/(model|api|gateway/json)/', 'runtime/events': '^(events|unit/events)/', 'svc-goals': '^service/goals|^unit/.*/goal_cache', 'svc-kpis': '^service/kpis',
  'svc-operations': '^service/operations', 'svc-analytics': '^service/analytics', 'svc-realtime': '^service/realtime',
};
const folders = positionals.length ? positionals : Object.keys(TESTS);
for (const folder of folders) {
  if (Object.keys(TESTS).some((known) => folder === known || folder.startsWith(`${known}/`))) continue;
  refuse(`there are no tests of ${folder} alone; there are: ${Object.keys(TESTS).join(', ')}`);
}
const testsOf = (file) => TESTS[Object.keys(TESTS).find((folder) => file.startsWith(`${folder}/`))];

const work = join(root, 'build/mutants'), source = join(work, 'source'), build = join(work, 'build');
const results = join(work, `seed-${seed}.jsonl`);
const changed = join(work, 'changed'); // names the file that is changed now

function run(program, args, options = {}) {
  return new Promise((done) => {
    const child = execFile(program, args, { maxBuffer: 1 << 28, ...options }, (error, out, err) => done({ good: !error, out: out + err }));
    options.signal?.addEventListener('abort', () => child.kill('SIGKILL'));
  });
}

function copySources() {
  rmSync(source, { recursive: true, force: true });
  mkdirSync(source, { recursive: true });
  const input = execFileSync('git', ['-C', root, 'ls-files', '-z'], { maxBuffer: 1 << 28 });
  const packed = execFileSync('tar', ['-C', root, '--null', '-T', '-', '-cf', '-'], { input, maxBuffer: 1 << 28 });
  execFileSync('tar', ['-x', '-C', source], { input: packed });
  // A run that was killed has left the object of a mutant, which is newer than its source.
  if (existsSync(changed)) utimesSync(join(source, readFileSync(changed, 'utf8')), new Date(), new Date());
}

function shuffled(list, random) {
  const all = [...list];
  for (let i = all.length - 1; i > 0; i -= 1) {
    const j = random.below(i + 1);
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all;
}

const known = async (regex) => {
  const { out } = await run('ctest', ['--test-dir', build, '--show-only=json-v1', ...(regex ? ['-R', regex] : [])]);
  return JSON.parse(out.slice(out.indexOf('{'))).tests;
};
const targetsOf = (tests) => [...new Set(tests.map(({ command }) => relative(build, command[0])).filter((file) => !file.startsWith('..')))];

async function compiles(targets) {
  return (await run('ninja', ['-C', build, '--quiet', ...targets])).good;
}

// The name of the first test that fails, or null.
async function firstFailure(regex) {
  const { good, out } = await run('ctest', ['--test-dir', build, '--stop-on-failure', '--timeout', '120', '--parallel', String(availableParallelism()), ...(regex ? ['-R', regex] : [])]);
  return good ? null : /^\s*\d+ - (\S+) \(/m.exec(out)?.[1] ?? 'ctest';
}

async function apiFails() {
  const { good } = await run('node', [join(source, 'tests/api/run.mjs')], { env: { ...process.env, TEST_BIN: build } });
  return !good;
}

const objectHash = (file) => {
  const found = execFileSync('find', [build, '-path', `*/${file}.o`], { encoding: 'utf8' }).trim().split('\n')[0];
  return found ? createHash('sha256').update(execFileSync('objdump', ['-d', '-s', '-j', '.text', '-j', '.rodata', '-j', '.data', found], { maxBuffer: 1 << 28 }).toString().split('\n').slice(3).join('\n')).digest('hex') : '';
};

async function tryOut({ file, site }, everything) {
  const regex = testsOf(file), place = join(source, file), original = readFileSync(place, 'utf8');
  const near = targetsOf(await known(regex));
  // Services are tested as programs beside their tests.
  if (file.startsWith('svc-')) near.push(file.split('/')[0]);
  await compiles(near);
  const before = objectHash(file);
  writeFileSync(changed, file);
  writeFileSync(place, mutantOf(original, site));
  try {
    if (!await compiles(near)) return { end: 'does not compile' };
    if (objectHash(file) === before) return { end: 'is the same' };
    const killer = await firstFailure(regex);
    if (killer) return { end: 'killed', by: killer };
    await compiles(everything);
    const late = await firstFailure();
    if (late) return { end: 'killed late', by: late };
    if (values.api && await apiFails()) return { end: 'killed late', by: 'api' };
    return { end: 'survived' };
  } finally {
    writeFileSync(place, original);
  }
}

mkdirSync(work, { recursive: true });
copySources();
if (values.api) execFileSync('cp', ['-a', join(root, 'tests/api/node_modules'), join(source, 'tests/api/')]);
if (!existsSync(join(build, 'build.ninja'))) {
  const made = await run('cmake', ['-S', source, '-B', build, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Debug']);
  if (!made.good) { console.error(made.out); process.exit(1); }
}
console.log('building the sources as they are');
if (!await compiles([])) { console.error('mutants: the sources do not build'); process.exit(1); }
for (const regex of new Set(folders.map((folder) => testsOf(`${folder}/`)))) {
  const broken = await firstFailure(regex);
  if (broken) { console.error(`mutants: ${broken} fails without any change`); process.exit(1); }
}

const files = execFileSync('git', ['-C', root, 'ls-files', ...folders.map((folder) => `${folder}/**.c`)], { encoding: 'utf8' }).trim().split('\n');
const sites = files.flatMap((file) => sitesOf(readFileSync(join(source, file), 'utf8')).map((site) => ({ file, site })));
const order = shuffled(sites, new Random(seed));
const nameOf = ({ file, site }) => `${file}:${site.line}: ${site.kind}: ${site.was} -> ${site.becomes}`;
const done = new Map(existsSync(results) ? readFileSync(results, 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line)).map((one) => [one.name, one]) : []);
const everything = [];
const ends = { killed: 0, 'killed late': 0, survived: 0, 'does not compile': 0, 'is the same': 0 };
const survivors = [];
console.log(`${sites.length} places in ${files.length} files; ${count} mutants that compile, seed ${seed}; kept in ${relative(root, results)}`);
for (const one of order) {
  const counted = ends.killed + ends['killed late'] + ends.survived;
  if (counted >= count) break;
  const name = nameOf(one);
  let result = done.get(name);
  if (!result) {
    result = { name, ...await tryOut(one, everything) };
    appendFileSync(results, `${JSON.stringify(result)}\n`);
  }
  ends[result.end] += 1;
  if (result.end === 'survived') survivors.push(name);
  if (!['does not compile', 'is the same'].includes(result.end)) console.log(`${counted + 1}/${count} ${result.end}${result.by ? ` by ${result.by}` : ''}: ${name}`);
}
const total = ends.killed + ends['killed late'] + ends.survived, killed = ends.killed + ends['killed late'];
for (const name of survivors) console.log(`survived: ${name}`);
const share = total ? (100 * killed) / total : 0;
console.log(`${total} mutants: ${ends.killed} killed by the folder's own tests, ${ends['killed late']} by others, ${ends.survived} survived (${share.toFixed(1)} % killed);`
  + ` ${ends['does not compile']} did not compile, ${ends['is the same']} changed nothing`);
console.log(share >= least ? '1 passed, 0 failed' : '0 passed, 1 failed');
process.exit(share >= least ? 0 : 1);
