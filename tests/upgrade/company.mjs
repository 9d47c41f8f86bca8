// A company with some of everything that release 1.0.0 can hold, written through its interface: what
// was changed and deleted again, names that differ only in ways that a later release may not allow,
// and content at its limits. Nobody writes to it afterwards, so it has to read the same for ever.
import { randomUUID } from 'node:crypto';

const nfc = 'Café'.normalize('NFC');
const nfd = 'Café'.normalize('NFD');
// Different to release 1.0.0; some of them only to a machine.
export const alike = [['MRR', 'MRR '], [nfc, nfd], ['Straße', 'STRASSE'], ['Zero\u200bwidth', 'Zerowidth'], ['NO\u00a0BREAK', 'no break']];
const titles = [...alike.flat(), 'Ärger', 'Zebra', 'ärger', 'İstanbul', 'ΣΊΣΥΦΟΣ', '\u2060', '\u200c\u200d', '\u3164', '\u2800', 'x'.repeat(200), '💶 100 %_\\ "quoted"'];

export class Company {
  // `plain`: with names and titles that every release takes.
  constructor({ http, tenant, plain = false }) {
    Object.assign(this, { http, tenant, plain });
    this.titles = titles.map((title, i) => this.#named(title, i));
    this.posts = []; // {path, body, key, answer}: to be asked once more
    this.names = new Map(); // id -> what a message calls it
    this.paths = new Set();
    this.batches = [];
  }

  async #ask(method, path, body, headers, accepts) {
    const answer = await this.http.ask(method, path, body, headers);
    if (!accepts.includes(answer.status)) throw new Error(`${method} ${path} ${JSON.stringify(body)}: ${answer.status} ${answer.error ?? ''} ${JSON.stringify(answer.errors)}`);
    return answer;
  }

  async post(path, body = {}, accepts = [200, 201]) {
    const key = randomUUID();
    const answer = await this.#ask('POST', path, body, { 'Idempotency-Key': key }, accepts);
    this.posts.push({ path, body, key, answer });
    return answer.data;
  }

  async put(path, body) {
    return (await this.#ask('PUT', path, body, {}, [200])).data;
  }

  async delete(path) {
    await this.#ask('DELETE', path, undefined, {}, [200]);
  }

  // Something with an address of its own; `place` is where it is read.
  async make(name, path, body, place = path) {
    const made = await this.post(path, body);
    this.names.set(made.id, name);
    this.paths.add(`${place}/${made.id}`);
    return made;
  }

  #named(name, i) {
    return this.plain ? `${i} ${name}`.trim().slice(0, 200) : name;
  }

  async fill() {
    await this.#goals();
    await this.#strategies();
    await this.#feed();
    await this.#kpis();
    await this.#settings();
    await this.#operations();
    this.#lists();
    return this;
  }

