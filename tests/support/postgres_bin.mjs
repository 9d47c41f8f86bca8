// The folder of PostgreSQL's programs: what the variable POSTGRES_BIN says, else what deploy/local/common.sh does.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
export const postgresBin = execFileSync('bash', ['-c', '. "$root/deploy/local/common.sh" && printf %s "$postgres_bin"'],
  { env: { ...process.env, root }, encoding: 'utf8' });
