// Makes bearer tokens by hand, good and bad: no library that would refuse to make a bad one.
import { createHmac } from 'node:crypto';

export const seconds = () => Math.floor(Date.now() / 1000);

export function base64url(value) {
  const bytes = typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value);
  return Buffer.from(bytes).toString('base64url');
}

// Signs any header and claims (objects, or text to be sent as it is) with HMAC.
export function sign(claims, secret, header = { alg: 'HS256', typ: 'JWT' }, hash = 'sha256') {
  const head = `${base64url(header)}.${base64url(claims)}`;
  return `${head}.${createHmac(hash, secret).update(head).digest('base64url')}`;
}

// The claims of an ordinary caller; `more` adds and replaces, undefined removes.
export function claimsOf({ tenant, user, name, ...more }) {
  const now = seconds();
  const claims = { sub: user, tenant_id: tenant, iat: now, exp: now + 3600, ...more };
  if (name !== undefined) claims.name = name;
  return claims;
}
