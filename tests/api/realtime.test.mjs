// Streams as clients see them: how they open, what they carry, how they are resumed and refused.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertEnvelope, basePath, created, fails, newTenant, ok, stack, unknownId } from './support/client.mjs';
import { rawRequest } from './support/raw.mjs';
import { goalStream, tenantStream, watch } from './support/sse.mjs';
import { claimsOf, seconds, sign } from './support/token.mjs';

const ann = newTenant();
let goal;
const open = [];

// What every event says, and a whole one of the feed.
const envelope = ['at', 'entityId', 'entityType', 'goalId', 'tenantId', 'type', 'userId', 'version'];
const feedEvent = (type, { id }, activity) => ({
  type, tenantId: ann.claims.tenant, entityType: 'activity', entityId: activity.id, goalId: id, version: 1,
  userId: activity.userId, at: activity.createdAt, activity,
});

// A stream that is closed when the tests are over.
async function listen(path, client = ann, options = {}) {
  const stream = await watch(stack.url + path, { ...options, headers: { ...client.headers, ...options.headers } });
  open.push(stream);
  return stream;
}

// A stream's path asked by something that reads one JSON answer.
async function refused(path, headers = ann.headers, method = 'GET') {
  const answer = await rawRequest(method, path, headers);
  const body = assertEnvelope(method, path.split('?')[0], answer.status, answer.headers, answer.text);
  return { ...answer, ...body };
}

before(async () => { goal = await ann.goal({ title: 'watched', status: 'active' }); });
after(() => Promise.all(open.map((stream) => stream.close())));

describe('a stream opens', () => {
  for (const base of ['', basePath]) {
    test(`with the token in the header, under "${base}"`, async () => {
      const stream = await listen(base + goalStream(goal));
      const { headers } = stream;
      assert.equal(headers['content-type'], 'text/event-stream');
      assert.equal(headers['cache-control'], 'no-store');
      assert.equal(headers['x-accel-buffering'], 'no');
      assert.match(headers['x-request-id'], /\S/);
      assert.equal(headers['content-encoding'], undefined);
      assert.equal(headers['content-length'], undefined);
      await stream.until(({ retry }) => retry === 3000);
    });

    test(`with the token in the query, under "${base}"`, async () => {
      const stream = await watch(`${stack.url}${base}${tenantStream(ann)}?access_token=${ann.token}&tenant=${ann.claims.tenant}`);
      open.push(stream);
      await stream.until(({ retry }) => retry === 3000);
    });
  }

  test('for a viewer', async () => { await listen(goalStream(goal), ann.as({ user: 'v', role: 'Viewer' })); });

  test('with the caller\'s request id, never compressed', async () => {
    const stream = await listen(goalStream(goal), ann, { headers: { 'X-Request-Id': 'my-id', 'Accept-Encoding': 'gzip, br' } });
    assert.equal(stream.headers['x-request-id'], 'my-id');
    assert.equal(stream.headers['content-encoding'], undefined);
  });

  test('with a trailing slash and names beginning with _', () => listen(`${goalStream(goal)}/?_=1`));

  test('the head only for HEAD', async () => {
    const answer = await rawRequest('HEAD', goalStream(goal), ann.headers);
    assert.deepEqual([answer.status, answer.headers['content-type'], answer.text], [200, 'text/event-stream', '']);
    assert.equal((await rawRequest('HEAD', goalStream({ id: unknownId() }), ann.headers)).status, 404);
  });

  test('and no token of any stream is in a log', () => {
    for (const file of Object.values(stack.log)) {
      const text = readFileSync(file, 'utf8');
      assert.ok(!text.includes(ann.token) && !text.includes(ann.token.split('.')[2]), `${file} has a token`);
    }
    assert.ok(readFileSync(stack.log.gateway, 'utf8').includes(goalStream(goal)), 'the stream is logged');
  });
});

