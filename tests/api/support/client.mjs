// How the tests talk to the stack: an axios client per caller that never throws on a status and holds
// every answer, whatever the test is about, to the rules that all answers share.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import { fetchEvents } from './asyncapi.mjs';
import { fetchDocument } from './openapi.mjs';
import { claimsOf, sign } from './token.mjs';

if (!process.env.TEST_STACK) throw new Error('start the tests with: node run.mjs [part of a file name]');
export const stack = JSON.parse(process.env.TEST_STACK);
export const document = await fetchDocument(stack.url);
export const events = await fetchEvents(stack.url);

export const basePath = '/traction/api/v1';
export const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const unknownId = () => randomUUID();

const codes = {
  400: ['INVALID_JSON', 'INVALID_REQUEST', 'INVALID_STATUS_TRANSITION', 'INVALID_FINAL_STATUS'],
  401: ['UNAUTHENTICATED', 'TOKEN_EXPIRED'],
  403: ['INSUFFICIENT_PERMISSIONS', 'GOAL_LIMIT_REACHED', 'STRATEGY_LIMIT_REACHED', 'ATTACHMENT_LIMIT_REACHED',
    'KPI_LIMIT_REACHED', 'ACTION_LIMIT_REACHED', 'REPORT_LIMIT_REACHED', 'SYSTEM_RESOURCE'],
  404: ['GOAL_NOT_FOUND', 'STRATEGY_NOT_FOUND', 'KPI_NOT_FOUND', 'KPI_LINK_NOT_FOUND', 'KPI_TARGET_NOT_FOUND', 'KPI_ACTUAL_NOT_FOUND', 'REPLAN_RULE_NOT_FOUND', 'ACTION_NOT_FOUND',
    'ISSUE_NOT_FOUND', 'ISSUE_TYPE_NOT_FOUND', 'ISSUE_STATUS_NOT_FOUND', 'PERSON_NOT_FOUND', 'ROUTE_NOT_FOUND'],
  405: ['METHOD_NOT_ALLOWED'],
  409: ['DEPENDENCY_EXISTS', 'DUPLICATE_NAME', 'CONFLICT'],
  412: ['PRECONDITION_FAILED'],
  413: ['PAYLOAD_TOO_LARGE'],
  415: ['UNSUPPORTED_MEDIA_TYPE'],
  422: ['VALIDATION_ERROR', 'IDEMPOTENCY_KEY_REUSED'],
  429: ['RATE_LIMITED'],
  503: ['SERVICE_UNAVAILABLE'],
  504: ['UPSTREAM_TIMEOUT'],
};

// Keys of everything but metadata, analyses and names of types, which are the caller's own; maps are keyed by ids.
function assertCamelCase(value, where = '') {
  if (Array.isArray(value)) value.forEach((item, i) => assertCamelCase(item, `${where}[${i}]`));
  else if (value !== null && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) {
      const isId = where === '' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(key);
      if (!isId) assert.match(key, /^[a-z][A-Za-z0-9]*$/, `the key ${where}.${key} is not camelCase`);
      if (!['metadata', 'rootCauseAnalysis', 'typeStats'].includes(key)) assertCamelCase(inner, `${where}.${key}`);
    }
  }
}

// Lists that have cursors are told apart by nextCursor; what was asked for by one has no number.
function assertPagination({ nextCursor, ...pagination }, count) {
  assert.deepEqual(Object.keys(pagination).sort(), ['hasMore', 'hasNextPage', 'hasPreviousPage', 'limit', 'page', 'pageSize', 'size', 'total', 'totalPages']);
  const { page, size, limit, pageSize, total, totalPages } = pagination;
  for (const value of [size, limit, total, totalPages]) assert.ok(Number.isInteger(value));
  assert.deepEqual([limit, pageSize], [size, size]);
  if (page !== null) {
    assert.ok(Number.isInteger(page) && page >= 1);
    assert.equal(pagination.hasNextPage, page < totalPages);
    assert.equal(pagination.hasPreviousPage, page > 1);
  } else assert.notEqual(nextCursor, undefined);
  assert.equal(pagination.hasMore, pagination.hasNextPage);
  if (nextCursor !== undefined) assert.equal(nextCursor !== null, pagination.hasNextPage);
  assert.ok(size >= 1 && total >= 0 && count <= size);
  if (total > 0) assert.equal(totalPages, Math.ceil(total / size));
}

