// Processor time and resident memory of processes, from /proc.
import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100; // USER_HZ, fixed on Linux

function stat(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]), reaped: Number(fields[13]) + Number(fields[14]) };
}

// Seconds used by the processes and all their children, those that ended included.
export function cpuSeconds(pids) {
  const wanted = new Set(pids);
  const all = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      all.set(Number(name), stat(name));
    } catch { /* it ended meanwhile */ }
  }
  const belongs = (pid) => {
    for (let at = pid; at > 1; at = all.get(at)?.parent ?? 0) if (wanted.has(at)) return true;
    return false;
  };
  let ticks = 0;
  for (const [pid, info] of all) if (belongs(pid)) ticks += info.ticks + info.reaped;
  return ticks / ticksPerSecond;
}

// What several processes share counts once ("Pss"); "Rss" is for one whose program others run, too.
export function residentKiB(pids, kind = 'Pss') {
  let sum = 0;
  for (const pid of pids) {
    const status = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    sum += Number(new RegExp(`^${kind}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  }
  return sum;
}
