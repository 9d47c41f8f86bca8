// The bus over TCP: the whole stack of docker-compose.yml, attacked at its ports while people go on
// working, and asked by a service whose key was stolen.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { claimsOf, sign } from '../api/support/token.mjs';
import { Containers } from './support/containers.mjs';
import { bin, services } from './support/programs.mjs';

const run = promisify(execFile);
const ATTACK_S = 5;

describe('the bus over TCP', () => {
  const containers = new Containers();
  let token;
  const keys = {};
  const listed = {};
  before(async () => {
    await containers.upAll();
    const secret = readFileSync(join(containers.folder, 'mounts/gateway/jwt-secret'), 'utf8').trim();
    token = sign(claimsOf({ tenant: 'compose', user: 'u1', name: 'Ann' }), secret);
    for (const role of ['gateway', ...services]) {
      listed[role] = /public-key = "(.{40})"/.exec(readFileSync(join(containers.folder, `secrets/public-keys/${role}.cert`), 'utf8'))[1];
      keys[role] = /secret-key = "(.{40})"/.exec(readFileSync(join(containers.folder, `secrets/${role}.key`), 'utf8'))[1];
    }
  });
  after(() => containers.remove());

  const request = async (path, options = {}) => {
    const answer = await fetch(`http://${containers.address('gateway')}:8002${path}`, {
      ...options, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', connection: 'close' },
    });
    return { status: answer.status, body: await answer.json() };
  };
  const post = (path, body) => request(path, { method: 'POST', body: JSON.stringify(body) });

  async function attack(way, service, port, ...more) {
    const { stdout } = await run(join(bin, 'tests/attack/bus_attack'), [way, containers.address(service), String(port), ...more.map(String)]);
    const [, sent, answered, code] = /^sent (\d+) answered (\d+) ?(\w*)$/m.exec(stdout);
    return { way, sent: Number(sent), answered: Number(answered), code };
  }
  const ask = (role, service, operation, tenant = 'compose') =>
    attack('ask', service, 7101, 5, keys[role], listed[service], operation, tenant);
  const metrics = async (service) => {
    const text = await (await fetch(`http://${containers.address(service)}:9100/metrics`)).text();
    return (reason) => Number(new RegExp(`^traction_bus_refused_peers_total\\{reason="${reason}"\\} (\\d+)$`, 'm').exec(text)[1]);
  };
  const refusals = (service) => containers.log(service).split('\n').filter((line) => line.includes('a peer of the bus was refused')).map((line) => JSON.parse(line));

  test('bears attacks while requests go on', { timeout: 60000 }, async () => {
    let going = true;
    const statuses = new Map();
    const others = [];
    const count = ({ status, body }) => {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status > 201) others.push(`${new Date().toISOString()} ${status} ${JSON.stringify(body)}`);
    };
    const work = Array.from({ length: 4 }, async () => {
      while (going) {
        count(await post('/goals', { title: 'Under attack', horizon: 'year', owner_id: 'u1' }));
        count(await request('/goals?size=5'));
        count(await request('/api/operations/actions'));
      }
    });
    const attacks = await Promise.all([attack('bomb', 'svc-goals', 7101, ATTACK_S, keys['svc-kpis'], listed['svc-goals']), ...['svc-goals', 'svc-realtime'].flatMap((service) => [7101, 7102].flatMap((port) => [
      attack('garbage', service, port, ATTACK_S),
      attack('half-open', service, port, ATTACK_S),
      attack('plain', service, port, ATTACK_S),
      attack('flood', service, port, ATTACK_S, 'new', listed[service]),
      attack('flood', service, port, ATTACK_S, keys['svc-kpis'], listed['svc-kpis']), // a right key, another server
    ]))]);
    going = false;
    await Promise.all(work);
    assert.deepEqual([...statuses.keys()].sort(), [200, 201],
      [JSON.stringify([...statuses]), ...others, ...['gateway', 'svc-goals', 'svc-operations'].map((name) => containers.log(name).split('\n').slice(-12).join('\n'))].join('\n'));
    assert.ok(statuses.get(201) > 10, `only ${statuses.get(201)} writes in ${ATTACK_S} s`);
    for (const { way, sent, answered } of attacks) {
      assert.ok(sent > 5, `${way}: only ${sent}`);
      if (way !== 'bomb') assert.equal(answered, 0, way);
    }
    for (const service of ['svc-goals', 'svc-realtime']) {
      assert.equal(containers.running.get(service).ended, null);
      // In the crowd a slow machine completes no handshake, and only then is a key looked at.
      assert.equal((await attack('flood', service, 7101, 2, 'new', listed[service])).answered, 0);
      const refused = await metrics(service);
      assert.ok(refused('handshake') > 50, `${refused('handshake')} handshakes refused`);
      assert.ok(refused('key') > 0, `${refused('key')} keys refused`);
    }
  });

  test('answers a service only what is for it, and nothing in the name of people', async () => {
    for (const operation of ['getGoals', 'createGoal', 'learnPerson', 'ping', 'findGoals']) {
      assert.equal((await ask('svc-kpis', 'svc-goals', operation)).code, 'INSUFFICIENT_PERMISSIONS', operation);
    }
    for (const service of services) {
      for (const role of services.filter((other) => other !== service)) {
        assert.equal((await ask(role, service, 'ping')).code, 'INSUFFICIENT_PERMISSIONS', `${role} to ${service}`);
      }
    }
    assert.equal((await ask('svc-kpis', 'svc-operations', 'eventsSince', '')).code, 'INSUFFICIENT_PERMISSIONS');
    assert.notEqual((await ask('svc-kpis', 'svc-goals', 'eventsSince', '')).code, 'INSUFFICIENT_PERMISSIONS');
    assert.notEqual((await ask('svc-kpis', 'svc-goals', 'checkGoals')).code, 'INSUFFICIENT_PERMISSIONS');
    assert.equal((await ask('gateway', 'svc-goals', 'ping')).code, 'OK');
    assert.ok((await metrics('svc-goals'))('operation') >= 6);
  });

  test('says in the log who was refused, and not more than once a second', () => {
    const all = refusals('svc-goals');
    for (const reason of ['handshake', 'key', 'operation']) {
      const times = all.filter((line) => line.reason === reason).map(({ time }) => Date.parse(time));
      assert.ok(times.length > 0, reason);
      times.forEach((time, i) => assert.ok(i === 0 || time - times[i - 1] >= 990, reason));
    }
    const one = all.find(({ reason }) => reason === 'operation');
    assert.deepEqual([one.role, one.address, one.level], ['svc-kpis', '127.0.0.1', 'warning']);
    assert.ok(all.some(({ unsaid }) => unsaid > 0));
  });

  test('stops the start at a wrong key, with one line', async () => {
    const start = async (change) => {
      const environment = containers.environment('svc-goals');
      change(environment);
      const error = await run(join(bin, 'svc-goals'), ['--check-config'], { env: environment }).then(() => null, (failure) => failure);
      if (!error) return '';
      assert.equal(error.code, 2);
      assert.equal(error.stderr.trim().split('\n').length, 1, error.stderr);
      return error.stderr;
    };
    const file = join(containers.folder, 'changed');
    const withText = (text, name) => (environment) => {
      writeFileSync(file, text);
      environment[name] = file;
    };
    const without = join(containers.folder, 'without');
    cpSync(join(containers.folder, 'secrets/public-keys'), without, { recursive: true });
    rmSync(join(without, 'svc-kpis.cert'));
    assert.equal(await start(() => {}), '');
    assert.equal(await start((environment) => {
      delete environment.TRACTION_BUS_KEY_FILE;
      environment.TRACTION_BUS_CURVE = 'off';
    }), '');
    assert.match(await start((environment) => delete environment.TRACTION_BUS_KEY_FILE), /TRACTION_BUS_KEY_FILE is not set, and the bus goes over TCP/);
    assert.match(await start((environment) => delete environment.TRACTION_BUS_PUBLIC_KEYS), /TRACTION_BUS_PUBLIC_KEYS is not set/);
    assert.match(await start((environment) => environment.TRACTION_BUS_KEY_FILE = join(containers.folder, 'secrets/gateway.key')), /is the key of gateway, and this is svc-goals/);
    assert.match(await start(withText('0'.repeat(63), 'TRACTION_BUS_KEY_FILE')), /not a private key/);
    assert.match(await start(withText('5'.repeat(64), 'TRACTION_BUS_KEY_FILE')), /does not belong to any public key/);
    assert.match(await start((environment) => environment.TRACTION_BUS_PUBLIC_KEYS = without), /has no key of svc-kpis/);
    assert.match(await start(withText('?', 'TRACTION_BUS_PUBLIC_KEYS')), /line 1 of/);
  });
});
