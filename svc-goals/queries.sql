-- Every statement of svc-goals. Parameters are members of the input struct, and :tenant, :user_id
-- and :now of the request. Optional filters arrive as NULL or as an empty array.

-- --- Goals ---
--
-- A new column of goals has its place in GOAL_CHANGES, or, when it is set once and never changed,
-- in GOAL_COLUMNS.

-- fragment: GOAL_CHANGES
title, intent, description, owner_id, horizon, status, value_tags, metadata, start_date, due_date, completed_at,
cancelled_at, version, updated_at, updated_by;

-- fragment: GOAL_COLUMNS
id, deleted_at, created_at, created_by, :GOAL_CHANGES;

-- What a goal shows of its row g. The name is a sub-select because a joined row would not be read
-- again after waiting for a lock.
-- fragment: GOAL_SHOWN
:GOAL_COLUMNS(g.*),
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = g.owner_id) AS owner_name;

-- What a change notes of its row.
-- fragment: CHANGED
version = version + 1, updated_at = :now, updated_by = :user_id;

-- A row by its key, of an id that is found row by row: how many there will be is not known when the
-- statement is planned.
-- fragment: GOAL_OF_PAGE
LATERAL (SELECT * FROM goals WHERE tenant_id = :tenant AND id = page.id OFFSET 0) AS g;

-- fragment: SKIP
coalesce(:offset::bigint, least(:page::bigint - 1, 1000000000) * :size);

-- fragment: PAGE
LIMIT :size OFFSET :SKIP;

-- name: GOAL_BY_ID
-- fills: goal
SELECT :GOAL_SHOWN
  FROM goals g
 WHERE g.tenant_id = :tenant AND g.id = :id AND g.deleted_at IS NULL;

-- The same row, locked until the transaction ends.
-- name: GOAL_FOR_UPDATE
-- fills: goal
SELECT :GOAL_SHOWN
  FROM goals g
 WHERE g.tenant_id = :tenant AND g.id = :id AND g.deleted_at IS NULL
   FOR UPDATE OF g;

-- fragment: GOAL_ID
SELECT id FROM goals WHERE tenant_id = :tenant AND id = :id AND deleted_at IS NULL;

-- name: GOAL_EXISTS
-- fills: row_id
:GOAL_ID;

-- name: GOAL_ID_FOR_UPDATE
-- fills: row_id
:GOAL_ID FOR UPDATE;

-- Locks the goal against deletion, but not against other transactions that add entries.
-- name: GOAL_FOR_SHARE
-- fills: row_id
:GOAL_ID FOR SHARE;

-- One of the first of the default pages, in the order of goals_newest.
-- name: GOALS_NEWEST
-- fills: goal_place
SELECT id, NULL::bigint AS total, next_key FROM newest_goals(:tenant, :size, :SKIP) ORDER BY place;

-- Any page, filters and order; every row has the total.
-- name: GOALS_PAGE
-- long
-- fills: goal_place
-- sorts: goal
SELECT page.id, page.total, page.next_key
  FROM goals_page(:tenant, :search, :owner_id, :status, :horizon, :value_tag,
                  CASE :sort_field::text WHEN 'title' THEN 'title' WHEN 'status' THEN 'status'
                       WHEN 'horizon' THEN 'horizon' WHEN 'createdAt' THEN 'created_at'
                       WHEN 'updatedAt' THEN 'updated_at' WHEN 'startDate' THEN 'start_date'
                       WHEN 'dueDate' THEN 'due_date' END,
                  :descending, :size, :SKIP, :after_key, :after_id) AS page
 ORDER BY page.place;

-- Those of a page that are there still.
-- name: GOALS_OF_PAGE
-- fills: goal
SELECT :GOAL_SHOWN
  FROM unnest(:goal_ids::uuid[]) AS page (id), :GOAL_OF_PAGE
 WHERE g.deleted_at IS NULL;

-- name: GOALS_COUNT
-- fills: row_count
SELECT goals_total(:tenant, NULL, NULL, NULL) AS count;

-- No more rows than an answer may have bytes, and the first that it has no room for.
-- name: GOALS_BY_IDS
-- fills: goal
SELECT :GOAL_SHOWN, g.bytes
  FROM (SELECT :GOAL_COLUMNS, bytes,
               sum(bytes) OVER (ORDER BY created_at DESC, id DESC ROWS UNBOUNDED PRECEDING) - bytes
                   AS before
          FROM goals, LATERAL (SELECT octet_length(goals.*::text)::bigint AS bytes) AS row
         WHERE tenant_id = :tenant AND id = ANY (:goal_ids::uuid[]) AND deleted_at IS NULL) AS g
 WHERE g.before <= :max_bytes::bigint
 ORDER BY g.created_at DESC, g.id DESC;