describe('a stream is refused in JSON', () => {
  test('for a goal that does not exist, is deleted, or is another tenant\'s, in the same words', async () => {
    const gone = await ann.goal();
    ok(await ann.del(`/goals/${gone.id}`));
    const foreign = await newTenant().goal();
    const answers = [];
    for (const id of [unknownId(), 'no-uuid', gone.id, foreign.id]) {
      answers.push(fails(await refused(goalStream({ id })), 404, 'GOAL_NOT_FOUND').error);
    }
    assert.equal(new Set(answers).size, 1);
  });

  test('without a good token', async () => {
    fails(await refused(goalStream(goal), {}), 401, 'UNAUTHENTICATED');
    fails(await refused(`${goalStream(goal)}?access_token=rubbish`, {}), 401, 'UNAUTHENTICATED');
    const old = sign(claimsOf({ ...ann.claims, exp: seconds() - 60 }), stack.secret);
    fails(await refused(`${goalStream(goal)}?access_token=${old}`, {}), 401, 'TOKEN_EXPIRED');
  });

  test('with a token that has just expired: it would end at once and come back', async () => {
    const old = ann.as({ exp: seconds() - 5 });
    ok(await old.get(`/goals/${goal.id}`));
    fails(await refused(goalStream(goal), old.headers), 401, 'TOKEN_EXPIRED');
  });

  test('for another tenant than the token\'s', async () => {
    fails(await refused(`${goalStream(goal)}?tenant=other`), 403, 'INSUFFICIENT_PERMISSIONS');
    fails(await refused(goalStream(goal), { ...ann.headers, 'X-Tenant-Id': 'other' }), 403, 'INSUFFICIENT_PERMISSIONS');
    fails(await refused(`${goalStream(goal)}?Tenant=other`), 403, 'INSUFFICIENT_PERMISSIONS');
    fails(await refused('/realtime/tenants/other'), 403, 'INSUFFICIENT_PERMISSIONS');
  });

  test('without the module, and for who is not active', async () => {
    fails(await refused(goalStream(goal), ann.as({ features: ['goals', 'kpis'] }).headers), 403, 'INSUFFICIENT_PERMISSIONS');
    await listen(goalStream(goal), ann.as({ features: ['realtime'] }));
    fails(await refused(goalStream(goal), ann.as({ user_status: 'suspended' }).headers), 403, 'INSUFFICIENT_PERMISSIONS');
  });

  test('for a parameter that does not exist', async () => {
    const answer = fails(await refused(`${goalStream(goal)}?kinds=x`), 422, 'VALIDATION_ERROR');
    assert.deepEqual(Object.keys(answer.errors), ['kinds']);
    assert.match(answer.errors.kinds, /tenant, lastEventId, types/);
    fails(await refused(`${goalStream(goal)}?lastEventId=a&last_event_id=b`), 422, 'VALIDATION_ERROR');
  });

  test('for a wrong method', async () => fails(await refused(goalStream(goal), ann.headers, 'DELETE'), 405, 'METHOD_NOT_ALLOWED'));
});

describe('CORS', () => {
  const origin = 'http://localhost:3000';

  test('of a stream', async () => {
    const { headers } = await listen(goalStream(goal), ann, { headers: { Origin: origin } });
    assert.equal(headers['access-control-allow-origin'], origin);
    assert.match(headers['access-control-expose-headers'], /X-Last-Event-Id/i);
    assert.match(headers.vary, /Origin/);
    const foreign = await listen(goalStream(goal), ann, { headers: { Origin: 'https://evil.example' } });
    assert.equal(foreign.headers['access-control-allow-origin'], undefined);
  });

  test('of a refusal and a preflight', async () => {
    const answer = fails(await refused(goalStream({ id: unknownId() }), { ...ann.headers, Origin: origin }), 404);
    assert.equal(answer.headers['access-control-allow-origin'], origin);
    const preflight = await rawRequest('OPTIONS', goalStream(goal), {
      Origin: origin, 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'last-event-id' });
    assert.equal(preflight.headers['access-control-allow-origin'], origin);
    assert.match(preflight.headers['access-control-allow-headers'], /Last-Event-ID/i);
  });
});

