-- Searches for actions cost the same however many there are (runtime/0050_list_pages), and pages go on after an
-- action. actions_page of 0060 is for programs of older releases.

SELECT make_words('actions', 'action_words', '{title,description,tags}');
DROP INDEX actions_words;

-- For programs of older releases.
CREATE OR REPLACE FUNCTION actions_found(words text) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = operations, pg_catalog, pg_temp
AS $$
    SELECT action_words_found(text_key(words), 9223372036854775807)
$$;

-- The ids of a page in their order, and how many there are altogether; of a search that finds more,
-- list_most_found(). Of the filters NULL or an empty array is any. `key` is an expression over r.
CREATE FUNCTION actions_page(tenant text, words text, first_at timestamptz, last_at timestamptz, person text,
                             states text[], levels text[], any_tags text[], goals uuid[], strategies uuid[], issues uuid[],
                             key text, nullable boolean, descending boolean, size bigint, skip bigint,
                             after_key text, after_id uuid)
    RETURNS TABLE (id uuid, place bigint, next_key text, total bigint)
    LANGUAGE plpgsql STABLE ROWS 100 SET search_path = operations, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    newest boolean := key = 'r.created_at';
    by_state boolean := coalesce(cardinality(states), 0) > 0;
    by_level boolean := coalesce(cardinality(levels), 0) > 0;
    by_date boolean := first_at IS NOT NULL OR last_at IS NOT NULL;
    by_cell boolean := person IS NOT NULL OR by_state OR by_level;
    source text := format('FROM actions r WHERE r.tenant_id = %L AND r.deleted_at IS NULL', tenant);
    wanted text := '';
    others text := '';
    some_ids text[] := ARRAY[ -- queries for the ids of those that pass one filter
        CASE WHEN cardinality(any_tags) > 0 THEN format('SELECT actions_tagged(%L)', any_tags) END,
        list_linked('action_goals', 'action_id', 'goal_id', tenant, goals),
        list_linked('action_strategies', 'action_id', 'strategy_id', tenant, strategies),
        list_linked('action_issues', 'action_id', 'issue_id', tenant, issues)];
    linked text; -- the last of them
    by_ids text;
    one_by_one text;
    filtered boolean;
    altogether bigint;
BEGIN
    IF person IS NOT NULL THEN wanted := wanted || format(' AND r.assigned_person_id = %L', person); END IF;
    IF by_state THEN wanted := wanted || format(' AND r.status = ANY (%L)', states); END IF;
    IF by_level THEN wanted := wanted || format(' AND r.priority = ANY (%L)', levels); END IF;
    IF first_at IS NOT NULL THEN
        wanted := wanted || format(' AND action_ends(r.start_date, r.due_date) >= %L', first_at);
    END IF;
    IF last_at IS NOT NULL THEN
        wanted := wanted || format(' AND action_begins(r.start_date, r.due_date) <= %L', last_at);
    END IF;
    FOREACH linked IN ARRAY array_remove(some_ids, NULL) LOOP
        others := others || format(' AND r.id = ANY (ARRAY(%s))', linked);
    END LOOP;
    source := source || wanted || others;
    by_ids := list_by_ids('actions', tenant, linked, wanted || others);

    IF others = '' AND NOT by_date THEN
        SELECT coalesce(sum(c.count), 0) INTO altogether
          FROM list_counts c
         WHERE c.tenant_id = tenant AND c.list = 'actions' AND c.part = coalesce(person, '')
           AND (NOT by_state OR c.cell[1] = ANY (states)) AND (NOT by_level OR c.cell[2] = ANY (levels));
    ELSIF others = '' AND NOT by_cell
          AND coalesce(first_at = date_trunc('day', first_at, 'UTC'), true)
          AND coalesce(last_at = date_trunc('day', last_at, 'UTC') + interval '24 hours' - interval '1 microsecond', true) THEN
        -- Whole days: those that have begun, without those that have ended.
        altogether := actions_by_day(tenant, 'action begins', coalesce(utc_day(last_at), 'infinity'), true)
                      - CASE WHEN first_at IS NULL THEN 0
                             ELSE actions_by_day(tenant, 'action ends', utc_day(first_at), false) END;
    ELSIF words IS NULL THEN
        EXECUTE 'SELECT count(*) ' || CASE WHEN linked IS NULL THEN source ELSE by_ids END INTO altogether;
    END IF;

    IF newest AND words IS NULL AND person IS NULL AND others = '' AND NOT by_date AND by_state <> by_level THEN
        one_by_one := CASE WHEN by_state THEN 'r.status' ELSE 'r.priority' END;
    END IF;
    filtered := one_by_one IS NULL AND (by_cell OR by_date OR others <> '')
                AND NOT (newest AND person IS NOT NULL AND others = '' AND NOT (by_state OR by_level OR by_date));
    IF words IS NOT NULL THEN
        SELECT s.source, s.filtered, s.total INTO source, filtered, altogether
          FROM list_searched('actions', 'action_words', tenant, words, wanted || others, newest,
                             altogether, CASE WHEN linked IS NOT NULL THEN by_ids END) AS s;
    ELSIF linked IS NOT NULL AND altogether <= list_few() THEN
        source := by_ids;
    END IF;
    RETURN QUERY SELECT page.*, altogether FROM list_rows(
        source, filtered, key, nullable, descending, size, skip,
        CASE WHEN words IS NULL OR altogether < list_most_found() THEN altogether END,
        one_by_one, format('%L::text[]', CASE WHEN by_state THEN states ELSE levels END), false, after_key, after_id) AS page;
END
$$;
