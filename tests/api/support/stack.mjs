// A whole stack for tests: PostgreSQL, migrations, the five services and the gateway, in one
// temporary folder. It watches its programs: one that dies when nobody asked, stops with an error, or
// prints a sanitizer's report is a problem that the run has to fail for. It knows no route.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtempSync, mkdirSync, chmodSync, openSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { programs, services } from '../../support/services.mjs';
import { Postgres } from './postgres.mjs';

export { programs, services };

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const bin = resolve(process.env.TEST_BIN ?? join(root, 'build/test'));
export const programFile = (name) => join(bin, name);
export const docsFolder = join(root, 'tests/api/node_modules/swagger-ui-dist');
const reports = /AddressSanitizer|LeakSanitizer|runtime error:|Assertion .* failed/;

// Variables of our own would reach the programs otherwise, and they stop at one they do not know.
const inherited = Object.fromEntries(Object.entries(process.env)
  .filter(([name]) => !/^(TRACTION_|TEST_|NODE_|PG)/.test(name)));

// The kernel may name one port twice while nobody listens there yet.
const givenPorts = new Set();

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      const again = givenPorts.has(port);
      givenPorts.add(port);
      server.close(() => done(again ? freePort() : port));
    });
  });
}

export class Stack {
  // `settings` are more TRACTION_* variables, by program or for 'all'. `built` is the folder of the programs, and
  // `spawned` is told the name and the process id of each one that starts.
  constructor(settings = {}, { built = bin, spawned } = {}) {
    this.settings = settings;
    this.bin = built;
    this.spawned = spawned;
    this.secret = randomBytes(32).toString('hex');
    this.problems = [];
    this.adminPorts = {};
    this.running = new Map();
  }

  // A cluster with all migrations, in `file`: stacks that start while TEST_CLUSTER names it begin with that.
  static async prepare(file) {
    const stack = new this();
    stack.makeFolder();
    try {
      await stack.postgres.create();
      await Promise.all(services.map((name) => stack.migrate(name)));
      await stack.postgres.keep(file);
    } finally {
      await stack.postgres.stop();
      rmSync(stack.folder, { recursive: true, force: true });
    }
    process.env.TEST_CLUSTER = file;
  }

  makeFolder() {
    for (const name of programs) {
      if (!existsSync(join(this.bin, name))) {
        throw new Error(`${join(this.bin, name)} is missing: build first, or set TEST_BIN to the build folder`);
      }
    }
    this.folder = mkdtempSync(join(tmpdir(), 'traction-api-'));
    chmodSync(this.folder, 0o755); // PostgreSQL's user has to reach its own folder in it
    mkdirSync(join(this.folder, 'bus'));
    this.postgres = new Postgres(this.folder);
  }

  async start() {
    const cluster = process.env.TEST_CLUSTER;
    this.makeFolder();
    this.port = await freePort();
    for (const name of programs) this.adminPorts[name] = await freePort();
    this.url = `http://127.0.0.1:${this.port}`;
    await this.postgres.create(cluster);
    if (!cluster) await Promise.all(services.map((name) => this.migrate(name)));
    for (const name of programs) this.spawn(name);
    await this.ready();
  }

  environment(name) {
    const own = name === 'gateway'
      ? { TRACTION_PORT: this.port, TRACTION_JWT_SECRET: this.secret, TRACTION_DOCS_DIR: docsFolder }
      : { TRACTION_DATABASE_URL: this.postgres.url(name.replace('-', '_')) };
    return {
      ...inherited,
      ASAN_OPTIONS: 'handle_abort=1:detect_stack_use_after_return=0:log_exe_name=1',
      UBSAN_OPTIONS: 'print_stacktrace=1',
      LSAN_OPTIONS: `print_suppressions=0:suppressions=${join(root, 'tests/report/lsan.supp')}`, // fonts, in report-writer
      TRACTION_BUS_DIR: join(this.folder, 'bus'),
      TRACTION_ADMIN_PORT: this.adminPorts[name],
      ...own,
      ...this.settings.all,
      ...this.settings[name],
    };
  }

  log(name) {
    return join(this.folder, `${name}.log`);
  }

  async migrate(name) {
    const out = openSync(this.log(`${name}-migrate`), 'a');
    const env = { ...this.environment(name), TRACTION_MIGRATE_DATABASE_URL: this.postgres.url('postgres') };
    delete env.TRACTION_DATABASE_URL;
    const child = spawn(join(this.bin, name), ['--migrate'], { env, cwd: this.folder, stdio: ['ignore', out, out] });
    const code = await new Promise((done) => child.on('exit', (status, signal) => done(status ?? signal)));
    if (code !== 0) {
      throw new Error(`${name} --migrate: ${code}\n${readFileSync(this.log(`${name}-migrate`), 'utf8')}`);
    }
  }

