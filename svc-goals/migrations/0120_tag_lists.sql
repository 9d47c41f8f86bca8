-- Pages of goals by a tag cost the same however many goals there are, and counts cost less (runtime/0080_list_cells).

SELECT make_list_counts('goals', $$
    VALUES ('goals', '', ARRAY[r.status, r.horizon]), ('goals', r.owner_id, ARRAY[r.status, r.horizon])
    UNION ALL SELECT DISTINCT 'goals of tag', tag, ARRAY[''] FROM unnest(r.value_tags) AS tag
$$, '{status,horizon,owner_id,value_tags}', '{goals of tag}');
DROP FUNCTION goal_cells;
SELECT make_list_counts('strategies', $$
    VALUES ('strategies', '', ARRAY[r.status]), ('strategies', r.listed_owner, ARRAY[r.status])
$$, '{status,listed_owner}', '{}');
DROP FUNCTION strategy_cells;

SELECT make_tagged('goals', 'value_tags');

-- As in 0090_goal_words, but a tag alone is counted by list_counts, and what has a rare one is found by its index.
CREATE OR REPLACE FUNCTION goals_page(tenant text, words text, owner text, states text[], spans text[], tag text, key text,
                           descending boolean, size bigint, skip bigint, after_key text, after_id uuid)
    RETURNS TABLE (id uuid, place bigint, next_key text, total bigint)
    LANGUAGE plpgsql STABLE ROWS 100 SET search_path = goals, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    newest boolean := key = 'created_at';
    by_state boolean := coalesce(cardinality(states), 0) > 0;
    by_span boolean := coalesce(cardinality(spans), 0) > 0;
    one_by_one boolean := newest AND owner IS NULL AND words IS NULL AND tag IS NULL AND (by_state OR by_span);
    selected bigint := CASE WHEN tag IS NULL THEN goals_total(tenant, owner, states, spans)
                            WHEN owner IS NULL AND NOT by_state AND NOT by_span THEN list_tagged_total('goals', tenant, tag) END;
    by_ids text;
    source text := format('FROM goals r WHERE r.tenant_id = %L AND r.deleted_at IS NULL', tenant);
    wanted text := '';
    filtered boolean;
    altogether bigint := selected;
BEGIN
    IF owner IS NOT NULL THEN wanted := wanted || format(' AND r.owner_id = %L', owner); END IF;
    IF by_state THEN wanted := wanted || format(' AND r.status = ANY (%L)', states); END IF;
    IF by_span THEN wanted := wanted || format(' AND r.horizon = ANY (%L)', spans); END IF;
    IF tag IS NOT NULL THEN
        wanted := wanted || format(' AND %L = ANY (r.value_tags)', tag);
        by_ids := list_by_ids('goals', tenant, format('SELECT goals_tagged(%L)', ARRAY[tag]), wanted);
    END IF;
    source := source || wanted;
    filtered := wanted <> '' AND (NOT newest OR (by_state AND by_span));
    IF words IS NOT NULL THEN
        SELECT s.source, s.filtered, s.total INTO source, filtered, altogether
          FROM list_searched('goals', 'goal_words', tenant, words, wanted, newest, selected,
                             CASE WHEN coalesce(selected, 0) <= list_few() THEN by_ids END) AS s;
    ELSIF tag IS NOT NULL THEN
        IF selected IS NULL THEN
            EXECUTE 'SELECT count(*) ' || by_ids INTO altogether;
        END IF;
        filtered := true;
        source := CASE WHEN altogether <= list_few() THEN by_ids ELSE source END;
    END IF;
    RETURN QUERY SELECT page.*, altogether FROM list_rows(
        source, filtered, format('r.%I', key) || CASE key WHEN 'title' THEN ' COLLATE "und-x-icu"' ELSE '' END,
        key IN ('start_date', 'due_date'), descending, size, skip,
        CASE WHEN words IS NULL OR altogether < list_most_found() THEN altogether END,
        CASE WHEN one_by_one THEN CASE WHEN by_state THEN 'r.status' ELSE 'r.horizon' END END,
        format('%L::text[]', CASE WHEN by_state THEN states ELSE spans END), false, after_key, after_id) AS page;
END
$$;
