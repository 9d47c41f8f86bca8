// Builds that are made again only when what goes into them has changed: a hash of it is kept beside the result.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// All files at or below a path, in order; what is generated there is a result, no input.
function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).filter((name) => name !== 'generated').sort().flatMap((name) => filesBelow(join(path, name)));
}

// `stamp` keeps the hash, `made` is a file of the result. `texts` count as inputs, too.
export async function once({ stamp, made, inputs, texts = [] }, build) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  for (const file of inputs.flatMap(filesBelow)) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  const now = hash.digest('hex');
  if (existsSync(made) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) {
    utimesSync(stamp, new Date(), new Date()); // newer than all that was looked at
    return;
  }
  await build();
  writeFileSync(stamp, now);
}
