// The client against servers that misbehave on purpose: what it repeats, what it must not, and how it follows a stream.
import { afterEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect, ifMatch, isTractionError, TractionError, unwrap, watchGoal, watchTenant } from '@traction/client';

const servers = [];
afterEach(() => servers.splice(0).forEach((server) => { server.closeAllConnections(); server.close(); }));

// A server whose n-th request is answered by the n-th of `answers`, the last one again and again. `asked` keeps them all.
async function serve(...answers) {
  const asked = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
      asked.push({ method: request.method, url: request.url, headers: request.headers, body });
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      answer(response, request);
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  servers.push(server);
  return { url: `http://127.0.0.1:${server.address().port}`, asked };
}

const json = (status, body, headers = {}) => (response) => {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
};
const good = json(200, { success: true, data: { id: 'g' } }, { ETag: '"3-abc"' });
const failure = (status, code, headers, more) => json(status, { success: false, error: `This is ${code}`, code, requestId: 'r-1', ...more }, headers);
const hangUp = (response) => response.destroy();
const at = (url, options) => connect({ baseUrl: url, token: 't', ...options });
const goal = { params: { path: { id: 'g' } } };
const body = { title: 'a', ownerId: 'o', horizon: 'year' };

describe('a request', () => {
  test('carries the token, and is unwrapped with its ETag', async () => {
    const { url, asked } = await serve(good);
    const { data, etag } = await unwrap(at(`${url}/base/`).api.GET('/goals/{id}', goal));
    assert.deepEqual([data, etag], [{ id: 'g' }, '"3-abc"']);
    assert.equal(asked[0].url, '/base/goals/g');
    assert.equal(asked[0].headers.authorization, 'Bearer t');
  });

  test('that failed throws what the server said', async () => {
    const { url } = await serve(failure(422, 'VALIDATION_ERROR', {}, { errors: { title: 'is required' } }));
    const error = await unwrap(at(url).api.POST('/goals', { body })).catch((caught) => caught);
    assert.ok(error instanceof TractionError);
    assert.deepEqual([error.status, error.code, error.message, error.requestId, error.fields],
      [422, 'VALIDATION_ERROR', 'This is VALIDATION_ERROR', 'r-1', { title: 'is required' }]);
    assert.ok(isTractionError(error, 'CONFLICT', 'VALIDATION_ERROR'));
    assert.ok(isTractionError(error));
    assert.ok(!isTractionError(error, 'CONFLICT'));
    assert.ok(!isTractionError(new Error('other')));
  });

  test('that a proxy refused is a TractionError, too', async () => {
    const { url } = await serve((response) => response.writeHead(502, { 'Content-Type': 'text/html', 'X-Request-Id': 'p' }).end('<h1>Bad gateway</h1>'));
    const error = await unwrap(at(url).api.GET('/goals')).catch((caught) => caught);
    assert.deepEqual([error.status, error.code, error.requestId], [502, 'UNKNOWN', 'p']);
  });

  test('is repeated with the same Idempotency-Key when it was refused for now', async () => {
    const { url, asked } = await serve(failure(503, 'SERVICE_UNAVAILABLE', { 'Retry-After': '0' }), failure(409, 'CONFLICT', { 'Retry-After': '0' }), good);
    await unwrap(at(url).api.POST('/goals', { body }));
    const keys = asked.map(({ headers }) => headers['idempotency-key']);
    assert.equal(keys.length, 3);
    assert.match(keys[0], /^[!-~]{20,255}$/);
    assert.equal(new Set(keys).size, 1);
    assert.equal(new Set(asked.map((one) => one.body)).size, 1);
    await unwrap(at(url).api.POST('/goals', { body }));
    assert.notEqual(asked[3].headers['idempotency-key'], keys[0]);
  });

  test('keeps the key that it was given', async () => {
    const { url, asked } = await serve(good);
    await unwrap(at(url).api.POST('/goals', { body, params: { header: { 'Idempotency-Key': 'mine' } } }));
    assert.equal(asked[0].headers['idempotency-key'], 'mine');
  });

  test('whose answer was lost is repeated unless that could do harm', async () => {
    const once = async (call) => {
      const { url, asked } = await serve(hangUp, good);
      const failed = await unwrap(call(at(url).api)).then(() => false, () => true);
      return [asked.length, failed];
    };
    assert.deepEqual(await once((api) => api.GET('/goals/{id}', goal)), [2, false]);
    assert.deepEqual(await once((api) => api.POST('/goals', { body })), [2, false]);
    assert.deepEqual(await once((api) => api.PUT('/goals/{id}', { ...goal, body: {} })), [2, false]);
    assert.deepEqual(await once((api) => api.DELETE('/goals/{id}', goal)), [1, true]);
    assert.deepEqual(await once((api) => api.PUT('/goals/{id}', { params: { ...goal.params, header: ifMatch('"1-x"') }, body: {} })), [1, true]);
  });

  test('waits as long as it is asked to, but not for ever', async () => {
    const patient = await serve(failure(429, 'RATE_LIMITED', { 'Retry-After': '1' }), good);
    const before = Date.now();
    await unwrap(at(patient.url).api.DELETE('/goals/{id}', goal));
    assert.ok(Date.now() - before >= 990);
    const busy = await serve(failure(429, 'RATE_LIMITED', { 'Retry-After': '60' }));
    const error = await unwrap(at(busy.url).api.GET('/goals')).catch((caught) => caught);
    assert.deepEqual([error.retryAfterMs, busy.asked.length], [60000, 1]);
    const down = await serve(failure(503, 'SERVICE_UNAVAILABLE', { 'Retry-After': '0' }));
    await assert.rejects(unwrap(at(down.url, { retries: 2 }).api.GET('/goals')));
    assert.equal(down.asked.length, 3);
  });

  test('does not repeat what is wrong', async () => {
    for (const [status, code] of [[400, 'INVALID_JSON'], [409, 'DUPLICATE_NAME'], [412, 'PRECONDITION_FAILED'], [500, 'INTERNAL_ERROR']]) {
      const { url, asked } = await serve(failure(status, code));
      await assert.rejects(unwrap(at(url).api.POST('/goals', { body })), { code });
      assert.equal(asked.length, 1);
    }
  });

  test('can be given up while it waits', async () => {
    const { url } = await serve(failure(503, 'SERVICE_UNAVAILABLE', { 'Retry-After': '9' }));
    await assert.rejects(at(url).api.GET('/goals', { signal: AbortSignal.timeout(50) }), { name: 'TimeoutError' });
  });

  test('gets a fresh token once when the last one is refused', async () => {
    const supplied = [];
    const token = async ({ refresh }) => { supplied.push(refresh); return refresh ? 'new' : 'old'; };
    const expired = await serve(failure(401, 'TOKEN_EXPIRED'), good);
    await unwrap(at(expired.url, { token }).api.GET('/goals/{id}', goal));
    assert.deepEqual(expired.asked.map(({ headers }) => headers.authorization), ['Bearer old', 'Bearer new']);
    assert.deepEqual(supplied, [false, true]);
    const refused = await serve(failure(401, 'UNAUTHENTICATED'));
    await assert.rejects(unwrap(at(refused.url, { token }).api.GET('/goals')), { code: 'UNAUTHENTICATED' });
    assert.equal(refused.asked.length, 2);
    const fixed = await serve(failure(401, 'TOKEN_EXPIRED'));
    await assert.rejects(unwrap(at(fixed.url).api.GET('/goals')), { code: 'TOKEN_EXPIRED' });
    assert.equal(fixed.asked.length, 1);
  });
});

