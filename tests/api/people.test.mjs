// People: who is known, and their names, which another system may tell.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { basePath, created, fails, instant, invalid, newTenant, ok, stack } from './support/client.mjs';
import { tenantStream, watch } from './support/sse.mjs';

const at = (seconds) => Math.floor(Date.now() / 1000) + seconds;

// Other services learn what is told by events.
async function soon(read, expected) {
  const until = Date.now() + 10000;
  let found = await read();
  for (; found !== expected && Date.now() < until; found = await read()) await new Promise((resolve) => { setTimeout(resolve, 20); });
  assert.equal(found, expected);
}

describe('people', () => {
  test('are those who have called, by name', async () => {
    const ann = newTenant({ base: basePath, iat: at(-10) });
    ok(await ann.as({ user: 'zoe', name: 'Zoë Müller' }).get('/goals'));
    ok(await ann.as({ user: 'bob@example.org', name: 'Ähem' }).get('/goals'));
    const { data, body } = ok(await ann.get('/people'));
    assert.deepEqual(data.map(({ id }) => id), ['bob@example.org', 'user-1', 'zoe']);
    assert.deepEqual([body.pagination.total, body.pagination.size], [3, 100]);
    const { createdAt, updatedAt, ...rest } = data[1];
    assert.match(createdAt, instant);
    assert.equal(updatedAt, new Date(ann.claims.iat * 1000).toISOString());
    assert.deepEqual(rest, {
      id: 'user-1', name: 'Ann One', displayName: 'Ann One', firstName: 'Ann', lastName: 'One', email: null, isActive: true, isAssignable: true, hasSystemAccess: true,
    });
    assert.deepEqual(ok(await ann.get('/api/people/user-1')).data, data[1]);
    assert.deepEqual(ok(await ann.get('/people/bob%40example.org')).data, data[0]);
    assert.deepEqual(ok(await ann.get('/people?search=mÜLLER&status=active')).data, [data[2]]);
    assert.deepEqual(ok(await ann.get('/people?status=inactive')).data, []);
    assert.deepEqual(ok(await ann.get('/people?page=2&size=2')).data, [data[2]]);
    invalid(await ann.get('/people?status=x&size=0&sort=name'), 'status', 'size', 'sort');
    fails(await ann.get('/people/nobody'), 404, 'PERSON_NOT_FOUND');
    fails(await ann.get(`/people/${'x'.repeat(129)}`), 404, 'PERSON_NOT_FOUND');
    fails(await newTenant().get('/people/zoe'), 404, 'PERSON_NOT_FOUND');
  });

  test('are offered to be assigned, the caller first', async () => {
    const ann = newTenant({ name: 'Zed', person_id: 'p-zed' });
    ok(await ann.as({ user: 'bob', name: 'Bob', person_id: undefined }).get('/goals'));
    const brief = ({ id, name, isCurrentUser }) => [id, name, isCurrentUser];
    const { data, body } = ok(await ann.get('/people/assignable'));
    assert.deepEqual(data.map(brief), [['p-zed', 'Zed', true], ['user-1', 'Zed', true], ['bob', 'Bob', false]]);
    assert.deepEqual(Object.keys(data[0]), ['id', 'name', 'title', 'primaryRole', 'isCurrentUser']);
    assert.equal(body.pagination, undefined);
    assert.deepEqual(ok(await ann.get('/people/assignable?search=bo')).data.map(brief), [['bob', 'Bob', false]]);
  });
});

