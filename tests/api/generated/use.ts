// What a program in TypeScript does with the types that openapi-typescript makes from /openapi.json.
// That this compiles says as much as what it does; what must not compile says so.
import createClient from 'openapi-fetch';
import type { components, paths } from './api.js';

type Goal = components['schemas']['Goal'];
type Issue = components['schemas']['Issue'];

export async function use(baseUrl: string, token: string) {
  const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });

  const made = await client.POST('/goals', {
    body: { title: 'Typed', horizon: 'quarter', ownerId: 'ann', startDate: '2027-01-01', dueDate: '2027-03-31T10:00:00+02:00', metadata: { board: { column: 3 } } },
  });
  if (made.error) throw new Error(`${made.error.code}: ${made.error.error}`);
  const goal: Goal = made.data.data;
  const good: true = made.data.success;
  const metadata: Record<string, unknown> | null = goal.metadata;
  const verbs: ('activate' | 'pause' | 'complete' | 'cancel')[] = goal.allowedTransitions;

  const path = { params: { path: { id: goal.id } } };
  // @ts-expect-error: finalStatus is required
  const unsaid = await client.POST('/goals/{id}:close', { ...path, body: {} });
  // @ts-expect-error: and one of two words
  const unknown = await client.POST('/goals/{id}:close', { ...path, body: { finalStatus: 'done' } });
  // @ts-expect-error: a title is required
  const untitled = await client.POST('/api/operations/issues', { body: { description: 'none' } });
  const closed = await client.POST('/goals/{id}:close', { ...path, body: { finalStatus: 'cancelled', reason: 'only a test' } });
  if (closed.error) throw new Error(closed.error.error);

  const listed = await client.GET('/goals', { params: { query: { status: ['cancelled', 'draft'], size: 5, page: 1 } } });
  if (listed.error) throw new Error(listed.error.error);
  const more: boolean = listed.data.pagination.hasMore;

  const reported = await client.POST('/api/operations/issues', {
    body: { title: 'Typed', priority: 4, dueDate: '2027-02-01', rootCauseAnalysis: { method: 'five_whys', findings: { why: ['because'] } } },
  });
  if (reported.error) throw new Error(reported.error.error);
  const issue: Issue = reported.data.data;
  const level: 'low' | 'medium' | 'high' | 'critical' | null = issue.priority;
  const method = typeof issue.rootCauseAnalysis === 'object' ? issue.rootCauseAnalysis?.method : undefined;

  const removed = await client.DELETE('/goals/{id}', path);
  const gone: string | undefined = removed.data?.data.deletedAt;
  const missing = await client.GET('/goals/{id}', path);
  const bad: false | undefined = missing.error?.success;

  return {
    good, metadata, verbs, status: closed.data.data.status, ids: listed.data.data.map(({ id }) => id), id: goal.id, more, level, method, gone, bad,
    codes: [unsaid, unknown, untitled, missing].map(({ error }) => error?.code), sentence: untitled.error?.error,
  };
}
