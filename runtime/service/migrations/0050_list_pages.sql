-- Pages that go on after a row instead of passing so many, and searches whose cost does not follow the
-- number of rows. Programs of older releases call list_page and newest_page, and functions that call them.

-- As many as a search's total tells, and one that says there are more (contract of the API).
CREATE FUNCTION list_most_found() RETURNS bigint LANGUAGE sql IMMUTABLE RETURN 10001;

-- The ids of a page in their order, and with each where the next page begins: `next_key` is NULL when there
-- is none, else 'n', if the row's key is NULL, or 'v' and the key.
--
--   source       FROM and WHERE of the rows, which are called r
--   filtered     it selects some of the tenant's rows by other things than `any_column` alone
--   key          what is sorted by; ids break ties in the same direction
--   nullable     it may be NULL: those rows are last in either direction
--   total        how many rows the source has; NULL: not known
--   any_column   the values of any_values (an expression, of an array) are looked at one by one, because
--                an index has them in the key's order each; NULL: there is no such column
--   grouped      the key is the place of any_column's value among them
--   after_key    as next_key of the row after which the page begins, whose id is after_id; NULL: it begins
--                after the first `skip` rows
--
-- The statement is planned for what it has, and the settings make the planner take an index that delivers
-- the order, whatever it thinks of the number of rows. What selects few rows is read by its own index and
-- sorted, as the other way has to pass, on average, as many rows as all are more than those. A page of the
-- second half is read from the end.
CREATE FUNCTION list_rows(source text, filtered boolean, key text, nullable boolean, descending boolean,
                          size bigint, skip bigint, total bigint, any_column text, any_values text,
                          grouped boolean, after_key text, after_id uuid)
    RETURNS TABLE (id uuid, place bigint, next_key text)
    LANGUAGE plpgsql STABLE ROWS 100
    SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
AS $$
DECLARE
    backward boolean := after_id IS NULL AND coalesce(skip > total / 2, false);
    direction text;
    beyond text := CASE WHEN descending THEN '<' ELSE '>' END;
    after_null boolean := coalesce(after_key = 'n', false); -- only rows without a key follow
    after_value text := substr(after_key, 2);
    after_row text := ''; -- what rows with a key have to be
    page text;
    more text;
