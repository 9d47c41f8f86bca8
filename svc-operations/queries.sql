-- Every statement of svc-operations. Parameters are members of the input struct, and :tenant,
-- :user_id and :now of the request. Optional filters arrive as NULL or as an empty array. The views
-- action_rows and issue_rows are for programs of release 3.0.

-- --- Lists ---

-- What a change notes of its row.
-- fragment: CHANGED
version = version + 1, updated_at = :now, updated_by = :user_id;

-- fragment: SKIP
coalesce(:offset::bigint, least(:page::bigint - 1, 1000000000) * :size);

-- fragment: PAGE
LIMIT :size OFFSET :SKIP;

-- A page ends with the first row that :max_bytes have no room for. A row has a place, and the bytes
-- that it has in the answer, or a few more; texts are not read to count theirs.
-- fragment: ROOM
sum(bytes.bytes) OVER (ORDER BY place ROWS UNBOUNDED PRECEDING) - bytes.bytes AS before;

-- --- Actions ---
--
-- A new column of actions has its place in ACTION_REST_CHANGES, or, when it is set once and never
-- changed, in ACTION_REST.

-- fragment: ACTION_REST_CHANGES
title, description, start_date, due_date, priority, status, status_reason, assigned_person_id,
progress, estimated_hours, actual_hours, tags, completed_at, version, updated_at, updated_by;

-- fragment: ACTION_CHANGES
date_entered, :ACTION_REST_CHANGES;

-- fragment: ACTION_REST
id, created_at, created_by, :ACTION_REST_CHANGES;

-- fragment: ACTION_COLUMNS
date_entered, :ACTION_REST;

-- fragment: ACTION_LINKS
assigned_person_name, goal_ids, strategy_ids, issue_ids;

-- Of a row that a program of release 3.0 has written nobody has said it.
-- fragment: ACTION_ENTERED
coalesce(a.date_entered, a.created_at);

-- What an action shows of its row a.
-- fragment: ACTION_ROW
:ACTION_REST(a.*), :ACTION_ENTERED AS date_entered;

-- What it shows besides.
-- fragment: ACTION_LINKED
LATERAL action_links(:tenant, a.id, a.assigned_person_id) AS l;

-- The bytes of an action's own fields in an answer, or a few more.
-- fragment: ACTION_TEXT_BYTES
1024 + octet_length(a.title) + coalesce(octet_length(a.description), 0) +
                               coalesce(octet_length(a.status_reason), 0) +
                               octet_length(array_to_string(a.tags, ''));

-- The actions of a common table `page` (what ACTION_ROW delivers, place, total, next_key).
-- fragment: ACTIONS_OF_PAGE
SELECT :ACTION_COLUMNS, :ACTION_LINKS, bytes, total, next_key
  FROM (SELECT a.*, l.*, bytes.bytes, :ROOM
          FROM page AS a, :ACTION_LINKED,
               LATERAL (SELECT :ACTION_TEXT_BYTES +
                               38 * (cardinality(l.goal_ids) + cardinality(l.strategy_ids) +
                                     cardinality(l.issue_ids)) AS bytes) AS bytes) AS a
 WHERE before <= :max_bytes::bigint
 ORDER BY place;

-- fragment: ACTION_ID
SELECT id FROM actions WHERE tenant_id = :tenant AND id = :id AND deleted_at IS NULL;

-- name: ACTION_BY_ID
-- fills: action
SELECT :ACTION_ROW, l.*
  FROM actions a, :ACTION_LINKED
 WHERE a.tenant_id = :tenant AND a.id = :id AND a.deleted_at IS NULL;

-- Before changing an action: locks it against other changes, but not against new links to it.
-- name: ACTION_FOR_NO_KEY_UPDATE
-- fills: row_id
:ACTION_ID FOR NO KEY UPDATE;

-- Before deleting it: locks it against everything.
-- name: ACTION_FOR_UPDATE
-- fills: row_id
:ACTION_ID FOR UPDATE;

-- Locks an action against deletion while its reading is recorded.
-- name: ACTION_FOR_KEY_SHARE
-- fills: row_id
:ACTION_ID FOR KEY SHARE;

-- Before linking issues to them, which changes them, too.
-- name: ACTIONS_FOR_NO_KEY_UPDATE
-- fills: link_count_row
SELECT a.id, (SELECT count(*) FROM action_issues l
               WHERE l.tenant_id = :tenant AND l.action_id = a.id) AS links
  FROM actions a
 WHERE a.tenant_id = :tenant AND a.id = ANY (:ids::uuid[]) AND a.deleted_at IS NULL
 ORDER BY a.id
   FOR NO KEY UPDATE OF a;

-- name: ACTIONS_BY_IDS
-- fills: action
SELECT :ACTION_ROW, l.*
  FROM actions a, :ACTION_LINKED
 WHERE a.tenant_id = :tenant AND a.id = ANY (:ids::uuid[]) AND a.deleted_at IS NULL
 ORDER BY a.id;

-- Linking or unlinking from the other end is a change. Of each: the bytes that it has in an event.
-- name: ACTIONS_TOUCH
-- fills: relinked_row
-- partial
WITH touched AS (
    UPDATE actions a SET :CHANGED
     WHERE a.tenant_id = :tenant AND a.id = ANY (:ids::uuid[])
    RETURNING a.id, :ACTION_TEXT_BYTES AS bytes),
