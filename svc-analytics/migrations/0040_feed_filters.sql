-- Recent activity by type, and of a goal with what is linked to it. Apart from what the programs write,
-- because writers wait while indexes are made.

CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;

CREATE INDEX activity_of_type ON activity (tenant_id, generation, type, at DESC, id DESC);
CREATE INDEX actions_goals ON actions USING gin (tenant_id, generation, goal_ids);

-- The caller's actions that are linked to the goal. The index's operator is not leakproof, so under the
-- policy it would not be used: the function runs as the owner and takes the tenant from the setting.
CREATE FUNCTION actions_of_goal(goal uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
    SET search_path = analytics, pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
        SELECT a.id FROM actions a
         WHERE a.tenant_id = nullif(current_setting('app.tenant', true), '')
           AND a.generation = generation() AND a.goal_ids @> ARRAY[goal];
END
$$;
REVOKE ALL ON FUNCTION actions_of_goal(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION actions_of_goal(uuid) TO svc_analytics;
