-- Searches for KPIs cost the same however many there are (runtime/0050_list_pages), and pages go on after a KPI.
-- kpis_page of 0100 is for programs of older releases.

SELECT make_words('kpis', 'kpi_words', '{name,description}');
DROP INDEX kpis_words;

-- For programs of older releases.
CREATE OR REPLACE FUNCTION kpis_found(words text) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = kpis, pg_catalog, pg_temp
AS $$
    SELECT kpi_words_found(text_key(words), 9223372036854775807)
$$;

-- The ids of a page in their order, and how many there are altogether; of a search that finds more,
-- list_most_found(). Of the filters NULL, an empty array or false is any. `key` is an expression over r.
CREATE FUNCTION kpis_page(tenant text, words text, the_category text, owner text, goal uuid, strategy uuid, directions text[],
                          types text[], only_catalog boolean, only_custom boolean, only_unshared boolean,
                          key text, nullable boolean, descending boolean, size bigint, skip bigint,
                          after_key text, after_id uuid)
    RETURNS TABLE (id uuid, place bigint, next_key text, total bigint)
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
    filtered boolean;
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

    filtered := NOT one_index OR others <> ''
                OR (key <> 'r.created_at' AND (owner IS NOT NULL OR the_category IS NOT NULL));

    IF others = '' THEN
        SELECT coalesce(sum(c.count), 0) INTO altogether
          FROM list_counts c
         WHERE c.tenant_id = tenant AND c.list = 'kpis' AND c.part = coalesce(owner, '')
           AND (the_category IS NULL OR c.cell[1] = the_category)
           AND (NOT by_direction OR c.cell[2] = ANY (directions)) AND (NOT by_type OR c.cell[3] = ANY (types));
    ELSIF words IS NULL THEN
        EXECUTE 'SELECT count(*) ' || CASE WHEN linked IS NULL THEN source ELSE by_ids END INTO altogether;
        source := CASE WHEN linked IS NOT NULL AND altogether <= list_few() THEN by_ids ELSE source END;
    END IF;
    IF words IS NOT NULL THEN
        SELECT s.source, s.filtered, s.total INTO source, filtered, altogether
          FROM list_searched('kpis', 'kpi_words', tenant, words, wanted || others, key = 'r.created_at',
                             altogether, CASE WHEN linked IS NOT NULL THEN by_ids END) AS s;
    END IF;
    RETURN QUERY SELECT page.*, altogether FROM list_rows(
        source, filtered, key, nullable, descending, size, skip,
        CASE WHEN words IS NULL OR altogether < list_most_found() THEN altogether END,
        NULL, NULL, false, after_key, after_id) AS page;
END
$$;
