// What goes wrong, and when, decided by the seed: processes are killed, stopped for a while, and
// the database ends in every way it can.
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from './random.mjs';
import { programs } from './stack.mjs';

const ways = {
  'kill -9': 5, // of a program
  SIGSTOP: 5,
  'kill -9 postmaster': 1,
  'pg_ctl -m immediate': 1,
  'kill -9 backend': 1,
  'SIGSTOP postgresql': 1,
};

export class Nemesis {
  constructor(stack, seed, { pauseMs = 2500, only } = {}) {
    Object.assign(this, { stack, pauseMs, targets: only?.targets ?? programs, ways: only?.ways ?? ways });
    this.random = new Random(seed, 'nemesis');
    this.done = new Map(); // what -> how often
    this.turn = 0;
  }

  get count() {
    return [...this.done.values()].reduce((a, b) => a + b, 0);
  }

  start() {
    this.running = this.run();
  }

  async stop() {
    this.stopped = true;
    await this.running;
  }

  async run() {
    while (!this.stopped) {
      const pause = this.random.between(0.4, 1.6) * this.pauseMs;
      const faults = [this.draw(), ...(this.random.next() < 0.2 ? [this.draw()] : [])];
      await sleep(pause);
      if (this.stopped) return;
      await Promise.all(faults.map((fault) => this.commit(fault)));
    }
  }

  // The programs take turns, so that none is spared.
  draw() {
    const way = this.random.weighted(this.ways);
    const long = this.random.next() < 0.15;
    const milliseconds = long ? this.random.between(3000, 7000) : this.random.between(50, 2500);
    this.turn += 1;
    return { way, milliseconds, target: this.targets[this.turn % this.targets.length], backend: this.random.next() };
  }

  async commit({ way, milliseconds, target, backend }) {
    const { stack } = this;
    let name = way;
    try {
      if (way === 'kill -9') {
        name = `kill -9 ${target}`;
        process.kill(stack.pid(target), 'SIGKILL');
      } else if (way === 'SIGSTOP') {
        name = `SIGSTOP ${target}`;
        await this.halt([stack.pid(target)], milliseconds);
      } else if (way === 'kill -9 postmaster') process.kill(stack.pid('postgresql'), 'SIGKILL');
      else if (way === 'pg_ctl -m immediate') await stack.stopDatabaseAtOnce();
      else if (way === 'kill -9 backend') {
        const pids = stack.backends();
        process.kill(pids[Math.floor(backend * pids.length)], 'SIGKILL');
      } else await this.halt([stack.pid('postgresql'), ...stack.backends()], Math.min(milliseconds, 3000));
    } catch {
      return; // it was dead already
    }
    this.done.set(name, (this.done.get(name) ?? 0) + 1);
  }

  async halt(pids, milliseconds) {
    const halted = pids.filter((pid) => {
      try {
        process.kill(pid, 'SIGSTOP');
        return true;
      } catch {
        return false;
      }
    });
    if (!halted.length) throw new Error('nothing to stop');
    await sleep(milliseconds);
    for (const pid of halted) {
      try {
        process.kill(pid, 'SIGCONT');
      } catch { /* somebody killed it meanwhile */ }
    }
  }
}
