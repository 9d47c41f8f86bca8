// Two of svc-goals that crash at one operation, and two of svc-operations that ask them. Whoever dies by
// a signal says so in one line and names the request, which then kills nobody else; a request whose
// process is killed without a word is sent once more. The programs are those with planted faults.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Stack, programFile } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';
import { ask } from './support/ask.mjs';

const bus = mkdtempSync(join(tmpdir(), 'traction-bus-'));
const pair = (name) => [1, 2].map((n) => `ipc://${bus}/${name}-${n}.sock`);
const stack = new Stack({
  all: {
    TRACTION_BUS_DIR: bus,
    TRACTION_GOALS_ENDPOINTS: pair('svc-goals').join(),
    TRACTION_OPERATIONS_ENDPOINTS: pair('svc-operations').join(),
  },
  'svc-goals': { TRACTION_BUS_LISTEN: pair('svc-goals')[0] },
  'svc-operations': { TRACTION_BUS_LISTEN: pair('svc-operations')[0] },
});
const replicas = []; // of svc-goals
let headers;

function start(program, number, name, more) {
  const file = join(stack.folder, `${name}.log`);
  const log = openSync(file, 'a');
  const env = { ...stack.environment(basename(program)), TRACTION_ADMIN_PORT: '0', TRACTION_BUS_LISTEN: pair(basename(program))[number - 1], ...more };
  const child = spawn(programFile(program), [], { env, cwd: stack.folder, stdio: ['ignore', log, log] });
  const replica = { child, file, ended: null };
  replica.gone = new Promise((done) => child.on('exit', (code, signal) => done(replica.ended = signal ?? code)));
  return replica;
}

const logOf = ({ file }) => readFileSync(file, 'utf8').split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));

async function connected(program, service) {
  const metrics = await fetch(`http://127.0.0.1:${stack.adminPorts[program]}/metrics`).then((answer) => answer.text());
  return Number(metrics.match(new RegExp(`traction_bus_replicas\\{[^}]*"${service}"[^}]*\\} (\\d+)`))?.[1] ?? 0);
}

async function until(what, holds) {
  const deadline = Date.now() + 30000;
  while (!await holds()) {
    assert.ok(Date.now() < deadline, `not within 30 s: ${what}`);
    await sleep(20);
  }
}

async function twoReplicas(...faults) {
  await Promise.all(replicas.splice(0).map(({ child, gone }) => (child.kill('SIGKILL'), gone)));
  await until('nobody connected', async () => await connected('gateway', 'svc-goals') === 0);
  faults.forEach((fault, i) => replicas.push(start('tests/chaos/faulty/svc-goals', i + 1, `goals-${i + 1}-${Date.now()}`, fault ? { FAULTS_CRASH: fault } : {})));
  for (const program of ['gateway', 'svc-operations']) {
    await until(`both connected to ${program}`, async () => await connected(program, 'svc-goals') === 2);
  }
}

let requests = 0;
async function send(method, path, body) {
  requests += 1;
  const id = `crash-${requests}`;
  return { id, ...await ask(stack.url, method, path, { body, headers: { ...headers, 'X-Request-Id': id } }) };
}

before(async () => {
  assert.ok(existsSync(programFile('tests/chaos/faulty/svc-goals')), 'the programs with planted faults are missing: build everything');
  await stack.start();
  headers = { Authorization: `Bearer ${sign(claimsOf({ tenant: 'crash-named', user: 'u' }), stack.secret)}`, 'Content-Type': 'application/json' };
  await stack.kill('svc-goals');
});

let second;
after(async () => {
  second?.child.kill('SIGTERM');
  await second?.gone;
  await Promise.all(replicas.map(({ child, gone }) => (child.kill('SIGTERM'), gone)));
  assert.deepEqual(await stack.stop(), []);
  rmSync(bus, { recursive: true, force: true });
});

// What is true of each named crash: one dies and says why, the other lives, and the caller hears of it.
async function oneDies(answer, operation, signal) {
  assert.deepEqual([answer.status, answer.code, answer.requestId], [503, 'SERVICE_UNAVAILABLE', answer.id], answer.error);
  assert.match(answer.headers.get('retry-after'), /^\d+$/);
  await until('one of them ends', () => replicas.some(({ ended }) => ended !== null));
  await sleep(300); // time for the other to get it, too
  const dead = replicas.filter(({ ended }) => ended !== null);
  assert.equal(dead.length, 1, 'the second replica died as well');
  const lines = logOf(dead[0]).filter(({ message }) => message === 'crashed');
  assert.equal(lines.length, 1);
  const [line] = lines;
  assert.equal(line.signal, signal);
  assert.equal(line.operation, operation);
  assert.equal(line.requestId, answer.id);
  assert.equal(line.tenant, 'crash-named');
  assert.match(line.backtrace, /^\S+\+0x[0-9a-f]+( \S+)*$/);
  assert.match(line.backtrace, /svc-goals\+0x/);
  assert.equal((await send('GET', '/goals')).status, 200);
}

describe('a crash', () => {
  test('at a read is 503 at once, and the other replica never sees the request', { timeout: 90000 }, async () => {
    await twoReplicas('getGoalById:touch', 'getGoalById:touch');
    const goal = await send('POST', '/goals', { title: 'g', horizon: 'year', ownerId: 'o' });
    assert.equal(goal.status, 201);
    const answer = await send('GET', `/goals/${goal.data.id}`);
    assert.equal(answer.error, 'The service failed at this request');
    await oneDies(answer, 'getGoalById', 'SIGSEGV');
  });

  test('at a write, by overflow of the stack, likewise', { timeout: 90000 }, async () => {
    await twoReplicas('createGoal:stack', 'createGoal:stack');
    await oneDies(await send('POST', '/goals', { title: 'g', horizon: 'year', ownerId: 'o' }), 'createGoal', 'SIGSEGV');
  });

  test('of a service that another one asked is not brought about again by that one', { timeout: 90000 }, async () => {
    second = start('svc-operations', 2, 'operations-2', {});
    await twoReplicas('checkGoals:touch', 'checkGoals:touch');
    await until('two of svc-operations', async () => await connected('gateway', 'svc-operations') === 2);
    const goal = await send('POST', '/goals', { title: 'g', horizon: 'year', ownerId: 'o' });
    assert.equal(goal.status, 201);
    await sleep(500); // until the second svc-operations knows both, too
    await oneDies(await send('POST', '/api/operations/actions', { title: 'a', connections: { goalIds: [goal.data.id] } }), 'checkGoals', 'SIGSEGV');
  });
});

describe('a process that is killed without a word', () => {
  test('leaves its request to the other one', { timeout: 90000 }, async () => {
    await twoReplicas('createGoal:kill', '');
    const made = [];
    for (let i = 0; i < 4; i += 1) made.push(await send('POST', '/goals', { title: `k${i}`, horizon: 'year', ownerId: 'o' }));
    assert.deepEqual(made.map(({ status }) => status), [201, 201, 201, 201]);
    assert.equal(replicas[0].ended, 'SIGKILL');
  });
});
