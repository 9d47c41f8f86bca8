// What a program does with the packed client, under tsc --strict. What must not compile says so.
import { connect, ifMatch, isTractionError, unwrap, watchGoal, watchTenant, type ErrorCode, type Model, type StreamState } from '@traction/client';

export async function use(baseUrl: string, token: string, tenant: string): Promise<string[]> {
  const traction = connect({ baseUrl, token: async () => token });
  const { data: goals, pagination } = await unwrap(traction.api.GET('/goals', { params: { query: { status: ['active'] } } }));
  const total: number = pagination.total;
  const first: Model<'Goal'> | undefined = goals[0];
  // @ts-expect-error: there is no such path
  traction.api.GET('/goal');
  // @ts-expect-error: a title is required
  traction.api.POST('/goals', { body: { ownerId: 'o' } });

  const { data: goal, etag } = await unwrap(traction.api.POST('/goals', { body: { title: 'Typed', ownerId: 'o', horizon: 'year' } }));
  // @ts-expect-error: one goal has no pages
  void (await unwrap(traction.api.GET('/goals/{id}', { params: { path: { id: goal.id } } }))).pagination?.total;
  await unwrap(traction.api.PUT('/goals/{id}', { params: { path: { id: goal.id }, header: ifMatch(etag) }, body: { title: 'Typed again' } }));
  let code: ErrorCode | null = null;
  try {
    await unwrap(traction.api.POST('/goals/{id}:close', { params: { path: { id: goal.id } }, body: { finalStatus: 'completed' } }));
  } catch (error) {
    if (isTractionError(error, 'INVALID_STATUS_TRANSITION', 'GOAL_NOT_FOUND')) code = error.code;
    // @ts-expect-error: a code that nothing has
    isTractionError(error, 'NO_SUCH_CODE');
  }
  const stop = new AbortController();
  const seen: string[] = [String(total), String(first?.title), String(code)];
  const onState = (state: StreamState) => {
    if (state === 'open') void unwrap(traction.api.POST('/goals/{id}/notes', { params: { path: { id: goal.id } }, body: { note: 'hello' } }));
  };
  for await (const item of watchGoal(traction, goal.id, { types: ['activity.created', 'goal.*'], signal: stop.signal, onState })) {
    if (item.type === 'reset') continue;
    if (item.event.type === 'activity.created') {
      const text: string = item.event.activity.text;
      // @ts-expect-error: an entry of the feed has no strategy
      void item.event.strategy;
      seen.push(`${item.event.type}: ${text}`);
      stop.abort();
    }
  }
  void watchTenant(traction, tenant);
  // @ts-expect-error: no such event
  void watchTenant(traction, tenant, { types: ['goal.exploded'] });
  return seen;
}
