// Makes dist/ out of src/ and a gateway's documents:
//   node build.mjs SOURCE
// SOURCE is a running gateway's address (http://localhost:8002), or a folder with openapi.json and asyncapi.json in it.
// The types of both documents are written to src/generated; then everything is compiled as ESM and as CommonJS.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTypes, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const here = fileURLToPath(new URL('.', import.meta.url));
const inHere = (...parts) => join(here, ...parts);

async function readDocument(source, name) {
  if (!/^https?:/.test(source)) return JSON.parse(readFileSync(join(source, name), 'utf8'));
  const address = `${source.replace(/\/$/, '')}/${name}`;
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

async function generate(source) {
  mkdirSync(inHere('src/generated'), { recursive: true });
  const write = async (name, document) =>
    writeFileSync(inHere('src/generated', name), astToString(await openapiTypes(document, { silent: true })));
  await write('openapi.d.ts', await readDocument(source, 'openapi.json'));
  // The schemas of both documents are written alike, so one tool reads both; a table says which type of event has which.
  const { components: { schemas, messages } } = await readDocument(source, 'asyncapi.json');
  await write('asyncapi.d.ts', { openapi: '3.1.0', info: { title: 'events', version: '1' }, paths: {}, components: { schemas } });
  const rows = Object.entries(messages).filter(([type]) => type !== 'reset')
    .map(([type, { payload }]) => `  '${type}': components['schemas']['${payload.$ref.split('/').pop()}'];`);
  writeFileSync(inHere('src/generated/events.d.ts'), `import type { components } from './asyncapi.js';\n\nexport interface Events {\n${rows.join('\n')}\n}\n`);
}

function markFolder(kind, type) {
  writeFileSync(inHere('dist', kind, 'package.json'), `${JSON.stringify({ type, sideEffects: false })}\n`);
}

// ESM with the types, checked by the compiler.
function compile() {
  execFileSync(process.execPath, [createRequire(import.meta.url).resolve('typescript/bin/tsc'), '-p', here], { stdio: 'inherit' });
  cpSync(inHere('src/generated'), inHere('dist/esm/generated'), { recursive: true });
  markFolder('esm', 'module');
}

// The same as CommonJS: the sources were checked, so each is only rewritten. The types read alike for both kinds.
function rewriteAsCommonJs() {
  cpSync(inHere('dist/esm'), inHere('dist/cjs'), { recursive: true, filter: (name) => !name.endsWith('.js') });
  for (const name of readdirSync(inHere('src')).filter((file) => file.endsWith('.ts'))) {
    const { outputText } = ts.transpileModule(readFileSync(inHere('src', name), 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
    });
    writeFileSync(inHere('dist/cjs', name.replace(/ts$/, 'js')), outputText);
  }
  markFolder('cjs', 'commonjs');
}

const source = process.argv[2];
if (!source) {
  console.error('usage: node build.mjs ADDRESS|FOLDER   (a running gateway, or where openapi.json and asyncapi.json are)');
  process.exit(2);
}
await generate(source);
rmSync(inHere('dist'), { recursive: true, force: true });
compile();
rewriteAsCommonJs();
