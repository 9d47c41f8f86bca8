-- What goals show of their KPIs is kept in memory by svc-goals (docs/goal-cache.md), under the ids that it
-- shows.
SELECT invalidate_by('links', 'goal_id', 'INSERT OR UPDATE OR DELETE');
SELECT invalidate_by('kpis', 'id', 'UPDATE OR DELETE');
SELECT invalidate_by('target_points', 'kpi_id', 'INSERT OR UPDATE OR DELETE');
SELECT invalidate_by('strategies', 'id', 'INSERT OR UPDATE OR DELETE');
