// Pages of lists, next to lists that the test filters and sorts itself.
import assert from 'node:assert/strict';
import { ok } from './client.mjs';

export const levels = ['low', 'medium', 'high', 'critical'];
export const instant = (field) => (row) => (row[field] === null ? null : Date.parse(row[field]));
export const rank = (field) => (row) => (row[field] === null ? null : levels.indexOf(row[field]));
export const text = (field) => (row) => row[field];

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

// A query made of some of the filters (each its chance, and what makes [how the query says it, what passes]) and
// an order out of `sorts` (field -> its value of a row), and each of its pages.
export async function randomPages(client, r, path, rows, filters, sorts) {
  const chosen = filters.filter(([chance]) => r.chance(chance)).map(([, make]) => make());
  const sort = r.chance(0.7) ? r.one(Object.keys(sorts)) : null, descending = sort ? r.chance(0.5) : true;
  const query = [...chosen.map(([words]) => words), ...(sort ? [`sort=${descending ? '-' : ''}${sort}`] : [])].join('&');
  await samePages(client, `${path}?${query}`, rows.filter((row) => chosen.every(([, passes]) => passes(row))), sorts[sort ?? 'createdAt'], descending, 1 + r.below(25));
}

export async function samePages(client, address, rows, value, descending, size) {
  const wanted = [...rows].sort(compare(value, descending)).map(({ id }) => id);
  for (let page = 1; page <= Math.ceil(wanted.length / size) + 1; page += 1) {
    const answer = ok(await client.get(`${address}${address.endsWith('?') ? '' : '&'}size=${size}&page=${page}`));
    assert.equal(answer.pagination.total, wanted.length, address);
    assert.deepEqual(answer.data.map(({ id }) => id), wanted.slice((page - 1) * size, page * size), `${address}, page ${page}`);
    assert.equal(answer.pagination.nextCursor !== null, page * size < wanted.length, `${address}, page ${page}`);
  }
  const walked = await byCursors(client, `${address}${address.endsWith('?') ? '' : '&'}size=${size}`, wanted.length);
  assert.deepEqual(walked, wanted, `${address}, by cursors of ${size}`);
}

// The ids of all pages of a list of so many, each after the one before; with pages of another size in between.
export async function byCursors(client, address, total) {
  const ids = [];
  for (let after = null, i = 0; ; i += 1) {
    const answer = ok(await client.get(`${address.replace(/size=\d+/, (size) => (i % 3 === 2 ? 'size=3' : size))}${after === null ? '' : `&after=${after}`}`));
    ids.push(...answer.data.map(({ id }) => id));
    assert.equal(answer.pagination.total, total, address);
    assert.equal(answer.pagination.hasNextPage, answer.pagination.nextCursor !== null);
    assert.deepEqual([answer.pagination.page, answer.pagination.hasPreviousPage], after === null ? [1, false] : [null, true]);
    ({ nextCursor: after } = answer.pagination);
    if (after === null) return ids;
    assert.ok(answer.data.length > 0, address);
  }
}

// A search for one of the words, in these fields.
export function has(r, words, ...fields) {
  const word = r.one(words);
  return [`search=${encodeURIComponent(word)}`, (row) => fields.some((field) => [row[field]].flat().some((words) => words?.toLowerCase().includes(word.toLowerCase())))];
}

// Some of the values, at least one.
export function some(r, values) {
  const few = values.filter(() => r.chance(0.4));
  return few.length > 0 ? few : [values[0]];
}
