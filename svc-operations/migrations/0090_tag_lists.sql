-- Pages of actions and issues by a tag (runtime/0080_list_cells), and of issues by a range of dates, cost the same however
-- many rows those have. Programs of older releases call the same functions.

SELECT make_list_counts('actions', $$
    VALUES ('actions', '', ARRAY[r.status, r.priority]), ('actions', r.assigned_person_id, ARRAY[r.status, r.priority]),
           ('action begins', '', ARRAY[utc_day(action_begins(r.start_date, r.due_date))]),
           ('action ends', '', ARRAY[utc_day(action_ends(r.start_date, r.due_date))])
    UNION ALL SELECT DISTINCT 'actions of tag', tag, ARRAY[''] FROM unnest(r.tags) AS tag
$$, '{status,priority,assigned_person_id,start_date,due_date,tags}', '{actions of tag}');
DROP FUNCTION action_cells;
SELECT make_list_counts('issues', $$
    VALUES ('issues', '', ARRAY[r.type_config_id::text, r.status_config_id::text, r.priority, r.impact]),
           ('issues of assignee', r.assigned_person_id, ARRAY['']), ('issues of reporter', r.reporter_id, ARRAY['']),
           ('issues created', '', ARRAY[utc_day(r.created_at)]), ('issues due', '', ARRAY[utc_day(r.due_date)]),
           ('issues reported', '', ARRAY[utc_day(coalesce(r.date_reported, r.created_at))])
    UNION ALL SELECT DISTINCT 'issues of tag', tag, ARRAY[''] FROM unnest(r.tags) AS tag
$$, '{type_config_id,status_config_id,priority,impact,assigned_person_id,reporter_id,created_at,due_date,date_reported,tags}',
   '{issues of tag,issues created,issues due,issues reported}');
DROP FUNCTION issue_cells;
SELECT make_tagged('actions', 'tags');
SELECT make_tagged('issues', 'tags');

-- How many issues have `instant`, an expression over r, from first_at to last_at, both included; NULL: any. Whole
-- days are added up, and what is left of a day at either end is counted row by row.
CREATE FUNCTION issues_between(tenant text, the_list text, instant text, first_at timestamptz, last_at timestamptz)
    RETURNS bigint LANGUAGE plpgsql STABLE SET search_path = operations, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    day constant interval := '24 hours';
    rows constant text := format('SELECT count(*) FROM issues r WHERE r.tenant_id = %L AND r.deleted_at IS NULL AND %s >= $1 AND %2$s ',
                                 tenant, instant);
    first_day timestamptz := date_trunc('day', first_at + day - interval '1 microsecond', 'UTC');
    end_day timestamptz := date_trunc('day', last_at + interval '1 microsecond', 'UTC');
    found bigint := 0;
    part bigint;
BEGIN
    IF first_day >= end_day THEN
        EXECUTE rows || '<= $2' INTO found USING first_at, last_at;
        RETURN found;
    END IF;
    IF first_at < first_day THEN
        EXECUTE rows || '< $2' INTO found USING first_at, first_day;
    END IF;
    IF end_day <= last_at THEN
        EXECUTE rows || '<= $2' INTO part USING end_day, last_at;
        found := found + part;
    END IF;
    SELECT found + coalesce(sum(c.count), 0) INTO found
      FROM list_counts c
     WHERE c.tenant_id = tenant AND c.list = the_list AND c.part = ''
       AND (first_day IS NULL OR c.cell >= ARRAY[utc_day(first_day)])
       AND (end_day IS NULL OR c.cell < ARRAY[utc_day(end_day)]);
    RETURN found;
END
$$;

