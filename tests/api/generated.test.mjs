// A client made from the live document by openapi-typescript: it compiles under --strict, and what
// the types promise is what comes.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import openapiTypes, { astToString } from 'openapi-typescript';
import { document, newTenant, stack } from './support/client.mjs';

const here = new URL('.', import.meta.url).pathname;
const run = promisify(execFile);
let folder;

before(async () => {
  folder = mkdtempSync(join(here, 'node_modules/.generated-')); // where its imports are found
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(join(folder, 'api.ts'), astToString(await openapiTypes(document.document)));
  copyFileSync(join(here, 'generated/use.ts'), join(folder, 'use.ts'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('a generated client compiles and gets what its types say', async () => {
  const compiler = join(here, 'node_modules/typescript/bin/tsc');
  const options = ['--strict', '--noUncheckedIndexedAccess', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom,dom.iterable', 'use.ts'];
  const { stdout } = await run(process.execPath, [compiler, ...options], { cwd: folder }).catch((error) => error);
  assert.equal(stdout, '');

  const { use } = await import(pathToFileURL(join(folder, 'use.js')));
  const client = newTenant();
  const seen = await use(stack.url, client.token);
  assert.deepEqual(seen.codes, ['INVALID_FINAL_STATUS', 'INVALID_FINAL_STATUS', 'VALIDATION_ERROR', 'GOAL_NOT_FOUND']);
  assert.equal(seen.sentence, 'title is required');
  assert.deepEqual([seen.good, seen.bad, seen.more, seen.status], [true, false, false, 'cancelled']);
  assert.deepEqual([seen.metadata, seen.verbs, seen.ids], [{ board: { column: 3 } }, ['activate', 'cancel'], [seen.id]]);
  assert.deepEqual([seen.level, seen.method], ['critical', 'five_whys']);
  assert.match(seen.gone, /^\d{4}-/);
});
