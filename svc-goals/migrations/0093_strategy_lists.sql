-- The list of strategies costs the same however many there are, as other lists do (runtime/0040_lists and
-- 0050_list_pages).

SELECT make_words('strategies', 'strategy_words', '{title,description}');

-- Where a strategy is counted.
CREATE FUNCTION strategy_cells(s strategies) RETURNS TABLE (part text, cell text[])
    LANGUAGE sql STABLE SET search_path = goals, pg_temp
AS $$
    SELECT parts.part, ARRAY[s.status]
      FROM (VALUES (''), (s.listed_owner)) AS parts (part)
     WHERE s.deleted_at IS NULL AND parts.part IS NOT NULL
$$;

CREATE FUNCTION strategies_inserted() RETURNS trigger LANGUAGE plpgsql SET search_path = goals, pg_temp
AS $$
BEGIN
    PERFORM list_count(n.tenant_id, 'strategies', c.part, c.cell, count(*))
       FROM new_rows n, LATERAL strategy_cells(ROW(n.*)::strategies) AS c
      GROUP BY n.tenant_id, c.part, c.cell;
    RETURN NULL;
END
$$;
CREATE TRIGGER strategies_inserted AFTER INSERT ON strategies REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION strategies_inserted();

CREATE FUNCTION strategies_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = goals, pg_temp
AS $$
BEGIN
    PERFORM list_count(NEW.tenant_id, 'strategies', c.part, c.cell, sum(c.change)::bigint)
       FROM (SELECT o.*, -1 AS change FROM strategy_cells(OLD) AS o
             UNION ALL SELECT n.*, 1 FROM strategy_cells(NEW) AS n) AS c
      GROUP BY c.part, c.cell HAVING sum(c.change) <> 0;
    RETURN NULL;
END
$$;
CREATE TRIGGER strategies_changed AFTER UPDATE ON strategies FOR EACH ROW
    WHEN ((OLD.listed_owner, OLD.status, OLD.deleted_at IS NULL)
          IS DISTINCT FROM (NEW.listed_owner, NEW.status, NEW.deleted_at IS NULL))
    EXECUTE FUNCTION strategies_changed();

INSERT INTO list_counts (tenant_id, list, part, cell, count)
SELECT s.tenant_id, 'strategies', c.part, c.cell, count(*)
  FROM strategies s, LATERAL strategy_cells(s) AS c
 GROUP BY s.tenant_id, c.part, c.cell;

-- The default order: by goal, and by order within it. And by that order, then by goal.
CREATE FUNCTION strategy_place(goal uuid, order_index bigint) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN goal::text || lpad(order_index::text, 9, '0');
CREATE FUNCTION strategy_order(order_index bigint, goal uuid) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN lpad(order_index::text, 9, '0') || goal::text;

DROP INDEX strategies_of_owner;
CREATE INDEX strategies_of_owner ON strategies
    (tenant_id, listed_owner, strategy_place(goal_id, order_index) COLLATE "C", id) WHERE deleted_at IS NULL;
CREATE INDEX strategies_of_status ON strategies
    (tenant_id, status, strategy_place(goal_id, order_index) COLLATE "C", id) WHERE deleted_at IS NULL;
CREATE INDEX strategies_by_place ON strategies
    (tenant_id, strategy_place(goal_id, order_index) COLLATE "C", id) WHERE deleted_at IS NULL;
CREATE INDEX strategies_by_order ON strategies
    (tenant_id, strategy_order(order_index, goal_id) COLLATE "C", id) WHERE deleted_at IS NULL;
CREATE INDEX strategies_by_order_descending ON strategies -- goals still ascend
    (tenant_id, strategy_order(999999999 - order_index, goal_id) COLLATE "C", id) WHERE deleted_at IS NULL;
CREATE INDEX strategies_by_creation ON strategies (tenant_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX strategies_by_update ON strategies (tenant_id, updated_at, id) WHERE deleted_at IS NULL;

-- As goals_page. `key` is an expression over r.
CREATE FUNCTION strategies_page(tenant text, words text, owner text, goal uuid, states text[], key text,
                                descending boolean, size bigint, skip bigint, after_key text, after_id uuid)
    RETURNS TABLE (id uuid, place bigint, next_key text, total bigint)
    LANGUAGE plpgsql STABLE ROWS 100 SET search_path = goals, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    by_place boolean := key LIKE 'strategy_place(%';
    by_state boolean := coalesce(cardinality(states), 0) > 0;
    one_by_one boolean := by_place AND by_state AND owner IS NULL AND goal IS NULL AND words IS NULL;
    source text := format('FROM strategies r WHERE r.tenant_id = %L AND r.deleted_at IS NULL', tenant);
    wanted text := '';
    filtered boolean;
    altogether bigint;
BEGIN
    IF owner IS NOT NULL THEN wanted := wanted || format(' AND r.listed_owner = %L', owner); END IF;
    IF goal IS NOT NULL THEN wanted := wanted || format(' AND r.goal_id = %L', goal); END IF;
    IF by_state THEN wanted := wanted || format(' AND r.status = ANY (%L)', states); END IF;
    source := source || wanted;
    filtered := wanted <> '' AND NOT one_by_one AND NOT (by_place AND goal IS NULL AND NOT by_state);

    IF goal IS NOT NULL THEN
        EXECUTE 'SELECT count(*) ' || source INTO altogether;
    ELSE
        SELECT coalesce(sum(c.count), 0) INTO altogether
          FROM list_counts c
         WHERE c.tenant_id = tenant AND c.list = 'strategies' AND c.part = coalesce(owner, '')
           AND (NOT by_state OR c.cell[1] = ANY (states));
    END IF;
    IF words IS NOT NULL THEN
        SELECT s.source, s.filtered, s.total INTO source, filtered, altogether
          FROM list_searched('strategies', 'strategy_words', tenant, words, wanted, key = 'r.created_at',
                             altogether, NULL) AS s;
    END IF;
    RETURN QUERY SELECT page.*, altogether FROM list_rows(
        source, filtered, key, false, descending, size, skip,
        CASE WHEN words IS NULL OR altogether < list_most_found() THEN altogether END,
        CASE WHEN one_by_one THEN 'r.status' END, format('%L::text[]', states), false, after_key, after_id) AS page;
END
$$;