linked AS (
    SELECT action_id AS id FROM action_goals
     WHERE tenant_id = :tenant AND action_id = ANY (:ids)
    UNION ALL
    SELECT action_id FROM action_strategies WHERE tenant_id = :tenant AND action_id = ANY (:ids)
    UNION ALL
    SELECT action_id FROM action_issues WHERE tenant_id = :tenant AND action_id = ANY (:ids))
SELECT id, bytes + 38 * coalesce(l.links, 0) AS bytes
  FROM touched LEFT JOIN (SELECT id, count(*) AS links FROM linked GROUP BY id) AS l USING (id)
 ORDER BY id;

-- A row by its key, of an id that is found row by row: how many there will be is not known when the
-- statement is planned.
-- fragment: ACTION_OF_PAGE
LATERAL (SELECT * FROM actions WHERE tenant_id = :tenant AND id = found.id OFFSET 0) AS a;

-- One of the first of the default pages, in the order of actions_newest. Names and links are read for the
-- page's rows only.
-- name: ACTIONS_NEWEST
-- fills: action
WITH page AS (
    SELECT :ACTION_ROW, found.place, NULL::bigint AS total, found.next_key
      FROM newest_actions(:tenant, :size, :SKIP) AS found, :ACTION_OF_PAGE)
:ACTIONS_OF_PAGE;

-- name: ACTIONS_COUNT
-- fills: row_count
SELECT coalesce(sum(count), 0)::bigint AS count
  FROM list_counts WHERE tenant_id = :tenant AND list = 'actions' AND part = '';

-- Any page, filters and order; every row has the total.
-- name: ACTIONS_PAGE
-- long
-- fills: action
-- sorts: action
WITH page AS (
    SELECT :ACTION_ROW, found.place, found.total, found.next_key
      FROM actions_page(:tenant, :search, :start_date, :end_date, :assigned_person_id, :status, :priority,
                        :tags, :goal_ids, :strategy_ids, :issue_ids,
                        CASE :sort_field::text WHEN 'title' THEN 'r.title COLLATE "und-x-icu"'
                             WHEN 'status' THEN 'r.status' WHEN 'priority' THEN 'level_rank(r.priority)'
                             WHEN 'startDate' THEN 'r.start_date' WHEN 'dueDate' THEN 'r.due_date'
                             WHEN 'dateEntered' THEN 'coalesce(r.date_entered, r.created_at)'
                             WHEN 'createdAt' THEN 'r.created_at'
                             WHEN 'updatedAt' THEN 'r.updated_at' END,
                        :sort_field IN ('startDate', 'dueDate'), :descending, :size, :SKIP,
                        :after_key, :after_id) AS found,
           :ACTION_OF_PAGE)
:ACTIONS_OF_PAGE;

-- name: ACTION_INSERT
-- writes: action
INSERT INTO actions (tenant_id, :ACTION_COLUMNS(*)) VALUES (:tenant, :ACTION_COLUMNS(:*));

-- name: ACTION_UPDATE
-- writes: action except created_at, created_by
UPDATE actions SET :ACTION_CHANGES(* = :*) WHERE tenant_id = :tenant AND id = :id;

-- name: ACTION_DELETE
-- partial
UPDATE actions
   SET deleted_at = :now, :CHANGED
 WHERE tenant_id = :tenant AND id = :id;

-- --- Issues ---
--
-- As of actions.

-- fragment: ISSUE_REST_CHANGES
title, description, type_config_id, status_config_id, status_reason, impact, priority, reporter_id,
assigned_person_id, due_date, estimated_hours, actual_hours, tags, display_order,
root_cause_analysis, resolution_notes, resolved_at, environment, steps_to_reproduce,
expected_behavior, actual_behavior, version, updated_at, updated_by;

-- fragment: ISSUE_CHANGES
date_reported, :ISSUE_REST_CHANGES;

-- fragment: ISSUE_REST
id, created_at, created_by, :ISSUE_REST_CHANGES;

-- fragment: ISSUE_COLUMNS
date_reported, :ISSUE_REST;

-- fragment: ISSUE_LINKS
type_name, type_color, type_icon, status_name, status_category, status_color, status_icon,
reporter_name, assigned_person_name, goal_ids, strategy_ids, action_ids;

-- fragment: ISSUE_REPORTED
coalesce(i.date_reported, i.created_at);

-- fragment: ISSUE_ROW
:ISSUE_REST(i.*), :ISSUE_REPORTED AS date_reported;

-- Names and the like of a SYSTEM type or status are NULL here; the program fills them in.
-- fragment: ISSUE_LINKED
LATERAL issue_links(:tenant, i.id, i.type_config_id, i.status_config_id, i.reporter_id,
                           i.assigned_person_id) AS l;

-- The bytes of an issue's own fields in an answer, or a few more.
-- fragment: ISSUE_TEXT_BYTES
2048 + octet_length(i.title) + coalesce(octet_length(i.description), 0) +
                               coalesce(octet_length(i.root_cause_analysis), 0) +
                               coalesce(octet_length(i.resolution_notes), 0) +
                               coalesce(octet_length(i.status_reason), 0) +
                               coalesce(octet_length(i.environment), 0) +
                               coalesce(octet_length(i.steps_to_reproduce), 0) +
                               coalesce(octet_length(i.expected_behavior), 0) +
                               coalesce(octet_length(i.actual_behavior), 0) +
                               octet_length(array_to_string(i.tags, ''));

