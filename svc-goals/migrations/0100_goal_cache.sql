-- What a goal shows is kept in memory (docs/goal-cache.md), under its own id and those that it shows. A
-- goal that is new is kept nowhere.
SELECT invalidate_by('goals', 'id', 'UPDATE OR DELETE');
SELECT invalidate_by('strategies', 'goal_id', 'INSERT OR UPDATE OR DELETE');
SELECT invalidate_by('people', 'user_id', 'INSERT OR UPDATE OR DELETE');
