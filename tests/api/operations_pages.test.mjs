// Pages of actions and issues with every filter, order and offset, next to lists that the test filters and sorts itself.
import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { newTenant, ok } from './support/client.mjs';
import { randomOf } from './support/world.mjs';

const levels = ['low', 'medium', 'high', 'critical'], people = ['ann', 'bob', 'cem'];
const day = (n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);
const midnight = (text) => Math.floor(Date.parse(text) / 86400000);

// Rows without a value are last in either direction; of what is equal, ids go with the direction.
function compare(value, descending) {
  const sign = descending ? -1 : 1;
  return (a, b) => {
    const [x, y] = [value(a) ?? null, value(b) ?? null];
    if (x !== y) {
      if (x === null || y === null) return x === null ? 1 : -1;
      return sign * (typeof x === 'string' ? x.localeCompare(y, 'en') : x - y);
    }
    return a.id === b.id ? 0 : sign * (a.id < b.id ? -1 : 1);
  };
}

const instant = (field) => (row) => (row[field] === null ? null : Date.parse(row[field]));
const rank = (field) => (row) => (row[field] === null ? null : levels.indexOf(row[field]));

// Every page of the query, next to the rows that pass and are sorted here.
async function pages(client, path, query, rows, passes, value, descending, size) {
  const wanted = rows.filter(passes).sort(compare(value, descending)).map(({ id }) => id);
  for (let page = 1; page <= Math.ceil(wanted.length / size) + 1; page += 1) {
    const answer = ok(await client.get(`${path}?${query}&size=${size}&page=${page}`));
    assert.equal(answer.pagination.total, wanted.length, query);
    assert.deepEqual(answer.data.map(({ id }) => id), wanted.slice((page - 1) * size, page * size), `${query}, page ${page}`);
  }
}

// Filters are [how the query says it, what passes]; each is there with its chance.
const chosenOf = (r, filters) => filters.filter(([chance]) => r.chance(chance)).map(([, make]) => make());

