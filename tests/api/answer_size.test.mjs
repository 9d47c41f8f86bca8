// What would be larger than an answer may be is refused, by a sentence that tells how to ask for less, and
// nothing dies of it.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { ask } from './support/ask.mjs';
import { Stack } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';

const max = 8 << 20;
const stack = new Stack({ all: { TRACTION_MAX_ANSWER: String(max) } });
const token = () => sign(claimsOf({ tenant: 'large', user: 'user-1' }), stack.secret);
const send = (method, path, body) => ask(stack.url, method, path, { token: token(), body });
const made = async (path, body) => {
  const answer = await send('POST', path, body);
  assert.equal(answer.status, 201, answer.error);
  return answer.data.id;
};
const refused = (answer, field) => {
  assert.equal(answer.status, 422);
  assert.equal(answer.code, 'VALIDATION_ERROR');
  assert.match(answer.errors[field] ?? `no error at ${field}: ${answer.error}`, /^would make an answer of more than 8388608 bytes; ask for fewer at once/);
};

const goals = [];
const actions = [];

// Three goals of 4 MB each, which are linked to 40 actions.
before(async () => {
  await stack.start();
  for (let i = 0; i < 3; i += 1) goals.push(await made('/goals', { title: `g${i}`, ownerId: 'o' }));
  await stack.postgres.query(`INSERT INTO goals.strategies (tenant_id, id, goal_id, description, status, order_index, version, created_at, updated_at,
    created_by, updated_by) SELECT g.tenant_id, gen_random_uuid(), g.id, repeat(chr(128512), 5000), 'draft', i, 1, now(), now(), 'u', 'u'
    FROM goals.goals g, generate_series(1, 190) AS i`);
  for (let i = 0; i < 40; i += 1) actions.push(await made('/api/operations/actions', { title: `a${i}`, connections: { goalIds: [goals[0]] } }));
});
after(async () => assert.deepEqual(await stack.stop(), []));

describe('an answer beyond TRACTION_MAX_ANSWER', () => {
  test('of a page names its size, as it was sent', async () => {
    refused(await send('GET', '/goals'), 'size');
    refused(await send('GET', '/goals?pageSize=3'), 'pageSize');
    assert.equal((await send('GET', '/goals?size=2')).data.length, 2);
  });

  test('of a batch names the ids, and each goal is read once', async () => {
    refused(await send('POST', '/api/operations/actions/goals', { actionIds: actions }), 'actionIds');
    refused(await send('POST', '/api/operations/actions/goals', { action_ids: actions }), 'action_ids');
    const two = await send('POST', '/api/operations/actions/goals', { actionIds: actions.slice(0, 2) });
    assert.equal(two.status, 200);
    assert.deepEqual(Object.values(two.data).map((list) => list[0].strategies.length), [190, 190]);
    await send('PUT', `/api/operations/actions/${actions[0]}`, { connections: { goalIds: goals } });
    refused(await send('POST', '/api/operations/actions/goals', { actionIds: actions.slice(0, 1) }), 'actionIds');
  });

  // A control character has one byte in the services and six in JSON: only the gateway can tell.
  test('is refused by its bytes of JSON', async () => {
    await stack.postgres.query(`UPDATE goals.strategies SET description = repeat(E'\\x01', 5000)`);
    assert.equal((await send('GET', '/goals?size=1')).data.length, 1);
    refused(await send('GET', '/goals?size=2'), 'size');
    refused(await send('POST', '/api/operations/actions/goals', { actionIds: actions.slice(1, 4) }), 'actionIds');
  });
});

describe('a body beyond TRACTION_MAX_BODY_VALUES', () => {
  test('is 413, however few bytes it has', async () => {
    const fits = await send('POST', '/goals', { title: 'x', ownerId: 'o', ignored: Array(19000).fill(1) });
    assert.equal(fits.status, 201);
    const answer = await send('POST', '/goals', { title: 'x', ownerId: 'o', ignored: Array(20000).fill(1) });
    assert.deepEqual([answer.status, answer.code, answer.error], [413, 'PAYLOAD_TOO_LARGE', 'The body has more than 20000 values']);
  });
});
