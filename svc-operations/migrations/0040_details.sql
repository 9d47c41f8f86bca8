-- What clients keep of an action or issue besides. Programs of older releases do not know of it and
-- leave it as it is: an action has been entered, and an issue reported, when it was created unless
-- somebody has said otherwise, and an issue that such a program has closed has no resolved_at.
--
-- The views action_rows and issue_rows stay as they are, since those programs take all of their columns.

ALTER TABLE actions
    ADD COLUMN date_entered timestamptz,
    ADD COLUMN status_reason text,
    ADD COLUMN estimated_hours double precision,
    ADD COLUMN actual_hours double precision,
    ADD COLUMN tags text[] NOT NULL DEFAULT '{}';

ALTER TABLE issues
    ADD COLUMN date_reported timestamptz,
    ADD COLUMN resolved_at timestamptz,
    ADD COLUMN status_reason text,
    ADD COLUMN environment text,
    ADD COLUMN steps_to_reproduce text,
    ADD COLUMN expected_behavior text,
    ADD COLUMN actual_behavior text;

-- What an issue shows besides its own row: as action_links. What nobody has made of a type or status, as
-- of SYSTEM ones, is NULL.
CREATE FUNCTION issue_links(tenant text, issue uuid, type uuid, status uuid, reporter text,
                            assignee text)
    RETURNS TABLE (type_name text, type_color text, type_icon text, status_name text,
                   status_category text, status_color text, status_icon text, reporter_name text,
                   assigned_person_name text, goal_ids uuid[], strategy_ids uuid[],
                   action_ids uuid[])
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT t.name, t.color, t.icon, s.name, s.category, s.color, s.icon,
           (SELECT p.name FROM people p WHERE p.tenant_id = tenant AND p.user_id = reporter),
           (SELECT p.name FROM people p WHERE p.tenant_id = tenant AND p.user_id = assignee),
           ARRAY(SELECT l.goal_id FROM issue_goals l
                  WHERE l.tenant_id = tenant AND l.issue_id = issue ORDER BY l.place),
           ARRAY(SELECT l.strategy_id FROM issue_strategies l
                  WHERE l.tenant_id = tenant AND l.issue_id = issue ORDER BY l.place),
           ARRAY(SELECT l.action_id FROM action_issues l
                  WHERE l.tenant_id = tenant AND l.issue_id = issue
                  ORDER BY l.place_in_issue NULLS LAST, l.action_id)
      FROM (VALUES (true)) AS one
      LEFT JOIN issue_types t ON t.tenant_id = tenant AND t.id = type
      LEFT JOIN issue_statuses s ON s.tenant_id = tenant AND s.id = status;
END;
