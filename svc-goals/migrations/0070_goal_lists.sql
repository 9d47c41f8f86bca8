-- What lists of goals need to cost the same however many goals there are: counts that are kept, and an
-- index for each order and each filter. Programs of older releases keep the counts without knowing.

-- How many goals there are of an owner ('': of all owners together), a status and a horizon. Each count
-- is spread over rows that are added up, as many as transactions once needed at the same time: a
-- transaction takes one that nobody has locked, or adds one, so that none waits for another.
CREATE TABLE goal_counts (
    tenant_id text NOT NULL,
    owner_id text NOT NULL,
    status text NOT NULL,
    horizon text NOT NULL,
    slot bigint GENERATED ALWAYS AS IDENTITY,
    count bigint NOT NULL,
    CONSTRAINT goal_counts_pkey PRIMARY KEY (tenant_id, owner_id, status, horizon, slot)
) WITH (fillfactor = 50);

ALTER TABLE goal_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE goal_counts FORCE ROW LEVEL SECURITY;
CREATE POLICY goal_counts_tenant ON goal_counts
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));
-- For migrations, which may change goals of all tenants.
CREATE POLICY goal_counts_owner ON goal_counts TO CURRENT_USER USING (true) WITH CHECK (true);

CREATE FUNCTION goal_counts_add(tenant text, owner text, state text, span text, change bigint) RETURNS void
    LANGUAGE plpgsql SET search_path = goals, pg_temp
AS $$
BEGIN
    UPDATE goal_counts c SET count = c.count + change
     WHERE c.tenant_id = tenant AND c.owner_id = owner AND c.status = state AND c.horizon = span
       AND c.slot = (SELECT f.slot FROM goal_counts f
                      WHERE f.tenant_id = tenant AND f.owner_id = owner AND f.status = state
                        AND f.horizon = span
                      LIMIT 1 FOR UPDATE SKIP LOCKED);
    IF NOT FOUND THEN
        INSERT INTO goal_counts (tenant_id, owner_id, status, horizon, count)
        VALUES (tenant, owner, state, span, change);
    END IF;
END
$$;

CREATE FUNCTION goals_inserted() RETURNS trigger LANGUAGE plpgsql SET search_path = goals, pg_temp
AS $$
BEGIN
    PERFORM goal_counts_add(n.tenant_id, o.owner, n.status, n.horizon, count(*))
       FROM new_rows n, LATERAL (VALUES (n.owner_id), ('')) AS o (owner)
      WHERE n.deleted_at IS NULL
      GROUP BY n.tenant_id, o.owner, n.status, n.horizon;
    RETURN NULL;
END
$$;
CREATE TRIGGER goals_inserted AFTER INSERT ON goals REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION goals_inserted();

CREATE FUNCTION goals_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = goals, pg_temp
AS $$
BEGIN
    IF OLD.deleted_at IS NULL THEN
        PERFORM goal_counts_add(OLD.tenant_id, OLD.owner_id, OLD.status, OLD.horizon, -1);
        PERFORM goal_counts_add(OLD.tenant_id, '', OLD.status, OLD.horizon, -1);
    END IF;
    IF NEW.deleted_at IS NULL THEN
        PERFORM goal_counts_add(NEW.tenant_id, NEW.owner_id, NEW.status, NEW.horizon, 1);
        PERFORM goal_counts_add(NEW.tenant_id, '', NEW.status, NEW.horizon, 1);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER goals_changed AFTER UPDATE ON goals FOR EACH ROW
    WHEN ((OLD.owner_id, OLD.status, OLD.horizon, OLD.deleted_at IS NULL)
          IS DISTINCT FROM (NEW.owner_id, NEW.status, NEW.horizon, NEW.deleted_at IS NULL))
    EXECUTE FUNCTION goals_changed();

-- The trigger's lock lets no writer in before the migration ends.
INSERT INTO goal_counts (tenant_id, owner_id, status, horizon, count)
SELECT g.tenant_id, o.owner, g.status, g.horizon, count(*)
  FROM goals g, LATERAL (VALUES (g.owner_id), ('')) AS o (owner)
 WHERE g.deleted_at IS NULL
 GROUP BY g.tenant_id, o.owner, g.status, g.horizon;

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
      FROM goal_counts c
     WHERE c.tenant_id = tenant AND c.owner_id = coalesce(owner, '')
       AND (coalesce(cardinality(states), 0) = 0 OR c.status = ANY (states))
       AND (coalesce(cardinality(spans), 0) = 0 OR c.horizon = ANY (spans))
$$;

