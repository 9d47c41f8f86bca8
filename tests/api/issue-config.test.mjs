// Issue types and statuses: SYSTEM ones, a tenant's own, defaults, orders, and what collides.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { basePath, created, fails, instant, invalid, newTenant, ok, unknownId, uuidV7 } from './support/client.mjs';

const types = '/api/operations/issue-types';
const statuses = '/api/operations/issue-statuses';
const issues = '/api/operations/issues';
const list = async (client, path, query = '') => {
  const answer = ok(await client.get(path + query));
  assert.equal(answer.pagination, undefined);
  return answer.data;
};
const names = async (client, path, query) => (await list(client, path, query)).map((one) => one.name);
const byName = async (client, path, name) => (await list(client, path, '?includeInactive=true')).find((one) => one.name === name);
const addType = async (client, fields) => created(await client.post(types, fields)).data;
const addStatus = async (client, fields) => created(await client.post(statuses, { category: 'active', ...fields })).data;
const defaults = async (client) => (await list(client, types, '?includeInactive=true')).filter((type) => type.isDefault).map((type) => type.name);

const systemTypes = ['Personnel', 'Financial', 'Process', 'Legal', 'Customer', 'Technical', 'General'];
const systemStatuses = {
  open: ['Open', 'Backlog'], active: ['In Progress', 'In Review', 'Blocked'], inactive: ['On Hold', 'Deferred'], closed: ['Resolved', 'Closed', 'Duplicate', "Won't Fix"],
};

