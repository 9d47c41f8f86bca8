-- Every statement of svc-goals. Parameters are members of the input struct, and :tenant, :user_id
-- and :now of the request. Optional filters arrive as NULL or as an empty array.

-- --- Goals ---

-- name: GOAL_BY_ID
SELECT g.id, g.title, g.intent, g.owner_id, g.horizon, g.status, g.value_tags, g.metadata,
       g.start_date, g.due_date, g.completed_at, g.cancelled_at, g.deleted_at, g.version,
       g.created_at, g.updated_at, g.created_by, g.updated_by,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = g.owner_id) AS owner_name
  FROM goals g
 WHERE g.tenant_id = :tenant AND g.id = :id AND g.deleted_at IS NULL;

-- The same row, locked until the transaction ends. The name is a sub-select because a
-- joined row would not be read again after waiting for the lock.
-- name: GOAL_LOCK
SELECT g.id, g.title, g.intent, g.owner_id, g.horizon, g.status, g.value_tags, g.metadata,
       g.start_date, g.due_date, g.completed_at, g.cancelled_at, g.deleted_at, g.version,
       g.created_at, g.updated_at, g.created_by, g.updated_by,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = g.owner_id) AS owner_name
  FROM goals g
 WHERE g.tenant_id = :tenant AND g.id = :id AND g.deleted_at IS NULL
   FOR UPDATE OF g;

-- name: GOAL_EXISTS
SELECT id FROM goals WHERE tenant_id = :tenant AND id = :id AND deleted_at IS NULL;

-- name: GOAL_LOCK_ID
SELECT id FROM goals WHERE tenant_id = :tenant AND id = :id AND deleted_at IS NULL FOR UPDATE;

-- Locks the goal against deletion, but not against other transactions that add entries.
-- name: GOAL_SHARE
SELECT id FROM goals WHERE tenant_id = :tenant AND id = :id AND deleted_at IS NULL FOR SHARE;

-- The default page, in the order of goals_newest. Names are looked up for the page's rows only, not
-- for those that it skips.
-- name: GOALS_NEWEST
SELECT g.*, (SELECT p.name FROM people p
              WHERE p.tenant_id = :tenant AND p.user_id = g.owner_id) AS owner_name
  FROM (SELECT id, title, intent, owner_id, horizon, status, value_tags, metadata, start_date,
               due_date, completed_at, cancelled_at, deleted_at, version, created_at, updated_at,
               created_by, updated_by
          FROM goals
         WHERE tenant_id = :tenant AND deleted_at IS NULL
         ORDER BY created_at DESC, id DESC
         LIMIT :size OFFSET least(:page::bigint - 1, 1000000000) * :size) AS g
 ORDER BY g.created_at DESC, g.id DESC;

-- name: GOALS_COUNT
SELECT count(*) AS count FROM goals WHERE tenant_id = :tenant AND deleted_at IS NULL;

-- Filters in the same order: the index is walked until the page is full.
-- name: GOALS_FILTERED
SELECT g.id, g.title, g.intent, g.owner_id, g.horizon, g.status, g.value_tags, g.metadata,
       g.start_date, g.due_date, g.completed_at, g.cancelled_at, g.deleted_at, g.version,
       g.created_at, g.updated_at, g.created_by, g.updated_by,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = g.owner_id) AS owner_name
  FROM goals g
 WHERE g.tenant_id = :tenant AND g.deleted_at IS NULL
   AND (:owner_id::text IS NULL OR g.owner_id = :owner_id)
   AND (coalesce(cardinality(:status::text[]), 0) = 0 OR g.status = ANY (:status))
   AND (coalesce(cardinality(:horizon::text[]), 0) = 0 OR g.horizon = ANY (:horizon))
   AND (:value_tag::text IS NULL OR :value_tag = ANY (g.value_tags))
 ORDER BY g.created_at DESC, g.id DESC
 LIMIT :size OFFSET least(:page::bigint - 1, 1000000000) * :size;