BEGIN
    IF after_id IS NULL AND skip >= total THEN
        RETURN;
    END IF;
    IF after_id IS NOT NULL THEN
        skip := 0;
        after_row := CASE WHEN after_null THEN format(' AND r.id %s %L', beyond, after_id)
                          ELSE format(' AND (%s, r.id) %s (%L, %L)', key, beyond, after_value, after_id) END;
    END IF;
    IF backward THEN
        more := (skip + size < total)::text;
        size := greatest(least(size, total - skip), 0);
        skip := greatest(total - skip - size, 0);
    ELSE
        more := format('count(*) OVER () > %s', size);
    END IF;
    direction := CASE WHEN descending <> backward THEN ' DESC' ELSE '' END;
    IF filtered AND total <= list_few() THEN
        page := format('FROM (SELECT r.id, %2$s AS key %1$s%5$s OFFSET 0) AS few ORDER BY few.key%4$s, few.id%3$s',
                       source, key, direction,
                       CASE WHEN descending AND NOT backward THEN ' DESC NULLS LAST'
                            WHEN descending THEN ' NULLS FIRST' ELSE direction END,
                       CASE WHEN after_null THEN format(' AND %s IS NULL', key) || after_row
                            WHEN after_key IS NOT NULL AND nullable
                            THEN format(' AND (%s IS NULL OR (TRUE%s))', key, after_row)
                            ELSE after_row END);
    ELSIF any_column IS NOT NULL THEN
        page := format(
            'FROM (SELECT value, min(n) AS n FROM unnest(%5$s) WITH ORDINALITY AS o (value, n) GROUP BY value) AS any_of,
                  LATERAL (SELECT r.id, %6$s AS key %1$s AND %4$s = any_of.value%9$s
                            ORDER BY %7$sr.id%3$s LIMIT %8$s) AS one
              ORDER BY one.key%3$s, one.id%3$s',
            source, key, direction, any_column, any_values, CASE WHEN grouped THEN 'any_of.n' ELSE key END,
            CASE WHEN grouped THEN '' ELSE key || direction || ', ' END, size + skip + 1,
            CASE WHEN NOT grouped OR after_id IS NULL THEN after_row
                 ELSE format(' AND any_of.n %1$s= %2$L AND r.id %1$s CASE WHEN any_of.n = %2$L THEN %3$L ELSE %4$L END::uuid',
                             beyond, after_value, after_id, CASE WHEN descending THEN 'ffffffff-ffff-ffff-ffff-ffffffffffff'
                                                                 ELSE '00000000-0000-0000-0000-000000000000' END) END);
    ELSIF after_null THEN
        page := format(', %1$s AS key %2$s AND %1$s IS NULL%4$s ORDER BY %1$s%3$s, r.id%3$s', key, source, direction, after_row);
    ELSIF nullable AND (descending OR after_id IS NOT NULL) THEN
        -- Which no direction of an index delivers. The key stands in the second order as well, because only
        -- so the planner knows that the index has it.
        page := format(
            'FROM ((SELECT r.id, %2$s AS key, %4$s AS part, row_number() OVER (ORDER BY %2$s%3$s, r.id%3$s) AS n
                      %1$s AND %2$s IS NOT NULL%7$s ORDER BY %2$s%3$s, r.id%3$s LIMIT %6$s)
                   UNION ALL
                   (SELECT r.id, %2$s, %5$s, row_number() OVER (ORDER BY %2$s%3$s, r.id%3$s)
                      %1$s AND %2$s IS NULL ORDER BY %2$s%3$s, r.id%3$s LIMIT %6$s)) AS parts
              ORDER BY part, n',
            source, key, direction, CASE WHEN backward THEN 2 ELSE 1 END, CASE WHEN backward THEN 1 ELSE 2 END,
            size + skip + 1, after_row);
    ELSE
        page := format(', %2$s AS key %1$s%4$s ORDER BY %2$s%3$s, r.id%3$s', source, key, direction, after_row);
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT page.id, %1$spage.n, CASE WHEN page.more THEN coalesce(''v'' || page.key::text, ''n'') END
           FROM (SELECT p.id, p.key, row_number() OVER () AS n, %2$s AS more
                   FROM (SELECT %3$s LIMIT %4$s OFFSET %5$s) AS p) AS page
          WHERE page.n <= %6$s',
        CASE WHEN backward THEN '-' ELSE '' END, more,
        CASE WHEN page LIKE ', %' THEN 'r.id' ELSE 'id, key ' END || page,
        size + CASE WHEN backward THEN 0 ELSE 1 END, skip, size);
END
$$;

CREATE OR REPLACE FUNCTION list_page(source text, filtered boolean, key text, nullable boolean, descending boolean,
                                     size bigint, skip bigint, total bigint, any_column text, any_values text,
                                     grouped boolean)
    RETURNS TABLE (id uuid, place bigint)
    LANGUAGE sql STABLE ROWS 100
AS $$
    SELECT r.id, r.place FROM list_rows(source, filtered, key, nullable, descending, size, skip, total, any_column,
                                        any_values, grouped, NULL, NULL) AS r
$$;

-- The first page of all of a tenant's rows, newest first.
CREATE FUNCTION newest_rows(the_table text, tenant text, size bigint) RETURNS TABLE (id uuid, place bigint, next_key text)
    LANGUAGE sql STABLE ROWS 100
AS $$
    SELECT * FROM list_rows(format('FROM %I r WHERE r.tenant_id = %L AND r.deleted_at IS NULL', the_table, tenant),
                            false, 'r.created_at', false, true, size, 0, NULL, NULL, NULL, false, NULL, NULL)
