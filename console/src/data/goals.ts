// Goals, their strategies, links to KPIs, and feed.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ifMatch, unwrap, type Model } from '@traction/client';
import { traction } from '../traction.js';
import { keys } from './keys.js';

export type Goal = Model<'Goal'>;
export type Strategy = Model<'Strategy'>;
export type GoalKpi = Model<'GoalKPI'>;
export type Verb = 'activate' | 'pause' | 'complete' | 'cancel';
const { api } = traction;

export interface GoalFilter {
  search: string;
  status: Goal['status'] | '';
  horizon: Goal['horizon'] | '';
  page: number;
}
export const GOALS_PER_PAGE = 20;

export const useGoals = (filter: GoalFilter) =>
  useQuery({
    queryKey: [...keys.goals, filter],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = {
        page: filter.page, size: GOALS_PER_PAGE, search: filter.search || undefined,
        status: filter.status ? [filter.status] : undefined, horizon: filter.horizon ? [filter.horizon] : undefined,
      };
      return unwrap(api.GET('/goals', { params: { query }, signal }));
    },
  });

export const useGoal = (id: string) =>
  useQuery({ queryKey: keys.goal(id), queryFn: ({ signal }) => unwrap(api.GET('/goals/{id}', { params: { path: { id } }, signal })) });

export const useCreateGoal = () => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Model<'GoalInput'>) => unwrap(api.POST('/goals', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.goals }),
  });
};

export const useChangeGoal = (id: string) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ body, etag }: { body: Model<'GoalPatch'>; etag: string | null }) =>
      unwrap(api.PUT('/goals/{id}', { params: { path: { id }, header: ifMatch(etag) }, body })),
    onSettled: () => client.invalidateQueries({ queryKey: keys.goal(id) }),
  });
};

export const useMoveGoal = (id: string) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ verb, reason }: { verb: Verb; reason: string | null }) => {
      const params = { path: { id } };
      if (verb === 'activate') return unwrap(api.POST('/goals/{id}:activate', { params, body: { reason } }));
      if (verb === 'pause') return unwrap(api.POST('/goals/{id}:pause', { params, body: { reason } }));
      return unwrap(api.POST('/goals/{id}:close', { params, body: { finalStatus: verb === 'complete' ? 'completed' : 'cancelled', reason } }));
    },
    onSettled: () => Promise.all([keys.goal(id), keys.goals, keys.feed(id)].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
};

type GoalAnswer = NonNullable<ReturnType<typeof useGoal>['data']>;

/** Optimistic: the order is shown at once and taken back when the server refuses it. */
export const useReorderStrategies = (goalId: string) => {
  const client = useQueryClient();
  const queryKey = keys.goal(goalId);
  return useMutation({
    mutationFn: (strategies: Strategy[]) =>
      unwrap(api.PUT('/goals/{goalId}/strategies:reorder', { params: { path: { goalId } }, body: { strategyIds: strategies.map(({ id }) => id) } })),
    onMutate: async (strategies) => {
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData<GoalAnswer>(queryKey);
      if (before) client.setQueryData<GoalAnswer>(queryKey, { ...before, data: { ...before.data, strategies } });
      return { before };
    },
    onError: (_error, _strategies, context) => client.setQueryData(queryKey, context?.before),
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
};

const useGoalPart = <Input>(goalId: string, mutationFn: (input: Input) => Promise<unknown>, ...more: (readonly unknown[])[]) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () => Promise.all([keys.goal(goalId), ...more].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
};

export const useAddStrategy = (goalId: string) =>
  useGoalPart(goalId, (body: Model<'StrategyInput'>) => unwrap(api.POST('/goals/{goalId}/strategies', { params: { path: { goalId } }, body })));

export const useChangeStrategy = (goalId: string) =>
  useGoalPart(goalId, ({ id, body }: { id: string; body: Model<'StrategyPatch'> }) =>
    unwrap(api.PUT('/goals/{goalId}/strategies/{strategyId}', { params: { path: { goalId, strategyId: id } }, body })));

export const useRemoveStrategy = (goalId: string) =>
  useGoalPart(goalId, (strategyId: string) => unwrap(api.DELETE('/goals/{goalId}/strategies/{strategyId}', { params: { path: { goalId, strategyId } } })));

export const useLinkKpi = (goalId: string) =>
  useGoalPart(goalId, (body: Model<'KPILinkInput'>) => unwrap(api.POST('/goals/{goalId}/kpis:link', { params: { path: { goalId } }, body })), keys.kpis);

export const useUnlinkKpi = (goalId: string) =>
  useGoalPart(goalId, (kpiId: string) => unwrap(api.POST('/goals/{goalId}/kpis:unlink', { params: { path: { goalId } }, body: { kpiId } })), keys.kpis);

export const useSetThreshold = (goalId: string) =>
  useGoalPart(goalId, ({ kpiId, thresholdPct }: { kpiId: string; thresholdPct: number }) =>
    unwrap(api.POST('/goals/{goalId}/kpis/{kpiId}:setThreshold', { params: { path: { goalId, kpiId } }, body: { thresholdPct } })));

export const useAvailableKpis = (goalId: string, enabled: boolean) =>
  useQuery({
    enabled, queryKey: [...keys.kpis, 'available', goalId],
    queryFn: ({ signal }) => unwrap(api.GET('/goals/{goalId}/available-kpis', { params: { path: { goalId } }, signal })),
  });

const FEED_SIZE = 20;
export const useFeed = (id: string) =>
  useInfiniteQuery({
    queryKey: keys.feed(id),
    initialPageParam: 1,
    queryFn: ({ pageParam, signal }) => unwrap(api.GET('/goals/{id}/activity', { params: { path: { id }, query: { page: pageParam, size: FEED_SIZE } }, signal })),
    getNextPageParam: (last, _pages, page) => (last.pagination.hasNextPage ? page + 1 : undefined),
  });

export const useAddNote = (id: string) =>
  useGoalPart(id, (body: Model<'Note'>) => unwrap(api.POST('/goals/{id}/notes', { params: { path: { id } }, body })), keys.feed(id));