describe('what a goal\'s stream carries', () => {
  let watched;
  let kpis;
  before(async () => {
    watched = await ann.goal({ title: 'one' });
    const other = await ann.goal({ title: 'two' });
    const kpi = created(await ann.post('/kpis', { name: `Revenue ${unknownId()}`, direction: 'up', unit: 'EUR' })).data;
    for (const one of [watched, other]) ok(await ann.post(`/goals/${one.id}/kpis:link`, { kpiId: kpi.id, threshold_pct: 50 }), 201);
    kpis = { kpi, other };
  });

  test('entries of the feed by their type, with the very entry that REST shows', async () => {
    const stream = await listen(goalStream(watched));
    const sent = [
      ['weekly_review', 'activity.created', {}], ['note', 'activity.created', { title: 'T' }],
      ['decision', 'decision.created', {}], ['attachment', 'attachment.created', { url: 'https://x.example/a.pdf', title: 'A' }],
    ];
    const entries = [];
    for (const [type, , more] of sent) {
      entries.push(created(await ann.post(`/goals/${watched.id}/activity`, { type, text: `line 1\nline 2 ${type}\r é \u2028 "`, ...more })).data);
    }
    entries.push(created(await ann.post(`/goals/${watched.id}/notes`, { note: 'n', attachments: [{ name: 'a', url: 'https://x.example/b' }] })).data);
    await stream.count(5);
    assert.deepEqual(stream.types(), [...sent.map(([, type]) => type), 'activity.created']);
    for (const [i, { id, type, data }] of stream.events.entries()) {
      assert.match(id, /^[A-Za-z0-9_-]{1,100}$/);
      assert.deepEqual(data, feedEvent(type, watched, entries[i]));
    }
    assert.equal(new Set(stream.events.map(({ id }) => id)).size, 5);
  });

  test('the system\'s entries of a life, and nothing of other goals', async () => {
    const stream = await listen(goalStream(watched));
    ok(await ann.post(`/goals/${kpis.other.id}:activate`, { reason: 'elsewhere' }));
    ok(await ann.post(`/goals/${watched.id}:activate`, { reason: 'because' }));
    await stream.count(1);
    const [feed] = await ann.activity(watched);
    assert.deepEqual(stream.events.map(({ data }) => data), [feedEvent('activity.created', watched, feed)]);
  });

  test('a reading once on each linked goal\'s stream, and its feed entry not again', async () => {
    const streams = [await listen(goalStream(watched)), await listen(goalStream(kpis.other))];
    const tenant = await listen(tenantStream(ann));
    const reading = created(await ann.post(`/kpis/${kpis.kpi.id}/readings`, { period: '2025-01', value: 41.5 })).data;
    for (const [i, one] of [watched, kpis.other].entries()) {
      await streams[i].count(1);
      const feed = (await ann.activity(one)).filter(({ title }) => title === 'KPI Updated');
      const [{ type, data }] = streams[i].events;
      assert.equal(type, 'kpi.reading.created');
      assert.deepEqual(Object.keys(data).sort(), [...envelope, 'activity', 'kpi', 'reading'].sort());
      assert.equal(data.goalId, one.id);
      assert.deepEqual(data.reading, reading);
      assert.equal(data.kpi.id, kpis.kpi.id);
      const { id, text, title, url, createdAt } = feed[0];
      assert.deepEqual(data.activity, { id, text, title, url, createdAt });
    }
    await sleep(300); // the feed's own entry would come now
    created(await ann.post(`/goals/${watched.id}/notes`, { note: 'last' }));
    await streams[0].count(2);
    assert.deepEqual(streams[0].types(), ['kpi.reading.created', 'activity.created']);
    assert.equal(streams[1].events.length, 1);
    await tenant.until(({ events }) => events.some(({ data }) => data.activity?.text === 'last'));
    assert.deepEqual(tenant.types(), ['kpi.reading.created', 'kpi.reading.created', 'activity.created']);
  });

  test('ends when its goal is deleted, after what was before', async () => {
    const short = await ann.goal();
    const stream = await listen(goalStream(short));
    created(await ann.post(`/goals/${short.id}/notes`, { note: 'x' }));
    ok(await ann.del(`/goals/${short.id}`));
    await stream.until(({ over }) => over);
    assert.deepEqual(stream.types(), ['activity.created']);
  });
});

