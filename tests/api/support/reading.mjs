// What a client draws of an answer: nothing of it may be missing or blank.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

export function drawn(thing, ...names) {
  for (const name of names) {
    const value = thing[name];
    assert.ok(value !== undefined && value !== null && value !== '' && !Number.isNaN(value), `${name} is ${JSON.stringify(value)} in ${JSON.stringify(thing)}`);
  }
}

// What was sent under a name is answered under another, or the same.
export function kept(sent, answered, names = {}) {
  for (const [name, value] of Object.entries(sent)) assert.deepEqual(answered[names[name] ?? name], value, `${name} in ${JSON.stringify(answered)}`);
}

// A client that unwraps answers until there is no `data` in them, as the sibling service's does.
export const unwrapped = (answer) => (answer !== null && typeof answer === 'object' && 'data' in answer ? unwrapped(answer.data) : answer);

export const day = (text) => `${text}T00:00:00.000Z`;

export const entryOf = (list, wanted) => list.find(({ name }) => name === wanted);

// Asks until `settled` has nothing to object, which must be so within a second; a machine that does
// other things, too, gets three.
export async function soon(ask, settled) {
  const deadline = Date.now() + 3000;
  for (;;) {
    const found = await ask();
    const objection = settled(found);
    if (!objection) return found;
    assert.ok(Date.now() < deadline, objection);
    await sleep(50);
  }
}
