// Actions: what the specification's chapter asks, under both of its base URLs.
import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { basePath, created, fails, instant, invalid, newTenant, ok, stack, unknownId, uuidV7 } from './support/client.mjs';

const actions = '/api/operations/actions';
const titles = async (client, query) => ok(await client.get(`${actions}${query}`)).data.map((action) => action.title);

for (const base of ['', basePath]) {
  describe(`actions under ${stack.url}${base}`, () => {
    const client = newTenant({ base });

    test('an action is created with the least that is required', async () => {
      const answer = created(await client.post(actions, { title: 'Call' }));
      const { id, createdAt, updatedAt, ...rest } = answer.data;
      assert.match(id, uuidV7);
      assert.match(createdAt, instant);
      assert.equal(createdAt, updatedAt);
      assert.deepEqual(rest, {
        title: 'Call', description: null, startDate: null, dueDate: null, priority: 'medium', status: 'not_started',
        assignedPersonId: null, assignedPersonName: null, progress: 0, estimatedHours: null, actualHours: null, tags: [], dateEntered: createdAt,
        statusReason: null, completedAt: null,
        connections: { goalIds: [], strategyIds: [], issueIds: [] }, createdBy: 'user-1', updatedBy: 'user-1',
      });
      assert.ok(answer.headers.location.endsWith(`${base}${actions}/${id}`), answer.headers.location);
      assert.deepEqual(ok(await client.get(`${actions}/${id}`)).data, answer.data);
    });

    test('an action is created with everything', async () => {
      const goal = await client.goal();
      const strategy = await client.strategy(goal);
      const issue = await client.issue();
      const sent = {
        title: 'Größe 成長', description: 'why', startDate: '2025-01-15', dueDate: '2025-02-15T12:00:00+02:00', priority: 'critical',
        status: 'in_progress', assignedPersonId: 'user-1', progress: 12.5, estimatedHours: 8, actualHours: 2.5, tags: ['growth', '成長'], statusReason: 'begun',
        connections: { goalIds: [goal.id], strategyIds: [strategy.id], issueIds: [issue.id] },
      };
      const action = created(await client.post(actions, sent)).data;
      for (const key of ['title', 'description', 'priority', 'status', 'assignedPersonId', 'progress', 'estimatedHours', 'actualHours', 'tags', 'statusReason', 'connections']) assert.deepEqual(action[key], sent[key], key);
      assert.equal(action.assignedPersonName, 'Ann One');
      assert.equal(action.startDate, '2025-01-15T00:00:00.000Z');
      assert.equal(action.dueDate, '2025-02-15T10:00:00.000Z');
      assert.deepEqual(ok(await client.get(`${actions}/${action.id}`)).data, action);
    });

    test('PUT changes what it names, takes a whole action back, and null clears', async () => {
      const goal = await client.goal();
      const action = await client.action({ description: 'old', assigned_person_id: 'user-1', connections: { goalIds: [goal.id] } });
      const changed = ok(await client.put(`${actions}/${action.id}`, { title: 'New', assignedPersonId: 'nobody' })).data;
      assert.deepEqual({ ...changed, updatedAt: 0 }, { ...action, title: 'New', assignedPersonId: 'nobody', assignedPersonName: null, updatedAt: 0 });
      const back = ok(await client.put(`${actions}/${action.id}`, { ...changed, progress: 5 })).data;
      assert.deepEqual({ ...back, updatedAt: 0 }, { ...changed, progress: 5, updatedAt: 0 });
      const cleared = ok(await client.put(`${actions}/${action.id}`, { description: null, assignedPersonId: null, connections: null })).data;
      assert.deepEqual([cleared.description, cleared.assignedPersonId, cleared.connections.goalIds], [null, null, []]);
      invalid(await client.put(`${actions}/${action.id}`, { title: null, status: null, priority: null, progress: null }), 'title', 'status', 'priority', 'progress');
    });

    test('DELETE hides the action everywhere', async () => {
      const issue = await client.issue();
      const action = await client.action({ title: 'Doomed', connections: { issueIds: [issue.id] } });
      const answer = ok(await client.del(`${actions}/${action.id}`));
      assert.deepEqual(Object.keys(answer.data).sort(), ['deletedAt', 'id']);
      for (const [method, path, body] of [['GET', ''], ['PUT', '', { title: 'x' }], ['DELETE', ''], ['PUT', '/goals', { goalIds: [] }],
        ['PUT', '/strategies', { strategyIds: [] }], ['DELETE', '/relationships']]) {
        fails(await client.request(method, `${actions}/${action.id}${path}`, body), 404, 'ACTION_NOT_FOUND');
      }
      assert.ok(!(await titles(client, '')).includes('Doomed'));
      assert.deepEqual(ok(await client.get(`/api/operations/issues/${issue.id}`)).data.connections.actionIds, []);
      invalid(await client.put(`/api/operations/issues/${issue.id}`, { connections: { actionIds: [action.id] } }), 'connections.actionIds[0]');
    });
  });
}