-- Any filters and any order. :sort_field is an index into goal_sort_fields.
-- name: GOALS_SORTED
SELECT g.id, g.title, g.intent, g.owner_id, g.horizon, g.status, g.value_tags, g.metadata,
       g.start_date, g.due_date, g.completed_at, g.cancelled_at, g.deleted_at, g.version,
       g.created_at, g.updated_at, g.created_by, g.updated_by,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = g.owner_id) AS owner_name
  FROM goals g,
       LATERAL (SELECT CASE :sort_field::bigint WHEN 0 THEN g.title WHEN 1 THEN g.status
                            WHEN 2 THEN g.horizon END COLLATE "und-x-icu" AS words,
                       CASE :sort_field::bigint WHEN 3 THEN g.created_at WHEN 4 THEN g.updated_at
                            WHEN 5 THEN g.start_date WHEN 6 THEN g.due_date END AS instant) AS key
 WHERE g.tenant_id = :tenant AND g.deleted_at IS NULL
   AND (:owner_id::text IS NULL OR g.owner_id = :owner_id)
   AND (coalesce(cardinality(:status::text[]), 0) = 0 OR g.status = ANY (:status))
   AND (coalesce(cardinality(:horizon::text[]), 0) = 0 OR g.horizon = ANY (:horizon))
   AND (:value_tag::text IS NULL OR :value_tag = ANY (g.value_tags))
 ORDER BY CASE WHEN NOT :descending::boolean THEN key.words END,
          CASE WHEN :descending THEN key.words END DESC,
          CASE WHEN NOT :descending THEN key.instant END,
          CASE WHEN :descending THEN key.instant END DESC NULLS LAST,
          CASE WHEN :descending THEN g.id END DESC,
          g.id
 LIMIT :size OFFSET least(:page::bigint - 1, 1000000000) * :size;

-- name: GOALS_FILTERED_COUNT
SELECT count(*) AS count
  FROM goals g
 WHERE g.tenant_id = :tenant AND g.deleted_at IS NULL
   AND (:owner_id::text IS NULL OR g.owner_id = :owner_id)
   AND (coalesce(cardinality(:status::text[]), 0) = 0 OR g.status = ANY (:status))
   AND (coalesce(cardinality(:horizon::text[]), 0) = 0 OR g.horizon = ANY (:horizon))
   AND (:value_tag::text IS NULL OR :value_tag = ANY (g.value_tags));

-- As GOALS_SORTED, starting from the ids that contain :search.
-- name: GOALS_FOUND
SELECT g.id, g.title, g.intent, g.owner_id, g.horizon, g.status, g.value_tags, g.metadata,
       g.start_date, g.due_date, g.completed_at, g.cancelled_at, g.deleted_at, g.version,
       g.created_at, g.updated_at, g.created_by, g.updated_by,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = g.owner_id) AS owner_name
  FROM goals_found(:search) AS found (id)
  JOIN goals g ON g.tenant_id = :tenant AND g.id = found.id AND g.deleted_at IS NULL,
       LATERAL (SELECT CASE :sort_field::bigint WHEN 0 THEN g.title WHEN 1 THEN g.status
                            WHEN 2 THEN g.horizon END COLLATE "und-x-icu" AS words,
                       CASE :sort_field::bigint WHEN 3 THEN g.created_at WHEN 4 THEN g.updated_at
                            WHEN 5 THEN g.start_date WHEN 6 THEN g.due_date END AS instant) AS key
 WHERE (:owner_id::text IS NULL OR g.owner_id = :owner_id)
   AND (coalesce(cardinality(:status::text[]), 0) = 0 OR g.status = ANY (:status))
   AND (coalesce(cardinality(:horizon::text[]), 0) = 0 OR g.horizon = ANY (:horizon))
   AND (:value_tag::text IS NULL OR :value_tag = ANY (g.value_tags))
 ORDER BY CASE WHEN NOT :descending::boolean THEN key.words END,
          CASE WHEN :descending THEN key.words END DESC,
          CASE WHEN NOT :descending THEN key.instant END,
          CASE WHEN :descending THEN key.instant END DESC NULLS LAST,
          CASE WHEN :descending THEN g.id END DESC,
          g.id
 LIMIT :size OFFSET least(:page::bigint - 1, 1000000000) * :size;

-- name: GOALS_FOUND_COUNT
SELECT count(*) AS count
  FROM goals_found(:search) AS found (id)
  JOIN goals g ON g.tenant_id = :tenant AND g.id = found.id AND g.deleted_at IS NULL
 WHERE (:owner_id::text IS NULL OR g.owner_id = :owner_id)
   AND (coalesce(cardinality(:status::text[]), 0) = 0 OR g.status = ANY (:status))
   AND (coalesce(cardinality(:horizon::text[]), 0) = 0 OR g.horizon = ANY (:horizon))
   AND (:value_tag::text IS NULL OR :value_tag = ANY (g.value_tags));

