// Who did what: the history of one thing, and the audit log of a tenant.
import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import axios from 'axios';
import { basePath, Client, created, fails, instant, invalid, newTenant, ok, unknownId, uuidV7 } from './support/client.mjs';
import { byCursors } from './support/pages.mjs';
import { soon } from './support/reading.mjs';
import { happen, newWorld, randomOf } from './support/world.mjs';

const pathOf = { goal: '/goals', kpi: '/kpis', action: '/api/operations/actions', issue: '/api/operations/issues' };

// Notes each of its writes that succeeded, and whether it changed anything: what is closed may be closed again.
class Recorder extends Client {
  writes = [];

  async request(method, path, ...rest) {
    const began = Date.now();
    const answer = await super.request(method, path, ...rest);
    const { updatedAt } = answer.body.data ?? {};
    if (method !== 'GET' && answer.status < 300)
      this.writes.push({ method, path, request: answer.headers['x-request-id'], changed: updatedAt === undefined || Date.parse(updatedAt) >= began });
    return answer;
  }
}

const admin = (client) => client.as({ role: 'admin' });

// The whole log, the newest first, once it has an entry of each of the requests (a request's id, or a write).
async function auditOf(client, requests = [], query = '') {
  return soon(async () => {
    const entries = [];
    for (let after = ''; ;) {
      const { data, pagination } = ok(await admin(client).get(`/audit?size=100${query}${after}`));
      entries.push(...data);
      if (pagination.nextCursor === null) return entries;
      after = `&after=${pagination.nextCursor}`;
    }
  }, (entries) => {
    const there = new Set(entries.map(({ requestId }) => requestId));
    const missing = requests.filter((request) => !there.has(request.request ?? request));
    return missing.length > 0 && `nothing of ${JSON.stringify(missing)}`;
  });
}

const historyOf = async (client, path, count) => soon(
  async () => ok(await client.get(`${path}/history`)).data,
  ({ length }) => length < count && `${length} entries instead of ${count} of ${path}`);

const requestOf = ({ headers }) => headers['x-request-id'];