describe('actions', () => {
  const client = newTenant(), r = randomOf(1812);
  const statuses = ['not_started', 'in_progress', 'completed', 'blocked', 'cancelled'];
  let goals, issues, rows;

  before(async () => {
    goals = await Promise.all(Array.from({ length: 3 }, () => client.goal({})));
    issues = await Promise.all(Array.from({ length: 2 }, () => client.issue({})));
    for (let i = 0; i < 80; i += 1)
      await client.action({
        title: `${r.one(['Äpfel', 'apples', 'Bananas'])} ${r.below(9)}`, status: r.one(statuses), priority: r.one(levels), tags: r.chance(0.3) ? ['blue'] : [],
        assignedPersonId: r.chance(0.3) ? null : r.one(people), startDate: r.chance(0.3) ? null : day(r.below(9)), dueDate: r.chance(0.3) ? null : day(9 + r.below(9)),
        connections: { goalIds: goals.filter(() => r.chance(0.3)).map(({ id }) => id), issueIds: issues.filter(() => r.chance(0.3)).map(({ id }) => id) },
      });
    const all = ok(await client.get('/actions?size=500')).data;
    // One after the other: answers have times to the millisecond, and the order is to be known.
    for (const action of all.slice(0, 20)) ok(await client.put(`/actions/${action.id}`, {
      status: r.one(statuses), priority: r.one(levels), assignedPersonId: r.one([...people, null]), startDate: null, dueDate: r.one([null, day(3)]) }));
    for (const action of all.slice(20, 30)) ok(await client.del(`/actions/${action.id}`));
    rows = ok(await client.get('/actions?size=500')).data;
    assert.equal(rows.length, 70);
  });

  const begins = (row) => (row.startDate ?? row.dueDate) && midnight(row.startDate ?? row.dueDate);
  const ends = (row) => (row.dueDate ? midnight(row.dueDate) : row.startDate && Infinity);
  const sorts = { title: (row) => row.title, status: (row) => row.status, priority: rank('priority'), startDate: instant('startDate'), dueDate: instant('dueDate'),
    dateEntered: instant('dateEntered'), createdAt: instant('createdAt'), updatedAt: instant('updatedAt') };
  for (let round = 0; round < 120; round += 1)
    test(`random pages ${round}`, async () => {
      const some = (values) => { const few = values.filter(() => r.chance(0.4)); return few.length > 0 ? few : [values[0]]; };
      const chosen = chosenOf(r, [
        [0.3, () => { const of = r.one([...people, 'nobody']); return [`assignedPersonId=${of}`, (row) => row.assignedPersonId === of]; }],
        [0.4, () => { const of = some(statuses); return [`status=${of}`, (row) => of.includes(row.status)]; }],
        [0.3, () => { const of = some(levels); return [`priority=${of}`, (row) => of.includes(row.priority)]; }],
        [0.2, () => { const from = r.below(20); return [`startDate=${day(from)}`, (row) => ends(row) !== null && ends(row) >= midnight(day(from))]; }],
        [0.2, () => { const to = 19 + r.below(2) - r.below(19) * r.below(2); return [`endDate=${day(Math.max(to, 19))}`, (row) => begins(row) !== null && begins(row) <= midnight(day(Math.max(to, 19)))]; }],
        [0.1, () => ['tags=blue,none', (row) => row.tags.includes('blue')]],
        [0.2, () => { const of = some(goals).map(({ id }) => id); return [`goalIds=${of}`, (row) => row.connections.goalIds.some((id) => of.includes(id))]; }],
        [0.1, () => [`issueIds=${issues[0].id}`, (row) => row.connections.issueIds.includes(issues[0].id)]],
      ]);
      const sort = r.chance(0.7) ? r.one(Object.keys(sorts)) : null, descending = sort ? r.chance(0.5) : true;
      const query = [...chosen.map(([words]) => words), ...(sort ? [`sort=${descending ? '-' : ''}${sort}`] : [])].join('&');
      await pages(client, '/actions', query, rows, (row) => chosen.every(([, passes]) => passes(row)), sorts[sort ?? 'createdAt'], descending, 1 + r.below(25));
    });

  for (const [from, to] of [[0, 3], [4, 4], [8, 12], [17, 25]])
    test(`from day ${from} to ${to}`, () => pages(client, '/actions', `startDate=${day(from)}&endDate=${day(to)}`, rows,
      (row) => begins(row) !== null && begins(row) <= midnight(day(to)) && ends(row) >= midnight(day(from)), sorts.createdAt, true, 7));
});