describe('SYSTEM types and statuses', () => {
  const [client, other] = [newTenant(), newTenant({ base: basePath })];

  test('are the same in every tenant', async () => {
    for (const path of [types, statuses]) {
      const mine = await list(client, path);
      assert.deepEqual(mine, await list(other, path));
      for (const one of mine) {
        assert.match(one.id, uuidV7);
        assert.match(one.color, /^#[0-9a-fA-F]{6}$/);
        assert.match(one.icon, /\S/);
        assert.match(one.createdAt, instant);
        assert.deepEqual([one.isActive, one.updatedAt], [true, null]);
        assert.deepEqual(ok(await client.get(`${path}/${one.id}`)).data, one);
      }
    }
    assert.deepEqual(await names(client, types), systemTypes);
    assert.deepEqual((await list(client, types)).map((type) => type.order), [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(await names(client, statuses), Object.values(systemStatuses).flat());
    for (const [category, expected] of Object.entries(systemStatuses)) {
      const some = await list(client, statuses, `?category=${category}`);
      assert.deepEqual(some.map((status) => status.name), expected);
      assert.deepEqual(some.map((status) => [status.order, status.category, status.isSystemStatus]), expected.map((_, i) => [i + 1, category, true]));
    }
  });

  test('the keys of the specification', async () => {
    assert.deepEqual(Object.keys((await list(client, types))[0]).sort(),
      ['color', 'createdAt', 'createdBy', 'description', 'icon', 'id', 'isActive', 'isDefault', 'isSystemType', 'name', 'order', 'updatedAt', 'updatedBy']);
    assert.deepEqual(Object.keys((await list(client, statuses))[0]).sort(),
      ['category', 'color', 'createdAt', 'createdBy', 'description', 'icon', 'id', 'isActive', 'isSystemStatus', 'name', 'order', 'updatedAt', 'updatedBy']);
  });

  test('cannot be changed or deleted', async () => {
    for (const path of [types, statuses]) {
      for (const { id, name, description, color, icon, order } of await list(client, path)) {
        for (const body of [{ name: 'Mine' }, { color: '#000000' }, { order: order + 1 }, { name, description, color, icon, order, isDefault: true, name: 'x' }]) {
          fails(await client.put(`${path}/${id}`, body), 403, 'SYSTEM_RESOURCE');
        }
        fails(await client.del(`${path}/${id}`), 403, 'SYSTEM_RESOURCE');
        fails(await client.post(`${path}/${id}:activate`), 403, 'SYSTEM_RESOURCE');
      }
    }
    assert.deepEqual(await list(client, types), await list(other, types));
  });
});

for (const [what, path, extra, flag, code] of [
  ['types', types, {}, 'isSystemType', 'ISSUE_TYPE_NOT_FOUND'], ['statuses', statuses, { category: 'active' }, 'isSystemStatus', 'ISSUE_STATUS_NOT_FOUND'],
]) {
  describe(`a tenant's own ${what}`, () => {
    const client = newTenant();
    const add = async (fields) => created(await client.post(path, { ...extra, ...fields })).data;

    test('are created, read, changed, deleted and brought back', async () => {
      const sent = { name: 'Marketing', description: 'Marketing and branding issues', color: '#4ECDC4', icon: 'bullhorn', order: 8, ...extra };
      const answer = created(await client.post(path, sent));
      const one = answer.data;
      for (const [key, value] of Object.entries(sent)) assert.equal(one[key], value, key);
      assert.deepEqual([one.isActive, one[flag]], [true, false]);
      assert.ok(answer.headers.location.endsWith(`${path}/${one.id}`));
      assert.deepEqual(ok(await client.get(`${path}/${one.id}`)).data, one);
      const changed = ok(await client.put(`${path}/${one.id}`, { name: 'Marketing & Sales', icon: null })).data;
      assert.deepEqual({ ...changed, updatedAt: 0 }, { ...one, name: 'Marketing & Sales', icon: null, updatedAt: 0 });
      assert.deepEqual({ ...ok(await client.put(`${path}/${one.id}`, changed)).data, updatedAt: 0 }, { ...changed, updatedAt: 0 });
      const gone = ok(await client.del(`${path}/${one.id}`)).data;
      assert.deepEqual([Object.keys(gone).sort(), gone.id], [['deletedAt', 'id'], one.id]);
      assert.ok(!(await names(client, path)).includes('Marketing & Sales'));
      assert.ok((await names(client, path, '?includeInactive=true')).includes('Marketing & Sales'));
      assert.equal(ok(await client.get(`${path}/${one.id}`)).data.isActive, false);
      const back = ok(await client.post(`${path}/${one.id}:activate`)).data;
      assert.deepEqual({ ...back, updatedAt: 0 }, { ...changed, updatedAt: 0 });
      assert.equal(ok(await client.post(`${path}/${one.id}%3Aactivate`, {})).data.isActive, true);
    });

    test('isActive is changed by its verbs alone', async () => {
      const one = await add({ name: 'Still here' });
      invalid(await client.put(`${path}/${one.id}`, { isActive: false }), 'isActive');
      invalid(await client.put(`${path}/${one.id}`, { is_active: null, [flag]: true }), 'is_active', flag);
      invalid(await client.post(path, { name: 'y', ...extra, isActive: false, [flag]: true }), 'isActive', flag);
      ok(await client.put(`${path}/${one.id}`, { ...one, isActive: true }));
      ok(await client.del(`${path}/${one.id}`));
      fails(await client.del(`${path}/${one.id}`), 404, code);
      invalid(await client.put(`${path}/${one.id}`, { isActive: true }), 'isActive');
      assert.equal(ok(await client.get(`${path}/${one.id}`)).data.isActive, false);
      ok(await client.post(`${path}/${one.id}:activate`));
      ok(await client.del(`${path}/${one.id}`));
    });

    test('bad fields', async () => {
      for (const [field, value] of [['name', ''], ['name', 'x'.repeat(101)], ['name', 5], ['color', 'red'], ['color', '#12345'], ['color', '#GGGGGG'], ['color', 'x#FF6B6B'],
        ['order', 0], ['order', -1], ['order', 1.5], ['order', '1'], ['icon', 5], ['icon', '']]) {
        invalid(await client.post(path, { name: 'x', ...extra, [field]: value }), field);
      }
      fails(await client.post(path, {}), 422, 'VALIDATION_ERROR');
      fails(await client.post(path, { ...extra }), 422, 'VALIDATION_ERROR');
      assert.ok(!(await names(client, path)).includes('x'));
    });

    test('names are unique in any case, SYSTEM and inactive ones included', async () => {
      const taken = await add({ name: 'Über Größe ς' });
      const inactive = await add({ name: 'Retired' });
      ok(await client.del(`${path}/${inactive.id}`));
      const system = (await list(client, path))[1].name;
      for (const name of ['ÜBER GRÖSSE Σ'.replace('SS', 'ß'), 'über größe σ', 'RETIRED', system, system.toUpperCase(), system.toLowerCase()]) {
        fails(await client.post(path, { name, ...extra }), 409, 'DUPLICATE_NAME');
      }
      const other = await add({ name: 'Other' });
      for (const name of ['Retired', 'über Größe ς', system.toUpperCase()]) fails(await client.put(`${path}/${other.id}`, { name }), 409, 'DUPLICATE_NAME');
      assert.equal(ok(await client.put(`${path}/${other.id}`, { name: 'OTHER' })).data.name, 'OTHER');
      assert.equal(ok(await client.put(`${path}/${taken.id}`, { name: taken.name })).data.name, taken.name);
    });

    test('two tenants may have the same names', async () => {
      for (const tenant of [newTenant(), newTenant()]) assert.equal(created(await tenant.post(path, { name: 'Same', ...extra })).data.name, 'Same');
    });

    test('another tenant\'s do not exist', async () => {
      const mine = await add({ name: 'Private' });
      const stranger = newTenant();
      for (const id of [mine.id, unknownId(), 'x']) {
        for (const [method, sub, body] of [['GET', ''], ['PUT', '', { name: 'y' }], ['DELETE', ''], ['POST', ':activate']]) {
          fails(await stranger.request(method, `${path}/${id}${sub}`, body), 404, code);
        }
      }
      assert.ok(!(await names(stranger, path, '?includeInactive=true')).includes('Private'));
    });

    test('the same name twenty times at once: one wins', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => client.post(path, { name: i % 2 ? 'race' : 'RACE', ...extra })));
      assert.equal(answers.filter((answer) => answer.status === 201).length, 1);
      for (const answer of answers) if (answer.status !== 201) fails(answer, 409, 'DUPLICATE_NAME');
    });

    test('If-Match', async () => {
      const answer = created(await client.post(path, { name: 'Tagged', ...extra }));
      const tag = { headers: { 'If-Match': answer.headers.etag } };
      ok(await client.put(`${path}/${answer.data.id}`, { description: 'd' }, tag));
      fails(await client.put(`${path}/${answer.data.id}`, { description: 'e' }, tag), 412, 'PRECONDITION_FAILED');
      fails(await client.del(`${path}/${answer.data.id}`, tag), 412, 'PRECONDITION_FAILED');
    });

    test('only what was asked for is listed', async () => {
      const own = newTenant();
      const one = created(await own.post(path, { name: 'One', ...extra })).data;
      const two = created(await own.post(path, { name: 'Two', ...extra })).data;
      ok(await own.del(`${path}/${two.id}`));
      assert.deepEqual(await names(own, path, '?includeSystem=false'), ['One']);
      assert.deepEqual(await names(own, path, '?include_system=false&includeInactive=true'), ['One', 'Two']);
      assert.equal((await names(own, path, '?includeSystem=true')).length, (await names(own, path)).length);
      invalid(await own.get(`${path}?includeInactive=yes`), 'includeInactive');
      invalid(await own.get(`${path}?page=1`), 'page');
      assert.equal(one.isActive, true);
    });
  });
}

