// Live changes as async iterators, over fetch instead of EventSource: a header carries the token and the last id, and a
// refusal says why. A stream that breaks off is taken up again where it was, and each event comes once.
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { Traction } from './connect.js';
import { errorOf } from './errors.js';
import type { EventType, TractionEvent } from './events.js';
import { backOff, sleep } from './wait.js';

/** `lost` comes with what broke the stream off, if anything did; it is being taken up again. */
export type StreamState = 'connecting' | 'open' | 'lost';

export type StreamItem =
  | { type: 'event'; id: string; event: TractionEvent }
  /** What happened in between is not known: load again what you show. */
  | { type: 'reset'; id: string };

export interface WatchOptions {
  /** Types of events, `goal.*` for a family. */
  types?: readonly (EventType | `${string}.*`)[];
  /** Where to begin: the `lastEventId` of an answer, or the `id` of the last item. Without it: now. */
  lastEventId?: string | null;
  /** Ends the iteration without an error. */
  signal?: AbortSignal;
  onState?: (state: StreamState, cause?: unknown) => void;
  /** After this much silence a stream counts as lost (40 s; the server says something every 15 s). */
  silenceMs?: number;
}

/** Everything of the tenant. */
export const watchTenant = (traction: Traction, tenantId: string, options?: WatchOptions) =>
  watch(traction, `/realtime/tenants/${encodeURIComponent(tenantId)}`, options);

/** One goal's feed, and with `types` more of it. Ends when the goal is deleted. */
export const watchGoal = (traction: Traction, goalId: string, options?: WatchOptions) =>
  watch(traction, `/realtime/goals/${encodeURIComponent(goalId)}/activity`, options);

const KNOWN_IDS = 1000;
const MAX_WAIT_MS = 30_000;

async function* watch(traction: Traction, path: string, options: WatchOptions = {}): AsyncGenerator<StreamItem, void, undefined> {
  const { types, signal, onState, silenceMs = 40_000 } = options;
  const url = new URL(traction.baseUrl + path);
  if (types?.length) url.searchParams.set('types', types.join(','));
  const ids = new Set<string>();
  let last = options.lastEventId ?? null;
  let retryMs = 3000;
  let failures = 0;
  let wasOpen = false;

  while (!signal?.aborted) {
    const closing = new AbortController();
    const close = () => closing.abort();
    signal?.addEventListener('abort', close, { once: true });
    let cause: unknown;
    let waitMs: number | null = null;
    try {
      onState?.('connecting');
      const headers = { Accept: 'text/event-stream', ...(last === null ? {} : { 'Last-Event-ID': last }) };
      const request = new Request(url, { headers, signal: closing.signal, cache: 'no-store' });
      const response = await withoutSilence(traction.send(request), silenceMs, closing);
      if (!response.ok) {
        const error = errorOf(response, await response.json().catch(() => null));
        if (error.status === 404 && wasOpen) return;
        if (error.status !== 429 && error.status < 500) throw new Refused(error);
        waitMs = error.retryAfterMs;
        throw error;
      }
      onState?.('open');
      // Nothing had come yet that says where to go on.
      if (wasOpen && last === null) yield { type: 'reset', id: '' };
      wasOpen = true;
      for await (const message of messagesOf(response, silenceMs, closing, (ms) => { retryMs = ms; })) {
        failures = 0;
        const id = message.id ?? '';
        if (id) last = id;
        if (message.event === 'reset') yield { type: 'reset', id };
        else if (!ids.has(id)) {
          remember(ids, id);
          yield { type: 'event', id, event: JSON.parse(message.data) as TractionEvent };
        }
      }
    } catch (error) {
      if (error instanceof Refused) throw error.cause;
      cause = error;
    } finally {
      signal?.removeEventListener('abort', close);
      closing.abort();
    }
    if (signal?.aborted) return;
    onState?.('lost', cause);
    await sleep(waitMs ?? backOff(failures, retryMs, MAX_WAIT_MS), signal).catch(() => undefined);
    failures += 1;
  }
}

// An answer that another try would not change.
class Refused {
  constructor(readonly cause: unknown) {}
}

function remember(ids: Set<string>, id: string): void {
  if (!id) return;
  ids.add(id);
  if (ids.size > KNOWN_IDS) ids.delete(ids.values().next().value!);
}

// What comes from the server, unless it says nothing for too long: then the connection is closed.
function withoutSilence<T>(coming: Promise<T>, silenceMs: number, closing: AbortController): Promise<T> {
  const silence = setTimeout(() => closing.abort(new Error(`nothing came for ${silenceMs} ms`)), silenceMs);
  return coming.finally(() => clearTimeout(silence));
}

// The messages of one connection, until it ends. Throws when it breaks off or falls silent.
async function* messagesOf(response: Response, silenceMs: number, closing: AbortController, onRetry: (ms: number) => void) {
  const ready: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => ready.push(message), onRetry });
  const decoder = new TextDecoder();
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await withoutSilence(reader.read(), silenceMs, closing);
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
    while (ready.length > 0) yield ready.shift()!;
  }
}
