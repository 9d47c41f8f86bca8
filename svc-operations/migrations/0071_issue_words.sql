-- The same of issues.

SELECT make_words('issues', 'issue_words', '{title,description}');
DROP INDEX issues_words;

-- For programs of older releases.
CREATE OR REPLACE FUNCTION issues_found(words text)
    RETURNS TABLE (id uuid, title text, type_config_id uuid, status_config_id uuid, impact text,
                   priority text, reporter_id text, assigned_person_id text, due_date timestamptz,
                   display_order bigint, created_at timestamptz, updated_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = operations, pg_catalog, pg_temp
AS $$
    SELECT i.id, i.title, i.type_config_id, i.status_config_id, i.impact, i.priority, i.reporter_id,
           i.assigned_person_id, i.due_date, i.display_order, i.created_at, i.updated_at
      FROM issue_words_found(text_key(words), 9223372036854775807) AS found (id)
      JOIN issues i ON i.tenant_id = nullif(current_setting('app.tenant', true), '') AND i.id = found.id
$$;

-- As actions_page. `states` is NULL for any status; an empty array has none. `group_values` are the types or
-- statuses in the order that is sorted by; then `key` is their column.
CREATE FUNCTION issues_page(tenant text, words text, states uuid[], types uuid[], levels text[], impacts text[], reporter text,
                            assignee text, created_from timestamptz, created_to timestamptz, due_from timestamptz,
                            due_to timestamptz, reported_from timestamptz, reported_to timestamptz, any_tags text[],
                            goals uuid[], strategies uuid[], actions uuid[], key text, nullable boolean,
                            group_values uuid[], descending boolean, size bigint, skip bigint,
                            after_key text, after_id uuid)
    RETURNS TABLE (id uuid, place bigint, next_key text, total bigint)
    LANGUAGE plpgsql STABLE ROWS 100 SET search_path = operations, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    grouped boolean := group_values IS NOT NULL;
    newest boolean := key = 'r.created_at';
    by_state boolean := states IS NOT NULL;
    by_type boolean := coalesce(cardinality(types), 0) > 0;
    by_level boolean := coalesce(cardinality(levels), 0) > 0;
    by_impact boolean := coalesce(cardinality(impacts), 0) > 0;
    cells int := by_state::int + by_type::int + by_level::int + by_impact::int;
    people int := (reporter IS NOT NULL)::int + (assignee IS NOT NULL)::int;
    source text := format('FROM issues r WHERE r.tenant_id = %L AND r.deleted_at IS NULL', tenant);
    wanted text := '';
    others text := '';
    some_ids text[] := ARRAY[ -- queries for the ids of those that pass one filter
        CASE WHEN cardinality(any_tags) > 0 THEN format('SELECT issues_tagged(%L)', any_tags) END,
        list_linked('issue_goals', 'issue_id', 'goal_id', tenant, goals),
        list_linked('issue_strategies', 'issue_id', 'strategy_id', tenant, strategies),
        list_linked('action_issues', 'issue_id', 'action_id', tenant, actions)];
    linked text; -- the last of them
    by_ids text;
    any_column text;
    any_values text;
    filtered boolean;
    altogether bigint;
BEGIN
    IF by_state THEN wanted := wanted || format(' AND r.status_config_id = ANY (%L)', states); END IF;
    IF by_type THEN wanted := wanted || format(' AND r.type_config_id = ANY (%L)', types); END IF;
    IF by_level THEN wanted := wanted || format(' AND r.priority = ANY (%L)', levels); END IF;
    IF by_impact THEN wanted := wanted || format(' AND r.impact = ANY (%L)', impacts); END IF;
    IF reporter IS NOT NULL THEN wanted := wanted || format(' AND r.reporter_id = %L', reporter); END IF;
    IF assignee IS NOT NULL THEN wanted := wanted || format(' AND r.assigned_person_id = %L', assignee); END IF;
    IF created_from IS NOT NULL THEN others := others || format(' AND r.created_at >= %L', created_from); END IF;
    IF created_to IS NOT NULL THEN others := others || format(' AND r.created_at <= %L', created_to); END IF;
    IF due_from IS NOT NULL THEN others := others || format(' AND r.due_date >= %L', due_from); END IF;
    IF due_to IS NOT NULL THEN others := others || format(' AND r.due_date <= %L', due_to); END IF;
    IF reported_from IS NOT NULL THEN
        others := others || format(' AND coalesce(r.date_reported, r.created_at) >= %L', reported_from);
    END IF;
    IF reported_to IS NOT NULL THEN
        others := others || format(' AND coalesce(r.date_reported, r.created_at) <= %L', reported_to);
    END IF;
    FOREACH linked IN ARRAY array_remove(some_ids, NULL) LOOP
        others := others || format(' AND r.id = ANY (ARRAY(%s))', linked);
    END LOOP;
    source := source || wanted || others;
    by_ids := list_by_ids('issues', tenant, linked, wanted || others);

    IF others = '' AND people + least(cells, 1) <= 1 THEN
        SELECT coalesce(sum(c.count), 0) INTO altogether
          FROM list_counts c
         WHERE c.tenant_id = tenant
           AND c.list = CASE WHEN reporter IS NOT NULL THEN 'issues of reporter'
                             WHEN assignee IS NOT NULL THEN 'issues of assignee' ELSE 'issues' END
           AND c.part = coalesce(reporter, assignee, '')
           AND (NOT by_type OR c.cell[1] = ANY (types::text[])) AND (NOT by_state OR c.cell[2] = ANY (states::text[]))
           AND (NOT by_level OR c.cell[3] = ANY (levels)) AND (NOT by_impact OR c.cell[4] = ANY (impacts));
    ELSIF words IS NULL THEN
        EXECUTE 'SELECT count(*) ' || CASE WHEN linked IS NULL THEN source ELSE by_ids END INTO altogether;
    END IF;

    IF grouped THEN
        any_column := key;
        any_values := format('%L::uuid[]', group_values);
        key := format('array_position(%s, %s)', any_values, key);
    ELSIF newest AND words IS NULL AND others = '' AND people = 0 AND cells = 1 THEN
        any_column := CASE WHEN by_state THEN 'r.status_config_id' WHEN by_type THEN 'r.type_config_id'
                           WHEN by_level THEN 'r.priority' ELSE 'r.impact' END;
        any_values := CASE WHEN by_state OR by_type THEN format('%L::uuid[]', CASE WHEN by_state THEN states ELSE types END)
                           ELSE format('%L::text[]', CASE WHEN by_level THEN levels ELSE impacts END) END;
    END IF;
    filtered := (cells + people > 0 OR others <> '') AND NOT (newest AND cells + people = 1 AND others = '');
    IF words IS NOT NULL THEN
        SELECT s.source, s.filtered, s.total INTO source, filtered, altogether
          FROM list_searched('issues', 'issue_words', tenant, words, wanted || others, newest,
                             altogether, CASE WHEN linked IS NOT NULL THEN by_ids END) AS s;
    ELSIF linked IS NOT NULL AND altogether <= list_few() THEN
        source := by_ids;
    END IF;
    RETURN QUERY SELECT page.*, altogether FROM list_rows(
        source, filtered, key, nullable, descending, size, skip,
        CASE WHEN words IS NULL OR altogether < list_most_found() THEN altogether END,
        any_column, any_values, grouped, after_key, after_id) AS page;
END
$$;
