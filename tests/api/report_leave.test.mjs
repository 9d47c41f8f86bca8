// Clients that go away while the report of a large tenant is made: its writer is stopped before it
// is done, the place and the month's count are as before, and whoever stays gets an answer.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import { Stack } from './support/stack.mjs';
import { claimsOf, sign } from './support/token.mjs';

const stack = new Stack();
const headers = (more = {}) => ({
  authorization: `Bearer ${sign(claimsOf({ tenant: 'bench-large', user: 'user-1', name: 'Ann', ...more }), stack.secret)}`,
});

before(async () => {
  await stack.start();
  const seed = readFileSync(new URL('../../bench/seed_analytics.sql', import.meta.url), 'utf8');
  await stack.postgres.query(/^BEGIN;[^]*^COMMIT;$/m.exec(seed)[0]);
  await stack.postgres.query('ANALYZE');
});

after(async () => {
  assert.deepEqual(await stack.stop(), []);
});

const writers = () => {
  const { pid } = stack.running.get('svc-analytics').child;
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
};

async function until(rule, what) {
  const started = Date.now();
  while (!await rule()) {
    assert.ok(Date.now() - started < 20000, what);
    await sleep(10);
  }
}

const writing = () => until(() => writers().length > 0, 'no writer');
const stopped = () => until(() => writers().length === 0, 'a writer lives');
const uncounted = () => until(async () => await stack.postgres.query(`SELECT count(*) FROM analytics.reports WHERE tenant_id = 'bench-large'`) === '0', 'they still count');
const small = { get headers() { return headers({ tenant: 'small' }); } };
const get = (path, more) => axios.get(stack.url + path, { headers: headers(), validateStatus: () => true, timeout: 60000, ...more });

async function metric(name, program) {
  const text = await (await fetch(`http://127.0.0.1:${stack.adminPorts[program]}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(name)).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

// None was made to its end, whose time differs from machine to machine.
async function allAbandoned() {
  for (const format of ['pdf', 'docx'])
    for (const outcome of ['made', 'failed'])
      assert.equal(await metric(`traction_report_seconds_count{format="${format}",outcome="${outcome}"}`, 'svc-analytics'), 0, `${format} ${outcome}`);
}

describe('a client that goes away', () => {
  for (const format of ['pdf', 'docx']) {
    test(`axios that aborts stops the ${format}`, async () => {
      const abort = new AbortController();
      const asked = get(`/reports/company?format=${format}`, { signal: abort.signal });
      await writing();
      abort.abort();
      await assert.rejects(asked, /cancel/);
      await stopped();
      await uncounted();
      await allAbandoned();
    });
  }

  test('more of them than there are places; then the next is served', async () => {
    for (let i = 0; i < 3; i += 1) {
      const aborts = Array.from({ length: 4 }, () => new AbortController());
      const asked = aborts.map(({ signal }) => get('/reports/company', { signal }));
      await writing();
      for (const abort of aborts) abort.abort();
      await Promise.allSettled(asked);
      await stopped();
    }
    await uncounted();
    await allAbandoned();
    assert.equal((await get('/reports/company', small)).status, 200);
    assert.ok(await metric('traction_bus_cancelled_total', 'svc-analytics') >= 5);
    assert.ok(await metric('traction_http_requests_total{operation="generateReport",method="GET",route="/reports/company",status="499"}', 'gateway') >= 5);
    assert.equal(await metric('traction_bus_in_flight', 'gateway'), 0);
  });

  test('a socket that is destroyed, one that is reset, and one that only ends its own side', async () => {
    for (const leave of ['destroy', 'resetAndDestroy', 'end']) {
      const socket = connect({ port: stack.port, host: '127.0.0.1', allowHalfOpen: true });
      socket.write(`GET /reports/company HTTP/1.1\r\nHost: a\r\nAuthorization: ${headers().authorization}\r\n\r\n`);
      await writing();
      socket[leave]();
      await stopped();
      socket.destroy();
    }
  });

  test('a gateway that dies', async () => {
    const refused = assert.rejects(get('/reports/company'));
    await writing();
    await stack.kill('gateway');
    await refused;
    await stopped();
    await uncounted();
    stack.spawn('gateway');
    await stack.ready();
    assert.equal((await get('/reports/company', small)).status, 200);
  });
});
