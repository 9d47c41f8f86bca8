// Two of svc-realtime and two gateways: whoever commits tells, both gateways hear both, and clients
// go from one gateway to the other with their last id.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { goalStream, watch } from './support/sse.mjs';
import { Stack, programFile } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';
import { ask } from './support/ask.mjs';

const bus = mkdtempSync(join(tmpdir(), 'traction-bus-'));
const second = `ipc://${bus}/second.sock`;
const stack = new Stack({
  all: { TRACTION_BUS_DIR: bus },
  gateway: { TRACTION_REALTIME_ENDPOINTS: `ipc://${bus}/svc-realtime.sock,${second}` },
});
const others = new Map();
let gateways;
let headers;

function spawnOther(name, program, more) {
  const file = join(stack.folder, `${name}.log`);
  const log = openSync(file, 'a');
  const child = spawn(programFile(program), [], { env: { ...stack.environment(program), TRACTION_ADMIN_PORT: '0', ...more }, stdio: ['ignore', log, log] });
  const gone = new Promise((done) => child.on('exit', (code, signal) => done(signal ?? code)));
  others.set(name, { child, gone, file });
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

const spawnSecond = () => spawnOther('second', 'svc-realtime', { TRACTION_BUS_LISTEN: second });

async function send(method, path, body, url = stack.url) {
  const answer = await ask(url, method, path, { body, headers });
  assert.ok(answer.status && answer.status < 300, `${answer.status} ${answer.error}`);
  return answer.data;
}

before(async () => {
  await stack.start();
  headers = { Authorization: `Bearer ${sign(claimsOf({ tenant: 'twice', user: 'u', name: 'U' }), stack.secret)}`, 'Content-Type': 'application/json' };
  const port = await freePort();
  spawnSecond();
  spawnOther('gateway', 'gateway', { TRACTION_PORT: String(port) });
  gateways = [stack.url, `http://127.0.0.1:${port}`];
  for (let i = 0; i < 200; i += 1) {
    const ready = await fetch(`${gateways[1]}/health/ready`).then(({ status }) => status === 200, () => false);
    if (ready) return;
    await sleep(50);
  }
  throw new Error('the second gateway is not ready');
});

after(async () => {
  for (const { child, gone, file } of others.values()) {
    child.kill('SIGTERM');
    assert.equal(await gone, 0, readFileSync(file, 'utf8').slice(-2000));
    assert.doesNotMatch(readFileSync(file, 'utf8'), /Sanitizer|runtime error:/);
  }
  assert.deepEqual(await stack.stop(), []);
  rmSync(bus, { recursive: true, force: true });
});

describe('two of each', () => {
  test('tell everybody everything once and in order while one or the other dies', { timeout: 90000 }, async () => {
    const goal = await send('POST', '/goals', { title: 'g', horizon: 'year', ownerId: 'o' });
    const streams = await Promise.all(gateways.map((url) => watch(url + goalStream(goal), { headers })));
    const written = [];
    let stopped = false;
    const writers = Array.from({ length: 4 }, async (_, i) => {
      for (let k = 0; !stopped; k += 1) {
        written.push((await send('POST', `/goals/${goal.id}/activity`, { type: 'note', text: `${i}-${k}` }, gateways[k % 2])).id);
      }
    });
    // One that goes from gateway to gateway.
    const wandering = [];
    const wanderer = (async () => {
      for (let k = 0; !stopped; k += 1) {
        const last = wandering.at(-1)?.id ?? `${streams[0].events[0]?.id.split('-')[0] ?? 'x'}-0`;
        if (last === 'x-0') { await sleep(20); continue; }
        const stream = await watch(gateways[k % 2] + goalStream(goal), { headers: { ...headers, 'Last-Event-ID': last } });
        await stream.count(10).catch(() => {});
        wandering.push(...stream.events);
        await stream.close();
      }
    })();
    // For a while, and until there is enough to tell anything by, however slow the machine is.
    const goOn = async () => {
      const enough = written.length + 45;
      await sleep(1500);
      while (written.length < enough) await sleep(20);
    };
    await goOn();
    await stack.kill('svc-realtime');
    await goOn();
    stack.spawn('svc-realtime');
    await goOn();
    others.get('second').child.kill('SIGKILL');
    await others.get('second').gone;
    await goOn();
    spawnSecond();
    await goOn();
    while (wandering.length <= 100) await sleep(20);
    stopped = true;
    await Promise.all([...writers, wanderer]);
    await Promise.all(streams.map((stream) => stream.count(written.length, 15000)));
    const ids = streams.map((stream) => stream.events.map(({ id }) => id));
    assert.deepEqual(ids[0], ids[1]);
    assert.deepEqual(streams[0].events.map(({ data }) => data.activity.id).sort(), [...written].sort());
    const places = ids[0].map((id) => Number(id.split('-')[1]));
    assert.ok(places.every((place, i) => i === 0 || place > places[i - 1]));
    assert.deepEqual(wandering.map(({ id }) => id), ids[0].slice(0, wandering.length));
    assert.ok(written.length > 200 && wandering.length > 100, `${written.length} written, ${wandering.length} seen on the way`);
    await Promise.all(streams.map((stream) => stream.close()));
  });
});