-- name: GOALS_EXISTING
-- fills: row_id
SELECT id FROM goals
 WHERE tenant_id = :tenant AND id = ANY (:goal_ids::uuid[]) AND deleted_at IS NULL
 ORDER BY id;

-- name: GOALS_NAMED
-- fills: goal_name
SELECT id, title, due_date, status,
       CASE WHEN id = :described_id::uuid THEN intent END AS intent
  FROM goals
 WHERE tenant_id = :tenant AND id = ANY (:goal_ids::uuid[]) AND deleted_at IS NULL
 ORDER BY id;

-- name: GOAL_INSERT
-- writes: goal
INSERT INTO goals (tenant_id, :GOAL_COLUMNS(*)) VALUES (:tenant, :GOAL_COLUMNS(:*));

-- name: GOAL_UPDATE
-- writes: goal except deleted_at, created_at, created_by
UPDATE goals SET :GOAL_CHANGES(* = :*) WHERE tenant_id = :tenant AND id = :id;

-- A goal shows its strategies, so changing them changes it. It is locked already.
-- name: GOAL_TOUCH
-- partial
UPDATE goals SET :CHANGED
 WHERE tenant_id = :tenant AND id = :id;

-- name: GOAL_DELETE
-- partial
UPDATE goals
   SET deleted_at = :now, :CHANGED
 WHERE tenant_id = :tenant AND id = :id;

-- --- Strategies ---

-- fragment: STRATEGY_PLAIN_CHANGES
status, order_index, priority, due_date, ai_generated, validation_score, version, updated_at, updated_by;

-- fragment: STRATEGY_REST_CHANGES
owner_id, :STRATEGY_PLAIN_CHANGES;

-- fragment: STRATEGY_TEXTS
title, description, validation_feedback, tags;

-- fragment: STRATEGY_CHANGES
:STRATEGY_TEXTS, :STRATEGY_REST_CHANGES;

-- fragment: STRATEGY_ONCE
id, goal_id, created_at, created_by;

-- Without what may be long.
-- fragment: STRATEGY_REST
:STRATEGY_ONCE, :STRATEGY_REST_CHANGES;

-- fragment: STRATEGY_COLUMNS
:STRATEGY_TEXTS, :STRATEGY_REST;

-- As strategy_name() says it of a struct.
-- fragment: STRATEGY_NAME
coalesce(nullif(s.title, ''), left(s.description, 80)) AS name;

-- fragment: STRATEGY_OWNER_NAME
CASE WHEN s.owner_id IS NOT NULL
            THEN (SELECT p.name FROM people p
                   WHERE p.tenant_id = :tenant AND p.user_id = s.owner_id) END AS owner_name;

-- What a strategy shows of its row s.
-- fragment: STRATEGY_SHOWN
:STRATEGY_COLUMNS(s.*), :STRATEGY_NAME, :STRATEGY_OWNER_NAME;

-- Of the texts of any length in row s; the name repeats a part of them.
-- fragment: STRATEGY_TEXT_BYTES
(octet_length(s.description) + coalesce(octet_length(s.title), 0)
             + coalesce(octet_length(s.validation_feedback), 0)
             + octet_length(array_to_string(s.tags, '')));

-- Of all texts of row s as JSON.
-- fragment: STRATEGY_JSON_BYTES
s.json_bytes + s.details_bytes;

-- name: STRATEGIES_OF_GOAL
-- fills: strategy
SELECT :STRATEGY_SHOWN
  FROM strategies s
 WHERE s.tenant_id = :tenant AND s.goal_id = :id AND s.deleted_at IS NULL
 ORDER BY s.order_index, s.id;

