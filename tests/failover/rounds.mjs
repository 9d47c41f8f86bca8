// What goes wrong, one after the other: in each round the primary is killed, frozen, cut off, or killed while
// the standby gets nothing of it; writes have to go on at the other, and the old one comes back. A round begins once
// both hold every commit.
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../chaos/random.mjs';

export const behind = 'kill -9 while the standby is behind';
const faults = {
  'kill -9': { begin: (node) => node.kill(), end: (node) => node.start() },
  SIGSTOP: { begin: (node) => node.signal('SIGSTOP'), end: (node) => node.signal('SIGCONT') },
  'cut off': { begin: (node) => node.cut(), end: (node) => node.join() },
  // What was acknowledged without the standby is lost here for certain: with the primary's link, what its
  // kernel would still send goes as well.
  [behind]: {
    before: (standby) => standby.cut(), lasts: 2000,
    begin: async (node, standby) => {
      node.cut();
      await node.kill();
      standby.join();
    },
    end: (node) => {
      node.join();
      node.start();
    },
  },
};
const patience = 60000; // ms, after which nobody waits for the writers any more

export class Rounds {
  // `only`: the name of the one fault that is played; else each in turn.
  constructor({ stack, journal, writers, seed, rounds, only, say }) {
    Object.assign(this, { cluster: stack.cluster, journal, writers, rounds, say, names: only ? [only] : Object.keys(faults) });
    this.random = new Random(seed, 'rounds');
    this.done = new Map(); // fault -> how often
    this.times = []; // of each round, s until a writer, and until all of them, had an answer again
  }

  get count() { return this.times.length; }

  start() { this.running = this.run(); }

  async finished() { await this.running; }

  async stop() {
    this.stopped = true;
    await this.running.catch(() => {});
  }

  async run() {
    for (let i = 0; i < this.rounds && !this.stopped; i += 1) {
      const primary = await this.cluster.synchronous();
      await sleep(this.random.between(1500, 3500));
      const standby = this.cluster.nodes.find((node) => node !== primary);
      const name = this.names[i % this.names.length];
      const fault = faults[name];
      if (fault.before) {
        fault.before(standby);
        await sleep(fault.lasts);
      }
      const began = performance.now();
      const before = { clock: this.journal.clock, count: this.journal.writes.length };
      await fault.begin(primary, standby);
      const { first, all } = await this.writesGoOn(before, began);
      await sleep(this.random.between(0, 3000));
      await fault.end(primary);
      if (await this.cluster.synchronous() === primary) throw new Error(`round ${i + 1}: ${primary.name}, ${name}, is primary again`);
      this.done.set(name, (this.done.get(name) ?? 0) + 1);
      this.times.push({ name, first, all });
      this.say(`  round ${i + 1}: ${primary.name} ${name}: writes went on after ${first} s, all ${this.writers} writers after ${all} s; synchronous again after ${seconds(began)} s`);
    }
  }

  // Writes that were sent after the fault and have been acknowledged: of one writer, and of each.
  async writesGoOn({ clock, count }, began) {
    const heard = new Set();
    let first;
    while (heard.size < this.writers) {
      for (const { writer, sent, acknowledged } of this.journal.writes.slice(Math.max(0, count - this.writers))) if (sent > clock && acknowledged) heard.add(writer);
      if (heard.size) first ??= seconds(began);
      if (performance.now() - began > patience) throw new Error(`${heard.size} of ${this.writers} writers went on within ${patience / 1000} s\n${this.cluster.lastLines()}`);
      await sleep(20);
    }
    return { first, all: seconds(began) };
  }
}

const seconds = (began) => Math.round((performance.now() - began) / 100) / 10;
