// deploy/nginx/traction.conf before two gateways, with the machine's own nginx: requests over HTTP/2,
// many streams on one connection, and gateways that end one after the other without anybody noticing.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Stack } from '../api/support/stack.mjs';
import { claimsOf, sign } from '../api/support/token.mjs';
import { bin, read } from './support/programs.mjs';

const nginx = ['/usr/sbin/nginx', '/usr/local/sbin/nginx'].find(existsSync);
const base = 24000 + (process.pid % 1000) * 4;

// The example with the addresses and files of this test.
function configure(folder, ports) {
  const text = read('deploy/nginx/traction.conf')
    .replace('listen 443', `listen 127.0.0.1:${base}`)
    .replace('127.0.0.1:8002', `127.0.0.1:${ports[0]}`)
    .replace('127.0.0.1:8003', `127.0.0.1:${ports[1]}`)
    .replaceAll('/etc/ssl/traction/', `${folder}/`)
    .replaceAll('/var/log/nginx/', `${folder}/`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/tmp-${name};`).join(' ');
  writeFileSync(join(folder, 'nginx.conf'), `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
    ${process.getuid() === 0 ? 'user root;' : ''} events { worker_connections 1024; } http { ${temporary}\n${text}\n}`);
}

describe('nginx before two gateways', { skip: !nginx && 'there is no nginx here; apt-get install nginx-light' }, () => {
  const stack = new Stack();
  const gateways = [];
  let folder;
  let edge;
  let session;
  let token;

  const startGateway = (i) => {
    const env = { ...stack.environment('gateway'), TRACTION_PORT: base + 1 + i, TRACTION_ADMIN_PORT: 0 };
    const child = spawn(join(bin, 'gateway'), [], { env, stdio: 'ignore' });
    gateways[i] = { child, gone: new Promise((done) => child.on('exit', (code, signal) => done(signal ?? code))) };
    return awaitReady(base + 1 + i);
  };
  const awaitReady = async (port) => {
    for (let i = 0; i < 400; i++) {
      if (await fetch(`http://127.0.0.1:${port}/health/ready`).then(({ status }) => status === 200, () => false)) return;
      await sleep(25);
    }
    throw new Error(`nothing is ready at ${port}`);
  };

  // As browsers do: nginx ends a connection after so many requests (keepalive_requests), and those
  // under way are still answered.
  function open() {
    session = connect(`https://127.0.0.1:${base}`, { rejectUnauthorized: false });
    const own = session;
    session.on('goaway', () => { if (own === session) open(); });
    session.on('error', () => {});
  }

  // A request that nginx says it has not looked at (REFUSED_STREAM) is sent again, as browsers do.
  const ask = async (path, options = {}) => {
    for (;;) {
      try {
        return await askOnce(path, options);
      } catch (error) {
        if (!/REFUSED_STREAM|GOAWAY_SESSION|INVALID_SESSION/.test(`${error.code} ${error.message}`)) throw error;
        await sleep(5);
      }
    }
  };

  // One request over HTTP/2; `onText` sees the body as it comes.
  function askOnce(path, { method = 'GET', body, headers = {}, onText, stop } = {}) {
    return new Promise((done, fail) => {
      const stream = session.request({ ':path': path, ':method': method, authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}), ...headers });
      let text = '';
      let status;
      stream.setEncoding('utf8');
      stream.on('response', (head) => { status = head[':status']; });
      stream.on('data', (chunk) => { text += chunk; onText?.(text, stream); });
      stream.on('end', () => done({ status, text }));
      stream.on('error', (error) => (stop?.aborted ? done({ status, text }) : fail(error)));
      stop?.addEventListener('abort', () => stream.close(8));
      stream.end(body);
    });
  }

  before(async () => {
    await stack.start();
    folder = join(stack.folder, 'nginx');
    mkdirSync(folder);
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', '/CN=api.example.com',
      '-keyout', join(folder, 'tls.key'), '-out', join(folder, 'tls.crt')], { stdio: 'ignore' });
    configure(folder, [base + 1, base + 2]);
    await Promise.all([startGateway(0), startGateway(1)]);
    edge = spawn(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'inherit'] });
    for (let i = 0; i < 200 && !existsSync(join(folder, 'pid')); i++) await sleep(25);
    open();
    token = sign(claimsOf({ tenant: 'edge', user: 'u1', name: 'Ann' }), stack.secret);
  });

  after(async () => {
    session?.close();
    edge?.kill('SIGTERM');
    for (const { child } of gateways) child.kill('SIGKILL');
    assert.deepEqual(await stack.stop(), []);
  });

  test('requests pass over HTTP/2', async () => {
    const made = await ask('/goals', { method: 'POST', body: JSON.stringify({ title: 'Edge', horizon: 'year', owner_id: 'u1' }), headers: { 'x-request-id': 'edge-1' } });
    assert.equal(made.status, 201, made.text);
    assert.equal(session.alpnProtocol, 'h2');
    const id = JSON.parse(made.text).data.id;
    assert.equal((await ask(`/traction/api/v1/goals/${id}:activate`, { method: 'POST', body: '{}' })).status, 200);
    assert.equal(JSON.parse((await ask(`/goals/${id}`)).text).data.status, 'active');
    const large = await ask('/goals', { method: 'POST', body: JSON.stringify({ title: 'x'.repeat(1200000) }) });
    assert.equal(large.status, 413);
    assert.equal(JSON.parse(large.text).code, 'PAYLOAD_TOO_LARGE', 'the gateway\'s own answer');
  });

  test('thirty streams share one connection, and each event comes at once', async () => {
    const goal = JSON.parse((await ask('/goals')).text).data[0].id;
    const end = new AbortController();
    setMaxListeners(100, end.signal);
    let opened = 0;
    let told = 0;
    let posted;
    let slowest = 0;
    const streams = Array.from({ length: 30 }, (_, i) => {
      let counted = false;
      const path = i % 2 ? `/realtime/goals/${goal}/activity?access_token=${token}` : '/realtime/tenants/edge';
      return ask(path, { stop: end.signal, onText: (text) => {
        if (!counted) { counted = true; opened += 1; }
        if (text.includes('to everybody') && counted !== 'told') { counted = 'told'; told += 1; slowest = Date.now() - posted; }
      } });
    });
    for (let i = 0; i < 200 && opened < 30; i++) await sleep(25);
    assert.equal(opened, 30);
    posted = Date.now();
    await ask(`/goals/${goal}/activity`, { method: 'POST', body: JSON.stringify({ type: 'note', text: 'to everybody' }) });
    for (let i = 0; i < 200 && told < 30; i++) await sleep(25);
    assert.equal(told, 30);
    assert.ok(slowest < 2000, `${slowest} ms: something buffers`);
    end.abort();
    await Promise.all(streams);
  });

  test('tokens of streams are in no log', async () => {
    let log = ''; // a line is written when its stream has ended
    for (let i = 0; i < 100 && !log.includes('/activity" 200'); i++) {
      log = readFileSync(join(folder, 'traction.log'), 'utf8');
      await sleep(25);
    }
    assert.match(log, /"GET \/realtime\/goals\/[^"?]*\/activity" 200/);
    assert.ok(!log.includes(token) && !log.includes('access_token'));
  });

  test('nor when a gateway does not answer, or the token stands in the path', async () => {
    gateways[0].child.kill('SIGKILL');
    await gateways[0].gone;
    const paths = ['/realtime/tenants/other?access_token=', '/realtime/tenants/other%3Faccess_token=', '/goals?ACCESS_TOKEN=', '/goals/', '/goals%253Faccess_token%253D', '/goals;access_token='];
    for (let i = 0; i < 4; i++) {
      for (const path of paths) assert.ok((await ask(path + token)).status >= 400);
    }
    gateways[1].child.kill('SIGKILL');
    await gateways[1].gone;
    for (const path of paths) assert.equal((await ask(path + token)).status, 502);
    await Promise.all([startGateway(0), startGateway(1)]);
    const access = () => readFileSync(join(folder, 'traction.log'), 'utf8');
    for (let i = 0; i < 100 && access().split('" 502 ').length < 1 + paths.length; i++) await sleep(25);
    assert.match(access(), /"GET \/realtime\/tenants\/other" 502 \d+ [\d.]+ 127\.0\.0\.1:\d+/, 'what has failed is still told');
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.log'))) {
      const text = readFileSync(join(folder, name), 'utf8');
      const found = /.*(access_?token|eyJ).*/i.exec(text)?.[0];
      assert.equal(found, undefined, name);
    }
  });

  // Three rounds of each gateway told to end and started anew, under requests and with a stream.
  test('gateways end and come back without a failed request or a lost event', async () => {
    const goal = JSON.parse((await ask('/goals')).text).data[0].id;
    const failures = [];
    const notes = [];
    const seen = [];
    let running = true;
    const reader = async () => {
      while (running) {
        const { status, text } = await ask(`/goals/${goal}`);
        if (status !== 200) failures.push(`GET ${status} ${text}`);
      }
    };
    const writer = async () => {
      while (running) {
        const text = randomUUID();
        const answer = await ask(`/goals/${goal}/activity`, { method: 'POST', headers: { 'idempotency-key': text }, body: JSON.stringify({ type: 'note', text }) });
        if (answer.status === 201) notes.push(text);
        else failures.push(`POST ${answer.status} ${answer.text}`);
        await sleep(2);
      }
    };
    // As a browser does: comes back with the last id that it has.
    const end = new AbortController();
    setMaxListeners(100, end.signal);
    let last;
    let opened = 0;
    const watcher = async () => {
      while (!end.signal.aborted) {
        let done = 0;
        opened += 1;
        await ask(`/realtime/goals/${goal}/activity`, { stop: end.signal, headers: last ? { 'last-event-id': last } : {}, onText: (text) => {
          const parts = text.split('\n\n');
          for (; done < parts.length - 1; done++) {
            last = /^id: (.*)$/m.exec(parts[done])?.[1] ?? last;
            const data = /^data: (.*)$/m.exec(parts[done])?.[1];
            if (data && /^event: activity/m.test(parts[done])) seen.push(JSON.parse(data).data?.text ?? data);
          }
        } });
        await sleep(50);
      }
    };
    const watching = watcher();
    await sleep(300);
    const working = [reader(), reader(), writer(), writer()];
    for (let round = 0; round < 3; round++) {
      for (const i of [0, 1]) {
        await sleep(300);
        gateways[i].child.kill('SIGTERM');
        assert.equal(await gateways[i].gone, 0);
        await startGateway(i);
      }
    }
    running = false;
    await Promise.all(working);
    assert.deepEqual(failures.slice(0, 5), [], readFileSync(join(folder, 'error.log'), 'utf8').slice(0, 3000));
    assert.ok(notes.length > 50, `only ${notes.length} notes`);
    const all = () => notes.every((text) => seen.some((one) => one.includes(text)));
    for (let i = 0; i < 100 && !all(); i++) await sleep(50);
    end.abort();
    await watching;
    assert.ok(opened > 1, 'the stream was never cut');
    const counts = notes.map((text) => seen.filter((one) => one.includes(text)).length);
    assert.deepEqual([counts.filter((n) => n === 0).length, counts.filter((n) => n > 1).length], [0, 0], 'lost, twice');
  });
});
