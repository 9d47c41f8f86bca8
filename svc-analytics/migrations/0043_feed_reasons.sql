-- Recent activity says why an issue was moved.
ALTER TABLE activity ADD COLUMN reason text;

-- As before, with the reason.
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
                              user_id)
        SELECT p.tenant_id, g.building, p.id, p.at, p.type, p.entity_type, p.entity_id, p.words, p.reason,
               p.user_id
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
