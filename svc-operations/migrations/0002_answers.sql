-- Actions and issues as they are answered, and the search for issues.
--
-- The views belong to whoever reads them (security_invoker), so row level security is the reader's.

-- What an action shows besides its own row. A function for statements that have the row already; it
-- is expanded where it is called and costs no call.
CREATE FUNCTION action_links(tenant text, action uuid, person text)
    RETURNS TABLE (assigned_person_name text, goal_ids uuid[], strategy_ids uuid[],
                   issue_ids uuid[])
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT (SELECT p.name FROM people p WHERE p.tenant_id = tenant AND p.user_id = person),
           ARRAY(SELECT l.goal_id FROM action_goals l
                  WHERE l.tenant_id = tenant AND l.action_id = action ORDER BY l.place),
           ARRAY(SELECT l.strategy_id FROM action_strategies l
                  WHERE l.tenant_id = tenant AND l.action_id = action ORDER BY l.place),
           ARRAY(SELECT l.issue_id FROM action_issues l
                  WHERE l.tenant_id = tenant AND l.action_id = action
                  ORDER BY l.place_in_action NULLS LAST, l.issue_id);
END;

CREATE VIEW action_rows WITH (security_invoker = true) AS
SELECT a.tenant_id, a.id, a.title, a.description, a.start_date, a.due_date, a.priority, a.status,
       a.assigned_person_id, l.assigned_person_name, a.progress, a.completed_at, l.goal_ids,
       l.strategy_ids, l.issue_ids, a.version, a.created_at, a.updated_at, a.created_by,
       a.updated_by
  FROM actions a, LATERAL action_links(a.tenant_id, a.id, a.assigned_person_id) AS l
 WHERE a.deleted_at IS NULL;

-- Names and the like of a SYSTEM type or status are NULL here; the program fills them in.
CREATE VIEW issue_rows WITH (security_invoker = true) AS
SELECT i.tenant_id, i.id, i.title, i.description,
       i.type_config_id, t.name AS type_name, t.color AS type_color, t.icon AS type_icon,
       i.status_config_id, s.name AS status_name, s.category AS status_category,
       s.color AS status_color, s.icon AS status_icon,
       i.impact, i.priority, i.reporter_id,
       (SELECT p.name FROM people p WHERE p.tenant_id = i.tenant_id AND p.user_id = i.reporter_id)
           AS reporter_name,
       i.assigned_person_id,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = i.tenant_id AND p.user_id = i.assigned_person_id)
           AS assigned_person_name,
       i.due_date, i.estimated_hours, i.actual_hours, i.tags, i.display_order,
       ARRAY(SELECT l.goal_id FROM issue_goals l
              WHERE l.tenant_id = i.tenant_id AND l.issue_id = i.id ORDER BY l.place) AS goal_ids,
       ARRAY(SELECT l.strategy_id FROM issue_strategies l
              WHERE l.tenant_id = i.tenant_id AND l.issue_id = i.id ORDER BY l.place)
           AS strategy_ids,
       ARRAY(SELECT l.action_id FROM action_issues l
              WHERE l.tenant_id = i.tenant_id AND l.issue_id = i.id
              ORDER BY l.place_in_issue NULLS LAST, l.action_id) AS action_ids,
       i.root_cause_analysis, i.resolution_notes,
       i.version, i.created_at, i.updated_at, i.created_by, i.updated_by
  FROM issues i
  LEFT JOIN issue_types t ON t.tenant_id = i.tenant_id AND t.id = i.type_config_id
  LEFT JOIN issue_statuses s ON s.tenant_id = i.tenant_id AND s.id = i.status_config_id
 WHERE i.deleted_at IS NULL;

-- The caller's issues whose title or description contains the text, whatever its case: what a list is
-- filtered and ordered by.
-- LIKE is not leakproof, so under the policy no trigram index would be used: the function runs as
-- the owner and takes the tenant from the setting itself, so nobody can ask for another's. FORCE
-- binds the owner as well unless it is a superuser, hence the owner's own policy.
-- plpgsql keeps its plan; an SQL function would be planned at every call.
CREATE POLICY issues_search ON issues FOR SELECT TO CURRENT_USER USING (true);

CREATE FUNCTION issues_found(words text)
    RETURNS TABLE (id uuid, title text, type_config_id uuid, status_config_id uuid, impact text,
                   priority text, reporter_id text, assigned_person_id text, due_date timestamptz,
                   display_order bigint, created_at timestamptz, updated_at timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path = operations, pg_catalog, pg_temp
AS $$
DECLARE
    tenant text := nullif(current_setting('app.tenant', true), '');
    pattern text :=
        '%' || replace(replace(replace(upper(words), '\', '\\'), '%', '\%'), '_', '\_') || '%';
BEGIN
    IF words ~ '[[:alnum:]]{3}' AND strpos(words, chr(1)) = 0 THEN
        -- What has no chr(1) in it cannot begin in the title and end in the description.
        RETURN QUERY
            SELECT i.id, i.title, i.type_config_id, i.status_config_id, i.impact, i.priority,
                   i.reporter_id, i.assigned_person_id, i.due_date, i.display_order, i.created_at,
                   i.updated_at
              FROM issues i
             WHERE i.tenant_id = tenant AND i.deleted_at IS NULL
               AND upper(i.title || chr(1) || coalesce(i.description, '')) LIKE pattern;
    ELSE
        -- Less than a trigram would read the whole index, which is slower than the tenant's rows.
        RETURN QUERY
            SELECT i.id, i.title, i.type_config_id, i.status_config_id, i.impact, i.priority,
                   i.reporter_id, i.assigned_person_id, i.due_date, i.display_order, i.created_at,
                   i.updated_at
              FROM issues i
             WHERE i.tenant_id = tenant AND i.deleted_at IS NULL
               AND (upper(i.title) LIKE pattern OR upper(i.description) LIKE pattern);
    END IF;
END
$$;
REVOKE ALL ON FUNCTION issues_found(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION issues_found(text) TO svc_operations;
