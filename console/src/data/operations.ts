// Issues, actions, and how issues are classified.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ifMatch, unwrap, type Model } from '@traction/client';
import { traction } from '../traction.js';
import { keys } from './keys.js';

export type Issue = Model<'Issue'>;
export type IssueStatus = Model<'IssueStatus'>;
export type Action = Model<'Action'>;
const { api } = traction;
const ISSUES_SHOWN = 100;

export interface IssueFilter {
  search: string;
  priority: NonNullable<Issue['priority']> | '';
}

export const useIssues = (filter: IssueFilter) =>
  useQuery({
    queryKey: [...keys.issues, filter],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => unwrap(api.GET('/api/operations/issues', {
      params: { query: { size: ISSUES_SHOWN, search: filter.search || undefined, priority: filter.priority ? [filter.priority] : undefined } }, signal,
    })),
  });
type IssuesAnswer = NonNullable<ReturnType<typeof useIssues>['data']>;

export const useIssue = (issueId: string | undefined) =>
  useQuery({
    enabled: Boolean(issueId), queryKey: [...keys.issues, 'one', issueId],
    queryFn: ({ signal }) => unwrap(api.GET('/api/operations/issues/{issueId}', { params: { path: { issueId: issueId! } }, signal })),
  });

export const useStatuses = (includeInactive = false) =>
  useQuery({ queryKey: [...keys.issueConfig, 'statuses', includeInactive], queryFn: ({ signal }) => unwrap(api.GET('/api/operations/issue-statuses', { params: { query: { includeInactive: includeInactive ? 'true' : undefined } }, signal })) });

export const useTypes = (includeInactive = false) =>
  useQuery({ queryKey: [...keys.issueConfig, 'types', includeInactive], queryFn: ({ signal }) => unwrap(api.GET('/api/operations/issue-types', { params: { query: { includeInactive: includeInactive ? 'true' : undefined } }, signal })) });

/** Optimistic: the card is in its new column at once, and back in the old one when the server refuses. */
export const useMoveIssue = () => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ issue, status }: { issue: Issue; status: IssueStatus }) =>
      unwrap(api.PUT('/api/operations/issues/{issueId}/status', { params: { path: { issueId: issue.id } }, body: { statusConfigId: status.id } })),
    onMutate: async ({ issue, status }) => {
      await client.cancelQueries({ queryKey: keys.issues });
      const before = client.getQueriesData<IssuesAnswer>({ queryKey: keys.issues });
      for (const [queryKey, answer] of before) {
        if (!Array.isArray(answer?.data)) continue;
        const data = answer.data.map((one) => (one.id === issue.id ? { ...one, statusConfigId: status.id, status: { ...one.status, id: status.id, name: status.name, category: status.category } } : one));
        client.setQueryData<IssuesAnswer>(queryKey, { ...answer, data });
      }
      return { before };
    },
    onError: (_error, _input, context) => context?.before.forEach(([queryKey, answer]) => client.setQueryData(queryKey, answer)),
    onSettled: () => client.invalidateQueries({ queryKey: keys.issues }),
  });
};

const useChange = <Input, Result>(mutationFn: (input: Input) => Promise<Result>, ...old: (readonly unknown[])[]) => {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSettled: () => Promise.all(old.map((queryKey) => client.invalidateQueries({ queryKey }))) });
};

export const useCreateIssue = () => useChange((body: Model<'IssueInput'>) => unwrap(api.POST('/api/operations/issues', { body })), keys.issues);

export const useChangeIssue = (issueId: string) =>
  useChange(({ body, etag }: { body: Model<'IssuePatch'>; etag: string | null }) =>
    unwrap(api.PUT('/api/operations/issues/{issueId}', { params: { path: { issueId }, header: ifMatch(etag) }, body })), keys.issues);

export const useConvertIssue = (issueId: string) =>
  useChange((titles: string[]) =>
    unwrap(api.POST('/api/operations/issues/{issueId}/convert-to-actions', { params: { path: { issueId } }, body: { actions: titles.map((title) => ({ title })) } })), keys.issues, keys.actions);

export const useEligibility = (issueId: string) =>
  useQuery({
    queryKey: [...keys.issues, 'eligibility', issueId],
    queryFn: ({ signal }) => unwrap(api.GET('/api/operations/issues/{issueId}/closure-eligibility', { params: { path: { issueId } }, signal })),
  });

export const useCloseIssue = (issueId: string) =>
  useChange((body: Model<'IssueClose'>) => unwrap(api.POST('/api/operations/issues/{issueId}/close', { params: { path: { issueId } }, body })), keys.issues);

export interface ActionFilter {
  search: string;
  status: Action['status'] | '';
  /** Both or none: those that overlap these days. */
  from?: string;
  to?: string;
  page: number;
}
export const ACTIONS_PER_PAGE = 50;

export const useActions = (filter: ActionFilter) =>
  useQuery({
    queryKey: [...keys.actions, filter],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => unwrap(api.GET('/api/operations/actions', {
      params: { query: {
        page: filter.page, size: filter.from ? 500 : ACTIONS_PER_PAGE, sort: 'dueDate', search: filter.search || undefined, status: filter.status ? [filter.status] : undefined, startDate: filter.from, endDate: filter.to,
      } }, signal,
    })),
  });

export const useAction = (actionId: string | undefined) =>
  useQuery({
    enabled: Boolean(actionId), queryKey: [...keys.actions, 'one', actionId],
    queryFn: ({ signal }) => unwrap(api.GET('/api/operations/actions/{actionId}', { params: { path: { actionId: actionId! } }, signal })),
  });

export const useCreateAction = () => useChange((body: Model<'ActionInput'>) => unwrap(api.POST('/api/operations/actions', { body })), keys.actions);

export const useChangeAction = (actionId: string) =>
  useChange(({ body, etag }: { body: Model<'ActionPatch'>; etag: string | null }) =>
    unwrap(api.PUT('/api/operations/actions/{actionId}', { params: { path: { actionId }, header: ifMatch(etag) }, body })), keys.actions, keys.issues);

export const useSetActionStatus = () =>
  useChange(({ actionId, status }: { actionId: string; status: Action['status'] }) =>
    unwrap(api.PUT('/api/operations/actions/{actionId}/status', { params: { path: { actionId } }, body: { status } })), keys.actions, keys.issues);

export const useCreateType = () => useChange((body: Model<'IssueTypeInput'>) => unwrap(api.POST('/api/operations/issue-types', { body })), keys.issueConfig);
export const useCreateStatus = () => useChange((body: Model<'IssueStatusInput'>) => unwrap(api.POST('/api/operations/issue-statuses', { body })), keys.issueConfig);

// What is no longer used is kept for the issues that have it, and can be taken into use again.
export const useTypeInUse = () =>
  useChange<{ typeId: string; on: boolean }, unknown>(({ typeId, on }) => {
    const params = { path: { typeId } };
    return on ? unwrap(api.POST('/api/operations/issue-types/{typeId}:activate', { params })) : unwrap(api.DELETE('/api/operations/issue-types/{typeId}', { params }));
  }, keys.issueConfig);
export const useStatusInUse = () =>
  useChange<{ statusId: string; on: boolean }, unknown>(({ statusId, on }) => {
    const params = { path: { statusId } };
    return on ? unwrap(api.POST('/api/operations/issue-statuses/{statusId}:activate', { params })) : unwrap(api.DELETE('/api/operations/issue-statuses/{statusId}', { params }));
  }, keys.issueConfig);