  async #goals() {
    this.goals = [];
    for (const [i, title] of this.titles.entries()) {
      this.goals.push(await this.make(`goal ${i}`, '/goals', { title, intent: i % 2 ? `Intent of ${title}`.slice(0, 2000) : null, owner_id: i % 3 ? 'ann' : 'nobody has called',
        horizon: ['year', 'quarter', 'month'][i % 3], status: ['draft', 'active', 'paused'][i % 3], value_tags: i % 4 ? ['growth', nfd] : [],
        metadata: { board: 'b', big: 9007199254740991, small: 1e-7, huge: 1.2e308, deep: { list: [1, null, true, { a: '\u0001\u2028' }] } },
        ...(i % 5 === 0 && { startDate: '2030-01-31', dueDate: '2030-02-28' }), ...(i % 5 === 1 && { dueDate: '2031-06-30T23:59:59.999+02:00' }) }));
    }
    const [completed, cancelled, archived, deleted, resumed] = this.goals.slice(-5);
    const at = ({ id }) => `/goals/${id}`;
    await this.put(at(completed), { status: 'active' }).catch(() => {});
    await this.post(`${at(completed)}:close`, { finalStatus: 'completed', reason: 'All is done' });
    await this.post(`${at(cancelled)}:close`, { finalStatus: 'cancelled', reason: 'No money' });
    await this.post(`${at(archived)}:pause`, {}, [200, 400]);
    await this.put(at(archived), { status: 'archived', title: 'Put away' });
    await this.delete(at(deleted));
    await this.post(`${at(resumed)}:activate`, { reason: 'Spring' }, [200, 400]);
    await this.post(`${at(resumed)}:pause`, { reason: 'Summer' });
    await this.post(`${at(resumed)}:activate`, { reason: 'Autumn' });
    this.deleted = deleted;
    this.open = this.goals.filter((goal) => goal !== deleted);
    for (const goal of this.open) for (const more of ['/activity?size=100', '/strategies', '/activity?size=2&page=2&type=note,system']) this.paths.add(at(goal) + more);
  }

  async #strategies() {
    const [goal] = this.goals;
    const path = `/goals/${goal.id}/strategies`;
    const made = [];
    for (let i = 0; i < 5; i += 1) made.push(await this.make(`strategy ${i}`, path, { description: `${this.titles[i]} way`, status: ['draft', 'validated', 'adopted'][i % 3], ...(i === 3 && { order: 1 }) }));
    await this.put(`${path}/${made[0].id}`, { status: 'adopted', order: 2 });
    await this.delete(`${path}/${made[1].id}`);
    await this.put(`${path}:reorder`, { strategyIds: [made[4], made[0], made[2], made[3]].map(({ id }) => id) });
    this.strategies = [made[0], made[2], made[3], made[4]];
  }

  async #feed() {
    const [goal, other] = this.goals;
    const path = `/goals/${goal.id}/activity`;
    for (const type of ['weekly_review', 'note', 'decision', 'system']) await this.post(path, { type, text: `${type}: ${nfd}`, title: type, metadata: { mood: 3.5 } });
    await this.post(path, { type: 'attachment', text: 'Plan', url: 'https://example.com/plan.pdf?a=1&b=2' });
    await this.post(`/goals/${goal.id}/notes`, { note: 'With attachments', attachments: [{ name: 'A', url: 'https://example.com/a' }, { name: 'B', url: 'https://example.com/b' }] });
    await this.post(`/goals/${other.id}/notes`, { note: 'Without' });
  }

  async #kpis() {
    const [first, second] = this.goals;
    this.kpis = [];
    for (const [i, name] of [...alike.flat(), 'Empty', 'Threshold', 'Extreme'].entries()) {
      const kpi = await this.make(`KPI ${i}`, '/kpis', { name: this.#named(name, i), description: i % 2 ? `About ${name}` : null, category: ['Finance', 'ärzte', null][i % 3], unit: i % 2 ? '€' : null, direction: i % 2 ? 'down' : 'up',
        formula: i === 0 ? 'a / b' : null, isShared: i % 3 === 0, ownerId: 'ann', ...(i % 4 === 0 && { baselineValue: i % 2 ? 100 : 0, targetValue: i % 2 ? 0.1 : 100 }) });
      this.kpis.push(kpi);
      this.paths.add(`/kpis/${kpi.id}/readings?size=100`);
    }
    const threshold = this.kpis.at(-2);
    const extreme = this.kpis.at(-1);
    await this.put(`/kpis/${threshold.id}`, { baselineValue: 0, targetValue: 100, direction: 'up' });
    for (const kpi of this.kpis.slice(0, 6)) {
      for (let month = 1; month <= 4; month += 1) await this.post(`/kpis/${kpi.id}/readings`, { period: `2025-0${month}`, value: 10.1 * month, ...(month === 2 && { adjustedValue: 33.333333333, reason: 'Counted again' }) });
      await this.post(`/kpis/${kpi.id}/readings`, { period: '2025-03', value: 1 / 3 });
    }
    await this.post(`/kpis/${threshold.id}/readings`, { period: '2025-03', value: 57 });
    await this.post(`/kpis/${extreme.id}/readings`, { period: '2025-03', value: 1.2e308 });
    await this.post(`/kpis/${extreme.id}/readings`, { period: '2025-04', value: -1.2e308 });
    for (const kpi of [...this.kpis.slice(0, 5), threshold, extreme]) await this.#link(first, kpi, { threshold_pct: 57 });
    await this.#link(second, this.kpis[0], { threshold_pct: 33.3, baselineValue: 3, targetValue: 7 });
    await this.post(`/goals/${second.id}/kpis/${this.kpis[0].id}:setThreshold`, { threshold_pct: 66.6 });
    await this.post(`/goals/${second.id}/kpis:link`, { kpi_id: this.kpis[1].id, threshold_pct: 80 });
    await this.post(`/goals/${second.id}/kpis:unlink`, { kpi_id: this.kpis[1].id });
    const gone = await this.make('deleted KPI', '/kpis', { name: 'Gone', direction: 'up' });
    await this.delete(`/kpis/${gone.id}`);
    this.kpis.push(await this.make('KPI of a deleted name', '/kpis', { name: 'gone', direction: 'up' }));
  }

  async #link(goal, kpi, body) {
    const link = await this.post(`/goals/${goal.id}/kpis:link`, { kpi_id: kpi.id, ...body });
    this.names.set(link.id, `link of ${this.names.get(goal.id)} and ${this.names.get(kpi.id)}`);
    this.paths.add(`/goals/${goal.id}/kpis/${kpi.id}:link`);
  }

  async #settings() {
    const types = '/api/operations/issue-types';
    this.types = [];
    for (const [i, name] of ['Marketing', 'Marketing ', nfc, nfd, 'General ', 'Given up'].entries()) {
      this.types.push(await this.make(`type ${i}`, types, { name: this.#named(name, i), description: `For ${name}`, color: '#4ECDC4', icon: 'bullhorn', order: 8 + i }));
    }
    await this.put(`${types}/${this.types[0].id}`, { isDefault: true, color: '#FF6B6B' });
    await this.delete(`${types}/${this.types[5].id}`);
    await this.delete(`${types}/${this.types[4].id}`);
    await this.post(`${types}/${this.types[4].id}:activate`);
    const statuses = '/api/operations/issue-statuses';
    this.statuses = [];
    for (const [i, [name, category]] of [['Open ', 'open'], ['Waiting', 'active'], ['waiting\u00a0', 'active'], ['Straße', 'closed'], ['STRASSE', 'closed'], ['Given up', 'inactive']].entries()) {
      this.statuses.push(await this.make(`status ${i}`, statuses, { name: this.#named(name, i), category, color: '#F39C12', icon: 'clock', order: 1 + i }));
    }
    await this.put(`${statuses}/${this.statuses[1].id}`, { name: 'Waiting for others' });
    await this.delete(`${statuses}/${this.statuses[5].id}`);
    await this.put(`${statuses}:reorder`, { category: 'active', statusIds: [this.statuses[2].id, this.statuses[1].id] });
  }

  async #operations() {
    const [goal, other] = this.goals;
    const actions = '/api/operations/actions';
    const issues = '/api/operations/issues';
    this.issues = [];
    for (const [i, title] of this.titles.entries()) {
      this.issues.push(await this.make(`issue ${i}`, issues, { title, description: i % 2 ? `${nfd} and Straße` : null, reportedBy: i % 3 ? 'ann' : null, businessImpact: ['low', 'medium', 'high', 'critical'][i % 4],
        priority: i % 2 ? 1 + (i % 4) : ['low', 'medium', 'high', 'critical'][i % 4], assignedPersonId: i % 2 ? 'ann' : null, dueDate: i % 3 ? '2030-02-15' : null, estimatedHours: 40.25, tags: ['hiring', nfd],
        ...(i % 4 === 1 && { typeConfigId: this.types[i % 4].id, statusId: this.statuses[i % 5].id }), connections: { goalIds: [goal.id], strategyIds: [this.strategies[0].id] },
        rootCauseAnalysis: i % 2 ? 'Text' : { method: 'five_whys', findings: ['a', 'b'] } }));
    }
    await this.put(`${issues}/${this.issues[0].id}`, { displayOrder: 3, actualHours: 25.5, resolutionNotes: 'Solved', statusId: this.statuses[3].id, tags: [] });
    this.actions = [];
    const dates = [{}, { startDate: '2030-01-01', dueDate: '2030-01-31' }, { startDate: '2030-01-10T09:00:00Z' }, { dueDate: '2030-01-20' }, { startDate: '2030-01-05T10:00:00+05:30', dueDate: '2030-01-05T23:00:00Z' }];
    for (const [i, title] of this.titles.entries()) {
      this.actions.push(await this.make(`action ${i}`, actions, { title, description: `Do ${title}`, priority: ['low', 'medium', 'high', 'critical'][i % 4], assignedPersonId: i % 2 ? 'ann' : 'bob', progress: i, ...dates[i % dates.length],
        connections: { goalIds: i % 2 ? [goal.id, other.id] : [], strategyIds: i % 3 ? [this.strategies[1].id] : [], issueIds: i % 4 ? [] : [this.issues[i].id, this.issues[1].id] } }));
    }
    const [done, cleared, relinked, gone] = this.actions.slice(1);
    await this.put(`${actions}/${done.id}`, { status: 'completed' });
    await this.#ask('DELETE', `${actions}/${cleared.id}/relationships`, undefined, {}, [200]);
    await this.put(`${actions}/${relinked.id}/goals`, { goalIds: [other.id] });
    await this.put(`${actions}/${relinked.id}/strategies`, { strategyIds: [] });
    await this.delete(`${actions}/${gone.id}`);
    await this.delete(`${issues}/${this.issues.at(-1).id}`);
    await this.post('/api/operations/kpi-updates', { actionId: done.id, sharedKpiId: this.kpis[0].id, kpiId: this.kpis[0].id, horizonId: 'h1', newValue: 61.7, updateDate: '2025-06-15', notes: 'Measured' });
    // What hangs on a goal that goes.
    const doomed = await this.make('doomed goal', '/goals', { title: 'Doomed', owner_id: 'ann', horizon: 'month' });
    await this.make('strategy of the doomed goal', `/goals/${doomed.id}/strategies`, { description: 'In vain' });
    await this.make('action of the doomed goal', actions, { title: 'In vain', connections: { goalIds: [doomed.id, goal.id] } });
    await this.make('issue of the doomed goal', issues, { title: 'In vain', connections: { goalIds: [doomed.id] } });
    await this.#link(doomed, this.kpis[0], { threshold_pct: 0 });
    await this.delete(`/goals/${doomed.id}`);
    const unknown = '00000000-0000-7000-8000-000000000000';
    this.refused = [
      ['POST', '/goals', {}], ['POST', '/goals', { title: '', owner_id: 'ann', horizon: 'week', status: 'completed', dueDate: '2025-02-30' }], ['POST', `/goals/${goal.id}:pause`, { reason: 5 }],
      ['PUT', `/goals/${goal.id}/strategies:reorder`, { strategyIds: [unknown] }], ['POST', `/goals/${goal.id}/kpis:link`, { kpi_id: unknown, threshold_pct: 200 }], ['POST', `/kpis/${this.kpis[0].id}/readings`, { period: '2025-13', value: 'x' }],
      ['POST', '/kpis', { name: this.kpis[0].name, direction: 'up' }], ['POST', actions, { title: '', connections: { goalIds: [unknown], strategyIds: ['junk'], issueIds: [unknown] } }],
      ['POST', issues, { title: '', typeConfigId: 'x', statusId: unknown, connections: { goalIds: [unknown] } }], ['POST', '/api/operations/kpi-updates', { actionId: unknown, kpiId: unknown, newValue: 'x', updateDate: 'junk' }],
      ['DELETE', `/kpis/${this.kpis[0].id}`], ['DELETE', `/api/operations/issue-types/${this.types[1].id}`], ['GET', `/goals/${unknown}`], ['GET', '/goals?status=junk&size=0'],
    ];
    this.batches.push(['/api/operations/actions/goals', { actionIds: this.actions.map(({ id }) => id) }], ['/api/operations/actions/strategies', { actionIds: this.actions.map(({ id }) => id) }],
      ['/api/operations/goals/kpis', { goalIds: this.goals.map(({ id }) => id) }]);
  }

  // Every list, in every order and with every filter.
  #lists() {
    const operations = '/api/operations';
    const lists = {
      '/goals': ['title', '-title', 'status', 'horizon', '-createdAt', 'updatedAt', 'startDate', '-dueDate', { status: 'active,paused' }, { horizon: 'month' }, { ownerId: 'ann' }, { valueTag: 'growth' }, { search: 'straße' }, { search: '%_' }, { search: 'ÄRGER' }, { page: 2, size: 5 }],
      '/kpis': ['name', '-name', 'category', 'createdAt', 'updatedAt', { category: 'Finance' }, { ownerId: 'ann' }, { search: 'mrr' }],
      [`${operations}/actions`]: ['title', 'status', 'priority', 'startDate', '-dueDate', { status: 'completed,not_started' }, { priority: 'high' }, { assignedPersonId: 'bob' }, { goalIds: this.goals[0].id }, { strategyIds: this.strategies[1].id },
        { issueIds: this.issues[1].id }, { startDate: '2030-01-10', endDate: '2030-01-25' }],
      [`${operations}/issues`]: ['title', 'priority', 'impact', '-dueDate', 'displayOrder', { status: 'open' }, { status: this.statuses[3].id }, { status: 'Waiting for others' }, { priority: 'high,4' }, { businessImpact: 'low' }, { reportedBy: 'ann' }, { assignedTo: 'ann' },
        { typeConfigId: this.types[1].id }, { search: 'straße' }],
    };
    for (const [path, variants] of Object.entries(lists)) {
      this.paths.add(`${path}?size=100`);
      for (const one of variants) this.paths.add(`${path}?${new URLSearchParams({ size: 100, ...(typeof one === 'string' ? { sort: one } : one) })}`);
    }
    this.paths.add(`/kpis/${this.kpis[0].id}/readings?startDate=2025-02&endDate=2025-03-15`);
    for (const path of ['issue-types', 'issue-types?includeInactive=true', 'issue-types?includeSystem=false', 'issue-statuses', 'issue-statuses?includeInactive=true', 'issue-statuses?category=active']) this.paths.add(`${operations}/${path}`);
    for (const path of ['/goals/stats', '/activity/recent?size=50', '/performance/score', '/team/alignment']) this.paths.add(path);
  }
}