describe('a history', () => {
  test('has each change: who, when, which request, and what it was before and after', async () => {
    const ann = newTenant({ base: basePath });
    const bob = ann.as({ user: 'bob', name: 'Bob Two', role: 'viewer' });
    ok(await bob.get('/goals'));
    const made = created(await ann.post('/goals', { title: 'First', owner_id: 'o', horizon: 'year' }, { headers: { 'X-Request-Id': 'made-1' } }));
    const path = `/goals/${made.data.id}`;
    const renamed = ok(await ann.as({ user: 'bob', name: 'Bob Two' }).put(path, { title: 'Second', intent: 'more' }));
    const started = ok(await ann.post(`${path}:activate`));
    const [third, second, first] = await historyOf(bob, path, 3);
    const { changes, id, ...rest } = first;
    assert.match(id, uuidV7);
    assert.deepEqual(rest, {
      at: made.data.createdAt, userId: 'user-1', userName: 'Ann One', requestId: 'made-1', type: 'goal.created', entityType: 'goal', entityId: made.data.id,
      title: 'First', version: 1, causedBy: null, data: null,
    });
    assert.deepEqual([changes.title, changes.status, changes.ownerId, changes.intent], [[null, 'First'], [null, 'draft'], [null, 'o'], undefined]);
    assert.deepEqual([second.type, second.userId, second.userName, second.version, second.title, second.requestId, second.at],
      ['goal.updated', 'bob', 'Bob Two', 2, 'Second', requestOf(renamed), renamed.data.updatedAt]);
    assert.deepEqual(second.changes, { title: ['First', 'Second'], intent: [null, 'more'] });
    assert.deepEqual([third.type, third.version, third.requestId, third.changes.status], ['goal.activated', 3, requestOf(started), ['draft', 'active']]);
    for (const { at } of [first, second, third]) assert.match(at, instant);
  });

  test('is there of goals, KPIs, actions and issues, and of nothing that is not the caller\'s', async () => {
    const ann = newTenant(), other = newTenant();
    const made = {
      goal: await ann.goal({}), kpi: created(await ann.post('/kpis', { name: 'K', direction: 'up' })).data,
      action: await ann.action({ title: 'A' }), issue: await ann.issue({ title: 'I' }),
    };
    for (const [kind, { id }] of Object.entries(made)) {
      const path = `${pathOf[kind]}/${id}`;
      // At once: what was just created is waited for.
      ok(await ann.get(`${path}/history`));
      ok(await ann.put(path, { description: `of ${kind}` }));
      const [changed, first] = await historyOf(ann, path, 2);
      assert.deepEqual([first.type, first.entityType, changed.type, changed.version], [`${kind}.created`, kind, `${kind}.updated`, 2]);
      assert.deepEqual(changed.changes, { description: [null, `of ${kind}`] }, kind);
      const code = `${kind.toUpperCase()}_NOT_FOUND`;
      fails(await other.get(`${path}/history`), 404, code);
      fails(await ann.get(`${pathOf[kind]}/${unknownId()}/history`), 404, code);
      fails(await ann.get(`${pathOf[kind]}/x/history`), 404, code);
      for (const wrong of Object.keys(made).filter((other) => other !== kind)) fails(await ann.get(`${pathOf[wrong]}/${id}/history`), 404);
      ok(await ann.del(path));
      const [gone] = await auditOf(ann, [], `&entityId=${id}&type=*.deleted`.replace('*', kind));
      await soon(async () => (await ann.get(`${path}/history`)).status, (status) => status !== 404 && `${path} still has a history`);
      assert.ok(gone === undefined || gone.type === `${kind}.deleted`);
      const [last] = await soon(async () => ok(await admin(ann).get(`/audit?entityId=${id}`)).data, ([{ type }]) => type !== `${kind}.deleted` && type);
      assert.deepEqual([last.title, last.changes.description], [made[kind].title ?? made[kind].name, [`of ${kind}`, null]]);
    }
  });

  test('is paged like other lists', async () => {
    const ann = newTenant();
    const { id } = await ann.goal({ title: '0' });
    for (let i = 1; i <= 11; i += 1) ok(await ann.put(`/goals/${id}`, { title: `${i}` }));
    const path = `/goals/${id}/history`;
    const whole = (await historyOf(ann, `/goals/${id}`, 12)).map(({ id: entry }) => entry);
    assert.deepEqual(await byCursors(ann, `${path}?size=5`, 12), whole);
    const { data, pagination } = ok(await ann.get(`${path}?page=3&size=5`));
    assert.deepEqual(data.map(({ id: entry }) => entry), whole.slice(10));
    assert.deepEqual([pagination.page, pagination.total, pagination.totalPages, pagination.hasNextPage], [3, 12, 3, false]);
    assert.deepEqual(ok(await ann.get(`${path}?offset=4&limit=2`)).data.map(({ id: entry }) => entry), whole.slice(4, 6));
    assert.equal(ok(await ann.get(`${path}?size=1000`)).pagination.size, 100);
    invalid(await ann.get(`${path}?size=0&page=x`), 'page', 'size');
    invalid(await ann.get(`${path}?userId=x`), 'userId');
    invalid(await ann.get(`${path}?after=xyz`), 'after');
  });
});

