// What a client draws of an answer: nothing of it may be missing or blank.
import assert from 'node:assert/strict';

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
