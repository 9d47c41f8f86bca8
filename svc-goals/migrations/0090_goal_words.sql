-- Searches for goals cost the same however many there are (runtime/0050_list_pages), and pages go on after a
-- goal. The functions of 0070 are for programs of older releases.

SELECT make_words('goals', 'goal_words', '{title,intent,description}');
DROP INDEX goals_words, goals_description_words;

-- For programs of older releases.
CREATE OR REPLACE FUNCTION goals_found(words text) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = goals, pg_catalog, pg_temp
AS $$
    SELECT goal_words_found(text_key(words), 9223372036854775807)
$$;

-- The ids of a page in their order, and how many there are altogether; of a search that finds more, and with
-- words alone, list_most_found(). Of the filters NULL or an empty array is any. `key` is a column of goals.
CREATE FUNCTION goals_page(tenant text, words text, owner text, states text[], spans text[], tag text, key text,
                           descending boolean, size bigint, skip bigint, after_key text, after_id uuid)
    RETURNS TABLE (id uuid, place bigint, next_key text, total bigint)
    LANGUAGE plpgsql STABLE ROWS 100 SET search_path = goals, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    newest boolean := key = 'created_at';
    by_state boolean := coalesce(cardinality(states), 0) > 0;
    by_span boolean := coalesce(cardinality(spans), 0) > 0;
    one_by_one boolean := newest AND owner IS NULL AND words IS NULL AND (by_state OR by_span);
    selected bigint := CASE WHEN tag IS NULL THEN goals_total(tenant, owner, states, spans) END;
    source text := format('FROM goals r WHERE r.tenant_id = %L AND r.deleted_at IS NULL', tenant);
    wanted text := '';
    filtered boolean;
    altogether bigint := selected;
BEGIN
    IF owner IS NOT NULL THEN wanted := wanted || format(' AND r.owner_id = %L', owner); END IF;
    IF by_state THEN wanted := wanted || format(' AND r.status = ANY (%L)', states); END IF;
    IF by_span THEN wanted := wanted || format(' AND r.horizon = ANY (%L)', spans); END IF;
    IF tag IS NOT NULL THEN wanted := wanted || format(' AND %L = ANY (r.value_tags)', tag); END IF;
    source := source || wanted;
    filtered := wanted <> '' AND (NOT newest OR (by_state AND by_span));
    IF words IS NOT NULL THEN
        SELECT s.source, s.filtered, s.total INTO source, filtered, altogether
          FROM list_searched('goals', 'goal_words', tenant, words, wanted, newest, selected, NULL) AS s;
    ELSIF tag IS NOT NULL THEN
        EXECUTE 'SELECT count(*) ' || source INTO altogether;
    END IF;
    RETURN QUERY SELECT page.*, altogether FROM list_rows(
        source, filtered, format('r.%I', key) || CASE key WHEN 'title' THEN ' COLLATE "und-x-icu"' ELSE '' END,
        key IN ('start_date', 'due_date'), descending, size, skip,
        CASE WHEN words IS NULL OR altogether < list_most_found() THEN altogether END,
        CASE WHEN one_by_one THEN CASE WHEN by_state THEN 'r.status' ELSE 'r.horizon' END END,
        format('%L::text[]', CASE WHEN by_state THEN states ELSE spans END), false, after_key, after_id) AS page;
END
$$;

-- As activity_page of 0071, which is for programs of older releases.
CREATE FUNCTION activity_page(tenant text, goal uuid, types text[], size bigint, skip bigint, after_key text, after_id uuid)
    RETURNS TABLE (id uuid, place bigint, next_key text, total bigint)
    LANGUAGE plpgsql STABLE ROWS 100 SET search_path = goals, pg_temp
AS $$
DECLARE
    altogether bigint := activity_total(tenant, goal, types);
BEGIN
    RETURN QUERY SELECT page.*, altogether FROM list_rows(
        format('FROM activity r WHERE r.tenant_id = %L AND r.goal_id = %L', tenant, goal), false,
        'r.created_at', false, true, size, skip, altogether,
        CASE WHEN cardinality(types) > 0 THEN 'r.type' END, format('%L::text[]', types), false, after_key, after_id) AS page;
END
$$;