test('the address without /api means the same', async () => {
  const client = newTenant();
  const action = created(await client.post('/operations/actions', { title: 'x' })).data;
  assert.deepEqual(ok(await client.get(`/operations/actions/${action.id}`)).data, ok(await client.get(`${actions}/${action.id}`)).data);
});

describe('progress and status', () => {
  const client = newTenant();
  const put = async (action, body) => ok(await client.put(`${actions}/${action.id}`, body)).data;

  test('completed makes it 100, at creation and later', async () => {
    const done = await client.action({ status: 'completed', progress: 10 });
    assert.equal(done.progress, 100);
    assert.match(done.completedAt, instant);
    const action = await client.action({ progress: 30 });
    const completed = await put(action, { status: 'completed' });
    assert.deepEqual([completed.status, completed.progress], ['completed', 100]);
    assert.equal((await put(action, { progress: 20 })).progress, 100, 'while it is completed');
    assert.equal((await put(action, { title: 'same' })).completedAt, completed.completedAt);
    const again = await put(action, { status: 'in_progress', progress: 60 });
    assert.deepEqual([again.status, again.progress, again.completedAt], ['in_progress', 60, null]);
  });

  test('100 does not complete it', async () => {
    assert.equal((await client.action({ progress: 100 })).status, 'not_started');
  });

  test('any status may follow any other', async () => {
    const action = await client.action();
    for (const status of ['blocked', 'cancelled', 'in_progress', 'completed', 'not_started']) assert.equal((await put(action, { status })).status, status);
  });
});

describe('bad input', () => {
  const client = newTenant();
  const bad = [
    ['title', ''], ['title', '   '], ['title', 'x'.repeat(201)], ['title', 5], ['description', 'x'.repeat(5001)], ['priority', 'urgent'], ['priority', 2],
    ['status', 'done'], ['progress', -1], ['progress', 100.5], ['progress', '5'], ['startDate', '2025-02-30'], ['dueDate', 'soon'],
    ['assignedPersonId', 'x'.repeat(129)], ['connections', []], ['connections', 'x'],
  ];
  for (const [field, value] of bad) {
    test(`${field}: ${JSON.stringify(value).slice(0, 30)}`, async () => {
      invalid(await client.post(actions, { title: 'x', [field]: value }), field);
    });
  }

  test('an empty text is no person and no date, a word is read in any spelling', async () => {
    const action = await client.action({ assignedPersonId: 'p', dueDate: '2025-01-05', status: 'notStarted', priority: 'HIGH' });
    assert.deepEqual([action.status, action.priority], ['not_started', 'high']);
    const changed = ok(await client.put(`${actions}/${action.id}`, { assigned_person_id: '', dueDate: '', status: 'In Progress' })).data;
    assert.deepEqual([changed.assignedPersonId, changed.dueDate, changed.status], [null, null, 'in_progress']);
    assert.equal(ok(await client.get(`${actions}?status=in-progress,BLOCKED`)).data[0].id, action.id);
  });

  test('all at once, in the caller\'s spelling', async () => {
    invalid(await client.post(actions, { start_date: 'x', Priority: 'x', assigned_person_id: 5, progress: 101, connections: { goal_ids: ['goal_123', 5] } }),
      'title', 'start_date', 'Priority', 'assigned_person_id', 'progress', 'connections.goal_ids[0]', 'connections.goal_ids[1]');
    invalid(await client.post(actions, { title: 'x', startDate: '2025-01-01', start_date: '2025-01-02' }), 'start_date');
  });

  test('the due date must not come before the start', async () => {
    invalid(await client.post(actions, { title: 'x', startDate: '2025-01-02', dueDate: '2025-01-01' }), 'dueDate');
    // A bare date is its whole day.
    await client.action({ startDate: '2025-01-02T09:00:00+0100', dueDate: '2025-01-02' });
    invalid(await client.post(actions, { title: 'x', startDate: '2025-01-02', dueDate: '2025-01-01T23:59:59Z' }), 'dueDate');
    const action = await client.action({ startDate: '2025-01-02', dueDate: '2025-01-05' });
    invalid(await client.put(`${actions}/${action.id}`, { due_date: '2025-01-01' }), 'due_date');
    invalid(await client.put(`${actions}/${action.id}`, { startDate: '2025-01-06', title: '' }), 'startDate', 'title');
    assert.deepEqual(ok(await client.get(`${actions}/${action.id}`)).data, action);
  });

  test('unknown ids', async () => {
    for (const id of [unknownId(), 'action_1']) {
      fails(await client.get(`${actions}/${id}`), 404, 'ACTION_NOT_FOUND');
      fails(await client.put(`${actions}/${id}`, { title: '' }), 404, 'ACTION_NOT_FOUND');
      fails(await client.del(`${actions}/${id}`), 404, 'ACTION_NOT_FOUND');
    }
  });
});

