-- Lists of actions cost the same however many there are (runtime/0040_lists): counts by assignee, status and
-- priority and by the days on which actions begin and end, and an index for each order and each filter.

CREATE FUNCTION utc_day(instant timestamptz) RETURNS text LANGUAGE sql STABLE
    RETURN CASE WHEN instant = 'infinity' THEN 'infinity'
                ELSE to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD') END;

-- Where an action is counted.
CREATE FUNCTION action_cells(a actions) RETURNS TABLE (list text, part text, cell text[])
    LANGUAGE sql STABLE SET search_path = operations, pg_temp
AS $$
    SELECT cells.* FROM (VALUES
        ('actions', '', ARRAY[a.status, a.priority]),
        ('actions', a.assigned_person_id, ARRAY[a.status, a.priority]),
        ('action begins', '', ARRAY[utc_day(action_begins(a.start_date, a.due_date))]),
        ('action ends', '', ARRAY[utc_day(action_ends(a.start_date, a.due_date))])) AS cells (list, part, cell)
     WHERE a.deleted_at IS NULL AND cells.part IS NOT NULL AND cells.cell[1] IS NOT NULL
$$;

CREATE FUNCTION actions_inserted() RETURNS trigger LANGUAGE plpgsql SET search_path = operations, pg_temp
AS $$
BEGIN
    PERFORM list_count(n.tenant_id, c.list, c.part, c.cell, count(*))
       FROM new_rows n, LATERAL action_cells(ROW(n.*)::actions) AS c
      GROUP BY n.tenant_id, c.list, c.part, c.cell;
    RETURN NULL;
END
$$;
CREATE TRIGGER actions_inserted AFTER INSERT ON actions REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION actions_inserted();

CREATE FUNCTION actions_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = operations, pg_temp
AS $$
BEGIN
    PERFORM list_count(NEW.tenant_id, c.list, c.part, c.cell, sum(c.change)::bigint)
       FROM (SELECT o.*, -1 AS change FROM action_cells(OLD) AS o
             UNION ALL SELECT n.*, 1 FROM action_cells(NEW) AS n) AS c
      GROUP BY c.list, c.part, c.cell HAVING sum(c.change) <> 0;
    RETURN NULL;
END
$$;
CREATE TRIGGER actions_changed AFTER UPDATE ON actions FOR EACH ROW
    WHEN ((OLD.assigned_person_id, OLD.status, OLD.priority, OLD.start_date, OLD.due_date, OLD.deleted_at IS NULL)
          IS DISTINCT FROM
          (NEW.assigned_person_id, NEW.status, NEW.priority, NEW.start_date, NEW.due_date, NEW.deleted_at IS NULL))
    EXECUTE FUNCTION actions_changed();

-- The trigger's lock lets no writer in before the migration ends.
INSERT INTO list_counts (tenant_id, list, part, cell, count)
SELECT a.tenant_id, c.list, c.part, c.cell, count(*)
  FROM actions a, LATERAL action_cells(a) AS c
 GROUP BY a.tenant_id, c.list, c.part, c.cell;

CREATE FUNCTION level_rank(level text) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE level WHEN 'low' THEN 1 WHEN 'medium' THEN 2 WHEN 'high' THEN 3 WHEN 'critical' THEN 4 END;

-- Filters, in the order of the default page.
CREATE INDEX actions_of_person ON actions (tenant_id, assigned_person_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX actions_of_status ON actions (tenant_id, status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX actions_of_priority ON actions (tenant_id, priority, created_at DESC, id DESC) WHERE deleted_at IS NULL;
-- Orders; of when they were entered there is one.
CREATE INDEX actions_by_title ON actions (tenant_id, title COLLATE "und-x-icu", id) WHERE deleted_at IS NULL;
CREATE INDEX actions_by_status ON actions (tenant_id, status, id) WHERE deleted_at IS NULL;
CREATE INDEX actions_by_priority ON actions (tenant_id, level_rank(priority), id) WHERE deleted_at IS NULL;
CREATE INDEX actions_by_start ON actions (tenant_id, start_date, id) WHERE deleted_at IS NULL;
CREATE INDEX actions_by_due ON actions (tenant_id, due_date, id) WHERE deleted_at IS NULL;
CREATE INDEX actions_by_update ON actions (tenant_id, updated_at, id) WHERE deleted_at IS NULL;

-- How many actions begin, or end, on the days up to one, or before it.
CREATE FUNCTION actions_by_day(tenant text, the_list text, up_to text, included boolean) RETURNS bigint
    LANGUAGE sql STABLE SET search_path = operations, pg_temp
AS $$
    SELECT coalesce(sum(c.count), 0)::bigint
      FROM list_counts c
     WHERE c.tenant_id = tenant AND c.list = the_list AND c.part = ''
       AND (c.cell < ARRAY[up_to] OR (included AND c.cell = ARRAY[up_to]))
$$;

-- The ids of a page in their order, and how many there are altogether. Of the filters NULL or an empty
-- array is any. `key` is an expression over r.
CREATE FUNCTION actions_page(tenant text, first_at timestamptz, last_at timestamptz, person text, states text[],
                             levels text[], any_tags text[], goals uuid[], strategies uuid[], issues uuid[],
                             key text, nullable boolean, descending boolean, size bigint, skip bigint)
    RETURNS TABLE (id uuid, place bigint, total bigint)
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
    ELSE
        EXECUTE 'SELECT count(*) ' || CASE WHEN linked IS NULL THEN source ELSE by_ids END INTO altogether;
    END IF;

    IF newest AND person IS NULL AND others = '' AND NOT by_date AND by_state <> by_level THEN
        one_by_one := CASE WHEN by_state THEN 'r.status' ELSE 'r.priority' END;
    END IF;
    RETURN QUERY SELECT page.id, page.place, altogether FROM list_page(
        CASE WHEN linked IS NOT NULL AND altogether <= list_few() THEN by_ids ELSE source END,
        one_by_one IS NULL AND (by_cell OR by_date OR others <> '')
                AND NOT (newest AND person IS NOT NULL AND others = '' AND NOT (by_state OR by_level OR by_date)),
        key, nullable, descending, size, skip, altogether, one_by_one,
        format('%L::text[]', CASE WHEN by_state THEN states ELSE levels END), false) AS page;
END
$$;
