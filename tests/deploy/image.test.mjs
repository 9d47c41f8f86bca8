// The Dockerfile, as far as it can be judged without an engine: it holds every program with every
// library that it links, and runs as nobody in particular.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { bin, dockerStages, faultsOf, imageEnvironment, installed, instructions, programs, read, root, scripts } from './support/programs.mjs';

const stages = dockerStages();
const image = stages.at(-1);

test('the build stage installs what a build installs', () => {
  const named = read('deploy/local/packages').split('\n')
    .map((line) => line.split(/\s+/)).filter(([part]) => part === 'build').map(([, name]) => name);
  assert.deepEqual(installed(stages[0]).sort(), named.sort());
});

test('every source folder and program is in it', () => {
  assert.deepEqual(instructions(stages[0], 'COPY'), ['. .'], 'all that .dockerignore lets through');
  const copied = read('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const wanted = read('CMakeLists.txt').match(/(?<=layer\(\w+ )[a-z]+(?=\/)|(?<=add_executable\()gateway/g);
  for (const folder of new Set([...wanted, 'report', 'tools', 'svc-*'])) assert.ok(copied.includes(folder), `${folder} is not copied`);
  assert.match(instructions(stages[0], 'RUN').join(' '), /ninja -C \/build +&& cmake --install \/build --strip --prefix \/programs$/);
  assert.equal(instructions(image, 'COPY')[0], '--from=build /programs/ /usr/local/bin/');
  const rules = readFileSync(join(bin, 'cmake_install.cmake'), 'utf8');
  for (const program of [...programs, 'report-writer']) assert.match(rules, new RegExp(`file\\(INSTALL .*/${program}"\\)`));
  const ignored = read('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  for (const path of stages.flatMap((stage) => instructions(stage, 'COPY')).filter((line) => !line.startsWith('--from') && line !== '. .')
    .flatMap((line) => line.split(' ').slice(0, -1))) {
    assert.ok(existsSync(join(root, path)), `${path} does not exist`);
    assert.ok(ignored.some((kept) => path === kept || path.startsWith(`${kept}/`) ||
      (kept.endsWith('*') && path.startsWith(kept.slice(0, -1)))), `${path} is not sent to the engine`);
  }
});

test('every library of every program is in it', { skip: !existsSync('/var/lib/dpkg/status') }, () => {
  const available = new Set();
  const records = new Map(readFileSync('/var/lib/dpkg/status', 'utf8').split('\n\n')
    .map((record) => [/^Package: (.*)$/m.exec(record)?.[1], record]));
  const add = (name) => {
    if (available.has(name) || !records.has(name)) return;
    available.add(name);
    for (const [, depends] of records.get(name).matchAll(/^(?:Pre-)?Depends: (.*)$/gm)) {
      for (const part of depends.split(/[,|]/)) add(part.trim().split(/[ :(]/)[0]);
    }
  };
  [...installed(image), 'libc6', 'libgcc-s1', 'base-files'].forEach(add);
  const libraries = new Set();
  for (const program of [...programs, 'report-writer']) {
    const path = [join(bin, program), join(bin, 'report', program)].find(existsSync);
    for (const [, file] of execFileSync('ldd', [path], { encoding: 'utf8' }).matchAll(/=> (\/\S+)/g)) {
      if (!/lib(asan|ubsan)/.test(file)) libraries.add(basename(realpathSync(file)));
    }
  }
  assert.ok(libraries.size > 20);
  // By name alone, because dpkg may know /usr/lib as /lib.
  const lists = readdirSync('/var/lib/dpkg/info')
    .filter((name) => name.endsWith('.list') && available.has(name.replace(/(:[^.]+)?\.list$/, '')));
  const there = new Set(lists.flatMap((list) => readFileSync(join('/var/lib/dpkg/info', list), 'latin1').split('\n'))
    .map((line) => basename(line)));
  assert.deepEqual([...libraries].filter((name) => !there.has(name)), []);
});

test('fonts that reports are drawn with are in it', () => {
  const fonts = read('deploy/local/packages').match(/(?<=^run +)fonts-\S+/gm);
  assert.ok(fonts.length >= 2);
  for (const font of fonts) assert.ok(installed(image).includes(font), font);
});

test('runs as a numbered user, with a first process that forwards signals and collects children', () => {
  const [user] = instructions(image, 'USER');
  assert.match(user, /^[1-9]\d*:[1-9]\d*$/);
  assert.equal(instructions(image, 'ENTRYPOINT')[0], '["tini", "--"]');
  assert.ok(installed(image).includes('tini'));
  assert.match(instructions(image, 'HEALTHCHECK')[0], /CMD \["healthcheck", "livez"\]$/);
  const labels = instructions(image, 'LABEL').join(' ');
  for (const label of ['title', 'description', 'version', 'revision']) assert.ok(labels.includes(`org.opencontainers.image.${label}=`), label);
  const version = /project\(traction VERSION (\S+)/.exec(read('CMakeLists.txt'))[1];
  assert.ok(instructions(image, 'ARG').includes(`VERSION=${version}`));
});

test('its environment is known to the programs', () => {
  assert.deepEqual(faultsOf(imageEnvironment()), []);
  for (const script of scripts) assert.ok(existsSync(join(root, 'deploy/image', script)));
});
