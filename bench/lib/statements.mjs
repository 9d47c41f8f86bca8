// The very statements of a service, as a pgbench script: what tools/sqlgen made of its queries.sql,
// with $1, $2, ... replaced by expressions.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './stack.mjs';

export function statement(file, name, parameters) {
  const text = readFileSync(join(root, 'build/release/generated', file), 'utf8');
  const found = new RegExp(`\\.name = "${name}",\\s*\\.text = ((?:"(?:[^"\\\\]|\\\\.)*"\\s*)+),\\s*\\.parameters = (\\w+|NULL)`).exec(text);
  if (!found) throw new Error(`${file} has no statement ${name}`);
  const sql = found[1].match(/"(?:[^"\\]|\\.)*"/g).map((line) => JSON.parse(line)).join('');
  const names = new RegExp(`\\b${found[2]}\\[\\] = \\{([^}]*)\\}`).exec(text)?.[1].match(/\w+/g) ?? [];
  return sql.replace(/\$(\d+)/g, (_, number) => {
    const parameter = names[number - 1];
    if (!(parameter in parameters)) throw new Error(`${name} needs :${parameter}`);
    return parameters[parameter];
  }) + ';';
}