describe('the audit log', () => {
  test('is for admins and owners', async () => {
    for (const claims of [{}, { role: 'editor' }, { role: 'viewer' }, { roles: ['member'] }])
      fails(await newTenant(claims).get('/audit'), 403, 'INSUFFICIENT_PERMISSIONS', 'Only the roles admin and owner may do this');
    for (const claims of [{ role: 'admin' }, { role: 'Owner' }, { roles: ['viewer', 'ADMIN'] }])
      assert.deepEqual(ok(await newTenant(claims).get('/audit')).data, []);
    fails(await newTenant({ role: 'admin', token: null }).get('/audit'), 401);
  });

  test('has every write of a random series, and nothing else', async () => {
    const { tenant } = newTenant().claims;
    const client = new Recorder({ tenant, user: 'user-1', name: 'Ann One' });
    const seed = Number(process.env.TEST_SEED ?? Date.now() % 1e6);
    await happen(client, randomOf(seed), newWorld({ plans: true, wider: true }), 150);
    const entries = await auditOf(client, client.writes.filter(({ changed }) => changed));
    const made = new Set(client.writes.map(({ request }) => request));
    assert.ok(client.writes.filter(({ changed }) => changed).length > 100);
    assert.equal(new Set(entries.map(({ id }) => id)).size, entries.length);
    for (const entry of entries) {
      assert.ok(made.has(entry.requestId), `${entry.type} of no request, seed ${seed}`);
      assert.equal(entry.userId, 'user-1');
      assert.ok(entry.changes !== null || entry.data !== null || entry.causedBy !== null, JSON.stringify(entry));
    }
    // Each version of each thing once, one after the other, from its creation on; and what it became is what is read.
    for (const [kind, root] of Object.entries(pathOf)) {
      const ids = new Set(entries.filter(({ type }) => type === `${kind}.created`).map(({ entityId }) => entityId));
      for (const id of ids) {
        const steps = entries.filter(({ entityId, type }) => entityId === id && type !== 'kpi_update.created').reverse();
        const state = {};
        for (const { type, version, changes, causedBy } of steps) {
          if (changes === null) assert.ok(causedBy !== null || /reordered|plan/.test(type), `${type} of ${id} has no changes, seed ${seed}`);
          for (const [field, [was, is]] of Object.entries(changes ?? {})) {
            if (field !== 'connections') assert.deepEqual(state[field] ?? null, was, `${field} before version ${version} of ${kind} ${id}, seed ${seed}`);
            state[field] = is;
          }
        }
        const { status, data } = await client.get(`${root}/${id}`);
        const last = steps.at(-1).type;
        assert.equal(status === 404, last === `${kind}.deleted`, `${kind} ${id} after ${last}`);
        if (status === 404) continue;
        const read = data.kpi ?? data;
        for (const [field, value] of Object.entries(state))
          if (field !== 'connections' && field in read) assert.deepEqual(value, read[field], `${field} of ${kind} ${id}, seed ${seed}`);
      }
    }
  });

  describe('with filters', () => {
    const ann = newTenant(), bob = ann.as({ user: 'bob', name: 'Bob' });
    const other = newTenant();
    let entries;

    before(async () => {
      const goal = await ann.goal({ title: 'G' });
      await other.goal({ title: 'not seen' });
      await bob.issue({ title: 'I' });
      ok(await bob.put(`/goals/${goal.id}`, { title: 'H' }));
      await ann.strategy(goal);
      created(await bob.post(`/goals/${goal.id}/activity`, { type: 'note', text: 'said' }));
      const done = created(await ann.post('/api/operations/actions', { title: 'A', status: 'completed' }));
      created(await admin(ann).put('/people/p%201', { name: 'Pea' }));
      entries = await auditOf(ann, [requestOf(done)]);
      entries = await soon(() => auditOf(ann), ({ length }) => length < 7 && `${length} entries`);
    });

    const found = async (query) => ok(await admin(ann).get(`/audit?${query}`));
    const same = async (query, passes) => {
      const wanted = entries.filter(passes).map(({ id }) => id);
      const { data, pagination } = await found(query);
      assert.deepEqual([data.map(({ id }) => id), pagination.total], [wanted, wanted.length], query);
      if (wanted.length > 0) assert.deepEqual(await byCursors(admin(ann), `/audit?${query}&size=2`, wanted.length), wanted, query);
      return wanted.length;
    };

    test('has what passes them', async () => {
      assert.deepEqual(entries.map(({ type }) => type).sort(), ['action.created', 'activity.created', 'goal.created', 'goal.updated', 'issue.created', 'person.updated', 'strategy.created']);
      assert.equal(await same('', () => true), 7);
      assert.equal(await same('userId=bob', ({ userId }) => userId === 'bob'), 3);
      assert.equal(await same('type=goal.*', ({ entityType }) => entityType === 'goal'), 2);
      assert.equal(await same('types=goal.created,issue.created', ({ type }) => ['goal.created', 'issue.created'].includes(type)), 2);
      assert.equal(await same('entityType=goal,Issue', ({ entityType }) => ['goal', 'issue'].includes(entityType)), 3);
      assert.equal(await same('entityType=goal&type=*.created'.replace('*', 'goal'), ({ type }) => type === 'goal.created'), 1);
      assert.equal(await same('entityType=goal&type=issue.*', () => false), 0);
      const [goal] = entries.filter(({ type }) => type === 'goal.updated');
      assert.equal(await same(`entityId=${goal.entityId}`, ({ entityId }) => entityId === goal.entityId), 2);
      assert.equal(await same(`entityId=${goal.entityId}&userId=bob`, ({ id }) => id === goal.id), 1);
      assert.equal(await same('entityId=p%201', ({ entityId }) => entityId === 'p 1'), 1);
      assert.equal(await same('entityId=nobody', () => false), 0);
    });

    test('and between two moments', async () => {
      const [, , { at }] = entries;
      assert.ok(await same(`from=${at}`, (entry) => entry.at >= at) >= 3);
      assert.ok(await same(`to=${at}`, (entry) => entry.at <= at) >= 5);
      await same(`from=${at}&to=${at}&entityType=goal,strategy,activity,action`, (entry) => entry.at === at && !['issue', 'person'].includes(entry.entityType));
      assert.equal(await same(`to=${at.slice(0, 10)}`, (entry) => entry.at.slice(0, 10) <= at.slice(0, 10)), entries.filter((entry) => entry.at.slice(0, 10) <= at.slice(0, 10)).length);
      assert.equal(await same('to=0001-01-01', () => false), 0);
      assert.equal(await same('from=9999-12-31', () => false), 0);
      assert.equal(await same('startDate=0001-01-01&endDate=9999-12-31', () => true), 7);
    });

    test('refuses what it cannot understand', async () => {
      invalid(await admin(ann).get('/audit?type=goals.*&entityType=thing&from=2025-02-30&format=xml&who=x'), 'type', 'entityType', 'from', 'format', 'who');
      invalid(await admin(ann).get('/audit?from=2025-02-02&to=2025-02-01'), 'from');
      invalid(await admin(ann).get('/audit?format=csv&page=2'), 'format');
      invalid(await admin(other).get(`/audit?after=${(await found('size=2')).pagination.nextCursor}`), 'after');
    });
  });
});