describe('the list', () => {
  const client = newTenant();
  const goals = [];
  let strategy;
  let issue;
  before(async () => {
    for (let i = 0; i < 3; i += 1) goals.push(await client.goal());
    strategy = await client.strategy(goals[0]);
    issue = await client.issue();
    const linked = (...ids) => ({ goalIds: ids });
    await client.action({ title: 'a', startDate: '2025-01-01', dueDate: '2025-01-10', priority: 'low', status: 'blocked', connections: linked(goals[0].id, goals[1].id) });
    await client.action({ title: 'B', startDate: '2025-01-05', dueDate: '2025-02-10', priority: 'critical', status: 'in_progress', assignedPersonId: 'p', connections: { strategyIds: [strategy.id] } });
    await client.action({ title: 'c', startDate: '2025-03-01', priority: 'high', status: 'completed', assignedPersonId: 'p', connections: linked(goals[1].id) });
    await client.action({ title: 'd', dueDate: '2025-01-03', priority: 'medium', connections: { issueIds: [issue.id] } });
  });

  for (const [query, expected] of [
    ['', 'dcBa'], ['?status=blocked', 'a'], ['?status=blocked,completed', 'ca'], ['?status=blocked&status=not_started', 'da'], ['?priority=low,critical', 'Ba'],
    ['?assignedPersonId=p', 'cB'], ['?assigned_person_id=p&status=completed', 'c'], ['?assignedPersonId=x', ''],
    ['?startDate=2025-02-01', 'cB'], ['?endDate=2025-01-02', 'a'], ['?endDate=2025-01-03', 'da'], ['?startDate=2025-01-04&endDate=2025-01-07', 'Ba'],
    ['?startDate=2025-02-10&endDate=2025-02-10', 'B'], ['?startDate=2025-02-10T00:00:01Z&endDate=2025-02-11', 'B'],
    ['?startDate=2025-02-11&endDate=2025-02-12', ''], ['?startDate=2025-01-03&endDate=2025-01-03', 'da'], ['?startDate=2025-03-01&endDate=2025-03-01', 'c'], ['?startDate=2030-01-01', 'c'],
    ['?sort=title', 'aBcd'], ['?sort=-title', 'dcBa'], ['?sort=priority', 'adcB'], ['?sort=priority:desc', 'Bcda'], ['?sort=status', 'acBd'],
    ['?sort=startDate', 'aBcd'], ['?sort=dueDate', 'daBc'], ['?sort=-dueDate', 'Badc'], ['?sort=createdAt', 'aBcd'], ['?sort=title&status=blocked,completed', 'ac'],
    ['?size=2', 'dc'], ['?size=2&page=2', 'Ba'], ['?limit=3&page=2', 'a'],
  ]) {
    test(`${query || 'newest first'}`, async () => assert.equal((await titles(client, query)).join(''), expected));
  }

  test('days are whole days, and what has no date is in no range', async () => {
    const own = newTenant();
    await own.action({ title: 'm', startDate: '2025-05-05T09:00:00Z', dueDate: '2025-05-05' });
    await own.action({ title: 'n', startDate: '2025-05-05T23:30:00Z' });
    await own.action({ title: 'o', dueDate: '2025-05-05T08:00:00Z' });
    await own.action({ title: 'p' });
    await own.action({ title: 'q', startDate: '2025-05-04', dueDate: '2025-05-05T08:00:00Z' });
    for (const [query, expected] of [['startDate=2025-05-05&endDate=2025-05-05', 'qonm'], ['startDate=2025-05-06', 'n'], ['endDate=2025-05-04', 'q'],
      ['startDate=2025-05-05T12:00:00Z&endDate=2025-05-05', 'onm'], ['endDate=2025-05-05T08:59:00Z', 'qo'], ['startDate=2025-05-05T23:59:00Z&sort=title', 'mno'], ['', 'qponm']]) {
      assert.equal((await titles(own, `?${query}`)).join(''), expected, query);
    }
    invalid(await own.get(`${actions}?startDate=2025-05-06&endDate=2025-05-05`), 'endDate');
  });

  test('goals, strategies and issues: commas and repetition, OR within one, AND between', async () => {
    const [one, two, three] = goals.map((goal) => goal.id);
    for (const [query, expected] of [
      [`goalIds=${one}`, 'a'], [`goalIds=${one},${two}`, 'ca'], [`goalIds=${one}&goalIds=${two}`, 'ca'], [`goal_ids=${three}`, ''], [`goalIds=${unknownId()}`, ''],
      [`goalIds[]=${one}&goalIds[]=${two}`, 'ca'], [`goal_ids%5B%5D=${one}`, 'a'],
      ['goalIds=goal_1', ''], [`strategyIds=${strategy.id}`, 'B'], [`issueIds=${issue.id},${unknownId()}`, 'd'], [`goalIds=${two}&status=completed`, 'c'],
      [`goalIds=${two}&strategyIds=${strategy.id}`, ''], [`goalIds=${two}&sort=title`, 'ac'],
    ]) {
      const answer = ok(await client.get(`${actions}?${query}`));
      assert.equal(answer.data.map((action) => action.title).join(''), expected, query);
      assert.equal(answer.pagination.total, expected.length);
    }
  });

  test('100 at once, up to 500', async () => {
    assert.equal(ok(await client.get(actions)).pagination.size, 100);
    assert.equal(ok(await client.get(`${actions}?size=500`)).pagination.size, 500);
    assert.equal(ok(await client.get(`${actions}?size=501`)).pagination.size, 500);
  });

  test('what is no filter', async () => {
    for (const [query, field] of [['status=done', 'status'], ['priority=x', 'priority'], ['sort=progress', 'sort'], ['startDate=x', 'startDate'], ['colour=red', 'colour'],
      ['startDate=2025-01-02&endDate=2025-01-01', 'endDate'], ['page=0', 'page'], ['size=x', 'size'], ['searched=x', 'searched'],
      ['assignedPersonId[]=p', 'assignedPersonId[]'], ['[]=x', '[]']]) {
      invalid(await client.get(`${actions}?${query}`), field);
    }
  });
});

