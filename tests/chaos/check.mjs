// The verdict, from what was written down: every acknowledged write is there with the right content
// and was told once, and every client got every event of its scope once and in order. It asks the
// stack only for what it holds at the end.

const feedTypes = new Set(['activity.created', 'decision.created', 'attachment.created', 'kpi.reading.created']);

class Verdict {
  constructor() {
    this.counts = { lost: 0, repeated: 0, disordered: 0, foreign: 0, wrong: 0, lostWrites: 0, stale: 0 };
    this.samples = [];
  }

  note(kind, text) {
    this.counts[kind] += 1;
    if (this.samples.filter((sample) => sample.startsWith(kind)).length < 4) this.samples.push(`${kind}: ${text}`);
  }

  get good() {
    return Object.values(this.counts).every((count) => count === 0);
  }
}

// What tells one event from another: what the writer knows of it.
function keyOf(type, data) {
  if (data.activity && type !== 'kpi.reading.created') return `entry ${data.activity.id}`;
  if (type === 'kpi.reading.created') return `reading ${data.kpi.id} ${data.reading.period} ${data.reading.value} ${data.goalId}`;
  return `${type} ${data.entityId} ${data.version}`;
}

function wantedKeys(write) {
  const { kind, event, id, goalId, version, body, kpiId, goalIds } = write;
  switch (kind) {
    case 'entry': return [`entry ${id}`];
    case 'title': case 'move': return [`${event} ${goalId} ${version}`];
    case 'reading': return goalIds.map((goal) => `reading ${kpiId} ${body.period} ${body.value} ${goal}`);
    default: return [`${event} ${id} 1`];
  }
}

// The tenant's stream as all its clients together saw it.
function checkTenant(verdict, tenant, from, head, seen, writes) {
  for (const problem of seen.problems) verdict.note('wrong', problem);
  const places = new Map(); // key -> place
  for (const [place, { type, data }] of seen.events) {
    const key = keyOf(type, data);
    if (place <= from) verdict.note('wrong', `${tenant}: place ${place} was over before it began`);
    if (places.has(key)) verdict.note('repeated', `${tenant}: ${key} is at ${places.get(key)} and ${place}`);
    places.set(key, place);
  }
  for (let place = from + 1; place <= head; place += 1) {
    if (!seen.events.has(place)) verdict.note('lost', `${tenant}: nobody saw place ${place}`);
  }
  const latest = new Map(); // writer and service -> the last acknowledged write
  for (const write of writes) {
    if (write.refused) continue;
    const at = wantedKeys(write).map((key) => places.get(key));
    if (at.includes(undefined)) {
      verdict.note('lost', `${tenant}: ${write.kind} ${write.path} ${JSON.stringify(write.body)} was never told`);
      continue;
    }
    checkContent(verdict, write, seen.events.get(at[0]).data);
    const service = `${write.writer} ${{ reading: 'kpis', action: 'operations' }[write.kind] ?? 'goals'}`;
    const before = latest.get(service);
    if (before && before.acknowledged < write.sent && before.place > at[0]) {
      verdict.note('disordered', `${tenant}: ${write.path} at ${at[0]} was written after ${before.path} at ${before.place}`);
    }
    latest.set(service, { ...write, place: Math.max(...at) });
  }
  const known = new Set(writes.filter(({ kind }) => kind === 'entry').map(({ id }) => id));
  for (const { data } of seen.events.values()) {
    if (data.activity && data.activity.type !== 'system' && !data.reading && !known.has(data.activity.id)) {
      verdict.note('foreign', `${tenant}: the entry ${data.activity.text} was not written here`);
    }
  }
}

function checkContent(verdict, { kind, body, goalId, tenant }, data) {
  const right = {
    entry: () => data.goalId === goalId && data.activity.text === body.text && data.activity.type === body.type,
    title: () => data.data.title === body.title,
    move: () => true,
    reading: () => data.reading.value === body.value,
    strategy: () => data.data.description === body.description,
    goal: () => data.data.title === body.title,
    action: () => data.data.title === body.title,
  }[kind]();
  if (!right) verdict.note('wrong', `${tenant}: ${kind} ${JSON.stringify(body)} was told as ${JSON.stringify(data).slice(0, 300)}`);
}

