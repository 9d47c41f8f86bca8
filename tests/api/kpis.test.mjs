// The KPI catalogue and its readings, as a client sees them.
import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { basePath, created, fails, instant, invalid, newTenant, ok, unknownId, uuidV7 } from './support/client.mjs';

let names = 0;
const unique = (name = 'KPI') => `${name} ${names += 1}`;

async function addKpi(client, fields = {}) {
  return created(await client.post('/kpis', { name: unique(), direction: 'up', ...fields })).data;
}

async function record(client, kpi, period, value, more = {}) {
  const answer = await client.post(`/kpis/${kpi.id}/readings`, { period, value, ...more });
  assert.ok([200, 201].includes(answer.status), answer.text);
  return answer.data;
}

describe('the catalogue', () => {
  test('create and read back, every field', async () => {
    const client = newTenant({ base: basePath });
    const body = {
      name: 'Monthly recurring revenue', description: 'Σ of subscriptions', category: 'Finance', unit: '€', direction: 'up',
      formula: 'sum(subscriptions)', isShared: true, ownerId: 'user-1', baselineValue: 0.1, targetValue: 1e21,
      catalogId: '01941f29-7c00-7000-8000-000000000301', type: 'binary', aggregationType: 'pointInTime', aggregationPeriod: 'quarterly', aggregationPeriodCount: 2,
      valueType: 'currency', measurementFrequency: 'weekly', dataSource: 'ERP', interpolationMethod: 'step', baselineDate: '2024-12-31',
    };
    const answer = created(await client.post('/kpis', body));
    const { kpi, readings, historicalValues, linkedGoals, ...own } = answer.data;
    assert.deepEqual([historicalValues, linkedGoals], [[], []]);
    const { id, createdAt, updatedAt, createdBy, updatedBy, ownerName, currentValue, currentValueDate, linkedGoalCount, isDeleted, ...rest } = own;
    assert.deepEqual([kpi, readings], [own, []]);
    assert.deepEqual([currentValue, currentValueDate, linkedGoalCount, isDeleted], [null, null, 0, false]);
    assert.deepEqual(rest, body);
    assert.match(id, uuidV7);
    assert.match(createdAt, instant);
    assert.deepEqual([updatedAt, createdBy, updatedBy, ownerName], [createdAt, 'user-1', 'user-1', 'Ann One']);
    assert.equal(answer.headers.location, `${basePath}/kpis/${id}`);
    const read = ok(await client.get(`/kpis/${id}`));
    assert.deepEqual(read.data, answer.data);
    assert.deepEqual(ok(await client.get('/kpis')).data, [own]);
  });

  test('what was not sent is null, in both spellings', async () => {
    const client = newTenant();
    const kpi = created(await client.post('/kpis', { name: 'x', direction: 'down', is_shared: true, target_value: 5 })).data;
    for (const key of ['description', 'category', 'unit', 'formula', 'ownerId', 'ownerName', 'baselineValue']) assert.equal(kpi[key], null);
    assert.deepEqual([kpi.isShared, kpi.targetValue], [true, 5]);
  });

  test('bad input names every field, and nothing is written', async () => {
    const client = newTenant();
    invalid(await client.post('/kpis', {}), 'name', 'direction');
    invalid(await client.post('/kpis', { name: 'n'.repeat(201), direction: 'sideways', unit: 'u'.repeat(51), targetValue: 'NaN', baseline_value: '5', isShared: 'yes' }),
      'name', 'direction', 'unit', 'targetValue', 'baseline_value', 'isShared');
    invalid(await client.post('/kpis', { name: null, direction: null }), 'name', 'direction');
    fails(await client.raw('POST', '/kpis', '{"name": "x", "direction": "up", "targetValue": NaN}'), 400, 'INVALID_JSON');
    assert.equal(ok(await client.get('/kpis')).pagination.total, 0);
  });

  test('names are unique without regard to case, deleted ones not counted', async () => {
    const client = newTenant();
    const kpi = await addKpi(client, { name: 'Ärger im Büro' });
    fails(await client.post('/kpis', { name: 'äRGER IM BÜRO', direction: 'up' }), 409, 'DUPLICATE_NAME');
    const other = await addKpi(client);
    fails(await client.put(`/kpis/${other.id}`, { name: 'ÄRGER im büro' }), 409, 'DUPLICATE_NAME');
    await addKpi(newTenant(), { name: 'Ärger im Büro' });
    ok(await client.del(`/kpis/${kpi.id}`));
    await addKpi(client, { name: 'ärger im büro' });
  });

  test('PUT takes back what GET answers', async () => {
    const client = newTenant();
    const kpi = created(await client.post('/kpis', { name: 'Whole', direction: 'up', unit: 'EUR' })).data;
    created(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-01', value: 1, reason: 'r' }));
    const path = `/kpis/${kpi.id}`;
    const put = (body) => client.put(path, body);
    const now = async () => ok(await client.get(path)).data;
    let seen = await now();
    ok(await put(seen));
    ok(await put({ ...seen, kpi: { ...seen.kpi, name: 'Inside', targetValue: 5 } }));
    seen = await now();
    assert.deepEqual([seen.kpi.name, seen.kpi.targetValue, seen.kpi.unit], ['Inside', 5, 'EUR']);
    ok(await put({ ...seen, name: 'Beside' }));
    seen = await now();
    assert.equal(seen.kpi.name, 'Beside');
    invalid(await put({ ...seen, name: 'One', kpi: { ...seen.kpi, name: 'Two' } }), 'name');
    invalid(await put({ ...seen, kpi: { ...seen.kpi, name: '' } }), 'name');
    invalid(await put({ kpi: 5, readings: 'x' }), 'kpi', 'readings');
    const [reading] = seen.readings;
    for (const change of [{ value: 2 }, { adjustedValue: 1 }, { period: '2025-02' }, { reason: null }, { value: 'x' }, { id: null }]) {
      invalid(await put({ ...seen, readings: [{ ...reading, ...change }] }), 'readings[0]');
    }
    created(await client.post(`${path}/readings`, { period: '2025-02', value: 2 }));
    ok(await put({ ...seen, description: 'with readings of before' }));
    assert.equal((await now()).readings.length, 2);
  });

  test('PUT changes what is named, null clears, versions are heeded', async () => {
    const client = newTenant();
    const kpi = await addKpi(client, { unit: 'm', targetValue: 2, isShared: true });
    const { headers } = ok(await client.get(`/kpis/${kpi.id}`));
    const changed = ok(await client.put(`/kpis/${kpi.id}`, { ...kpi, description: 'new', targetValue: null, id: unknownId() }, { headers: { 'If-Match': headers.etag } }));
    const wanted = { ...kpi.kpi, description: 'new', targetValue: null, updatedAt: changed.data.updatedAt };
    assert.deepEqual(changed.data, { ...wanted, kpi: wanted, readings: [], historicalValues: [], linkedGoals: [] });
    fails(await client.put(`/kpis/${kpi.id}`, { unit: 'n' }, { headers: { 'If-Match': headers.etag } }), 412, 'PRECONDITION_FAILED');
    invalid(await client.put(`/kpis/${kpi.id}`, { name: '', direction: null }), 'name', 'direction');
    fails(await client.del(`/kpis/${kpi.id}`, { headers: { 'If-Match': headers.etag } }), 412, 'PRECONDITION_FAILED');
    assert.equal((await client.get(`/kpis/${kpi.id}`, { headers: { 'If-None-Match': ok(await client.get(`/kpis/${kpi.id}`)).headers.etag } })).status, 304);
  });

  test('the first measurement comes with the KPI, and says its day', async () => {
    const client = newTenant();
    const kpi = await addKpi(client, { currentValue: 45000, currentValueDate: '2025-01-31T23:30:00-02:00' });
    assert.deepEqual([kpi.currentValue, kpi.currentValueDate, kpi.readings[0].period], [45000, '2025-02-01', '2025-02']);
    assert.deepEqual(kpi.historicalValues, [{ value: 45000, recordedAt: kpi.readings[0].updatedAt }]);
    const today = new Date().toISOString().slice(0, 10);
    const changed = ok(await client.put(`/measures/${kpi.id}`, { current_value: 46000 })).data;
    assert.deepEqual([changed.currentValue, changed.currentValueDate, changed.readings.length], [46000, today, 2]);
    assert.equal(ok(await client.put(`/kpis/${kpi.id}`, { ...kpi, name: 'Renamed' })).data.readings.length, 2);
    invalid(await client.put(`/kpis/${kpi.id}`, { currentValueDate: '2025-03-01', baselineDate: 'x' }), 'currentValueDate', 'baselineDate');
    const feed = await client.goal();
    created(await client.post(`/goals/${feed.id}/kpis:link`, { kpiId: kpi.id }));
    ok(await client.put(`/kpis/${kpi.id}`, { currentValue: 47000 }));
    assert.match((await client.activity(feed))[0].text, /47000/);
  });

  test('linked goals by their names, the oldest link first', async () => {
    const client = newTenant();
    const kpi = await addKpi(client);
    const goals = [await client.goal({ title: 'Grow' }), await client.goal({ title: 'Go on' })];
    const other = await addKpi(client);
    created(await client.post(`/goals/${goals[1].id}/kpis:link`, { kpiId: other.id }));
    const links = [];
    for (const goal of goals) links.push(created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id })).data);
    const read = ok(await client.get(`/kpis/${kpi.id}`));
    assert.deepEqual(read.data.linkedGoals, goals.map((goal, i) => ({
      goalId: goal.id, goalName: goal.title, linkId: links[i].id, isPrimary: i === 0, linkedAt: links[i].createdAt,
    })));
    const put = ok(await client.put(`/kpis/${kpi.id}`, { unit: 'm' }));
    assert.equal(put.headers.etag, ok(await client.get(`/kpis/${kpi.id}`)).headers.etag);
    ok(await client.put(`/goals/${goals[0].id}`, { title: 'Renamed' }));
    ok(await client.del(`/goals/${goals[1].id}`));
    assert.deepEqual(ok(await client.get(`/kpis/${kpi.id}`)).data.linkedGoals.map(({ goalName }) => goalName), ['Renamed']);
  });

  test('DELETE: then it is gone everywhere', async () => {
    const client = newTenant();
    const kpi = await addKpi(client);
    await record(client, kpi, '2025-01', 1);
    const { data } = ok(await client.del(`/kpis/${kpi.id}`));
    assert.equal(data.id, kpi.id);
    assert.match(data.deletedAt, instant);
    for (const [method, path, body] of [['GET', ''], ['PUT', '', {}], ['DELETE', ''], ['GET', '/readings'], ['POST', '/readings', { period: '2025-01', value: 1 }]]) {
      fails(await client.request(method, `/kpis/${kpi.id}${path}`, body), 404, 'KPI_NOT_FOUND');
      fails(await client.request(method, `/kpis/${unknownId()}${path}`, body), 404, 'KPI_NOT_FOUND');
      fails(await client.request(method, `/kpis/no-id${path}`, body), 404, 'KPI_NOT_FOUND');
      fails(await newTenant().request(method, `/kpis/${(await addKpi(client)).id}${path}`, body), 404, 'KPI_NOT_FOUND');
    }
    assert.ok(!ok(await client.get('/kpis?size=100')).data.some(({ id }) => id === kpi.id));
  });

  test('the limit holds among 20 at once', async () => {
    const client = newTenant({ limits: { kpis: 3 } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.post('/kpis', { name: unique(), direction: 'up' })));
    assert.equal(answers.filter(({ status }) => status === 201).length, 3);
    for (const answer of answers) if (answer.status !== 201) fails(answer, 403, 'KPI_LIMIT_REACHED');
  });

  test('viewers read, and the subscription may leave KPIs out', async () => {
    const client = newTenant();
    const kpi = await addKpi(client);
    const viewer = client.as({ role: 'viewer' });
    ok(await viewer.get(`/kpis/${kpi.id}`));
    for (const [method, path, body] of [['POST', '', { name: 'x', direction: 'up' }], ['PUT', `/${kpi.id}`, {}], ['DELETE', `/${kpi.id}`], ['POST', `/${kpi.id}/readings`, { period: '2025-01', value: 1 }]]) {
      fails(await viewer.request(method, `/kpis${path}`, body), 403, 'INSUFFICIENT_PERMISSIONS');
    }
    fails(await client.as({ features: ['goals'] }).get('/kpis'), 403, 'INSUFFICIENT_PERMISSIONS');
  });

  test('an Idempotency-Key makes one', async () => {
    const client = newTenant();
    const headers = { 'Idempotency-Key': 'once' };
    const body = { name: 'x', direction: 'up' };
    const answers = await Promise.all([1, 2, 3].map(() => client.post('/kpis', body, { headers })));
    const ids = answers.filter(({ status }) => status === 201).map(({ data }) => data.id);
    assert.ok(ids.length >= 1);
    assert.equal(new Set(ids).size, 1);
    assert.equal(created(await client.post('/kpis', body, { headers })).data.id, ids[0]);
    fails(await client.post('/kpis', { ...body, name: 'y' }, { headers }), 422, 'IDEMPOTENCY_KEY_REUSED');
  });
});

