// Issues: what the specification's chapter asks, under both of its base URLs.
import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { basePath, created, fails, instant, invalid, newTenant, ok, stack, unknownId, uuidV7 } from './support/client.mjs';

const issues = '/api/operations/issues';
const list = async (client, kind) => ok(await client.get(`/api/operations/issue-${kind}`)).data;
const named = async (client, kind, name) => (await list(client, kind)).find((one) => one.name === name);

for (const base of ['', basePath]) {
  describe(`issues under ${stack.url}${base}`, () => {
    const client = newTenant({ base });

    test('an issue is created with the least that is required, in one shape that holds both', async () => {
      const general = await named(client, 'types', 'General');
      const open = await named(client, 'statuses', 'Open');
      const answer = created(await client.post(issues, { title: 'Late' }));
      const { id, createdAt, updatedAt, ...rest } = answer.data;
      assert.match(id, uuidV7);
      assert.match(createdAt, instant);
      assert.equal(createdAt, updatedAt);
      assert.deepEqual(rest, {
        title: 'Late', description: null, typeConfigId: general.id, statusConfigId: open.id, statusId: open.id,
        type: { id: general.id, name: 'General', category: null, color: general.color, icon: general.icon },
        status: { id: open.id, name: 'Open', category: 'open', color: open.color, icon: open.icon },
        impact: null, businessImpact: null, priority: null, reporterId: 'user-1', reportedBy: 'user-1', reporterName: 'Ann One', reportedByName: 'Ann One',
        assignedPersonId: null, assignedPersonName: null, dueDate: null, dateReported: createdAt, resolvedAt: null, statusReason: null, estimatedHours: null, actualHours: null, tags: [], displayOrder: null,
        connections: { goalIds: [], strategyIds: [], actionIds: [] }, rootCauseAnalysis: null, resolutionNotes: null,
        environment: null, stepsToReproduce: null, expectedBehavior: null, actualBehavior: null, createdBy: 'user-1', updatedBy: 'user-1',
      });
      assert.ok(answer.headers.location.endsWith(`${base}${issues}/${id}`));
      assert.deepEqual(ok(await client.get(`${issues}/${id}`)).data, answer.data);
      assert.deepEqual(ok(await client.get(issues)).data[0], answer.data);
    });

    test('the specification\'s example', async () => {
      const goal = await client.goal();
      const strategy = await client.strategy(goal);
      const personnel = await named(client, 'types', 'Personnel');
      const blocked = await named(client, 'statuses', 'Blocked');
      const sent = {
        title: 'Hire senior developer', description: 'Need experienced developer for project X', typeConfigId: personnel.id, reportedBy: 'user_123',
        businessImpact: 'high', priority: 'critical', statusId: blocked.id, assignedPersonId: 'user-1', dueDate: '2025-02-15T00:00:00Z', estimatedHours: 40.0,
        tags: ['hiring', 'urgent'], connections: { goalIds: [goal.id], strategyIds: [strategy.id] },
      };
      const { data } = created(await client.post(issues, sent));
      assert.deepEqual(
        [data.typeConfigId, data.reporterId, data.impact, data.priority, data.statusConfigId, data.assignedPersonName, data.estimatedHours, data.tags, data.connections],
        [personnel.id, 'user_123', 'high', 'critical', blocked.id, 'Ann One', 40, ['hiring', 'urgent'], { ...sent.connections, actionIds: [] }]);
      assert.equal(data.type.name, 'Personnel');
      assert.deepEqual([data.status.name, data.status.category], ['Blocked', 'active']);
    });

    test('PUT changes what it names and takes a whole issue back', async () => {
      const action = await client.action();
      const issue = await client.issue({ tags: ['a'], businessImpact: 'low', connections: { actionIds: [action.id] } });
      const changed = ok(await client.put(`${issues}/${issue.id}`, { impact: 'high', priority: 3, actualHours: 1.5, displayOrder: 4, resolutionNotes: 'so' })).data;
      assert.deepEqual({ ...changed, updatedAt: 0 }, {
        ...issue, impact: 'high', businessImpact: 'high', priority: 'high', actualHours: 1.5, displayOrder: 4, resolutionNotes: 'so', updatedAt: 0 });
      const back = ok(await client.put(`${issues}/${issue.id}`, { ...changed, title: 'Again' })).data;
      assert.deepEqual({ ...back, updatedAt: 0 }, { ...changed, title: 'Again', updatedAt: 0 });
      const cleared = ok(await client.put(`${issues}/${issue.id}`, { businessImpact: null, priority: null, tags: null, connections: { actionIds: null } })).data;
      assert.deepEqual([cleared.impact, cleared.priority, cleared.tags, cleared.connections.actionIds], [null, null, [], []]);
      invalid(await client.put(`${issues}/${issue.id}`, { title: null, reportedBy: null, statusId: null, type_config_id: null }), 'title', 'reportedBy', 'statusId', 'type_config_id');
    });

    test('PUT takes a whole issue back of which one name of two was changed', async () => {
      const issue = await client.issue({ businessImpact: 'low' });
      const closed = ok(await client.get('/api/operations/issue-statuses')).data.find(({ name }) => name === 'Closed');
      const others = { statusId: closed.id, businessImpact: 'high', reporterId: 'somebody' };
      const changed = ok(await client.put(`${issues}/${issue.id}`, { ...issue, ...others })).data;
      assert.deepEqual([changed.statusConfigId, changed.status.name, changed.impact, changed.reportedBy], [closed.id, 'Closed', 'high', 'somebody']);
      invalid(await client.put(`${issues}/${issue.id}`, { ...changed, impact: 'low', businessImpact: 'medium' }), 'businessImpact');
    });

    test('DELETE answers as the specification writes it', async () => {
      const issue = await client.issue();
      const action = await client.action({ connections: { issueIds: [issue.id] } });
      const { body } = ok(await client.del(`${issues}/${issue.id}`));
      assert.equal(body.deletedIssueId, issue.id);
      assert.match(body.deletedAt, instant);
      for (const [method, sent] of [['GET'], ['PUT', { title: 'x' }], ['DELETE']]) fails(await client.request(method, `${issues}/${issue.id}`, sent), 404, 'ISSUE_NOT_FOUND');
      assert.deepEqual(ok(await client.get(`/api/operations/actions/${action.id}`)).data.connections.issueIds, []);
    });
  });
}

