// Requests that come when they are due, whatever became of earlier ones (../arrivals.c).
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './stack.mjs';

const run = promisify(execFile);
let folder;

function program() {
  if (!folder) {
    folder = mkdtempSync(join(tmpdir(), 'traction-arrivals-'));
    execFileSync('cc', ['-O2', '-o', join(folder, 'arrivals'), join(root, 'bench/arrivals.c')]);
  }
  return join(folder, 'arrivals');
}

// Whole requests, of these in turn, as a file for `arrive`.
export function requestFile(name, requests) {
  program();
  const file = join(folder, name);
  writeFileSync(file, requests.map(({ method = 'GET', path, token, body }) => {
    const text = body ? JSON.stringify(body) : '';
    const fields = body ? `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n` : '';
    return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n${fields}\r\n${text}`;
  }).join(''));
  return file;
}

// `rate` a second, or with 0 as many as are answered. Answers what arrivals.c prints.
export async function arrive({ port, rate = 0, seconds, connections, file }) {
  const { stdout } = await run(program(), [port, rate, seconds, connections, file].map(String), { maxBuffer: 1 << 20 });
  return JSON.parse(stdout);
}