-- The ids of a page in their order. `key` is a column of goals. `total` is what the filters select, NULL
-- where it is not known.
--
-- The statement is put together of fixed words, so that each is planned for the filters and the order
-- that it has; the settings make the planner take an index that delivers the order, whatever it thinks
-- of the number of rows. What selects few goals is read by its own index and sorted, as the other way
-- has to pass, on average, as many goals as all are more than those. A page in the second half is
-- read from the end.
CREATE FUNCTION goals_page(tenant text, owner text, states text[], spans text[], tag text, key text,
                           descending boolean, size bigint, skip bigint, total bigint)
    RETURNS TABLE (id uuid, place bigint)
    LANGUAGE plpgsql STABLE ROWS 100
    SET search_path = goals, pg_temp
    SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
AS $$
DECLARE
    few CONSTANT bigint := 2000;
    backward boolean := coalesce(skip > total / 2, false);
    direction text;
    wanted text := '';
    sorted_by text;
    source text;
BEGIN
    IF backward THEN
        size := greatest(least(size, total - skip), 0);
        skip := greatest(total - skip - size, 0);
    END IF;
    direction := CASE WHEN descending <> backward THEN ' DESC' ELSE '' END;
    sorted_by := CASE key WHEN 'title' THEN 'g.title COLLATE "und-x-icu"' ELSE 'g.' || quote_ident(key) END;
    IF owner IS NOT NULL THEN wanted := wanted || ' AND g.owner_id = $2'; END IF;
    IF cardinality(states) > 0 THEN wanted := wanted || ' AND g.status = ANY ($3)'; END IF;
    IF cardinality(spans) > 0 THEN wanted := wanted || ' AND g.horizon = ANY ($4)'; END IF;
    IF tag IS NOT NULL THEN wanted := wanted || ' AND $5 = ANY (g.value_tags)'; END IF;
    source := 'FROM goals g WHERE g.tenant_id = $1 AND g.deleted_at IS NULL' || wanted;

    IF key = 'created_at' AND owner IS NULL AND (cardinality(states) > 0 OR cardinality(spans) > 0) THEN
        -- The newest of each value.
        source := format(
            'SELECT one.id FROM (SELECT DISTINCT unnest(%1$s) AS value) AS any_of,
                    LATERAL (SELECT g.id, g.created_at %2$s AND g.%3$s = any_of.value
                              ORDER BY g.created_at%4$s, g.id%4$s LIMIT $6 + $7) AS one
              ORDER BY one.created_at%4$s, one.id%4$s LIMIT $6 OFFSET $7',
            CASE WHEN cardinality(states) > 0 THEN '$3' ELSE '$4' END, source,
            CASE WHEN cardinality(states) > 0 THEN 'status' ELSE 'horizon' END, direction);
    ELSIF wanted <> '' AND key <> 'created_at' AND total <= few THEN
        source := format(
            'SELECT few.id FROM (SELECT g.id, %2$s AS key %1$s OFFSET 0) AS few
              ORDER BY few.key%3$s, few.id%4$s LIMIT $6 OFFSET $7',
            source, sorted_by, CASE WHEN descending AND NOT backward THEN ' DESC NULLS LAST'
                                    WHEN descending THEN ' NULLS FIRST' ELSE direction END, direction);
    ELSIF key IN ('start_date', 'due_date') AND descending THEN
        -- Those without a date are last, which no direction of an index delivers.
        source := format(
            'SELECT part.id FROM (
                 (SELECT g.id, %6$s AS part, row_number() OVER (ORDER BY %2$s%3$s, g.id%3$s) AS n
                    %1$s AND %2$s IS NOT NULL ORDER BY %2$s%3$s, g.id%3$s LIMIT $6 + $7)
                 UNION ALL
                 (SELECT g.id, %5$s, row_number() OVER (ORDER BY g.id%3$s)
                    %1$s AND %2$s IS NULL ORDER BY g.id%3$s LIMIT $6 + $7)) AS part
              ORDER BY part.part, part.n LIMIT $6 OFFSET $7',
            source, sorted_by, direction, NULL, CASE WHEN backward THEN 1 ELSE 2 END,
            CASE WHEN backward THEN 2 ELSE 1 END);
    ELSE
        source := format('SELECT g.id %s ORDER BY %s%s, g.id%3$s LIMIT $6 OFFSET $7', source, sorted_by,
                         direction);
    END IF;
    RETURN QUERY EXECUTE format('SELECT page.id, %srow_number() OVER () FROM (%s) AS page',
                                CASE WHEN backward THEN '-' ELSE '' END, source)
           USING tenant, owner, states, spans, tag, size, skip;
END
$$;