describe('either spelling in', () => {
  const client = newTenant();
  test('of each field, in camelCase, snake_case and with a capital', async () => {
    const status = await named(client, 'statuses', 'Deferred');
    for (const [sent, field, value] of [
      [{ impact: 'low' }, 'businessImpact', 'low'], [{ business_impact: 'high' }, 'impact', 'high'], [{ reporterId: 'a' }, 'reportedBy', 'a'], [{ ReportedBy: 'b' }, 'reporterId', 'b'],
      [{ reported_by: 'c' }, 'reporterId', 'c'], [{ statusId: status.id }, 'statusConfigId', status.id], [{ status_config_id: status.id }, 'statusId', status.id],
      [{ priority: 1 }, 'priority', 'low'], [{ priority: 4 }, 'priority', 'critical'], [{ priority: 'medium' }, 'priority', 'medium'],
      [{ impact: 'low', businessImpact: 'low' }, 'impact', 'low'],
    ]) assert.equal((await client.issue(sent))[field], value, JSON.stringify(sent));
  });

  test('both at once with different values', async () => {
    invalid(await client.post(issues, { title: 'x', impact: 'low', businessImpact: 'high' }), 'businessImpact');
    invalid(await client.post(issues, { title: 'x', reportedBy: 'a', reporterId: 'b' }), 'reporterId');
    invalid(await client.post(issues, { title: 'x', statusId: unknownId(), statusConfigId: unknownId() }), 'statusConfigId');
  });
});

