// The dashboard's routes for a large tenant next to GET of one of its goals; and its report, next to
// LibreOffice turning that DOCX into PDF, with what other requests notice of it.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { alternate, median, wrk } from '../lib/load.mjs';
import { root } from '../lib/stack.mjs';

export const name = 'analytics';
export const about = '2,000 goals, 500 KPIs, 20,000 readings, 10,000 actions of one tenant; medians';

const run_ = promisify(execFile);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const oneGoal = '/goals/00000001-9999-7000-8000-000000000042';
const score = '/performance/score';
const center = '/dashboard/command-center';
const paths = ['/goals/stats', score, '/team/alignment', '/activity/recent', center];

// `only`: the parts that have it in their names.
export async function run({ stack, rounds, seconds, only }) {
  await stack.seed('bench/seed_analytics.sql');
  const token = stack.token('bench-large');
  const load = (path, connections, time = seconds) => wrk({
    url: stack.url, script: join(root, 'bench/paths.lua'), words: [path, token], connections, seconds: time, pids: stack.pids() });
  const parts = {
    routes: () => routes(load, rounds),
    'computed anew': async () => [
      await computedAnew(stack, token, 'figures computed anew', '/goals/stats'),
      await computedAnew(stack, token, 'command center computed anew', center)],
    reports: () => reports(stack, token, load, rounds),
  };
  const rows = [];
  for (const [part, measure] of Object.entries(parts)) if (part.includes(only)) rows.push(...await measure());
  return rows;
}

async function routes(load, rounds) {
  const rows = [];
  for (const connections of [1, 32]) {
    const sides = Object.fromEntries([oneGoal, ...paths].map((path) => [path, () => load(path, connections)]));
    const summary = await alternate(sides, rounds);
    for (const path of [oneGoal, ...paths]) {
      const result = summary[path];
      rows.push({
        what: path === oneGoal ? 'GET one goal' : path, connections, 'requests/s': result.rate, 'p50 ms': result.p50Ms, 'p99 ms': result.p99Ms,
        'ms': NaN, 'MiB': NaN, failed: result.failed, ratio: path === oneGoal ? NaN : result.p50Ms / summary[oneGoal].p50Ms,
      });
    }
    rows.push({ what: 'command center, to the score', connections, ratio: summary[center].p50Ms / summary[score].p50Ms });
  }
  return rows;
}

const timed = async (work) => {
  const started = performance.now();
  const result = await work();
  return [performance.now() - started, result];
};

const get = async (stack, token, path) => {
  const answer = await fetch(stack.url + path, { headers: { authorization: `Bearer ${token}` } });
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${bytes}`);
  return bytes;
};

// Something has changed, and the figures that are kept are too old.
async function computedAnew(stack, token, what, path) {
  const times = [];
  for (let i = 0; i < 7; i += 1) {
    stack.psql('-c', `UPDATE analytics.stamps SET stamp = gen_random_uuid() WHERE tenant_id = 'bench-large'`);
    await pause(600);
    times.push((await timed(() => get(stack, token, path)))[0]);
  }
  return { what, ms: median(times) };
}

// The highest resident memory of any report-writer that lives while `work` is done.
async function withPeak(work) {
  let peak = 0;
  let done = false;
  const watching = (async () => {
    while (!done) {
      for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
        try {
          if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'report-writer') continue;
          peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0));
        } catch { /* it ended meanwhile */ }
      }
      await pause(10);
    }
  })();
  const result = await work().finally(() => { done = true; });
  await watching;
  return [peak / 1024, result];
}

async function reports(stack, token, load, rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'traction-bench-report-'));
  const made = {};
  const rows = [];
  for (const format of ['pdf', 'docx']) {
    const times = [];
    const [peak] = await withPeak(async () => {
      for (let i = 0; i < 3; i += 1) {
        const [ms, bytes] = await timed(() => get(stack, token, `/reports/company?format=${format}`));
        times.push(ms);
        writeFileSync(join(folder, `report.${format}`), bytes);
      }
    });
    made[format] = median(times);
    rows.push({ what: `report, ${format}`, ms: made[format], MiB: peak });
  }
  if (existsSync('/usr/bin/soffice')) {
    const convert = () => run_('soffice', ['--headless', `-env:UserInstallation=file://${folder}/profile`, '--convert-to', 'pdf', '--outdir', join(folder, 'out'), join(folder, 'report.docx')]);
    await convert(); // makes its profile
    const [ms] = await timed(convert);
    rows.push({ what: 'LibreOffice, that DOCX to PDF', ms });
    for (const row of rows.slice(0, 2)) row.ratio = row.ms / ms;
  }
  const { quiet, busy } = await alternate({
    quiet: () => load(oneGoal, 4),
    busy: () => whileReportsAreMade(stack, token, () => load(oneGoal, 4)),
  }, rounds);
  rows.push({ what: 'GET one goal, quiet', connections: 4, 'requests/s': quiet.rate, 'p50 ms': quiet.p50Ms, 'p99 ms': quiet.p99Ms });
  rows.push({ what: 'GET one goal while reports are made', connections: 4, 'requests/s': busy.rate, 'p50 ms': busy.p50Ms, 'p99 ms': busy.p99Ms, ratio: busy.p99Ms / quiet.p99Ms });
  rmSync(folder, { recursive: true, force: true });
  return rows;
}

// One report after the other, until `work` is done and the last of them, too.
async function whileReportsAreMade(stack, token, work) {
  let done = false;
  const making = (async () => { while (!done) await get(stack, token, '/reports/company'); })();
  await pause(200);
  const result = await work();
  done = true;
  await making;
  return result;
}
