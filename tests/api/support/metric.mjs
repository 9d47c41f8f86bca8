// What a process says of itself at its admin port.
import assert from 'node:assert/strict';

// `name` with its labels.
export async function metric(adminPort, name) {
  const text = await fetch(`http://127.0.0.1:${adminPort}/metrics`).then((answer) => answer.text());
  const line = text.split('\n').find((one) => one.startsWith(`${name} `)) ?? assert.fail(`no ${name}`);
  return Number(line.slice(name.length));
}