describe('status and type by themselves', () => {
  const client = newTenant();
  const put = (issue, body) => client.put(`${issues}/${issue.id}`, body);
  let closed;
  let legal;
  before(async () => {
    closed = await named(client, 'statuses', 'Closed');
    legal = await named(client, 'types', 'Legal');
  });

  test('an id, a name, or the object that is answered', async () => {
    for (const status of [closed.id, 'Closed', 'closed', 'CLOSED', { id: closed.id }, { name: 'Closed' }, { id: closed.id, name: 'Closed', category: 'closed', color: closed.color, icon: closed.icon }]) {
      const issue = await client.issue();
      const changed = ok(await put(issue, { status })).data;
      assert.deepEqual([changed.statusId, changed.statusConfigId, changed.status.name], [closed.id, closed.id, 'Closed'], JSON.stringify(status));
      assert.deepEqual(ok(await client.get(`${issues}/${issue.id}`)).data, changed);
      assert.equal((await client.issue({ status })).statusId, closed.id);
    }
    for (const type of [legal.id, 'Legal', 'legal', { id: legal.id }, { name: 'LEGAL' }]) {
      assert.deepEqual(ok(await put(await client.issue(), { type })).data.type.name, 'Legal', JSON.stringify(type));
      assert.equal((await client.issue({ type })).typeConfigId, legal.id);
    }
    assert.equal(ok(await put(await client.issue(), { Status: 'in_progress' })).data.status.name, 'In Progress');
  });

  test('in a whole issue, whichever of the names was changed', async () => {
    const issue = await client.issue();
    assert.equal(ok(await put(issue, { ...issue, title: 'same' })).data.statusId, issue.statusId);
    assert.equal(ok(await put(issue, { ...issue, status: closed })).data.statusId, closed.id);
    const now = ok(await client.get(`${issues}/${issue.id}`)).data;
    assert.equal(ok(await put(issue, { ...now, statusId: issue.statusId })).data.status.name, 'Open');
    const open = ok(await client.get(`${issues}/${issue.id}`)).data;
    assert.equal(ok(await put(issue, { ...open, status: 'Blocked' })).data.status.name, 'Blocked');
    assert.equal(ok(await put(issue, { ...open, type: 'Legal' })).data.type.name, 'Legal');
  });

  test('what they cannot be', async () => {
    const issue = await client.issue();
    const blocked = await named(client, 'statuses', 'Blocked');
    for (const status of ['Nonsense', unknownId(), 5, [], true, {}]) invalid(await put(issue, { status }), 'status');
    invalid(await put(issue, { status: null, type: null }), 'status', 'type');
    invalid(await put(issue, { status: { name: 'Nonsense' } }), 'status.name');
    invalid(await put(issue, { status: { id: 'x' } }), 'status.id');
    invalid(await put(issue, { status: { ...issue.status, name: 'Closed' } }), 'status.name');
    invalid(await put(issue, { status: 'Closed', statusId: blocked.id }), 'status');
    invalid(await client.post(issues, { title: '', status: 'Nonsense', type: 'Nonsense' }), 'title', 'status', 'type');
    invalid(await client.post(issues, { title: 'x', status: 'Closed', statusId: blocked.id }), 'status');
    const old = created(await client.post('/api/operations/issue-statuses', { name: 'Old', category: 'open' })).data;
    ok(await client.del(`/api/operations/issue-statuses/${old.id}`));
    invalid(await put(issue, { status: 'Old' }), 'status');
    const like = created(await client.post('/api/operations/issue-statuses', { name: 'In-Progress', category: 'active' })).data;
    invalid(await put(issue, { status: 'in_progress' }), 'status');
    assert.equal(ok(await put(issue, { status: 'In-Progress' })).data.statusId, like.id);
    // A whole issue of before its status got another name.
    const seen = ok(await client.get(`${issues}/${issue.id}`)).data;
    ok(await client.put(`/api/operations/issue-statuses/${like.id}`, { name: 'Under way' }));
    assert.equal(ok(await put(issue, { ...seen, title: 'y' })).data.status.name, 'Under way');
  });
});