describe('every event', () => {
  test('has the envelope, and of its data what answers have', async () => {
    const eve = newTenant({ user: 'eve' });
    const stream = await listen(tenantStream(eve), eve);
    const one = await eve.goal();
    const strategy = await eve.strategy(one);
    const second = await eve.strategy(one);
    ok(await eve.put(`/goals/${one.id}/strategies:reorder`, { strategyIds: [second.id, strategy.id] }));
    const kpi = created(await eve.post('/kpis', { name: 'K', direction: 'up', targetValue: 9 })).data;
    const link = created(await eve.post(`/goals/${one.id}/kpis:link`, { kpi_id: kpi.id, threshold_pct: 5, baselineValue: 1, targetValue: 7 })).data;
    const reading = created(await eve.post(`/kpis/${kpi.id}/readings`, { period: '2025-02', value: 4 })).data;
    const note = created(await eve.post(`/goals/${one.id}/notes`, { note: 'n' })).data;
    const action = created(await eve.post('/api/operations/actions', { title: 'A', connections: { goalIds: [one.id] } })).data;
    ok(await eve.post(`/goals/${one.id}/kpis:unlink`, { kpi_id: kpi.id }));
    await stream.until(({ events }) => ['kpi.unlinked', 'action.created', 'activity.created', 'kpi.reading.created'].every((type) => events.some((event) => event.type === type)));
    const of = (type) => stream.events.find((event) => event.type === type).data;
    for (const { type, data } of stream.events) {
      for (const key of envelope) assert.ok(key in data, `${type} has no ${key}`);
      assert.deepEqual([data.type, data.tenantId, data.userId], [type, eve.claims.tenant, 'eve']);
      assert.doesNotMatch(JSON.stringify(data), /"own(Baseline|Target)Value"|"activityIds"|"[a-z]+_[a-z_]+":/, type);
    }
    const about = (type) => [of(type).entityType, of(type).entityId, of(type).goalId];
    assert.deepEqual(about('goal.created'), ['goal', one.id, one.id]);
    assert.deepEqual(about('strategy.created'), ['strategy', strategy.id, one.id]);
    assert.deepEqual(about('strategy.reordered'), ['goal', one.id, one.id]);
    assert.deepEqual(about('kpi.created'), ['kpi', kpi.id, null]);
    assert.deepEqual(about('kpi.linked'), ['kpi_link', link.id, one.id]);
    assert.deepEqual(about('kpi.unlinked'), ['kpi_link', link.id, one.id]);
    assert.deepEqual(about('kpi.reading.created'), ['kpi_reading', reading.id, one.id]);
    assert.deepEqual(about('activity.created'), ['activity', note.id, one.id]);
    assert.deepEqual(about('action.created'), ['action', action.id, null]);
    assert.deepEqual(Object.keys(of('kpi.linked').data).sort(), Object.keys(link).sort());
    assert.deepEqual(of('kpi.linked').data, link);
    assert.equal(of('kpi.reading.created').activity.text, 'K: 4 in 2025-02');
    await stream.close();
  });

  test('is chosen by ?types=', async () => {
    const eve = newTenant({ user: 'eve' });
    const one = await eve.goal({ status: 'active' });
    const two = await eve.goal();
    const usual = await listen(goalStream(one), eve);
    const chosen = await listen(`${goalStream(one)}?types=goal.*,strategy.created,kpi.linked`, eve);
    const notes = await listen(`${tenantStream(eve)}?types=activity.created&types=kpi.*`, eve);
    ok(await eve.post(`/goals/${one.id}:pause`, {}));
    await eve.strategy(one);
    await eve.strategy(two);
    const kpi = created(await eve.post('/kpis', { name: 'K', direction: 'up' })).data;
    for (const goal of [one, two]) created(await eve.post(`/goals/${goal.id}/kpis:link`, { kpi_id: kpi.id, threshold_pct: 5 }));
    created(await eve.post(`/goals/${one.id}/notes`, { note: 'n' }));
    await chosen.count(3); // what svc-kpis tells may come after the goal's end, with which its streams end
    ok(await eve.del(`/goals/${one.id}`));
    await Promise.all([usual.ended, chosen.ended]);
    assert.deepEqual(usual.types(), ['activity.created']);
    assert.deepEqual([...chosen.types()].sort(), ['goal.deleted', 'goal.paused', 'kpi.linked', 'strategy.created']);
    assert.ok(chosen.events.every(({ data }) => data.goalId === one.id));
    await notes.until(({ events }) => events.length >= 4);
    assert.deepEqual([...notes.types()].sort(), ['activity.created', 'kpi.created', 'kpi.linked', 'kpi.linked']);
    const late = await listen(`${goalStream(two)}?types=strategy.*&lastEventId=${notes.events[0].id.replace(/-\d+$/, '-0')}`, eve);
    await late.count(1);
    assert.deepEqual(late.types(), ['strategy.created']);
    for (const types of ['goal', 'nothing.*', '*', 'goal.updated,nope']) fails(await refused(`${goalStream(two)}?types=${types}`, eve.headers), 422, 'VALIDATION_ERROR');
  });
});

