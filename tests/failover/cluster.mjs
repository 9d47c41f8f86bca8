// Two PostgreSQL under Patroni, each in a network namespace of its own, with etcd beside them: what can
// be killed, frozen and cut off. It knows nothing of the programs that work on it.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, openSync, closeSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresBin } from '../support/postgres_bin.mjs';

const run = promisify(execFile);
// The leader's key in etcd lives so long without its leader; loop_wait + 2 * retry_timeout may not be more.
export const timing = { ttl: 7, loop_wait: 1, retry_timeout: 3 };

// A process of the user who owns the data, that ends when we do.
export function spawnAs({ uid, gid }, log, file, words, { space, ...options } = {}) {
  const out = openSync(log, 'a');
  const command = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--pdeathsig=KILL', '--', file, ...words];
  const [first, ...rest] = space ? ['ip', 'netns', 'exec', space, ...command] : command;
  const child = spawn(first, rest, { stdio: ['ignore', out, out], ...options });
  closeSync(out);
  return child;
}

class Node {
  constructor(cluster, number) {
    Object.assign(this, { cluster, number, name: `node-${number}`, space: `${cluster.tag}-${number}`, address: `${cluster.net}.${number + 1}` });
    this.folder = join(cluster.folder, this.name);
    this.link = `${cluster.tag}v${number}`;
    this.config = join(this.folder, 'patroni.json');
  }

  async create() {
    const { cluster } = this;
    mkdirSync(this.folder, { mode: 0o700 });
    writeFileSync(this.config, JSON.stringify(this.settings()), { mode: 0o600 });
    for (const path of [this.folder, this.config]) chownSync(path, cluster.owner.uid, cluster.owner.gid);
    await run('ip', ['netns', 'add', this.space]);
    await run('ip', ['link', 'add', this.link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.space]);
    await run('ip', ['link', 'set', this.link, 'master', cluster.tag, 'up']);
    await run('ip', ['-n', this.space, 'address', 'add', `${this.address}/29`, 'dev', 'eth0']);
    for (const link of ['eth0', 'lo']) await run('ip', ['-n', this.space, 'link', 'set', link, 'up']);
    this.start();
  }

  settings() {
    const { cluster } = this;
    return {
      scope: 'drill', namespace: '/traction/', name: this.name,
      restapi: { listen: `${this.address}:8008`, connect_address: `${this.address}:8008` },
      // Not etcd3: with that, Patroni 3.0.2 takes the lock back unasked when it was frozen, from the new leader.
      etcd: { host: `${cluster.net}.1:2379` },
      bootstrap: {
        dcs: {
          ...timing, synchronous_mode: !cluster.asynchronous, maximum_lag_on_failover: 1 << 30, // which is for asynchronous standbys alone
          postgresql: {
            // The former primary is copied anew: the database is small, and after pg_rewind one once stayed behind for ever.
            use_pg_rewind: false, remove_data_directory_on_diverged_timelines: true,
            parameters: {
              max_connections: 500, shared_buffers: '128MB', jit: 'off', max_parallel_workers_per_gather: 0, wal_keep_size: '512MB',
              idle_in_transaction_session_timeout: '60s', log_parameter_max_length: 0, timezone: 'UTC', log_timezone: 'UTC',
            },
          },
        },
        initdb: [{ encoding: 'UTF8' }, { locale: 'C.UTF-8' }, 'data-checksums'],
      },
      postgresql: {
        listen: `${this.address}:5432`, connect_address: `${this.address}:5432`, bin_dir: postgresBin,
        data_dir: join(this.folder, 'data'), pgpass: join(this.folder, 'pgpass'),
        authentication: { superuser: { username: 'postgres', password: cluster.password }, replication: { username: 'replicator', password: cluster.password } },
        parameters: { unix_socket_directories: '' }, basebackup: [{ checkpoint: 'fast' }, 'no-sync'], // no machine fails here
        pg_hba: [`host all all ${cluster.net}.0/29 scram-sha-256`, `host replication replicator ${cluster.net}.0/29 scram-sha-256`],
      },
    };
  }

  start() {
    spawnAs(this.cluster.owner, join(this.cluster.folder, `${this.name}.log`), 'patroni', [this.config], { space: this.space, cwd: this.folder, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } });
  }

  pids() {
    return execFileSync('ip', ['netns', 'pids', this.space], { encoding: 'utf8' }).split('\n').filter(Boolean).map(Number);
  }

  // To all of its processes, also to those that begin meanwhile.
  signal(name) {
    const told = new Set();
    for (let more = true; more;) {
      more = false;
      for (const pid of this.pids()) {
        if (told.has(pid)) continue;
        told.add(pid);
        more = true;
        try {
          process.kill(pid, name);
        } catch { /* it has ended */ }
      }
    }
  }

  async kill() {
    this.signal('SIGKILL');
    while (this.pids().length) await sleep(20);
  }

  cut() { execFileSync('ip', ['link', 'set', this.link, 'down']); }
  join() { execFileSync('ip', ['link', 'set', this.link, 'up']); }

  // What its Patroni says of itself or of the cluster; undefined when it says nothing.
  async state(path = 'patroni') {
    try {
      const answer = await fetch(`http://${this.address}:8008/${path}`, { signal: AbortSignal.timeout(2000) });
      return await answer.json();
    } catch {
      return undefined;
    }
  }
}

