// Builds that are made again only when what goes into them has changed: a hash of it lies beside the result.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = resolve(fileURLToPath(import.meta.url), '../../../..');
export const clientFolder = join(root, 'clients/typescript');
export const run = promisify(execFile);

function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).filter((name) => name !== 'generated').sort().flatMap((name) => filesBelow(join(path, name)));
}

// `made` is a file of the result.
async function once(stamp, made, inputs, build) {
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(input).update('\0');
  const now = hash.digest('hex');
  if (existsSync(made) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  await build();
  writeFileSync(stamp, now);
}

export async function buildClient(url) {
  const documents = await Promise.all(['openapi.json'].map(async (name) => (await fetch(`${url}/${name}`)).text()));
  const sources = ['build.mjs', 'tsconfig.json', 'package.json', 'src'].flatMap((name) => filesBelow(join(clientFolder, name)));
  await once(join(root, 'node_modules/.client'), join(clientFolder, 'dist/cjs/package.json'), [...documents, ...sources.map((file) => readFileSync(file))], () =>
    run(process.execPath, ['build.mjs', url], { cwd: clientFolder }));
}
