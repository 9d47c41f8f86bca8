// A stack of release 1.0.0, two of each program, started by that release's own command, whose programs
// are replaced as docs/operations.md says: the new ones migrate, then each process is ended and comes
// back as the new program. The old supervisor stays all the time.
import { execFile } from 'node:child_process';
import { chownSync, copyFileSync, chmodSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Stack, programs } from '../chaos/stack.mjs';

const run = promisify(execFile);
const services = programs.filter((name) => name.startsWith('svc-'));
export const programOf = (name) => name.replace(/-\d+$/, '');

export class UpgradedStack extends Stack {
  static of(release) {
    return class extends UpgradedStack {
      command = join(release, 'source/traction');
      versions = new Map(); // pid -> 'old' or 'new'
    };
  }

  // What is installed next; `patch`: {text, other, programs}, a text in these programs that becomes another
  // of its length.
  stageAgain(folders, patch) {
    const place = join(this.folder, 'programs');
    rmSync(place, { recursive: true });
    this.stage(folders);
    for (const name of patch?.programs ?? []) {
      const bytes = readFileSync(join(place, name));
      if (patch.text.length !== patch.other.length || !bytes.includes(patch.text)) throw new Error(`${name} does not say ${patch.text}`);
      for (let at = bytes.indexOf(patch.text); at >= 0; at = bytes.indexOf(patch.text, at)) bytes.write(patch.other, at);
      writeFileSync(join(place, name), bytes);
    }
  }

  urls() {
    return [this.url, `http://127.0.0.1:${this.port + 1}`];
  }

  state(key) {
    return new RegExp(`^${key}=(.*)$`, 'm').exec(readFileSync(join(this.data, 'state/stack'), 'utf8'))?.[1];
  }

  noteVersions(version) {
    for (const name of this.names()) this.versions.set(this.pid(name), this.versions.get(this.pid(name)) ?? version);
  }

  // From now on whatever starts is new. A file that runs is replaced and not written to.
  install() {
    for (const name of [...programs, 'report-writer']) {
      const place = join(this.data, 'bin', name);
      copyFileSync(join(this.folder, 'programs', name), `${place}.new`);
      chmodSync(`${place}.new`, 0o755);
      chownSync(`${place}.new`, this.owner.uid, this.owner.gid);
      renameSync(`${place}.new`, place);
    }
  }

  // The new programs bring their tables up to date, side by side, as supervise does.
  async migrate() {
    const url = (role) => `postgresql://${role}@/traction?host=${encodeURIComponent(this.state('run'))}`;
    await Promise.all(services.map((name) => run(join(this.data, 'bin', name), ['--migrate'], {
      cwd: this.data, ...(process.getuid() === 0 && { uid: this.owner.uid, gid: this.owner.gid }),
      env: { PATH: process.env.PATH, TRACTION_DATABASE_URL: url(name.replace('-', '_')), TRACTION_MIGRATE_DATABASE_URL: url('postgres') },
    })));
  }

  // The usual way on one machine: the old command ends everything, the new one starts it.
  async startAnew(command, environment, options) {
    await this.down();
    this.command = command;
    await this.up(environment, options);
  }

  // What a migration might do, without anybody waiting for it here.
  async sql(text) {
    await run(this.command, ['psql', `--data=${this.data}`, '-qXAt', '-v', 'ON_ERROR_STOP=1', '-c', text]);
  }

  async replace(name) {
    await run(this.command, ['restart', name, '--data', this.data]);
    this.noteVersions('new');
  }

  // The lines of all processes' logs that are JSON.
  * log() {
    for (const file of readdirSync(join(this.data, 'log')).filter((name) => /^(svc-|gateway)/.test(name))) {
      for (const line of readFileSync(join(this.data, 'log', file), 'utf8').split('\n')) {
        if (!line.startsWith('{')) continue;
        try {
          yield { ...JSON.parse(line), program: programOf(file.replace(/\.log.*/, '')) };
        } catch { /* cut by a rotation */ }
      }
    }
  }
}
