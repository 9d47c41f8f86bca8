-- Lists of issues, as those of actions: counts by type, status, priority and impact, and by assignee and by
-- reporter.

-- Where an issue is counted.
CREATE FUNCTION issue_cells(i issues) RETURNS TABLE (list text, part text, cell text[])
    LANGUAGE sql STABLE SET search_path = operations, pg_temp
AS $$
    SELECT cells.* FROM (VALUES
        ('issues', '', ARRAY[i.type_config_id::text, i.status_config_id::text, i.priority, i.impact]),
        ('issues of assignee', i.assigned_person_id, ARRAY['']),
        ('issues of reporter', i.reporter_id, ARRAY[''])) AS cells (list, part, cell)
     WHERE i.deleted_at IS NULL AND cells.part IS NOT NULL
$$;

CREATE FUNCTION issues_inserted() RETURNS trigger LANGUAGE plpgsql SET search_path = operations, pg_temp
AS $$
BEGIN
    PERFORM list_count(n.tenant_id, c.list, c.part, c.cell, count(*))
       FROM new_rows n, LATERAL issue_cells(ROW(n.*)::issues) AS c
      GROUP BY n.tenant_id, c.list, c.part, c.cell;
    RETURN NULL;
END
$$;
CREATE TRIGGER issues_inserted AFTER INSERT ON issues REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION issues_inserted();

CREATE FUNCTION issues_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = operations, pg_temp
AS $$
BEGIN
    PERFORM list_count(NEW.tenant_id, c.list, c.part, c.cell, sum(c.change)::bigint)
       FROM (SELECT o.*, -1 AS change FROM issue_cells(OLD) AS o
             UNION ALL SELECT n.*, 1 FROM issue_cells(NEW) AS n) AS c
      GROUP BY c.list, c.part, c.cell HAVING sum(c.change) <> 0;
    RETURN NULL;
END
$$;
CREATE TRIGGER issues_changed AFTER UPDATE ON issues FOR EACH ROW
    WHEN ((OLD.type_config_id, OLD.status_config_id, OLD.priority, OLD.impact, OLD.assigned_person_id, OLD.reporter_id,
           OLD.deleted_at IS NULL)
          IS DISTINCT FROM
          (NEW.type_config_id, NEW.status_config_id, NEW.priority, NEW.impact, NEW.assigned_person_id, NEW.reporter_id,
           NEW.deleted_at IS NULL))
    EXECUTE FUNCTION issues_changed();

INSERT INTO list_counts (tenant_id, list, part, cell, count)
SELECT i.tenant_id, c.list, c.part, c.cell, count(*)
  FROM issues i, LATERAL issue_cells(i) AS c
 GROUP BY i.tenant_id, c.list, c.part, c.cell;

-- Filters, in the order of the default page. The first two also tell whether a type or status is in use.
DROP INDEX issues_of_type, issues_of_status;
CREATE INDEX issues_of_type ON issues (tenant_id, type_config_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX issues_of_status ON issues (tenant_id, status_config_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX issues_of_priority ON issues (tenant_id, priority, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX issues_of_impact ON issues (tenant_id, impact, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX issues_of_assignee ON issues (tenant_id, assigned_person_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX issues_of_reporter ON issues (tenant_id, reporter_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
-- Orders.
CREATE INDEX issues_by_title ON issues (tenant_id, title COLLATE "und-x-icu", id) WHERE deleted_at IS NULL;
CREATE INDEX issues_by_priority ON issues (tenant_id, level_rank(priority), id) WHERE deleted_at IS NULL;
CREATE INDEX issues_by_impact ON issues (tenant_id, level_rank(impact), id) WHERE deleted_at IS NULL;
CREATE INDEX issues_by_order ON issues (tenant_id, display_order, id) WHERE deleted_at IS NULL;
CREATE INDEX issues_by_type ON issues (tenant_id, type_config_id, id) WHERE deleted_at IS NULL;
CREATE INDEX issues_by_status ON issues (tenant_id, status_config_id, id) WHERE deleted_at IS NULL;
CREATE INDEX issues_by_due ON issues (tenant_id, due_date, id) WHERE deleted_at IS NULL;
CREATE INDEX issues_by_update ON issues (tenant_id, updated_at, id) WHERE deleted_at IS NULL;

-- As actions_page. `states` is NULL for any status; an empty array has none. `group_values` are the types or
-- statuses in the order that is sorted by; then `key` is their column.
CREATE FUNCTION issues_page(tenant text, states uuid[], types uuid[], levels text[], impacts text[], reporter text,
                            assignee text, created_from timestamptz, created_to timestamptz, due_from timestamptz,
                            due_to timestamptz, reported_from timestamptz, reported_to timestamptz, any_tags text[],
                            goals uuid[], strategies uuid[], actions uuid[], key text, nullable boolean,
                            group_values uuid[], descending boolean, size bigint, skip bigint)
    RETURNS TABLE (id uuid, place bigint, total bigint)
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
    ELSE
        EXECUTE 'SELECT count(*) ' || CASE WHEN linked IS NULL THEN source ELSE by_ids END INTO altogether;
    END IF;

    IF grouped THEN
        any_column := key;
        any_values := format('%L::uuid[]', group_values);
        key := format('array_position(%s, %s)', any_values, key);
    ELSIF newest AND others = '' AND people = 0 AND cells = 1 THEN
        any_column := CASE WHEN by_state THEN 'r.status_config_id' WHEN by_type THEN 'r.type_config_id'
                           WHEN by_level THEN 'r.priority' ELSE 'r.impact' END;
        any_values := CASE WHEN by_state OR by_type THEN format('%L::uuid[]', CASE WHEN by_state THEN states ELSE types END)
                           ELSE format('%L::text[]', CASE WHEN by_level THEN levels ELSE impacts END) END;
    END IF;
    RETURN QUERY SELECT page.id, page.place, altogether FROM list_page(
        CASE WHEN linked IS NOT NULL AND altogether <= list_few() THEN by_ids ELSE source END,
        (cells + people > 0 OR others <> '') AND NOT (newest AND cells + people = 1 AND others = ''),
        key, nullable, descending, size, skip, altogether, any_column, any_values, grouped) AS page;
END
$$;