-- The issues of a common table `page` (id, place, total, next_key), each by its key: how many there will be is not
-- known when the statement is planned.
-- fragment: ISSUES_OF_PAGE
SELECT :ISSUE_COLUMNS, :ISSUE_LINKS, bytes, total, next_key
  FROM (SELECT :ISSUE_ROW, l.*, page.place, page.total, page.next_key, bytes.bytes, :ROOM
          FROM page,
               LATERAL (SELECT * FROM issues WHERE tenant_id = :tenant AND id = page.id OFFSET 0) AS i,
               :ISSUE_LINKED,
               LATERAL (SELECT :ISSUE_TEXT_BYTES +
                               38 * (cardinality(l.goal_ids) + cardinality(l.strategy_ids) +
                                     cardinality(l.action_ids)) AS bytes) AS bytes) AS i
 WHERE before <= :max_bytes::bigint
 ORDER BY place;

-- fragment: ISSUE_ID
SELECT id FROM issues WHERE tenant_id = :tenant AND id = :id AND deleted_at IS NULL;

-- name: ISSUE_BY_ID
-- fills: issue
SELECT :ISSUE_ROW, l.*
  FROM issues i, :ISSUE_LINKED
 WHERE i.tenant_id = :tenant AND i.id = :id AND i.deleted_at IS NULL;

-- name: ISSUE_FOR_NO_KEY_UPDATE
-- fills: row_id
:ISSUE_ID FOR NO KEY UPDATE;

-- name: ISSUE_FOR_UPDATE
-- fills: row_id
:ISSUE_ID FOR UPDATE;

-- name: ISSUES_FOR_NO_KEY_UPDATE
-- fills: link_count_row
SELECT i.id, (SELECT count(*) FROM action_issues l
               WHERE l.tenant_id = :tenant AND l.issue_id = i.id) AS links
  FROM issues i
 WHERE i.tenant_id = :tenant AND i.id = ANY (:ids::uuid[]) AND i.deleted_at IS NULL
 ORDER BY i.id
   FOR NO KEY UPDATE OF i;

-- name: ISSUES_BY_IDS
-- fills: issue
SELECT :ISSUE_ROW, l.*
  FROM issues i, :ISSUE_LINKED
 WHERE i.tenant_id = :tenant AND i.id = ANY (:ids::uuid[]) AND i.deleted_at IS NULL
 ORDER BY i.id;

-- name: ISSUES_TOUCH
-- fills: relinked_row
-- partial
WITH touched AS (
    UPDATE issues i SET :CHANGED
     WHERE i.tenant_id = :tenant AND i.id = ANY (:ids::uuid[])
    RETURNING i.id, :ISSUE_TEXT_BYTES AS bytes),
linked AS (
    SELECT issue_id AS id FROM issue_goals
     WHERE tenant_id = :tenant AND issue_id = ANY (:ids)
    UNION ALL
    SELECT issue_id FROM issue_strategies WHERE tenant_id = :tenant AND issue_id = ANY (:ids)
    UNION ALL
    SELECT issue_id FROM action_issues WHERE tenant_id = :tenant AND issue_id = ANY (:ids))
SELECT id, bytes + 38 * coalesce(l.links, 0) AS bytes
  FROM touched LEFT JOIN (SELECT id, count(*) AS links FROM linked GROUP BY id) AS l USING (id)
 ORDER BY id;

-- name: ISSUES_NEWEST
-- fills: issue
WITH page AS (
    SELECT id, place, NULL::bigint AS total, next_key FROM newest_issues(:tenant, :size, :SKIP))
:ISSUES_OF_PAGE;

-- name: ISSUES_COUNT
-- fills: row_count
SELECT coalesce(sum(count), 0)::bigint AS count
  FROM list_counts WHERE tenant_id = :tenant AND list = 'issues' AND part = '';

-- Any page, filters and order; every row has the total.
-- name: ISSUES_PAGE
-- long
-- fills: issue
-- sorts: issue
WITH states AS (
    SELECT CASE WHEN :by_status::boolean
                THEN ARRAY(SELECT id FROM issue_statuses
                            WHERE tenant_id = :tenant AND category = ANY (:status_categories::text[])
                           UNION SELECT unnest(:status_ids::uuid[])) END AS by_status,
           CASE WHEN cardinality(:status_category::text[]) > 0
                THEN ARRAY(SELECT id FROM issue_statuses
                            WHERE tenant_id = :tenant AND category = ANY (:status_category)
                           UNION SELECT unnest(:category_ids::uuid[])) END AS by_category),
page AS (
    SELECT found.*
      FROM states,
           issues_page(:tenant, :search,
                       CASE WHEN by_status IS NULL THEN by_category WHEN by_category IS NULL THEN by_status
                            ELSE ARRAY(SELECT unnest(by_status) INTERSECT SELECT unnest(by_category)) END,
                       :type_ids, :priority, :impact, :reporter_id, :assigned_person_id,
                       :created_after, :created_before, :due_after, :due_before, :reported_after,
                       :reported_before, :tags, :goal_ids, :strategy_ids, :action_ids,
                       CASE :sort_field::text WHEN 'title' THEN 'r.title COLLATE "und-x-icu"'
                            WHEN 'priority' THEN 'level_rank(r.priority)'
                            WHEN 'impact' THEN 'level_rank(r.impact)'
                            WHEN 'displayOrder' THEN 'r.display_order'
                            WHEN 'status' THEN 'r.status_config_id' WHEN 'type' THEN 'r.type_config_id'
                            WHEN 'dueDate' THEN 'r.due_date' WHEN 'createdAt' THEN 'r.created_at'
                            WHEN 'updatedAt' THEN 'r.updated_at' END,
                       :sort_field IN ('priority', 'impact', 'displayOrder', 'dueDate'),
                       CASE WHEN :sort_field IN ('status', 'type') THEN :order_ids::uuid[] END,
                       :descending, :size, :SKIP, :after_key, :after_id) AS found)
