// The builds that the tests need.
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { once } from '../../../console/once.mjs';

export const root = resolve(fileURLToPath(import.meta.url), '../../../..');
export const clientFolder = join(root, 'clients/typescript');
export const consoleFolder = join(root, 'console');
export const run = promisify(execFile);

export async function buildClient(url) {
  const texts = await Promise.all(['openapi.json', 'asyncapi.json'].map(async (name) => (await fetch(`${url}/${name}`)).text()));
  const inputs = ['build.mjs', 'tsconfig.json', 'package.json', 'src'].map((name) => join(clientFolder, name));
  await once({ stamp: join(root, 'node_modules/.client'), made: join(clientFolder, 'dist/cjs/package.json'), inputs, texts }, () =>
    run(process.execPath, ['build.mjs', url], { cwd: clientFolder }));
}

export const buildConsole = () => run(process.execPath, ['build.mjs'], { cwd: consoleFolder });
