// Names of what is cached, and which of it an event makes old.
import type { QueryKey } from '@tanstack/react-query';

export const keys = {
  goals: ['goals'] as QueryKey,
  goal: (id: string) => ['goal', id] as QueryKey,
  feed: (id: string) => ['feed', id] as QueryKey,
  kpis: ['kpis'] as QueryKey,
  kpi: (id: string) => ['kpi', id] as QueryKey,
  actions: ['actions'] as QueryKey,
  issues: ['issues'] as QueryKey,
  issueConfig: ['issue-config'] as QueryKey,
  people: ['people'] as QueryKey,
  overview: ['overview'] as QueryKey,
};

interface Happened {
  type: string;
  entityId: string | null;
  goalId: string | null;
}

/** What to load again after an event. */
export function keysOf({ type, goalId }: Happened): QueryKey[] {
  const goal = goalId ? [keys.goal(goalId)] : [['goal']];
  switch (type.split('.')[0]) {
    case 'goal':
    case 'strategy':
      return [keys.goals, ...goal, keys.overview];
    case 'activity':
    case 'decision':
    case 'attachment':
      return [goalId ? keys.feed(goalId) : ['feed'], keys.overview];
    case 'kpi':
      return [keys.kpis, ['kpi'], keys.goals, ...goal, goalId ? keys.feed(goalId) : ['feed'], keys.overview];
    case 'kpi_update':
      return [['kpi'], keys.kpis, keys.overview];
    case 'action':
      return [keys.actions, keys.issues, keys.overview];
    case 'issue':
      return [keys.issues, keys.overview];
    case 'issue_type':
    case 'issue_status':
      return [keys.issueConfig, keys.issues];
    case 'person':
      return [keys.people];
    default:
      return [];
  }
}