:ISSUES_OF_PAGE;

-- What an issue refers to, as far as this service knows it: one row, with NULL for what is unknown.
-- name: ISSUE_REFERENCES
-- fills: issue_references
SELECT (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = :reporter_id::text) AS reporter_name,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = :assigned_person_id::text)
           AS assigned_person_name,
       wanted.type_id, t.name AS type_name, t.color AS type_color, t.icon AS type_icon,
       coalesce(t.is_active, false) AS type_active,
       s.name AS status_name, s.category AS status_category, s.color AS status_color,
       s.icon AS status_icon, coalesce(s.is_active, false) AS status_active,
       ARRAY(SELECT a.id FROM actions a
              WHERE a.tenant_id = :tenant AND a.id = ANY (:action_ids::uuid[])
                AND a.deleted_at IS NULL) AS action_ids
  FROM (SELECT coalesce(:type_config_id::uuid, (SELECT d.type_id FROM default_types d
                                                 WHERE d.tenant_id = :tenant)) AS type_id) AS wanted
  LEFT JOIN issue_types t ON t.tenant_id = :tenant AND t.id = wanted.type_id
  LEFT JOIN issue_statuses s ON s.tenant_id = :tenant AND s.id = :status_config_id;

-- The same of an action.
-- name: ACTION_REFERENCES
-- fills: action_references
SELECT (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = :assigned_person_id::text)
           AS assigned_person_name,
       ARRAY(SELECT i.id FROM issues i
              WHERE i.tenant_id = :tenant AND i.id = ANY (:issue_ids::uuid[])
                AND i.deleted_at IS NULL) AS issue_ids;

-- fragment: ACTION_IS_OPEN
a.status NOT IN ('completed', 'cancelled');

-- Of the actions that the issue :id is linked to.
-- fragment: OF_ISSUE
FROM action_issues k
  JOIN actions a ON a.tenant_id = :tenant AND a.id = k.action_id AND a.deleted_at IS NULL
 WHERE k.tenant_id = :tenant AND k.issue_id = :id;

-- name: ISSUE_ACTION_COUNTS
-- fills: action_counts
SELECT count(*) AS total, count(*) FILTER (WHERE a.status = 'completed') AS completed,
       count(*) FILTER (WHERE :ACTION_IS_OPEN) AS open,
       count(*) FILTER (WHERE :ACTION_IS_OPEN AND
           a.due_date < date_trunc('day', :now::timestamptz, 'UTC')) AS overdue
  :OF_ISSUE;

-- name: ISSUE_OPEN_ACTIONS
-- fills: open_action
SELECT a.id, a.title, a.status
  :OF_ISSUE AND :ACTION_IS_OPEN
 ORDER BY a.created_at DESC, a.id DESC;

-- name: ACTIONS_OF_ISSUE
-- fills: action
WITH page AS (
    SELECT :ACTION_ROW, row_number() OVER (ORDER BY a.created_at DESC, a.id DESC) AS place,
           NULL::bigint AS total, NULL::text AS next_key
      :OF_ISSUE)
:ACTIONS_OF_PAGE;

-- Those of :ids that are not closed and that no action keeps open.
-- name: ISSUES_CLOSABLE
-- fills: closable_issue
SELECT i.id, i.title
  FROM issues i
 WHERE i.tenant_id = :tenant AND i.id = ANY (:ids::uuid[]) AND i.deleted_at IS NULL
   AND i.status_config_id <> ALL (:closed_ids::uuid[])
   AND NOT EXISTS (SELECT FROM issue_statuses s
                    WHERE s.tenant_id = :tenant AND s.id = i.status_config_id
                      AND s.category = 'closed')
   AND NOT EXISTS (SELECT FROM action_issues k
                     JOIN actions a ON a.tenant_id = :tenant AND a.id = k.action_id
                                   AND a.deleted_at IS NULL
                    WHERE k.tenant_id = :tenant AND k.issue_id = i.id AND :ACTION_IS_OPEN)
 ORDER BY i.id;

-- In the order in which the action shows them.
-- name: ISSUES_OF_ACTION
-- fills: issue
WITH page AS (
    SELECT k.issue_id AS id, NULL::bigint AS total, NULL::text AS next_key,
           row_number() OVER (ORDER BY k.place_in_action NULLS LAST, k.issue_id) AS place
      FROM action_issues k
      JOIN issues i ON i.tenant_id = :tenant AND i.id = k.issue_id AND i.deleted_at IS NULL
     WHERE k.tenant_id = :tenant AND k.action_id = :id)
:ISSUES_OF_PAGE;

-- name: ISSUE_EXISTS
-- fills: row_id
:ISSUE_ID;

-- name: ISSUE_INSERT
-- writes: issue
INSERT INTO issues (tenant_id, :ISSUE_COLUMNS(*)) VALUES (:tenant, :ISSUE_COLUMNS(:*));

