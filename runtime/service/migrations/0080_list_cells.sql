-- Counts of lists (0040_lists) are written all at once, and their triggers made by one function: with a call for each cell they
-- had been the larger part of what it costs to write a row.

CREATE TYPE list_cell AS (list text, part text, cell text[], change bigint);

-- As list_count, of all cells that a statement changes, in one statement.
CREATE FUNCTION list_count_cells(tenant text, cells list_cell[]) RETURNS void LANGUAGE plpgsql
AS $$
BEGIN
    WITH wanted AS MATERIALIZED (
        SELECT w.*, (SELECT f.slot FROM list_counts f
                      WHERE f.tenant_id = tenant AND f.list = w.list AND f.part = w.part AND f.cell = w.cell
                      LIMIT 1 FOR UPDATE SKIP LOCKED) AS slot
          FROM unnest(cells) AS w),
    counted AS (
        UPDATE list_counts c SET count = c.count + w.change
          FROM wanted w
         WHERE c.tenant_id = tenant AND c.list = w.list AND c.part = w.part AND c.cell = w.cell AND c.slot = w.slot)
    INSERT INTO list_counts (tenant_id, list, part, cell, count)
    SELECT tenant, w.list, w.part, w.cell, w.change FROM wanted w WHERE w.slot IS NULL;
END
$$;

-- Makes the triggers that count the rows of a table that are not deleted, or makes them anew.
--
--   cells      a query for the (list, part, cell) of a row r, each once; those without a part, or with NULL alone, do not count
--   columns    what they are made of
--   new_lists  those of the lists that have no counts yet
--
-- A migration of a service calls it; the triggers' locks let no writer in before that ends.
CREATE FUNCTION make_list_counts(the_table text, cells text, columns text[], new_lists text[]) RETURNS void LANGUAGE plpgsql
AS $make$
DECLARE
    of_row text := format('LATERAL (SELECT * FROM (%s) AS possible (list, part, cell) WHERE part IS NOT NULL AND cell <> ''{NULL}'') AS c
                            WHERE r.deleted_at IS NULL', cells);
    changed text := (SELECT format('(%s, OLD.deleted_at IS NULL) IS DISTINCT FROM (%s, NEW.deleted_at IS NULL)',
                                   string_agg(format('OLD.%I', name), ', '), string_agg(format('NEW.%I', name), ', '))
                       FROM unnest(columns) AS name);
BEGIN
    EXECUTE format($sql$
        CREATE OR REPLACE FUNCTION %1$s_inserted() RETURNS trigger LANGUAGE plpgsql SET search_path = %2$I, pg_temp
        AS $trigger$
        BEGIN
            PERFORM list_count_cells(n.tenant_id, array_agg(ROW(n.list, n.part, n.cell, n.change)::list_cell))
               FROM (SELECT r.tenant_id, c.list, c.part, c.cell, count(*) AS change FROM new_rows AS r, %3$s
                      GROUP BY r.tenant_id, c.list, c.part, c.cell) AS n
              GROUP BY n.tenant_id;
            RETURN NULL;
        END
        $trigger$;
        CREATE OR REPLACE FUNCTION %1$s_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = %2$I, pg_temp
        AS $trigger$
        BEGIN
            PERFORM list_count_cells(NEW.tenant_id, array_agg(ROW(n.list, n.part, n.cell, n.change)::list_cell))
               FROM (SELECT moved.list, moved.part, moved.cell, sum(moved.change)::bigint AS change
                       FROM (SELECT c.*, -1 AS change FROM (SELECT (OLD).*) AS r, %3$s
                             UNION ALL SELECT c.*, 1 FROM (SELECT (NEW).*) AS r, %3$s) AS moved
                      GROUP BY moved.list, moved.part, moved.cell HAVING sum(moved.change) <> 0) AS n;
            RETURN NULL;
        END
        $trigger$;
        CREATE OR REPLACE TRIGGER %1$s_inserted AFTER INSERT ON %1$I REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION %1$s_inserted();
        CREATE OR REPLACE TRIGGER %1$s_changed AFTER UPDATE ON %1$I FOR EACH ROW WHEN (%4$s) EXECUTE FUNCTION %1$s_changed();

        INSERT INTO list_counts (tenant_id, list, part, cell, count)
        SELECT r.tenant_id, c.list, c.part, c.cell, count(*) FROM %1$I AS r, %3$s AND c.list = ANY (%5$L)
         GROUP BY r.tenant_id, c.list, c.part, c.cell;
    $sql$, the_table, current_schema(), of_row, changed, new_lists);
END
$make$;

-- How many of a tenant's rows have a tag: the list "<table> of tag" has a part for each.
CREATE FUNCTION list_tagged_total(the_table text, tenant text, tag text) RETURNS bigint LANGUAGE sql STABLE
    RETURN (SELECT coalesce(sum(c.count), 0)::bigint FROM list_counts c
             WHERE c.tenant_id = tenant AND c.list = the_table || ' of tag' AND c.part = tag);

-- Makes <table>_tagged, the ids of the caller's rows that have one of the tags, deleted ones among them, and its index. The
-- index's operator is not leakproof, so the function runs as the owner and takes the tenant from the setting. Without
-- statistics the planner takes any index that it can, so nothing is asked that another one has: the tenant as it
-- is, or what those of rows that are not deleted need.
CREATE FUNCTION make_tagged(the_table text, tags text) RETURNS void LANGUAGE plpgsql
AS $make$
BEGIN
    EXECUTE format($sql$
        DROP INDEX IF EXISTS %1$s_tags;
        CREATE INDEX %1$s_tags ON %1$I USING gin ((tenant_id || ''), %2$I);
        CREATE OR REPLACE FUNCTION %1$s_tagged(words text[]) RETURNS SETOF uuid
            LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = %3$I, pg_catalog, pg_temp
            SET enable_bitmapscan = on SET enable_seqscan = off
        AS $tagged$
        BEGIN
            RETURN QUERY
                SELECT r.id FROM %1$I r
                 WHERE r.tenant_id || '' = nullif(current_setting('app.tenant', true), '') AND r.%2$I && words;
        END
        $tagged$;
        REVOKE ALL ON FUNCTION %1$s_tagged(text[]) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION %1$s_tagged(text[]) TO svc_%3$s;
    $sql$, the_table, tags, current_schema());
END
$make$;
