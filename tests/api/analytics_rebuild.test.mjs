// A stack of its own: projections made anew from snapshots while everything goes on are the same as those
// that grew from the whole logs, and what was killed on the way leaves nothing wrong.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, created, ok } from './support/client.mjs';
import { commandCenter, difference as differenceOfCenters, survey } from './support/command_world.mjs';
import { Stack } from './support/stack.mjs';
import { alignment, difference, happen, look, newWorld, randomOf, score, stats } from './support/world.mjs';

const stack = new Stack();
const clients = [];
const worlds = [];
const r = randomOf(20251);
const tables = ['goals', 'strategies', 'kpis', 'links', 'readings', 'target_points', 'plan_anchors', 'actions', 'issues', 'activity'];

before(async () => {
  await stack.start();
  for (const tenant of ['tenant-a', 'tenant-b']) {
    clients.push(new Client({ tenant, user: 'user-1', name: 'Ann', url: stack.url, secret: stack.secret }));
    worlds.push(newWorld({ plans: true, wider: true }));
  }
});

after(async () => {
  assert.deepEqual(await stack.stop(), []);
});

const live = async (count) => {
  for (let i = 0; i < count; i += 20) await happen(clients[(i / 20) % 2], r, worlds[(i / 20) % 2], 20);
};

const generation = async () => Number(await stack.postgres.query('SELECT current FROM analytics.generations'));

// Every row of the generation without what differs by nature: versions, which count changes that have no
// event of their own, and what is about goals that are deleted, of which no figure takes notice.
const seen = (current) => {
  const there = `SELECT id FROM analytics.goals g WHERE g.tenant_id = t.tenant_id AND g.generation = ${current}`;
  const strategies = there.replace('analytics.goals', 'analytics.strategies');
  const ids = (column, known) => `SELECT coalesce(jsonb_agg(u.id ORDER BY u.n), '[]') FROM unnest(t.${column}) WITH ORDINALITY AS u (id, n) WHERE u.id IN (${known})`;
  return {
    links: { where: `AND t.goal_id IN (${there})`, row: `|| jsonb_build_object('strategy_id', (${strategies} AND g.id = t.strategy_id))` },
    actions: { row: `|| jsonb_build_object('goal_ids', (${ids('goal_ids', there)}), 'strategy_ids', (${ids('strategy_ids', strategies)}))` },
  };
};
async function projections() {
  const current = await generation();
  const found = {};
  for (const table of tables) {
    const { row = '', where = '' } = seen(current)[table] ?? {};
    found[table] = await stack.postgres.query(
      `SELECT string_agg(row, E'\\n' ORDER BY row COLLATE "C") FROM (
         SELECT (to_jsonb(t) - '{generation,version,snapshot_version}'::text[] ${row})::text AS row
           FROM analytics.${table} t WHERE generation = ${current} ${where}) x`);
  }
  return found;
}

// Until all that was told is applied.
async function settled() {
  for (let i = 0; i < 200; i += 1) {
    const behind = await stack.postgres.query(`SELECT count(*) FROM (
      SELECT 'svc-goals' AS source, coalesce(max(pos), 0) AS head FROM goals.event_log UNION ALL SELECT 'svc-kpis', coalesce(max(pos), 0) FROM kpis.event_log
      UNION ALL SELECT 'svc-operations', coalesce(max(pos), 0) FROM operations.event_log) heads JOIN analytics.consumed c USING (source) WHERE c.pos < head`);
    const waiting = await stack.postgres.query('SELECT (SELECT count(*) FROM goals.outbox) + (SELECT count(*) FROM kpis.outbox) + (SELECT count(*) FROM operations.outbox)');
    if (behind === '0' && waiting === '0') return;
    await sleep(50);
  }
  assert.fail('the projections do not catch up');
}

async function rebuild() {
  const { code, text } = await stack.runTask('svc-analytics', ['--rebuild']);
  return { code, text };
}

async function agree(client) {
  const world = await look(client);
  const expected = { '/goals/stats': stats(world), '/performance/score': score(world), '/team/alignment': alignment(world) };
  for (const [path, figures] of Object.entries(expected)) assert.equal(difference((await client.get(path)).data, figures), '', path);
}