-- name: ISSUE_UPDATE
-- writes: issue except created_at, created_by
UPDATE issues SET :ISSUE_CHANGES(* = :*) WHERE tenant_id = :tenant AND id = :id;

-- name: ISSUE_DELETE
-- partial
UPDATE issues
   SET deleted_at = :now, :CHANGED
 WHERE tenant_id = :tenant AND id = :id;

-- --- Links. Each list is cleared and written as a whole ---

-- Linking to goals and strategies takes this lock shared; changing several actions or issues, as
-- links between them and deleted goals do, takes it exclusively. It is taken before row locks.
-- name: LINKS_ADVISORY_LOCK_SHARED
SELECT pg_advisory_xact_lock_shared(hashtextextended(:tenant::text || chr(10) || 'links', 0));

-- name: LINKS_ADVISORY_LOCK
SELECT pg_advisory_xact_lock(hashtextextended(:tenant::text || chr(10) || 'links', 0));

-- name: TARGETS_DELETED
-- fills: row_id
SELECT id FROM deleted_targets WHERE tenant_id = :tenant AND id = ANY (:ids::uuid[]);

-- name: TARGETS_DELETED_ADD
-- partial
INSERT INTO deleted_targets (tenant_id, id, deleted_at)
SELECT DISTINCT :tenant, gone, :now::timestamptz FROM unnest(:ids::uuid[]) AS gone
ON CONFLICT ON CONSTRAINT deleted_targets_pkey DO NOTHING;

-- name: ACTIONS_DELETE_TARGETS
-- partial
WITH goals AS (
    DELETE FROM action_goals WHERE tenant_id = :tenant AND goal_id = ANY (:ids::uuid[])
    RETURNING action_id),
strategies AS (
    DELETE FROM action_strategies WHERE tenant_id = :tenant AND strategy_id = ANY (:ids)
    RETURNING action_id)
UPDATE actions
   SET version = version + 1, updated_at = greatest(updated_at, :now), updated_by = :user_id
 WHERE tenant_id = :tenant
   AND id IN (SELECT action_id FROM goals UNION SELECT action_id FROM strategies);

-- name: ISSUES_DELETE_TARGETS
-- partial
WITH goals AS (
    DELETE FROM issue_goals WHERE tenant_id = :tenant AND goal_id = ANY (:ids::uuid[])
    RETURNING issue_id),
strategies AS (
    DELETE FROM issue_strategies WHERE tenant_id = :tenant AND strategy_id = ANY (:ids)
    RETURNING issue_id)
UPDATE issues
   SET version = version + 1, updated_at = greatest(updated_at, :now), updated_by = :user_id
 WHERE tenant_id = :tenant
   AND id IN (SELECT issue_id FROM goals UNION SELECT issue_id FROM strategies);

-- name: ACTION_GOALS_CLEAR
DELETE FROM action_goals WHERE tenant_id = :tenant AND action_id = :id;

-- name: ACTION_GOALS_ADD
-- partial
INSERT INTO action_goals (tenant_id, action_id, place, goal_id)
SELECT :tenant, :id, o.place, o.id FROM unnest(:goal_ids::uuid[]) WITH ORDINALITY AS o (id, place);

-- name: ACTION_STRATEGIES_CLEAR
DELETE FROM action_strategies WHERE tenant_id = :tenant AND action_id = :id;

-- name: ACTION_STRATEGIES_ADD
-- partial
INSERT INTO action_strategies (tenant_id, action_id, place, strategy_id)
SELECT :tenant, :id, o.place, o.id
  FROM unnest(:strategy_ids::uuid[]) WITH ORDINALITY AS o (id, place);

-- name: ISSUE_GOALS_CLEAR
DELETE FROM issue_goals WHERE tenant_id = :tenant AND issue_id = :id;

-- name: ISSUE_GOALS_ADD
-- partial
INSERT INTO issue_goals (tenant_id, issue_id, place, goal_id)
SELECT :tenant, :id, o.place, o.id FROM unnest(:goal_ids::uuid[]) WITH ORDINALITY AS o (id, place);

-- name: ISSUE_STRATEGIES_CLEAR
DELETE FROM issue_strategies WHERE tenant_id = :tenant AND issue_id = :id;

-- name: ISSUE_STRATEGIES_ADD
-- partial
INSERT INTO issue_strategies (tenant_id, issue_id, place, strategy_id)
SELECT :tenant, :id, o.place, o.id
  FROM unnest(:strategy_ids::uuid[]) WITH ORDINALITY AS o (id, place);

-- name: ACTION_ISSUES_CLEAR
DELETE FROM action_issues
 WHERE tenant_id = :tenant AND action_id = :id AND issue_id <> ALL (:issue_ids::uuid[]);

-- name: ACTION_ISSUES_ADD
-- partial
INSERT INTO action_issues (tenant_id, action_id, issue_id, place_in_action)
SELECT :tenant, :id, o.id, o.place FROM unnest(:issue_ids::uuid[]) WITH ORDINALITY AS o (id, place)
ON CONFLICT ON CONSTRAINT action_issues_pkey DO UPDATE
   SET place_in_action = excluded.place_in_action;

-- name: ISSUE_ACTIONS_CLEAR
DELETE FROM action_issues
 WHERE tenant_id = :tenant AND issue_id = :id AND action_id <> ALL (:action_ids::uuid[]);