  spawn(name) {
    const out = openSync(this.log(name), 'a');
    const child = spawn(join(this.bin, name), [], { env: this.environment(name), cwd: this.folder, stdio: ['ignore', out, out] });
    const entry = { child, expected: false, gone: null };
    entry.gone = new Promise((done) => {
      child.on('error', (error) => {
        this.problems.push(`${name} cannot be started: ${error.message}`);
        done();
      });
      child.on('exit', (code, signal) => {
        if (!entry.expected) {
          this.problems.push(`${name} died: ${signal ?? `exit status ${code}`}\n${this.tail(name)}`);
          this.onProblem?.();
        } else if (entry.expected === 'SIGTERM' && code !== 0) {
          this.problems.push(`${name} did not stop cleanly: ${signal ?? `exit status ${code}`}`);
        }
        done();
      });
    });
    this.running.set(name, entry);
    this.spawned?.(name, child.pid);
  }

  // Waits until the whole stack answers, which it must within 30 s also under a sanitizer.
  async ready() {
    const deadline = Date.now() + 30000;
    let last;
    while (Date.now() < deadline) {
      try {
        const answer = await fetch(`${this.url}/health/ready`);
        last = await answer.text();
        if (answer.status === 200) return;
      } catch (error) {
        last = String(error.cause ?? error);
      }
      if (this.problems.length) break;
      await sleep(25);
    }
    throw new Error(`the stack is not ready: ${last}\n${this.problems.join('\n')}\n${this.tails()}`);
  }

  tail(name) {
    return `--- ${name}\n${readFileSync(this.log(name), 'utf8').slice(-2000)}`;
  }

  tails() {
    return programs.filter((name) => existsSync(this.log(name))).map((name) => this.tail(name)).join('\n');
  }

  async kill(name) {
    const entry = this.running.get(name);
    entry.expected = 'SIGKILL';
    entry.child.kill('SIGKILL');
    await entry.gone;
  }

  // Runs a program with options beside the one that serves, until it ends.
  async runTask(name, options, { killAfter = 120000 } = {}) {
    const child = spawn(join(this.bin, name), options, { env: this.environment(name), cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { text += chunk; });
    const timer = setTimeout(() => child.kill('SIGKILL'), killAfter);
    const code = await new Promise((done) => child.on('close', (status, signal) => done(status ?? signal)));
    clearTimeout(timer);
    if (reports.test(text)) this.problems.push(`${name} ${options.join(' ')} printed:\n${text.slice(0, 4000)}`);
    return { code, text };
  }

  // One start of one program with more variables; answers how it ended and what it printed.
  async tryStart(name, more) {
    const child = spawn(join(this.bin, name), [], { env: { ...this.environment(name), ...more }, cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { text += chunk; });
    const timer = setTimeout(() => child.kill('SIGKILL'), 10000);
    const code = await new Promise((done) => child.on('close', (status, signal) => done(status ?? signal)));
    clearTimeout(timer);
    return { code, text };
  }

  // Asks one program to stop and holds it to doing so cleanly and soon. At SIGINT the gateway does not
  // wait for clients that keep silent connections.
  async terminate(name, signal = 'SIGTERM') {
    const entry = this.running.get(name);
    entry.expected = 'SIGTERM';
    entry.child.kill(signal);
    const late = sleep(15000, 'late', { ref: false });
    if (await Promise.race([entry.gone, late]) !== 'late') return;
    this.problems.push(`${name} did not stop within 15 s`);
    entry.child.kill('SIGKILL');
    await entry.gone;
  }

  // Stops everything in order, the gateway first, and reads what the programs left in their logs.
  async stop() {
    for (const name of [...programs].reverse()) {
      const entry = this.running.get(name);
      if (entry && !entry.expected && entry.child.exitCode === null) await this.terminate(name, 'SIGINT');
    }
    await this.postgres?.stop();
    for (const name of programs) this.inspect(name);
    if (this.folder && !process.env.TEST_KEEP) rmSync(this.folder, { recursive: true, force: true });
    return this.problems;
  }

  inspect(name) {
    if (!this.folder || !existsSync(this.log(name))) return;
    const text = readFileSync(this.log(name), 'utf8');
    const report = text.search(reports);
    if (report >= 0) {
      this.problems.push(`${name} printed:\n${text.slice(Math.max(0, report - 200), report + 4000)}`);
    }
    // Every header of a token of ours starts like this: {"alg": in base64url.
    const token = text.indexOf('eyJhbGciOi');
    if (token >= 0) {
      this.problems.push(`${name} logged a token: ${text.slice(Math.max(0, token - 200), token + 40)}`);
    }
  }

  // What a test process has to know of a stack that another process started.
  describe() {
    const { url, secret, folder, adminPorts } = this;
    return { url, secret, folder, adminPorts, log: Object.fromEntries(programs.map((name) => [name, this.log(name)])) };
  }
}
