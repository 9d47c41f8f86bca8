-- When things began and ended, so that a report of a past period shows what was then. Rows that are there
-- have none of it until an event tells of them, or `svc-analytics --rebuild` makes them anew.

ALTER TABLE goals ADD COLUMN start_date timestamptz, ADD COLUMN cancelled_at timestamptz;
ALTER TABLE actions ADD COLUMN date_entered timestamptz;
ALTER TABLE issues ADD COLUMN resolved_at timestamptz, ADD COLUMN due_date timestamptz;
COMMENT ON COLUMN issues.resolved_at IS 'Since when it is closed.';

-- The headline or text of what people wrote; so far of decisions only.
ALTER TABLE activity ADD COLUMN told text;

-- The creation that a UUIDv7 tells.
CREATE FUNCTION made_at(id uuid) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
$$;

-- As before, with the new column.
CREATE OR REPLACE FUNCTION copy_activity(after_tenant text, after_id uuid, most bigint)
    RETURNS TABLE (last_tenant text, last_id uuid)
    LANGUAGE sql SECURITY DEFINER SET search_path = analytics, pg_temp
AS $$
    WITH part AS MATERIALIZED (
        SELECT a.* FROM activity a
         WHERE a.generation = (SELECT current FROM generations)
           AND (a.tenant_id, a.id) > (after_tenant, after_id)
         ORDER BY a.tenant_id, a.id
         LIMIT most
    ), copied AS (
        INSERT INTO activity (tenant_id, generation, id, at, type, entity_type, entity_id, words, reason,
                              told, user_id)
        SELECT p.tenant_id, g.building, p.id, p.at, p.type, p.entity_type, p.entity_id, p.words, p.reason,
               p.told, p.user_id
          FROM part p CROSS JOIN generations g
         WHERE g.building IS NOT NULL
           AND CASE p.entity_type
                   WHEN 'goal' THEN EXISTS (SELECT FROM goals e WHERE e.tenant_id = p.tenant_id
                                             AND e.generation = g.building AND e.id = p.entity_id)
                   WHEN 'strategy' THEN EXISTS (SELECT FROM strategies e WHERE e.tenant_id = p.tenant_id
                                                 AND e.generation = g.building AND e.id = p.entity_id)
                   WHEN 'kpi' THEN EXISTS (SELECT FROM kpis e WHERE e.tenant_id = p.tenant_id
                                            AND e.generation = g.building AND e.id = p.entity_id)
                   WHEN 'action' THEN EXISTS (SELECT FROM actions e WHERE e.tenant_id = p.tenant_id
                                               AND e.generation = g.building AND e.id = p.entity_id)
                   WHEN 'issue' THEN EXISTS (SELECT FROM issues e WHERE e.tenant_id = p.tenant_id
                                              AND e.generation = g.building AND e.id = p.entity_id)
               END
        ON CONFLICT DO NOTHING
    )
    SELECT p.tenant_id, p.id FROM part p ORDER BY p.tenant_id DESC, p.id DESC LIMIT 1
$$;