-- name: ISSUE_ACTIONS_ADD
-- partial
INSERT INTO action_issues (tenant_id, issue_id, action_id, place_in_issue)
SELECT :tenant, :id, o.id, o.place FROM unnest(:action_ids::uuid[]) WITH ORDINALITY AS o (id, place)
ON CONFLICT ON CONSTRAINT action_issues_pkey DO UPDATE
   SET place_in_issue = excluded.place_in_issue;

-- The goals or strategies of many actions: up to 500, with a thousand and more links each.
-- name: GOALS_OF_ACTIONS
-- long
-- fills: link_row
SELECT l.action_id, l.goal_id AS target_id
  FROM action_goals l
  JOIN actions a ON a.tenant_id = :tenant AND a.id = l.action_id AND a.deleted_at IS NULL
 WHERE l.tenant_id = :tenant AND l.action_id = ANY (:action_ids::uuid[])
 ORDER BY l.action_id, l.place;

-- name: STRATEGIES_OF_ACTIONS
-- long
-- fills: link_row
SELECT l.action_id, l.strategy_id AS target_id
  FROM action_strategies l
  JOIN actions a ON a.tenant_id = :tenant AND a.id = l.action_id AND a.deleted_at IS NULL
 WHERE l.tenant_id = :tenant AND l.action_id = ANY (:action_ids::uuid[])
 ORDER BY l.action_id, l.place;

-- What actions that an issue was converted into have of it.
-- name: ACTIONS_GOALS_ADD
-- partial
INSERT INTO action_goals (tenant_id, action_id, place, goal_id)
SELECT :tenant, a.id, o.place, o.id
  FROM unnest(:ids::uuid[]) AS a (id), unnest(:goal_ids::uuid[]) WITH ORDINALITY AS o (id, place);

-- name: ACTIONS_STRATEGIES_ADD
-- partial
INSERT INTO action_strategies (tenant_id, action_id, place, strategy_id)
SELECT :tenant, a.id, o.place, o.id
  FROM unnest(:ids::uuid[]) AS a (id),
       unnest(:strategy_ids::uuid[]) WITH ORDINALITY AS o (id, place);

-- name: PEOPLE_NAMES
-- fills: named_person
SELECT p.user_id, p.name FROM people p
 WHERE p.tenant_id = :tenant AND p.user_id = ANY (:people::text[]);

-- --- Many issues ---

-- Locks them against other changes.
-- name: ISSUES_FOR_REORDER
-- fills: order_row
SELECT i.id, i.display_order, :ISSUE_TEXT_BYTES AS bytes
  FROM issues i
 WHERE i.tenant_id = :tenant AND i.id = ANY (:ids::uuid[]) AND i.deleted_at IS NULL
 ORDER BY i.id
   FOR NO KEY UPDATE OF i;

-- Those whose place has changed.
-- name: ISSUES_REORDER
-- partial
UPDATE issues i SET display_order = o.place - 1, :CHANGED
  FROM unnest(:ids::uuid[]) WITH ORDINALITY AS o (id, place)
 WHERE i.tenant_id = :tenant AND i.id = o.id AND i.display_order IS DISTINCT FROM o.place - 1;

-- name: ISSUES_IN_ORDER
-- fills: issue
SELECT :ISSUE_ROW, l.*
  FROM issues i, :ISSUE_LINKED
 WHERE i.tenant_id = :tenant AND i.id = ANY (:ids::uuid[]) AND i.deleted_at IS NULL
 ORDER BY i.display_order, i.id;

-- Days, weeks and months are UTC. An issue that a program of release 3.0 has closed counts as resolved
-- at its last change.
-- name: ISSUE_TOTALS
-- long
-- fills: issue_totals
WITH counted AS (
    SELECT i.created_at, i.due_date, i.impact, i.status_config_id = :resolved_id::uuid AS resolved,
           coalesce(s.category, y.category) AS category,
           CASE WHEN coalesce(s.category, y.category) = 'closed'
                THEN coalesce(i.resolved_at, i.updated_at) END AS resolved_at
      FROM issues i
      LEFT JOIN issue_statuses s ON s.tenant_id = :tenant AND s.id = i.status_config_id
      LEFT JOIN unnest(:status_ids::uuid[], :categories::text[]) AS y (id, category)
        ON y.id = i.status_config_id
     WHERE i.tenant_id = :tenant AND i.deleted_at IS NULL),
begins AS (
    SELECT date_trunc('day', :now::timestamptz, 'UTC') AS day,
           date_trunc('week', :now, 'UTC') AS week, date_trunc('month', :now, 'UTC') AS month)
SELECT count(*) AS total, count(*) FILTER (WHERE category = 'open') AS open,
       count(*) FILTER (WHERE category = 'active') AS active,
       count(*) FILTER (WHERE category = 'inactive') AS inactive,
       count(*) FILTER (WHERE resolved) AS resolved,
       count(*) FILTER (WHERE category = 'closed' AND NOT resolved) AS closed,
       count(*) FILTER (WHERE category <> 'closed' AND due_date < day) AS overdue,
       count(*) FILTER (WHERE category <> 'closed' AND impact = 'critical') AS critical_open,
       count(*) FILTER (WHERE impact = 'low') AS low,
       count(*) FILTER (WHERE impact = 'medium') AS medium,
       count(*) FILTER (WHERE impact = 'high') AS high,
       count(*) FILTER (WHERE impact = 'critical') AS critical,
       count(*) FILTER (WHERE created_at >= week) AS created_this_week,
       count(*) FILTER (WHERE resolved_at >= week) AS resolved_this_week,
       count(*) FILTER (WHERE created_at >= month) AS created_this_month,
       count(*) FILTER (WHERE resolved_at >= month) AS resolved_this_month,
       coalesce(round(count(*) FILTER (WHERE category = 'closed')::numeric / nullif(count(*), 0),
                      4), 0)::double precision AS rate,
       coalesce(round(avg(extract(epoch FROM resolved_at - created_at)) / 3600, 4),
                0)::double precision AS average_hours
  FROM counted, begins;

