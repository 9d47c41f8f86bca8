// The Go peer (../peers/go), compiled from Debian's packages, without modules and so without a network.
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answering, root } from './stack.mjs';

let program; // null when there is none

function build() {
  if (program !== undefined) return program;
  const file = join(mkdtempSync(join(tmpdir(), 'traction-go-')), 'peer');
  const made = spawnSync('go', ['build', '-o', file, '.'], {
    cwd: join(root, 'bench/peers/go'), encoding: 'utf8', env: { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '' } });
  program = made.status === 0 ? file : null;
  if (!program) console.log(`  without the Go peer, which cannot be compiled: ${made.error?.message ?? made.stderr.trim()}`);
  return program;
}

// Answers its sides for a table: {name: {url, pid}}, none when it cannot be compiled.
export async function startGo(stack) {
  if (!build()) return {};
  const port = stack.port + 2020;
  const child = stack.spawn(program, [], { PEER_PORT: port, PEER_CONNECTIONS: 32, PEER_JWT_SECRET: stack.secret, PEER_DATABASE_URL: stack.databaseUrl });
  await answering(`http://127.0.0.1:${port}/goals`);
  return { 'Go, 1 process': { url: `http://127.0.0.1:${port}`, pid: child.pid } };
}