-- Brief: texts that are longer than their part of :max_bytes are left out. Any :max_rows of them when
-- there are more, which is told by their number alone.
-- name: STRATEGIES_OF_GOALS_BRIEF
-- fills: strategy
SELECT :STRATEGY_REST(s.*), :STRATEGY_NAME, :STRATEGY_OWNER_NAME,
       CASE WHEN are.short THEN s.title END AS title,
       CASE WHEN are.short THEN s.description ELSE '' END AS description,
       CASE WHEN are.short THEN s.validation_feedback END AS validation_feedback,
       CASE WHEN are.short THEN s.tags ELSE '{}' END AS tags
  FROM (SELECT unsorted.*
          FROM unnest(:goal_ids::uuid[]) AS wanted (goal_id),
               LATERAL (SELECT * FROM strategies
                         WHERE tenant_id = :tenant AND goal_id = wanted.goal_id
                           AND deleted_at IS NULL
                        OFFSET 0) AS unsorted
         LIMIT :max_rows) AS s,
       LATERAL (SELECT :STRATEGY_TEXT_BYTES <= :max_bytes::bigint / :max_rows::bigint AS short) AS are
 ORDER BY s.goal_id, s.order_index, s.id;

-- name: STRATEGIES_OF_GOALS_BYTES
-- fills: row_count
SELECT coalesce(sum(:STRATEGY_TEXT_BYTES), 0)::bigint AS count
  FROM strategies s
 WHERE s.tenant_id = :tenant AND s.goal_id = ANY (:goal_ids::uuid[]) AND s.deleted_at IS NULL;

-- fragment: STRATEGY_BYTES_BEFORE
sum(:STRATEGY_TEXT_BYTES)
                   OVER (ORDER BY s.goal_id, s.order_index, s.id ROWS UNBOUNDED PRECEDING)
                   - :STRATEGY_TEXT_BYTES AS before;

-- As GOALS_BY_IDS.
-- name: STRATEGIES_OF_GOALS
-- fills: strategy
SELECT :STRATEGY_SHOWN
  FROM (SELECT :STRATEGY_COLUMNS(s.*), :STRATEGY_BYTES_BEFORE
          FROM strategies s
         WHERE s.tenant_id = :tenant AND s.goal_id = ANY (:goal_ids::uuid[])
           AND s.deleted_at IS NULL) AS s
 WHERE s.before <= :max_bytes
 ORDER BY s.goal_id, s.order_index, s.id;

-- name: STRATEGY_BY_ID
-- fills: strategy
SELECT :STRATEGY_SHOWN
  FROM strategies s
 WHERE s.tenant_id = :tenant AND s.goal_id = :goal_id AND s.id = :id AND s.deleted_at IS NULL;

-- As GOALS_BY_IDS.
-- name: STRATEGIES_BY_IDS
-- fills: strategy
SELECT :STRATEGY_SHOWN
  FROM (SELECT :STRATEGY_COLUMNS(s.*), :STRATEGY_BYTES_BEFORE
          FROM strategies s
         WHERE s.tenant_id = :tenant AND s.id = ANY (:strategy_ids::uuid[])
           AND s.deleted_at IS NULL) AS s
 WHERE s.before <= :max_bytes
 ORDER BY s.goal_id, s.order_index, s.id;

-- What a strategy s shows with its goal g.
-- fragment: STRATEGY_WITH_GOAL
:STRATEGY_TEXTS(s.*), :STRATEGY_ONCE(s.*), :STRATEGY_PLAIN_CHANGES(s.*), :STRATEGY_NAME,
       coalesce(s.owner_id, g.owner_id) AS owner_id,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = coalesce(s.owner_id, g.owner_id)) AS owner_name,
       g.title AS goal_title, g.start_date AS goal_start_date, g.due_date AS goal_due_date,
       coalesce((SELECT round(100.0 * c.completed / nullif(c.counted, 0), 2)
                   FROM strategy_actions c
                  WHERE c.tenant_id = :tenant AND c.strategy_id = s.id),
                0)::double precision AS progress;

-- A goal's strategies are deleted with it.
-- name: STRATEGY_FIND
-- fills: strategy_with_goal
SELECT :STRATEGY_WITH_GOAL
  FROM strategies s
  JOIN goals g ON g.tenant_id = :tenant AND g.id = s.goal_id
 WHERE s.tenant_id = :tenant AND s.id = :id AND s.deleted_at IS NULL;

-- A row by its key, of an id that is found row by row, and its goal.
-- fragment: STRATEGY_OF_PAGE
LATERAL (SELECT * FROM strategies WHERE tenant_id = :tenant AND id = page.id OFFSET 0) AS s,
       LATERAL (SELECT * FROM goals WHERE tenant_id = :tenant AND id = s.goal_id OFFSET 0) AS g;

