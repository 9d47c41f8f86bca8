// A gateway that is told to end, as its clients see it: no connection is closed in the moment in which
// a request may be under way on it.
import { after, before, beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { Stack } from './support/stack.mjs';

const stack = new Stack({ gateway: { TRACTION_DRAIN_MS: '3000' } });

// A connection on which requests are made one after the other.
function dial() {
  const socket = connect(stack.port, '127.0.0.1');
  let text = '';
  let over;
  socket.setEncoding('utf8');
  socket.on('data', (part) => { text += part; });
  socket.on('error', (error) => { over = error.code; });
  socket.on('close', () => { over ??= 'closed'; });
  return {
    over: () => over,
    close: () => socket.destroy(),
    ask: async (path = '/health/live') => {
      text = '';
      socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
      for (let i = 0; i < 500 && !over && !/\r\n\r\n.*}$/s.test(text); i += 1) await sleep(10);
      return text;
    },
  };
}

// Answers how long it takes to end.
async function tell(signal) {
  const entry = stack.running.get('gateway');
  const began = Date.now();
  const ended = entry.gone.then(() => Date.now() - began);
  entry.expected = 'SIGTERM';
  entry.child.kill(signal);
  await sleep(200);
  return { ended };
}

describe('a gateway that is told to end', () => {
  before(async () => {
    await stack.start();
    await (await tell('SIGINT')).ended; // the first one has connections that were asked with when it started
  });
  after(async () => assert.deepEqual(await stack.stop(), []));
  beforeEach(async () => {
    stack.spawn('gateway');
    for (let i = 0; i < 200; i += 1) {
      const first = dial();
      const text = await first.ask('/health/ready');
      first.close();
      if (text.startsWith('HTTP/1.1 200')) return;
      await sleep(25);
    }
    assert.fail('not ready');
  });

  test('answers on the connections it has and on new ones, and closes each with an answer', async () => {
    const kept = [dial(), dial()];
    for (const one of kept) assert.doesNotMatch(await one.ask(), /Connection: close/i);
    const { ended } = await tell('SIGTERM');
    const fresh = dial();
    assert.match(await fresh.ask(), /^HTTP\/1.1 200 .*Connection: close/is);
    for (const one of kept) {
      assert.equal(one.over(), undefined, 'closed while it was silent');
      assert.match(await one.ask(), /^HTTP\/1.1 200 .*Connection: close/is);
    }
    const took = await ended;
    assert.ok(took < 1400, `nobody was left, and it took ${took} ms`);
  });

  test('waits for half of its time for those who say nothing', async () => {
    const silent = dial();
    await silent.ask();
    const { ended } = await tell('SIGTERM');
    const took = await ended;
    assert.ok(took >= 1500 && took < 3000, `${took} ms`);
    await sleep(50);
    assert.equal(silent.over(), 'closed');
  });

  test('does not, when it is told by SIGINT', async () => {
    const silent = dial();
    await silent.ask();
    const { ended } = await tell('SIGINT');
    const took = await ended;
    assert.ok(took < 1400, `${took} ms`);
    silent.close();
  });

  // One connects after the other, before, at and after the moment in which the socket is closed.
  for (const told of [20, 40, 60, 80, 100, 120]) test(`does not lose who connects, told at the ${told}th`, async () => {
    const asked = [];
    let telling;
    for (let i = 0; i < 300; i += 1) {
      const one = dial();
      asked.push(one.ask().then((text) => ({ text, over: one.over() })));
      if (i === told) telling = tell('SIGINT');
      await turn();
    }
    const lost = (await Promise.all(asked))
      .filter(({ text, over }) => !/^HTTP\/1.1 200/.test(text) && over !== 'ECONNREFUSED');
    assert.deepEqual(lost, [], 'neither answered nor refused');
    await (await telling).ended;
  });
});