describe('the default type', () => {
  test('is General until another one is, and one at a time', async () => {
    const client = newTenant();
    assert.deepEqual(await defaults(client), ['General']);
    const marketing = await addType(client, { name: 'Marketing', isDefault: true });
    assert.equal(marketing.isDefault, true);
    assert.deepEqual(await defaults(client), ['Marketing']);
    assert.equal((await client.issue()).typeConfigId, marketing.id);
    const sales = await addType(client, { name: 'Sales' });
    assert.equal(ok(await client.put(`${types}/${sales.id}`, { isDefault: true })).data.isDefault, true);
    assert.deepEqual(await defaults(client), ['Sales']);
    assert.equal(ok(await client.put(`${types}/${sales.id}`, { isDefault: false })).data.isDefault, false);
    assert.deepEqual(await defaults(client), ['General']);
    assert.deepEqual(await defaults(newTenant()), ['General']);
  });

  test('may be a SYSTEM type, for this tenant alone', async () => {
    const [client, other] = [newTenant(), newTenant()];
    const legal = await byName(client, types, 'Legal');
    assert.deepEqual(ok(await client.put(`${types}/${legal.id}`, { isDefault: true })).data, { ...legal, isDefault: true });
    assert.deepEqual([await defaults(client), await defaults(other)], [['Legal'], ['General']]);
    assert.equal((await client.issue()).type.name, 'Legal');
    assert.equal(ok(await client.put(`${types}/${legal.id}`, { ...legal, isDefault: false })).data.isDefault, false);
    assert.deepEqual(await defaults(client), ['General']);
    const general = await byName(client, types, 'General');
    invalid(await client.put(`${types}/${general.id}`, { isDefault: false }), 'isDefault');
  });

  test('deleting it makes General the default; an inactive one cannot be it', async () => {
    const client = newTenant();
    const own = await addType(client, { name: 'Own', is_default: true });
    ok(await client.del(`${types}/${own.id}`));
    assert.deepEqual(await defaults(client), ['General']);
    invalid(await client.put(`${types}/${own.id}`, { isDefault: true }), 'isDefault');
    assert.equal(ok(await client.post(`${types}/${own.id}:activate`)).data.isDefault, false);
  });

  test('set by many at once: one remains', async () => {
    const client = newTenant();
    const made = [];
    for (let i = 0; i < 6; i += 1) made.push(await addType(client, { name: `T${i}` }));
    const legal = await byName(client, types, 'Legal');
    await Promise.all([...made, legal].map((type) => client.put(`${types}/${type.id}`, { isDefault: true }).then(ok)));
    assert.equal((await defaults(client)).length, 1);
    await Promise.all(Array.from({ length: 6 }, (_, i) => addType(client, { name: `N${i}`, isDefault: true })));
    assert.equal((await defaults(client)).length, 1);
  });
});

