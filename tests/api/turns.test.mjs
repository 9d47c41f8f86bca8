// Writes that have to wait for one row, or for a tenant's configuration, wait without a connection: other
// writes of the same tenant go on meanwhile.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { metric } from './support/metric.mjs';
import { ask } from './support/ask.mjs';
import { Stack } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';

const writers = 4;
const stack = new Stack({ all: { TRACTION_DATABASE_WRITERS: String(writers) } });
const send = (method, path, body) => ask(stack.url, method, path, { token: sign(claimsOf({ tenant: 'busy', user: 'user-1' }), stack.secret), body, timeoutMs: 20000 });
const made = async (path, body) => {
  const answer = await send('POST', path, body);
  assert.equal(answer.status, 201, answer.error);
  return answer.data.id;
};
const waiting = (service) => metric(stack.adminPorts[service], 'traction_requests_waiting_for_row');

let goal;

before(async () => {
  await stack.start();
  goal = await made('/goals', { title: 'g', ownerId: 'o' });
});
after(async () => assert.deepEqual(await stack.stop(), []));

async function othersGoOn({ service, table, id, writes, other }) {
  const held = await stack.postgres.hold(`SELECT FROM ${table} WHERE id = '${id}' FOR UPDATE`);
  const many = Array.from({ length: 4 * writers }, (_, i) => writes(i));
  while (await waiting(service) < 4 * writers - 1) {
    assert.ok(held.isHeld(), 'they do not wait for their turn');
    await sleep(20);
  }
  assert.equal(await waiting(service), 4 * writers - 1);
  assert.equal((await other()).status, 201);
  assert.ok(held.isHeld(), 'the other write has waited, too');
  await held.release();
  const statuses = (await Promise.all(many)).map(({ status }) => status);
  // One alone waits in the database, where it gives up after two seconds.
  const refused = statuses.filter((status) => status !== 200 && status !== 201);
  assert.deepEqual(refused, refused.length === 1 ? [409] : []);
}

// What waits for a connection is dropped, and what was sent occupies that alone.
test('a search whose client has left gives its place back', async () => {
  const held = await stack.postgres.hold('LOCK TABLE goals.goals, goals.goal_words IN ACCESS EXCLUSIVE MODE');
  const leave = new AbortController();
  const headers = { authorization: `Bearer ${sign(claimsOf({ tenant: 'busy', user: 'user-1' }), stack.secret)}` };
  const left = Array.from({ length: 20 }, () => fetch(`${stack.url}/goals?search=abc`, { headers, signal: leave.signal }).then(() => 'answered', () => 'left'));
  const running = () => metric(stack.adminPorts['svc-goals'], 'traction_requests_running{kind="read"}');
  while (await running() < 20) assert.ok(held.isHeld(), 'they were never there');
  leave.abort();
  assert.deepEqual(await Promise.all(left), Array(20).fill('left'));
  while (await running() > 0) assert.ok(held.isHeld(), 'they stay until they are served');
  await held.release();
  assert.equal((await send('GET', '/goals?search=another')).status, 200);
});

describe('while one of many writes waits for a lock', () => {
  test('of a goal: notes and entries of its feed', () => othersGoOn({
    service: 'svc-goals', table: 'goals.goals', id: goal,
    writes: (i) => (i % 2 ? send('POST', `/goals/${goal}/notes`, { note: 'n' }) : send('POST', `/goals/${goal}/activity`, { type: 'decision', text: 't', title: 'd' })),
    other: () => send('POST', '/goals', { title: 'another', ownerId: 'o' }),
  }));

  test('of the configuration: types and statuses', async () => {
    const type = await made('/api/operations/issue-types', { name: 'type', color: '#112233', icon: 'x' });
    const status = await made('/api/operations/issue-statuses', { name: 'status', color: '#112233', category: 'open' });
    await othersGoOn({
      service: 'svc-operations', table: 'operations.issue_types', id: type,
      writes: (i) => (i === 0 || i % 2 ? send('PUT', `/api/operations/issue-types/${type}`, { description: `d${i}` })
        : send('PUT', `/api/operations/issue-statuses/${status}`, { description: `d${i}` })),
      other: () => send('POST', '/api/operations/actions', { title: 'a' }),
    });
  });
});
