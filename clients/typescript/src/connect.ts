// A connection to one Traction server: typed requests, and what the streams need to make theirs.
import createFetchClient, { type Client } from 'openapi-fetch';
import type { paths } from './generated/openapi.js';
import { createSend, type Send, type SendOptions } from './send.js';

export interface TractionOptions extends SendOptions {
  /** Where the server is: `https://traction.example`, or with its base path. Without one, the page's own origin. */
  baseUrl?: string;
}

export interface Traction {
  readonly baseUrl: string;
  /** Typed requests: `api.GET('/goals', { params: { query: { status: ['active'] } } })`. Give the result to `unwrap`. */
  readonly api: Client<paths>;
  /** Sends a request with the token, without repeating it; for what `api` does not do. */
  readonly send: Send;
}

export function connect({ baseUrl = '', ...options }: TractionOptions): Traction {
  const base = new URL(baseUrl || '/', globalThis.location?.href).href.replace(/\/$/, '');
  const { send, sendWithRetries } = createSend(options);
  return { baseUrl: base, api: createFetchClient<paths>({ baseUrl: base, fetch: sendWithRetries }), send };
}