describe('root cause analysis', () => {
  const client = newTenant();
  for (const value of ['Expansion requirements', '', { method: 'five_whys', findings: { why_1: 'a', Why2: [1, null, 0.1] } }, { method: 'pareto', findings: {} }, { method: 'swot' }]) {
    test(`comes back as given: ${JSON.stringify(value)}`, async () => {
      const issue = await client.issue({ rootCauseAnalysis: value });
      assert.deepEqual(issue.rootCauseAnalysis, value);
      assert.deepEqual(ok(await client.get(`${issues}/${issue.id}`)).data.rootCauseAnalysis, value);
      assert.equal(ok(await client.put(`${issues}/${issue.id}`, { root_cause_analysis: null })).data.rootCauseAnalysis, null);
    });
  }
  test('anything else', async () => {
    for (const value of [5, true, ['x'], 'x'.repeat(5001)]) invalid(await client.post(issues, { title: 'x', rootCauseAnalysis: value }), 'rootCauseAnalysis');
    for (const value of [{}, { method: 'guessing' }]) invalid(await client.post(issues, { title: 'x', rootCauseAnalysis: value }), 'rootCauseAnalysis.method');
    invalid(await client.post(issues, { title: 'x', root_cause_analysis: { method: 'swot', findings: 'x' } }), 'root_cause_analysis.findings');
  });
});

describe('bad input', () => {
  const client = newTenant();
  for (const [field, value] of [
    ['title', ''], ['title', 'x'.repeat(201)], ['description', 'x'.repeat(5001)], ['priority', 0], ['priority', 5], ['priority', 1.5], ['priority', 'urgent'], ['priority', '1'],
    ['impact', 'huge'], ['businessImpact', 2], ['typeConfigId', 'x'], ['typeConfigId', unknownId()], ['statusId', unknownId()], ['statusConfigId', 7],
    ['estimatedHours', -1], ['actualHours', '5'], ['tags', 'x'], ['tags[0]', ''], ['displayOrder', 1.5], ['displayOrder', -1], ['dueDate', '2025-13-01'], ['assignedPersonId', 5],
  ]) {
    test(`${field}: ${JSON.stringify(value).slice(0, 40)}`, async () => {
      invalid(await client.post(issues, { title: 'x', ...(field === 'tags[0]' ? { tags: [value] } : { [field]: value }) }), field);
    });
  }
  test('everything that is not there, in one answer', async () => {
    invalid(await client.post(issues, { title: 'x', type_config_id: unknownId(), statusId: unknownId(),
      connections: { goalIds: [unknownId()], strategyIds: [unknownId()], action_ids: [(await client.action()).id, unknownId()] } }),
    'type_config_id', 'statusId', 'connections.goalIds[0]', 'connections.strategyIds[0]', 'connections.action_ids[1]');
    assert.equal(ok(await client.get(issues)).pagination.total, 0);
  });
});

