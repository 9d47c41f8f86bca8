// A stack of its own with room for few streams: what one tenant does with them leaves the others theirs.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { metric } from './support/metric.mjs';
import { Watch, watch } from './support/sse.mjs';
import { Stack } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';

const stack = new Stack({ gateway: { TRACTION_STREAMS: '12', TRACTION_STREAM_BYTES: String(8 << 20) } });
const tokenOf = (tenant, user = 'user-1') => sign(claimsOf({ tenant, user, name: 'Ann', exp: Math.floor(Date.now() / 1000) + 3600 }), stack.secret);
const streamOf = (tenant, user, headers = {}) => // whose events are planted
  [`${stack.url}/realtime/tenants/${tenant}`, { held: false, headers: { Authorization: `Bearer ${tokenOf(tenant, user)}`, ...headers } }];

before(() => stack.start());
after(async () => assert.deepEqual(await stack.stop(), []));

const gauge = (name) => metric(stack.adminPorts.gateway, `traction_${name}`);

// So many entries of so many bytes in the tenant's stream, as if they had happened.
async function fill(tenant, count, bytes) {
  const length = bytes.toString(16).padStart(8, '0');
  await stack.postgres.query(`INSERT INTO realtime.heads (tenant_id, head, changed_at) VALUES ('${tenant}', ${count}, now());
    INSERT INTO realtime.stream (tenant_id, place, type, goal_id, shown, data, created_at) SELECT '${tenant}', i, 'goal.updated', NULL, true,
      '\\x81a766696c6c696e67db${length}'::bytea || convert_to(repeat('x', ${bytes}), 'UTF8'), now() FROM generate_series(1, ${count}) AS i`);
  return `${await stack.postgres.query('SELECT epoch FROM realtime.epoch')}-0`;
}

function asleep(tenant, last) {
  const { hostname, port } = new URL(stack.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.pause();
  socket.write(`GET /realtime/tenants/${tenant} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokenOf(tenant)}\r\nLast-Event-ID: ${last}\r\n\r\n`);
  return socket;
}

describe('a tenant that opens all streams it can', () => {
  test('gets half of them when it is alone, 429 beyond, and the others find room', async () => {
    const open = [];
    const status = async (tenant, user) => {
      const stream = await new Watch(...streamOf(tenant, user)).opened;
      open.push(stream);
      return stream;
    };
    const first = [];
    for (let i = 0; i < 8; i += 1) first.push(await status('greedy', `user-${i % 5}`));
    assert.deepEqual(first.map((stream) => stream.status), [...Array(6).fill(200), 429, 429]);
    assert.match(first[7].headers['retry-after'], /^[1-9]\d*$/);
    for (let i = 0; i < 3; i += 1) assert.equal((await status('modest')).status, 200);
    assert.equal((await status('modest')).status, 429);
    assert.equal((await status('third')).status, 200);
    await Promise.all(open.map((stream) => stream.close()));
    while (await gauge('streams') > 0) await sleep(20);
    const again = await status('greedy');
    assert.equal(again.status, 200);
    await again.close();
  });
});

describe('streams that go on from long ago and are not read', () => {
  test('are kept a page each, and hold nobody else up', { timeout: 120000 }, async () => {
    while (await gauge('streams') > 0) await sleep(20);
    const last = await fill('sleepers', 60, 500000);
    const sockets = Array.from({ length: 5 }, () => asleep('sleepers', last));
    while (await gauge('stream_replays_total') < 5) await sleep(20);
    await sleep(2000);
    const pending = await gauge('stream_pending_bytes');
    assert.ok(pending > 0 && pending <= 5 * 800000, `${pending} bytes`);
    const lastOther = await fill('reader', 30, 200000);
    const reader = await watch(...streamOf('reader', 'user-1', { 'Last-Event-ID': lastOther }));
    await reader.count(30, 20000);
    assert.deepEqual(reader.events.map(({ id }) => Number(id.split('-')[1])), Array.from({ length: 30 }, (_, i) => i + 1));
    await reader.close();
    // One of them reads after all: it gets everything, in order.
    let text = '';
    sockets[0].setEncoding('latin1');
    sockets[0].on('data', (chunk) => { text = (text + chunk).slice(-500100); });
    const until = Date.now() + 60000;
    sockets[0].resume();
    while (!text.includes(`id: ${last.split('-')[0]}-60\n`)) {
      assert.ok(Date.now() < until, 'the last one has not come');
      await sleep(50);
    }
    sockets.forEach((socket) => socket.destroy());
  });
});