// One client against what its tenant's stream holds.
function checkListener(verdict, listener, head, events) {
  const wanted = [];
  for (const [place, { type, data }] of events) {
    if (place > listener.from && place <= head && (!listener.goalId || (feedTypes.has(type) && data.goalId === listener.goalId))) wanted.push(place);
  }
  wanted.sort((a, b) => a - b);
  const name = `listener ${listener.number} of ${listener.path}`;
  const got = new Set();
  let last = 0;
  for (const place of listener.places) {
    if (got.has(place)) verdict.note('repeated', `${name}: place ${place}`);
    else if (place < last) verdict.note('disordered', `${name}: place ${place} after ${last}`);
    got.add(place);
    last = Math.max(last, place);
  }
  for (const place of wanted) {
    if (!got.has(place)) verdict.note('lost', `${name}: place ${place}, ${keyOf(events.get(place).type, events.get(place).data)}`);
  }
  if (listener.goalId) {
    const own = new Set(wanted);
    for (const place of got) if (!own.has(place) && place <= head) verdict.note('foreign', `${name}: place ${place}, ${JSON.stringify(events.get(place).data).slice(0, 200)}`);
  }
  if (listener.resets) verdict.note('lost', `${name}: was reset ${listener.resets} times`);
  for (const problem of listener.problems) verdict.note('wrong', problem);
}

async function all(http, path) {
  const items = [];
  for (let page = 1; ; page += 1) {
    const answer = await http.settle('GET', `${path}${path.includes('?') ? '&' : '?'}size=100&page=${page}`);
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.error}`);
    items.push(...answer.data);
    if (page >= (answer.pagination?.totalPages ?? 0)) return items;
  }
}

// What the tenant holds at the end, against what was acknowledged.
async function checkState(verdict, { http, goals, name }, writes) {
  const held = new Map(); // id -> what it says
  for (const goal of goals) {
    for (const entry of await all(http, `/goals/${goal.id}/activity`)) held.set(entry.id, { says: entry.text, where: goal.id });
    const now = (await http.settle('GET', `/goals/${goal.id}`)).data;
    if (goal.title && now.title !== goal.title) verdict.note('wrong', `${name}: a goal's title is ${now.title}, the last that was acknowledged ${goal.title}`);
    for (const strategy of now.strategies) held.set(strategy.id, { says: strategy.description, where: goal.id });
  }
  for (const path of ['/goals', '/api/operations/actions']) {
    for (const thing of await all(http, path)) held.set(thing.id, { says: thing.title });
  }
  for (const { kind, id, body, goalId, path, refused } of writes) {
    if (refused || !['entry', 'strategy', 'goal', 'action'].includes(kind)) continue;
    const there = held.get(id);
    const says = body.text ?? body.description ?? body.title;
    if (!there) verdict.note('lostWrites', `${name}: ${kind} ${id} of ${path}, which was acknowledged, is not there`);
    else if (there.says !== says || (goalId && there.where !== goalId)) verdict.note('wrong', `${name}: ${kind} ${id} is ${JSON.stringify(there)} and should be ${says}`);
  }
  const texts = [...held.values()].map(({ says, where }) => `${where} ${says}`).filter((text) => /\d+-\d+$/.test(text));
  const entries = writes.filter(({ kind, refused }) => kind === 'entry' && !refused).length;
  if (new Set(texts).size < entries) verdict.note('lostWrites', `${name}: of ${entries} texts ${new Set(texts).size} are there`);
}

// Readings: the last acknowledged value of each period counts.
async function checkReadings(verdict, http, kpi, writes) {
  const wanted = new Map();
  for (const { kind, kpiId, body, refused } of writes) if (kind === 'reading' && kpiId === kpi.id && !refused) wanted.set(body.period, body.value);
  if (!wanted.size) return;
  const answer = await http.settle('GET', `/kpis/${kpi.id}/readings?startDate=2000-01&endDate=2099-12&size=100`);
  const answers = answer.status === 200 ? await all(http, `/kpis/${kpi.id}/readings?startDate=2000-01&endDate=2099-12`) : [];
  const held = new Map(answers.map(({ period, value }) => [period, value]));
  for (const [period, value] of wanted) {
    if (!held.has(period)) verdict.note('lostWrites', `the reading of ${period} is not there`);
    else if (held.get(period) !== value) verdict.note('wrong', `the reading of ${period} is ${held.get(period)} and was acknowledged as ${value}`);
  }
}

export async function check({ tenants, listeners, journal }) {
  const verdict = new Verdict();
  for (const problem of journal.problems) verdict.note('wrong', problem);
  for (const tenant of tenants) {
    const writes = journal.writes.filter((write) => write.tenant === tenant.name);
    checkTenant(verdict, tenant.name, tenant.from, tenant.head, tenant.seen, writes);
    for (const listener of listeners) if (listener.seen === tenant.seen) checkListener(verdict, listener, tenant.head, tenant.seen.events);
    await checkState(verdict, tenant, writes);
    for (const kpi of tenant.kpis) await checkReadings(verdict, tenant.http, kpi, writes);
  }
  return verdict;
}
