// The verbs that move an issue through its life, at all of their addresses.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { basePath, fails, invalid, newTenant, ok } from './support/client.mjs';

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
