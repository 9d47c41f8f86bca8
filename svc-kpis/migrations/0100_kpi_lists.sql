-- Lists of KPIs cost the same however many there are (runtime/0040_lists): counts by owner, and by category,
-- direction and type, and an index for each order and each filter that selects few.

-- Where a KPI is counted.
CREATE FUNCTION kpi_cells(k kpis) RETURNS TABLE (part text, cell text[])
    LANGUAGE sql STABLE SET search_path = kpis, pg_temp
AS $$
    SELECT parts.part, ARRAY[k.category, k.direction, k.type]
      FROM (VALUES (''), (k.owner_id)) AS parts (part)
     WHERE k.deleted_at IS NULL AND parts.part IS NOT NULL
$$;

CREATE FUNCTION kpis_inserted() RETURNS trigger LANGUAGE plpgsql SET search_path = kpis, pg_temp
AS $$
BEGIN
    PERFORM list_count(n.tenant_id, 'kpis', c.part, c.cell, count(*))
       FROM new_rows n, LATERAL kpi_cells(ROW(n.*)::kpis) AS c
      GROUP BY n.tenant_id, c.part, c.cell;
    RETURN NULL;
END
$$;
CREATE TRIGGER kpis_inserted AFTER INSERT ON kpis REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION kpis_inserted();

CREATE FUNCTION kpis_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = kpis, pg_temp
AS $$
BEGIN
    PERFORM list_count(NEW.tenant_id, 'kpis', c.part, c.cell, sum(c.change)::bigint)
       FROM (SELECT o.*, -1 AS change FROM kpi_cells(OLD) AS o
             UNION ALL SELECT n.*, 1 FROM kpi_cells(NEW) AS n) AS c
      GROUP BY c.part, c.cell HAVING sum(c.change) <> 0;
    RETURN NULL;
END
$$;
CREATE TRIGGER kpis_changed AFTER UPDATE ON kpis FOR EACH ROW
    WHEN ((OLD.owner_id, OLD.category, OLD.direction, OLD.type, OLD.deleted_at IS NULL)
          IS DISTINCT FROM (NEW.owner_id, NEW.category, NEW.direction, NEW.type, NEW.deleted_at IS NULL))
    EXECUTE FUNCTION kpis_changed();

-- The trigger's lock lets no writer in before the migration ends.
INSERT INTO list_counts (tenant_id, list, part, cell, count)
SELECT k.tenant_id, 'kpis', c.part, c.cell, count(*)
  FROM kpis k, LATERAL kpi_cells(k) AS c
 GROUP BY k.tenant_id, c.part, c.cell;

CREATE INDEX kpis_of_owner ON kpis (tenant_id, owner_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX kpis_of_category ON kpis (tenant_id, category, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX kpis_by_name ON kpis (tenant_id, name COLLATE "und-x-icu", id) WHERE deleted_at IS NULL;
CREATE INDEX kpis_by_category ON kpis (tenant_id, category COLLATE "und-x-icu", id) WHERE deleted_at IS NULL;
CREATE INDEX kpis_by_update ON kpis (tenant_id, updated_at, id) WHERE deleted_at IS NULL;

-- The ids of a page in their order, and how many there are altogether. Of the filters NULL, an empty array or
-- false is any. `key` is an expression over r.
CREATE FUNCTION kpis_page(tenant text, the_category text, owner text, goal uuid, strategy uuid, directions text[],
                          types text[], only_catalog boolean, only_custom boolean, only_unshared boolean,
                          key text, nullable boolean, descending boolean, size bigint, skip bigint)
    RETURNS TABLE (id uuid, place bigint, total bigint)
    LANGUAGE plpgsql STABLE ROWS 100 SET search_path = kpis, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    source text := format('FROM kpis r WHERE r.tenant_id = %L AND r.deleted_at IS NULL', tenant);
    wanted text := '';
    by_direction boolean := coalesce(cardinality(directions), 0) > 0;
    by_type boolean := coalesce(cardinality(types), 0) > 0;
    one_index boolean := (owner IS NOT NULL)::int + (the_category IS NOT NULL)::int <= 1
                         AND NOT by_direction AND NOT by_type;
    others text := '';
    some_ids text[] := ARRAY[ -- queries for the ids of those that pass one filter
        list_linked('links', 'kpi_id', 'goal_id', tenant, array_remove(ARRAY[goal], NULL)),
        list_linked('links', 'kpi_id', 'strategy_id', tenant, array_remove(ARRAY[strategy], NULL))];
    linked text; -- the last of them
    by_ids text;
    altogether bigint;
BEGIN
    IF owner IS NOT NULL THEN wanted := wanted || format(' AND r.owner_id = %L', owner); END IF;
    IF the_category IS NOT NULL THEN wanted := wanted || format(' AND r.category = %L', the_category); END IF;
    IF by_direction THEN wanted := wanted || format(' AND r.direction = ANY (%L)', directions); END IF;
    IF by_type THEN wanted := wanted || format(' AND r.type = ANY (%L)', types); END IF;
    FOREACH linked IN ARRAY array_remove(some_ids, NULL) LOOP
        others := others || format(' AND r.id = ANY (ARRAY(%s))', linked);
    END LOOP;
    IF only_catalog THEN others := others || ' AND r.catalog_id IS NOT NULL'; END IF;
    IF only_custom THEN others := others || ' AND r.catalog_id IS NULL'; END IF;
    IF only_unshared THEN
        others := others || format(' AND NOT EXISTS (SELECT FROM links l
            WHERE l.tenant_id = %L AND l.kpi_id = r.id OFFSET 1)', tenant);
    END IF;
    source := source || wanted || others;
    by_ids := list_by_ids('kpis', tenant, linked, wanted || others);

    IF others = '' THEN
        SELECT coalesce(sum(c.count), 0) INTO altogether
          FROM list_counts c
         WHERE c.tenant_id = tenant AND c.list = 'kpis' AND c.part = coalesce(owner, '')
           AND (the_category IS NULL OR c.cell[1] = the_category)
           AND (NOT by_direction OR c.cell[2] = ANY (directions)) AND (NOT by_type OR c.cell[3] = ANY (types));
    ELSE
        EXECUTE 'SELECT count(*) ' || CASE WHEN linked IS NULL THEN source ELSE by_ids END INTO altogether;
    END IF;
    RETURN QUERY SELECT page.id, page.place, altogether FROM list_page(
        CASE WHEN linked IS NOT NULL AND altogether <= list_few() THEN by_ids ELSE source END,
        NOT one_index OR others <> '' OR (key <> 'r.created_at' AND (owner IS NOT NULL OR the_category IS NOT NULL)),
        key, nullable, descending, size, skip, altogether, NULL, NULL, false) AS page;
END
$$;
