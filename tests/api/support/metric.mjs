// What a process says of itself at its admin port.
import assert from 'node:assert/strict';

export async function metric(adminPort, name) {
  const text = await fetch(`http://127.0.0.1:${adminPort}/metrics`).then((answer) => answer.text());
  const [, value] = new RegExp(`^${name} (.*)$`, 'm').exec(text) ?? assert.fail(`no ${name}`);
  return Number(value);
}