describe('a name that is told', () => {
  test('shows in every service, until a token is issued later', async () => {
    const ann = newTenant({ role: 'admin' });
    const goal = await ann.goal({ ownerId: 'p1' });
    const kpi = created(await ann.post('/kpis', { name: 'k', direction: 'up', ownerId: 'p1' })).data;
    const action = await ann.action({ assignedPersonId: 'p1' });
    const issue = await ann.issue({ assignedPersonId: 'p1', reporterId: 'p1' });
    const told = created(await ann.put('/people/p1', { name: 'Ada Lovelace' }));
    assert.ok(told.headers.location.endsWith('/people/p1'));
    const names = async () => JSON.stringify([
      ok(await ann.get(`/goals/${goal.id}`)).data.ownerName, ok(await ann.get(`/kpis/${kpi.id}`)).data.ownerName,
      ok(await ann.get(`/operations/actions/${action.id}`)).data.assignedPersonName,
      ...[ok(await ann.get(`/issues/${issue.id}`)).data].map((one) => [one.assignedPersonName, one.reporterName]).flat(),
    ]);
    const all = (name) => JSON.stringify(Array(5).fill(name));
    await soon(names, all('Ada Lovelace'));
    const earlier = at(-1);
    ok(await ann.put('/people/p1', { name: 'Ada King' }));
    await soon(names, all('Ada King'));
    ok(await ann.as({ user: 'p1', name: 'Older', iat: at(-100) }).get('/goals'));
    assert.equal(await names(), all('Ada King'));
    ok(await ann.as({ user: 'p1', name: 'Recent Ada', role: undefined, iat: earlier }).post('/goals', { title: 'hers', ownerId: 'p1' }).then((answer) => created(answer) && { status: 200 }));
    assert.equal(await names(), all('Ada King'), 'issued before');
    await new Promise((resolve) => { setTimeout(resolve, 1100); });
    ok(await ann.as({ user: 'p1', name: 'Newest', iat: at(0) }).get('/goals'));
    assert.equal(await names(), all('Newest'));
    const recent = async () => ok(await ann.get('/activity/recent?size=50')).data.find(({ userId }) => userId === 'p1')?.userName;
    await soon(recent, 'Newest');
    ok(await ann.put('/people/p1', { name: 'Told again' }));
    await soon(recent, 'Told again');
  });

  test('is told on the tenant\'s stream', async () => {
    const ann = newTenant({ role: 'admin' });
    const stream = await watch(`${stack.url}${tenantStream(ann)}?types=person.*`, { headers: ann.headers });
    const first = created(await ann.put('/people/p%201', { name: 'One' })).data;
    const second = ok(await ann.put('/people/p%201', { name: 'Two' })).data;
    await stream.count(2);
    const [one, two] = stream.events.map(({ data }) => data);
    assert.deepEqual([one.type, one.entityType, one.entityId, one.goalId, one.version, one.userId], ['person.updated', 'person', 'p 1', null, 1, 'user-1']);
    assert.deepEqual([one.data, two.data], [first, second]);
    assert.deepEqual([one.changes, two.changes], [undefined, { name: ['One', 'Two'] }]);
    await stream.close();
  });

  test('is told by admins and owners', async () => {
    for (const claims of [{}, { role: 'editor' }, { role: 'viewer' }, { roles: ['member', 'administrator'] }]) {
      fails(await newTenant(claims).put('/people/p', { name: 'x' }), 403, 'INSUFFICIENT_PERMISSIONS');
      ok(await newTenant(claims).get('/people'));
    }
    for (const claims of [{ role: 'admin' }, { role: ' Owner ' }, { roles: ['viewer', 'ADMIN'] }]) created(await newTenant(claims).put('/people/p', { name: 'x' }));
  });

  test('is checked, versioned, and kept once', async () => {
    const ann = newTenant({ role: 'owner' });
    invalid(await ann.put('/people/p', {}), 'name');
    invalid(await ann.put('/people/p', { name: ' ' }), 'name');
    invalid(await ann.put('/people/p', { name: 'x'.repeat(201) }), 'name');
    fails(await ann.put(`/people/${'x'.repeat(129)}`, { name: 'x' }), 404, 'PERSON_NOT_FOUND');
    fails(await ann.get('/people/p'), 404, 'PERSON_NOT_FOUND');
    const first = created(await ann.put('/people/p', { name: 'One' }));
    fails(await ann.put('/people/p', { name: 'x' }, { headers: { 'If-Match': '"9-x"' } }), 412, 'PRECONDITION_FAILED');
    const second = ok(await ann.put('/people/p', { ...first.data, displayName: 'Two' }, { headers: { 'If-Match': first.headers.etag } }));
    assert.deepEqual([second.data.name, second.data.createdAt], ['Two', first.data.createdAt]);
    fails(await ann.put('/people/p', { name: 'x' }, { headers: { 'If-Match': first.headers.etag } }), 412, 'PRECONDITION_FAILED');
    assert.equal((await ann.get('/people/p', { headers: { 'If-None-Match': second.headers.etag } })).status, 304);
    assert.equal(ok(await ann.get('/people')).data.filter(({ id }) => id === 'p').length, 1);
  });
});

test('a token names its person as well as its user', async () => {
  const ann = newTenant();
  const goal = await ann.goal({ ownerId: 'person-7' });
  ok(await ann.as({ user: 'u7', name: 'Seven', person_id: 'person-7' }).get('/kpis'));
  assert.equal(ok(await ann.get(`/goals/${goal.id}`)).data.ownerName, 'Seven');
  ok(await ann.as({ user: 'u8', name: 'Eight', personId: 'person-8' }).get('/goals'));
  assert.equal((await ann.action({ assignedPersonId: 'person-8' })).assignedPersonName, 'Eight');
  for (const person_id of [5, '', 'x'.repeat(129), null]) ok(await ann.as({ user: 'u9', name: 'Nine', person_id }).get('/goals'));
});