-- Any page, filters and order; every row has the total. `order` descends before goals, which ascend.
-- name: STRATEGIES_PAGE
-- long
-- fills: strategy_with_goal
-- sorts: strategy
SELECT :STRATEGY_WITH_GOAL, page.total, page.next_key
  FROM strategies_page(:tenant, :search, :owner_id, :goal_id, :status,
                       CASE :sort_field::text
                            WHEN 'order' THEN format('strategy_order(%s, r.goal_id) COLLATE "C"',
                                                     CASE WHEN :descending::boolean THEN '999999999 - r.order_index'
                                                          ELSE 'r.order_index' END)
                            WHEN 'createdAt' THEN 'r.created_at' WHEN 'updatedAt' THEN 'r.updated_at'
                            ELSE 'strategy_place(r.goal_id, r.order_index) COLLATE "C"' END,
                       :descending AND :sort_field IS NOT NULL AND :sort_field <> 'order',
                       :size, :SKIP, :after_key, :after_id) AS page, :STRATEGY_OF_PAGE
 ORDER BY page.place;

-- name: STRATEGIES_EXISTING
-- fills: row_id
SELECT id FROM strategies
 WHERE tenant_id = :tenant AND id = ANY (:strategy_ids::uuid[]) AND deleted_at IS NULL
 ORDER BY id;

-- name: STRATEGIES_NAMED
-- fills: strategy_name
SELECT s.id, s.goal_id, :STRATEGY_NAME, s.version
  FROM strategies s
 WHERE s.tenant_id = :tenant AND s.id = ANY (:strategy_ids::uuid[]) AND s.deleted_at IS NULL;

-- name: STRATEGIES_OF_GOAL_TOTAL
-- fills: strategies_total
SELECT count(*) AS count, coalesce(sum(:STRATEGY_JSON_BYTES), 0)::bigint AS bytes,
       (SELECT version FROM goals WHERE tenant_id = :tenant AND id = :id) AS goal_version
  FROM strategies s
 WHERE s.tenant_id = :tenant AND s.goal_id = :id AND s.deleted_at IS NULL;

-- Deleting a goal deletes its strategies, so this counts what the tenant can see.
-- name: STRATEGIES_COUNT
-- fills: row_count
SELECT coalesce(sum(count), 0)::bigint AS count
  FROM list_counts WHERE tenant_id = :tenant AND list = 'strategies' AND part = '';

-- name: STRATEGY_INSERT
-- writes: strategy
INSERT INTO strategies (tenant_id, :STRATEGY_COLUMNS(*)) VALUES (:tenant, :STRATEGY_COLUMNS(:*));

-- name: STRATEGY_UPDATE
-- writes: strategy except goal_id, created_at, created_by
UPDATE strategies SET :STRATEGY_CHANGES(* = :*) WHERE tenant_id = :tenant AND id = :id;

-- name: STRATEGY_DELETE
-- partial
UPDATE strategies
   SET deleted_at = :now, :CHANGED
 WHERE tenant_id = :tenant AND id = :id;

-- name: STRATEGIES_DELETE
-- partial
UPDATE strategies
   SET deleted_at = :now, :CHANGED
 WHERE tenant_id = :tenant AND goal_id = :id AND deleted_at IS NULL;

-- Makes room or closes a gap: shifts the positions :first to :last by :step.
-- name: STRATEGIES_SHIFT
-- partial
UPDATE strategies
   SET order_index = order_index + :step::bigint, :CHANGED
 WHERE tenant_id = :tenant AND goal_id = :goal_id AND deleted_at IS NULL
   AND order_index BETWEEN :first AND :last AND id <> :except;

-- name: STRATEGIES_REORDER
-- partial
UPDATE strategies s
   SET order_index = o.place, version = s.version + 1, updated_at = :now, updated_by = :user_id
  FROM unnest(:strategy_ids::uuid[]) WITH ORDINALITY AS o (id, place)
 WHERE s.tenant_id = :tenant AND s.id = o.id AND s.goal_id = :goal_id AND s.order_index <> o.place;

-- --- Activity. Entries never change ---

-- fragment: ACTIVITY_COLUMNS
id, goal_id, type, text, title, url, metadata, user_id, created_at;

-- As GOALS_BY_IDS.
-- name: ACTIVITY_OF_GOAL
-- fills: activity except attachments
SELECT :ACTIVITY_COLUMNS(a.*), a.created_at AS updated_at, a.user_id AS created_by,
       a.user_id AS updated_by, a.total, a.next_key,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = a.user_id) AS user_name
  FROM (SELECT :ACTIVITY_COLUMNS, place, total, next_key,
               sum(bytes) OVER (ORDER BY place ROWS UNBOUNDED PRECEDING) - bytes AS before
          FROM (SELECT :ACTIVITY_COLUMNS(e.*), page.place, page.total, page.next_key,
                       octet_length(e.text) + octet_length(e.metadata) AS bytes
                  FROM activity_page(:tenant, :goal_id, :type, :size, :SKIP, :after_key, :after_id) AS page,
                       LATERAL (SELECT * FROM activity
                                 WHERE tenant_id = :tenant AND id = page.id OFFSET 0) AS e) AS page) AS a
 WHERE a.before <= :max_bytes
 ORDER BY a.place;