test('a person\'s name is learned and changes everywhere', async () => {
  const client = newTenant();
  const action = await client.action({ assignedPersonId: 'user-2' });
  assert.equal(action.assignedPersonName, null);
  ok(await client.as({ user: 'user-2', name: 'Bea', iat: Math.floor(Date.now() / 1000) - 60 }).get(actions));
  assert.equal(ok(await client.get(`${actions}/${action.id}`)).data.assignedPersonName, 'Bea');
  ok(await client.as({ user: 'user-2', name: 'Bea Two' }).get(actions));
  assert.equal(ok(await client.get(actions)).data[0].assignedPersonName, 'Bea Two');
});

describe('versions, limits, repetition', () => {
  test('If-Match', async () => {
    const client = newTenant();
    const answer = created(await client.post(actions, { title: 'x' }));
    const path = `${actions}/${answer.data.id}`;
    const tag = { headers: { 'If-Match': answer.headers.etag } };
    ok(await client.put(path, { title: 'y' }, tag));
    fails(await client.put(path, { title: 'z' }, tag), 412, 'PRECONDITION_FAILED');
    fails(await client.del(path, tag), 412, 'PRECONDITION_FAILED');
    fails(await client.del(`${path}/relationships`, tag), 412, 'PRECONDITION_FAILED');
    const now = ok(await client.get(path));
    assert.equal((await client.get(path, { headers: { 'If-None-Match': now.headers.etag } })).status, 304);
    ok(await client.del(path, { headers: { 'If-Match': now.headers.etag } }));
  });

  test('the limit holds exactly', async () => {
    const client = newTenant({ limits: { actions: 5 } });
    const answers = await Promise.all(Array.from({ length: 12 }, () => client.post(actions, { title: 'x' })));
    assert.equal(answers.filter((answer) => answer.status === 201).length, 5);
    for (const answer of answers) if (answer.status !== 201) fails(answer, 403, 'ACTION_LIMIT_REACHED');
    ok(await client.del(`${actions}/${answers.find((answer) => answer.status === 201).data.id}`));
    await client.action();
    fails(await client.post(actions, { title: 'x' }), 403, 'ACTION_LIMIT_REACHED');
  });

  test('the same Idempotency-Key does it once', async () => {
    const client = newTenant();
    const goal = await client.goal();
    const body = { title: 'x', connections: { goalIds: [goal.id] } };
    const key = { headers: { 'Idempotency-Key': 'k' } };
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.post(actions, body, key)));
    for (const answer of answers) if (answer.status !== 409) assert.deepEqual(created(answer).data, created(answers[0]).data);
    assert.deepEqual(created(await client.post(actions, body, key)).data, answers[0].data);
    fails(await client.post(actions, { title: 'y' }, key), 422, 'IDEMPOTENCY_KEY_REUSED');
    assert.equal(ok(await client.get(actions)).pagination.total, 1);
  });

  test('PUTs of different fields all stay', async () => {
    const client = newTenant();
    const goal = await client.goal();
    const action = await client.action();
    const changes = [{ title: 'T' }, { description: 'D' }, { priority: 'low' }, { progress: 7 }, { assignedPersonId: 'user-1' }, { connections: { goalIds: [goal.id] } }];
    await Promise.all(changes.map((change) => client.put(`${actions}/${action.id}`, change).then(ok)));
    const now = ok(await client.get(`${actions}/${action.id}`)).data;
    for (const { connections, ...change } of changes) for (const [key, value] of Object.entries(change)) assert.equal(now[key], value);
    assert.deepEqual(now.connections.goalIds, [goal.id]);
    assert.equal(now.assignedPersonName, 'Ann One');
  });
});

