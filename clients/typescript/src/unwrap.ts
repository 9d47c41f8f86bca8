// From what `api` answers to the data itself, or a TractionError.
import { errorOf } from './errors.js';

interface Called {
  data?: unknown;
  error?: unknown;
  response: Response;
}
type Body<R extends Called> = Exclude<R['data'], undefined>;
type DataOf<B> = B extends { data: infer Data } ? Data : B;
type PaginationOf<B> = B extends { pagination: infer Pagination } ? Pagination : undefined;

export interface Answer<B> {
  /** What the envelope holds; the whole body where there is no envelope (a report's bytes). */
  data: DataOf<B>;
  /** Of lists. */
  pagination: PaginationOf<B>;
  /** Of single resources: give it to `ifMatch` when you change them. */
  etag: string | null;
  /** A cursor taken before the read: give it to `watchGoal` and nothing is missed in between. */
  lastEventId: string | null;
  response: Response;
}

/** Waits for a call of `api`. Throws a TractionError unless it succeeded. */
export async function unwrap<R extends Called>(call: Promise<R>): Promise<Answer<Body<R>>> {
  const { data: body, error, response } = await call;
  if (!response.ok) throw errorOf(response, error);
  const hasData = body !== null && typeof body === 'object' && 'data' in body;
  const enveloped = (hasData ? body : { data: body }) as { data: unknown; pagination?: unknown };
  return {
    data: enveloped.data as DataOf<Body<R>>,
    pagination: enveloped.pagination as PaginationOf<Body<R>>,
    etag: response.headers.get('ETag'),
    lastEventId: response.headers.get('X-Last-Event-Id'),
    response,
  };
}

/** The header that makes a change fail with PRECONDITION_FAILED when somebody else was faster: `params: { header: ifMatch(etag) }`. */
export const ifMatch = (etag: string | null): { 'If-Match'?: string } => (etag === null ? {} : { 'If-Match': etag });
