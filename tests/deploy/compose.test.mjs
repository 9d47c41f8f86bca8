// docker-compose.yml: what it says fits the programs, and its commands, run in its order with its
// environment as plain processes, are a stack that works.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { claimsOf, sign } from '../api/support/token.mjs';
import { postgresBin } from '../support/postgres_bin.mjs';
import { Containers, readCompose, seconds } from './support/containers.mjs';
import { faultsOf, imageEnvironment, knownVariables, programs, root, scripts, services } from './support/programs.mjs';

const compose = readCompose();
const others = ['postgres', 'backup']; // run in PostgreSQL's image
const ours = Object.entries(compose.services).filter(([name]) => !others.includes(name));

describe('the file', () => {
  test('names variables that the programs know, and gives each a value', () => {
    const known = knownVariables();
    for (const [name, service] of ours) {
      const environment = { ...imageEnvironment(), ...service.environment };
      assert.deepEqual(faultsOf(environment, known), [], name);
      for (const [variable, value] of Object.entries(service.environment)) {
        if (!variable.endsWith('_FILE')) continue;
        assert.ok(known.get(variable).secret, variable);
        assert.ok(service.secrets.includes(value.replace('/run/secrets/', '')), `${name} is not given ${value}`);
      }
    }
  });

  test('runs every program, each by its own command', () => {
    assert.deepEqual(ours.map(([name]) => name).sort(), [...programs, 'migrate'].sort());
    for (const [name, service] of ours) {
      assert.deepEqual(service.command, [name]);
      assert.ok([...programs, ...scripts].includes(service.command[0]));
    }
  });

  test('gives each secret only to who needs it, and make-secrets makes them all', () => {
    const folder = mkdtempSync(join(tmpdir(), 'traction-secrets-'));
    try {
      const make = () => execFileSync(join(root, 'deploy/compose/make-secrets'), [folder], { encoding: 'utf8' });
      make();
      const texts = new Set();
      for (const [name, { file }] of Object.entries(compose.secrets)) {
        assert.equal(file, `./secrets/${name}`);
        texts.add(readFileSync(join(folder, name), 'utf8'));
        assert.equal(statSync(join(folder, name)).mode & 0o777, 0o444, 'the container\'s user has to read it');
      }
      assert.equal(texts.size, Object.keys(compose.secrets).length);
      assert.equal(statSync(folder).mode & 0o777, 0o700);
      assert.equal(make(), '', 'the second time nothing is made');
    } finally {
      rmSync(folder, { recursive: true });
    }
    for (const [name, service] of ours) {
      const keys = [`${name}.key`];
      if (name === 'gateway') assert.deepEqual(service.secrets, ['jwt-secret', ...keys]);
      else if (name !== 'migrate') assert.deepEqual(service.secrets, [`${name}-url`, ...keys]);
      else assert.ok(!service.secrets.some((secret) => secret.endsWith('.key')));
    }
  });

  test('publishes the gateway alone', () => {
    const published = Object.entries(compose.services).filter(([, service]) => service.ports);
    assert.deepEqual(published.map(([name]) => name), ['gateway']);
    assert.deepEqual(published[0][1].ports, ['127.0.0.1:8002:8002']);
    assert.equal(compose.networks.inside.internal, true);
    for (const [name, service] of ours) assert.equal(service.networks.includes('edge'), name === 'gateway');
  });

  test('leaves a container nothing that it does not need', () => {
    for (const [name, service] of ours) {
      assert.equal(service.read_only, true, name);
      assert.deepEqual(service.cap_drop, ['ALL'], name);
      assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
      assert.ok(service.restart, name);
      const drain = 10000; // the default of TRACTION_DRAIN_MS
      assert.ok(seconds(service.stop_grace_period) * 1000 > drain, name);
    }
  });

  test('is one that docker-compose takes', (context) => {
    let command = ['docker', 'compose'];
    try {
      execFileSync('docker', ['compose', 'version'], { stdio: 'ignore' });
    } catch {
      command = [process.env.DOCKER_COMPOSE ?? 'docker-compose'];
    }
    try {
      execFileSync(command[0], [...command.slice(1), 'version'], { stdio: 'ignore' });
    } catch {
      context.skip('there is no docker-compose here; apt-get install docker-compose');
      return;
    }
    execFileSync(command[0], [...command.slice(1), 'config'], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  });
});

describe('its commands as plain processes', () => {
  let containers;
  let faults;
  before(async () => {
    containers = new Containers();
    await containers.upAll();
  });
  after(() => containers.remove());

  const ask = (path, options = {}) => {
    const secret = readFileSync(join(containers.folder, 'mounts/gateway/jwt-secret'), 'utf8').trim();
    const token = sign(claimsOf({ tenant: 'compose', user: 'u1', name: 'Ann' }), secret);
    return fetch(`http://${containers.address('gateway')}:8002${path}`, {
      ...options, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', connection: 'close' },
    });
  };

  test('start in an order that everybody can live with', () => {
    const place = (name) => containers.order.indexOf(name);
    assert.equal(containers.order.length, Object.keys(compose.services).length);
    for (const [name, service] of ours) {
      for (const other of Object.keys(service.depends_on)) assert.ok(place(other) < place(name), `${other} before ${name}`);
    }
  });

  test('serve requests over TCP, with a password for each role', async () => {
    const made = await ask('/goals', { method: 'POST', body: JSON.stringify({ title: 'Shipped', horizon: 'year', owner_id: 'u1' }) });
    assert.equal(made.status, 201);
    const { data } = await made.json();
    const kpi = await ask('/kpis', { method: 'POST', body: JSON.stringify({ name: 'Boxes', direction: 'up' }) });
    assert.equal(kpi.status, 201);
    const link = await ask(`/goals/${data.id}/kpis:link`, { method: 'POST', body: JSON.stringify({ kpi_id: (await kpi.json()).data.id, threshold_pct: 50 }) });
    assert.ok(link.ok, String(link.status));
    const read = await (await ask(`/goals/${data.id}`)).json();
    assert.equal(read.data.title, 'Shipped');
    assert.equal(read.data.kpis.length, 1);
    const details = await (await ask('/health/detailed')).json();
    assert.equal(details.data.environment, 'production');
  });

  // Events come from the port above the one of requests.
  test('stream what happens', async () => {
    const { data: [goal] } = await (await ask('/goals')).json();
    const stream = await ask(`/realtime/goals/${goal.id}/activity`);
    assert.equal(stream.status, 200);
    const reader = stream.body.getReader();
    await ask(`/goals/${goal.id}/activity`, { method: 'POST', body: JSON.stringify({ type: 'note', text: 'over the bus' }) });
    let text = '';
    const late = setTimeout(() => reader.cancel(), 5000);
    while (!text.includes('over the bus')) {
      const { value, done } = await reader.read();
      if (done) break;
      text += Buffer.from(value).toString();
    }
    clearTimeout(late);
    await reader.cancel();
    assert.match(text, /event: activity\.created/);
  });

  test('keep a backup that can be restored', () => {
    const folder = join(containers.folder, 'backups');
    const files = readdirSync(folder);
    assert.match(String(files), /^traction-\d{8}T\d{6}Z\.dump$/);
    const list = execFileSync(join(postgresBin, 'pg_restore'), ['--list', join(folder, files[0])], { encoding: 'utf8' });
    for (const service of services) assert.match(list, new RegExp(`TABLE DATA ${service.slice(4)} event_log `));
    assert.equal(statSync(join(folder, files[0])).mode & 0o777, 0o600);
    assert.match(containers.log('backup'), /^backup: all data are in /);
  });

  test('stop in order, each within its grace, leaving nothing written', async () => {
    faults = await containers.down();
    assert.deepEqual(faults, []);
    assert.deepEqual(containers.left(), []);
  });
});
