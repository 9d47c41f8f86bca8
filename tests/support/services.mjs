// The rows of services.def, for tests in JavaScript.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../../proto/base/services.def', import.meta.url));

// "svc-goals", ...; `text` is that of such a file.
export const servicesOf = (text) => [...text.matchAll(/^SERVICE\([A-Z]+, ([a-z]+),/gm)].map(([, name]) => `svc-${name}`);
export const services = servicesOf(readFileSync(file, 'utf8'));
export const programs = [...services, 'gateway'];
