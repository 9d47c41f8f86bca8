// What went wrong, as the server says it: a code for programs, a sentence for people, an id for whoever looks into it.
import type { components } from './generated/openapi.js';
import { retryAfterMs } from './wait.js';

type Failures = components['responses'];

/** Every code a failed answer can have; UNKNOWN when the answer was not the server's own (a proxy's, say). */
export type ErrorCode = Failures[keyof Failures]['content']['application/json']['code'] | 'UNKNOWN';

export class TractionError extends Error {
  override readonly name = 'TractionError';

  constructor(
    message: string,
    readonly status: number,
    readonly code: ErrorCode,
    /** Names the request in the server's logs. */
    readonly requestId: string | null,
    /** What is wrong with which field; empty unless the code is VALIDATION_ERROR. */
    readonly fields: Readonly<Record<string, string>> = {},
    /** How long the server asks to wait, in milliseconds. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}

/** Narrows what was caught: `if (isTractionError(error, 'PRECONDITION_FAILED'))`. Without codes: any answer of failure. */
export function isTractionError<Code extends ErrorCode>(error: unknown, ...codes: Code[]): error is TractionError & { code: Code } {
  return error instanceof TractionError && (codes.length === 0 || (codes as ErrorCode[]).includes(error.code));
}

/** The error of a failed answer whose body was read already. */
export function errorOf(response: Response, body: unknown): TractionError {
  const said = (body && typeof body === 'object' ? body : {}) as Partial<components['schemas']['Failure']>;
  return new TractionError(
    said.error ?? `The server answered ${response.status}`,
    response.status,
    (said.code as ErrorCode | undefined) ?? 'UNKNOWN',
    said.requestId ?? response.headers.get('X-Request-Id'),
    said.errors,
    retryAfterMs(response.headers),
  );
}
