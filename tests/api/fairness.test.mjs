// Two tenants at a gateway that forwards few requests at once: the one that asks for many at once is
// refused, and the other one never is.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Stack } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';
import { ask } from './support/ask.mjs';

const stack = new Stack({ gateway: { TRACTION_QUEUE_LENGTH: '8' } });

before(() => stack.start());
after(async () => assert.deepEqual(await stack.stop(), []));

const tokens = (tenant) => () => sign(claimsOf({ tenant, user: 'user-1' }), stack.secret);
const [greedy, modest] = ['greedy', 'modest'].map(tokens);
const get = (token, path) => ask(stack.url, 'GET', path, { token: token(), timeoutMs: 20000 });

describe('a tenant that fills the gateway', () => {
  test('is refused with 429 or 503 and a time, while the other one is served', async () => {
    let over = false;
    const answers = [];
    const hammer = async () => {
      while (!over) answers.push(await get(greedy, '/goals?size=1&search=x'));
    };
    const load = Array.from({ length: 40 }, hammer);
    const served = [];
    for (let i = 0; i < 50; i++) served.push((await get(modest, '/goals?size=1')).status);
    over = true;
    await Promise.all(load);
    assert.deepEqual(served, Array(50).fill(200));
    const refused = answers.filter((answer) => answer.status !== 200);
    assert.ok(refused.length > 0);
    for (const answer of refused) {
      assert.ok(['429 RATE_LIMITED', '503 SERVICE_UNAVAILABLE'].includes(`${answer.status} ${answer.code}`), `${answer.status} ${answer.code}`);
      assert.match(answer.headers.get('retry-after'), /^[1-9]\d?$/);
    }
    assert.ok(refused.some((answer) => answer.status === 429 && answer.error === 'Too many requests of your tenant are under way'));
    assert.ok(answers.some((answer) => answer.status === 200));
  });
});
