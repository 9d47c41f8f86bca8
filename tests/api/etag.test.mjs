// Versions of single resources: ETag, If-None-Match, If-Match.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { created, fails, newTenant, ok } from './support/client.mjs';

const form = /^"(\d+)-([^"\s]+)"$/;
const version = (answer) => Number(answer.headers.etag.match(form)[1]);
const ifMatch = (etag) => ({ headers: { 'If-Match': etag } });
const ifNoneMatch = (etag) => ({ headers: { 'If-None-Match': etag } });

describe('ETag', () => {
  const client = newTenant();

  test('is on single resources, after POST and PUT as well, and not on lists', async () => {
    const made = created(await client.post('/goals', { title: 'x', horizon: 'year', ownerId: 'o' }));
    const path = `/goals/${made.data.id}`;
    const read = ok(await client.get(path));
    const put = ok(await client.put(path, { title: 'y' }));
    const verb = ok(await client.post(`${path}:activate`));
    const strategy = created(await client.post(`${path}/strategies`, { description: 's' }));
    const same = ok(await client.get(`${path}/strategies/${strategy.data.id}`));
    for (const answer of [made, read, put, verb, strategy, same]) assert.match(answer.headers.etag ?? '', form);
    assert.equal(read.headers.etag, made.headers.etag);
    assert.equal(same.headers.etag, strategy.headers.etag);
    assert.ok(version(put) > version(made) && version(verb) > version(put));
    assert.equal(ok(await client.get('/goals')).headers.etag, undefined);
  });

  test('of POST and PUT is that of the next GET, of everything', async () => {
    const goal = created(await client.post('/goals', { title: 'x', ownerId: 'o', valueTags: ['a'], metadata: { k: [1] }, dueDate: '2031-01-02T03:04:05.678912+01:00' }));
    const path = `/goals/${goal.data.id}`;
    const same = async (answer, address) => assert.equal(answer.headers.etag, ok(await client.get(address)).headers.etag, `${address} at version ${version(answer)}`);
    await same(goal, path);
    await same(ok(await client.put(path, { title: 'y', valueTags: null, metadata: null, intent: 'i', startDate: null })), path);
    for (const verb of ['activate', 'pause', 'activate']) await same(ok(await client.post(`${path}:${verb}`, { reason: 'r' })), path);
    const strategy = created(await client.post(`${path}/strategies`, { description: 's' }));
    const strategyPath = `${path}/strategies/${strategy.data.id}`;
    await same(strategy, strategyPath);
    await same(ok(await client.put(strategyPath, { status: 'adopted' })), strategyPath);
    await same(ok(await client.put(path, { title: 'z' })), path);
    const kpi = created(await client.post('/kpis', { name: 'k', direction: 'up', baselineValue: 0.1, targetValue: 3, ownerId: 'o' }));
    const kpiPath = `/kpis/${kpi.data.id}`;
    await same(kpi, kpiPath);
    created(await client.post(`${kpiPath}/readings`, { period: '2025-01', value: 1 }));
    await same(ok(await client.put(kpiPath, { unit: 'EUR', targetValue: null })), kpiPath);
    const linkPath = `${path}/kpis/${kpi.data.id}:link`;
    const body = { kpi_id: kpi.data.id, threshold_pct: 40, targetValue: 2 };
    await same(created(await client.post(`${path}/kpis:link`, body)), linkPath);
    await same(ok(await client.post(`${path}/kpis:link`, { ...body, baselineValue: 0 })), linkPath);
    await same(ok(await client.post(`${path}/kpis/${kpi.data.id}:setThreshold`, { threshold_pct: 33.333 })), linkPath);
    await same(ok(await client.put(path, { title: 'with a KPI' })), path);
    await same(ok(await client.post(`${path}:close`, { finalStatus: 'completed' })), path);
  });

  test('a strategy whose place changes gets a new version, and so does the goal', async () => {
    const goal = await client.goal();
    const path = `/goals/${goal.id}`;
    const [a, b] = [await client.strategy(goal), await client.strategy(goal)];
    const tags = async () => [path, `${path}/strategies/${a.id}`, `${path}/strategies/${b.id}`].reduce(
      async (all, address) => [...(await all), ok(await client.get(address)).headers.etag], Promise.resolve([]));
    const changes = [
      () => client.post(`${path}/strategies`, { description: 'first', order: 1 }),
      async () => client.put(`${path}/strategies:reorder`, { strategyIds: ok(await client.get(`${path}/strategies`)).data.map(({ id }) => id).reverse() }),
    ];
    for (const change of changes) {
      const before = await tags();
      assert.ok((await change()).status < 300);
      const after = await tags();
      const moved = before.map((tag, i) => tag !== after[i]);
      assert.ok(moved[0], 'the goal');
      for (const [i, strategy] of [a, b].entries()) {
        if (moved[i + 1]) fails(await client.put(`${path}/strategies/${strategy.id}`, { status: 'adopted' }, ifMatch(before[i + 1])), 412, 'PRECONDITION_FAILED');
      }
      assert.ok(moved[1] || moved[2], 'a strategy');
      fails(await client.put(path, { title: 'stale' }, ifMatch(before[0])), 412, 'PRECONDITION_FAILED');
    }
  });

  test('a read that finds it unchanged is 304 without a body', async () => {
    const goal = await client.goal();
    const { etag } = (await client.get(`/goals/${goal.id}`)).headers;
    for (const value of [etag, `"0-x", ${etag}`, `${etag},"1-y"`, `W/${etag}`, '*']) {
      const answer = await client.get(`/goals/${goal.id}`, ifNoneMatch(value));
      assert.equal(answer.status, 304, value);
      assert.equal(answer.headers.etag, etag);
    }
    assert.equal((await client.request('HEAD', `/goals/${goal.id}`, undefined, ifNoneMatch(etag))).status, 304);
    for (const value of ['"x"', `"${etag.match(form)[1]}-other"`, etag.slice(1, -1)]) {
      ok(await client.get(`/goals/${goal.id}`, ifNoneMatch(value)));
    }
  });

  test('follows everything that the body shows', async () => {
    const goal = await client.goal({ ownerId: 'the-owner' });
    const tag = async () => ok(await client.get(`/goals/${goal.id}`)).headers.etag;
    const tags = [await tag()];
    ok(await client.put(`/goals/${goal.id}`, { intent: 'x' }));
    tags.push(await tag());
    const strategy = await client.strategy(goal);
    tags.push(await tag());
    ok(await client.put(`/goals/${goal.id}/strategies/${strategy.id}`, { status: 'adopted' }));
    tags.push(await tag());
    ok(await client.as({ user: 'the-owner', name: 'Named' }).get('/goals'));
    tags.push(await tag());
    assert.equal(new Set(tags).size, tags.length, tags.join());
    for (const old of tags.slice(0, -1)) ok(await client.get(`/goals/${goal.id}`, ifNoneMatch(old)));
  });
});

