// deploy/k8s: what both overlays come to is what the API takes, and every port, path, variable and
// secret in it is one that the programs have.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultsOfManifest, isBuiltIn, kubectl, render, renderWith, written } from './support/kubernetes.mjs';
import { bin, faultsOf, imageEnvironment, inherited, instructions, dockerStages, knownVariables, programs, read, root, scripts, services } from './support/programs.mjs';

const known = knownVariables();

// Z85 (ZeroMQ RFC 32), in which certificates have keys: five characters for four bytes.
const z85 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';
const bytesOf = (text) => Buffer.concat(text.match(/.{5}/g).map((word) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE([...word].reduce((value, character) => value * 85 + z85.indexOf(character), 0));
  return bytes;
}));

// X25519 is what CURVE is made of.
const publicKey = (secret) => createPublicKey(createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), secret]), format: 'der', type: 'pkcs8',
})).export({ format: 'der', type: 'spki' }).subarray(-32);
const item = (certificate, name) => bytesOf(new RegExp(`^    ${name} = "(.{40})"$`, 'm').exec(certificate)[1]);

async function assertValid(manifests) {
  const kinds = manifests.filter(isBuiltIn);
  assert.ok(kinds.length > 10);
  assert.deepEqual((await Promise.all(kinds.map(faultsOfManifest))).flat(), []);
  const others = manifests.filter((manifest) => !isBuiltIn(manifest)).map(({ kind }) => kind);
  assert.deepEqual([...new Set(others)].filter((kind) => !['ServiceMonitor', 'Cluster', 'ObjectStore', 'ScheduledBackup'].includes(kind)), []);
}

test('what is written is what the API takes', () => assertValid(written()));

test('a mistake would be seen', async () => {
  const policy = structuredClone(written().find(({ kind }) => kind === 'NetworkPolicy'));
  assert.deepEqual(await faultsOfManifest(policy), []);
  policy.spec.podSelectors = {};
  assert.match((await faultsOfManifest(policy)).join(), /podSelectors is no field/);
  const service = structuredClone(written().find(({ kind }) => kind === 'Service'));
  service.spec.ports[0].port = 'seven';
  assert.notDeepEqual(await faultsOfManifest(service), []);
});