describe('the list', () => {
  const client = newTenant();
  let own;
  before(async () => {
    own = created(await client.post('/api/operations/issue-statuses', { name: 'Waiting, Parked', category: 'inactive' })).data;
    const status = async (name) => (await named(client, 'statuses', name)).id;
    const legal = (await named(client, 'types', 'Legal')).id;
    await client.issue({ title: 'a 100% sure', priority: 'low', impact: 'high', reportedBy: 'r1', displayOrder: 3, dueDate: '2025-03-01' });
    await client.issue({ title: 'B', description: 'find me', priority: 'critical', statusId: await status('In Progress'), assignedPersonId: 'p', displayOrder: 1, dueDate: '2025-01-01' });
    await client.issue({ title: 'c_d', priority: 'high', impact: 'low', statusId: await status("Won't Fix"), typeConfigId: legal, displayOrder: 2, dueDate: '2025-02-01' });
    await client.issue({ title: 'd', description: 'ΣΊΣΥΦΟΣ äpfel', impact: 'critical', statusId: own.id, assignedPersonId: 'p' });
  });

  const letters = async (query) => {
    const answer = ok(await client.get(`${issues}?${query}`));
    assert.ok(answer.pagination.total >= answer.data.length);
    return answer.data.map((issue) => issue.title[0]).join('');
  };

  for (const [query, expected] of [
    ['', 'dcBa'], ['status=open', 'a'], ['status=active', 'B'], ['status=inactive', 'd'], ['status=closed', 'c'], ['status=open,closed', 'ca'], ['status=open&status=active', 'Ba'],
    ['status=In%20Progress', 'B'], ['status=in+progress', 'B'], ["status=won't+fix", 'c'], ['status=WAITING,+PARKED', 'd'], ['status=Open', 'a'], ['status=Backlog', ''], ['status=in_progress', 'B'], ['status=inProgress', 'B'], ['status=IN-PROGRESS', 'B'], ['status=waiting,_parked', 'd'],
    ['status=in_progress,closed', 'cB'], ["status=won't%20Fix,Open", 'ca'], ['status=Closed', ''], ['status=ACTIVE', 'B'],
    [`status=${unknownId()}`, ''], ['priority=critical', 'B'], ['priority=low,high', 'ca'], ['priority=4', 'B'], ['priority=1,high', 'ca'], ['businessImpact=high', 'a'], ['impact=low,critical', 'dc'],
    ['reportedBy=r1', 'a'], ['reporterId=user-1', 'dcB'], ['assignedTo=p', 'dB'], ['assignedPersonId=p&status=inactive', 'd'],
    ['search=FIND', 'B'], ['search=100%25', 'a'], ['search=%25', 'a'], ['search=_', 'c'], ['search=c_d', 'c'], ['search=%CF%83%CE%AF%CF%83%CF%85%CF%86%CE%BF%CF%82', 'd'], ['search=%C3%84PF', 'd'], ['search=me&status=closed', ''],
    ['sort=title', 'aBcd'], ['sort=-title', 'dcBa'], ['sort=priority', 'acBd'], ['sort=priority:desc', 'Bcad'], ['sort=impact', 'cadB'], ['sort=displayOrder', 'Bcad'], ['sort=dueDate', 'Bcad'],
    ['sort=-createdAt', 'dcBa'], ['sort=createdAt', 'aBcd'], ['sort=title&search=d', 'Bcd'], ['size=1&page=2', 'c'], ['search=d&size=1&page=2', 'c'], ['size=3&page=2&sort=title', 'd'],
  ]) test(query || 'newest first', async () => assert.equal(await letters(query), expected));

  test('by the id of a status and of a type', async () => {
    assert.equal(await letters(`status=${own.id}`), 'd');
    assert.equal(await letters(`statusConfigId=${own.id},open`), 'da');
    assert.equal(await letters(`typeConfigId=${(await named(client, 'types', 'Legal')).id}`), 'c');
    assert.equal(await letters(`typeConfigId=${(await named(client, 'types', 'Legal')).id},${(await named(client, 'types', 'General')).id}`), 'dcBa');
  });

  test('by names that are spelled alike, the exact one; inactive ones too', async () => {
    const own = newTenant();
    const add = async (name) => created(await own.post('/api/operations/issue-statuses', { name, category: 'active' })).data;
    const found = async (text) => ok(await own.get(`${issues}?status=${encodeURIComponent(text)}`)).data.map((issue) => issue.title).sort().join('');
    for (const [title, name] of [['a', 'Need-Info'], ['b', 'Need Info'], ['c', 'Straße']]) await own.issue({ title, statusId: (await add(name)).id });
    assert.deepEqual([await found('Need-Info'), await found('Need Info'), await found('STRASSE')], ['a', 'b', 'c']);
    assert.equal(await found('Need-Info,Need Info'), 'ab');
    invalid(await own.get(`${issues}?status=need_info`), 'status');
    const retired = await add('Retired Status');
    ok(await own.del(`/api/operations/issue-statuses/${retired.id}`));
    assert.equal(await found('retired_status'), '');
  });

  test('by names of another tenant: there is no such status', async () => {
    const stranger = newTenant();
    invalid(await stranger.get(`${issues}?status=${encodeURIComponent(own.name)}`), 'status');
  });

  test('a search does not run from the title into the description', async () => {
    const own = newTenant();
    await own.issue({ title: 'the tail end', description: 'head first' });
    await own.issue({ title: 'odd\u0001 one', description: 'x\u0001 y' });
    const found = async (text) => ok(await own.get(`${issues}?search=${encodeURIComponent(text)}`)).pagination.total;
    for (const text of ['TAIL END', 'head F', 'DD\u0001 One', 'x\u0001 y']) assert.equal(await found(text), 1, text);
    for (const text of ['endhead', 'end head', 'end\nhead', 'end\u0001head', 'one\u0001x\u0001 y', '\u0001']) {
      assert.equal(await found(text), text === '\u0001' ? 1 : 0, text);
    }
  });

  test('a page says the total, also behind the last one', async () => {
    for (const [query, total] of [['search=d', 3], ['search=d&page=9', 3], ['search=nothing', 0], ['search=nothing&page=2', 0], ['page=9', 4], ['status=open,active&page=9', 2], ['sort=title&page=9', 4]]) {
      assert.equal(ok(await client.get(`${issues}?${query}`)).pagination.total, total, query);
    }
  });

  test('pages of 20, at most 100', async () => {
    assert.equal(ok(await client.get(issues)).pagination.size, 20);
    assert.equal(ok(await client.get(`${issues}?size=500`)).pagination.size, 100);
  });

  test('what is no filter', async () => {
    for (const [query, field] of [['priority=5', 'priority'], ['impact=x', 'impact'], ['sort=category', 'sort'], ['status=nonsense', 'status'], ['status=open,nonsense', 'status'], ['status=in_progres', 'status'], ['connections=x', 'connections'], ['impact=low&businessImpact=high', 'businessImpact']]) {
      invalid(await client.get(`${issues}?${query}`), field);
    }
  });
});