// The rows of a file of comma-separated values, each an object by the names in the first.
function readCsv(text) {
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match; cell.lastIndex < text.length;) {
    match = cell.exec(text);
    assert.ok(match, 'it is well-formed');
    rows.at(-1).push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
    if (match[3] === '\r\n') rows.push([]);
  }
  const [names, ...rest] = rows.filter(({ length }) => length > 0);
  return rest.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
}

const download = (client, query = '') => axios.get(`${client.url}/audit?format=csv${query}`, { headers: client.headers, validateStatus: () => true, responseType: 'text', proxy: false });

describe('the audit log as CSV', () => {
  test('has all of it, whatever is in its texts', async () => {
    const ann = newTenant({ user: '=cmd|A0', name: '@Ann "the" One' });
    const titles = ['=1+1', '+1', '-1', '@SUM(A1)', 'a "quoted", one', 'two\nlines', 'Ünïcödé', 'plain'];
    const made = [];
    for (const title of titles) made.push(requestOf(created(await ann.post('/goals', { title, owner_id: 'o' }))));
    const entries = await auditOf(ann, made);
    const file = await download(admin(ann));
    assert.equal(file.status, 200);
    assert.equal(file.headers['content-type'], 'text/csv; charset=utf-8');
    assert.match(file.headers['content-disposition'], /^attachment; filename="audit-\d{8}\.csv"/);
    const rows = readCsv(file.data);
    assert.deepEqual(rows.map(({ id }) => id), entries.map(({ id }) => id));
    const plain = (text) => (/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text);
    assert.deepEqual(rows.map(({ title }) => title), titles.map(plain).reverse());
    for (const [i, row] of rows.entries()) {
      assert.deepEqual([row.userId, row.userName, row.at, row.type, row.requestId], ["'=cmd|A0", "'@Ann \"the\" One", entries[i].at, 'goal.created', entries[i].requestId]);
      assert.deepEqual(JSON.parse(row.changes), entries[i].changes);
      for (const cell of Object.values(row)) assert.doesNotMatch(cell, /^[=+@\t\r]/);
    }
    assert.deepEqual(readCsv((await download(admin(ann), '&type=issue.*')).data), []);
    assert.equal((await download(ann)).status, 403);
  });

  test('is made of parts, and has a bound', async () => {
    const ann = newTenant();
    const { id } = await ann.goal({ title: '0' });
    for (let i = 0; i < 60; i += 1) await Promise.all(Array.from({ length: 10 }, (_, k) => ann.action({ title: `${i} ${k}` })));
    await soon(async () => ok(await admin(ann).get('/audit?size=1')).pagination.total, (total) => total < 601 && `${total} entries`);
    const rows = readCsv((await download(admin(ann))).data);
    assert.equal(rows.length, 601);
    assert.equal(new Set(rows.map((row) => row.id)).size, 601);
    assert.equal(rows.at(-1).entityId, id);
  });
});
