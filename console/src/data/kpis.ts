// KPIs, their plan and measurements.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ifMatch, unwrap, type Model } from '@traction/client';
import { traction } from '../traction.js';
import { keys } from './keys.js';

export type Series = Model<'KPISeries'>;
export type TrackedKpi = Model<'KPISummaryItem'>;
export type AdjustStrategy = 'maintain_final_goal' | 'proportional_shift';
const { api } = traction;

export const useSeries = (id: string) =>
  useQuery({ queryKey: [...keys.kpi(id), 'series'], queryFn: ({ signal }) => unwrap(api.GET('/kpis/{id}/all-series', { params: { path: { id } }, signal })) });

export const useTracker = (progressStatus: TrackedKpi['status'] | '') =>
  useQuery({
    queryKey: [...keys.kpis, 'tracker', progressStatus],
    queryFn: ({ signal }) => unwrap(api.GET('/kpis/summary', { params: { query: { size: 200, includeInactive: 'true', progressStatus: progressStatus || undefined } }, signal })),
  });

export const useKpi = (id: string) =>
  useQuery({ queryKey: keys.kpi(id), queryFn: ({ signal }) => unwrap(api.GET('/kpis/{id}', { params: { path: { id } }, signal })) });

export const useCreateKpi = () => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Model<'KPIInput'>) => unwrap(api.POST('/kpis', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.kpis }),
  });
};

const useKpiChange = <Input, Result>(id: string, mutationFn: (input: Input) => Promise<Result>) => {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSettled: () => Promise.all([keys.kpi(id), keys.kpis].map((queryKey) => client.invalidateQueries({ queryKey }))) });
};

export const useChangeKpi = (id: string) =>
  useKpiChange(id, ({ body, etag }: { body: Model<'KPIPatch'>; etag: string | null }) => unwrap(api.PUT('/kpis/{id}', { params: { path: { id }, header: ifMatch(etag) }, body })));

export const useRecord = (id: string) =>
  useKpiChange(id, (body: Model<'KPIActualInput'>) => unwrap(api.POST('/kpis/{id}/actuals', { params: { path: { id } }, body })));

export const useAddMilestone = (id: string) =>
  useKpiChange(id, (milestone: Model<'TargetPointInput'>) => unwrap(api.PUT('/kpis/{id}/milestones', { params: { path: { id } }, body: { milestones: [milestone] } })));

export const useRemoveMilestone = (id: string) =>
  useKpiChange(id, (targetId: string) => unwrap(api.DELETE('/kpis/{id}/targets/{targetId}', { params: { path: { id, targetId } } })));

/** With `preview` nothing is stored. */
export const useAdjust = (id: string) =>
  useKpiChange(id, (body: { strategy: AdjustStrategy; rationale: string; preview: boolean }) => unwrap(api.POST('/kpis/{id}/adjust', { params: { path: { id } }, body })));