describe('two tenants', () => {
  const [owner, stranger] = [newTenant(), newTenant()];

  test('another one\'s action does not exist', async () => {
    const action = await owner.action({ title: 'private' });
    const path = `${actions}/${action.id}`;
    for (const [method, sub, body] of [['GET', ''], ['PUT', '', { title: 'x' }], ['DELETE', ''], ['PUT', '/goals', { goalIds: [] }], ['DELETE', '/relationships']]) {
      const foreign = fails(await stranger.request(method, path + sub, body), 404, 'ACTION_NOT_FOUND');
      const missing = fails(await stranger.request(method, `${actions}/${unknownId()}${sub}`, body), 404, 'ACTION_NOT_FOUND');
      assert.equal(foreign.error, missing.error);
    }
    assert.equal(ok(await stranger.get(actions)).pagination.total, 0);
    assert.deepEqual(ok(await owner.get(path)).data, action);
  });

  test('viewers read and do not write', async () => {
    const viewer = owner.as({ role: 'viewer' });
    const [action] = ok(await viewer.get(actions)).data;
    fails(await viewer.post(actions, { title: 'x' }), 403, 'INSUFFICIENT_PERMISSIONS');
    fails(await viewer.put(`${actions}/${action.id}/goals`, { goalIds: [] }), 403, 'INSUFFICIENT_PERMISSIONS');
    ok(await viewer.post(`${actions}/goals`, { actionIds: [action.id] }));
  });

  test('a subscription without operations', async () => {
    const without = owner.as({ features: ['goals', 'kpis'] });
    fails(await without.get(actions), 403, 'INSUFFICIENT_PERMISSIONS');
    fails(await without.get('/operations/issues'), 403, 'INSUFFICIENT_PERMISSIONS');
    ok(await owner.as({ features: ['operations'] }).get(actions));
  });
});