-- name: GOALS_BY_IDS
SELECT g.id, g.title, g.intent, g.owner_id, g.horizon, g.status, g.value_tags, g.metadata,
       g.start_date, g.due_date, g.completed_at, g.cancelled_at, g.deleted_at, g.version,
       g.created_at, g.updated_at, g.created_by, g.updated_by,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = g.owner_id) AS owner_name
  FROM goals g
 WHERE g.tenant_id = :tenant AND g.id = ANY (:goal_ids::uuid[]) AND g.deleted_at IS NULL
 ORDER BY g.created_at DESC, g.id DESC;

-- name: GOALS_EXISTING
SELECT id FROM goals
 WHERE tenant_id = :tenant AND id = ANY (:goal_ids::uuid[]) AND deleted_at IS NULL
 ORDER BY id;

-- name: GOAL_INSERT
INSERT INTO goals (tenant_id, id, title, intent, owner_id, horizon, status, value_tags, metadata,
                   start_date, due_date, version, created_at, updated_at, created_by, updated_by)
VALUES (:tenant, :id, :title, :intent, :owner_id, :horizon, :status,
        coalesce(:value_tags::text[], '{}'), :metadata, :start_date, :due_date, :version,
        :created_at, :updated_at, :created_by, :updated_by);

-- name: GOAL_UPDATE
UPDATE goals
   SET title = :title, intent = :intent, owner_id = :owner_id, horizon = :horizon,
       status = :status, value_tags = coalesce(:value_tags::text[], '{}'), metadata = :metadata,
       start_date = :start_date, due_date = :due_date, completed_at = :completed_at,
       cancelled_at = :cancelled_at, version = :version, updated_at = :updated_at,
       updated_by = :updated_by
 WHERE tenant_id = :tenant AND id = :id;

-- A goal shows its strategies, so changing them changes it. It is locked already.
-- name: GOAL_TOUCH
UPDATE goals SET version = version + 1, updated_at = :now, updated_by = :user_id
 WHERE tenant_id = :tenant AND id = :id;

-- name: GOAL_DELETE
UPDATE goals
   SET deleted_at = :now, version = version + 1, updated_at = :now, updated_by = :user_id
 WHERE tenant_id = :tenant AND id = :id;

-- --- Strategies ---

-- name: STRATEGIES_OF_GOAL
SELECT id, goal_id, description, status, order_index, version, created_at, updated_at, created_by,
       updated_by
  FROM strategies
 WHERE tenant_id = :tenant AND goal_id = :id AND deleted_at IS NULL
 ORDER BY order_index, id;

-- name: STRATEGIES_OF_GOALS
SELECT id, goal_id, description, status, order_index, version, created_at, updated_at, created_by,
       updated_by
  FROM strategies
 WHERE tenant_id = :tenant AND goal_id = ANY (:goal_ids::uuid[]) AND deleted_at IS NULL
 ORDER BY goal_id, order_index, id;

-- name: STRATEGY_BY_ID
SELECT id, goal_id, description, status, order_index, version, created_at, updated_at, created_by,
       updated_by
  FROM strategies
 WHERE tenant_id = :tenant AND goal_id = :goal_id AND id = :id AND deleted_at IS NULL;

-- name: STRATEGIES_BY_IDS
SELECT id, goal_id, description, status, order_index, version, created_at, updated_at, created_by,
       updated_by
  FROM strategies
 WHERE tenant_id = :tenant AND id = ANY (:strategy_ids::uuid[]) AND deleted_at IS NULL
 ORDER BY goal_id, order_index, id;

-- name: STRATEGIES_EXISTING
SELECT id FROM strategies
 WHERE tenant_id = :tenant AND id = ANY (:strategy_ids::uuid[]) AND deleted_at IS NULL
 ORDER BY id;

-- name: STRATEGIES_OF_GOAL_COUNT
SELECT count(*) AS count FROM strategies
 WHERE tenant_id = :tenant AND goal_id = :id AND deleted_at IS NULL;