describe('issues', () => {
  const client = newTenant(), r = randomOf(1912);
  let goals, actions, rows, types, statuses;

  before(async () => {
    goals = await Promise.all(Array.from({ length: 3 }, () => client.goal({})));
    actions = await Promise.all(Array.from({ length: 2 }, () => client.action({})));
    ok(await client.post('/api/operations/issue-statuses', { name: 'Waiting', category: 'open' }), 201);
    types = ok(await client.get('/api/operations/issue-types')).data;
    statuses = ok(await client.get('/api/operations/issue-statuses')).data;
    for (let i = 0; i < 80; i += 1)
      await client.issue({
        title: `${r.one(['Äpfel', 'apples', 'Bananas'])} ${r.below(9)}`, statusConfigId: r.one(statuses).id, typeConfigId: r.one(types).id, priority: r.one([...levels, null]),
        impact: r.one([...levels, null]), tags: r.chance(0.3) ? ['blue'] : [], assignedPersonId: r.chance(0.3) ? null : r.one(people), dueDate: r.chance(0.3) ? null : day(r.below(9)),
        displayOrder: r.chance(0.3) ? null : r.below(20), dateReported: day(r.below(6)),
        connections: { goalIds: goals.filter(() => r.chance(0.3)).map(({ id }) => id), actionIds: actions.filter(() => r.chance(0.3)).map(({ id }) => id) },
      });
    const all = ok(await client.get('/issues?size=100')).data;
    for (const issue of all.slice(0, 20)) ok(await client.put(`/issues/${issue.id}`, {
      statusConfigId: r.one(statuses).id, priority: r.one([...levels, null]), assignedPersonId: r.one([...people, null]), impact: r.one([...levels, null]) }));
    for (const issue of all.slice(20, 30)) ok(await client.del(`/issues/${issue.id}`));
    rows = ok(await client.get('/issues?size=100')).data;
    assert.equal(rows.length, 70);
  });

  const place = (list, id) => list.findIndex((one) => one.id === id);
  const categories = ['open', 'active', 'inactive', 'closed'];
  const inOrder = () => [...statuses].sort((a, b) => categories.indexOf(a.category) - categories.indexOf(b.category) || a.order - b.order);
  const sorts = { title: (row) => row.title, priority: rank('priority'), impact: rank('impact'), displayOrder: (row) => row.displayOrder, dueDate: instant('dueDate'),
    createdAt: instant('createdAt'), updatedAt: instant('updatedAt'), status: (row) => place(inOrder(), row.statusConfigId),
    type: (row) => place([...types].sort((a, b) => a.order - b.order), row.typeConfigId) };
  for (let round = 0; round < 120; round += 1)
    test(`random pages ${round}`, async () => {
      const some = (values) => { const few = values.filter(() => r.chance(0.4)); return few.length > 0 ? few : [values[0]]; };
      const categoryOf = (row) => statuses[place(statuses, row.statusConfigId)].category;
      const chosen = chosenOf(r, [
        [0.2, () => { const of = r.one([...people, 'nobody']); return [`assignedTo=${of}`, (row) => row.assignedPersonId === of]; }],
        [0.1, () => [`reportedBy=${rows[0].reporterId}`, (row) => row.reporterId === rows[0].reporterId]],
        [0.25, () => { const of = some(statuses).map(({ id }) => id); return [`status=${of}`, (row) => of.includes(row.statusConfigId)]; }],
        [0.25, () => { const of = some(categories); return [`statusCategory=${of}`, (row) => of.includes(categoryOf(row))]; }],
        [0.25, () => { const of = some(types).map(({ id }) => id); return [`typeConfigId=${of}`, (row) => of.includes(row.typeConfigId)]; }],
        [0.25, () => { const of = some(levels); return [`priority=${of}`, (row) => of.includes(row.priority)]; }],
        [0.2, () => { const of = some(levels); return [`impact=${of}`, (row) => of.includes(row.impact)]; }],
        [0.1, () => ['tags=blue', (row) => row.tags.includes('blue')]],
        [0.1, () => { const to = r.below(9); return [`dueBefore=${day(to)}`, (row) => row.dueDate !== null && midnight(row.dueDate) <= midnight(day(to))]; }],
        [0.1, () => { const from = r.below(6); return [`startDate=${day(from)}`, (row) => midnight(row.dateReported) >= midnight(day(from))]; }],
        [0.15, () => { const of = some(goals).map(({ id }) => id); return [`goalIds=${of}`, (row) => row.connections.goalIds.some((id) => of.includes(id))]; }],
        [0.1, () => [`actionIds=${actions[0].id}`, (row) => row.connections.actionIds.includes(actions[0].id)]],
      ]);
      const sort = r.chance(0.7) ? r.one(Object.keys(sorts)) : null, descending = sort ? r.chance(0.5) : true;
      const query = [...chosen.map(([words]) => words), ...(sort ? [`sort=${descending ? '-' : ''}${sort}`] : [])].join('&');
      await pages(client, '/issues', query, rows, (row) => chosen.every(([, passes]) => passes(row)), sorts[sort ?? 'createdAt'], descending, 1 + r.below(25));
    });
});