describe('a stream', () => {
  const stream = (text, { stay = false } = {}) => (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(text);
    if (!stay) response.end();
  };
  const event = (id, type = 'goal.created') => `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify({ type, entityId: id })}\n\n`;
  const soon = 'retry: 1\n\n';

  async function collect(items, count) {
    const seen = [];
    for await (const item of items) {
      seen.push(item.type === 'event' ? `${item.id} ${item.event.type}` : item.type);
      if (seen.length === count) break;
    }
    return seen;
  }

  test('goes on after the last id, and each event comes once', async () => {
    const { url, asked } = await serve(
      stream(`${soon}${event('e-1')}${event('e-2')}`), hangUp, stream(`${event('e-2')}${event('e-3')}`), stream(`${event('e-4')}: alive\n\n`));
    const states = [];
    const seen = await collect(watchTenant(at(url), 'a b', { types: ['goal.*', 'issue.created'], lastEventId: 'e-0', onState: (state) => states.push(state) }), 4);
    assert.deepEqual(seen, ['e-1 goal.created', 'e-2 goal.created', 'e-3 goal.created', 'e-4 goal.created']);
    assert.deepEqual(asked.map(({ headers }) => headers['last-event-id']), ['e-0', 'e-2', 'e-2', 'e-3']);
    assert.equal(asked[0].url, '/realtime/tenants/a%20b?types=goal.*%2Cissue.created');
    assert.equal(asked[0].headers.authorization, 'Bearer t');
    assert.deepEqual(states, ['connecting', 'open', 'lost', 'connecting', 'lost', 'connecting', 'open', 'lost', 'connecting', 'open']);
  });

  test('says when events are no longer kept', async () => {
    const { url } = await serve(stream(`id: e-9\nevent: reset\ndata: {}\n\n${event('e-10')}`, { stay: true }));
    assert.deepEqual(await collect(watchGoal(at(url), 'g', { lastEventId: 'old' }), 2), ['reset', 'e-10 goal.created']);
  });

  test('says so, too, when it broke off before anything had come', async () => {
    const { url } = await serve(stream(soon), stream(event('e-5'), { stay: true }));
    assert.deepEqual(await collect(watchTenant(at(url), 't'), 2), ['reset', 'e-5 goal.created']);
  });

  test('that came in pieces is put together', async () => {
    const { url } = await serve((response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      const bytes = Buffer.from(`id: 1\ndata: ${JSON.stringify({ type: 'Ü' })}\n\n`);
      const middle = bytes.indexOf(0xc3) + 1;
      response.write(bytes.subarray(0, middle));
      setTimeout(() => response.write(bytes.subarray(middle)), 30);
    });
    assert.deepEqual(await collect(watchGoal(at(url), 'g'), 1), ['1 Ü']);
  });

  test('that falls silent is opened again', async () => {
    const { url, asked } = await serve(stream(`${soon}${event('e-1')}`, { stay: true }), stream(event('e-2'), { stay: true }));
    assert.deepEqual(await collect(watchGoal(at(url), 'g', { silenceMs: 100 }), 2), ['e-1 goal.created', 'e-2 goal.created']);
    assert.equal(asked[1].headers['last-event-id'], 'e-1');
  });

  test('that is not answered is asked for again', async () => {
    const { url, asked } = await serve(() => {}, stream(event('e-1'), { stay: true }));
    assert.deepEqual(await collect(watchGoal(at(url), 'g', { silenceMs: 50 }), 1), ['e-1 goal.created']);
    assert.equal(asked.length, 2);
  });

  test('is asked for again when it is refused for now', async () => {
    const { url, asked } = await serve(failure(429, 'RATE_LIMITED', { 'Retry-After': '1' }), stream(event('e-1'), { stay: true }));
    const before = Date.now();
    assert.deepEqual(await collect(watchGoal(at(url), 'g'), 1), ['e-1 goal.created']);
    assert.ok(Date.now() - before >= 990);
    assert.equal(asked.length, 2);
  });

  test('that is refused for good throws', async () => {
    for (const [status, code] of [[403, 'INSUFFICIENT_PERMISSIONS'], [404, 'GOAL_NOT_FOUND'], [401, 'UNAUTHENTICATED']]) {
      const { url, asked } = await serve(failure(status, code));
      await assert.rejects(collect(watchGoal(at(url), 'g')), { code });
      assert.equal(asked.length, 1);
    }
  });

  test('ends with its goal', async () => {
    const { url } = await serve(stream(`${soon}${event('e-1', 'goal.deleted')}`), failure(404, 'GOAL_NOT_FOUND'));
    assert.deepEqual(await collect(watchGoal(at(url), 'g')), ['e-1 goal.deleted']);
  });

  test('ends when it is told to, and closes its connection', async () => {
    const stop = new AbortController();
    let closed;
    const gone = new Promise((done) => { closed = done; });
    const { url } = await serve((response) => {
      stream(event('e-1'), { stay: true })(response);
      response.on('close', closed);
      setTimeout(() => stop.abort(), 50);
    });
    assert.deepEqual(await collect(watchGoal(at(url), 'g', { signal: stop.signal })), ['e-1 goal.created']);
    await gone;
  });

  test('is closed by who stops reading', async () => {
    let closed;
    const gone = new Promise((done) => { closed = done; });
    const { url } = await serve((response) => { stream(event('e-1'), { stay: true })(response); response.on('close', closed); });
    await collect(watchGoal(at(url), 'g'), 1);
    await gone;
  });
});
