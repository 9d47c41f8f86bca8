// How much of what a subscription limits is there: the totals of lists, of which nothing else is asked.
import { useQueries } from '@tanstack/react-query';
import { unwrap } from '@traction/client';
import { traction } from '../traction.js';
import { keys } from './keys.js';

const { api } = traction;
const one = { params: { query: { size: 1 } } };

const totals = {
  goals: { key: keys.goals, ask: async () => (await unwrap(api.GET('/goals', one))).pagination.total },
  kpis: { key: keys.kpis, ask: async () => (await unwrap(api.GET('/kpis', one))).pagination.total },
  actions: { key: keys.actions, ask: async () => (await unwrap(api.GET('/api/operations/actions', one))).pagination.total },
  strategies: { key: keys.goals, ask: async () => (await unwrap(api.GET('/strategies', one))).pagination.total },
};

/** By the name of the limit; what is not there is not known. */
export function useUse(): Record<string, number | undefined> {
  const names = Object.keys(totals) as (keyof typeof totals)[];
  const answers = useQueries({ queries: names.map((name) => ({ queryKey: [...totals[name].key, 'total', name], queryFn: totals[name].ask })) });
  const used: Record<string, number | undefined> = Object.fromEntries(names.map((name, i) => [name, answers[i]?.data]));
  return { ...used, measures: used.kpis };
}
