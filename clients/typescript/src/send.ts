// Sending one request: with the caller's token, a fresh one when it has expired, and once more when the first try got
// lost or was refused for the moment. Only what cannot happen twice is repeated.
import { backOff, retryAfterMs, sleep } from './wait.js';

/** A token, or what supplies one. It is asked before each request; `refresh` is true when the last one was refused. */
export type Token = string | ((asked: { refresh: boolean }) => string | Promise<string>);

export interface SendOptions {
  token: Token;
  /** Instead of the platform's fetch. */
  fetch?: (request: Request) => Promise<Response>;
  /** How often a request is repeated (3). */
  retries?: number;
  /** The longest Retry-After that is waited for (10 s); a longer one is the caller's to handle. */
  maxWaitMs?: number;
}

export type Send = (request: Request) => Promise<Response>;

const KEY = 'Idempotency-Key';

// A name that nobody else chose. It is no secret, and crypto.randomUUID is missing in Node 18 and on pages without TLS.
const newKey = () => [Date.now(), Math.random(), Math.random()].map((part) => part.toString(36).replace('0.', '')).join('-');

// Whether a second try does no harm when the first one was carried out, but its answer was lost.
function isRepeatable(request: Request): boolean {
  if (request.method === 'PUT') return !request.headers.has('If-Match'); // it would meet its own new version
  return ['GET', 'HEAD', 'POST'].includes(request.method); // POST has its key
}

function isRefusedForNow(request: Request, status: number, attempt: number): boolean {
  if (status === 429) return true;
  if (status === 409) return attempt > 0 && request.headers.has(KEY); // the first try is still being worked on
  return (status === 503 || status === 504) && isRepeatable(request);
}

export function createSend({ token, fetch = (request) => globalThis.fetch(request), retries = 3, maxWaitMs = 10_000 }: SendOptions) {
  const supply = async (refresh: boolean) => (typeof token === 'string' ? token : token({ refresh }));

  async function sendAs(request: Request, refresh: boolean): Promise<Response> {
    const copy = request.clone();
    copy.headers.set('Authorization', `Bearer ${await supply(refresh)}`);
    return fetch(copy);
  }

  const send: Send = async (request) => {
    const answer = await sendAs(request, false);
    if (answer.status !== 401 || typeof token === 'string') return answer;
    await answer.body?.cancel();
    return sendAs(request, true);
  };

  const sendWithRetries: Send = async (given) => {
    const request = new Request(given);
    if (request.method === 'POST' && !request.headers.has(KEY)) request.headers.set(KEY, newKey());
    for (let attempt = 0; ; attempt += 1) {
      const last = attempt >= retries;
      try {
        const answer = await send(request);
        const wait = retryAfterMs(answer.headers) ?? backOff(attempt, 300, maxWaitMs);
        if (last || wait > maxWaitMs || !isRefusedForNow(request, answer.status, attempt)) return answer;
        await answer.body?.cancel();
        await sleep(wait, request.signal);
      } catch (error) {
        if (last || request.signal.aborted || !isRepeatable(request)) throw error;
        await sleep(backOff(attempt, 300, maxWaitMs), request.signal);
      }
    }
  };

  return { send, sendWithRetries };
}
