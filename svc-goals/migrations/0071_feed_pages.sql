-- Feeds cost the same however long they are, too: counts of each goal's entries by type, and an index.

CREATE FUNCTION activity_inserted() RETURNS trigger LANGUAGE plpgsql SET search_path = goals, pg_temp
AS $$
DECLARE
    one record;
BEGIN
    IF (SELECT count(*) FROM (SELECT FROM new_rows LIMIT 2) AS first_two) = 1 THEN
        SELECT * INTO one FROM new_rows;
        PERFORM list_count(one.tenant_id, 'activity', one.goal_id::text, ARRAY[one.type], 1);
    ELSE -- from events
        INSERT INTO list_counts AS c (tenant_id, list, part, cell, slot, count)
        SELECT n.tenant_id, 'activity', n.goal_id::text, ARRAY[n.type], 0, count(*)
          FROM new_rows n
         GROUP BY n.tenant_id, n.goal_id, n.type
         ORDER BY n.tenant_id, n.goal_id, n.type
        ON CONFLICT (tenant_id, list, part, cell, slot) DO UPDATE SET count = c.count + excluded.count;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER activity_inserted AFTER INSERT ON activity REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION activity_inserted();

INSERT INTO list_counts (tenant_id, list, part, cell, slot, count)
SELECT tenant_id, 'activity', goal_id::text, ARRAY[type], 0, count(*) FROM activity GROUP BY tenant_id, goal_id, type;

CREATE INDEX activity_of_type ON activity (tenant_id, goal_id, type, created_at DESC, id DESC);

-- How many entries a goal has of these types. NULL or an empty array: of any.
CREATE FUNCTION activity_total(tenant text, goal uuid, types text[]) RETURNS bigint
    LANGUAGE sql STABLE SET search_path = goals, pg_temp
AS $$
    SELECT coalesce(sum(c.count), 0)::bigint
      FROM list_counts c
     WHERE c.tenant_id = tenant AND c.list = 'activity' AND c.part = goal::text
       AND (coalesce(cardinality(types), 0) = 0 OR c.cell[1] = ANY (types))
$$;

-- The ids of a page, newest first.
CREATE FUNCTION activity_page(tenant text, goal uuid, types text[], size bigint, skip bigint)
    RETURNS TABLE (id uuid, place bigint)
    LANGUAGE sql STABLE ROWS 100 SET search_path = goals, pg_temp
AS $$
    SELECT * FROM list_page(
        format('FROM activity r WHERE r.tenant_id = %L AND r.goal_id = %L', tenant, goal), false,
        'r.created_at', false, true, size, skip,
        CASE WHEN skip > 0 THEN activity_total(tenant, goal, types) END,
        CASE WHEN cardinality(types) > 0 THEN 'r.type' END, format('%L::text[]', types), false)
$$;