test('names change everywhere, and another tenant sees nothing', async () => {
  const client = newTenant();
  const issue = await client.issue({ reportedBy: 'user-2', assignedPersonId: 'user-3' });
  assert.deepEqual([issue.reporterName, issue.assignedPersonName], [null, null]);
  for (const user of ['user-2', 'user-3']) ok(await client.as({ user, name: `Name of ${user}` }).get(issues));
  const now = ok(await client.get(`${issues}/${issue.id}`)).data;
  assert.deepEqual([now.reporterName, now.reportedByName, now.assignedPersonName], ['Name of user-2', 'Name of user-2', 'Name of user-3']);
  const stranger = newTenant();
  for (const [method, body] of [['GET'], ['PUT', { title: 'x' }], ['DELETE']]) fails(await stranger.request(method, `${issues}/${issue.id}`, body), 404, 'ISSUE_NOT_FOUND');
  assert.equal(ok(await stranger.get(`${issues}?search=issue`)).pagination.total, 0);
});

test('If-Match and Idempotency-Key', async () => {
  const client = newTenant();
  const key = { headers: { 'Idempotency-Key': 'k' } };
  const answer = created(await client.post(issues, { title: 'x' }, key));
  assert.deepEqual(created(await client.post(issues, { title: 'x' }, key)).data, answer.data);
  const tag = { headers: { 'If-Match': answer.headers.etag } };
  ok(await client.put(`${issues}/${answer.data.id}`, { title: 'y' }, tag));
  fails(await client.put(`${issues}/${answer.data.id}`, { title: 'z' }, tag), 412, 'PRECONDITION_FAILED');
  fails(await client.del(`${issues}/${answer.data.id}`, tag), 412, 'PRECONDITION_FAILED');
});
