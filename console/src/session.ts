// Who is signed in. The token is kept in session storage, so that a reload keeps it and other tabs and days do not; it comes
// from the sign-in page, from a link (`#token=…`, which never leaves the browser), or from an OpenID Connect provider.
import { jwtDecode } from 'jwt-decode';

const KEY = 'traction.token';

/** What the page reads of a token. The server checks it; this is only for showing. */
export interface Claims {
  userId: string;
  tenantId: string;
  name: string;
  roles: string[];
  features: string[] | null;
  limits: Record<string, number | null> | null;
  expiresAt: Date;
  mayWrite: boolean;
}

const list = (value: unknown): string[] => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).map(String);

/** Null for what is no usable token. */
export function readClaims(token: string): Claims | null {
  let claims: Record<string, unknown>;
  try {
    claims = jwtDecode(token);
  } catch {
    return null;
  }
  const userId = String(claims.user_id ?? claims.sub ?? '');
  const tenantId = String(claims.tenant_id ?? claims.tenantId ?? '');
  if (!userId || !tenantId || typeof claims.exp !== 'number') return null;
  const roles = [...list(claims.role), ...list(claims.roles)].filter(Boolean);
  const readers = ['viewer', 'guest', 'readonly'];
  const given = [claims.given_name, claims.family_name].filter(Boolean).join(' ');
  return {
    userId,
    tenantId,
    name: String(claims.name ?? (given || userId)),
    roles,
    features: claims.features ? list(claims.features) : null,
    limits: (claims.limits as Claims['limits']) ?? null,
    expiresAt: new Date(claims.exp * 1000),
    mayWrite: roles.length === 0 || roles.some((role) => !readers.includes(role.trim().toLowerCase())),
  };
}

/** A token of a link such as `#token=…` is taken, and the address is cleaned at once. */
function takeFromLink(): void {
  const found = /^#token=([^&]+)/.exec(location.hash);
  if (!found) return;
  sessionStorage.setItem(KEY, decodeURIComponent(found[1]!));
  history.replaceState(null, '', `${location.pathname}#/`);
}

takeFromLink();
const listeners = new Set<() => void>();
let token = sessionStorage.getItem(KEY);
let ended = false;

export const currentToken = () => token;
/** Whether the last session ended by itself: its token expired or was refused. */
export const hasEnded = () => ended;

export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(to: string | null, byItself: boolean): void {
  token = to;
  ended = byItself;
  if (to === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, to);
  listeners.forEach((listener) => listener());
}

export const signIn = (to: string) => change(to, false);
export const signOut = () => change(null, false);
export const endSession = () => change(null, true);