export class Cluster {
  // `asynchronous`: commits wait for no standby, which is the mistake that a drill has to find.
  constructor({ tag, folder, owner, asynchronous }) {
    Object.assign(this, { tag, folder, owner, asynchronous, password: randomBytes(16).toString('hex') });
    this.net = Cluster.freeNet();
    this.nodes = [new Node(this, 1), new Node(this, 2)];
  }

  // Of the addresses that are set apart for measurements (RFC 2544).
  static freeNet() {
    const used = execFileSync('ip', ['-4', 'address'], { encoding: 'utf8' });
    for (let i = 0; i < 256; i += 1) if (!used.includes(` 198.18.${i}.`)) return `198.18.${i}`;
    throw new Error('all of 198.18.0.0/16 is taken');
  }

  async create() {
    mkdirSync(this.folder, { mode: 0o755 });
    chownSync(this.folder, this.owner.uid, this.owner.gid);
    await run('ip', ['link', 'add', this.tag, 'type', 'bridge']);
    await run('ip', ['address', 'add', `${this.net}.1/29`, 'dev', this.tag]);
    await run('ip', ['link', 'set', this.tag, 'up']);
    const [peers, clients] = [`http://${this.net}.1:2380`, `http://${this.net}.1:2379`];
    this.etcd = spawnAs(this.owner, join(this.folder, 'etcd.log'), 'etcd', ['--enable-v2', '--data-dir', join(this.folder, 'etcd'), '--name', 'etcd', '--listen-peer-urls', peers,
      '--initial-advertise-peer-urls', peers, '--initial-cluster', `etcd=${peers}`, '--listen-client-urls', clients, '--advertise-client-urls', clients],
    { cwd: this.folder, env: { PATH: process.env.PATH } });
    for (const node of this.nodes) await node.create();
    await this.synchronous();
    this.psql('CREATE DATABASE traction', 'postgres');
    while (this.psql(`SELECT count(*) FROM pg_stat_replication WHERE replay_lsn >= '${this.psql('SELECT pg_current_wal_lsn()', 'postgres')}'`, 'postgres') === '0') await sleep(100);
  }

  // One of both answers as primary, and the other follows it, is waited for by every commit, and may become
  // primary: that it may is written into etcd some seconds later than commits wait for it.
  async synchronous(milliseconds = 90000) {
    const [kind, role] = this.asynchronous ? ['async', 'replica'] : ['sync', 'sync_standby'];
    const deadline = Date.now() + milliseconds;
    let states;
    while (Date.now() < deadline) {
      states = await Promise.all(this.nodes.map((node) => node.state()));
      const primary = states.findIndex((state) => state?.role === 'master' && state.state === 'running');
      if (primary >= 0 && states[primary].replication?.some((one) => one.state === 'streaming' && one.sync_state === kind) && states[1 - primary]?.role === 'replica') {
        const cluster = await this.nodes[primary].state('cluster');
        if (cluster?.members?.some((member) => member.name === this.nodes[1 - primary].name && member.role === role)) return this.nodes[primary];
      }
      await sleep(200);
    }
    throw new Error(`no synchronous standby after ${milliseconds / 1000} s: ${JSON.stringify(states)}\n${this.lastLines()}`);
  }

  // As a program or a person would reach it: both addresses, whichever takes writes.
  url(role, database = 'traction') {
    return `postgresql://${role}:${this.password}@${this.nodes.map(({ address }) => `${address}:5432`).join(',')}/${database}?target_session_attrs=read-write`;
  }

  psql(sql, database) {
    return execFileSync(join(postgresBin, 'psql'), ['-qXAt', '-v', 'ON_ERROR_STOP=1', '-c', sql, `${this.url('postgres', database)}&connect_timeout=3`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  }

  lastLines() {
    return ['etcd', ...this.nodes.map(({ name }) => name)].map((name) => {
      return `--- ${name}\n${readFileSync(join(this.folder, `${name}.log`), 'utf8').split('\n').slice(-15).join('\n')}`;
    }).join('\n');
  }

  // Its namespaces and the bridge are taken away by whoever named them (run).
  async destroy() {
    for (const node of this.nodes) await node.kill();
    this.etcd?.kill('SIGKILL');
  }
}