describe('in use', () => {
  for (const [path, field, extra] of [[types, 'typeConfigId', {}], [statuses, 'statusId', { category: 'closed' }]]) {
    test(`${field}: not deleted while issues have it, not given while inactive`, async () => {
      const client = newTenant();
      const own = created(await client.post(path, { name: 'Own', color: '#123456', icon: 'i', ...extra })).data;
      const issue = await client.issue({ [field]: own.id });
      const embedded = field === 'statusId' ? issue.status : issue.type;
      assert.deepEqual(embedded, { id: own.id, name: 'Own', category: extra.category ?? null, color: '#123456', icon: 'i' });
      fails(await client.del(`${path}/${own.id}`), 409, 'DEPENDENCY_EXISTS');
      ok(await client.put(`${path}/${own.id}`, { name: 'Renamed' }));
      const now = ok(await client.get(`${issues}/${issue.id}`)).data;
      assert.equal((field === 'statusId' ? now.status : now.type).name, 'Renamed');
      ok(await client.del(`${issues}/${issue.id}`));
      ok(await client.del(`${path}/${own.id}`));
      invalid(await client.post(issues, { title: 'x', [field]: own.id }), field);
      const other = await client.issue();
      invalid(await client.put(`${issues}/${other.id}`, { [field]: own.id }), field);
      ok(await client.post(`${path}/${own.id}:activate`));
      assert.equal(ok(await client.put(`${issues}/${other.id}`, { [field]: own.id })).data[field], own.id);
      fails(await client.del(`${path}/${own.id}`), 409, 'DEPENDENCY_EXISTS');
      const stranger = newTenant();
      invalid(await stranger.post(issues, { title: 'x', [field]: own.id }), field);
    });

    test(`${field}: deleting it against giving it to issues, never both`, async () => {
      const client = newTenant();
      for (let round = 0; round < 12; round += 1) {
        const own = created(await client.post(path, { name: `R${round}`, ...extra })).data;
        const issue = await client.issue();
        const work = [client.del(`${path}/${own.id}`), client.post(issues, { title: 'x', [field]: own.id }), client.put(`${issues}/${issue.id}`, { [field]: own.id })];
        if (round % 2) work.push(work.shift());
        const answers = await Promise.all(work);
        const gone = round % 2 ? answers.pop() : answers.shift();
        const given = answers.filter((answer) => answer.status < 300);
        assert.ok(gone.status === 200 ? given.length === 0 : given.length > 0, JSON.stringify([gone.body, answers.map((answer) => answer.body)]));
        if (gone.status !== 200) fails(gone, 409, 'DEPENDENCY_EXISTS');
        for (const answer of answers) if (answer.status >= 300) invalid(answer, field);
      }
    });
  }

  test('deleting the default type against creating issues without one', async () => {
    const client = newTenant();
    for (let round = 0; round < 8; round += 1) {
      const own = await addType(client, { name: `D${round}`, isDefault: true });
      const [gone, ...made] = await Promise.all([client.del(`${types}/${own.id}`), ...Array.from({ length: 3 }, () => client.issue())]);
      const using = made.filter((issue) => issue.typeConfigId === own.id).length;
      assert.ok(gone.status === 200 ? using === 0 : using > 0);
    }
  });
});