describe('what the tenant\'s stream carries', () => {
  test('every change of everything, in order, with the entity after it', async () => {
    const bob = newTenant({ user: 'bob', name: 'Bob' });
    const stranger = newTenant();
    const streams = [await listen(tenantStream(bob), bob), await listen(tenantStream(stranger), stranger)];
    const one = await bob.goal({ status: 'draft' });
    ok(await bob.put(`/goals/${one.id}`, { title: 'renamed' }));
    ok(await bob.post(`/goals/${one.id}:activate`, {}));
    ok(await bob.post(`/goals/${one.id}:pause`, {}));
    ok(await bob.post(`/goals/${one.id}:activate`, {}));
    const strategy = await bob.strategy(one);
    ok(await bob.put(`/goals/${one.id}/strategies/${strategy.id}`, { description: 'other' }));
    ok(await bob.del(`/goals/${one.id}/strategies/${strategy.id}`));
    ok(await bob.post(`/goals/${one.id}:close`, { finalStatus: 'completed' }));
    const two = await bob.goal();
    ok(await bob.post(`/goals/${two.id}:close`, { finalStatus: 'cancelled' }));
    ok(await bob.del(`/goals/${two.id}`));
    const goals = () => streams[0].events.filter(({ type }) => /^(goal|strategy)\./.test(type));
    await streams[0].until(() => goals().length >= 12);
    assert.deepEqual(goals().map(({ type }) => type), ['goal.created', 'goal.updated', 'goal.activated', 'goal.paused', 'goal.activated',
      'strategy.created', 'strategy.updated', 'strategy.deleted', 'goal.completed', 'goal.created', 'goal.cancelled', 'goal.deleted']);
    for (const { type, data } of goals()) {
      const changed = !/\.(created|deleted)$/.test(type);
      assert.deepEqual(Object.keys(data).sort(), [...envelope, 'data', 'userName', ...(changed ? ['changes'] : [])].sort());
      assert.ok(!('strategies' in data.data || 'kpis' in data.data), 'these have events of their own');
      assert.deepEqual([data.type, data.entityId, data.userId, data.userName], [type, data.data.id, 'bob', 'Bob']);
      assert.match(data.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
    assert.equal(goals()[1].data.data.title, 'renamed');
    assert.deepEqual(goals()[1].data.changes, { title: [one.title, 'renamed'] });
    assert.deepEqual(goals()[2].data.changes, { status: ['draft', 'active'] });
    assert.deepEqual(goals()[6].data.changes, { description: [strategy.description, 'other'] });
    assert.deepEqual(goals().slice(0, 4).map(({ data }) => data.version), [1, 2, 3, 4]);

    const kpi = created(await bob.post('/kpis', { name: 'K', direction: 'up' })).data;
    ok(await bob.put(`/kpis/${kpi.id}`, { unit: 'EUR' }));
    created(await bob.post(`/kpis/${kpi.id}/readings`, { period: '2025-02', value: 1 }));
    ok(await bob.del(`/kpis/${kpi.id}`));
    const action = created(await bob.post('/api/operations/actions', { title: 'A' })).data;
    ok(await bob.put(`/api/operations/actions/${action.id}`, { progress: 10 }));
    ok(await bob.del(`/api/operations/actions/${action.id}`));
    const issue = created(await bob.post('/api/operations/issues', { title: 'I' })).data;
    ok(await bob.put(`/api/operations/issues/${issue.id}`, { title: 'J' }));
    ok(await bob.del(`/api/operations/issues/${issue.id}`));
    for (const [kind, wanted] of Object.entries({
      kpi: ['kpi.created', 'kpi.updated', 'kpi.reading.created', 'kpi.deleted'],
      action: ['action.created', 'action.updated', 'action.deleted'],
      issue: ['issue.created', 'issue.updated', 'issue.deleted'],
    })) {
      await streams[0].until(({ events }) => events.some(({ type }) => type === `${kind}.deleted`));
      assert.deepEqual(streams[0].types().filter((type) => type.startsWith(`${kind}.`)), wanted);
    }
    assert.deepEqual(streams[1].events, [], 'nothing of it reaches another tenant');
  });
});

describe('resuming', () => {
  const cara = newTenant();
  let one;
  let all;
  const note = (text) => cara.post(`/goals/${one.id}/notes`, { note: text }).then(created);
  before(async () => {
    one = await cara.goal();
    all = await listen(goalStream(one), cara);
    for (let i = 0; i < 5; i += 1) await note(`n${i}`);
    await all.count(5);
  });
  const texts = (stream) => stream.events.map(({ data }) => data.activity.text);

  test('with the header, as browsers do', async () => {
    const stream = await listen(goalStream(one), cara, { headers: { 'Last-Event-ID': all.events[1].id } });
    await stream.count(3);
    assert.deepEqual(stream.events.map(({ id, data }) => [id, data]), all.events.slice(2).map(({ id, data }) => [id, data]));
  });

  test('from the last one of those in the address, as event-source-polyfill repeats it', async () => {
    const stream = await listen(`${goalStream(one)}?lastEventId=${all.events[0].id}&lastEventId=${all.events[2].id}&lastEventId=${all.events[3].id}`, cara);
    await stream.count(1);
    assert.deepEqual(texts(stream), ['n4']);
    const earlier = await listen(`${goalStream(one)}?last_event_id=${all.events[3].id}&last_event_id=${all.events[2].id}`, cara);
    await earlier.count(2);
    assert.deepEqual(texts(earlier), ['n3', 'n4']);
  });

  test('from the later one of header and address', async () => {
    for (const [header, address] of [[3, 0], [0, 3], [3, 3]]) {
      const stream = await listen(`${goalStream(one)}?lastEventId=${all.events[address].id}`, cara, { headers: { 'Last-Event-ID': all.events[header].id } });
      await stream.count(1);
      assert.deepEqual(texts(stream), ['n4']);
    }
    const stream = await listen(`${goalStream(one)}?lastEventId=${all.events[3].id}`, cara, { headers: { 'Last-Event-ID': 'of-another-epoch' } });
    await stream.count(1);
    assert.deepEqual(texts(stream), ['n4']);
  });

  test('with the parameter, in each spelling', async () => {
    for (const name of ['lastEventId', 'last_event_id']) {
      const stream = await listen(`${goalStream(one)}?${name}=${all.events[3].id}`, cara);
      await stream.count(1);
      assert.deepEqual(texts(stream), ['n4']);
    }
    await listen(`${goalStream(one)}?lastEventId=`, cara);
  });

  test('from a cursor that a read gave: what it shows may come again, nothing is missing', async () => {
    const page = await cara.get(`/goals/${one.id}/activity?size=100`);
    const cursor = page.headers['x-last-event-id'];
    assert.ok(cursor);
    assert.ok((await cara.get(`/goals/${one.id}`)).headers['x-last-event-id']);
    await note('after the read');
    const stream = await listen(`${goalStream(one)}?lastEventId=${cursor}`, cara);
    await stream.until(({ events }) => events.at(-1)?.data.activity.text === 'after the read');
  });

  test('from a cursor that nobody gave: reset, and what comes is live', async () => {
    const [epoch, place] = all.lastId.split('-');
    for (const id of ['x', 'other-1', `${epoch}-999999999`, `${epoch}-`, `${epoch}--1`, `${epoch}-99999999999999999999`, `${'x'.repeat(2000)}`]) {
      const stream = await listen(goalStream(one), cara, { headers: { 'Last-Event-ID': id } });
      await stream.count(1);
      assert.equal(stream.events[0].type, 'reset', id);
      assert.match(stream.events[0].id, new RegExp(`^${epoch}-\\d+$`));
      assert.ok(Number(stream.events[0].id.split('-')[1]) >= Number(place));
      const text = `live ${id.slice(0, 20)}`;
      await note(text);
      await stream.count(2);
      assert.equal(stream.events[1].data.activity.text, text);
      await stream.close();
    }
  });

  test('with another tenant\'s cursor shows only one\'s own', async () => {
    const dan = newTenant();
    const own = await dan.goal();
    created(await dan.post(`/goals/${own.id}/notes`, { note: 'mine' }));
    const stream = await listen(`${tenantStream(dan)}?lastEventId=${all.events[0].id.split('-')[0]}-0`, dan);
    await stream.until(({ events }) => events.some(({ data }) => data.activity?.text === 'mine'));
    assert.ok(stream.events.every(({ data }) => JSON.stringify(data).includes(own.id)));
  });
});

describe('who watches', () => {
  test('is known by name, though nothing else was asked for', async () => {
    const boss = newTenant();
    const own = await boss.goal({ ownerId: 'watcher' });
    assert.equal(ok(await boss.get(`/goals/${own.id}`)).data.ownerName, null);
    await listen(tenantStream(boss), boss.as({ user: 'watcher', name: 'Wanda Watcher' }));
    assert.equal(ok(await boss.get(`/goals/${own.id}`)).data.ownerName, 'Wanda Watcher');
  });

  test('no longer when the token expires', async () => {
    const short = ann.as({ exp: seconds() + 2 });
    const stream = await listen(tenantStream(ann), short);
    await stream.until(({ over }) => over, 5000);
    assert.ok(seconds() >= short.claims.exp, 'not before');
  });
});
