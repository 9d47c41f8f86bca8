// Totals of lists, which are counted as rows are written: they are right after many have written at the same time.
import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { newTenant, ok } from './support/client.mjs';
import { byCursors } from './support/pages.mjs';
import { randomOf } from './support/world.mjs';

const people = ['ann', 'bob'], tags = ['blue', 'red', 'red-ish'], levels = ['low', 'high'];
const some = (r, list) => list.filter(() => r.chance(0.4));
const day = (n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);

// What is written, how it is made and changed, and which filter of the list selects which rows.
const kinds = {
  goals: {
    path: '/goals',
    make: (client, r) => client.goal({ ownerId: r.one(people), horizon: r.one(['year', 'month']), valueTags: some(r, tags) }),
    change: (r) => r.one([{ ownerId: r.one(people) }, { valueTags: some(r, tags) }, { horizon: 'quarter' }, { title: 'Another' }]),
    filters: [...people.map((of) => [`ownerId=${of}`, (row) => row.ownerId === of]), ...tags.map((of) => [`valueTag=${of}`, (row) => row.valueTags.includes(of)]),
      ...['year', 'month', 'quarter'].map((of) => [`horizon=${of}`, (row) => row.horizon === of])],
  },
  actions: {
    path: '/actions',
    make: (client, r) => client.action({ assignedPersonId: r.one([...people, null]), priority: r.one(levels), tags: some(r, tags), startDate: day(r.below(5)), dueDate: day(5 + r.below(5)) }),
    change: (r) => r.one([{ status: r.one(['completed', 'blocked']) }, { tags: some(r, tags) }, { assignedPersonId: r.one(people) }, { dueDate: day(5 + r.below(9)) }, { description: 'Another' }]),
    filters: [...people.map((of) => [`assignedPersonId=${of}`, (row) => row.assignedPersonId === of]), ...tags.map((of) => [`tags=${of}`, (row) => row.tags.includes(of)]),
      ...levels.map((of) => [`priority=${of}`, (row) => row.priority === of]), ['status=completed', (row) => row.status === 'completed'],
      [`startDate=${day(7)}`, (row) => row.dueDate.slice(0, 10) >= day(7)], [`endDate=${day(2)}`, (row) => row.startDate.slice(0, 10) <= day(2)]],
  },
  issues: {
    path: '/issues',
    make: (client, r) => client.issue({ assignedPersonId: r.one([...people, null]), priority: r.one(levels), tags: some(r, tags), dueDate: r.one([null, day(r.below(5))]), dateReported: day(r.below(5)) }),
    change: (r) => r.one([{ priority: r.one(levels) }, { tags: some(r, tags) }, { dueDate: r.one([null, day(9)]) }, { dateReported: day(r.below(5)) }, { description: 'Another' }]),
    filters: [...people.map((of) => [`assignedTo=${of}`, (row) => row.assignedPersonId === of]), ...tags.map((of) => [`tags=${of}`, (row) => row.tags.includes(of)]),
      ...levels.map((of) => [`priority=${of}`, (row) => row.priority === of]), [`dueAfter=${day(2)}`, (row) => row.dueDate !== null && row.dueDate.slice(0, 10) >= day(2)],
      [`startDate=${day(3)}`, (row) => row.dateReported.slice(0, 10) >= day(3)], ['createdBefore=2100-01-01', () => true]],
  },
};

for (const [kind, { path, make, change, filters }] of Object.entries(kinds))
  describe(kind, { timeout: 60000 }, () => {
    const client = newTenant();
    let rows;

    before(async () => {
      await Promise.all(Array.from({ length: 8 }, async (_, writer) => {
        const r = randomOf(100 + writer), ids = [];
        for (let i = 0; i < 30; i += 1)
          if (ids.length < 4 || r.chance(0.3)) ids.push((await make(client, r)).id);
          else if (r.chance(0.2)) ok(await client.del(`${path}/${ids.shift()}`));
          else ok(await client.put(`${path}/${r.one(ids)}`, change(r)));
      }));
      rows = ok(await client.get(`${path}?size=100`)).data;
      assert.ok(rows.length > 40 && rows.length < 100, `${rows.length} of them`);
    });

    test('all of them', async () => assert.equal((await byCursors(client, `${path}?size=50`, rows.length)).length, rows.length));
    for (const [filter, passes] of filters)
      test(filter, async () => {
        const { data, pagination } = ok(await client.get(`${path}?${filter}&size=100`));
        const wanted = rows.filter(passes).map(({ id }) => id);
        assert.equal(pagination.total, wanted.length);
        assert.deepEqual(data.map(({ id }) => id).sort(), wanted.sort());
      });
  });