-- name: ISSUES_BY_TYPE
-- long
-- fills: type_total
SELECT i.type_config_id, count(*) AS count
  FROM issues i
 WHERE i.tenant_id = :tenant AND i.deleted_at IS NULL
 GROUP BY i.type_config_id;

-- --- What actions have brought to KPIs ---

-- fragment: KPI_UPDATE_COLUMNS
id, action_id, kpi_id, horizon_id, new_value, update_date, notes, recorded_by, recorded_at, reading;

-- fragment: KPI_UPDATES_OF
FROM kpi_updates
 WHERE tenant_id = :tenant AND (:kpi_id::uuid IS NULL OR kpi_id = :kpi_id)
   AND (:action_id::uuid IS NULL OR action_id = :action_id)
   AND (:horizon_id::text IS NULL OR horizon_id = :horizon_id);

-- name: KPI_UPDATE_INSERT
-- writes: kpi_update_kept
INSERT INTO kpi_updates (tenant_id, :KPI_UPDATE_COLUMNS(*))
VALUES (:tenant, :KPI_UPDATE_COLUMNS(:*));

-- name: KPI_UPDATES
-- fills: kpi_update_kept
SELECT :KPI_UPDATE_COLUMNS
  :KPI_UPDATES_OF
 ORDER BY recorded_at DESC, id DESC
 :PAGE;

-- name: KPI_UPDATES_COUNT
-- fills: row_count
SELECT count(*) AS count
  :KPI_UPDATES_OF;

-- The names of the tenant's own types and statuses, to find one by its name.
-- name: CONFIG_NAMES
-- fills: own_names
SELECT ARRAY(SELECT t.id FROM issue_types t WHERE t.tenant_id = :tenant ORDER BY t.id) AS type_ids,
       ARRAY(SELECT t.name FROM issue_types t WHERE t.tenant_id = :tenant ORDER BY t.id)
           AS type_names,
       ARRAY(SELECT s.id FROM issue_statuses s WHERE s.tenant_id = :tenant ORDER BY s.id)
           AS status_ids,
       ARRAY(SELECT s.name FROM issue_statuses s WHERE s.tenant_id = :tenant ORDER BY s.id)
           AS status_names;

-- --- Issue types ---

-- fragment: ISSUE_TYPE_CHANGES
name, description, color, icon, order_index, is_active, version, updated_at, updated_by;

-- fragment: ISSUE_TYPE_COLUMNS
id, created_at, created_by, :ISSUE_TYPE_CHANGES;

-- Serialises changes of a tenant's types and statuses, until their commit.
-- name: CONFIG_ADVISORY_LOCK
SELECT pg_advisory_xact_lock(hashtextextended(:tenant::text || chr(10) || 'issue config', 0));

-- name: ISSUE_TYPES
-- fills: issue_type
SELECT :ISSUE_TYPE_COLUMNS
  FROM issue_types
 WHERE tenant_id = :tenant
 ORDER BY order_index, id;

-- name: ISSUE_TYPE_BY_ID
-- fills: issue_type
SELECT :ISSUE_TYPE_COLUMNS
  FROM issue_types
 WHERE tenant_id = :tenant AND id = :id;

-- Locks the row against transactions that assign the type to an issue (ISSUE_TYPE_FOR_SHARE).
-- name: ISSUE_TYPE_FOR_UPDATE
-- fills: issue_type
SELECT :ISSUE_TYPE_COLUMNS
  FROM issue_types
 WHERE tenant_id = :tenant AND id = :id
   FOR UPDATE;

-- name: ISSUE_TYPE_FOR_SHARE
-- fills: row_id
SELECT id FROM issue_types
 WHERE tenant_id = :tenant AND id = :type_config_id AND is_active
   FOR SHARE;

-- name: ISSUE_TYPE_USED
-- fills: row_count
SELECT count(*) AS count
  FROM (SELECT FROM issues
         WHERE tenant_id = :tenant AND type_config_id = :id AND deleted_at IS NULL
         LIMIT 1) AS one;

-- name: ISSUE_TYPE_INSERT
-- writes: issue_type
INSERT INTO issue_types (tenant_id, :ISSUE_TYPE_COLUMNS(*))
VALUES (:tenant, :ISSUE_TYPE_COLUMNS(:*));

-- name: ISSUE_TYPE_UPDATE
-- writes: issue_type except created_at, created_by
UPDATE issue_types SET :ISSUE_TYPE_CHANGES(* = :*) WHERE tenant_id = :tenant AND id = :id;

-- name: DEFAULT_TYPE
-- fills: row_id
SELECT type_id AS id FROM default_types WHERE tenant_id = :tenant;