$$;

-- --- Searches ---
--
-- What a list is searched in has a narrow table of its own, such as goal_words: text_key of each row's texts,
-- kept by triggers of the list's table. So a change of other fields does not write the texts anew, nor the
-- entries that an index has of them; and a word that many rows have is counted by passing short rows one after
-- the other, as far as a total is told, while the index, which has no end before its last row, finds a word that
-- few have.

-- What stands between two texts of a row: never a character, as in text_key.
CREATE FUNCTION words_between() RETURNS text LANGUAGE sql IMMUTABLE RETURN E'\uFDD2';

-- Makes such a table for these columns (text or text[]) of a list's table, which has tenant_id, id, created_at and
-- deleted_at. Writers wait until the migration ends.
--
-- goal_words_found(key, most), of goal_words, has the ids of the caller's rows that have a key (of text_key) in
-- their words, up to so many. LIKE is not leakproof, so under the policy no index of trigrams would be used: the
-- function runs as the owner and takes the tenant from the setting itself, so nobody can ask for another's. FORCE
-- binds the owner as well unless it is a superuser, hence the owner's own policy.
CREATE FUNCTION make_words(the_table text, words_table text, columns text[]) RETURNS void LANGUAGE plpgsql
AS $make$
DECLARE
    -- Of a row n.
    words text := (SELECT format('concat_ws(words_between(), %s)', string_agg(CASE WHEN a.atttypid = 'text[]'::regtype
                                     THEN format('text_key(array_to_string(n.%I, words_between()))', c.name)
                                     ELSE format('text_key(n.%I)', c.name) END, ', ' ORDER BY c.place))
                     FROM unnest(columns) WITH ORDINALITY AS c (name, place)
                     JOIN pg_attribute a ON a.attrelid = the_table::regclass AND a.attname = c.name);
    texts text := (SELECT string_agg(format('row.%I', name), ', ') FROM unnest(columns) AS c (name));
