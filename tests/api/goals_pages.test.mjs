// Pages of goals with every filter, order and offset, next to a list that the test filters and sorts itself.
import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { created, newTenant, ok } from './support/client.mjs';
import { randomOf } from './support/world.mjs';

const owners = ['ann', 'bob', 'cem'], horizons = ['year', 'quarter', 'month'], statuses = ['draft', 'active', 'paused', 'completed', 'cancelled', 'archived'];
const sorts = ['title', 'status', 'horizon', 'createdAt', 'updatedAt', 'startDate', 'dueDate'];
const day = (n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);
const isDate = (field) => field.endsWith('Date') || field.endsWith('At');

// Goals without a date are last in either direction; of what is equal, ids go with the direction.
function compare(field, descending) {
  const sign = descending ? -1 : 1;
  return (a, b) => {
    if (a[field] !== b[field]) {
      if (a[field] === null || b[field] === null) return a[field] === null ? 1 : -1;
      return sign * (isDate(field) ? Date.parse(a[field]) - Date.parse(b[field]) : a[field].localeCompare(b[field], 'en'));
    }
    return a.id === b.id ? 0 : sign * (a.id < b.id ? -1 : 1);
  };
}

describe('random pages', () => {
  const client = newTenant(), r = randomOf(4711);
  const goals = new Map(); // as the API answered them last
  const put = async (goal, body) => goals.set(goal.id, ok(await client.put(`/goals/${goal.id}`, body)).data);

  before(async () => {
    for (let i = 0; i < 90; i += 1) {
      const goal = await client.goal({
        title: `${r.one(['Äpfel', 'apples', 'Bananas', 'cherries'])} ${r.below(9)}`, ownerId: r.one(owners), horizon: r.one(horizons), valueTags: r.chance(0.3) ? ['blue'] : ['red'],
        startDate: r.chance(0.3) ? null : day(r.below(5)), dueDate: r.chance(0.3) ? null : day(10 + r.below(5)),
      });
      goals.set(goal.id, goal);
    }
    const all = [...goals.values()];
    // One after the other: answers have times to the millisecond, and the order is to be known.
    for (const goal of all.slice(0, 12)) await put(goal, { ownerId: r.one(owners), horizon: r.one(horizons) });
    for (const goal of all.slice(20, 55)) await put(goal, { status: 'active' });
    for (const goal of all.slice(30, 45)) goals.set(goal.id, ok(await client.post(`/goals/${goal.id}:close`, { finalStatus: r.one(['completed', 'cancelled']) })).data);
    for (const goal of all.slice(30, 36)) await put(goal, { status: 'archived' });
    for (const goal of all.slice(50, 60)) {
      ok(await client.del(`/goals/${goal.id}`));
      goals.delete(goal.id);
    }
  });

  for (let round = 0; round < 120; round += 1) {
    const some = (values) => values.filter(() => r.chance(0.4));
    const chosen = { ownerId: r.chance(0.3) ? r.one([...owners, 'nobody']) : null, status: r.chance(0.4) ? some(statuses) : [], horizon: r.chance(0.3) ? some(horizons) : [],
      valueTag: r.chance(0.15) ? 'blue' : null };
    const sort = r.chance(0.75) ? r.one(sorts) : null, descending = sort ? r.chance(0.5) : true, size = 1 + r.below(30);
    const query = [chosen.ownerId && `ownerId=${chosen.ownerId}`, chosen.status.length > 0 && `status=${chosen.status}`, chosen.horizon.length > 0 && `horizon=${chosen.horizon}`,
      chosen.valueTag && 'valueTag=blue', sort && `sort=${descending ? '-' : ''}${sort}`].filter(Boolean).join('&');
    test(`${query || 'everything'}, ${size} at a time`, async () => {
      const wanted = [...goals.values()].filter((goal) => (!chosen.ownerId || goal.ownerId === chosen.ownerId) && (!chosen.valueTag || goal.valueTags.includes('blue')) &&
        (chosen.status.length === 0 || chosen.status.includes(goal.status)) && (chosen.horizon.length === 0 || chosen.horizon.includes(goal.horizon)))
        .sort(compare(sort ?? 'createdAt', descending)).map(({ id }) => id);
      for (let page = 1; page <= Math.ceil(wanted.length / size) + 1; page += 1) {
        const answer = ok(await client.get(`/goals?${query}&size=${size}&page=${page}`));
        assert.equal(answer.pagination.total, wanted.length);
        assert.deepEqual(answer.data.map(({ id }) => id), wanted.slice((page - 1) * size, page * size), `page ${page}`);
      }
    });
  }
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
    entries.sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt) || (a.id < b.id ? 1 : -1));
  });

  for (const types of ['', 'note', 'decision', 'note,weekly_review', 'attachment', 'system,note,decision'])
    for (const size of [1, 7, 25])
      test(`of ${types || 'everything'}, ${size} at a time`, async () => {
        const wanted = entries.filter(({ type }) => types === '' || types.split(',').includes(type)).map(({ id }) => id);
        for (let page = 1; page <= Math.ceil(wanted.length / size) + 1; page += 1) {
          const answer = ok(await client.get(`/goals/${goal.id}/activity?size=${size}&page=${page}${types && `&type=${types}`}`));
          assert.equal(answer.pagination.total, wanted.length);
          assert.deepEqual(answer.data.map(({ id }) => id), wanted.slice((page - 1) * size, page * size), `page ${page}`);
        }
      });
});
