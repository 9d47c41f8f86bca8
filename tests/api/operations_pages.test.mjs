// Pages of actions and issues with every filter, order and offset.
import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { newTenant, ok } from './support/client.mjs';
import { has, instant, levels, randomPages, rank, samePages, some, text } from './support/pages.mjs';
import { randomOf } from './support/world.mjs';

const people = ['ann', 'bob', 'cem'];
const day = (n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);
const midnight = (time) => Math.floor(Date.parse(time) / 86400000);

describe('actions', () => {
  const client = newTenant(), r = randomOf(1812);
  const statuses = ['not_started', 'in_progress', 'completed', 'blocked', 'cancelled'];
  let goals, issues, rows;

  before(async () => {
    goals = await Promise.all(Array.from({ length: 3 }, () => client.goal({})));
    issues = await Promise.all(Array.from({ length: 2 }, () => client.issue({})));
    for (let i = 0; i < 80; i += 1)
      await client.action({
        title: `${r.one(['Äpfel', 'apples', 'Bananas'])} ${r.below(9)}`, status: r.one(statuses), priority: r.one(levels), tags: r.chance(0.3) ? ['blue'] : [], description: r.chance(0.5) ? null : 'Done weekly',
        assignedPersonId: r.chance(0.3) ? null : r.one(people), startDate: r.chance(0.3) ? null : day(r.below(9)), dueDate: r.chance(0.3) ? null : day(9 + r.below(9)),
        connections: { goalIds: goals.filter(() => r.chance(0.3)).map(({ id }) => id), issueIds: issues.filter(() => r.chance(0.3)).map(({ id }) => id) },
      });
    const all = ok(await client.get('/actions?size=500')).data;
    // One after the other: answers have times to the millisecond, and the order is to be known.
    for (const action of all.slice(0, 20)) ok(await client.put(`/actions/${action.id}`, {
      status: r.one(statuses), priority: r.one(levels), assignedPersonId: r.one([...people, null]), startDate: null, dueDate: r.one([null, day(3)]), tags: r.one([[], ['blue'], ['red', 'blue']]) }));
    for (const action of all.slice(20, 30)) ok(await client.del(`/actions/${action.id}`));
    rows = ok(await client.get('/actions?size=500')).data;
    assert.equal(rows.length, 70);
  });

  const begins = (row) => (row.startDate ?? row.dueDate) && midnight(row.startDate ?? row.dueDate);
  const ends = (row) => (row.dueDate ? midnight(row.dueDate) : row.startDate && Infinity);
  const sorts = { title: text('title'), status: text('status'), priority: rank('priority'), startDate: instant('startDate'), dueDate: instant('dueDate'),
    dateEntered: instant('dateEntered'), createdAt: instant('createdAt'), updatedAt: instant('updatedAt') };
  for (let round = 0; round < 120; round += 1)
    test(`random pages ${round}`, () => randomPages(client, r, '/actions', rows, [
      [0.3, () => { const of = r.one([...people, 'nobody']); return [`assignedPersonId=${of}`, (row) => row.assignedPersonId === of]; }],
      [0.4, () => { const of = some(r, statuses); return [`status=${of}`, (row) => of.includes(row.status)]; }],
      [0.3, () => { const of = some(r, levels); return [`priority=${of}`, (row) => of.includes(row.priority)]; }],
      [0.2, () => { const from = r.below(20); return [`startDate=${day(from)}`, (row) => ends(row) !== null && ends(row) >= midnight(day(from))]; }],
      [0.2, () => { const to = 19 + r.below(2) - r.below(19) * r.below(2); return [`endDate=${day(Math.max(to, 19))}`, (row) => begins(row) !== null && begins(row) <= midnight(day(Math.max(to, 19)))]; }],
      [0.1, () => ['tags=blue,none', (row) => row.tags.includes('blue')]],
      [0.2, () => { const of = some(r, goals).map(({ id }) => id); return [`goalIds=${of}`, (row) => row.connections.goalIds.some((id) => of.includes(id))]; }],
      [0.3, () => has(r, ['äpfel', 'PPLE', 's 1', '4', 'blue', 'weekly'], 'title', 'description', 'tags')],
      [0.1, () => [`issueIds=${issues[0].id}`, (row) => row.connections.issueIds.includes(issues[0].id)]],
    ], sorts));

  for (const tag of ['blue', 'red', 'none'])
    test(`with the tag ${tag}`, () => samePages(client, `/actions?tags=${tag}`, rows.filter((row) => row.tags.includes(tag)), sorts.createdAt, true, 7));
  for (const [from, to] of [[0, 3], [4, 4], [8, 12], [17, 25]])
    test(`from day ${from} to ${to}`, () => samePages(client, `/actions?startDate=${day(from)}&endDate=${day(to)}`, rows.filter((row) =>
      begins(row) !== null && begins(row) <= midnight(day(to)) && ends(row) >= midnight(day(from))), sorts.createdAt, true, 7));
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
        impact: r.one([...levels, null]), description: r.chance(0.5) ? null : 'Seen again', tags: r.chance(0.3) ? ['blue'] : [], assignedPersonId: r.chance(0.3) ? null : r.one(people), dueDate: r.chance(0.3) ? null : day(r.below(9)),
        displayOrder: r.chance(0.3) ? null : r.below(20), dateReported: day(r.below(6)),
        connections: { goalIds: goals.filter(() => r.chance(0.3)).map(({ id }) => id), actionIds: actions.filter(() => r.chance(0.3)).map(({ id }) => id) },
      });
    const all = ok(await client.get('/issues?size=100')).data;
    for (const issue of all.slice(0, 20)) ok(await client.put(`/issues/${issue.id}`, {
      statusConfigId: r.one(statuses).id, priority: r.one([...levels, null]), assignedPersonId: r.one([...people, null]), impact: r.one([...levels, null]),
      dueDate: r.one([null, day(3)]), dateReported: day(r.below(6)), tags: r.one([[], ['blue'], ['red', 'blue']]) }));
    for (const issue of all.slice(20, 30)) ok(await client.del(`/issues/${issue.id}`));
    rows = ok(await client.get('/issues?size=100')).data;
    assert.equal(rows.length, 70);
  });

  const place = (list, id) => list.findIndex((one) => one.id === id);
  const categories = ['open', 'active', 'inactive', 'closed'];
  const inOrder = () => [...statuses].sort((a, b) => categories.indexOf(a.category) - categories.indexOf(b.category) || a.order - b.order);
  const sorts = { title: text('title'), priority: rank('priority'), impact: rank('impact'), displayOrder: text('displayOrder'), dueDate: instant('dueDate'),
    createdAt: instant('createdAt'), updatedAt: instant('updatedAt'), status: (row) => place(inOrder(), row.statusConfigId),
    type: (row) => place([...types].sort((a, b) => a.order - b.order), row.typeConfigId) };
  const categoryOf = (row) => statuses[place(statuses, row.statusConfigId)].category;
  for (let round = 0; round < 120; round += 1)
    test(`random pages ${round}`, () => randomPages(client, r, '/issues', rows, [
      [0.2, () => { const of = r.one([...people, 'nobody']); return [`assignedTo=${of}`, (row) => row.assignedPersonId === of]; }],
      [0.1, () => [`reportedBy=${rows[0].reporterId}`, (row) => row.reporterId === rows[0].reporterId]],
      [0.25, () => { const of = some(r, statuses).map(({ id }) => id); return [`status=${of}`, (row) => of.includes(row.statusConfigId)]; }],
      [0.25, () => { const of = some(r, categories); return [`statusCategory=${of}`, (row) => of.includes(categoryOf(row))]; }],
      [0.25, () => { const of = some(r, types).map(({ id }) => id); return [`typeConfigId=${of}`, (row) => of.includes(row.typeConfigId)]; }],
      [0.25, () => { const of = some(r, levels); return [`priority=${of}`, (row) => of.includes(row.priority)]; }],
      [0.2, () => { const of = some(r, levels); return [`impact=${of}`, (row) => of.includes(row.impact)]; }],
      [0.1, () => ['tags=blue', (row) => row.tags.includes('blue')]],
      [0.3, () => has(r, ['äpfel', 'PPLE', 's 1', '4', 'seen', 'again'], 'title', 'description')],
      [0.1, () => { const to = r.below(9); return [`dueBefore=${day(to)}`, (row) => row.dueDate !== null && midnight(row.dueDate) <= midnight(day(to))]; }],
      [0.1, () => { const from = r.below(6); return [`startDate=${day(from)}`, (row) => midnight(row.dateReported) >= midnight(day(from))]; }],
      [0.15, () => { const of = some(r, goals).map(({ id }) => id); return [`goalIds=${of}`, (row) => row.connections.goalIds.some((id) => of.includes(id))]; }],
      [0.1, () => [`actionIds=${actions[0].id}`, (row) => row.connections.actionIds.includes(actions[0].id)]],
    ], sorts));

  for (const tag of ['blue', 'red', 'none'])
    test(`with the tag ${tag}`, () => samePages(client, `/issues?tags=${tag}`, rows.filter((row) => row.tags.includes(tag)), sorts.createdAt, true, 7));
  // Whole days, parts of days at either end, less than a day, and without an end.
  const ranges = [[0, 3], [1.25, 4.5], [2, 2], [2.25, 2.75], [5, null], [null, 4], [0.5, 1]];
  const moment = (n) => new Date(Date.UTC(2026, 0, 1) + n * 86400000).toISOString();
  for (const [field, first, last] of [['dueDate', 'dueAfter', 'dueBefore'], ['dateReported', 'startDate', 'endDate'], ['createdAt', 'createdAfter', 'createdBefore']])
    for (const [from, to] of ranges)
      test(`${field} from day ${from} to ${to}`, () => samePages(client, `/issues?${[...(from === null ? [] : [`${first}=${moment(from)}`]), ...(to === null ? [] : [`${last}=${moment(to)}`])].join('&')}`,
        rows.filter((row) => row[field] !== null && (from === null || row[field] >= moment(from)) && (to === null || row[field] <= moment(to))), sorts.createdAt, true, 7));
});
