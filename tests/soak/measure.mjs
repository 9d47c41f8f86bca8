// What each process has and how fast it answers, at one moment; and whether a row of such figures is flat.
import { readFileSync, readdirSync } from 'node:fs';

const kib = (pid, key) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);

// Of the processes together; one that ends meanwhile has nothing. Memory is what is theirs alone: what is shared
// with others or backed by a file is not what leaks.
function ofProcesses(pids) {
  const sum = { memory: 0, descriptors: 0 };
  for (const pid of pids) {
    try {
      sum.memory += kib(pid, 'RssAnon') * 1024;
      sum.descriptors += readdirSync(`/proc/${pid}/fd`).length;
    } catch { /* gone */ }
  }
  return sum;
}

// How many requests have been answered within so many seconds, since the program's start.
async function histogram(port) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const counts = new Map();
  for (const [, bound, count] of text.matchAll(/^traction_(?:http_)?request_seconds_bucket\{[^}]*le="([^"]+)"\} (\d+)$/gm)) {
    const key = bound === '+Inf' ? Infinity : Number(bound);
    counts.set(key, (counts.get(key) ?? 0) + Number(count));
  }
  return [...counts].sort(([one], [other]) => one - other);
}

// In seconds, as Prometheus has it; undefined when too few were answered since `before` to tell.
function p99(before, now) {
  const known = new Map(before);
  const counts = now.map(([bound, count]) => [bound, count - (known.get(bound) ?? 0)]);
  const rank = (counts.at(-1)?.[1] ?? 0) * 0.99;
  if (!(rank >= 99)) return undefined;
  let [start, below] = [0, 0];
  for (const [bound, count] of counts) {
    if (count >= rank) return bound === Infinity ? start : start + ((bound - start) * (rank - below)) / (count - below);
    [start, below] = [bound, count];
  }
  return undefined;
}

export class Meter {
  constructor(stack) {
    this.stack = stack;
    this.histograms = new Map();
    this.pids = new Map();
    this.restarted = new Set();
  }

  // name -> {memory, descriptors, p99}; what is not a process's is of `disk`.
  async look() {
    const { stack } = this;
    const looks = new Map();
    for (const name of stack.names()) {
      const pid = stack.pid(name);
      if (this.pids.has(name) && this.pids.get(name) !== pid) this.restarted.add(name);
      this.pids.set(name, pid);
      const answered = await histogram(stack.adminPort(name));
      looks.set(name, { ...ofProcesses([pid]), p99: p99(this.histograms.get(name) ?? [], answered) });
      this.histograms.set(name, answered);
    }
    looks.set('postgresql', ofProcesses([stack.pid('postgresql'), ...stack.backends()]));
    looks.set('disk', { database: Number(stack.psql('SELECT pg_database_size(current_database())')) });
    return looks;
  }
}

// The rule: over the last two thirds of the looks the figure may grow by no more than `share` of its median, or by `least`,
// whichever is more. How much it grows is the median of the slopes between all pairs of looks, so single high ones do not count.
export const bounds = {
  memory: { share: 0.1, least: 4 << 20, unit: 'MiB', scale: 1 << 20 },
  descriptors: { share: 0.1, least: 8, unit: '', scale: 1 },
  p99: { share: 1, least: 0.05, unit: 'ms', scale: 0.001 },
  database: { share: 0.1, least: 32 << 20, unit: 'MiB', scale: 1 << 20 },
};

const median = (numbers) => [...numbers].sort((one, other) => one - other)[numbers.length >> 1];

// `row`: [seconds, value] in order; undefined values are left out. {growth, median, allowed}, or undefined when there are
// too few.
export function growthOf(row, { share, least }) {
  const late = row.slice(Math.floor(row.length / 3)).filter(([, value]) => value !== undefined);
  if (late.length < 4) return undefined;
  const slopes = late.flatMap(([at, value], i) => late.slice(i + 1).map(([later, other]) => (other - value) / (later - at)));
  const middle = median(late.map(([, value]) => value));
  return { growth: median(slopes) * (late.at(-1)[0] - late[0][0]), median: middle, allowed: Math.max(share * middle, least) };
}