describe('the order of statuses', () => {
  const order = async (client, query = '?category=active') => (await list(client, statuses, query)).map((status) => [status.name, status.order]);

  test('a new one goes to the end of its category, or where it says', async () => {
    const client = newTenant();
    assert.equal((await addStatus(client, { name: 'Last' })).order, 4);
    assert.equal((await addStatus(client, { name: 'Early', order: 1 })).order, 1);
    assert.deepEqual((await order(client)).map(([name]) => name), ['In Progress', 'Early', 'In Review', 'Blocked', 'Last']);
    assert.equal((await addStatus(client, { name: 'Other', category: 'closed' })).order, 5);
  });

  test(':reorder takes some or all; the others follow in their order', async () => {
    const [client, other] = [newTenant(), newTenant()];
    const pending = await addStatus(client, { name: 'Pending' });
    const retired = await addStatus(client, { name: 'Retired' });
    ok(await client.del(`${statuses}/${retired.id}`));
    const ids = Object.fromEntries((await list(client, statuses)).map((status) => [status.name, status.id]));
    const answer = ok(await client.put(`${statuses}:reorder`, { category: 'active', statusIds: [pending.id, ids.Blocked] }));
    const expected = [['Pending', 1], ['Blocked', 2], ['In Progress', 3], ['In Review', 4]];
    assert.deepEqual(answer.data.map((status) => [status.name, status.order]), expected);
    assert.deepEqual(await order(client), expected);
    assert.deepEqual(await list(client, statuses, '?category=active'), answer.data);
    assert.equal(ok(await client.get(`${statuses}/${ids.Blocked}`)).data.order, 2);
    assert.deepEqual(await order(other), [['In Progress', 1], ['In Review', 2], ['Blocked', 3]]);
    assert.deepEqual(await order(client, '?category=open'), [['Open', 1], ['Backlog', 2]]);
    assert.equal(ok(await client.post(`${statuses}/${retired.id}:activate`)).data.order, 5);
    const whole = [ids['In Review'], retired.id, ids['In Progress'], ids.Blocked, pending.id];
    assert.deepEqual(ok(await client.put(`${statuses}%3Areorder`, { category: 'active', status_ids: whole })).data.map((status) => status.id), whole);
    assert.equal((await addStatus(client, { name: 'Sixth' })).order, 6);
  });

  test('anything else is refused', async () => {
    const client = newTenant();
    const own = await addStatus(client, { name: 'Own' });
    const inactive = await addStatus(client, { name: 'Inactive' });
    ok(await client.del(`${statuses}/${inactive.id}`));
    const open = await byName(client, statuses, 'Open');
    const put = (statusIds, category = 'active') => client.put(`${statuses}:reorder`, { category, statusIds });
    invalid(await put([own.id, open.id]), 'statusIds[1]');
    invalid(await put([own.id, own.id]), 'statusIds[1]');
    invalid(await put([unknownId(), 'x']), 'statusIds[0]', 'statusIds[1]');
    invalid(await put([unknownId()]), 'statusIds[0]');
    invalid(await put([inactive.id]), 'statusIds[0]');
    invalid(await put([]), 'statusIds');
    invalid(await put([own.id], 'done'), 'category');
    invalid(await client.put(`${statuses}:reorder`, {}), 'category', 'statusIds');
    assert.deepEqual(await order(client), [['In Progress', 1], ['In Review', 2], ['Blocked', 3], ['Own', 4]]);
  });

  test('many at once: one of them counts', async () => {
    const client = newTenant();
    const ids = (await list(client, statuses, '?category=closed')).map((status) => status.id);
    const wanted = Array.from({ length: 8 }, (_, i) => [...ids.slice(i % 4), ...ids.slice(0, i % 4)]);
    const answers = await Promise.all(wanted.map((statusIds) => client.put(`${statuses}:reorder`, { category: 'closed', statusIds }).then(ok)));
    answers.forEach((answer, i) => assert.deepEqual(answer.data.map((status) => status.id), wanted[i]));
    const left = (await list(client, statuses, '?category=closed')).map((status) => status.id);
    assert.ok(wanted.some((one) => one.join() === left.join()));
  });
});

test('a status keeps its category', async () => {
  const client = newTenant();
  const status = await addStatus(client, { name: 'Own' });
  invalid(await client.put(`${statuses}/${status.id}`, { category: 'closed' }), 'category');
  invalid(await client.put(`${statuses}/${status.id}`, { category: null }), 'category');
  assert.equal(ok(await client.put(`${statuses}/${status.id}`, { category: 'active', name: 'New' })).data.name, 'New');
  invalid(await client.post(statuses, { name: 'x' }), 'category');
  invalid(await client.get(`${statuses}?category=done`), 'category');
  assert.deepEqual(await names(client, statuses, '?category=open,inactive'), ['Open', 'Backlog', 'On Hold', 'Deferred']);
});
