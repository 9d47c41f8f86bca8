// The package as others get it: what is in it, what types it has for whom, and that unused parts fall away.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { newTenant, stack } from '../api/support/client.mjs';
import { clientFolder, root, run } from './support/builds.mjs';

const modules = join(root, 'node_modules');
let folder;
let packed;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'traction-client-'));
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: clientFolder });
  [packed] = JSON.parse(stdout);
  await run('tar', ['-xzf', join(folder, packed.filename), '-C', folder]);
  // Installed as npm would: the package itself and what it depends on.
  const { dependencies } = JSON.parse(readFileSync(join(clientFolder, 'package.json')));
  mkdirSync(join(folder, 'node_modules/@traction'), { recursive: true });
  cpSync(join(folder, 'package'), join(folder, 'node_modules/@traction/client'), { recursive: true });
  for (const name of [...Object.keys(dependencies), 'openapi-typescript-helpers']) {
    cpSync(join(modules, name), join(folder, 'node_modules', name), { recursive: true });
  }
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('holds the compiled client, its types and its README, and nothing else', () => {
  const names = packed.files.map(({ path }) => path).sort();
  const parts = ['connect', 'errors', 'index', 'model', 'send', 'unwrap', 'wait', 'watch'];
  for (const kind of ['esm', 'cjs']) {
    for (const part of parts) assert.ok(names.includes(`dist/${kind}/${part}.js`) && names.includes(`dist/${kind}/${part}.d.ts`), `${kind} ${part}`);
    assert.ok(names.includes(`dist/${kind}/generated/openapi.d.ts`));
  }
  assert.ok(names.includes('README.md'));
  assert.deepEqual(names.filter((name) => !/^(dist\/(esm|cjs)\/(generated\/)?[a-z]+\.(js|d\.ts)|dist\/(esm|cjs)\/package\.json|package\.json|README\.md)$/.test(name)), []);
  assert.ok(packed.size < 400000, `${packed.size} bytes`);
});

test('are the types wrong? No', async () => {
  const cli = join(modules, '@arethetypeswrong/cli/dist/index.js');
  const { stdout } = await run(process.execPath, [cli, join(folder, packed.filename), '--format', 'json'], { maxBuffer: 1 << 26 });
  const { analysis, problems } = JSON.parse(stdout);
  assert.deepEqual(problems ?? {}, {});
  assert.deepEqual(analysis.problems, []);
  assert.ok(analysis.types);
});

describe('a strict program', () => {
  for (const [kind, type] of [['ESM', 'module'], ['CommonJS', 'commonjs']]) {
    test(`in ${kind} compiles and runs`, { timeout: 200000 }, async () => {
      const place = join(folder, type);
      mkdirSync(place);
      writeFileSync(join(place, 'package.json'), JSON.stringify({ type }));
      cpSync(join(root, 'tests/web/consumer/use.ts'), join(place, 'use.ts'));
      const options = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom,dom.iterable', 'use.ts'];
      const { stdout } = await run(process.execPath, [join(modules, 'typescript/bin/tsc'), ...options], { cwd: place }).catch((error) => error);
      assert.equal(stdout, '');
      const { use } = type === 'module' ? await import(pathToFileURL(join(place, 'use.js'))) : createRequire(import.meta.url)(join(place, 'use.js'));
      const client = newTenant();
      assert.deepEqual(await use(stack.url, client.token, client.claims.tenant), ['0', 'undefined', 'INVALID_STATUS_TRANSITION', 'activity.created: hello']);
    });
  }
});

test('the first lines of the README show the goals, then what happens', { timeout: 60000 }, async (t) => {
  const [, text] = /```ts\n(.*?)```/s.exec(readFileSync(join(folder, 'package/README.md'), 'utf8'));
  const [place, address] = [join(folder, 'first.mjs'), 'http://localhost:8002'];
  assert.ok(text.includes(address) && text.trim().split('\n').length <= 10);
  writeFileSync(place, text.replace(address, stack.url));
  const client = newTenant({ tenant: 'demo' });
  const goal = await client.goal({ title: 'Read me', status: 'active' });
  const child = spawn(process.execPath, [place], { env: { ...process.env, TOKEN: client.token }, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill());
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  assert.equal((await said.next()).value, "[ 'Read me: 0 %' ]");
  const first = said.next();
  do await client.put(`/goals/${goal.id}`, { intent: `Changed at ${Date.now()}` }); // until the program listens
  while (await Promise.race([first, sleep(200, 'nothing')]) === 'nothing');
  assert.equal((await first).value, `goal.updated ${goal.id}`);
});

test('what a bundle does not use is not in it', async () => {
  const { build } = createRequire(join(root, 'console/package.json'))('esbuild');
  const bundle = async (contents) => {
    const { outputFiles } = await build({ stdin: { contents, resolveDir: folder }, bundle: true, minify: true, write: false, format: 'esm', platform: 'browser' });
    return outputFiles[0].text;
  };
  const requests = await bundle("export { connect, unwrap } from '@traction/client';");
  assert.doesNotMatch(requests, /Last-Event-ID/);
  assert.match(await bundle("export { connect, watchGoal } from '@traction/client';"), /Last-Event-ID/);
  assert.equal((await bundle("import { unwrap } from '@traction/client';")).trim(), '');
});