describe('the list', () => {
  let client;
  const listed = async (query) => {
    const answer = ok(await client.get(`/kpis${query}`));
    return `${answer.data.map(({ name }) => name).join()} ${answer.pagination.total}`;
  };

  before(async () => {
    client = newTenant();
    await addKpi(client, { name: 'delta', category: 'b', description: '50% off_season' });
    await addKpi(client, { name: 'Alpha', category: 'a', ownerId: 'user-2' });
    await addKpi(client, { name: 'charlie', ownerId: 'user-2', description: 'ΣΊΣΥΦΟΣ rolls' });
    await addKpi(client, { name: 'Bravo', category: 'b', ownerId: 'user-2' });
  });

  for (const [query, expected] of [
    ['', 'Bravo,charlie,Alpha,delta 4'], ['?size=3&page=2', 'delta 4'], ['?limit=1', 'Bravo 4'], ['?page=9', ' 4'],
    ['?sort=name', 'Alpha,Bravo,charlie,delta 4'], ['?sort=-name', 'delta,charlie,Bravo,Alpha 4'], ['?sort=category:asc', 'Alpha,delta,Bravo,charlie 4'],
    ['?sort=createdAt', 'delta,Alpha,charlie,Bravo 4'], ['?sort=updatedAt:desc', 'Bravo,charlie,Alpha,delta 4'],
    ['?category=b', 'Bravo,delta 2'], ['?ownerId=user-2&category=b', 'Bravo 1'], ['?owner_id=user-2', 'Bravo,charlie,Alpha 3'],
    ['?search=ALP', 'Alpha 1'], ['?search=%25', 'delta 1'], ['?search=f_s', 'delta 1'], ['?search=_', 'delta 1'], ['?search=σίσυφος', 'charlie 1'],
    ['?search=a&ownerId=user-2&sort=name', 'Alpha,Bravo,charlie 3'], ['?search=nothing', ' 0'], ['?_=1', 'Bravo,charlie,Alpha,delta 4'],
  ]) {
    test(query || 'all', async () => assert.equal(await listed(encodeURI(decodeURI(query)).replaceAll('%2525', '%25')), expected));
  }

  test('bad parameters are named', async () => {
    invalid(await client.get('/kpis?size=0&page=0'), 'size', 'page');
    invalid(await client.get('/kpis?sort=unit'), 'sort');
    invalid(await client.get('/kpis?colour=red'), 'colour');
  });
});