for (const overlay of ['dev', 'prod']) describe(`overlay ${overlay}`, { skip: !kubectl && 'there is no kubectl of 1.21 or newer for this machine' }, () => {
  const manifests = kubectl ? render(overlay) : [];
  const all = (kind) => manifests.filter((manifest) => manifest.kind === kind);
  const find = (kind, name) => all(kind).find(({ metadata }) => metadata.name === name);
  const pods = [...all('Deployment'), ...all('Job')].map(({ metadata, spec }) => ({ name: metadata.name, labels: spec.template.metadata.labels, spec: spec.template.spec, main: spec.template.spec.containers[0] }));
  const matches = (labels, { matchLabels = {}, matchExpressions = [] } = {}) =>
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => operator === 'In' && values.includes(labels[key]));
  const ports = (pod) => Object.fromEntries((pod.main.ports ?? []).map(({ name, containerPort }) => [name, containerPort]));
  const environment = (pod) => ({
    ...imageEnvironment(),
    ...Object.assign({}, ...(pod.main.envFrom ?? []).map(({ configMapRef }) => find('ConfigMap', configMapRef.name).data)),
    ...Object.fromEntries((pod.main.env ?? []).map(({ name, value }) => [name, value])),
  });

  test('is what the API takes', () => assertValid(manifests));

  test('runs every program with variables that they know', () => {
    assert.deepEqual(pods.map(({ name }) => name).sort(), [...programs, 'migrate'].sort());
    for (const pod of pods) {
      assert.deepEqual(pod.main.args, [pod.name]);
      assert.equal(pod.main.command, undefined, 'the image\'s own first process stays');
      assert.ok([...programs, ...scripts].includes(pod.name));
      assert.deepEqual(faultsOf(environment(pod), known), [], pod.name);
      assert.equal(pod.spec.enableServiceLinks, false, `${pod.name} would be given variables named after Services`);
    }
  });

  test('listens and is looked for at the same ports', () => {
    const image = imageEnvironment();
    for (const pod of pods.filter(({ name }) => name !== 'migrate')) {
      const variables = environment(pod);
      const named = ports(pod);
      assert.equal(named.admin, Number(image.TRACTION_ADMIN_PORT));
      const exposed = instructions(dockerStages().at(-1), 'EXPOSE').join(' ').split(' ').map(Number);
      for (const port of Object.values(named)) assert.ok(exposed.includes(port), `${pod.name}: ${port}`);
      if (pod.name === 'gateway') {
        assert.equal(named.http, Number(variables.TRACTION_PORT ?? 8002));
        continue;
      }
      assert.equal(variables.TRACTION_BUS_LISTEN, `tcp://0.0.0.0:${named.bus}`);
      assert.equal(named.events, named.bus + 1);
      const key = `TRACTION_${pod.name.slice(4).toUpperCase()}_ENDPOINTS`;
      assert.equal(variables[key], `tcp://${pod.name}:${named.bus}`);
      const { spec } = find('Service', pod.name);
      assert.equal(spec.clusterIP, 'None', 'its name has to stand for every replica');
      for (const { port, targetPort } of spec.ports) assert.equal(port, named[targetPort], 'a headless Service cannot translate');
    }
    for (const { metadata, spec } of all('Service')) {
      const selected = [...pods, ...all('StatefulSet').map((set) => ({ labels: set.spec.template.metadata.labels, main: set.spec.template.spec.containers[0] }))]
        .filter(({ labels }) => matches(labels, { matchLabels: spec.selector }));
      assert.equal(selected.length, 1, metadata.name);
      for (const { targetPort } of spec.ports) assert.ok(targetPort in ports(selected[0]), `${metadata.name}: ${targetPort}`);
    }
    const backend = all('Ingress')[0].spec.rules[0].http.paths[0].backend.service;
    assert.ok(find('Service', backend.name).spec.ports.some(({ name }) => name === backend.port.name));
    for (const { spec } of all('ServiceMonitor')) {
      for (const { port } of spec.endpoints) for (const name of programs) assert.ok(find('Service', name).spec.ports.some((one) => one.name === port));
    }
  });

  // Those of production are made by hand: the overlay says at its head which.
  test('reads secrets that are there', () => {
    const said = read(`deploy/k8s/overlays/${overlay}/kustomization.yaml`);
    for (const pod of pods) {
      const files = Object.entries(environment(pod)).filter(([name]) => name.endsWith('_FILE'));
      assert.ok(files.length > 0);
      const volume = pod.spec.volumes.find(({ name }) => name === 'secrets');
      const mount = pod.main.volumeMounts.find(({ name }) => name === 'secrets').mountPath;
      const given = volume.secret ? [[volume.secret.secretName, null]]
        : volume.projected.sources.flatMap(({ secret }) => secret.items.map(({ key, path }) => [secret.name, key, path]));
      for (const [variable, path] of files) {
        assert.ok(known.get(variable).secret, variable);
        assert.ok(path.startsWith(`${mount}/`));
        const file = path.slice(mount.length + 1);
        const [secret, key] = given.find(([, , name]) => name === undefined || name === file);
        if (overlay === 'dev') assert.ok(find('Secret', secret).data[key ?? file], `${secret}: ${key ?? file}`);
        else assert.match(said, new RegExp(`^# .*(traction)?${secret.replace('traction', '')}\\b.*`, 'm'), `${secret} is not said to be needed`);
      }
      if (pod.name === 'migrate') {
        for (const service of services) assert.ok(given.some(([name, key, path]) => name === `traction-${service}` && key === 'url' && path === `${service}-url`), service);
      }
    }
  });

  if (overlay === 'dev') test('has passwords that fit each other', () => {
    const text = (name, key) => Buffer.from(find('Secret', name).data[key], 'base64').toString();
    assert.equal(new URL(text('traction-migrate', 'owner-url')).password, text('traction-postgres', 'password'));
    assert.ok(text('traction-gateway', 'jwt-secret').length >= 32);
    for (const service of services) {
      const url = new URL(text(`traction-${service}`, 'url'));
      assert.equal(url.username, service.replace('-', '_'));
      assert.ok(url.password);
      assert.equal(find('Service', url.hostname).spec.ports[0].port, Number(url.port || 5432));
    }
  });

  if (overlay === 'dev') test('knows everybody on the bus by a key of their own', () => {
    const certificates = find('ConfigMap', 'traction-public-keys').data;
    const listed = new Map(Object.entries(certificates).map(([file, text]) => [file.replace(/\.cert$/, ''), item(text, 'public-key').toString('hex')]));
    assert.deepEqual([...listed.keys()].sort(), [...programs].sort());
    for (const name of programs) {
      const certificate = Buffer.from(find('Secret', `traction-${name}`).data['bus-key'], 'base64').toString();
      assert.equal(item(certificate, 'public-key').toString('hex'), listed.get(name), name);
      assert.equal(publicKey(item(certificate, 'secret-key')).toString('hex'), listed.get(name), name);
    }
    assert.equal(new Set(listed.values()).size, programs.length);
  });

  test('gives nobody rights or more time than needed', () => {
    assert.equal(find('Namespace', overlay === 'dev' ? 'traction-dev' : 'traction').metadata.labels['pod-security.kubernetes.io/enforce'], 'restricted');
    const [user] = instructions(dockerStages().at(-1), 'USER')[0].split(':').map(Number);
    for (const { name, spec, main } of pods) {
      assert.equal(spec.securityContext.runAsUser, user, name);
      assert.equal(spec.securityContext.runAsNonRoot, true);
      assert.equal(spec.securityContext.seccompProfile.type, 'RuntimeDefault');
      assert.equal(spec.automountServiceAccountToken, false);
      assert.deepEqual(main.securityContext, { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
      assert.ok(main.resources.requests.cpu && main.resources.requests.memory && main.resources.limits.memory, name);
      if (name === 'migrate') continue;
      const [command, wait] = main.lifecycle.preStop.exec.command;
      assert.equal(command, 'sleep');
      const drain = Number(find('ConfigMap', main.envFrom[0].configMapRef.name).data.TRACTION_DRAIN_MS) / 1000;
      assert.ok(spec.terminationGracePeriodSeconds >= Number(wait) + drain + 5, 'killed while it drains');
      assert.ok(Number(wait) >= 10, 'names are asked again every 5 s, and a resolver may remember for 5 s');
    }
  });

  test('scales and is moved without standing still', () => {
    for (const name of programs) {
      const { spec } = find('HorizontalPodAutoscaler', name);
      assert.equal(spec.scaleTargetRef.name, name);
      assert.equal(find('Deployment', name).spec.replicas, undefined, 'the autoscaler has the say');
      assert.equal(spec.minReplicas, overlay === 'dev' ? 1 : 2);
      const pod = pods.find((one) => one.name === name);
      assert.ok(matches(pod.labels, find('PodDisruptionBudget', name).spec.selector));
      assert.deepEqual(find('Deployment', name).spec.strategy.rollingUpdate, { maxUnavailable: 0, maxSurge: 1 });
    }
  });

  test('lets through the network what has to, and closes the rest', () => {
    const policies = all('NetworkPolicy');
    const of = (pod) => policies.filter(({ spec }) => matches(pod.labels, spec.podSelector));
    for (const pod of pods) {
      assert.ok(of(pod).some(({ metadata }) => metadata.name === 'deny'), pod.name);
      for (const { spec } of of(pod)) {
        for (const { port } of (spec.ingress ?? []).flatMap((rule) => rule.ports)) assert.ok(port in ports(pod), `${pod.name}: ${port}`);
      }
    }
    const reaches = (from, to, port) =>
      of(from).some(({ spec }) => (spec.egress ?? []).some((rule) => rule.to?.some(({ podSelector }) => matches(to.labels, podSelector)) && rule.ports.some((one) => one.port === port))) &&
      of(to).some(({ spec }) => (spec.ingress ?? []).some((rule) => rule.from?.some(({ podSelector }) => podSelector && matches(from.labels, podSelector)) && rule.ports.some((one) => one.port === port)));
    const pod = (name) => pods.find((one) => one.name === name);
    for (const service of services) {
      for (const port of ['bus', 'events']) {
        assert.ok(reaches(pod('gateway'), pod(service), port), `gateway to ${service}`);
        assert.ok(reaches(pod('svc-goals'), pod(service), port), `svc-goals to ${service}`);
        assert.ok(!reaches(pod('migrate'), pod(service), port));
      }
    }
  });

  if (overlay === 'prod') test('backs up every night, as the owner of the database', () => {
    const { schedule, concurrencyPolicy, jobTemplate } = find('CronJob', 'backup').spec;
    assert.match(schedule, /^\d+ \d+ \* \* \*$/);
    assert.equal(concurrencyPolicy, 'Forbid');
    const { metadata, spec } = jobTemplate.spec.template;
    const [container] = spec.containers;
    const volume = (path) => spec.volumes.find(({ name }) => name === container.volumeMounts.find(({ mountPath }) => mountPath === path).name);
    assert.deepEqual(container.command, ['bash', '/script/backup', '/backups', '14']);
    const script = find('ConfigMap', volume('/script').configMap.name).data.backup;
    assert.equal(script, read('deploy/k8s/components/backup/backup'));
    assert.ok(find('PersistentVolumeClaim', volume('/backups').persistentVolumeClaim.claimName));
    const migrate = pods.find(({ name }) => name === 'migrate');
    const [{ name, value }] = container.env;
    assert.deepEqual([name, value], ['TRACTION_MIGRATE_DATABASE_URL_FILE', environment(migrate)[name]]);
    assert.deepEqual(volume('/run/secrets').secret, { secretName: 'traction-migrate', defaultMode: 0o440, items: [{ key: 'owner-url', path: 'owner-url' }] });
    assert.deepEqual(spec.securityContext, migrate.spec.securityContext);
    assert.deepEqual(container.securityContext, migrate.main.securityContext);
    assert.equal(spec.automountServiceAccountToken, false);
    const policies = all('NetworkPolicy').filter(({ spec: { podSelector } }) => matches(metadata.labels, podSelector)).map((policy) => policy.metadata.name);
    assert.deepEqual(policies.sort(), ['database', 'deny', 'names']);
  });

  test('asks for health at paths that the programs answer', async () => {
    const pod = pods.find(({ name }) => name === 'gateway');
    const port = 20000 + (process.pid % 5000);
    const folder = mkdtempSync(join(tmpdir(), 'traction-keys-'));
    execFileSync(join(root, 'deploy/local/keys'), [folder], { stdio: 'ignore' });
    const keys = { TRACTION_BUS_KEY_FILE: join(folder, 'gateway.key'), TRACTION_BUS_PUBLIC_KEYS: join(folder, 'public-keys') };
    const own = { ...keys, TRACTION_HOST: '127.0.0.1', TRACTION_PORT: port, TRACTION_ADMIN_HOST: '127.0.0.1', TRACTION_ADMIN_PORT: port + 1, TRACTION_JWT_SECRET: 'x'.repeat(40) };
    const { TRACTION_JWT_SECRET_FILE, ...variables } = environment(pod);
    const child = spawn(`${bin}/gateway`, [], { cwd: '/', env: { ...inherited, ...variables, ...own }, stdio: 'ignore' });
    try {
      const ask = async (path) => {
        for (let i = 0; i < 200; i++) {
          try {
            return (await fetch(`http://127.0.0.1:${port + 1}${path}`)).status;
          } catch {
            await sleep(25);
          }
        }
        return 0;
      };
      assert.equal(await ask('/no-such-path'), 404);
      const probes = pods.flatMap(({ main }) => [main.livenessProbe, main.readinessProbe, main.startupProbe]).filter(Boolean);
      assert.equal(probes.length, programs.length * 3);
      for (const path of new Set(probes.map(({ httpGet }) => httpGet.path))) assert.ok([200, 503].includes(await ask(path)), path);
      for (const { spec } of all('ServiceMonitor')) assert.equal(await ask(spec.endpoints[0].path), 200);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    }
  });
});

// A database of one's own choice, added to the overlay for production.
for (const component of ['external-database', 'cloudnative-pg']) describe(`component ${component}`, { skip: !kubectl && 'there is no kubectl of 1.21 or newer for this machine' }, () => {
  const manifests = kubectl ? renderWith('prod', component) : [];
  const all = (kind) => manifests.filter((manifest) => manifest.kind === kind);
  const find = (kind, name) => all(kind).find(({ metadata }) => metadata.name === name);
  const said = read(`deploy/k8s/components/${component}/kustomization.yaml`);
  const url = new URL(/^# +(postgresql:.*)$/m.exec(said)[1]);
  const pods = [...all('Deployment'), find('Job', 'migrate')].map(({ metadata, spec }) => ({ name: metadata.name, spec: spec.template.spec }));

  test('is what the API takes', () => assertValid(manifests));

  test('gives the database\'s certificate to who connects to it', () => {
    assert.equal(url.searchParams.get('sslmode'), 'verify-full');
    const backup = { name: 'backup', spec: find('CronJob', 'backup').spec.jobTemplate.spec.template.spec };
    for (const { name, spec } of [...pods, backup]) {
      const mount = spec.containers[0].volumeMounts.find(({ mountPath }) => url.searchParams.get('sslrootcert') === `${mountPath}/ca.crt`);
      if (name === 'gateway') {
        assert.equal(mount, undefined);
        continue;
      }
      assert.ok(mount?.readOnly, name);
      const { sources } = spec.volumes.find((volume) => volume.name === mount.name).projected;
      for (const source of sources) {
        const { items, name: from } = source.configMap ?? source.secret;
        assert.equal(from, 'traction-database-ca');
        assert.deepEqual(items, [{ key: 'ca.crt', path: 'ca.crt' }], 'the authority\'s private key stays out');
      }
    }
  });

  test('lets who connects out to the port of the URL', () => {
    const { spec } = find('NetworkPolicy', 'database');
    assert.deepEqual(spec.egress, [{ ports: [{ port: Number(url.port || 5432), protocol: 'TCP' }] }]);
  });

  if (component === 'cloudnative-pg') test('has three, waits for one, and keeps backups', () => {
    const [cluster] = all('Cluster');
    const { name } = cluster.metadata;
    assert.equal(url.hostname, `${name}-rw`);
    assert.equal(`${name}-ca`, 'traction-database-ca', 'which the operator makes');
    assert.equal(url.pathname, `/${cluster.spec.bootstrap.initdb.database}`);
    assert.equal(cluster.spec.instances, 3);
    assert.deepEqual(cluster.spec.postgresql.synchronous, { method: 'any', number: 1, dataDurability: 'required' });
    assert.equal(cluster.spec.postgresql.parameters.synchronous_commit, 'on');
    const [owner] = cluster.spec.managed.roles;
    assert.deepEqual([owner.name, owner.createrole, owner.superuser], [cluster.spec.bootstrap.initdb.owner, true, undefined]);
    const settings = find('ConfigMap', all('Deployment')[0].spec.template.spec.containers[0].envFrom[0].configMapRef.name).data;
    const each = ['READERS', 'LONG_READERS', 'WRITERS'].reduce((sum, key) => sum + Number(settings[`TRACTION_DATABASE_${key}`]), 0);
    const most = services.reduce((sum, service) => sum + find('HorizontalPodAutoscaler', service).spec.maxReplicas + 1, 0);
    assert.ok(each * most < Number(cluster.spec.postgresql.parameters.max_connections), `${each * most} connections`);

    const [store] = all('ObjectStore');
    const [plugin] = cluster.spec.plugins;
    assert.ok(plugin.isWALArchiver);
    assert.equal(plugin.parameters.barmanObjectName, store.metadata.name);
    const [backup] = all('ScheduledBackup');
    assert.equal(backup.spec.cluster.name, name);
    assert.equal(backup.spec.method, 'plugin');
    assert.equal(backup.spec.pluginConfiguration.name, plugin.name);
    assert.match(backup.spec.schedule, /^\d+ \d+ \d+ \* \* \*$/);
    const secrets = [cluster.spec.bootstrap.initdb.secret, owner.passwordSecret, ...Object.values(store.spec.configuration.s3Credentials)];
    for (const { name: secret, key = 'password' } of secrets) assert.match(said, new RegExp(`^# +${secret} .*\\b${key}\\b`, 'm'));

    const { podSelector, ingress } = find('NetworkPolicy', name).spec;
    assert.deepEqual(podSelector, { matchLabels: { 'cnpg.io/cluster': name } });
    assert.deepEqual(ingress[0].from[0].podSelector, find('NetworkPolicy', 'database').spec.podSelector);
    assert.deepEqual(ingress[0].ports, [{ port: 5432 }]);
  });
});