-- Deleting a goal deletes its strategies, so this counts what the tenant can see.
-- name: STRATEGIES_COUNT
SELECT count(*) AS count FROM strategies WHERE tenant_id = :tenant AND deleted_at IS NULL;

-- name: STRATEGY_INSERT
INSERT INTO strategies (tenant_id, id, goal_id, description, status, order_index, version,
                        created_at, updated_at, created_by, updated_by)
VALUES (:tenant, :id, :goal_id, :description, :status, :order_index, :version, :created_at,
        :updated_at, :created_by, :updated_by);

-- name: STRATEGY_UPDATE
UPDATE strategies
   SET description = :description, status = :status, order_index = :order_index,
       version = :version, updated_at = :updated_at, updated_by = :updated_by
 WHERE tenant_id = :tenant AND id = :id;

-- name: STRATEGY_DELETE
UPDATE strategies
   SET deleted_at = :now, version = version + 1, updated_at = :now, updated_by = :user_id
 WHERE tenant_id = :tenant AND id = :id;

-- name: STRATEGIES_DELETE
UPDATE strategies
   SET deleted_at = :now, version = version + 1, updated_at = :now, updated_by = :user_id
 WHERE tenant_id = :tenant AND goal_id = :id AND deleted_at IS NULL;

-- Makes room or closes a gap: shifts the positions :first to :last by :step.
-- name: STRATEGIES_SHIFT
UPDATE strategies
   SET order_index = order_index + :step::bigint, version = version + 1, updated_at = :now,
       updated_by = :user_id
 WHERE tenant_id = :tenant AND goal_id = :goal_id AND deleted_at IS NULL
   AND order_index BETWEEN :first AND :last AND id <> :except;

-- name: STRATEGIES_REORDER
UPDATE strategies s
   SET order_index = o.place, version = s.version + 1, updated_at = :now, updated_by = :user_id
  FROM unnest(:strategy_ids::uuid[]) WITH ORDINALITY AS o (id, place)
 WHERE s.tenant_id = :tenant AND s.id = o.id AND s.goal_id = :goal_id AND s.order_index <> o.place;

-- --- Activity ---

-- name: ACTIVITY_OF_GOAL
SELECT a.id, a.goal_id, a.type, a.text, a.title, a.url, a.metadata, a.user_id, a.created_at,
       a.created_at AS updated_at, a.user_id AS created_by, a.user_id AS updated_by,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = a.user_id) AS user_name
  FROM activity a
 WHERE a.tenant_id = :tenant AND a.goal_id = :goal_id
   AND (coalesce(cardinality(:type::text[]), 0) = 0 OR a.type = ANY (:type))
 ORDER BY a.created_at DESC, a.id DESC
 LIMIT :size OFFSET least(:page::bigint - 1, 1000000000) * :size;

-- name: ACTIVITY_OF_GOAL_COUNT
SELECT count(*) AS count FROM activity
 WHERE tenant_id = :tenant AND goal_id = :goal_id
   AND (coalesce(cardinality(:type::text[]), 0) = 0 OR type = ANY (:type));

-- One entry may bring several attachments: as if all but the last of them were there already.
-- name: ATTACHMENTS_COUNT
SELECT coalesce(sum(attachments), 0)::bigint + :attachments::bigint - 1 AS count FROM activity
 WHERE tenant_id = :tenant AND goal_id = :goal_id;

-- name: ACTIVITY_INSERT
INSERT INTO activity (tenant_id, id, goal_id, type, text, title, url, metadata, attachments,
                      user_id, created_at)
VALUES (:tenant, :id, :goal_id, :type, :text, :title, :url, :metadata, :attachments, :user_id,
        :created_at);

-- The same entry in the feed of several goals, without deleted goals and existing entries. Always in
-- the same order, so that two transactions that write the same entries cannot deadlock.
-- name: ACTIVITY_INSERT_MANY
INSERT INTO activity (tenant_id, id, goal_id, type, text, title, metadata, attachments, user_id,
                      created_at)
SELECT :tenant, o.id, g.id, 'system', :text, :title, :metadata, 0, :author, :at
  FROM unnest(:ids::uuid[], :goal_ids::uuid[]) AS o (id, goal_id)
  JOIN goals g ON g.tenant_id = :tenant AND g.id = o.goal_id AND g.deleted_at IS NULL
 ORDER BY o.id
ON CONFLICT (tenant_id, id) DO NOTHING;
