// There by one command, back to release 1.0.0 and there again, while people work: what was written by either
// is whole for the other, as far as it knows of it, and nothing of it is lost in the end.
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { within } from '../chaos/scene.mjs';
import { Company } from './company.mjs';
import { compare, describe, readCompany, unexpected } from './reading.mjs';
import { Problems, Upgrade } from './scene.mjs';
import { UpgradedStack } from './stack.mjs';

const command = fileURLToPath(new URL('../../traction', import.meta.url)); // the present's

class ThereAndBack extends Upgrade {
  byCommand = true;
  readings = 0; // answers that were compared

  async upgrade(...options) {
    const before = this.problems.requests;
    const { stdout } = await promisify(execFile)(command, ['upgrade', '--data', this.stack.data, ...options], { maxBuffer: 1 << 24 });
    this.say(`  ${stdout.trim().split('\n').at(-1)} (${this.problems.requests - before} requests meanwhile)`);
    if (this.problems.requests - before < 100) this.problems.note('unproved', `only ${this.problems.requests - before} requests during an upgrade`);
  }

  async read(company) {
    await within(20000, () => this.settledFor(company));
    return readCompany(company, this.http(1, company.tenant, 'ann'));
  }

  // Figures are made of events, so they have to stand still first.
  async settledFor(company) {
    const http = this.http(0, company.tenant, 'ann');
    const figures = async () => JSON.stringify((await Promise.all(['/goals/stats', '/team/alignment', '/activity/recent?size=50'].map(async (path) => http.ask('GET', path)))).map(({ data }) => ({ ...data, lastCalculated: undefined })));
    const first = await figures();
    await sleep(1500);
    return first === await figures();
  }

  // What the older reading says, the newer one says as well.
  hold(when, company, older, newer, allowed = unexpected) {
    this.readings += older.size;
    for (const one of allowed(compare(older, newer))) this.problems.note('changed', `${when}: ${describe(one, company.names)}`);
  }

  newCompany(tenant) {
    return new Company({ tenant, plain: true, http: this.http(0, tenant, 'ann') }).fill();
  }

  // What release 1.0.0 does not know, at what it knows.
  async writeNews({ tenant, goals: [goal], strategies: [strategy], kpis: [kpi], paths }) {
    const http = this.http(1, tenant, 'ann');
    const must = async (method, path, body) => {
      const { status, error } = await http.ask(method, path, body);
      if (status >= 300) throw new Error(`${method} ${path}: ${status} ${error}`);
    };
    await must('PUT', `/goals/${goal.id}`, { description: 'What it is about' });
    await must('PUT', `/goals/${goal.id}/strategies/${strategy.id}`, { tags: ['one', 'two'], priority: 'high' });
    await must('POST', `/kpis/${kpi.id}/targets`, { targetDate: '2031-12-31', targetValue: 10 });
    await must('POST', `/kpis/${kpi.id}/actuals`, { measurementDate: '2025-07-01', actualValue: 5, source: 'Counted' });
    this.news = [...paths, `/kpis/${kpi.id}/targets`, `/kpis/${kpi.id}/actuals`, `/goals/${goal.id}/history?size=100`];
  }

  async course(present, step) {
    await this.prepare();
    step(`release 1.0.0 holds ${this.before.size} answers`);
    this.work();
    await this.upgrade('--programs', present, '--no-rebuild');
    this.hold('after the upgrade', this.company, this.before, await this.read(this.company));
    const later = await this.newCompany('later');
    await this.writeNews(later);
    const laterThen = await this.read(later);
    const newsThen = await this.readNews(later);
    step(`the present has written ${laterThen.size} answers`);

    await this.upgrade('--back');
    this.migrated = await this.read(this.company);
    this.hold('back', this.company, this.before, this.migrated);
    const laterBack = await this.read(later);
    this.hold('back, of what the present wrote', later, laterBack, laterThen);
    if (laterBack.size !== laterThen.size) this.problems.note('changed', `back: ${laterBack.size} answers of ${laterThen.size}`);
    const between = await this.newCompany('between');
    const betweenThen = await this.read(between);
    step(`release 1.0.0 has written ${betweenThen.size} answers`);

    await this.upgrade('--programs', present, '--no-rebuild');
    this.hold('forward again, of what release 1.0.0 wrote', between, betweenThen, await this.read(between));
    this.hold('forward again, of what the present wrote', later, laterThen, await this.read(later), (differences) => differences);
    for (const [path, text] of await this.readNews(later)) if (newsThen.get(path) !== text) this.problems.note('changed', `forward again: ${path}: was ${newsThen.get(path).slice(0, 300)}, is ${text.slice(0, 300)}`);
    step('forward again');
    await this.finish();
    step('compared');
  }

  async readNews({ tenant }) {
    const http = this.http(0, tenant, 'ann');
    const said = new Map();
    for (const path of this.news) said.set(path, JSON.stringify((await http.ask('GET', path)).data));
    for (const path of ['/goals/stats', '/performance/score', '/team/alignment']) said.delete(path); // with their time
    return said;
  }
}

export async function playBack({ release, present, say = console.log }) {
  const problems = new Problems();
  const stack = await UpgradedStack.of(release).start([`${release}/release`], { TRACTION_LOG_LEVEL: 'info', TRACTION_DRAIN_MS: '20000' }, ['--replicas', '2']);
  const upgrade = new ThereAndBack(stack, problems, say);
  const began = Date.now();
  try {
    await upgrade.course(present, (text) => say(`  ${Math.round((Date.now() - began) / 1000)} s: ${text}${problems.none ? '' : `; ${JSON.stringify(problems.counts)} ${problems.samples.slice(0, 3)}`}`));
    return { problems, upgrade };
  } finally {
    await upgrade.stop();
    await stack.stop();
  }
}