describe('If-Match', () => {
  const client = newTenant();

  test('lets a PUT pass that knows the version, and no other', async () => {
    const goal = await client.goal();
    const path = `/goals/${goal.id}`;
    const first = (await client.get(path)).headers.etag;
    const changed = ok(await client.put(path, { title: 'one' }, ifMatch(first)));
    const stale = await client.put(path, { title: 'two' }, ifMatch(first));
    fails(stale, 412, 'PRECONDITION_FAILED');
    assert.equal(ok(await client.get(path)).data.title, 'one');
    const otherHash = changed.headers.etag.replace(/-.*"$/, '-0000"');
    ok(await client.put(path, { title: 'three' }, ifMatch(otherHash)));
    ok(await client.put(path, { title: 'four' }, ifMatch('*')));
    const now = (await client.get(path)).headers.etag;
    ok(await client.put(path, { title: 'five' }, ifMatch(`"1-x", ${now}`)));
  });

  test('of several versions is satisfied by any that is the current one', async () => {
    const goal = await client.goal();
    const path = `/goals/${goal.id}`;
    const lists = [(now) => `"${now}", "${now + 5}"`, (now) => `"${now + 5}-x", "${now}-y", "1"`, (now) => `"x",, "${now + 1}" ,"${now}"`,
      (now) => Array.from({ length: 60 }, (_, i) => `"${now + i - 30}-abc"`).join(',')];
    for (const list of lists) {
      const now = version(await client.get(path));
      ok(await client.put(path, { title: 'y' }, ifMatch(list(now))));
      fails(await client.put(path, { title: 'z' }, ifMatch(`"${now}", "${now + 2}-x", "${now + 900}"`)), 412, 'PRECONDITION_FAILED');
    }
    const now = version(await client.get(path));
    fails(await client.del(path, ifMatch(`"${now - 1}", "${now + 1}"`)), 412, 'PRECONDITION_FAILED');
    ok(await client.del(path, ifMatch(`"${now + 1}", "${now}"`)));
  });

  test('lets a DELETE pass that knows the version, and no other', async () => {
    const goal = await client.goal();
    const path = `/goals/${goal.id}`;
    const first = (await client.get(path)).headers.etag;
    const second = ok(await client.put(path, { title: 'one' })).headers.etag;
    fails(await client.del(path, ifMatch(first)), 412, 'PRECONDITION_FAILED');
    ok(await client.get(path));
    ok(await client.del(path, ifMatch(second)));
    fails(await client.get(path), 404, 'GOAL_NOT_FOUND');
    fails(await client.del(path, ifMatch(second)), 404, 'GOAL_NOT_FOUND');
  });

  test('does not count where there is nothing to compare: POST, and lists put in order', async () => {
    const goal = await client.goal();
    for (const tag of ['"999-x"', 'junk']) {
      ok(await client.post(`/goals/${goal.id}:${tag === 'junk' ? 'pause' : 'activate'}`, {}, ifMatch(tag)));
      created(await client.post(`/goals/${goal.id}/strategies`, { description: 's' }, ifMatch(tag)));
      const type = created(await client.post('/api/operations/issue-types', { name: `T ${tag}` })).data;
      ok(await client.del(`/api/operations/issue-types/${type.id}`));
      ok(await client.post(`/api/operations/issue-types/${type.id}:activate`, {}, ifMatch(tag)));
      const status = created(await client.post('/api/operations/issue-statuses', { name: `S ${tag}`, category: 'active' })).data;
      ok(await client.put('/api/operations/issue-statuses:reorder', { category: 'active', statusIds: [status.id] }, ifMatch(tag)));
    }
  });

  test('guards strategies too', async () => {
    const goal = await client.goal();
    const made = created(await client.post(`/goals/${goal.id}/strategies`, { description: 's' }));
    const path = `/goals/${goal.id}/strategies/${made.data.id}`;
    const put = ok(await client.put(path, { description: 't' }, ifMatch(made.headers.etag)));
    fails(await client.put(path, { description: 'u' }, ifMatch(made.headers.etag)), 412, 'PRECONDITION_FAILED');
    fails(await client.del(path, ifMatch(made.headers.etag)), 412, 'PRECONDITION_FAILED');
    ok(await client.del(path, ifMatch(put.headers.etag)));
  });

  test('guards the order of strategies by the goal\'s version', async () => {
    const goal = await client.goal();
    const ids = [(await client.strategy(goal)).id, (await client.strategy(goal)).id];
    const { etag } = (await client.get(`/goals/${goal.id}`)).headers;
    const reorder = (strategyIds, tag) => client.put(`/goals/${goal.id}/strategies:reorder`, { strategyIds }, ifMatch(tag));
    ok(await reorder([ids[1], ids[0]], etag));
    fails(await reorder(ids, etag), 412, 'PRECONDITION_FAILED');
    assert.deepEqual(ok(await client.get(`/goals/${goal.id}`)).data.strategies.map(({ id }) => id), [ids[1], ids[0]]);
  });

  test('that is nonsense never passes', async () => {
    const goal = await client.goal();
    for (const value of ['"x"', 'nonsense', '"-1-x"', '"99999999999999999999-x"', '""']) {
      const answer = await client.put(`/goals/${goal.id}`, { title: 'y' }, ifMatch(value));
      assert.ok([400, 412].includes(answer.status), answer.text);
    }
    assert.equal(ok(await client.get(`/goals/${goal.id}`)).data.title, goal.title);
  });

  // What is linked shows it at both ends, so a change of one end changes the other.
  for (const [what, path, others, otherPath, ids, otherIds] of [
    ['an action', '/api/operations/actions', 'issues', '/api/operations/issues', 'issueIds', 'actionIds'],
    ['an issue', '/api/operations/issues', 'actions', '/api/operations/actions', 'actionIds', 'issueIds'],
  ]) {
    test(`guards ${what} against ${others} that linked it meanwhile`, async () => {
      const seen = created(await client.post(path, { title: 'x' }));
      const other = created(await client.post(otherPath, { title: 'y', connections: { [otherIds]: [seen.data.id] } }));
      fails(await client.put(`${path}/${seen.data.id}`, { ...seen.data, title: 'z' }, ifMatch(seen.headers.etag)), 412, 'PRECONDITION_FAILED');
      const now = ok(await client.get(`${path}/${seen.data.id}`));
      assert.deepEqual(now.data.connections[ids], [other.data.id]);
      ok(await client.del(`${otherPath}/${other.data.id}`));
      fails(await client.put(`${path}/${seen.data.id}`, now.data, ifMatch(now.headers.etag)), 412, 'PRECONDITION_FAILED');
      assert.deepEqual(ok(await client.get(`${path}/${seen.data.id}`)).data.connections[ids], []);
    });
  }

  test('guards actions and issues whose goal or strategy was deleted', async () => {
    const [kept, doomed] = [await client.goal(), await client.goal()];
    const [strategy, gone] = [await client.strategy(kept), await client.strategy(doomed)];
    const connections = { goalIds: [doomed.id, kept.id], strategyIds: [gone.id, strategy.id] };
    const paths = [`/api/operations/actions/${(await client.action({ connections })).id}`, `/api/operations/issues/${(await client.issue({ connections })).id}`];
    const without = async (path, id) => {
      for (let i = 0; i < 200; i += 1) {
        const now = ok(await client.get(path));
        if (!JSON.stringify(now.data.connections).includes(id)) return now;
        await sleep(25);
      }
      throw new Error(`${id} stays`);
    };
    const other = client.as({ user: 'user-2' });
    for (const [remove, id, left] of [[`/goals/${doomed.id}`, doomed.id, { goalIds: [kept.id], strategyIds: [strategy.id] }],
      [`/goals/${kept.id}/strategies/${strategy.id}`, strategy.id, { goalIds: [kept.id], strategyIds: [] }]]) {
      const seen = await Promise.all(paths.map((path) => client.get(path)));
      ok(await other.del(remove));
      for (const [i, path] of paths.entries()) {
        const now = await without(path, id);
        assert.equal(version(now), version(seen[i]) + 1, 'once, whatever went with it');
        assert.equal(now.data.updatedBy, 'user-2');
        fails(await client.put(path, { title: 'z' }, ifMatch(seen[i].headers.etag)), 412, 'PRECONDITION_FAILED');
        assert.deepEqual({ goalIds: now.data.connections.goalIds, strategyIds: now.data.connections.strategyIds }, left);
      }
    }
  });

  test('of two at once, one wins', async () => {
    for (let round = 0; round < 5; round += 1) {
      const goal = await client.goal();
      const { etag } = (await client.get(`/goals/${goal.id}`)).headers;
      const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => client.put(`/goals/${goal.id}`, { title: `writer ${i}` }, ifMatch(etag))));
      const winners = answers.filter((answer) => answer.status === 200);
      assert.equal(winners.length, 1);
      for (const answer of answers) if (answer !== winners[0]) fails(answer, 412, 'PRECONDITION_FAILED');
      assert.equal(ok(await client.get(`/goals/${goal.id}`)).data.title, winners[0].data.title);
    }
  });
});