describe('readings', () => {
  test('one for each month; again replaces it', async () => {
    const client = newTenant();
    const kpi = await addKpi(client);
    const first = created(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-01', value: 0.1, adjustedValue: 0.30000000000000004, reason: 'rounding' }));
    assert.deepEqual(first.data, {
      ...first.data, kpiId: kpi.id, period: '2025-01', value: 0.1, adjustedValue: 0.30000000000000004, reason: 'rounding', source: 'manual', sourceId: null, createdBy: 'user-1',
    });
    const other = client.as({ user: 'user-2' });
    const again = ok(await other.post(`/kpis/${kpi.id}/readings`, { period: '2025-01', value: -5e-324 }));
    assert.deepEqual(again.data, { ...first.data, value: -5e-324, adjustedValue: null, reason: null, updatedAt: again.data.updatedAt, updatedBy: 'user-2' });
    await record(client, kpi, '2024-12', 1.7976931348623157e308);
    const list = ok(await client.get(`/kpis/${kpi.id}/readings`));
    assert.deepEqual(list.data.map(({ period, value }) => [period, value]), [['2025-01', -5e-324], ['2024-12', 1.7976931348623157e308]]);
    assert.deepEqual(ok(await client.get(`/kpis/${kpi.id}`)).data.readings, list.data);
  });

  test('bad ones are refused with the field, and nothing is written', async () => {
    const client = newTenant();
    const kpi = await addKpi(client);
    for (const [body, ...fields] of [
      [{}, 'period', 'value'], [{ period: '2025-13', value: 1 }, 'period'], [{ period: '2025-1', value: 1 }, 'period'], [{ period: '2025-00', value: 1 }, 'period'],
      [{ period: '2025-02-30', value: 1 }, 'period'], [{ period: 202501, value: 1 }, 'period'], [{ period: null, value: null }, 'period', 'value'],
      [{ period: '2025-01', value: '42' }, 'value'], [{ period: '2025-01', value: 'NaN' }, 'value'], [{ period: '2025-01', value: true }, 'value'],
      [{ period: '2025-01', value: 1, adjusted_value: 'Infinity' }, 'adjusted_value'], [{ period: '2025-01', value: 1, reason: 'r'.repeat(2001) }, 'reason'],
    ]) invalid(await client.post(`/kpis/${kpi.id}/readings`, body), ...fields);
    assert.deepEqual(ok(await client.get(`/kpis/${kpi.id}/readings`)).data, []);
  });

  test('ranges are inclusive by month', async () => {
    const client = newTenant();
    const kpi = await addKpi(client);
    for (let month = 1; month <= 6; month += 1) await record(client, kpi, `2025-0${month}`, month);
    const months = async (query) => ok(await client.get(`/kpis/${kpi.id}/readings?${query}`)).data.map(({ period }) => Number(period.slice(5))).join('');
    assert.equal(await months('startDate=2025-02&endDate=2025-04'), '432');
    assert.equal(await months('start_date=2025-02-28&end_date=2025-04-01'), '432');
    assert.equal(await months('startDate=2025-05-31T23:00:00.000Z'), '65');
    assert.equal(await months('endDate=2025-01'), '1');
    assert.equal(await months('size=2&page=2'), '43');
    invalid(await client.get(`/kpis/${kpi.id}/readings?startDate=2025-04&endDate=2025-03`), 'endDate');
    invalid(await client.get(`/kpis/${kpi.id}/readings?startDate=2025-13&endDate=2025-02-30&page=0`), 'startDate', 'endDate', 'page');
    const { errors } = invalid(await client.get(`/kpis/${kpi.id}/readings?sort=value`), 'sort');
    assert.equal(errors.sort, 'is not a known parameter; allowed are page, size, offset, startDate, endDate');
  });
});
