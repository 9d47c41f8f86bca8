// The folder of PostgreSQL's programs: what the variable POSTGRES_BIN says, else what deploy/local/common.sh does.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
export const postgresBin = execFileSync('bash', ['-c', '. "$root/deploy/local/common.sh" && printf %s "$postgres_bin"'],
  { env: { ...process.env, root }, encoding: 'utf8' });
// Why nothing can be dumped, as `skip` of node:test wants it; false when it can.
export const noDump = !existsSync(join(postgresBin, 'pg_dump')) && 'this PostgreSQL comes without pg_dump';
