// More events at once than a gateway keeps for streams that have yet to be sent them.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { ask } from './support/ask.mjs';
import { goalStream, watch } from './support/sse.mjs';
import { Stack } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';

const STREAMS = 40, NOTES = 80; // fewer bytes than make a client that is slow to read be closed
const stack = new Stack();
const tokenOf = (user) => sign(claimsOf({ tenant: 'burst', user, name: 'Ann', exp: Math.floor(Date.now() / 1000) + 3600 }), stack.secret);

before(() => stack.start());
after(async () => assert.deepEqual(await stack.stop(), []));

describe('a burst of large events', () => {
  test('reaches every stream once and in order, filtered or not, and the goal that is deleted in it ends its own', { timeout: 120000 }, async () => {
    const token = tokenOf('writer');
    const send = async (method, path, body) => {
      const answer = await ask(stack.url, method, path, { token, body });
      assert.ok(answer.status >= 200 && answer.status < 300, `${method} ${path}: ${answer.status}`);
      return answer.data;
    };
    const make = (title) => send('POST', '/goals', { title, owner_id: 'o', horizon: 'year' });
    const [goal, other] = [await make('One'), await make('Two')];
    const tenantStream = `${stack.url}/realtime/tenants/burst`;
    const urls = Array.from({ length: STREAMS }, (_, i) => [tenantStream, stack.url + goalStream(goal), `${tenantStream}?types=goal.*`][i % 3]);
    const streams = await Promise.all(urls.map((url, i) => watch(url, { held: false, headers: { Authorization: `Bearer ${tokenOf(`user-${i % 5}`)}` } })));
    const late = await watch(stack.url + goalStream(other), { headers: { Authorization: `Bearer ${token}` } });
    // What happens while svc-realtime stands still arrives at once when it goes on.
    const { child } = stack.running.get('svc-realtime');
    child.kill('SIGSTOP');
    try {
      await Promise.all(Array.from({ length: 12 }, async (_, lane) => {
        for (let i = lane; i < NOTES; i += 12) await send('POST', `/goals/${goal.id}/activity`, { type: 'note', text: `${i} ${'x'.repeat(3900)}` });
      }));
      await send('DELETE', `/goals/${other.id}`);
    } finally {
      child.kill('SIGCONT');
    }
    const numbers = ({ events }) => events.map(({ id }) => Number(id.split('-')[1]));
    const notes = ({ events }) => events.filter(({ type }) => type.startsWith('activity')).length;
    for (const [i, stream] of streams.entries()) {
      if (i % 3 < 2) await stream.until((watched) => notes(watched) >= NOTES, 60000);
      if (i % 3 !== 1) await stream.until(({ events }) => events.some(({ type }) => type === 'goal.deleted'), 60000);
      const seen = numbers(stream);
      assert.deepEqual(seen, [...new Set(seen)].sort((a, b) => a - b), `stream ${i}`);
      stream.hold();
    }
    assert.deepEqual(streams.map(notes), urls.map((_, i) => (i % 3 < 2 ? NOTES : 0)));
    await late.ended;
    assert.deepEqual(late.events, []);
    await Promise.all(streams.map((stream) => stream.close()));
  });
});
