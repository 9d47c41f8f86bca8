-- Lists of goals cost the same however many there are (runtime/0040_lists): counts by owner, and by status
-- and horizon, and an index for each order and each filter.

-- Where a goal is counted.
CREATE FUNCTION goal_cells(g goals) RETURNS TABLE (part text, cell text[])
    LANGUAGE sql STABLE SET search_path = goals, pg_temp
AS $$
    SELECT parts.part, ARRAY[g.status, g.horizon]
      FROM (VALUES (''), (g.owner_id)) AS parts (part)
     WHERE g.deleted_at IS NULL
$$;

CREATE FUNCTION goals_inserted() RETURNS trigger LANGUAGE plpgsql SET search_path = goals, pg_temp
AS $$
BEGIN
    PERFORM list_count(n.tenant_id, 'goals', c.part, c.cell, count(*))
       FROM new_rows n, LATERAL goal_cells(ROW(n.*)::goals) AS c
      GROUP BY n.tenant_id, c.part, c.cell;
    RETURN NULL;
END
$$;
CREATE TRIGGER goals_inserted AFTER INSERT ON goals REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION goals_inserted();

CREATE FUNCTION goals_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = goals, pg_temp
AS $$
BEGIN
    PERFORM list_count(NEW.tenant_id, 'goals', c.part, c.cell, sum(c.change)::bigint)
       FROM (SELECT o.*, -1 AS change FROM goal_cells(OLD) AS o
             UNION ALL SELECT n.*, 1 FROM goal_cells(NEW) AS n) AS c
      GROUP BY c.part, c.cell HAVING sum(c.change) <> 0;
    RETURN NULL;
END
$$;
CREATE TRIGGER goals_changed AFTER UPDATE ON goals FOR EACH ROW
    WHEN ((OLD.owner_id, OLD.status, OLD.horizon, OLD.deleted_at IS NULL)
          IS DISTINCT FROM (NEW.owner_id, NEW.status, NEW.horizon, NEW.deleted_at IS NULL))
    EXECUTE FUNCTION goals_changed();

-- The trigger's lock lets no writer in before the migration ends.
INSERT INTO list_counts (tenant_id, list, part, cell, count)
SELECT g.tenant_id, 'goals', c.part, c.cell, count(*)
  FROM goals g, LATERAL goal_cells(g) AS c
 GROUP BY g.tenant_id, c.part, c.cell;

-- Filters, in the order of the default page.
DROP INDEX goals_of_owner;
CREATE INDEX goals_of_owner ON goals (tenant_id, owner_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX goals_of_status ON goals (tenant_id, status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX goals_of_horizon ON goals (tenant_id, horizon, created_at DESC, id DESC) WHERE deleted_at IS NULL;
-- Orders.
CREATE INDEX goals_by_title ON goals (tenant_id, title COLLATE "und-x-icu", id) WHERE deleted_at IS NULL;
CREATE INDEX goals_by_status ON goals (tenant_id, status, id) WHERE deleted_at IS NULL;
CREATE INDEX goals_by_horizon ON goals (tenant_id, horizon, id) WHERE deleted_at IS NULL;
CREATE INDEX goals_by_update ON goals (tenant_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX goals_by_start ON goals (tenant_id, start_date, id) WHERE deleted_at IS NULL;
CREATE INDEX goals_by_due ON goals (tenant_id, due_date, id) WHERE deleted_at IS NULL;

-- How many goals a filter selects. NULL or an empty array: any.
CREATE FUNCTION goals_total(tenant text, owner text, states text[], spans text[]) RETURNS bigint
    LANGUAGE sql STABLE SET search_path = goals, pg_temp
AS $$
    SELECT coalesce(sum(c.count), 0)::bigint
      FROM list_counts c
     WHERE c.tenant_id = tenant AND c.list = 'goals' AND c.part = coalesce(owner, '')
       AND (coalesce(cardinality(states), 0) = 0 OR c.cell[1] = ANY (states))
       AND (coalesce(cardinality(spans), 0) = 0 OR c.cell[2] = ANY (spans))
$$;

-- The ids of a page in their order. `key` is a column of goals.
CREATE FUNCTION goals_page(tenant text, owner text, states text[], spans text[], tag text, key text,
                           descending boolean, size bigint, skip bigint)
    RETURNS TABLE (id uuid, place bigint)
    LANGUAGE plpgsql STABLE ROWS 100 SET search_path = goals, pg_temp
AS $$
DECLARE
    by_state boolean := coalesce(cardinality(states), 0) > 0;
    by_span boolean := coalesce(cardinality(spans), 0) > 0;
    one_by_one boolean := key = 'created_at' AND owner IS NULL AND (by_state OR by_span);
    wanted text := '';
BEGIN
    IF owner IS NOT NULL THEN wanted := wanted || format(' AND r.owner_id = %L', owner); END IF;
    IF by_state THEN wanted := wanted || format(' AND r.status = ANY (%L)', states); END IF;
    IF by_span THEN wanted := wanted || format(' AND r.horizon = ANY (%L)', spans); END IF;
    IF tag IS NOT NULL THEN wanted := wanted || format(' AND %L = ANY (r.value_tags)', tag); END IF;
    RETURN QUERY SELECT page.id, page.place FROM list_page(
        format('FROM goals r WHERE r.tenant_id = %L AND r.deleted_at IS NULL', tenant) || wanted,
        wanted <> '' AND (key <> 'created_at' OR (by_state AND by_span)),
        format('r.%I', key) || CASE key WHEN 'title' THEN ' COLLATE "und-x-icu"' ELSE '' END,
        key IN ('start_date', 'due_date'), descending, size, skip,
        CASE WHEN tag IS NULL THEN goals_total(tenant, owner, states, spans) END,
        CASE WHEN one_by_one THEN CASE WHEN by_state THEN 'r.status' ELSE 'r.horizon' END END,
        format('%L::text[]', CASE WHEN by_state THEN states ELSE spans END), false) AS page;
END
$$;
