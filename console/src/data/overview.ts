// The figures of the overview.
import { useQuery } from '@tanstack/react-query';
import { unwrap, type Model } from '@traction/client';
import { traction } from '../traction.js';
import { keys } from './keys.js';

export type CommandCenter = Model<'CommandCenter'>;
const { api } = traction;
/** How long the command center's lists are, at most. */
export const LISTED = 50;

export const useStats = () => useQuery({ queryKey: [...keys.overview, 'stats'], queryFn: ({ signal }) => unwrap(api.GET('/goals/stats', { signal })) });
export const useScore = () => useQuery({ queryKey: [...keys.overview, 'score'], queryFn: ({ signal }) => unwrap(api.GET('/performance/score', { signal })) });
export const useAlignment = () => useQuery({ queryKey: [...keys.overview, 'alignment'], queryFn: ({ signal }) => unwrap(api.GET('/team/alignment', { signal })) });
export const useRecent = () =>
  useQuery({ queryKey: [...keys.overview, 'recent'], queryFn: ({ signal }) => unwrap(api.GET('/activity/recent', { params: { query: { size: 15 } }, signal })) });
export const useCommandCenter = () =>
  useQuery({ queryKey: [...keys.overview, 'command-center'], queryFn: ({ signal }) => unwrap(api.GET('/dashboard/command-center', { params: { query: { limit: LISTED } }, signal })) });
