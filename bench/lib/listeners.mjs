// Streams that are opened and read by a small program (../listeners.c), and nginx with nchan, which
// does the same as the product's streams do.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { answering, root } from './stack.mjs';

let program;

function build() {
  if (program) return program;
  const folder = mkdtempSync(join(tmpdir(), 'traction-listeners-'));
  program = join(folder, 'listeners');
  execFileSync('cc', ['-O2', '-o', program, join(root, 'bench/listeners.c')]);
  return program;
}

export const nowUs = () => Number(process.hrtime.bigint() / 1000n);

export class Listeners {
  // `targets`: [{path, header}], taken in turn.
  static async open({ port, count, targets }) {
    const listeners = new Listeners();
    const file = join(mkdtempSync(join(tmpdir(), 'traction-paths-')), 'paths');
    writeFileSync(file, targets.map(({ path, header = 'X-None: 1' }) => `${path}\t${header}\n`).join(''));
    listeners.events = [];
    listeners.waiting = [];
    listeners.child = spawn(build(), [port, count, 8, file].map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
    listeners.child.on('exit', (code) => { listeners.ended = code; });
    createInterface({ input: listeners.child.stdout }).on('line', (line) => listeners.line(line));
    await listeners.until(() => listeners.isOpen, 120000);
    return listeners;
  }

  line(line) {
    const [word, first, last] = line.split(' ');
    if (word === 'OPEN') this.isOpen = true;
    else if (word === 'CLOSED') this.closed = Number(first);
    else this.events.push({ firstUs: Number(first), lastUs: Number(last) });
    for (const look of this.waiting) look();
  }

  async until(wanted, milliseconds = 30000) {
    if (wanted()) return;
    let timer;
    let look;
    await new Promise((done, fail) => {
      look = () => wanted() && done();
      this.waiting.push(look);
      timer = setTimeout(() => fail(new Error(`streams: waited ${milliseconds} ms for ${wanted}`)), milliseconds);
    }).finally(() => clearTimeout(timer));
    this.waiting = this.waiting.filter((one) => one !== look);
  }

  // The next event that all get; call it before the event is made.
  async next() {
    const number = this.events.length;
    await this.until(() => this.events.length > number);
    return this.events[number];
  }

  close() {
    this.child.kill('SIGKILL');
  }
}

// nginx with nchan: publish by POST /pub, watch at /sub.
export async function startNchan(stack, workers) {
  const folder = mkdtempSync(join(tmpdir(), 'traction-nchan-'));
  chmodSync(folder, 0o755);
  const port = stack.port + 2500;
  writeFileSync(join(folder, 'nginx.conf'), `
load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
daemon off;
worker_processes ${workers};
worker_rlimit_nofile 20000;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 15000; }
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  nchan_shared_memory_size 128M;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /pub { nchan_publisher; nchan_channel_id one; nchan_message_buffer_length 100; }
    location = /sub { nchan_subscriber eventsource; nchan_channel_id one; nchan_subscriber_first_message newest; }
    location = / { return 204; }
  }
}
`);
  const child = stack.spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], {});
  const url = `http://127.0.0.1:${port}`;
  await answering(url);
  return { child, url, port };
}
