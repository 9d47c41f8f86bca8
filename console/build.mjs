// Builds the console into dist/, unless it was built of the same files already. `./traction up` and the tests call this.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { once } from './once.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const inputs = ['src', 'public', 'index.html', 'vite.config.ts', 'package.json', '../package-lock.json', '../clients/typescript/src'];

await once({ stamp: join(here, 'dist/.made-of'), made: join(here, 'dist/index.html'), inputs: inputs.map((name) => join(here, name)) }, () =>
  build({ root: here, logLevel: 'warn' }));
