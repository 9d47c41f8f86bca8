// Containers without an engine: what docker-compose.yml and the image say, run as plain processes. Each
// service has a loopback address of its own, in place of its host name and of 0.0.0.0; secrets are files
// of a folder, in place of /run/secrets. All else is as the files have it.
import { execFile, spawn } from 'node:child_process';
import { createWriteStream, copyFileSync, chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { noDump, postgresBin } from '../../support/postgres_bin.mjs';
import { bin, imageEnvironment, inherited, read, root } from './programs.mjs';

const run = promisify(execFile);
const isRoot = process.getuid() === 0;

export function readCompose() {
  const text = read('docker-compose.yml').replace(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1');
  return parse(text, { merge: true });
}

export const seconds = (text) => Number(/^(\d+)s$/.exec(text)[1]);

// PostgreSQL refuses to run as root; its Debian package brings a user of its own.
function postgresOwner() {
  if (!isRoot) return {};
  const fields = readFileSync('/etc/passwd', 'utf8').split('\n').find((line) => line.startsWith('postgres:')).split(':');
  return { uid: Number(fields[2]), gid: Number(fields[3]) };
}

export class Containers {
  constructor() {
    this.compose = readCompose();
    this.names = Object.keys(this.compose.services);
    this.net = `127.77.${process.pid % 250}`;
    this.folder = mkdtempSync(join(tmpdir(), 'traction-compose-'));
    this.running = new Map();
    this.order = []; // what was started, once it was as healthy as others asked for
    chmodSync(this.folder, 0o755);
    for (const name of ['secrets', 'mounts', 'root', 'log', 'backups']) mkdirSync(join(this.folder, name));
  }

  address(name) { return `${this.net}.${this.names.indexOf(name) + 1}`; }

  // As it would be inside the container of `name`.
  translate(name, text) {
    const volumes = (this.compose.services[name].volumes ?? []).map((volume) => volume.split(':')).filter(([from]) => from.startsWith('./'));
    const place = (from) => join(from.startsWith('./deploy/') ? root : this.folder, from);
    return volumes.reduce((all, [from, to]) => all.replaceAll(to, place(from)), String(text))
      .replace(/(?<=tcp:\/\/|@)[a-z][a-z-]*(?=[:/])/g, (host) => (this.names.includes(host) ? this.address(host) : host))
      .replaceAll('0.0.0.0', this.address(name))
      .replaceAll('127.0.0.1', this.address(name))
      .replaceAll('/run/secrets', join(this.folder, 'mounts', name));
  }

  // As the engine does: only the secrets that the service names.
  async mountSecrets() {
    await run(join(root, 'deploy/compose/make-secrets'), [join(this.folder, 'secrets')]);
    for (const name of this.names) {
      const folder = join(this.folder, 'mounts', name);
      mkdirSync(folder);
      for (const secret of this.compose.services[name].secrets ?? []) {
        const file = join(this.folder, this.compose.secrets[secret].file);
        writeFileSync(join(folder, secret), this.translate(name, readFileSync(file, 'utf8')), { mode: 0o444 });
      }
    }
  }

  environment(name) {
    const all = this.compose.services[name].image.startsWith('postgres:') ? {} : imageEnvironment();
    Object.assign(all, this.compose.services[name].environment);
    const own = Object.fromEntries(Object.entries(all).map(([key, value]) => [key, this.translate(name, value)]));
    return {
      ...inherited,
      ...own,
      PATH: `${join(root, 'deploy/image')}:${bin}:${postgresBin}:${process.env.PATH}`,
      MIGRATE_SECRETS: join(this.folder, 'mounts', name),
    };
  }

  start(name, command, options = {}) {
    const log = createWriteStream(join(this.folder, 'log', name));
    const child = spawn(command[0], command.slice(1), { env: this.environment(name), cwd: join(this.folder, 'root'), stdio: ['ignore', 'pipe', 'pipe'], ...options });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    const entry = { child, ended: null };
    entry.gone = new Promise((done) => {
      child.on('error', (error) => done(entry.ended = String(error)));
      child.on('exit', (code, signal) => done(entry.ended = signal ?? code));
    });
    this.running.set(name, entry);
    return entry;
  }

  log(name) { return readFileSync(join(this.folder, 'log', name), 'utf8'); }

  // What the image of PostgreSQL does before it runs its command.
  async startPostgres() {
    const service = this.compose.services.postgres;
    const owner = postgresOwner();
    const data = join(this.folder, 'pg');
    const password = join(this.folder, 'password');
    mkdirSync(data, { mode: 0o700 });
    copyFileSync(service.environment.POSTGRES_PASSWORD_FILE.replace('/run/secrets', join(this.folder, 'mounts/postgres')), password);
    if (isRoot) for (const path of [data, password]) chownSync(path, owner.uid, owner.gid);
    await run(join(postgresBin, 'initdb'), ['-D', data, '-U', 'postgres', '-N', '-A', 'scram-sha-256', `--pwfile=${password}`,
      ...service.environment.POSTGRES_INITDB_ARGS.split(' ')], { ...owner, cwd: '/' });
    writeFileSync(join(data, 'pg_hba.conf'), 'local all all trust\nhost all all all scram-sha-256\n');
    this.start('postgres', [...service.command, '-D', data, '-k', data, '-c', `listen_addresses=${this.address('postgres')}`,
      '-c', 'fsync=off'], { ...owner, cwd: '/' });
    const make = ['-h', data, '-U', 'postgres', '-c', `CREATE DATABASE ${service.environment.POSTGRES_DB}`];
    for (let i = 0; i < 200; i++) {
      if (await run(join(postgresBin, 'psql'), make, owner).then(() => true, () => false)) return;
      await sleep(50);
    }
    throw new Error(`PostgreSQL does not start: ${this.log('postgres')}`);
  }

  async isHealthy(name) {
    const { test } = this.compose.services[name].healthcheck;
    const [kind, ...said] = test;
    const words = [...(kind === 'CMD-SHELL' ? ['sh', '-c'] : []), ...said].map((word) => this.translate(name, word));
    return run(words[0], words.slice(1), { env: this.environment(name) }).then(() => true, () => false);
  }

  async await(name, condition) {
    const entry = this.running.get(name);
    const deadline = Date.now() + 40000;
    while (Date.now() < deadline) {
      if (condition === 'service_completed_successfully') {
        if (entry.ended === 0) return;
        if (entry.ended !== null) break;
      } else {
        if (entry.ended !== null) break;
        if (await this.isHealthy(name)) return;
      }
      await sleep(50);
    }
    throw new Error(`${name} did not reach ${condition} (${entry.ended}): ${this.log(name)}`);
  }

  // One service after those it depends on, in the state that it wants them.
  async up(name) {
    if (this.running.has(name)) return;
    const service = this.compose.services[name];
    const wanted = Object.entries(service.depends_on ?? {});
    for (const [other] of wanted) await this.up(other);
    for (const [other, { condition }] of wanted) await this.await(other, condition);
    this.order.push(name);
    if (name === 'postgres') await this.startPostgres();
    else this.start(name, [...(service.entrypoint ?? []), ...service.command].map((word) => this.translate(name, word)));
  }

  async upAll() {
    await this.mountSecrets();
    const names = this.names.filter((name) => !(noDump && name === 'backup'));
    for (const name of names) await this.up(name);
    for (const name of names) if (name !== 'migrate') await this.await(name, 'service_healthy');
  }

  // As `docker compose stop`: those that depend first, each within its grace. Answers what went wrong.
  async down() {
    const faults = [];
    for (const name of [...this.order].reverse()) {
      const entry = this.running.get(name);
      if (!entry || entry.ended !== null) continue;
      const service = this.compose.services[name];
      entry.child.kill(service.stop_signal ?? 'SIGTERM');
      const grace = sleep(seconds(service.stop_grace_period) * 1000, 'late', { ref: false });
      const how = await Promise.race([entry.gone, grace]);
      if (how !== 0) faults.push(`${name}: ${how}: ${this.log(name).slice(-500)}`);
      if (how === 'late') entry.child.kill('SIGKILL');
    }
    return faults;
  }

  left() { return readdirSync(join(this.folder, 'root')); }

  remove() {
    for (const { child, ended } of this.running.values()) if (ended === null) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
