// The strategies of all goals, as sibling clients read them.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { basePath, created, fails, invalid, newTenant, ok, unknownId } from './support/client.mjs';

const names = (answer) => ok(answer).data.map(({ name }) => name);

describe('GET /strategies', () => {
  for (const prefix of ['', '/api', basePath, `${basePath}/api`]) {
    test(`answers what a client reads under "${prefix}"`, async () => {
      const client = newTenant({ base: prefix });
      const goal = created(await client.post('/goals', { title: 'Grow revenue', ownerId: 'user-1', startDate: '2026-01-01', dueDate: '2026-12-31' })).data;
      const { id } = created(await client.post(`/goals/${goal.id}/strategies`, { title: 'Expand in Asia', description: 'Enter five markets', status: 'validated' })).data;
      const answer = ok(await client.get('/strategies'));
      assert.equal(answer.data.length, 1);
      const { createdAt, updatedAt, ...read } = answer.data[0];
      assert.equal(updatedAt, createdAt);
      assert.deepEqual(read, {
        id, goalId: goal.id, title: 'Expand in Asia', name: 'Expand in Asia', description: 'Enter five markets', status: 'validated', order: 1,
        ownerId: 'user-1', ownerName: 'Ann One', priority: null, dueDate: null, tags: [], aiGenerated: false, validationScore: null, validationFeedback: null,
        createdBy: 'user-1', updatedBy: 'user-1', goalTitle: 'Grow revenue', startDate: '2026-01-01T00:00:00.000Z', endDate: '2026-12-31T00:00:00.000Z', progress: 0,
      });
      assert.equal(answer.body.pagination.total, 1);
      const one = ok(await client.get(`/strategies/${id}`));
      assert.deepEqual(one.data, answer.data[0]);
      assert.match(one.headers.etag, /^"1-/);
      fails(await client.get(`/strategies/${unknownId()}`), 404, 'STRATEGY_NOT_FOUND');
      fails(await client.get('/strategies/nonsense'), 404, 'STRATEGY_NOT_FOUND');
      // The whole object may be sent back to its goal.
      const { data } = ok(await client.put(`/goals/${goal.id}/strategies/${id}`, { ...one.data, name: 'Asia' }));
      assert.deepEqual([data.title, data.ownerId], ['Asia', 'user-1']);
    });
  }

  test('filters, searches and sorts', async () => {
    const client = newTenant();
    const [one, two] = [await client.goal({ title: 'One', ownerId: 'ann' }), await client.goal({ title: 'Two', ownerId: 'bob' })];
    await client.strategy(two, { title: 'Straße', description: 'x' });
    await client.strategy(one, { title: 'b', description: 'STRASSE', ownerId: 'bob', status: 'adopted' });
    await client.strategy(one, { description: '100 % of it' });
    assert.deepEqual(names(await client.get('/strategies')), ['b', '100 % of it', 'Straße']);
    assert.deepEqual(names(await client.get(`/strategies?goalId=${two.id}`)), ['Straße']);
    assert.deepEqual(names(await client.get('/strategies?owner_id=bob')), ['b', 'Straße']);
    assert.deepEqual(names(await client.get('/strategies?search=strasse')), ['b', 'Straße']);
    assert.deepEqual(names(await client.get('/strategies?search=100%20%25')), ['100 % of it']);
    assert.deepEqual(names(await client.get('/strategies?search=_')), []);
    assert.deepEqual(names(await client.get('/strategies?status=Adopted,validated&type=quarterly')), ['b']);
    assert.deepEqual(names(await client.get('/strategies?sort=created_at')), ['Straße', 'b', '100 % of it']);
    assert.deepEqual(names(await client.get('/strategies?sortBy=order&sortOrder=desc&limit=1')), ['100 % of it']);
    invalid(await client.get('/strategies?status=paused&sort=name&page=0'), 'status', 'sort', 'page');
    invalid(await client.get('/strategies?horizon=year'), 'horizon');
    ok(await client.del(`/goals/${one.id}`));
    assert.deepEqual(names(await client.get('/strategies')), ['Straße']);
  });

  test('are of nobody else, and of the module goals', async () => {
    const [client, stranger] = [newTenant(), newTenant()];
    const goal = await client.goal();
    const strategy = await client.strategy(goal);
    for (const query of ['', `?goalId=${goal.id}`, '?ownerId=user-1', '?search=a', '?sort=order']) {
      assert.deepEqual(ok(await stranger.get(`/strategies${query}`)).data, [], query);
    }
    fails(await stranger.get(`/strategies/${strategy.id}`), 404, 'STRATEGY_NOT_FOUND');
    const without = newTenant({ features: ['kpis'] });
    fails(await without.get('/strategies'), 403, 'INSUFFICIENT_PERMISSIONS');
    assert.equal(ok(await client.as({ role: 'viewer' }).get('/strategies')).data.length, 1);
  });
});
