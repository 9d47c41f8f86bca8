// Pages of goals, their feeds and KPIs with every filter, order and offset.
import { before, describe, test } from 'node:test';
import { created, newTenant, ok } from './support/client.mjs';
import { instant, has, randomPages, samePages, some, text } from './support/pages.mjs';
import { randomOf } from './support/world.mjs';

const owners = ['ann', 'bob', 'cem'], horizons = ['year', 'quarter', 'month'], statuses = ['draft', 'active', 'paused', 'completed', 'cancelled', 'archived'];
const day = (n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);

describe('goals', () => {
  const client = newTenant(), r = randomOf(4711);
  const goals = new Map(); // as the API answered them last
  const put = async (goal, body) => goals.set(goal.id, ok(await client.put(`/goals/${goal.id}`, body)).data);

  before(async () => {
    for (let i = 0; i < 90; i += 1) {
      const goal = await client.goal({
        title: `${r.one(['Äpfel', 'apples', 'Bananas', 'cherries'])} ${r.below(9)}`, ownerId: r.one(owners), horizon: r.one(horizons), valueTags: r.chance(0.3) ? ['blue'] : ['red'],
        intent: r.one([null, 'The plan', 'Soon']), description: r.chance(0.5) ? null : 'Or later',
        startDate: r.chance(0.3) ? null : day(r.below(5)), dueDate: r.chance(0.3) ? null : day(10 + r.below(5)),
      });
      goals.set(goal.id, goal);
    }
    const all = [...goals.values()];
    // One after the other: answers have times to the millisecond, and the order is to be known.
    for (const goal of all.slice(0, 12)) await put(goal, { ownerId: r.one(owners), horizon: r.one(horizons), valueTags: r.one([[], ['blue'], ['blue', 'green']]) });
    for (const goal of all.slice(20, 55)) await put(goal, { status: 'active' });
    for (const goal of all.slice(30, 45)) goals.set(goal.id, ok(await client.post(`/goals/${goal.id}:close`, { finalStatus: r.one(['completed', 'cancelled']) })).data);
    for (const goal of all.slice(30, 36)) await put(goal, { status: 'archived' });
    for (const goal of all.slice(50, 60)) {
      ok(await client.del(`/goals/${goal.id}`));
      goals.delete(goal.id);
    }
  });

  const sorts = { title: text('title'), status: text('status'), horizon: text('horizon'), createdAt: instant('createdAt'), updatedAt: instant('updatedAt'),
    startDate: instant('startDate'), dueDate: instant('dueDate') };
  for (const tag of ['blue', 'green', 'none'])
    test(`with the tag ${tag}`, () => samePages(client, `/goals?valueTag=${tag}`, [...goals.values()].filter((goal) => goal.valueTags.includes(tag)), sorts.createdAt, true, 7));
  for (let round = 0; round < 120; round += 1)
    test(`random pages ${round}`, () => randomPages(client, r, '/goals', [...goals.values()], [
      [0.3, () => { const of = r.one([...owners, 'nobody']); return [`ownerId=${of}`, (goal) => goal.ownerId === of]; }],
      [0.4, () => { const of = some(r, statuses); return [`status=${of}`, (goal) => of.includes(goal.status)]; }],
      [0.3, () => { const of = some(r, horizons); return [`horizon=${of}`, (goal) => of.includes(goal.horizon)]; }],
      [0.15, () => ['valueTag=blue', (goal) => goal.valueTags.includes('blue')]],
      [0.3, () => has(r, ['ÄPFEL', 'pple', 's 1', '3', 'apple%', 'PLAN', 'later', 'ä'], 'title', 'intent', 'description')],
    ], sorts));
});

describe('a feed', () => {
  const client = newTenant(), r = randomOf(815);
  let goal;
  const entries = [];

  before(async () => {
    goal = await client.goal({});
    const make = [['note', { type: 'note', text: 'Well' }], ['decision', { type: 'decision', text: 'Go', title: 'Go' }], ['weekly_review', { type: 'weekly_review', text: 'Good' }]];
    await Promise.all(Array.from({ length: 60 }, async () => {
      const [, body] = r.one(make);
      entries.push(created(await client.post(`/goals/${goal.id}/activity`, body)).data);
    }));
    entries.push(...ok(await client.get(`/goals/${goal.id}/activity?type=system`)).data);
  });

  for (const types of ['', 'note', 'decision', 'note,weekly_review', 'attachment', 'system,note,decision'])
    for (const size of [1, 7, 25])
      test(`of ${types || 'everything'}, ${size} at a time`, () => samePages(client, `/goals/${goal.id}/activity?${types && `type=${types}`}`,
        entries.filter(({ type }) => types === '' || types.split(',').includes(type)), instant('createdAt'), true, size));
});

describe('KPIs', () => {
  const client = newTenant(), r = randomOf(333);
  let goals, rows, linked;

  before(async () => {
    goals = await Promise.all(Array.from({ length: 3 }, () => client.goal({})));
    for (let i = 0; i < 60; i += 1)
      created(await client.post('/kpis', { name: `${r.one(['Äpfel', 'apples', 'Bananas'])} ${i}`, unit: 'EUR', description: r.chance(0.5) ? null : 'Measured monthly', category: r.one(['Sales', 'Finance', null]), ownerId: r.one([...owners, null]),
        direction: r.one(['up', 'down']), type: r.one(['quantitative', 'binary']) }));
    let all = ok(await client.get('/kpis?size=100')).data;
    for (const kpi of all.slice(0, 15)) ok(await client.put(`/kpis/${kpi.id}`, { category: r.one(['Sales', 'People', null]), ownerId: r.one([...owners, null]) }));
    for (const kpi of all.slice(15, 20)) ok(await client.del(`/kpis/${kpi.id}`));
    all = ok(await client.get('/kpis?size=100')).data;
    linked = new Map(goals.map(({ id }) => [id, new Set()]));
    for (const kpi of all.slice(0, 12)) {
      const goal = r.one(goals);
      created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id, threshold: 50 }));
      linked.get(goal.id).add(kpi.id);
    }
    rows = ok(await client.get('/kpis?size=100')).data;
  });

  const sorts = { name: text('name'), category: text('category'), createdAt: instant('createdAt'), updatedAt: instant('updatedAt') };
  for (let round = 0; round < 80; round += 1)
    test(`random pages ${round}`, () => randomPages(client, r, '/kpis', rows, [
      [0.3, () => { const of = r.one([...owners, 'nobody']); return [`ownerId=${of}`, (kpi) => kpi.ownerId === of]; }],
      [0.3, () => { const of = r.one(['Sales', 'Finance', 'People', 'Other']); return [`category=${of}`, (kpi) => kpi.category === of]; }],
      [0.2, () => ['direction=down', (kpi) => kpi.direction === 'down']],
      [0.2, () => ['type=binary', (kpi) => kpi.type === 'binary']],
      [0.2, () => { const { id } = r.one(goals); return [`goalId=${id}`, (kpi) => linked.get(id).has(kpi.id)]; }],
      [0.1, () => ['includeShared=false', () => true]],
      [0.3, () => has(r, ['äpfel', 'APPLES', 's 1', '4', 'measured', '_'], 'name', 'description')],
    ], sorts));
});
