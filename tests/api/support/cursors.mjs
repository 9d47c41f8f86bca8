// Cursors as somebody makes them up who knows how they are made (runtime/service/cursor.c).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { document, ok } from './client.mjs';

const headSize = 1 + 12 + 16; // version, digest, the row's id

// As msgpack. Objects are maps, buffers are binary.
function packed(value) {
  if (value === null) return Buffer.from([0xc0]);
  if (Array.isArray(value)) return Buffer.concat([Buffer.from([0x90 + value.length]), ...value.map(packed)]);
  const bytes = Buffer.from(value);
  if (Buffer.isBuffer(value)) return Buffer.concat([Buffer.from(bytes.length < 256 ? [0xc4, bytes.length] : [0xc5, bytes.length >> 8, bytes.length & 255]), bytes]);
  if (typeof value === 'string') return Buffer.concat([Buffer.from(bytes.length < 32 ? [0xa0 + bytes.length] : [0xd9, bytes.length]), bytes]);
  throw new Error(`no ${typeof value}`);
}
function packedMap(entries) {
  const head = entries.length < 16 ? Buffer.from([0x80 + entries.length]) : Buffer.from([0xde, 0, entries.length]);
  return Buffer.concat([head, ...entries.flat().map(packed)]);
}

// What a cursor is good for: operation, what stands in the path, tenant, and the query without its place.
function scopeOf(tenant, path) {
  const { pathname, searchParams } = new URL(path, 'http://localhost');
  const { path: pattern, operation } = document.find('GET', pathname);
  const names = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const id = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(pathname)?.[0];
  const query = operation.parameters.filter((one) => one.in === 'query')
    .map(({ name, schema }) => [name, searchParams.get(name) ?? (schema.type === 'array' ? [] : null)]);
  return Buffer.concat([packed(operation.operationId), packed(packedMap(names.map((name) => [name, id]))), packed(tenant), packedMap(query)]);
}

const digestOf = (scope, place) => createHash('sha256').update(packed(scope)).update(packed(place)).digest().subarray(0, 12);

// Of the list's first cursor: its key, and a function that makes it one of another key (a buffer).
export async function forger(client, path) {
  const { pagination } = ok(await client.get(`${path}${path.includes('?') ? '&' : '?'}size=1`));
  const cursor = Buffer.from(pagination.nextCursor, 'base64url');
  const scope = scopeOf(client.claims.tenant, path);
  const withDigest = (place) => Buffer.concat([cursor.subarray(0, 1), digestOf(scope, place), place]);
  assert.deepEqual(withDigest(cursor.subarray(13)), cursor, `a cursor of ${path} is made in another way`);
  return {
    key: cursor.subarray(headSize).toString(),
    forged: (key) => withDigest(Buffer.concat([cursor.subarray(13, headSize), key])).toString('base64url'),
  };
}
