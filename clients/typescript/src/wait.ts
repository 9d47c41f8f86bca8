// Waiting: for a time, and as long as a server asks for.

/** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Exponential back-off with jitter: between half of and all of `base` doubled `attempt` times, at most `max`. */
export function backOff(attempt: number, base: number, max: number): number {
  const full = Math.min(max, base * 2 ** Math.min(attempt, 20));
  return full / 2 + (Math.random() * full) / 2;
}

/** Milliseconds of a Retry-After header, which is seconds or a date; null without one. */
export function retryAfterMs(headers: Headers): number | null {
  const value = headers.get('Retry-After');
  if (!value) return null;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
