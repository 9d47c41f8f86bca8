// The verbs that move an issue through its life, at all of their addresses.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { basePath, created, fails, invalid, newTenant, ok } from './support/client.mjs';
import { soon } from './support/reading.mjs';
import { tenantStream, watch } from './support/sse.mjs';

const addresses = ['/issues', '/operations/issues', '/api/issues', '/api/operations/issues', `${basePath}/api/issues`];

describe('the verbs of an issue', () => {
  for (const issues of addresses) {
    test(`from Open to Resolved and back at ${issues}`, async () => {
      const client = newTenant();
      const { id } = await client.issue({});
      const put = async (verb, body) => ok(await client.put(`${issues}/${id}/${verb}`, body)).data;
      const started = await put('start', { notes: 'now' });
      assert.deepEqual([started.id, started.status.name, started.statusReason, started.resolvedAt], [id, 'In Progress', 'now', null]);
      const resolved = await put('resolve', { resolutionNotes: 'so', actualHours: 1.5 });
      assert.deepEqual([resolved.status.name, resolved.resolutionNotes, resolved.actualHours, resolved.resolvedAt], ['Resolved', 'so', 1.5, resolved.updatedAt]);
      const opened = await put('reopen', { reason: 'again' });
      assert.deepEqual([opened.status.name, opened.statusReason, opened.resolvedAt], ['Open', 'again', null]);
      const assigned = await put('assign', { assignedPersonId: 'user-1' });
      assert.deepEqual([assigned.assignedPersonId, assigned.assignedPersonName], ['user-1', 'Ann One']);
      assert.equal((await put('assign', { assignedPersonId: null })).assignedPersonId, null);
      const onHold = ok(await client.get('/api/operations/issue-statuses')).data.find(({ name }) => name === 'On Hold');
      const held = await put('status', { statusId: onHold.id });
      assert.deepEqual(held, ok(await client.get(`${issues}/${id}`)).data);
      assert.equal(held.status.name, 'On Hold');
    });
  }

  test('what is refused changes nothing', async () => {
    const client = newTenant();
    const issue = await client.issue({ status: 'Closed' });
    const path = `/issues/${issue.id}`;
    fails(await client.put(`${path}/start`), 400, 'INVALID_STATUS_TRANSITION', 'Cannot start issue in Closed status');
    invalid(await client.put(`${path}/resolve`, {}), 'resolutionNotes');
    invalid(await client.put(`${path}/reopen`, { reason: ' ' }), 'reason');
    invalid(await client.put(`${path}/status`, { status_id: 'x' }), 'status_id');
    invalid(await client.put(`${path}/assign`, {}), 'assignedPersonId');
    invalid(await client.put(`${path}/start`, { notes: 'x'.repeat(2001) }), 'notes');
    assert.deepEqual(ok(await client.get(path)).data, issue);
  });

  test('recent activity says what each of them was, and why', async () => {
    const client = newTenant();
    const goal = await client.goal({ title: 'Up' });
    const issue = await client.issue({ title: 'The lift' });
    const other = await client.issue({ title: 'The door' });
    const path = `/issues/${issue.id}`;
    const expected = [`Reported the issue “The door”`, `Reported the issue “The lift”`, 'Created the goal “Up”'];
    const says = async (answer, ...texts) => {
      ok(answer, answer.status === 201 ? 201 : 200);
      expected.unshift(...texts.reverse());
    };
    const statuses = ok(await client.get('/operations/issue-statuses')).data;
    const named = (name) => statuses.find((status) => status.name === name).id;
    await says(await client.put(`${path}/start`, { notes: 'now' }), 'Started the issue “The lift”: now');
    await says(await client.put(`${path}/status`, { statusId: named('Blocked'), reason: 'no parts' }), 'Changed the issue “The lift”: no parts');
    await says(await client.put(`${path}/status`, { statusId: named('On Hold') }), 'Changed the issue “The lift”');
    await says(await client.put(`${path}/status`, { statusId: named('In Progress'), reason: 'parts are there' }), 'Started the issue “The lift”: parts are there');
    await says(await client.put(`${path}/resolve`, { resolutionNotes: 'so' }), 'Resolved the issue “The lift”');
    await says(await client.put(`${path}/reopen`, { reason: 'again' }), 'Reopened the issue “The lift”: again');
    await says(await client.put(`${path}/assign`, { assignedPersonId: 'user-2', reason: 'knows lifts' }), 'Assigned the issue “The lift”: knows lifts');
    await says(await client.put(`${path}/assign`, { assignedPersonId: null }), 'Unassigned the issue “The lift”');
    await says(await client.post(`${path}/root-cause`, { method: 'five_whys', analysis: { why: 'dust' } }), 'Changed the issue “The lift”');
    await says(await client.put(`${path}/tags`, { tags: ['loud'] }), 'Changed the issue “The lift”');
    await says(await client.request('DELETE', `${path}/tags`, { tags: ['loud'] }), 'Changed the issue “The lift”');
    await says(await client.put(`${path}/goals`, { goalIds: [goal.id] }), 'Changed the issue “The lift”');
    await says(await client.put(`${path}/strategies`, { strategyIds: [(await client.strategy(goal, { title: 'Stairs' })).id] }), 'Added the strategy “Stairs”', 'Changed the issue “The lift”');
    await says(await client.post(`${path}/convert-to-actions`, { actions: [{ title: 'Call' }], newStatusId: named('In Progress') }), 'Created the action “Call”', 'Started the issue “The lift”');
    await says(await client.put(`${path}/actions`, { actionIds: [] }), 'Changed the issue “The lift”');
    await says(await client.del(`${path}/relationships`), 'Changed the issue “The lift”');
    await says(await client.put('/issues:reorder', { issueIds: [other.id, issue.id] }), 'Put 2 issues in order, first “The door”');
    await says(await client.put(`${path}/close`, { reason: 'repaired' }), 'Closed the issue “The lift”: repaired');
    ok(await client.put(`${path}/close`, { reason: 'once more' })); // nothing changes, and nothing is told
    const action = await client.action({ title: 'Oil it' });
    await says(created(await client.post('/issues/create-from-action', { actionId: action.id })), 'Created the action “Oil it”', 'Reported the issue “Oil it”');
    await says(await client.put(`/actions/${action.id}/status`, { status: 'blocked', reason: 'no oil' }), 'Changed the action “Oil it”');
    await says(await client.put(`/actions/${action.id}/connections`, { goalIds: [goal.id] }), 'Changed the action “Oil it”');
    await says(await client.put(`/actions/${action.id}/issues`, { issueIds: [issue.id] }), 'Changed the action “Oil it”');
    await says(await client.post(`/actions/${action.id}/complete`, { notes: 'it runs' }), 'Completed the action “Oil it”');
    const told = await soon(async () => ok(await client.get('/activity/recent?size=50')).data.map(({ description }) => description),
      (texts) => (texts.length === expected.length ? '' : texts.join('\n')));
    assert.deepEqual(told, expected);
  });

  test('a reorder of 500 is one event and one entry, however many move', async () => {
    const client = newTenant();
    const ids = [];
    for (let i = 0; i < 500; i += 50) ids.push(...await Promise.all(Array.from({ length: 50 }, async (_, n) => (await client.issue({ title: `${i + n}` })).id)));
    ok(await client.put('/issues:reorder', { issueIds: ids }));
    const stream = await watch(`${client.url}${tenantStream(client)}?access_token=${client.token}`);
    const moved = [ids.at(-1), ...ids.slice(0, -1)];
    const { issues } = ok(await client.put('/issues:reorder', { issueIds: moved })).data;
    assert.deepEqual(issues.map(({ id }) => id), moved);
    await client.issue({ title: 'behind it' });
    const { events } = await stream.count(2);
    stream.close();
    assert.deepEqual(events.map(({ type }) => type), ['issue.reordered', 'issue.created']);
    assert.deepEqual([events[0].data.data.issueIds, events[0].data.data.moved, events[0].data.entityId], [moved, 500, moved[0]]);
    const texts = await soon(async () => ok(await client.get('/activity/recent?size=4')).data.map(({ description }) => description),
      ([first]) => (first === 'Reported the issue “behind it”' ? '' : first));
    assert.deepEqual(texts.slice(0, 2), ['Reported the issue “behind it”', 'Put 500 issues in order, first “499”']);
    assert.equal(texts.filter((text) => text.startsWith('Put')).length, 2); // one entry of each reorder
  });

  test('versions, roles, modules and tenants', async () => {
    const client = newTenant();
    const answer = await client.post('/issues', { title: 'x' });
    const path = `/issues/${answer.data.id}/start`;
    ok(await client.put(path, {}, { headers: { 'If-Match': answer.headers.etag } }));
    fails(await client.put(path, {}, { headers: { 'If-Match': answer.headers.etag } }), 412, 'PRECONDITION_FAILED');
    fails(await client.as({ role: 'viewer' }).put(path), 403, 'INSUFFICIENT_PERMISSIONS');
    fails(await client.as({ features: ['goals'] }).put(path), 403, 'INSUFFICIENT_PERMISSIONS');
    fails(await newTenant().put(path), 404, 'ISSUE_NOT_FOUND');
    fails(await client.post(path, {}), 405, 'METHOD_NOT_ALLOWED');
  });
});