describe('rebuilding', () => {
  const becomes = async (look, value) => {
    let found;
    for (let i = 0; i < 400; i += 1) {
      found = await look();
      if (found === value) return;
      await sleep(50);
    }
    assert.equal(found, value);
  };

  test('gives what has grown, after a long random run', async () => {
    await live(600);
    await settled();
    const grown = await projections();
    assert.ok(grown.strategies && grown.activity && grown.issues && grown.target_points && grown.plan_anchors);
    const { code, text } = await rebuild();
    assert.equal(code, 0, text);
    assert.equal(await generation(), 2);
    const made = await projections();
    for (const table of tables) assert.equal(made[table], grown[table], table);
    for (const table of ['goals', 'strategies']) assert.ok(Number(await stack.postgres.query(`SELECT count(*) FROM analytics.${table}`)) > 10, table);
    assert.notEqual(await stack.postgres.query('SELECT count(*) FROM analytics.strategies WHERE snapshot_version > 0'), '0'); // it was no replay
    for (const table of tables) assert.equal(await stack.postgres.query(`SELECT count(*) FROM analytics.${table} WHERE generation <> 2`), '0', table);
    assert.equal(await stack.postgres.query(`SELECT count(*) FROM analytics.consumed WHERE source LIKE '%@%'`), '0');
    for (const client of clients) await agree(client);
    for (const [i, client] of clients.entries()) {
      const center = ok(await client.get('/dashboard/command-center?limit=100')).data;
      const expected = commandCenter(await survey(client, worlds[i].ownTargets), { limit: 100 });
      assert.equal(differenceOfCenters({ ...center, generatedAt: null }, { ...expected, generatedAt: null }), '');
    }
  });

  test('while everything goes on, and goes on afterwards', async () => {
    let done = false;
    const answers = [];
    const watching = (async () => {
      while (!done) {
        answers.push((await clients[0].get('/goals/stats')).status);
        await sleep(10);
      }
    })();
    // Each of the three services tells something all the time, without a pause in which one could ask for more.
    const [, client] = clients;
    const goal = await client.goal({});
    const kpi = created(await client.post('/kpis', { name: 'Busy', direction: 'up' })).data;
    const action = created(await client.post('/api/operations/actions', { title: 'Busy' })).data;
    const writing = (async () => {
      for (let i = 0; !done; i += 1) {
        ok(await client.put(`/goals/${goal.id}`, { title: `Busy ${i}` }));
        ok(await client.put(`/kpis/${kpi.id}`, { name: `Busy ${i}` }));
        ok(await client.put(`/api/operations/actions/${action.id}`, { title: `Busy ${i}` }));
      }
    })();
    const [{ code, text }] = await Promise.all([rebuild().finally(() => { done = true; }), live(200), watching, writing]);
    assert.equal(code, 0, text);
    assert.deepEqual([...new Set(answers)], [200]);
    await live(40);
    await settled();
    const grown = await projections();
    assert.equal((await rebuild()).code, 0);
    const made = await projections();
    for (const table of tables) assert.equal(made[table], grown[table], table);
    await sleep(600);
    for (const client of clients) await agree(client);
  });

  // What a service's log had before is deleted, as by retention.
  const prune = async (service, pos) => {
    await stack.postgres.query(`DELETE FROM ${service}.event_log WHERE pos < ${pos}`);
    await stack.postgres.query(`UPDATE ${service}.log_begin SET pos = ${pos}`);
  };
  const head = async (service) => Number(await stack.postgres.query(`SELECT max(pos) FROM ${service}.event_log`));
  const readyz = (name) => fetch(`http://127.0.0.1:${stack.adminPorts[name]}/readyz`).then((answer) => answer.text(), () => 'not there yet');

  test('when the logs begin late', async () => {
    await settled();
    const grown = await projections();
    for (const service of ['goals', 'kpis', 'operations']) await prune(service, await head(service));
    const { code, text } = await rebuild();
    assert.equal(code, 0, text);
    const made = await projections();
    for (const table of tables) assert.equal(made[table], grown[table], table);
    await live(40);
    await settled();
    await sleep(600);
    for (const client of clients) await agree(client);
  });

  test('a service that has nothing begins by itself, one that missed something says what to do', async () => {
    await settled();
    const grown = await projections();
    await stack.terminate('svc-analytics');
    await stack.postgres.query(`UPDATE analytics.consumed SET pos = 1 WHERE source = 'svc-goals'`);
    stack.spawn('svc-analytics');
    await becomes(async () => /its log begins at \d+, and no more than 1 was applied; svc-analytics --rebuild begins anew/.test(await readyz('svc-analytics')), true);
    await stack.terminate('svc-analytics');
    const { code, text } = await rebuild();
    assert.equal(code, 0, text);
    const rebuilt = await projections();
    for (const table of tables) assert.equal(rebuilt[table], grown[table], table);

    for (const table of tables) await stack.postgres.query(`DELETE FROM analytics.${table}`);
    await stack.postgres.query('DELETE FROM analytics.stamps; DELETE FROM analytics.consumed');
    stack.spawn('svc-analytics');
    await stack.ready();
    await settled();
    const begun = await projections();
    for (const table of tables) if (table !== 'activity') assert.equal(begun[table], grown[table], table); // history is gone
    await live(40);
    await settled();
    await sleep(600);
    for (const client of clients) await agree(client);
  });

  test('services that refuse links to what is deleted know all of that again', async () => {
    const deleted = {
      'kpis.deleted_goals': ['tenant_id, goal_id', 'SELECT tenant_id, id FROM goals.goals WHERE deleted_at IS NOT NULL'],
      'kpis.strategies WHERE deleted_at IS NOT NULL': ['tenant_id, id', 'SELECT tenant_id, id FROM goals.strategies WHERE deleted_at IS NOT NULL'],
      'operations.deleted_targets': ['tenant_id, id', `SELECT tenant_id, id FROM goals.goals WHERE deleted_at IS NOT NULL
        UNION SELECT tenant_id, id FROM goals.strategies WHERE deleted_at IS NOT NULL`],
    };
    await live(40);
    await settled();
    for (const name of ['svc-kpis', 'svc-operations']) await stack.terminate(name);
    for (const table of Object.keys(deleted)) await stack.postgres.query(`DELETE FROM ${table}`);
    await prune('goals', await head('goals'));
    for (const schema of ['kpis', 'operations']) await stack.postgres.query(`UPDATE ${schema}.consumed SET pos = 1`);
    for (const name of ['svc-kpis', 'svc-operations']) stack.spawn(name);
    await stack.ready();
    for (const [table, [columns, from]] of Object.entries(deleted)) {
      const list = (source) => stack.postgres.query(`SELECT string_agg(x::text, ' ' ORDER BY x::text COLLATE "C") FROM (${source}) x`);
      assert.ok(await list(from));
      await becomes(() => list(`SELECT ${columns} FROM ${table}`), await list(from));
    }
    await becomes(() => stack.postgres.query('SELECT (SELECT min(pos) FROM kpis.consumed) >= (SELECT pos FROM goals.log_begin)'), 't');
  });

  test('streams that missed something begin anew, and entries of readings go on', async () => {
    const [client] = clients;
    const before = await stack.postgres.query('SELECT string_agg(tenant_id || head, \' \' ORDER BY tenant_id) FROM realtime.heads');
    assert.ok(before);
    await stack.terminate('svc-realtime');
    await stack.terminate('svc-goals');
    await prune('kpis', await head('kpis'));
    await stack.postgres.query(`UPDATE realtime.consumed SET pos = 1 WHERE source = 'svc-kpis'`);
    await stack.postgres.query('UPDATE goals.consumed SET pos = 1');
    for (const name of ['svc-realtime', 'svc-goals']) stack.spawn(name);
    await stack.ready();
    await becomes(() => stack.postgres.query('SELECT bool_and(trimmed > 0 AND head >= trimmed) FROM realtime.heads'), 't');
    await becomes(() => stack.postgres.query('SELECT (SELECT pos FROM goals.consumed WHERE source = \'svc-kpis\') >= (SELECT pos FROM kpis.log_begin)'), 't');
    const goal = await client.goal({});
    const kpi = (await client.post('/kpis', { name: 'After all', direction: 'up' })).data;
    await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id });
    assert.equal((await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-01', value: 1 })).status, 201);
    await becomes(async () => (await client.get(`/goals/${goal.id}/activity`)).data.filter(({ type }) => type === 'system').length, 1);
  });

  test('one that is killed changes nothing, and the next one cleans up', async () => {
    const before = await generation();
    await stack.runTask('svc-analytics', ['--rebuild'], { killAfter: 150 });
    if (await generation() === before) {
      await stack.postgres.query(`UPDATE analytics.generations SET building_at = now() - interval '2 minutes'`);
      assert.equal((await rebuild()).code, 0);
    }
    const current = await generation();
    for (const table of tables) assert.equal(await stack.postgres.query(`SELECT count(*) FROM analytics.${table} WHERE generation <> ${current}`), '0', table);
    await sleep(600);
    for (const client of clients) await agree(client);
  });

  test('only one at a time', async () => {
    // Nobody can take over while the service's places are locked, so the first is still there when the second comes.
    const held = await stack.postgres.hold('SELECT FROM analytics.consumed FOR UPDATE');
    const first = rebuild();
    await becomes(() => stack.postgres.query(`SELECT building IS NOT NULL AND building_at > now() - interval '1 minute' FROM analytics.generations`), 't');
    const { code, text } = await rebuild();
    assert.equal(code, 1, text);
    assert.match(text, /another rebuild is under way/);
    assert.ok(held.isHeld());
    await held.release();
    const { code: other, text: said } = await first;
    assert.equal(other, 0, said);
  });

  const parked = () => stack.postgres.query(`SELECT coalesce(string_agg(tenant_id || ' ' || source || ' ' || pos, ',' ORDER BY pos), '') FROM analytics.parked_events`);
  const since = (title) => stack.postgres.query(`SELECT string_agg(tenant_id || ' svc-goals ' || pos, ',' ORDER BY pos) FROM goals.event_log
    WHERE tenant_id = 'tenant-a' AND pos >= (SELECT min(pos) FROM goals.event_log WHERE position(convert_to('${title}', 'UTF8') IN payload) > 0)`);
  test('what cannot be applied waits in the new projections as in the old ones', async () => {
    const [client, other] = clients;
    await stack.postgres.query(`ALTER TABLE analytics.goals ADD CONSTRAINT no_such CHECK (title <> 'Refused') NOT VALID`);
    await client.post('/goals', { title: 'Refused', horizon: 'year', ownerId: 'u' });
    await live(40);
    await settled();
    const waiting = await since('Refused');
    await becomes(parked, waiting);
    await agree(other);
    const { code, text } = await rebuild();
    assert.equal(code, 0, text);
    // The goal of the snapshot waits, with a number before the first that waited, and behind it the same events.
    const [, , first] = waiting.split(',')[0].split(' ');
    await becomes(parked, `tenant-a svc-goals ${first - 1},${waiting}`);
    await sleep(600);
    await agree(other);

    // Skipped before and not in the new projections: the service knows it although no event came meanwhile.
    await stack.postgres.query(`DELETE FROM analytics.parked_events WHERE pos < ${Number(first) + 1}`);
    await becomes(parked, '');
    await settled();
    const end = await head('goals');
    assert.equal((await rebuild()).code, 0);
    await client.post('/goals', { title: 'Behind it', horizon: 'year', ownerId: 'u' });
    await settled();
    await becomes(parked, `tenant-a svc-goals ${end},${await since('Behind it')}`);
    await stack.postgres.query('ALTER TABLE analytics.goals DROP CONSTRAINT no_such');
    await stack.postgres.query('UPDATE analytics.parked_events SET next_at = now() WHERE attempts > 0');
    await becomes(parked, '');
    await sleep(600);
    for (const one of clients) await agree(one);
  });
});
