// Holds answers to the OpenAPI document: the status must be declared for the operation, the body must
// match, and it must have no field that the document does not name. The document itself leaves
// objects open, because a later version may answer more; here every object is closed.
import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const methods = ['get', 'post', 'put', 'patch', 'delete'];

export const operationsOf = (document) => Object.entries(document.paths).flatMap(([path, item]) => methods
  .filter((method) => item[method])
  .map((method) => ({ method: method.toUpperCase(), path, operation: item[method] })));

// An object that names its fields gets no others. Below allOf one part cannot know the others' fields.
export function close(schema) {
  if (Array.isArray(schema)) return schema.map(close);
  if (schema === null || typeof schema !== 'object') return schema;
  const closed = Object.fromEntries(Object.entries(schema)
    .map(([key, value]) => [key, ['allOf', 'enum', 'const', 'example', 'examples'].includes(key) ? value : close(value)]));
  const named = typeof closed.properties === 'object' && closed.type === 'object';
  return named && !('additionalProperties' in closed) ? { ...closed, additionalProperties: false } : closed;
}

// How documents are compiled, which every test file does: the time goes there, not into checking. Ajv would
// hold the document as a whole to the meta-schema, which knows none of its keywords.
export const compiling = { strict: false, allErrors: true, validateSchema: false, inlineRefs: false, code: { optimize: false } };

const pointer = (...parts) => parts
  .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');

// "/goals/{id}:activate" as an expression for addresses, and a rank for choosing among several: fixed
// text comes before a verb, and that before a parameter.
function matcher(path) {
  const text = path.split(/(\{\w+\})/).map((part) => (part.startsWith('{') ? '[^/:]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return { expression: new RegExp(`^${text.join('')}$`), rank: path.split('/').map((part) => (part.startsWith('{') ? (part.endsWith('}') ? 2 : 1) : 0)).join('') };
}

// One "/api" may stand before every address, and an operation's description names its others.
const bare = (address) => address.replace(/^\/api(?=\/)/, '');
function addressesOf({ path, operation }) {
  const also = /Also at ((?:`[^`]+`(?:, | and )?)+)\./.exec(operation.description ?? '')?.[1] ?? '';
  return [...new Set([path, ...[...also.matchAll(/`([^`]+)`/g)].map(([, address]) => address)].map(bare))];
}

// Header fields that a client looks for, and so has to be told of.
const telling = ['etag', 'location', 'x-last-event-id', 'x-degraded', 'content-disposition', 'retry-after', 'www-authenticate'];
// Those that are sent wherever they are declared, but for degraded answers.
const promised = ['etag', 'location', 'content-disposition'];

export class Document {
  constructor(document) {
    this.document = document;
    this.routes = operationsOf(document);
    this.places = this.routes
      .flatMap((entry) => addressesOf(entry).map((address) => ({ ...entry, address, ...matcher(address) })))
      .sort((a, b) => a.rank.localeCompare(b.rank));
    this.bases = document.servers.map(({ url }) => url).filter((url) => url !== '/');
    this.ajv = new Ajv2020(compiling);
    addFormats(this.ajv);
    const schemas = close(document.components.schemas);
    const responses = close(document.components.responses);
    this.ajv.addSchema({ ...document, paths: close(document.paths), components: { ...document.components, schemas, responses } }, 'document');
  }

  // The operation and path that a request means; null when the document has none.
  find(method, target) {
    let path = target.split(/[?#]/)[0];
    for (const base of this.bases) if (path.startsWith(`${base}/`)) path = path.slice(base.length);
    path = bare(path.replace(/(.)\/$/, '$1'));
    const segments = path.split('/').map((segment) => {
      try { return decodeURIComponent(segment).replaceAll('/', '_'); } catch { return segment; }
    });
    const fits = this.places.filter(({ expression }) => expression.test(segments.join('/')));
    if (!fits.length) return null;
    const asked = method === 'HEAD' ? 'GET' : method;
    // Other operations may have the same path and another method; the most fixed path counts.
    return fits.find((route) => route.address === fits[0].address && route.method === asked) ?? { ...fits[0], operation: null };
  }

  // What is wrong with an answer, as text; '' when nothing is. `body` is null when there is none.
  faults(method, target, status, body, headers = {}) {
    const route = this.find(method, target);
    if (!route) return [400, 404, 405, 413, 417].includes(status) ? '' : `${status} from an address that is not in the document`;
    if (method === 'OPTIONS') return '';
    if (!route.operation) return [400, 405].includes(status) ? '' : `${status} for a method that is not in the document`;
    const { responses } = route.operation;
    const name = route.operation.operationId;
    if (!(status in responses)) return `${name} does not declare ${status}`;
    const shared = responses[status].$ref;
    const response = shared ? this.document.components.responses[shared.split('/').pop()] : responses[status];
    const declared = Object.keys(response.headers ?? {}).map((field) => field.toLowerCase());
    const untold = telling.filter((field) => field in headers && !declared.includes(field));
    const unsent = 'x-request-id' in headers && !('x-degraded' in headers)
      ? promised.filter((field) => declared.includes(field) && !(field in headers)) : [];
    if (unsent.length) return `${name} declares header fields of ${status} that it does not send: ${unsent}`;
    if (untold.length) return `${name} does not declare the header fields of ${status}: ${untold}`;
    if (body === null) return '';
    if (!response.content?.['application/json']) return `${name} declares no JSON for ${status}`;
    const place = shared ? pointer('components', 'responses', shared.split('/').pop())
      : pointer('paths', route.path, route.method.toLowerCase(), 'responses', String(status));
    const validate = this.ajv.getSchema(`document#/${place}/${pointer('content', 'application/json', 'schema')}`);
    if (validate(body)) return '';
    return `${name} ${status}: ${this.ajv.errorsText(validate.errors, { dataVar: 'body' })}`;
  }

  // What is wrong with a value of a request, as text. A request may say more than its schema names.
  schemaFaults(schema, value) {
    const place = schema.$ref ? schema.$ref.split('/').slice(1) : null;
    if (!place) this.ajv.validateSchema(schema, true);
    const validate = place ? this.ajv.getSchema(`document#/${pointer(...place)}`) : this.ajv.compile(schema);
    return validate(value) ? '' : this.ajv.errorsText(validate.errors);
  }

  assertAnswer(method, target, status, body, headers) {
    // The sender resolves "." and "..", or does not: what was asked is not known here.
    if (/(^|\/)(\.|%2e){1,2}([/?#]|$)/i.test(target)) return;
    const faults = this.faults(method, target, status, body, headers);
    assert.equal(faults, '', `${method} ${target} does not answer as /openapi.json says: ${faults}\n${JSON.stringify(body)?.slice(0, 2000)}`);
  }
}

export async function fetchDocument(url) {
  const answer = await fetch(`${url}/openapi.json`);
  assert.equal(answer.status, 200);
  return new Document(await answer.json());
}