-- One entry may bring several attachments: as if all but the last of them were there already.
-- name: ATTACHMENTS_COUNT
-- fills: row_count
SELECT coalesce(sum(attachments), 0)::bigint + :attachments::bigint - 1 AS count FROM activity
 WHERE tenant_id = :tenant AND goal_id = :goal_id;

-- name: ACTIVITY_INSERT
-- writes: activity except updated_at, created_by, updated_by
INSERT INTO activity (tenant_id, attachments, :ACTIVITY_COLUMNS(*))
VALUES (:tenant, :attachments, :ACTIVITY_COLUMNS(:*));

-- The same entry in the feed of several goals, without deleted goals and existing entries. Always in
-- the same order, so that two transactions that write the same entries cannot deadlock.
-- name: ACTIVITY_INSERT_MANY
-- writes: entries_input
INSERT INTO activity (tenant_id, id, goal_id, type, text, title, metadata, attachments, user_id,
                      created_at)
SELECT :tenant, o.id, g.id, 'system', :text, :title, :metadata, 0, :author, :at
  FROM unnest(:ids::uuid[], :goal_ids::uuid[]) AS o (id, goal_id)
  JOIN goals g ON g.tenant_id = :tenant AND g.id = o.goal_id AND g.deleted_at IS NULL
 ORDER BY o.id
ON CONFLICT (tenant_id, id) DO NOTHING;

-- --- People ---

-- fragment: PERSON_ROW
p.user_id AS id, p.name, p.version, p.created_at, p.issued_at AS updated_at,
       md5(p.user_id)::uuid AS entity;

-- fragment: PERSON_FOUND
(:search::text IS NULL OR
        p.user_id IN (SELECT found.id FROM people_found(:search) AS found (id)));

-- fragment: PEOPLE_FILTERS
(coalesce(cardinality(:status::text[]), 0) = 0 OR 'active' = ANY (:status))
   AND :PERSON_FOUND;

-- name: PEOPLE_BY_NAME
-- long
-- fills: person
SELECT :PERSON_ROW
  FROM people p
 WHERE p.tenant_id = :tenant AND :PEOPLE_FILTERS
 ORDER BY p.name COLLATE "und-x-icu", p.user_id
 :PAGE;

-- name: PEOPLE_COUNT
-- long
-- fills: row_count
SELECT count(*) AS count FROM people p WHERE p.tenant_id = :tenant AND :PEOPLE_FILTERS;

-- name: PEOPLE_ASSIGNABLE
-- long
-- fills: assignable_person
SELECT a.id, a.name, a.is_current_user
  FROM (SELECT p.user_id AS id, p.name, true AS is_current_user
          FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id IN (:user_id, :person_id::text)
           AND :PERSON_FOUND
         UNION ALL
        (SELECT p.user_id, p.name, false
           FROM people p
          WHERE p.tenant_id = :tenant AND p.user_id <> ALL (ARRAY[:user_id, :person_id])
            AND :PERSON_FOUND
          ORDER BY p.name COLLATE "und-x-icu", p.user_id
          LIMIT 500)) AS a
 ORDER BY a.is_current_user DESC, a.name COLLATE "und-x-icu", a.id
 LIMIT 500;

-- name: PERSON_BY_ID
-- fills: person
SELECT :PERSON_ROW FROM people p WHERE p.tenant_id = :tenant AND p.user_id = :id;

-- name: PERSON_FOR_UPDATE
-- fills: person
SELECT :PERSON_ROW FROM people p WHERE p.tenant_id = :tenant AND p.user_id = :id FOR UPDATE;

-- A token that was issued until now does not take the place of the name. Events tell milliseconds.
-- name: PERSON_PUT
-- fills: person
-- writes: person except created_at, updated_at, version, entity
INSERT INTO people AS p (tenant_id, user_id, name, issued_at, created_at)
VALUES (:tenant, :id, :name, date_trunc('milliseconds', :now::timestamptz), :now)
ON CONFLICT (tenant_id, user_id) DO UPDATE
   SET name = excluded.name, issued_at = greatest(p.issued_at, excluded.issued_at),
       version = p.version + 1
