// A PostgreSQL cluster of one test stack: made in a folder of its own, reached by unix socket only,
// run by an unprivileged user even when the tests are started as root, gone afterwards. It takes
// killing: `start` may be called again after the postmaster died. Knows nothing of the programs.
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresBin } from '../../support/postgres_bin.mjs';

const run = promisify(execFile);
const isRoot = process.getuid() === 0;

// PostgreSQL refuses to run as root; its Debian package brings a user of its own.
const owner = isRoot
  ? Object.fromEntries(
      readFileSync('/etc/passwd', 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('postgres:'))
        .flatMap((line) => {
          const fields = line.split(':');
          return [['uid', Number(fields[2])], ['gid', Number(fields[3])]];
        }),
    )
  : {};

// Nothing here is worth a disk flush; a killed process still leaves its writes to the kernel.
const settings = `
listen_addresses = ''
max_connections = 250
shared_buffers = 64MB
fsync = off
synchronous_commit = on
full_page_writes = off
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
`;

export class Postgres {
  constructor(folder) {
    this.data = join(folder, 'pg');
    this.socket = join(folder, 'sock');
    this.log = join(folder, 'postgres.log');
    this.process = null;
  }

  // With `from`, a file that `keep` has written, it has what that cluster had.
  async create(from) {
    for (const path of [this.data, this.socket]) {
      mkdirSync(path, { mode: 0o700 });
      if (isRoot) chownSync(path, owner.uid, owner.gid);
    }
    if (from) {
      await run('tar', ['--extract', `--file=${from}`, `--directory=${this.data}`], { ...owner, cwd: '/' });
    } else {
      await run(join(postgresBin, 'initdb'),
        [`--pgdata=${this.data}`, '--no-sync', '--username=postgres', '--locale=C.UTF-8', '--encoding=UTF8', '--auth=trust'],
        { ...owner, cwd: '/' });
    }
    writeFileSync(join(this.data, 'postgresql.conf'),
      `${settings}unix_socket_directories = '${this.socket}'\n`, { flag: 'a' });
    await this.start();
    if (!from) await this.query('CREATE DATABASE traction', 'postgres');
  }

  // Stops it in order, and writes all of it into `file`.
  async keep(file) {
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGINT');
    await gone;
    await run('tar', ['--create', `--file=${file}`, `--directory=${this.data}`, '.']);
  }

  // Starts and waits until it answers. After a kill -9 its children may hold the shared memory for
  // a moment, so a start that fails is tried again.
  async start() {
    const deadline = Date.now() + 30000;
    while (Date.now() < deadline) {
      const log = openSync(this.log, 'a');
      const child = spawn(join(postgresBin, 'postgres'), ['-D', this.data],
        { ...owner, cwd: '/', stdio: ['ignore', log, log] });
      let gone = false;
      child.on('exit', () => { gone = true; });
      while (!gone && Date.now() < deadline) {
        if (await this.answers()) {
          this.process = child;
          return;
        }
        await sleep(20);
      }
      await sleep(100);
    }
    throw new Error(`PostgreSQL does not start: ${readFileSync(this.log, 'utf8').slice(-2000)}`);
  }

  async answers() {
    if (!existsSync(join(this.socket, '.s.PGSQL.5432'))) return false;
    return this.query('SELECT 1', 'postgres').then(() => true, () => false);
  }

  // Runs one statement as the superuser; answers psql's unadorned output.
  async query(sql, database = 'traction') {
    const { stdout } = await run(join(postgresBin, 'psql'),
      ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-h', this.socket, '-U', 'postgres', '-d', database, '-c', sql]);
    return stdout.trim();
  }

  // Runs a statement whose locks stay, for a minute at most, until `release` is called. Answered once it has them.
  async hold(sql) {
    const name = `hold ${randomUUID()}`;
    let held = true;
    const ended = this.query(`BEGIN; ${sql}; SELECT pg_sleep(60) /* ${name} */; COMMIT`).then(() => { held = false; }, () => { held = false; });
    const sessions = (what) => this.query(`SELECT ${what} FROM pg_stat_activity WHERE query LIKE '%${name}%' AND wait_event = 'PgSleep'`);
    while (held && await sessions('count(*)') === '0') await sleep(20);
    return {
      isHeld: () => held,
      release: async () => {
        if (held) await sessions('pg_terminate_backend(pid)');
        await ended;
      },
    };
  }

  // Another of PostgreSQL's programs, as the superuser.
  async tool(program, ...options) {
    const { stdout } = await run(join(postgresBin, program), ['-h', this.socket, '-U', 'postgres', '-d', 'traction', ...options]);
    return stdout.trim();
  }

  url(role) {
    return `postgresql://${role}@/traction?host=${encodeURIComponent(this.socket)}`;
  }

  // The postmaster alone, as a crash would take it: its children notice by themselves.
  async kill() {
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGKILL');
    await gone;
  }

  async stop() {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGQUIT'); // the folder is deleted next: no shutdown checkpoint
    await gone;
  }
}