-- As in 0070_action_words, but that one tag is counted by list_counts, and looked for row by row where many have it.
CREATE OR REPLACE FUNCTION actions_page(tenant text, words text, first_at timestamptz, last_at timestamptz, person text,
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
    by_tag boolean := coalesce(cardinality(any_tags), 0) > 0;
    by_cell boolean := person IS NOT NULL OR by_state OR by_level;
    source text := format('FROM actions r WHERE r.tenant_id = %L AND r.deleted_at IS NULL', tenant);
    wanted text := '';
    others text := '';
    some_ids text[] := ARRAY[ -- queries for the ids of those that pass one filter
        list_linked('action_goals', 'action_id', 'goal_id', tenant, goals),
        list_linked('action_strategies', 'action_id', 'strategy_id', tenant, strategies),
        list_linked('action_issues', 'action_id', 'issue_id', tenant, issues)];
    linked text; -- the last of them, or else of the tags
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
    IF by_tag THEN
        linked := format('SELECT actions_tagged(%L)', any_tags);
        others := format(' AND r.tags && %L', any_tags);
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
    ELSIF NOT by_cell AND NOT by_date AND cardinality(any_tags) = 1 AND array_remove(some_ids, NULL) = '{}' THEN
        altogether := list_tagged_total('actions', tenant, any_tags[1]);
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
                             altogether, CASE WHEN linked IS NOT NULL AND coalesce(altogether, 0) <= list_few() THEN by_ids END) AS s;
    ELSIF linked IS NOT NULL AND altogether <= list_few() THEN
        source := by_ids;
    END IF;
    RETURN QUERY SELECT page.*, altogether FROM list_rows(
        source, filtered, key, nullable, descending, size, skip,
        CASE WHEN words IS NULL OR altogether < list_most_found() THEN altogether END,
        one_by_one, format('%L::text[]', CASE WHEN by_state THEN states ELSE levels END), false, after_key, after_id) AS page;
END
$$;

-- As in 0071_issue_words, with the same difference, and one range of dates is counted by days.
CREATE OR REPLACE FUNCTION issues_page(tenant text, words text, states uuid[], types uuid[], levels text[], impacts text[], reporter text,
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
    by_tag boolean := coalesce(cardinality(any_tags), 0) > 0;
    by_created boolean := created_from IS NOT NULL OR created_to IS NOT NULL;
    by_due boolean := due_from IS NOT NULL OR due_to IS NOT NULL;
    by_reported boolean := reported_from IS NOT NULL OR reported_to IS NOT NULL;
    people int := (reporter IS NOT NULL)::int + (assignee IS NOT NULL)::int;
    source text := format('FROM issues r WHERE r.tenant_id = %L AND r.deleted_at IS NULL', tenant);
    wanted text := '';
    others text := '';
    some_ids text[] := ARRAY[ -- queries for the ids of those that pass one filter
        list_linked('issue_goals', 'issue_id', 'goal_id', tenant, goals),
        list_linked('issue_strategies', 'issue_id', 'strategy_id', tenant, strategies),
        list_linked('action_issues', 'issue_id', 'action_id', tenant, actions)];
    linked text; -- the last of them, or else of the tags
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
    IF by_tag THEN
        linked := format('SELECT issues_tagged(%L)', any_tags);
        others := others || format(' AND r.tags && %L', any_tags);
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
    ELSIF cells + people = 0 AND array_remove(some_ids, NULL) = '{}'
          AND by_created::int + by_due::int + by_reported::int + coalesce(cardinality(any_tags), 0) = 1 THEN
        altogether := CASE
            WHEN by_tag THEN list_tagged_total('issues', tenant, any_tags[1])
            WHEN by_created THEN issues_between(tenant, 'issues created', 'r.created_at', created_from, created_to)
            WHEN by_due THEN issues_between(tenant, 'issues due', 'r.due_date', due_from, due_to)
            ELSE issues_between(tenant, 'issues reported', 'coalesce(r.date_reported, r.created_at)', reported_from, reported_to) END;
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
                             altogether, CASE WHEN linked IS NOT NULL AND coalesce(altogether, 0) <= list_few() THEN by_ids END) AS s;
    ELSIF linked IS NOT NULL AND altogether <= list_few() THEN
        source := by_ids;
    END IF;
    RETURN QUERY SELECT page.*, altogether FROM list_rows(
        source, filtered, key, nullable, descending, size, skip,
        CASE WHEN words IS NULL OR altogether < list_most_found() THEN altogether END,
        any_column, any_values, grouped, after_key, after_id) AS page;
END
$$;
