// A stack of its own, started by the project's own command, whose supervisor starts again what the
// nemesis kills. It knows processes and the database, no routes.
import { execFile, execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:net';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresBin } from '../support/postgres_bin.mjs';
import { programs } from '../support/services.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
export { programs };

function freePort() { // below those that outgoing connections take
  const port = 10000 + Math.floor(Math.random() * 9000);
  return new Promise((done) => {
    const server = createServer().once('error', () => done(freePort()));
    server.listen(port, '127.0.0.1', () => server.close(() => done(port)));
  });
}

export class Stack {
  command = join(root, 'traction'); // who starts and stops it

  // `folders` are looked through for each program; `environment` goes to all of them, `options` to `up`.
  static async start(folders, environment = {}, options = []) {
    const stack = new this();
    stack.folder = mkdtempSync(join(tmpdir(), 'traction-chaos-'));
    chmodSync(stack.folder, 0o755);
    stack.data = join(stack.folder, 'data');
    stack.stage(folders);
    stack.port = await freePort();
    stack.url = `http://127.0.0.1:${stack.port}`;
    await stack.up(environment, options);
    stack.secret = readFileSync(join(stack.data, 'secret'), 'utf8').trim();
    stack.owner = statSync(join(stack.data, 'pg'));
    return stack;
  }

  async up(environment, options) {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TRACTION_|NODE_|PG|FAULTS_)/.test(name)));
    await run(this.command, ['up', '--detach', '--data', this.data, '--port', String(this.port), '--programs', join(this.folder, 'programs'), ...options],
      { env: { ...inherited, ASAN_OPTIONS: 'handle_abort=1:log_exe_name=1', TRACTION_STREAMS_PER_USER: '1000', TRACTION_RATE_LIMIT: '0', TRACTION_LOG_LEVEL: 'warning', ...environment } });
  }

  async down() {
    await run(this.command, ['down', '--data', this.data]);
  }

  stage(folders) {
    const place = join(this.folder, 'programs');
    mkdirSync(place);
    for (const name of [...programs, 'report-writer']) {
      const found = folders.flatMap((folder) => [join(folder, name), join(folder, 'report', name)])
        .find((file) => { try { return statSync(file).isFile(); } catch { return false; } });
      if (!found) throw new Error(`there is no ${name} in ${folders}`);
      copyFileSync(found, join(place, name));
      chmodSync(join(place, name), 0o755);
    }
  }

  token(tenant, user) {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ tenant_id: tenant, user_id: user, name: `Name of ${user}`, iat: now, exp: now + 86400 })}`;
    return `${head}.${createHmac('sha256', this.secret).update(head).digest('base64url')}`;
  }

  // The process's id; undefined while it is not running. The file belongs to the owner of the data, so does
  // what it may name.
  pid(name) {
    const line = new RegExp(`^pid_${name}=(\\d+)$`, 'm').exec(readFileSync(join(this.data, 'state/stack'), 'utf8'));
    if (!line) return undefined;
    try {
      return statSync(`/proc/${line[1]}`).uid === this.owner.uid ? Number(line[1]) : undefined;
    } catch {
      return undefined;
    }
  }

  // All that run, without PostgreSQL.
  names() {
    return [...readFileSync(join(this.data, 'state/stack'), 'utf8').matchAll(/^pid_((?:svc|gateway)[^=]*)=/gm)].map(([, name]) => name);
  }

  adminPort(name) {
    return Number(new RegExp(`^admin_${name}=(\\d+)$`, 'm').exec(readFileSync(join(this.data, 'state/stack'), 'utf8'))[1]);
  }

  // PostgreSQL's processes but the first.
  backends() {
    const postmaster = this.pid('postgresql');
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
      try {
        const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]) === postmaster;
      } catch {
        return false;
      }
    });
  }

  async stopDatabaseAtOnce() {
    await run(join(postgresBin, 'pg_ctl'), ['-D', join(this.data, 'pg'), '-m', 'immediate', '-W', 'stop'],
      { cwd: '/', ...(process.getuid() === 0 && { uid: this.owner.uid, gid: this.owner.gid }) });
  }

  psql(sql) {
    return execFileSync(this.command, ['psql', `--data=${this.data}`, '-qXAt', '-v', 'ON_ERROR_STOP=1', '-c', sql], { encoding: 'utf8' }).trim();
  }

  async ready(milliseconds = 60000) {
    const deadline = Date.now() + milliseconds;
    let last;
    while (Date.now() < deadline) {
      try {
        const answer = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(3000) });
        last = await answer.text();
        if (answer.status === 200) return;
      } catch (error) {
        last = String(error.cause ?? error);
      }
      await sleep(100);
    }
    throw new Error(`not ready again after ${milliseconds / 1000} s: ${last}\n${this.lastLines('traction')}\n${this.lastLines('postgresql')}`);
  }

  lastLines(process) {
    return readFileSync(join(this.data, 'log', `${process}.log`), 'utf8').split('\n').slice(-25).join('\n');
  }

  // What no fault explains: a sanitizer's report, a failed assertion, a consumer that stopped.
  complaints() {
    const found = [];
    for (const file of readdirSync(join(this.data, 'log')).filter((name) => /^(svc-|gateway)/.test(name))) {
      const text = readFileSync(join(this.data, 'log', file), 'utf8');
      const at = text.search(/Sanitizer|runtime error:|Assertion .* failed|a consumer has stopped/);
      if (at >= 0) found.push(`${file}: ${text.slice(Math.max(0, at - 200), at + 1500)}`);
    }
    return found;
  }

  async stop() {
    await this.down().catch((error) => console.log(`not stopped: ${error.message}`));
    if (!process.env.TEST_KEEP) rmSync(this.folder, { recursive: true, force: true });
  }
}