BEGIN
    EXECUTE format($sql$
        CREATE TABLE %1$I (
            tenant_id text NOT NULL,
            id uuid NOT NULL,
            created_at timestamptz NOT NULL,
            words text COLLATE "C" NOT NULL,
            CONSTRAINT %1$s_pkey PRIMARY KEY (tenant_id, id));
        ALTER TABLE %1$I ENABLE ROW LEVEL SECURITY;
        ALTER TABLE %1$I FORCE ROW LEVEL SECURITY;
        CREATE POLICY %1$s_tenant ON %1$I
            USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
            WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));
        CREATE POLICY %1$s_owner ON %1$I TO CURRENT_USER USING (true) WITH CHECK (true);
        COMMENT ON TABLE %1$I IS 'What is searched, of each row of %2$s that is not deleted; kept by triggers.';
        COMMENT ON COLUMN %1$I.tenant_id IS 'Whose row it is.';
        COMMENT ON COLUMN %1$I.id IS 'The row that has the words.';
        COMMENT ON COLUMN %1$I.created_at IS 'When that row was made.';
        COMMENT ON COLUMN %1$I.words IS 'text_key of its texts, with words_between() between them.';

        CREATE FUNCTION %1$s_inserted() RETURNS trigger LANGUAGE plpgsql SET search_path = %4$I, pg_temp
        AS $trigger$
        BEGIN
            INSERT INTO %1$I (tenant_id, id, created_at, words)
            SELECT n.tenant_id, n.id, n.created_at, %3$s FROM new_rows n WHERE n.deleted_at IS NULL;
            RETURN NULL;
        END
        $trigger$;
        CREATE FUNCTION %1$s_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = %4$I, pg_temp
        AS $trigger$
        DECLARE
            n %2$I := NEW;
        BEGIN
            IF n.deleted_at IS NOT NULL THEN
                DELETE FROM %1$I AS w WHERE w.tenant_id = n.tenant_id AND w.id = n.id;
            ELSE
                INSERT INTO %1$I AS w (tenant_id, id, created_at, words)
                VALUES (n.tenant_id, n.id, n.created_at, %3$s)
                ON CONFLICT (tenant_id, id) DO UPDATE SET words = excluded.words WHERE w.words <> excluded.words;
            END IF;
            RETURN NULL;
        END
        $trigger$;
        CREATE TRIGGER %1$s_inserted AFTER INSERT ON %2$I REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION %1$s_inserted();
        CREATE TRIGGER %1$s_changed AFTER UPDATE ON %2$I FOR EACH ROW
            WHEN ((%5$s, OLD.deleted_at IS NULL) IS DISTINCT FROM (%6$s, NEW.deleted_at IS NULL))
            EXECUTE FUNCTION %1$s_changed();

        INSERT INTO %1$I (tenant_id, id, created_at, words)
        SELECT n.tenant_id, n.id, n.created_at, %3$s FROM %2$I n WHERE n.deleted_at IS NULL
         ORDER BY n.tenant_id, n.created_at, n.id;
        CREATE INDEX %1$s_newest ON %1$I (tenant_id, created_at, id);
        CREATE INDEX %1$s_trigrams ON %1$I USING gin (tenant_id, words public.gin_trgm_ops)
            WITH (gin_pending_list_limit = 256); -- KiB that a search reads besides the index proper
        ANALYZE %1$I;

        CREATE FUNCTION %1$s_found(key text, most bigint) RETURNS SETOF uuid
            LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = %4$I, pg_catalog, pg_temp
            SET enable_bitmapscan = on
        AS $found$
        DECLARE
            tenant text := nullif(current_setting('app.tenant', true), '');
            pattern text := '%%' || replace(replace(replace(key, '\', '\\'), '%%', '\%%'), '_', '\_') || '%%';
        BEGIN
            IF key ~ '[[:alnum:]]{3}' THEN
                -- Planned for all of them: it would walk the rows otherwise.
                RETURN QUERY
                    WITH found AS MATERIALIZED
                        (SELECT w.id FROM %1$I w WHERE w.tenant_id = tenant AND w.words LIKE pattern)
                    SELECT f.id FROM found f LIMIT most;
            ELSE
                -- Less than a trigram would read the whole index, which is slower than the tenant's rows.
                RETURN QUERY SELECT w.id FROM %1$I w WHERE w.tenant_id = tenant AND strpos(w.words, key) > 0 LIMIT most;
            END IF;
        END
        $found$;
        REVOKE ALL ON FUNCTION %1$s_found(text, bigint) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION %1$s_found(text, bigint) TO svc_%4$s;
    $sql$, words_table, the_table, words, current_schema(), replace(texts, 'row.', 'OLD.'), replace(texts, 'row.', 'NEW.'));
END
$make$;

-- The rows that have a key in their words, of a list of so many rows; NULL when these are many. That is told
-- by the newest and the oldest ones.
CREATE FUNCTION list_found(words_table text, tenant text, key text, rows bigint) RETURNS uuid[]
    LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
AS $$
DECLARE
    probed bigint := 1000; -- at either end
    found bigint;
    ids uuid[];
BEGIN
    IF rows > list_few() THEN
        EXECUTE format(
            'SELECT count(*) FROM ((SELECT words FROM %1$I WHERE tenant_id = %2$L ORDER BY created_at, id LIMIT %3$s) UNION ALL
                                   (SELECT words FROM %1$I WHERE tenant_id = %2$L ORDER BY created_at DESC, id DESC LIMIT %3$s)) AS w
              WHERE strpos(w.words, %4$L) > 0', words_table, tenant, probed, key) INTO found;
        IF found > probed / 50 THEN
            RETURN NULL;
        END IF;
        EXECUTE format('SELECT ARRAY(SELECT %I(%L, %s))', words_table || '_found', key, list_most_found()) INTO ids;
        RETURN CASE WHEN cardinality(ids) < list_most_found() THEN ids END;
    END IF;
    EXECUTE format('SELECT array_agg(id) FROM %I WHERE tenant_id = %L AND strpos(words, %L) > 0', words_table, tenant, key)
       INTO ids;
    RETURN coalesce(ids, '{}');
END
$$;

-- How many rows of a list have a key in their words and pass filters (' AND ...' of r; '': none), up to
-- list_most_found().
CREATE FUNCTION list_count_found(the_table text, words_table text, tenant text, key text, wanted text) RETURNS bigint
    LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off
AS $$
DECLARE
    found bigint;
BEGIN
    EXECUTE format(
        'SELECT count(*) FROM (SELECT FROM %I w%s WHERE w.tenant_id = %L AND strpos(w.words, %L) > 0 LIMIT %s) AS found',
        words_table,
        CASE WHEN wanted <> '' THEN
            format(', LATERAL (SELECT FROM %I r WHERE r.tenant_id = %L AND r.id = w.id AND r.deleted_at IS NULL%s OFFSET 0) AS r',
                   the_table, tenant, wanted) ELSE '' END,
        tenant, key, list_most_found()) INTO found;
    RETURN found;
END
$$;

-- A condition: row r of a list has the key in its words.
CREATE FUNCTION has_words(words_table text, tenant text, key text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format(' AND strpos((SELECT w.words FROM %I w WHERE w.tenant_id = %L AND w.id = r.id), %L) > 0',
                  words_table, tenant, key);

-- How a search goes on, whose `words` narrow a list that other filters (`wanted`: ' AND ...' of r; '': none)
-- have narrowed already:
--
--   newest      the page is in the default order
--   selected    how many rows pass the filters; NULL: not known
--   linked      FROM and WHERE of the rows that pass the filters, as one of them delivers the ids; NULL: none does
--   source      FROM and WHERE of the rows that are searched for, as list_rows takes it, and `filtered` likewise
--   total       how many there are, up to list_most_found()
CREATE FUNCTION list_searched(the_table text, words_table text, tenant text, words text, wanted text, newest boolean,
                              selected bigint, linked text,
                              OUT source text, OUT filtered boolean, OUT total bigint)
    LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off
AS $$
DECLARE
    key text := text_key(words);
    has_words text := has_words(words_table, tenant, key);
    -- Without words and filters. A list's counts have its table's name.
    rows bigint := (SELECT coalesce(sum(c.count), 0) FROM list_counts c
                     WHERE c.tenant_id = tenant AND c.list = the_table AND c.part = '');
    ids uuid[] := list_found(words_table, tenant, key, rows);
    by_ids text := list_by_ids(the_table, tenant, format('SELECT unnest(%L::uuid[])', ids), wanted);
BEGIN
    source := format('FROM %I r WHERE r.tenant_id = %L AND r.deleted_at IS NULL%s%s', the_table, tenant, wanted,
                     CASE WHEN ids IS NULL THEN has_words ELSE format(' AND r.id = ANY (%L::uuid[])', ids) END);
    filtered := ids IS NOT NULL OR linked IS NOT NULL OR selected <= greatest(rows / 4, list_few());
    IF ids IS NOT NULL THEN
        IF wanted = '' THEN
            total := cardinality(ids);
        ELSE
            EXECUTE 'SELECT count(*) ' || by_ids INTO total;
        END IF;
        IF total <= list_few() THEN
            source := by_ids;
        END IF;
    ELSIF filtered AND wanted || coalesce(linked, '') <> '' THEN
        source := coalesce(linked || has_words, source);
        EXECUTE format('SELECT count(*) FROM (SELECT %s LIMIT %s) AS found', source, list_most_found()) INTO total;
    ELSE
        total := list_count_found(the_table, words_table, tenant, key, wanted);
        IF wanted = '' AND newest THEN
            source := format('FROM %I r WHERE r.tenant_id = %L AND strpos(r.words, %L) > 0', words_table, tenant, key);
        END IF;
    END IF;
END
$$;