RETURNING :PERSON_ROW;

-- --- Actions of strategies, which svc-operations has ---

-- What is newer than what is known: an action as it is now, and the counts of the strategies that it
-- has left or come to. What is not newer changes nothing.
-- name: ACTION_STATE_PUT
-- partial
WITH was AS (
    SELECT strategy_ids, counted, completed
      FROM action_states
     WHERE tenant_id = :tenant AND action_id = :id),
now AS (
    INSERT INTO action_states AS a (tenant_id, action_id, version, strategy_ids, counted, completed)
    VALUES (:tenant, :id, :version, :strategy_ids::uuid[], :counted, :completed)
    ON CONFLICT ON CONSTRAINT action_states_pkey DO UPDATE
       SET version = excluded.version, strategy_ids = excluded.strategy_ids,
           counted = excluded.counted, completed = excluded.completed
     WHERE a.version < excluded.version
    RETURNING strategy_ids, counted, completed),
moved AS (
    SELECT unnest(strategy_ids) AS id, -counted::integer AS counted, -completed::integer AS completed
      FROM was
     WHERE EXISTS (SELECT FROM now)
     UNION ALL
    SELECT unnest(strategy_ids), counted::integer, completed::integer FROM now)
INSERT INTO strategy_actions AS s (tenant_id, strategy_id, counted, completed)
SELECT :tenant, id, sum(counted), sum(completed)
  FROM moved
 GROUP BY id
HAVING sum(counted) <> 0 OR sum(completed) <> 0
 ORDER BY id
ON CONFLICT ON CONSTRAINT strategy_actions_pkey DO UPDATE
   SET counted = s.counted + excluded.counted, completed = s.completed + excluded.completed;

-- --- Snapshots: pages in the order of ids ---

-- name: TENANTS_AFTER
-- fills: snapshot_tenant
-- global
SELECT tenant_id FROM tenants_after(coalesce(:after::text, ''), :max);

-- fragment: AFTER_ID
coalesce(:id::uuid, '00000000-0000-0000-0000-000000000000');

-- name: GOALS_AFTER
-- fills: goal
SELECT :GOAL_SHOWN
  FROM goals g
 WHERE g.tenant_id = :tenant AND g.id > :AFTER_ID AND g.deleted_at IS NULL
 ORDER BY g.id
 LIMIT :max;

-- The strategies of the next goals, as many goals as have room, one at least.
-- name: STRATEGIES_AFTER
-- fills: strategy_event
WITH parents AS MATERIALIZED (
    SELECT g.id, g.version,
           (SELECT coalesce(sum(:STRATEGY_JSON_BYTES), 0) FROM strategies s
             WHERE s.tenant_id = :tenant AND s.goal_id = g.id AND s.deleted_at IS NULL) AS bytes
      FROM goals g
     WHERE g.tenant_id = :tenant AND g.id > :AFTER_ID AND g.deleted_at IS NULL
     ORDER BY g.id
     LIMIT :max
), page AS (
    SELECT id, version, sum(bytes) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) - bytes AS before
      FROM parents
)
SELECT s.id, p.id AS goal_id, s.created_at, s.created_by, :STRATEGY_CHANGES(s.*), :STRATEGY_NAME,
       :STRATEGY_OWNER_NAME, p.version AS goal_version
  FROM page p
  LEFT JOIN strategies s ON s.tenant_id = :tenant AND s.goal_id = p.id AND s.deleted_at IS NULL
 WHERE p.before <= :max_bytes::bigint
 ORDER BY p.id, s.order_index;

-- fragment: DELETED_AFTER
WHERE tenant_id = :tenant AND id > :AFTER_ID AND deleted_at IS NOT NULL
 ORDER BY id
 LIMIT :max;

-- name: DELETED_GOALS_AFTER
-- fills: deleted_entity
SELECT id, version, updated_at, updated_by FROM goals :DELETED_AFTER;

-- name: DELETED_STRATEGIES_AFTER
-- fills: deleted_entity
SELECT id, version, updated_at, updated_by FROM strategies :DELETED_AFTER;

-- name: PEOPLE_AFTER
-- fills: person
SELECT :PERSON_ROW
  FROM people p
 WHERE p.tenant_id = :tenant AND md5(p.user_id)::uuid > :AFTER_ID
 ORDER BY md5(p.user_id)::uuid
 LIMIT :max;
