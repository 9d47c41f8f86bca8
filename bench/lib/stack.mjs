// The product itself, started by its own command in a folder of its own, and its database, which the
// peers use too: so both sides have the same PostgreSQL settings.
import { execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { postgresBin } from '../../tests/support/postgres_bin.mjs';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export class Stack {
  static running = new Set();

  // `source`: another checkout whose programs and command are used instead of these. `environment`: settings.
  static async start({ source = root, offset = 0, environment = {} } = {}) {
    const stack = new Stack();
    stack.source = source;
    stack.environment = environment;
    stack.traction = join(source, 'traction');
    stack.children = [];
    stack.folder = mkdtempSync(join(tmpdir(), 'traction-bench-'));
    execFileSync('chmod', ['755', stack.folder]);
    stack.data = join(stack.folder, 'data');
    stack.port = 18000 + (process.pid % 2000) + offset;
    stack.url = `http://127.0.0.1:${stack.port}`;
    Stack.running.add(stack);
    stack.up();
    stack.secret = readFileSync(join(stack.data, 'secret'), 'utf8').trim();
    stack.socket = join(stack.data, 'run');
    stack.databaseUrl = `postgresql://postgres@localhost/traction?host=${encodeURIComponent(stack.socket)}`;
    return stack;
  }

  // Until it is ready. BENCH_PROGRAMS measures programs that were built elsewhere. `up` and `down` have
  // sessions of their own, so that Ctrl-C does not end them half way.
  up() {
    const programs = process.env.BENCH_PROGRAMS && this.source === root ? ['--programs', process.env.BENCH_PROGRAMS] : [];
    execFileSync('setsid', ['-w', this.traction, 'up', '--detach', '--data', this.data, '--port', String(this.port), ...programs],
      { env: { ...process.env, TRACTION_RATE_LIMIT: '0', ...this.environment }, stdio: ['ignore', 'ignore', 'inherit'] }); // one user asks for many
  }

  down() {
    execFileSync('setsid', ['-w', this.traction, 'down', '--data', this.data], { stdio: 'ignore' });
  }

  token(tenant, user = 'user-1') {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ tenant_id: tenant, user_id: user, name: 'Person 1',
      iat: now, exp: now + 86400 })}`;
    return `${head}.${createHmac('sha256', this.secret).update(head).digest('base64url')}`;
  }

  psql(...words) {
    return execFileSync(join(postgresBin, 'psql'), ['-qXAt', '-v', 'ON_ERROR_STOP=1', '-h', this.socket, '-U', 'postgres',
      '-d', 'traction', ...words], { encoding: 'utf8' }).trim();
  }

  // Runs a file of SQL, which may take minutes: it says how far it is, and ends when the stack is stopped.
  async seed(file, variables = {}) {
    const words = Object.entries(variables).flatMap(([variable, value]) => ['-v', `${variable}=${value}`]);
    const child = this.spawn(join(postgresBin, 'psql'), ['-qXAt', '-v', 'ON_ERROR_STOP=1', ...words, '-h', this.socket, '-U', 'postgres',
      '-d', 'traction', '-f', join(this.source, file)]);
    const [status] = await once(child, 'exit');
    this.children = this.children.filter((other) => other !== child);
    if (status !== 0) throw new Error(`${file} failed`);
  }

  // One process beside the stack; it is stopped with it.
  spawn(command, words, environment) {
    const child = spawn(command, words, { env: { ...process.env, ...environment }, stdio: ['ignore', 'inherit', 'inherit'] });
    this.children.push(child);
    return child;
  }

  commit() {
    return execFileSync('git', ['-C', this.source, 'describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  }

  // Process ids by side: the gateway, the services, PostgreSQL with all its backends.
  pids() {
    const groups = { gateway: [], services: [], postgresql: [] };
    const status = JSON.parse(execFileSync(this.traction, ['status', '--json', '--data', this.data], { encoding: 'utf8' }));
    for (const process of status.processes) {
      const group = process.name === 'gateway' ? 'gateway' : process.name === 'postgresql' ? 'postgresql' : 'services';
      groups[group].push(process.pid);
    }
    return groups;
  }

  // It counts as running until all of it has ended.
  stop() {
    for (const child of this.children) child.kill('SIGTERM');
    try {
      this.down();
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
      Stack.running.delete(this);
    }
  }
}

// Children of a process, such as a peer's workers.
export function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

// Ends whatever was started here: stacks with what runs beside them, and load generators.
export function stopAll() {
  for (const stack of Stack.running) {
    try {
      stack.stop();
    } catch (error) {
      console.error(`bench: ${stack.data}: ${error.message}`);
    }
  }
  for (const pid of childrenOf(process.pid)) {
    try {
      process.kill(pid);
    } catch { /* it ended meanwhile */ }
  }
}

// Waits until the address answers anything at all.
export async function answering(url, headers = {}) {
  for (let i = 0; i < 200; i++) {
    try {
      await fetch(url, { headers });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`${url} does not answer`);
}
