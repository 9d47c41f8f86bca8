// services.def: every place that has to know all services follows it, and none has a list of its own.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { servicesOf } from '../support/services.mjs';
import { bin, inherited, programs, read, root, services } from './support/programs.mjs';

const generated = ['docker-compose.yml', 'deploy/k8s/base/services.yaml', 'deploy/k8s/base/traction.env', 'deploy/k8s/base/migrate.yaml',
  'deploy/k8s/overlays/dev/kustomization.yaml', 'deploy/debian/systemd/traction-migrate.service'];

// The services that a text names, in whatever form: svc-goals, svc_goals, GOALS_ENDPOINTS, SERVICE_GOALS.
const named = (text) => services.map((service) => service.slice(4)).filter((name) =>
  new RegExp(`svc[-_]${name}\\b|${name.toUpperCase()}_ENDPOINTS|SERVICE_${name.toUpperCase()}\\b`).test(text));

test('every program finds the same services', () => {
  assert.ok(services.length >= 5);
  assert.deepEqual(execFileSync(join(bin, 'gateway'), ['--services'], { env: inherited, encoding: 'utf8' }).trim().split('\n'), services);
  for (const service of services) {
    assert.match(execFileSync(join(bin, service), ['--version'], { env: inherited, encoding: 'utf8' }), new RegExp(`^${service} `));
  }
});

test('files that are made of it are up to date', () => {
  const { status, stdout } = spawnSync(join(root, 'tools/services'), ['--check'], { encoding: 'utf8' });
  assert.equal(stdout, '');
  assert.equal(status, 0);
});

test('the overlay for trying out has a key of everybody', () => {
  const missing = programs.filter((program) => [`${program}.key`, `public-keys/${program}.cert`]
    .some((name) => !existsSync(join(root, 'deploy/k8s/overlays/dev/keys', name))));
  assert.deepEqual(missing, []);
});

// One that names nearly all of them is a list, which a new service would have to be added to.
const isList = (text) => named(text).length >= 4;

test('nobody else has a list of services', () => {
  const allowed = [...generated, 'proto/base/services.def', 'deploy/k8s/overlays/prod/', 'CHANGELOG.md', 'README.md', 'docs/',
    'proto/api/operation.c', // who answers what
    'svc-', // each says what it consumes
    'deploy/otel/collector.yaml', // whose ports count up; metrics.test.mjs holds it to the services
    'tests/'];
  const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trim().split('\n')
    .filter((file) => !allowed.some((path) => file.startsWith(path)) && !/\.(png|svg|json)$/.test(file));
  assert.ok(files.length > 300);
  assert.deepEqual(files.filter((file) => isList(read(file))), []);
  assert.ok(isList('for service in svc-goals svc-kpis svc-analytics svc-realtime; do'), 'a planted list is seen');
  assert.ok(isList('[SERVICE_GOALS] = CONFIG_GOALS_ENDPOINTS, CONFIG_KPIS_ENDPOINTS, SERVICE_ANALYTICS, svc_operations'));
});

describe('a sixth row', () => {
  let copy;
  const here = (path) => join(copy, path);
  const shell = (text) => execFileSync('bash', ['-c', text], { cwd: copy, encoding: 'utf8', env: inherited });
  const compiled = (path) => execFileSync('cc', ['-E', '-P', ...readdirSync(here('proto')).map((name) => `-I${here(`proto/${name}`)}`), here(path)], { encoding: 'utf8' });

  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'traction-services-'));
    for (const path of ['deploy', 'proto', 'tools', 'docker-compose.yml']) {
      cpSync(join(root, path), here(path), { recursive: true, filter: (source) => !source.includes('node_modules') });
    }
    appendFileSync(here('proto/base/services.def'), 'SERVICE(EXTRA, extra, CONSUMES(GOALS))\n');
  });
  after(() => rmSync(copy, { recursive: true }));

  test('is seen by C', () => {
    for (const [path, ...texts] of [
      ['proto/api/services.c', 'SERVICE_EXTRA,', '"svc-" "extra"', '[SERVICE_EXTRA] = CONFIG_EXTRA_ENDPOINTS', '0 | 1u << SERVICE_GOALS'],
      ['proto/bus/bus_keys.c', 'CONFIG_EXTRA_ENDPOINTS,'],
      ['proto/base/config.c', '"EXTRA_ENDPOINTS"', '"tcp://svc-" "extra" ":7101"']]) {
      const text = compiled(path).replace(/\s+/g, ' ');
      for (const wanted of texts) assert.ok(text.includes(wanted), `${path} has no ${wanted}`);
    }
  });

  test('is seen by the shell', () => {
    const wanted = [...services, 'svc-extra'];
    assert.deepEqual(shell('root=$PWD; . deploy/local/common.sh; echo "${services[*]} ${programs[*]}"').trim().split(' '), [...wanted, ...wanted, 'gateway']);
    shell('deploy/local/keys keys; deploy/compose/make-secrets secrets');
    for (const name of ['keys/svc-extra.key', 'secrets/svc-extra.key', 'secrets/svc-extra-url']) assert.ok(readFileSync(here(name)).length > 20);
    assert.match(readFileSync(here('keys/public-keys/svc-extra.cert'), 'utf8'), /name = "svc-extra"\n[^]*public-key = /);
    shell(`mkdir bin; printf '#!/bin/sh\\necho svc-one; echo svc-extra\\n' >bin/gateway; printf '#!/bin/sh\\necho "\${0##*/} $*" >>ran\\n' >bin/svc-one
      cp bin/svc-one bin/svc-extra; chmod +x bin/*; PATH=$PWD/bin:$PATH deploy/image/migrate`);
    assert.equal(readFileSync(here('ran'), 'utf8'), 'svc-one --migrate\nsvc-extra --migrate\n');
    assert.match(read('deploy/local/doctor'), /string_to_array\('\$\{services\[\*\]#svc-\}'/);
  });

  test('is missed in the files made of it, until they are made', () => {
    const check = () => spawnSync(here('tools/services'), ['--check'], { encoding: 'utf8' });
    const stale = check();
    assert.equal(stale.status, 1);
    for (const file of generated) assert.match(stale.stdout, new RegExp(`^${file} does not follow`, 'm'));
    shell('tools/services');
    assert.equal(check().status, 0);
    for (const file of generated) {
      const text = readFileSync(here(file), 'utf8');
      writeFileSync(here(file), text.split('\n').filter((line) => !/svc-kpis/.test(line)).join('\n'));
      assert.equal(check().status, 1, `${file} without svc-kpis`);
      writeFileSync(here(file), text);
    }
    const compose = parse(readFileSync(here('docker-compose.yml'), 'utf8'), { merge: true });
    assert.equal(compose.services['svc-extra'].environment.TRACTION_EXTRA_ENDPOINTS, 'tcp://svc-extra:7101');
    assert.ok('svc-extra' in compose.services.gateway.depends_on && 'svc-extra.key' in compose.secrets);
    const kinds = parseAllDocuments(readFileSync(here('deploy/k8s/base/services.yaml'), 'utf8')).map((document) => document.toJS())
      .filter(({ metadata }) => metadata.name === 'svc-extra').map(({ kind }) => kind);
    assert.deepEqual(kinds, ['Deployment', 'Service', 'PodDisruptionBudget', 'HorizontalPodAutoscaler']);
    assert.equal(servicesOf(readFileSync(here('proto/base/services.def'), 'utf8')).at(-1), 'svc-extra');
  });
});
