// A tenant that asks for much and reads nothing: every process stays below the bound that
// docs/operations.md (Memory) computes from the configuration, nothing dies, and the others are served.
// The programs are those that people run, where they are built (TEST_RELEASE_BIN), and the kernel holds
// them to the bound as a container's limit does, where we may ask it to.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { limitMemory } from '../support/memory_limit.mjs';
import { metric } from './support/metric.mjs';
import { ask } from './support/ask.mjs';
import { Stack, services } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';

const mib = 1 << 20;
const answer = 8 * mib;
const held = 64 * mib;
const connections = 512;
const [fibers, writers] = [64, 4];
const gatewayBound = 18 * mib + connections * 41 * 1024 + 3 * held + 2 * 8 * mib + 64 * mib;
const readers = 2 + 3;
const serviceBound = 14 * mib + fibers * 2 * mib + 18 * answer + readers * 16 * mib + writers * 24 * mib;
const kept = { 'svc-goals': (64 + 2) * mib, 'svc-analytics': 32 * mib }; // what they keep in memory
const boundOf = (name) => (name === 'gateway' ? gatewayBound : serviceBound + (kept[name] ?? 0));

const groups = [];
const spawned = (name, pid) => groups.push(limitMemory(pid, boundOf(name)));
const stack = new Stack({
  all: {
    TRACTION_MAX_ANSWER: String(answer), TRACTION_REQUEST_TIMEOUT_MS: '60000', TRACTION_FIBERS: String(fibers), TRACTION_DATABASE_WRITERS: String(writers),
    // A sanitizer's own memory is not what is measured.
    ASAN_OPTIONS: 'handle_abort=1:detect_stack_use_after_return=0:log_exe_name=1:quarantine_size_mb=1:malloc_context_size=1',
  },
  gateway: { TRACTION_HELD_BYTES: String(held), TRACTION_MAX_CONNECTIONS: String(connections), TRACTION_STREAMS: '1000', TRACTION_STREAM_BYTES: String(8 * mib) },
}, { built: process.env.TEST_RELEASE_BIN, spawned });
const tokenOf = (tenant) => sign(claimsOf({ tenant, user: 'user-1' }), stack.secret);
const send = (tenant, method, path, body) => ask(stack.url, method, path, { token: tokenOf(tenant), body, timeoutMs: 70000 });
const peak = (name) => Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${stack.running.get(name).child.pid}/status`, 'utf8'))[1]) * 1024;

const goals = [];
const sockets = [];

function raw(text) {
  const { hostname, port } = new URL(stack.url);
  const socket = connect({ port: Number(port), host: hostname, highWaterMark: 1024 });
  socket.on('error', () => {});
  socket.pause();
  socket.write(text);
  sockets.push(socket);
  return socket;
}

const head = (method, path, more = '') => `${method} ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokenOf('greedy')}\r\n${more}\r\n`;

const gatewayMetric = (name) => metric(stack.adminPorts.gateway, name);
const heldBytes = () => gatewayMetric('traction_held_bytes');

function checkPeaks() {
  for (const name of ['gateway', ...services])
    assert.ok(peak(name) < boundOf(name), `${name} had ${peak(name) / mib} MiB of ${boundOf(name) / mib}`);
}

before(async () => {
  await stack.start();
  for (let i = 0; i < 4; i += 1) goals.push((await send('greedy', 'POST', '/goals', { title: `g${i}`, ownerId: 'o' })).data.id);
  await stack.postgres.query(`INSERT INTO goals.strategies (tenant_id, id, goal_id, description, status, order_index, version, created_at, updated_at,
    created_by, updated_by) SELECT g.tenant_id, gen_random_uuid(), g.id, repeat(chr(128512), 5000), 'draft', i, 1, now(), now(), 'u', 'u'
    FROM goals.goals g, generate_series(1, 190) AS i`);
  assert.equal((await send('modest', 'POST', '/goals', { title: 'mine', ownerId: 'o' })).status, 201);
});
after(async () => {
  sockets.forEach((socket) => socket.destroy());
  assert.deepEqual(await stack.stop(), []);
  for (const remove of groups) remove?.();
});

describe('memory', () => {
  test('of answers that nobody reads', { timeout: 240000 }, async () => {
    // What the kernel's buffers take is not held: a page of 8 MB is more than they do.
    const until = Date.now() + 180000;
    let more = {};
    while (more.status !== 429) {
      assert.ok(Date.now() < until, `it is never refused; the last was ${more.status}`);
      for (let i = 0; i < 2; i += 1) raw(head('GET', '/goals?size=2'));
      more = await send('greedy', 'GET', '/goals?size=2');
      assert.ok(await heldBytes() <= held);
    }
    assert.equal(more.code, 'RATE_LIMITED');
    assert.equal(await gatewayMetric('traction_held_max_bytes'), held);
    assert.ok(await gatewayMetric('traction_limited_total{reason="tenant_held"}') >= 1);
    assert.match(more.headers.get('retry-after'), /^[1-9]\d*$/);
    const mine = await send('modest', 'GET', '/goals');
    assert.deepEqual([mine.status, mine.data.length], [200, 1]);
    checkPeaks();
    sockets.splice(0).forEach((socket) => socket.destroy());
    while (await heldBytes() > 0) await sleep(50);
    assert.equal((await send('greedy', 'GET', '/goals?size=2')).status, 200);
  });

  test('of bodies that do not end', { timeout: 240000 }, async () => {
    const some = 'x'.repeat(900000);
    for (let i = 0; i < 200; i += 1) raw(head('POST', '/goals', `Content-Type: application/json\r\nContent-Length: ${mib}\r\n`) + some);
    await sleep(4000);
    assert.ok(await heldBytes() <= held);
    assert.equal((await send('modest', 'POST', '/goals', { title: 'another', ownerId: 'o' })).status, 201);
    checkPeaks();
    sockets.splice(0).forEach((socket) => socket.destroy());
    while (await heldBytes() > 0) await sleep(50);
  });

  // An issue of such a page takes 470 KB, as row, struct and message: 32 pages would take 680 MB.
  test('of many pages of the largest issues and actions', { timeout: 240000 }, async () => {
    await send('greedy', 'POST', '/api/operations/issues', { title: 'i' });
    await send('greedy', 'POST', '/api/operations/actions', { title: 'a' });
    for (const [name, texts] of [
      ['issue', ['description', 'resolution_notes', 'environment', 'steps_to_reproduce', 'expected_behavior', 'actual_behavior']], ['action', ['description']]]) {
      const columns = (await stack.postgres.query(`SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attrelid = 'operations.${name}s'::regclass
        AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname NOT IN ('id', ${texts.map((text) => `'${text}'`).join()})`)).trim();
      await stack.postgres.query(`INSERT INTO operations.${name}s (id, ${texts.join()}, ${columns}) SELECT gen_random_uuid(),
        ${texts.map(() => 'repeat(chr(128512), 5000)').join()}, ${columns} FROM operations.${name}s, generate_series(1, 60) WHERE tenant_id = 'greedy' AND title = '${name[0]}'`);
      for (const kind of ['goal', 'strategy']) {
        await stack.postgres.query(`INSERT INTO operations.${name}_${kind === 'goal' ? 'goals' : 'strategies'} (tenant_id, ${name}_id, place, ${kind}_id)
          SELECT tenant_id, id, i, gen_random_uuid() FROM operations.${name}s, generate_series(1, 500) AS i WHERE tenant_id = 'greedy' AND title = '${name[0]}'`);
      }
    }
    const asked = Array.from({ length: 32 }, (_, i) => send('greedy', 'GET', `/api/operations/${i % 8 ? 'issues?size=45' : 'actions?size=60'}`));
    const answers = await Promise.all(asked);
    assert.deepEqual(answers.map(({ status }) => status).filter((status) => ![200, 429, 503, 504].includes(status)), []);
    assert.ok(answers.some(({ status }) => status === 200));
    const actions = (await send('greedy', 'GET', '/api/operations/actions?size=60')).data;
    assert.ok(actions.length === 60 && actions[0].description.length === 10000);
    const issues = (await send('greedy', 'GET', '/api/operations/issues?size=45')).data;
    assert.ok(issues.length === 45 && issues[0].actualBehavior.length === 10000);
    assert.match((await send('greedy', 'GET', '/api/operations/issues?size=60')).errors.size, /ask for fewer at once, such as [45]\d$/);
    assert.equal((await send('modest', 'GET', '/api/operations/issues')).status, 200);
    checkPeaks();
  });

  test('of many who ask for the same at once', { timeout: 240000 }, async () => {
    const actions = [];
    for (let i = 0; i < 4; i += 1) {
      actions.push((await send('greedy', 'POST', '/api/operations/actions', { title: 'a', connections: { goalIds: [goals[i]] } })).data.id);
    }
    const asked = Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? send('greedy', 'POST', '/api/operations/actions/goals', { actionIds: actions.slice(0, 2) })
      : send('greedy', 'GET', i % 3 === 1 ? '/goals?size=2' : `/goals/${goals[0]}`)));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    assert.deepEqual(statuses.filter((status) => ![200, 429, 503].includes(status)), []);
    assert.ok(statuses.includes(200));
    assert.equal((await send('modest', 'GET', '/goals')).status, 200);
    assert.equal((await send('greedy', 'GET', `/goals/${goals[1]}`)).status, 200);
    checkPeaks();
  });
});
