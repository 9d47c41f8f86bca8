// Load generators: wrk for HTTP, pgbench for what PostgreSQL alone could do.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { postgresBin } from '../../tests/support/postgres_bin.mjs';
import { cpuSeconds } from './cpu.mjs';

const run = promisify(execFile);

// One round of wrk. Answers {rate, p50Ms, p99Ms, failed, cpuMs: {group: per request}}.
// With `anyStatus` refusals are no failure of the measurement.
export async function wrk({ url, script, words, connections, seconds, pids, anyStatus = false }) {
  const before = Object.fromEntries(Object.entries(pids).map(([group, ids]) => [group, cpuSeconds(ids)]));
  const { stdout } = await run('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script, url, '--', ...words],
    { maxBuffer: 1 << 20 });
  const line = /^RESULT (.*)$/m.exec(stdout);
  if (!line) throw new Error(`wrk said: ${stdout}`);
  const result = JSON.parse(line[1]);
  if (!anyStatus && result.failed > result.requests / 1000) throw new Error(`${result.failed} of ${result.requests} requests to ${url} failed`);
  const cpuMs = {};
  for (const [group, ids] of Object.entries(pids))
    cpuMs[group] = ((cpuSeconds(ids) - before[group]) * 1000) / Math.max(1, result.requests);
  return {
    rate: (result.requests * 1e6) / result.durationUs, p50Ms: result.p50Us / 1000, p99Ms: result.p99Us / 1000,
    failed: result.failed, cpuMs,
  };
}

export async function pgbench({ stack, file, clients, seconds, role = 'bench' }) {
  const { stdout } = await run(join(postgresBin, 'pgbench'), ['-n', '-M', 'prepared', '-c', String(clients), '-j', '1',
    '-T', String(seconds), '-f', file, '-h', stack.socket, '-U', role, 'traction']);
  const rate = Number(/^tps = ([\d.]+)/m.exec(stdout)[1]);
  const average = Number(/^latency average = ([\d.]+)/m.exec(stdout)[1]);
  return { rate, p50Ms: average, p99Ms: NaN, failed: 0, cpuMs: {} };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

// Alternates the sides (A B A B ...), after a second of each that does not count, and sums up each: medians, and the range
// of the rate. A side is called with the seconds that it is to take, or with none.
export async function alternate(sides, rounds) {
  const results = new Map(Object.keys(sides).map((name) => [name, []]));
  for (let round = -1; round < rounds; round++)
    for (const [name, measure] of Object.entries(sides)) {
      const result = await measure(round < 0 ? 1 : undefined);
      if (round >= 0) results.get(name).push(result);
    }
  const summary = {};
  for (const [name, list] of results) {
    const cpuMs = {};
    for (const group of Object.keys(list[0].cpuMs)) cpuMs[group] = median(list.map((result) => result.cpuMs[group]));
    const rates = list.map((result) => result.rate);
    summary[name] = {
      rate: median(rates), least: Math.min(...rates), most: Math.max(...rates),
      p50Ms: median(list.map((result) => result.p50Ms)), p99Ms: median(list.map((result) => result.p99Ms)),
      failed: list.reduce((sum, result) => sum + result.failed, 0), cpuMs,
    };
  }
  return summary;
}
