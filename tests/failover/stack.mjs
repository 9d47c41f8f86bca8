// The programs, two of each, on such a cluster, as processes of ours: nobody starts one again.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Stack, programs } from '../chaos/stack.mjs';
import { services } from '../support/services.mjs';
import { Cluster, spawnAs } from './cluster.mjs';

export class FailoverStack extends Stack {
  static of({ tag, user, asynchronous }) {
    const number = (option) => Number(execFileSync('id', [option, '--', user], { encoding: 'utf8' }));
    const owner = { uid: number('-u'), gid: number('-g') };
    return class extends FailoverStack {
      tag = tag;
      owner = owner;
      asynchronous = asynchronous;
    };
  }

  replicas = 2;
  running = new Map(); // name -> process
  ended = []; // what was not to happen: programs that ended by themselves, or are not ready

  async up(environment) {
    for (const path of ['', 'log', 'run']) mkdirSync(join(this.data, path), { mode: 0o700 });
    for (const path of ['', 'log', 'run']) chownSync(join(this.data, path), this.owner.uid, this.owner.gid);
    writeFileSync(join(this.data, 'secret'), randomBytes(32).toString('hex'), { mode: 0o600 });
    chownSync(join(this.data, 'secret'), this.owner.uid, this.owner.gid);
    this.cluster = new Cluster({ tag: this.tag, folder: join(this.data, 'pg'), owner: this.owner, asynchronous: this.asynchronous });
    await this.cluster.create();
    const programs = join(this.folder, 'programs');
    await Promise.all(services.map((name) => this.migrate(join(programs, name), name)));
    for (const name of this.names()) {
      const child = spawnAs(this.owner, join(this.data, 'log', `${name}.out`), join(programs, name.replace(/-2$/, '')), [], { cwd: this.data, env: this.environmentOf(name, environment) });
      child.on('exit', (code, signal) => this.stopping || this.ended.push(`${name} ended (${signal ?? `status ${code}`}) and was needed`));
      this.running.set(name, child);
    }
    await super.ready();
  }

  // What has been lost is to be counted even when a program has found it, too, and refuses to go on.
  async ready() {
    await super.ready().catch(({ message }) => this.ended.push(message.split('\n')[0]));
  }

  names() {
    return Array.from({ length: this.replicas }, (_, i) => programs.map((name) => (i ? `${name}-${i + 1}` : name))).flat();
  }

  pid(name) { return this.running.get(name)?.pid; }

  adminPort(name) { return this.port + this.replicas + this.names().indexOf(name); }

  environmentOf(name, environment) {
    const [program, replica = 1] = name.split(/-(?=\d)/);
    const place = (service, i) => `ipc://run/${service}${i > 1 ? `-${i}` : ''}.sock`;
    const endpoints = Object.fromEntries(services.map((service) => [`TRACTION_${service.slice(4).toUpperCase()}_ENDPOINTS`,
      Array.from({ length: this.replicas }, (_, i) => place(service, i + 1)).join(',')]));
    return {
      PATH: process.env.PATH, ...endpoints, TRACTION_BUS_DIR: join(this.data, 'run'), TRACTION_ADMIN_PORT: String(this.adminPort(name)), TRACTION_LOG_FILE: `log/${name}.log`,
      TRACTION_STREAMS_PER_USER: '1000', TRACTION_RATE_LIMIT: '0', TRACTION_LOG_LEVEL: 'warning', ...environment,
      ...(program === 'gateway' ? { TRACTION_PORT: String(this.port + Number(replica) - 1), TRACTION_JWT_SECRET_FILE: join(this.data, 'secret') }
        : { TRACTION_BUS_LISTEN: place(program, Number(replica)), TRACTION_DATABASE_URL: this.cluster.url(program.replace('-', '_')) }),
    };
  }

  // Gives the role the password of the URL, too.
  async migrate(file, name) {
    const child = spawnAs(this.owner, join(this.data, 'log', `${name}.out`), file, ['--migrate'], {
      cwd: this.data, env: { PATH: process.env.PATH, TRACTION_MIGRATE_DATABASE_URL: this.cluster.url('postgres'), TRACTION_DATABASE_URL: this.cluster.url(name.replace('-', '_')) },
    });
    const code = await new Promise((done) => child.on('exit', done));
    if (code !== 0) throw new Error(`${name} --migrate ended with ${code}: ${this.lastLines(name, 'out')}`);
  }

  psql(sql) { return this.cluster.psql(sql); }

  lastLines(name, kind = 'log') {
    return name === 'postgresql' ? this.cluster.lastLines() : name === 'traction' ? this.names().map((one) => this.lastLines(one)).join('') : execFileSync('tail', ['-n', '2', join(this.data, 'log', `${name}.${kind}`)], { encoding: 'utf8' });
  }

  complaints() {
    return [...super.complaints(), ...this.ended];
  }

  async down() {
    this.stopping = true;
    for (const child of this.running.values()) child.kill('SIGINT');
    const all = [...this.running.values()].map((child) => child.exitCode ?? child.signalCode ?? new Promise((done) => child.on('exit', done)));
    await Promise.race([Promise.all(all), sleep(15000)]);
    for (const child of this.running.values()) child.kill('SIGKILL');
    await this.cluster?.destroy();
  }
}