-- name: DEFAULT_TYPE_SET
-- partial
INSERT INTO default_types (tenant_id, type_id) VALUES (:tenant, :id)
ON CONFLICT ON CONSTRAINT default_types_pkey DO UPDATE SET type_id = excluded.type_id;

-- name: DEFAULT_TYPE_UNSET
DELETE FROM default_types WHERE tenant_id = :tenant AND type_id = :id;

-- name: SYSTEM_TYPE_VERSION
-- fills: type_version except id
SELECT version FROM system_type_versions WHERE tenant_id = :tenant AND id = :id;

-- name: SYSTEM_TYPE_VERSION_SET
-- writes: type_version
INSERT INTO system_type_versions (tenant_id, id, version) VALUES (:tenant, :id, :version)
ON CONFLICT ON CONSTRAINT system_type_versions_pkey DO UPDATE SET version = excluded.version;

-- --- Issue statuses ---

-- fragment: ISSUE_STATUS_CHANGES
name, description, color, icon, order_index, is_active, version, updated_at, updated_by;

-- fragment: ISSUE_STATUS_COLUMNS
id, category, created_at, created_by, :ISSUE_STATUS_CHANGES;

-- name: ISSUE_STATUSES
-- fills: issue_status
SELECT :ISSUE_STATUS_COLUMNS
  FROM issue_statuses
 WHERE tenant_id = :tenant
 ORDER BY order_index, id;

-- name: ISSUE_STATUS_BY_ID
-- fills: issue_status
SELECT :ISSUE_STATUS_COLUMNS
  FROM issue_statuses
 WHERE tenant_id = :tenant AND id = :id;

-- name: ISSUE_STATUS_FOR_UPDATE
-- fills: issue_status
SELECT :ISSUE_STATUS_COLUMNS
  FROM issue_statuses
 WHERE tenant_id = :tenant AND id = :id
   FOR UPDATE;

-- name: ISSUE_STATUS_FOR_SHARE
-- fills: row_id
SELECT id FROM issue_statuses
 WHERE tenant_id = :tenant AND id = :status_config_id AND is_active
   FOR SHARE;

-- name: ISSUE_STATUS_USED
-- fills: row_count
SELECT count(*) AS count
  FROM (SELECT FROM issues
         WHERE tenant_id = :tenant AND status_config_id = :id AND deleted_at IS NULL
         LIMIT 1) AS one;

-- name: ISSUE_STATUS_INSERT
-- writes: issue_status
INSERT INTO issue_statuses (tenant_id, :ISSUE_STATUS_COLUMNS(*))
VALUES (:tenant, :ISSUE_STATUS_COLUMNS(:*));

-- name: ISSUE_STATUS_UPDATE
-- writes: issue_status except category, created_at, created_by
UPDATE issue_statuses SET :ISSUE_STATUS_CHANGES(* = :*) WHERE tenant_id = :tenant AND id = :id;

-- name: SYSTEM_STATUS_ORDERS
-- fills: system_order
SELECT id, order_index, version FROM system_status_orders WHERE tenant_id = :tenant;

-- The statuses whose position has changed.
-- name: SYSTEM_STATUS_ORDERS_SET
-- partial
INSERT INTO system_status_orders AS s (tenant_id, id, order_index, version)
SELECT :tenant, o.id, o.place, 2
  FROM unnest(:status_ids::uuid[]) WITH ORDINALITY AS o (id, place)
 WHERE o.id = ANY (:system_ids::uuid[])
ON CONFLICT ON CONSTRAINT system_status_orders_pkey DO UPDATE
   SET order_index = excluded.order_index, version = s.version + 1;

-- name: ISSUE_STATUSES_REORDER
-- partial
UPDATE issue_statuses s
   SET order_index = o.place, version = s.version + 1, updated_at = :now, updated_by = :user_id
  FROM unnest(:status_ids::uuid[]) WITH ORDINALITY AS o (id, place)
 WHERE s.tenant_id = :tenant AND s.id = o.id AND s.order_index <> o.place;

-- --- Snapshots: pages in the order of ids ---

-- name: TENANTS_AFTER
-- fills: snapshot_tenant
-- global
SELECT tenant_id FROM tenants_after(coalesce(:after::text, ''), :max);

-- fragment: AFTER_ID
coalesce(:id::uuid, '00000000-0000-0000-0000-000000000000');

-- name: ACTIONS_AFTER
-- fills: action
WITH page AS (
    SELECT :ACTION_ROW, row_number() OVER (ORDER BY a.id) AS place, NULL::bigint AS total, NULL::text AS next_key
      FROM actions a
     WHERE a.tenant_id = :tenant AND a.id > :AFTER_ID AND a.deleted_at IS NULL
     ORDER BY a.id
     LIMIT :max)
:ACTIONS_OF_PAGE;

-- name: ISSUES_AFTER
-- fills: issue
WITH page AS (
    SELECT id, row_number() OVER (ORDER BY id) AS place, NULL::bigint AS total, NULL::text AS next_key
      FROM issues
     WHERE tenant_id = :tenant AND id > :AFTER_ID AND deleted_at IS NULL
     ORDER BY id
     LIMIT :max)
:ISSUES_OF_PAGE;

-- name: DELETED_ACTIONS_AFTER
-- fills: deleted_entity
SELECT id, version, updated_at, updated_by
  FROM actions
 WHERE tenant_id = :tenant AND id > :AFTER_ID AND deleted_at IS NOT NULL
 ORDER BY id
 LIMIT :max;