// Clients that show nothing but `error` show the first of `errors`.
function sentenceOf(errors, error) {
  const [[field, text], ...more] = Object.entries(errors);
  // Beyond the first thousand they are counted, not kept.
  if (more.length === 999 && Number(/\(and (\d+) more/.exec(error)?.[1]) >= 999) return error;
  if (!more.length) return `${field} ${text}`;
  return `${field} ${text} (and ${more.length} more field${more.length === 1 ? ' is' : 's are'} not valid)`;
}

function assertFailure(status, headers, body) {
  const known = ['success', 'error', 'code', 'requestId', 'errors'];
  assert.deepEqual(Object.keys(body).filter((key) => !known.includes(key)), [], 'keys of a failure');
  assert.match(body.error, /\S/, 'a failure has a sentence');
  assert.equal(body.requestId, headers['x-request-id']);
  assert.ok(codes[status]?.includes(body.code), `code ${body.code} does not belong to status ${status}`);
  if (body.code === 'VALIDATION_ERROR') assert.equal(body.error, sentenceOf(body.errors, body.error));
  if (status === 422) {
    assert.ok(Object.keys(body.errors).length > 0, 'a 422 names its fields');
    for (const text of Object.values(body.errors)) assert.match(text, /\S/);
  } else assert.equal(body.errors, undefined);
  if (status === 401) assert.match(headers['www-authenticate'], /^Bearer/);
  if (status === 405) assert.match(headers.allow, /^[A-Z]+(, ?[A-Z]+)*$/);
  if (status === 503 || status === 429) assert.match(headers['retry-after'], /^[1-9]\d*$/);
}

// What is somebody's is kept in no cache, or in their own browser's, which asks before it uses it.
function assertNotKept(status, headers) {
  if (status === 204) return;
  assert.equal(headers['cache-control'], 'etag' in headers ? 'private, no-cache' : 'no-store');
  if (status !== 304) assert.equal(headers['x-content-type-options'], 'nosniff');
}

// The rules that every answer obeys. `method` is what was asked.
export function assertEnvelope(method, path, status, headers, text) {
  assert.match(headers['x-request-id'] ?? '', /^[\x21-\x7e]{1,128}$/, 'every answer has an X-Request-Id');
  assert.notEqual(status, 500, `${method} ${path} answered 500: ${text}`);
  assertNotKept(status, headers);
  if (method === 'HEAD' || method === 'OPTIONS' || status === 304 || status === 204) {
    assert.equal(text, '');
    document.assertAnswer(method, path, status, null, headers);
    return null;
  }
  assert.match(headers['content-type'] ?? '', /^application\/json(; ?charset=utf-8)?$/i);
  const body = JSON.parse(text);
  assert.equal(body.success, status < 400, `success of ${status}`);
  document.assertAnswer(method, path, status, body, headers);
  if (path.includes('/health')) return body;
  if (!body.success) assertFailure(status, headers, body);
  else {
    if (method === 'DELETE' && 'deletedIssueId' in body) { // its shape is the specification's own
      assert.deepEqual(Object.keys(body).sort(), ['deletedAt', 'deletedIssueId', 'success']);
      return body;
    }
    assert.deepEqual(Object.keys(body).filter((key) => !['success', 'data', 'pagination'].includes(key)), []);
    assert.ok('data' in body);
    assertCamelCase(body.data);
    if (body.pagination) assertPagination(body.pagination, body.data.length);
  }
  return body;
}

const http = axios.create({
  baseURL: stack.url,
  validateStatus: () => true,
  responseType: 'text',
  transformResponse: [(text) => text], // parsed by us: axios forgives what is not JSON
  maxRedirects: 0,
  proxy: false,
  timeout: 30000,
});

export class Client {
  // `base` is '' or basePath. Other options are claims, or `token` to send as it is (null: none), or
  // `url` and `secret` of another stack.
  constructor({ base = '', token, headers = {}, url = stack.url, secret = stack.secret, ...claims } = {}) {
    this.url = url;
    this.secret = secret;
    this.base = base;
    this.claims = claims;
    this.token = token === undefined ? sign(claimsOf(claims), secret) : token;
    this.headers = this.token === null ? headers : { Authorization: `Bearer ${this.token}`, ...headers };
  }

  // Another caller: the same but for what is given.
  as(options) {
    return new Client({ base: this.base, url: this.url, secret: this.secret, ...this.claims, ...options });
  }

  async request(method, path, data, options = {}) {
    const answer = await http.request({
      ...options, method, baseURL: this.url, url: this.base + path, data, headers: { ...this.headers, ...options.headers },
    }).catch((error) => { // axios would print itself, its sockets and the token
      throw new Error(`${method} ${path.slice(0, 300)} got no answer: ${error.message}`);
    });
    const text = answer.data ?? '';
    const body = assertEnvelope(method, path, answer.status, answer.headers, text);
    return { status: answer.status, headers: answer.headers, text, body, ...body };
  }

  // What is answered without another service's part is asked for again, a few times: on a busy machine that service
  // may only have been late.
  async get(path, options) {
    for (let left = 5; ; left -= 1) {
      const answer = await this.request('GET', path, undefined, options);
      if (left === 0 || !('x-degraded' in answer.headers)) return answer;
      await sleep(100);
    }
  }

  post(path, data, options) { return this.request('POST', path, data, options); }

  put(path, data, options) { return this.request('PUT', path, data, options); }

  del(path, options) { return this.request('DELETE', path, undefined, options); }

  // Sends the bytes as a JSON body, however broken they are.
  raw(method, path, bytes, headers = {}) {
    return this.request(method, path, Buffer.from(bytes), {
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  }

  async goal(fields = {}) {
    const owner = 'ownerId' in fields ? {} : { owner_id: 'owner-1' };
    return created(await this.post('/goals', { title: 'A goal', horizon: 'quarter', ...owner, ...fields })).data;
  }

  async strategy(goal, fields = {}) {
    return created(await this.post(`/goals/${goal.id}/strategies`, { description: 'A strategy', ...fields })).data;
  }

  async action(fields = {}) {
    return created(await this.post('/api/operations/actions', { title: 'An action', ...fields })).data;
  }

  async issue(fields = {}) {
    return created(await this.post('/api/operations/issues', { title: 'An issue', ...fields })).data;
  }

  async activity(goal, query = '') {
    return ok(await this.get(`/goals/${goal.id}/activity${query}`)).data;
  }

  // A goal in any status, reached the way a client would.
  async goalIn(status, fields = {}) {
    const start = { draft: 'draft', paused: 'paused', archived: 'draft', cancelled: 'draft' }[status] ?? 'active';
    const goal = await this.goal({ status: start, ...fields });
    if (status === start) return goal;
    if (status === 'archived') return ok(await this.put(`/goals/${goal.id}`, { status })).data;
    return ok(await this.post(`/goals/${goal.id}:close`, { finalStatus: status })).data;
  }
}

// A client of a tenant that nobody else uses.
let tenants = 0;
export function newTenant(options = {}) {
  tenants += 1;
  return new Client({ tenant: `tenant-${randomUUID().slice(0, 8)}-${tenants}`, user: 'user-1', name: 'Ann One', ...options });
}

export function ok(answer, status = 200) {
  assert.equal(answer.status, status, answer.text);
  return answer;
}

export const created = (answer) => ok(answer, 201);

// A failure with this status and code, whose sentence is or matches `sentence`.
export function fails(answer, status, code, sentence) {
  assert.equal(answer.status, status, answer.text);
  if (code) assert.equal(answer.code, code, answer.text);
  if (typeof sentence === 'string') assert.equal(answer.error, sentence);
  else if (sentence) assert.match(answer.error, sentence);
  return answer;
}

// A 422 that names exactly these fields.
export function invalid(answer, ...fields) {
  fails(answer, 422, 'VALIDATION_ERROR');
  assert.deepEqual(Object.keys(answer.errors).sort(), [...fields].sort(), answer.text);
  return answer;
}
