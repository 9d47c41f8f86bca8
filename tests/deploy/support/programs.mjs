// What the programs, the image and the package lists say of themselves, for tests that compare files
// of deploy/ with it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { programs, services } from '../../support/services.mjs';

export const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../..');
export const bin = resolve(process.env.TEST_BIN ?? join(root, 'build/test'));
export { programs, services };
export const scripts = ['migrate', 'healthcheck'];

export const read = (path) => readFileSync(join(root, path), 'utf8');

// Ours would reach the programs otherwise, and they stop at a variable that they do not know.
export const inherited = Object.fromEntries(Object.entries(process.env)
  .filter(([name]) => !/^(TRACTION_|TEST_|NODE_|PG|MIGRATE_)/.test(name)));

// Every variable: name -> { secret }.
export function knownVariables() {
  const text = execFileSync(join(bin, 'gateway'), ['--help-config'], { env: inherited, encoding: 'utf8' });
  const known = new Map();
  for (const line of text.split('\n')) {
    const name = /^(TRACTION_[A-Z_]+): /.exec(line)?.[1];
    if (name) known.set(name, {});
    const file = /^ {4}secret: may come from the file named by (TRACTION_[A-Z_]+_FILE) /.exec(line)?.[1];
    if (file) known.set(file, { secret: true });
  }
  return known;
}

// What is wrong with an environment, as sentences; only TRACTION_* are the programs'.
export function faultsOf(environment, known = knownVariables()) {
  return Object.entries(environment).filter(([name]) => name.startsWith('TRACTION_')).flatMap(([name, value]) => {
    if (!known.has(name)) return [`${name} is no variable`];
    if (value === null || String(value) === '') return [`${name} is empty, which stops a program`];
    return [];
  });
}

// The image: stages of the Dockerfile, with the instructions of each as [word, rest].
export function dockerStages() {
  const text = read('Dockerfile').replace(/^\s*#.*$\n/gm, '').replace(/\\\n/g, ' ');
  const stages = [];
  for (const line of text.split('\n')) {
    const [, word, rest] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (word === 'FROM') stages.push([]);
    if (word && stages.length) stages.at(-1).push([word, rest.trim()]);
  }
  return stages;
}

export const instructions = (stage, word) => stage.filter(([name]) => name === word).map(([, rest]) => rest);

export function imageEnvironment() {
  return Object.fromEntries(instructions(dockerStages().at(-1), 'ENV')
    .flatMap((line) => line.split(/\s+/)).map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
}

// Packages that a stage installs.
export function installed(stage) {
  const line = instructions(stage, 'RUN').find((text) => text.includes('apt-get install'));
  const [, words] = /apt-get install -y --no-install-recommends\s+([^&]*)/.exec(line);
  return words.trim().split(/\s+/);
}
