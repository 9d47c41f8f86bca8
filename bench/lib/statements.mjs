// The very statements of a service, as a pgbench script: `-- name:` blocks of its queries.sql with
// their :parameters replaced by expressions.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './stack.mjs';

export function statement(file, name, parameters) {
  const text = readFileSync(join(root, file), 'utf8');
  const block = text.split(/^-- name: /m).find((part) => part.startsWith(`${name}\n`));
  if (!block) throw new Error(`${file} has no statement ${name}`);
  const sql = block.slice(name.length).replace(/--.*$/gm, '').trim();
  return sql.replace(/(?<![:\w]):([a-z_]+)/g, (whole, parameter) => {
    if (!(parameter in parameters)) throw new Error(`${name} needs :${parameter}`);
    return parameters[parameter];
  });
}
