-- Every statement of svc-analytics. Parameters are members of the input struct, and :tenant,
-- :user_id and :now of the request or event. Row level security adds the generation.

-- --- Projections, written event by event. Applying an event twice changes nothing ---

-- name: STAMP
-- writes: stamp
INSERT INTO stamps AS s (tenant_id, source, stamp, changed_at)
VALUES (:tenant, :source, :stamp, :now)
ON CONFLICT (tenant_id, generation, source) DO UPDATE
   SET stamp = excluded.stamp, changed_at = excluded.changed_at;

-- fragment: GOAL_CHANGES
title, intent, owner_id, horizon, status, start_date, due_date, completed_at, cancelled_at, version;

-- name: GOAL_PUT
-- writes: goal_projection
INSERT INTO goals AS g (tenant_id, id, created_at, :GOAL_CHANGES(*))
VALUES (:tenant, :id, :created_at, :GOAL_CHANGES(:*))
ON CONFLICT (tenant_id, generation, id) DO UPDATE SET :GOAL_CHANGES(* = excluded.*)
 WHERE g.version < excluded.version;

-- Deletes the goal's strategies and the feed entries of both, too.
-- name: GOAL_DELETE
WITH children AS (
    DELETE FROM strategies WHERE tenant_id = :tenant AND goal_id = :id RETURNING id
), entries AS (
    DELETE FROM activity
     WHERE tenant_id = :tenant
       AND entity_id = ANY (ARRAY(SELECT id FROM strategies
                                   WHERE tenant_id = :tenant AND goal_id = :id) || :id::uuid)
)
DELETE FROM goals WHERE tenant_id = :tenant AND id = :id;

-- Whether a snapshot of the goal's strategies has what the goal's version :goal_version brought: not
-- known of events of older releases, which do not say the version.
-- fragment: IN_SNAPSHOT
EXISTS (SELECT FROM strategies known
             WHERE known.tenant_id = :tenant AND known.goal_id = :goal_id
               AND known.snapshot_version >= :goal_version::bigint);

-- fragment: STRATEGY_CHANGES
title, description, status, order_index, version;

-- The goal's other strategies make room, as they do in svc-goals.
-- name: STRATEGY_PUT
-- writes: strategy_projection
WITH was AS (
    SELECT order_index FROM strategies WHERE tenant_id = :tenant AND id = :id
), put AS (
    INSERT INTO strategies AS s (tenant_id, id, goal_id, :STRATEGY_CHANGES(*))
    SELECT :tenant, :id, :goal_id, :STRATEGY_CHANGES(:*)
     WHERE NOT :IN_SNAPSHOT
    ON CONFLICT (tenant_id, generation, id) DO UPDATE SET :STRATEGY_CHANGES(* = excluded.*)
     WHERE s.version < excluded.version
    RETURNING order_index
), move AS (
    SELECT CASE WHEN was.order_index IS NULL OR put.order_index < was.order_index THEN 1
                ELSE -1 END AS step,
           CASE WHEN was.order_index < put.order_index THEN was.order_index + 1
                ELSE put.order_index END AS first,
           CASE WHEN was.order_index IS NULL THEN 1000000000
                WHEN was.order_index < put.order_index THEN put.order_index
                ELSE was.order_index - 1 END AS last
      FROM put LEFT JOIN was ON true
)
UPDATE strategies s SET order_index = s.order_index + move.step
  FROM move
 WHERE s.tenant_id = :tenant AND s.goal_id = :goal_id AND s.id <> :id
   AND s.order_index BETWEEN move.first AND move.last;

-- Of a snapshot, which has the others with their places.
-- name: STRATEGY_RESTORE
-- writes: strategy_projection
INSERT INTO strategies AS s (tenant_id, id, goal_id, snapshot_version, :STRATEGY_CHANGES(*))
VALUES (:tenant, :id, :goal_id, :goal_version, :STRATEGY_CHANGES(:*))
ON CONFLICT (tenant_id, generation, id) DO UPDATE
   SET snapshot_version = excluded.snapshot_version, :STRATEGY_CHANGES(* = excluded.*)
 WHERE s.snapshot_version < excluded.snapshot_version;

-- name: STRATEGY_DELETE
-- partial
WITH gone AS (
    DELETE FROM strategies WHERE tenant_id = :tenant AND id = :id RETURNING goal_id, order_index
)
UPDATE strategies s SET order_index = s.order_index - 1
  FROM gone
 WHERE s.tenant_id = :tenant AND s.goal_id = gone.goal_id AND s.id <> :id
   AND s.order_index > gone.order_index;

-- name: STRATEGIES_ORDER
-- partial
UPDATE strategies s SET order_index = o.place
  FROM unnest(:strategy_ids::uuid[]) WITH ORDINALITY AS o (id, place)
 WHERE s.tenant_id = :tenant AND s.goal_id = :goal_id AND s.id = o.id
   AND s.order_index <> o.place AND NOT :IN_SNAPSHOT;

-- fragment: KPI_CHANGES
name, unit, direction, is_shared, owner_id, baseline_value, target_value, interpolation_method,
baseline_date, version;

-- name: KPI_PUT
-- writes: kpi_projection
INSERT INTO kpis AS k (tenant_id, id, created_at, :KPI_CHANGES(*))
VALUES (:tenant, :id, :created_at, :KPI_CHANGES(:*))
ON CONFLICT (tenant_id, generation, id) DO UPDATE SET :KPI_CHANGES(* = excluded.*)
 WHERE k.version < excluded.version;

-- name: KPI_DELETE
WITH measured AS (
    DELETE FROM readings WHERE tenant_id = :tenant AND kpi_id = :id
), linked AS (
    DELETE FROM links WHERE tenant_id = :tenant AND kpi_id = :id
), aimed AS (
    DELETE FROM target_points WHERE tenant_id = :tenant AND kpi_id = :id
), adjusted AS (
    DELETE FROM plan_anchors WHERE tenant_id = :tenant AND kpi_id = :id
)
DELETE FROM kpis WHERE tenant_id = :tenant AND id = :id;

-- fragment: LINK_CHANGES
threshold, risk_threshold, baseline_value, target_value, is_primary, strategy_id, version;

-- name: LINK_PUT
-- writes: link_projection
INSERT INTO links AS l (tenant_id, id, goal_id, kpi_id, :LINK_CHANGES(*))
VALUES (:tenant, :id, :goal_id, :kpi_id, :LINK_CHANGES(:*))
ON CONFLICT (tenant_id, generation, id) DO UPDATE SET :LINK_CHANGES(* = excluded.*)
 WHERE l.version < excluded.version;

-- name: LINK_DELETE
DELETE FROM links WHERE tenant_id = :tenant AND id = :id;

-- fragment: READING_CHANGES
value, day, is_estimate, version;

-- name: READING_PUT
-- writes: reading_projection
INSERT INTO readings AS r (tenant_id, kpi_id, period, :READING_CHANGES(*))
VALUES (:tenant, :kpi_id, :period, :READING_CHANGES(:*))
ON CONFLICT (tenant_id, generation, kpi_id, period) DO UPDATE SET :READING_CHANGES(* = excluded.*)
 WHERE r.version < excluded.version;

-- name: READING_DELETE
DELETE FROM readings WHERE tenant_id = :tenant AND kpi_id = :kpi_id AND period = :period;

-- The day that counts of the row r's month; its last one, where it is not known.
-- fragment: READING_DAY
coalesce(r.day, (make_date((r.period / 12)::int, (r.period % 12)::int + 1, 1)
                              + interval '1 month' - interval '1 day') AT TIME ZONE 'UTC');

-- name: KPI_ENDS
-- partial
UPDATE kpis k
   SET first_value = (SELECT r.value FROM readings r WHERE r.tenant_id = :tenant AND r.kpi_id = k.id
                       ORDER BY r.period LIMIT 1),
       first_day = (SELECT :READING_DAY FROM readings r
                     WHERE r.tenant_id = :tenant AND r.kpi_id = k.id ORDER BY r.period LIMIT 1),
       last_value = (SELECT r.value FROM readings r WHERE r.tenant_id = :tenant AND r.kpi_id = k.id
                      ORDER BY r.period DESC LIMIT 1)
 WHERE k.tenant_id = :tenant AND k.id = :kpi_id;

-- fragment: TARGET_CHANGES
day, value, optimal_value, minimal_value, version;

-- name: TARGET_PUT
-- writes: target_projection
INSERT INTO target_points AS t (tenant_id, id, kpi_id, :TARGET_CHANGES(*))
VALUES (:tenant, :id, :kpi_id, :TARGET_CHANGES(:*))
ON CONFLICT (tenant_id, generation, id) DO UPDATE SET :TARGET_CHANGES(* = excluded.*)
 WHERE t.version < excluded.version;

-- name: TARGET_DELETE
DELETE FROM target_points WHERE tenant_id = :tenant AND id = :id;

-- name: ANCHOR_PUT
-- writes: anchor_projection
INSERT INTO plan_anchors (tenant_id, kpi_id, day, left_value, right_value, straight)
VALUES (:tenant, :kpi_id, :day, :left_value, :right_value, :straight)
ON CONFLICT (tenant_id, generation, kpi_id, day) DO UPDATE
   SET left_value = excluded.left_value, right_value = excluded.right_value,
       straight = excluded.straight;

-- name: ANCHORS_BEHIND_DELETE
DELETE FROM plan_anchors WHERE tenant_id = :tenant AND kpi_id = :kpi_id AND day > :day;

-- name: ANCHORS_DELETE
DELETE FROM plan_anchors WHERE tenant_id = :tenant AND kpi_id = :id;

-- fragment: ACTION_CHANGES
title, description, status, priority, progress, due_date, completed_at, assigned_person_id, goal_ids,
strategy_ids, date_entered, version;

-- name: ACTION_PUT
-- writes: action_projection except caused_by
INSERT INTO actions AS a (tenant_id, id, :ACTION_CHANGES(*))
VALUES (:tenant, :id, :ACTION_CHANGES(:*))
ON CONFLICT (tenant_id, generation, id) DO UPDATE SET :ACTION_CHANGES(* = excluded.*)
 WHERE a.version < excluded.version;

-- name: ACTION_DELETE
DELETE FROM actions WHERE tenant_id = :tenant AND id = :id;

-- fragment: ISSUE_CHANGES
title, type_id, type_name, status_id, status_name, category, impact, priority, reporter_id,
assigned_person_id, date_reported, resolved_at, due_date, version;

-- name: ISSUE_PUT
-- writes: issue_projection except caused_by
INSERT INTO issues AS i (tenant_id, id, created_at, :ISSUE_CHANGES(*))
VALUES (:tenant, :id, :created_at, :ISSUE_CHANGES(:*))
ON CONFLICT (tenant_id, generation, id) DO UPDATE SET :ISSUE_CHANGES(* = excluded.*)
 WHERE i.version < excluded.version;

-- name: ISSUE_DELETE
DELETE FROM issues WHERE tenant_id = :tenant AND id = :id;

-- name: ISSUE_TYPE_NAMED
-- partial
UPDATE issues SET type_name = :name WHERE tenant_id = :tenant AND type_id = :id;

-- name: ISSUE_STATUS_NAMED
-- partial
UPDATE issues SET status_name = :name WHERE tenant_id = :tenant AND status_id = :id;

-- --- The feed ---

-- name: FEED_ADD
-- writes: feed_row except status, completed
INSERT INTO activity (tenant_id, id, at, type, entity_type, entity_id, words, reason, told, user_id)
VALUES (:tenant, :id, :now, :type, :entity_type, :entity_id, :words, :reason, :told, :user_id)
ON CONFLICT DO NOTHING;

-- Run before GOAL_PUT, so that it reads the goal's previous row.
-- name: FEED_ADD_GOAL
-- writes: feed_row except completed, reason, told
INSERT INTO activity (tenant_id, id, at, type, entity_type, entity_id, words, user_id)
SELECT :tenant, :id, :now, :type, :entity_type, :entity_id::uuid,
       CASE WHEN :status::text = 'active' AND was.status = 'paused' THEN 'Resumed the goal'
            WHEN :status = 'archived' AND was.status <> 'archived' THEN 'Archived the goal'
            ELSE :words::text END, :user_id
  FROM (SELECT (SELECT g.status FROM goals g
                 WHERE g.tenant_id = :tenant AND g.id = :entity_id) AS status) AS was
ON CONFLICT DO NOTHING;

-- Run before ACTION_PUT, so that it reads the action's previous row.
-- name: FEED_ADD_ACTION
-- writes: feed_row except status, reason, told
INSERT INTO activity (tenant_id, id, at, type, entity_type, entity_id, words, user_id)
SELECT :tenant, :id, :now,
       CASE WHEN became.completed THEN 'action_completed' ELSE :type::text END, :entity_type,
       :entity_id::uuid,
       CASE WHEN became.completed THEN 'Completed the action' ELSE :words::text END, :user_id
  FROM (SELECT :completed::boolean AND NOT EXISTS (
            SELECT 1 FROM actions
             WHERE tenant_id = :tenant AND id = :entity_id AND status = 'completed'
        ) AS completed) AS became
ON CONFLICT DO NOTHING;

-- name: FEED_DELETE
DELETE FROM activity WHERE tenant_id = :tenant AND entity_id = :id;

-- What the entity of activity a is called now; NULL once its row is deleted.
-- fragment: ENTITY_TITLE
CASE a.entity_type
            WHEN 'goal' THEN (SELECT g.title FROM goals g
                               WHERE g.tenant_id = :tenant AND g.id = a.entity_id)
            WHEN 'strategy' THEN (SELECT coalesce(nullif(s.title, ''), s.description) FROM strategies s
                                   WHERE s.tenant_id = :tenant AND s.id = a.entity_id)
            WHEN 'kpi' THEN (SELECT k.name FROM kpis k
                              WHERE k.tenant_id = :tenant AND k.id = a.entity_id)
            WHEN 'action' THEN (SELECT x.title FROM actions x
                                 WHERE x.tenant_id = :tenant AND x.id = a.entity_id)
            WHEN 'issue' THEN (SELECT i.title FROM issues i
                                WHERE i.tenant_id = :tenant AND i.id = a.entity_id)
       END;

-- Titles and names as they are now; an entity without a row is being deleted.
-- fragment: FEED_ENTRY
a.id, a.type, a.user_id,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = a.user_id) AS user_name,
       a.entity_id, a.entity_type, a.at AS timestamp, a.words AS description, a.reason,
       :ENTITY_TITLE AS entity_title;

-- A goal's: its own, and those of its strategies and of the KPIs and actions that are linked to it.
-- fragment: FEED_FILTERS
(coalesce(cardinality(:feed_types::text[]), 0) = 0 OR a.type = ANY (:feed_types))
           AND (:goal_id::uuid IS NULL OR a.entity_id = ANY (ARRAY(
                SELECT :goal_id
                 UNION ALL
                SELECT s.id FROM strategies s
                 WHERE s.tenant_id = :tenant AND s.goal_id = :goal_id
                 UNION ALL
                SELECT l.kpi_id FROM links l
                 WHERE l.tenant_id = :tenant AND l.goal_id = :goal_id
                 UNION ALL
                SELECT linked.id FROM actions_of_goal(:goal_id) AS linked (id))));

-- name: FEED_RECENT
-- fills: recent_entry
SELECT :FEED_ENTRY
  FROM activity a
 WHERE a.tenant_id = :tenant
 ORDER BY a.at DESC, a.id DESC
 LIMIT :size;

-- Titles and names are read for the page's rows only.
-- name: FEED_PAGE
-- long
-- fills: recent_entry
SELECT :FEED_ENTRY
  FROM (SELECT a.* FROM activity a
         WHERE a.tenant_id = :tenant AND :FEED_FILTERS
         ORDER BY a.at DESC, a.id DESC
         LIMIT :size OFFSET (:page::bigint - 1) * :size) AS a
 ORDER BY a.at DESC, a.id DESC;

-- name: FEED_PAGE_COUNT
-- long
-- fills: row_count
SELECT count(*) AS count FROM activity a WHERE a.tenant_id = :tenant AND :FEED_FILTERS;

-- --- The history ---

-- name: HISTORY_ADD
-- writes: history_row
INSERT INTO history (tenant_id, id, at, type, entity_id, title, version, user_id, request_id, caused_by,
                     changes, data)
VALUES (:tenant, :id, :now, :type, :entity_id, :title, :version, :user_id, :request_id, :caused_by,
        :changes, :data)
ON CONFLICT DO NOTHING;

-- fragment: HISTORY_COLUMNS
id, at, user_id, request_id, type, entity_id, title, version, caused_by, changes, data;

-- fragment: SKIP
coalesce(:offset::bigint, least(:page::bigint - 1, 1000000000) * :size);

-- Of about :max_bytes, as far as they go: the last is the one that goes beyond.
-- name: HISTORY_PAGE
-- fills: history_entry except entity_type
SELECT :HISTORY_COLUMNS(a.*), a.total, a.next_key,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = a.user_id) AS user_name
  FROM (SELECT page.*, sum(bytes) OVER (ORDER BY place ROWS UNBOUNDED PRECEDING) - bytes AS before
          FROM (SELECT h.*, coalesce(octet_length(h.changes), 0) + coalesce(octet_length(h.data), 0) + 1 AS bytes
                  FROM history_page(:tenant, :types, :entity_id, :user_id, :since, :until, :size, :SKIP,
                                    :after_key, :after_id) AS h) AS page) AS a
 WHERE a.before <= :max_bytes
 ORDER BY a.place;

-- name: RESOURCE_IS_KNOWN
-- fills: row_count
SELECT CASE :kind::text
           WHEN 'goal' THEN (SELECT count(*) FROM goals WHERE tenant_id = :tenant AND id = :id)
           WHEN 'kpi' THEN (SELECT count(*) FROM kpis WHERE tenant_id = :tenant AND id = :id)
           WHEN 'action' THEN (SELECT count(*) FROM actions WHERE tenant_id = :tenant AND id = :id)
           WHEN 'issue' THEN (SELECT count(*) FROM issues WHERE tenant_id = :tenant AND id = :id)
       END AS count;

-- name: HISTORY_PRUNE
-- fills: row_count
-- global
SELECT prune_history(:before, :max) AS count;

-- --- Figures ---
--
-- Each reads one table; what is to be joined is joined by the service, or is a set that is hashed (IS
-- TRUE keeps a set from becoming a join). A plan may have been made when the tables were empty, and a
-- join by it would take seconds once they are full.

-- name: FIGURES_READ
-- fills: kept_row
SELECT f.data, f.computed_at, f.stamps, coalesce(f.stamps = now_at.stamps, false) AS is_current
  FROM (SELECT array_agg(s.stamp ORDER BY s.source) AS stamps FROM stamps s
         WHERE s.tenant_id = :tenant) AS now_at
  LEFT JOIN figures f ON f.tenant_id = :tenant;

-- name: STAMPS_READ
-- fills: stamps_row
SELECT array_agg(stamp ORDER BY source) AS stamps, max(changed_at) AS changed_at FROM stamps
 WHERE tenant_id = :tenant;

-- fragment: FIGURE_GOAL_FILTERS
(:owner_id::text IS NULL OR owner_id = :owner_id)
       AND (coalesce(cardinality(:horizon::text[]), 0) = 0 OR horizon = ANY (:horizon));

-- fragment: FIGURE_GOAL_IDS
SELECT id FROM goals WHERE tenant_id = :tenant AND :FIGURE_GOAL_FILTERS;

-- name: FIGURE_GOALS
-- long
-- fills: figure_goal
SELECT id, status, horizon, due_date, completed_at
  FROM goals
 WHERE tenant_id = :tenant AND :FIGURE_GOAL_FILTERS
 ORDER BY id;

-- Where the plan of the row k ends: the target of whoever has no other.
-- fragment: PLAN_TARGET
(SELECT t.value FROM target_points t
         WHERE t.tenant_id = :tenant AND t.kpi_id = k.id ORDER BY t.day DESC LIMIT 1);

-- name: FIGURE_KPIS
-- long
-- fills: figure_kpi
SELECT k.id, k.direction, k.is_shared, k.baseline_value,
       coalesce(k.target_value, :PLAN_TARGET) AS target_value, k.first_value, k.last_value
  FROM kpis k
 WHERE k.tenant_id = :tenant
 ORDER BY k.id;

-- name: FIGURE_LINKS
-- long
-- fills: figure_link
SELECT goal_id, kpi_id, threshold, risk_threshold, baseline_value, target_value
  FROM links
 WHERE tenant_id = :tenant
 ORDER BY goal_id, kpi_id;

-- fragment: OPEN_GOAL
('draft', 'active', 'paused');

-- name: FIGURE_STRATEGIES
-- long
-- fills: figure_strategies
SELECT count(*) AS strategies,
       count(*) FILTER (WHERE status = 'validated') AS validated,
       count(*) FILTER (WHERE status = 'adopted') AS adopted,
       count(DISTINCT goal_id) FILTER (WHERE status IN ('validated', 'adopted') AND goal_id IN (
            SELECT id FROM goals
             WHERE tenant_id = :tenant AND status IN :OPEN_GOAL)) AS aligned_goals
  FROM strategies
 WHERE tenant_id = :tenant
   AND (goal_id IN (:FIGURE_GOAL_IDS)) IS TRUE;

-- name: FIGURE_GOAL_ACTIONS
-- long
-- fills: row_count
SELECT count(*) AS count
  FROM actions
 WHERE tenant_id = :tenant AND status <> 'cancelled'
   AND EXISTS (SELECT FROM unnest(goal_ids) AS served (id)
                WHERE (served.id IN (:FIGURE_GOAL_IDS)) IS TRUE);

-- Days are UTC: the connection's time zone is.
-- name: FIGURE_ACTIONS
-- long
-- fills: figure_actions
SELECT count(*) FILTER (WHERE status <> 'cancelled') AS actions,
       count(*) FILTER (WHERE status = 'completed') AS completed,
       count(*) FILTER (WHERE status = 'completed'
            AND coalesce(completed_at::date <= due_date::date, true)) AS in_time,
       count(*) FILTER (WHERE status NOT IN ('completed', 'cancelled')
            AND due_date::date < :now::timestamptz::date) AS overdue
  FROM actions
 WHERE tenant_id = :tenant;

-- The people of each open goal: its owner, and the assignees of its actions.
-- name: FIGURE_PEOPLE
-- long
-- fills: figure_people
WITH work AS MATERIALIZED (
    SELECT g.id AS goal_id, g.owner_id AS person FROM goals g
     WHERE g.tenant_id = :tenant AND g.status IN :OPEN_GOAL
     UNION
    SELECT on_goal.id, a.assigned_person_id
      FROM actions a, unnest(a.goal_ids) AS on_goal (id)
     WHERE a.tenant_id = :tenant AND a.assigned_person_id IS NOT NULL
       AND (on_goal.id IN (SELECT id FROM goals
             WHERE tenant_id = :tenant AND status IN :OPEN_GOAL)) IS TRUE
)
SELECT (SELECT count(DISTINCT goal_id) FROM work) AS open_goals,
       (SELECT count(DISTINCT person) FROM work) AS people,
       (SELECT count(*) FROM (SELECT 1 FROM work GROUP BY person HAVING count(*) > 1) AS x)
           AS on_several,
       (SELECT count(*) FROM (SELECT 1 FROM work GROUP BY goal_id HAVING count(*) > 1) AS x)
           AS goals_of_several,
       (SELECT count(*) FROM (
            SELECT person FROM work -- the others are assigned
             UNION
            SELECT owner_id FROM kpis WHERE tenant_id = :tenant AND owner_id IS NOT NULL
             UNION
            SELECT assigned_person_id FROM actions
             WHERE tenant_id = :tenant AND assigned_person_id IS NOT NULL
             UNION
            SELECT assigned_person_id FROM issues
             WHERE tenant_id = :tenant AND assigned_person_id IS NOT NULL) AS x) AS team_size;

-- The newest score that is old enough, or the oldest one. The current hour's score still changes.
-- name: SCORE_BEFORE
-- fills: score_kept
SELECT score, alignment FROM (
    (SELECT 1 AS choice, score, alignment FROM scores
      WHERE tenant_id = :tenant AND hour <= :before::timestamptz ORDER BY hour DESC LIMIT 1)
     UNION ALL
    (SELECT 2, score, alignment FROM scores
      WHERE tenant_id = :tenant AND hour < date_trunc('hour', :now::timestamptz)
      ORDER BY hour LIMIT 1)) AS known
 ORDER BY choice
 LIMIT 1;

-- name: FIGURES_PUT
-- writes: kept_row except is_current
INSERT INTO figures (tenant_id, stamps, computed_at, data)
VALUES (:tenant, :stamps, :computed_at, :data)
ON CONFLICT (tenant_id, generation) DO UPDATE
   SET stamps = excluded.stamps, computed_at = excluded.computed_at, data = excluded.data;

-- The hour's last score; a later hour of the same day gets one only when something has changed.
-- name: SCORE_PUT
-- writes: score_row
INSERT INTO scores AS s (tenant_id, hour, score, alignment, taken_at)
SELECT :tenant, date_trunc('hour', :computed_at::timestamptz), :score::double precision,
       :alignment::double precision, :computed_at
 WHERE NOT EXISTS (
    SELECT 1 FROM scores last
     WHERE last.tenant_id = :tenant
       AND last.hour >= date_trunc('day', :computed_at::timestamptz)
       AND last.hour < date_trunc('hour', :computed_at::timestamptz)
       AND last.taken_at >= :changed_at::timestamptz)
ON CONFLICT (tenant_id, hour) DO UPDATE
   SET score = excluded.score, alignment = excluded.alignment, taken_at = excluded.taken_at;

-- name: TENANTS_TO_SCORE
-- fills: tenant_row
-- global
SELECT tenant_id FROM tenants_to_score(:now, :max);

-- name: SCORES_THIN
-- fills: row_count
-- global
SELECT thin_scores(:now) AS count;

-- --- The command center ---
--
-- As the figures: each statement reads one table, and what is to be joined is joined by the service.

-- name: COMMAND_CENTER_READ
-- fills: kept_row
SELECT c.data, c.computed_at, c.stamps, coalesce(c.stamps = now_at.stamps, false) AS is_current
  FROM (SELECT array_agg(s.stamp ORDER BY s.source) AS stamps FROM stamps s
         WHERE s.tenant_id = :tenant) AS now_at
  LEFT JOIN command_centers c ON c.tenant_id = :tenant;

-- What a text of the command center would be based on now.
-- name: COMMAND_BASIS
-- fills: text_basis
SELECT (SELECT generation()) AS generation, array_agg(s.stamp ORDER BY s.source) AS stamps,
       (SELECT n.stamp::text FROM name_stamps n WHERE n.tenant_id = :tenant) AS names
  FROM stamps s WHERE s.tenant_id = :tenant;

-- name: COMMAND_CENTER_PUT
-- writes: kept_row except is_current
INSERT INTO command_centers (tenant_id, stamps, computed_at, data)
VALUES (:tenant, :stamps, :computed_at, :data)
ON CONFLICT (tenant_id, generation) DO UPDATE
   SET stamps = excluded.stamps, computed_at = excluded.computed_at, data = excluded.data;

-- fragment: UNDONE_ACTION
status NOT IN ('completed', 'cancelled');

-- Days are UTC: the connection's time zone is.
-- fragment: TODAY
date_trunc('day', :now::timestamptz);

-- fragment: COMMAND_GOAL_IDS
SELECT id FROM goals WHERE tenant_id = :tenant AND status = 'active';

-- name: COMMAND_GOALS
-- long
-- fills: command_goal_row
SELECT id, due_date FROM goals
 WHERE tenant_id = :tenant AND status = 'active'
 ORDER BY due_date, id;

-- name: COMMAND_LINKS
-- long
-- fills: command_link
SELECT id, goal_id, kpi_id, strategy_id, is_primary, threshold, risk_threshold, baseline_value,
       target_value
  FROM links
 WHERE tenant_id = :tenant AND (goal_id IN (:COMMAND_GOAL_IDS)) IS TRUE
 ORDER BY goal_id, id;

-- Where the paths of plans begin.
-- name: COMMAND_KPIS
-- long
-- fills: command_kpi
SELECT id, owner_id, interpolation_method, coalesce(baseline_value, first_value) AS start_value,
       coalesce(baseline_date, first_day, date_trunc('day', created_at)) AS start_day
  FROM kpis
 WHERE tenant_id = :tenant
 ORDER BY id;

-- Of each plan the points on both sides of today.
-- name: COMMAND_PLANS
-- long
-- fills: command_point
SELECT kpi_id, is_anchor, day, left_value, right_value, straight FROM (
    (SELECT DISTINCT ON (kpi_id) kpi_id, false AS is_anchor, day, value AS left_value,
            value AS right_value, false AS straight
       FROM target_points WHERE tenant_id = :tenant AND day <= :TODAY
      ORDER BY kpi_id, day DESC)
     UNION ALL
    (SELECT DISTINCT ON (kpi_id) kpi_id, false, day, value, value, false
       FROM target_points WHERE tenant_id = :tenant AND day > :TODAY
      ORDER BY kpi_id, day)
     UNION ALL
    (SELECT DISTINCT ON (kpi_id) kpi_id, true, day, left_value, right_value, straight
       FROM plan_anchors WHERE tenant_id = :tenant AND day <= :TODAY
      ORDER BY kpi_id, day DESC)
     UNION ALL
    (SELECT DISTINCT ON (kpi_id) kpi_id, true, day, left_value, right_value, straight
       FROM plan_anchors WHERE tenant_id = :tenant AND day > :TODAY
      ORDER BY kpi_id, day)) AS around
 ORDER BY kpi_id, is_anchor, day;

-- name: COMMAND_PAST_DUE
-- long
-- fills: action_past_due
SELECT id AS action_id, title, due_date, priority, assigned_person_id, goal_ids, strategy_ids
  FROM actions
 WHERE tenant_id = :tenant AND :UNDONE_ACTION AND due_date < :TODAY
 ORDER BY due_date, id
 LIMIT :max;

-- name: COMMAND_ACTION_COUNTS
-- long
-- fills: command_action_counts
SELECT count(*) AS active, count(*) FILTER (WHERE due_date < :TODAY) AS past_due,
       count(*) FILTER (WHERE due_date >= :TODAY
                          AND due_date < :TODAY + interval '7 days') AS this_week
  FROM actions
 WHERE tenant_id = :tenant AND :UNDONE_ACTION;

-- fragment: CRITICAL_ISSUE
impact IN ('critical', 'high');

-- name: COMMAND_ISSUES
-- long
-- fills: critical_issue
SELECT id AS issue_id, title, impact, priority, reporter_id,
       coalesce(date_reported, created_at) AS date_reported, status_name
  FROM issues
 WHERE tenant_id = :tenant AND :CRITICAL_ISSUE AND category IS DISTINCT FROM 'closed'
 ORDER BY impact = 'high', coalesce(date_reported, created_at), id
 LIMIT :max;

-- name: COMMAND_ISSUE_COUNTS
-- long
-- fills: command_issue_counts
SELECT count(*) AS open, count(*) FILTER (WHERE :CRITICAL_ISSUE) AS critical
  FROM issues
 WHERE tenant_id = :tenant AND category IS DISTINCT FROM 'closed';

-- --- What is known of those that are shown ---

-- name: COMMAND_GOALS_SHOWN
-- long
-- fills: command_goal
SELECT id, title, intent, owner_id FROM goals
 WHERE tenant_id = :tenant AND id = ANY (:goal_ids::uuid[])
 ORDER BY id;

-- fragment: STRATEGY_NAME
coalesce(nullif(title, ''), left(description, 80));

-- name: COMMAND_STRATEGIES
-- long
-- fills: command_strategy
SELECT id, goal_id, :STRATEGY_NAME AS title FROM strategies
 WHERE tenant_id = :tenant AND goal_id = ANY (:goal_ids::uuid[])
 ORDER BY goal_id, order_index, id;

-- fragment: SERVED_COUNTS
count(*) FILTER (WHERE status <> 'cancelled') AS counted,
       count(*) FILTER (WHERE status = 'completed') AS completed,
       count(*) FILTER (WHERE :UNDONE_ACTION AND due_date < :TODAY) AS past_due;

-- name: COMMAND_GOAL_ACTIONS
-- long
-- fills: served_counts
SELECT served.id, :SERVED_COUNTS
  FROM actions, unnest(goal_ids) AS served (id)
 WHERE tenant_id = :tenant AND (served.id IN (SELECT unnest(:goal_ids::uuid[]))) IS TRUE
 GROUP BY served.id
 ORDER BY served.id;

-- name: COMMAND_STRATEGY_ACTIONS
-- long
-- fills: served_counts
SELECT served.id, :SERVED_COUNTS
  FROM actions, unnest(strategy_ids) AS served (id)
 WHERE tenant_id = :tenant AND (served.id IN (
        SELECT id FROM strategies
         WHERE tenant_id = :tenant AND goal_id = ANY (:goal_ids::uuid[]))) IS TRUE
 GROUP BY served.id
 ORDER BY served.id;

-- --- Whose and what ---

-- name: COMMAND_TASKS_READ
-- fills: command_task
SELECT id, title, description, due_date, priority, status, progress, goal_ids, strategy_ids
  FROM actions
 WHERE tenant_id = :tenant AND assigned_person_id = :user_id AND :UNDONE_ACTION
   AND due_date >= :TODAY AND due_date < :until
 ORDER BY due_date, id
 LIMIT :limit;

-- Goals, strategies and KPIs are told apart by their ids.
-- name: COMMAND_TITLES
-- fills: command_title
SELECT id, title FROM goals WHERE tenant_id = :tenant AND id = ANY (:goal_ids::uuid[])
 UNION ALL
SELECT id, :STRATEGY_NAME FROM strategies
 WHERE tenant_id = :tenant AND id = ANY (:strategy_ids::uuid[])
 UNION ALL
SELECT id, name FROM kpis WHERE tenant_id = :tenant AND id = ANY (:kpi_ids::uuid[])
 ORDER BY id;

-- name: COMMAND_PEOPLE
-- fills: command_person
SELECT user_id, name FROM people WHERE tenant_id = :tenant AND user_id = ANY (:user_ids::text[])
 ORDER BY user_id COLLATE "C";

-- --- The report: read in parts, so that a large one does not delay other requests ---

-- Of the period [:from, :until). :now is when states hold: the period's end, or earlier. What is not known
-- of rows of older releases: goals began with their creation, actions with what their ids tell.

-- Goal g was there in the period and had not ended before.
-- fragment: REPORT_GOAL
least(g.start_date, g.created_at) < :until
   AND coalesce(g.completed_at, g.cancelled_at, :until) >= :from;

-- What ended later was active.
-- fragment: REPORT_GOAL_STATUS
CASE WHEN coalesce(g.completed_at, g.cancelled_at) >= :until THEN 'active' ELSE g.status END;

-- Action a was to be done.
-- fragment: REPORT_UNDONE
(a.:UNDONE_ACTION OR a.completed_at >= :until);

-- fragment: REPORT_ACTION_OPENED
coalesce(a.date_entered, made_at(a.id));

-- fragment: REPORT_ISSUE_OPENED
coalesce(i.date_reported, i.created_at);

-- Issue i was open.
-- fragment: REPORT_ISSUE_OPEN
:REPORT_ISSUE_OPENED < :until AND (i.category IS DISTINCT FROM 'closed' OR i.resolved_at >= :until);

-- In the order of the goals list.
-- name: REPORT_GOALS
-- long
-- fills: goal_row
SELECT g.id, g.title, :REPORT_GOAL_STATUS AS status, g.horizon, g.due_date,
       CASE WHEN g.completed_at < :until THEN g.completed_at END AS completed_at,
       CASE WHEN g.cancelled_at < :until THEN g.cancelled_at END AS cancelled_at,
       coalesce((SELECT p.name FROM people p
                  WHERE p.tenant_id = :tenant AND p.user_id = g.owner_id), g.owner_id) AS owner_name,
       (SELECT coalesce(sum(octet_length(s.description)), 0)::bigint FROM strategies s
         WHERE s.tenant_id = :tenant AND s.goal_id = g.id) AS strategy_bytes
  FROM goals g
 WHERE g.tenant_id = :tenant AND :REPORT_GOAL
 ORDER BY g.created_at DESC, g.id DESC
 LIMIT :max OFFSET :skip;

-- name: REPORT_GOALS_COUNT
-- long
-- fills: row_count
SELECT count(*) AS count FROM goals g WHERE g.tenant_id = :tenant AND :REPORT_GOAL;

-- Those that were active, for the command center's rules.
-- name: REPORT_ACTIVE_GOALS
-- long
-- fills: command_goal_row
SELECT g.id, g.due_date FROM goals g
 WHERE g.tenant_id = :tenant AND :REPORT_GOAL AND :REPORT_GOAL_STATUS = 'active'
 ORDER BY g.due_date, g.id;

-- name: REPORT_ACTIVE_LINKS
-- long
-- fills: command_link
SELECT l.id, l.goal_id, l.kpi_id, l.strategy_id, l.is_primary, l.threshold, l.risk_threshold,
       l.baseline_value, l.target_value
  FROM links l
 WHERE l.tenant_id = :tenant AND (l.goal_id IN (
        SELECT g.id FROM goals g
         WHERE g.tenant_id = :tenant AND :REPORT_GOAL AND :REPORT_GOAL_STATUS = 'active')) IS TRUE
 ORDER BY l.goal_id, l.id;

-- With what was measured last by then.
-- name: REPORT_FIGURE_KPIS
-- long
-- fills: figure_kpi
SELECT k.id, k.direction, k.is_shared, k.baseline_value,
       coalesce(k.target_value, :PLAN_TARGET) AS target_value, k.first_value,
       (SELECT r.value FROM readings r
         WHERE r.tenant_id = :tenant AND r.kpi_id = k.id AND r.period <= :to_month
         ORDER BY r.period DESC LIMIT 1) AS last_value
  FROM kpis k
 WHERE k.tenant_id = :tenant
 ORDER BY k.id;

-- name: REPORT_KPI_NAMES
-- long
-- fills: kpi_name_row
SELECT k.id, k.name, k.unit,
       coalesce((SELECT p.name FROM people p
                  WHERE p.tenant_id = :tenant AND p.user_id = k.owner_id), k.owner_id) AS owner_name
  FROM kpis k
 WHERE k.tenant_id = :tenant
 ORDER BY k.id;

-- name: REPORT_GOAL_LATE
-- long
-- fills: goal_late_row
SELECT served.id AS goal_id, count(*) AS late
  FROM actions a, unnest(a.goal_ids) AS served (id)
 WHERE a.tenant_id = :tenant AND :REPORT_UNDONE AND a.due_date < :TODAY
   AND (served.id IN (SELECT unnest(:ids::uuid[]))) IS TRUE
 GROUP BY served.id
 ORDER BY served.id;

-- name: REPORT_STRATEGIES
-- long
-- fills: strategy_row
SELECT s.goal_id, s.description, s.status
  FROM strategies s
  JOIN goals g ON g.tenant_id = :tenant AND g.id = s.goal_id
 WHERE s.tenant_id = :tenant AND s.goal_id = ANY (:ids::uuid[])
   AND (made_at(s.id) < :until OR g.created_at >= :until)
 ORDER BY s.goal_id, s.order_index, s.id;

-- name: REPORT_STRATEGIES_BY_STATUS
-- long
-- fills: report_count
SELECT s.status AS label, count(*) AS count
  FROM strategies s
  JOIN goals g ON g.tenant_id = :tenant AND g.id = s.goal_id
 WHERE s.tenant_id = :tenant AND :REPORT_GOAL
   AND (made_at(s.id) < :until OR g.created_at >= :until)
 GROUP BY s.status
 ORDER BY array_position(ARRAY['draft', 'validated', 'adopted'], s.status);

-- name: REPORT_LINKS
-- long
-- fills: figure_link
SELECT goal_id, kpi_id, threshold, risk_threshold, baseline_value, target_value FROM links
 WHERE tenant_id = :tenant AND goal_id = ANY (:ids::uuid[])
 ORDER BY goal_id;

-- KPI k was there, or has been measured for then.
-- fragment: REPORT_KPI
(k.created_at < :until
        OR EXISTS (SELECT FROM readings r
                    WHERE r.tenant_id = :tenant AND r.kpi_id = k.id AND r.period <= :to_month));

-- name: REPORT_KPIS
-- long
-- fills: kpi_row
SELECT k.id, k.name, k.unit, k.direction, coalesce(k.target_value, :PLAN_TARGET) AS target,
       k.baseline_value AS baseline, k.interpolation_method,
       coalesce(k.baseline_value, k.first_value) AS start_value,
       coalesce(k.baseline_date, earliest.day,
                date_trunc('day', k.created_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC') AS start_day,
       (SELECT count(*) FROM readings r
         WHERE r.tenant_id = :tenant AND r.kpi_id = k.id AND r.period <= :to_month)
           AS readings_total
  FROM kpis k
  LEFT JOIN LATERAL
       (SELECT :READING_DAY AS day
          FROM readings r
         WHERE r.tenant_id = :tenant AND r.kpi_id = k.id
         ORDER BY r.period LIMIT 1) AS earliest ON true
 WHERE k.tenant_id = :tenant AND :REPORT_KPI
 ORDER BY k.created_at DESC, k.id DESC
 LIMIT :max OFFSET :skip;

-- name: REPORT_LINKED
-- long
-- fills: kpi_goal_row
SELECT l.kpi_id, l.threshold, l.target_value,
       (SELECT g.title COLLATE "und-x-icu" FROM goals g
         WHERE g.tenant_id = :tenant AND g.id = l.goal_id) AS title
  FROM links l
 WHERE l.tenant_id = :tenant AND l.kpi_id = ANY (:ids::uuid[])
 ORDER BY l.kpi_id, title, l.goal_id;

-- name: REPORT_READINGS
-- long
-- fills: reading_row
SELECT kpi.id AS kpi_id, r.period, r.value, r.is_estimate
  FROM unnest(:ids::uuid[]) WITH ORDINALITY AS kpi (id, place),
       LATERAL (SELECT period, value, is_estimate FROM readings
                 WHERE tenant_id = :tenant AND kpi_id = kpi.id AND period <= :to_month
                 ORDER BY period DESC LIMIT :max) AS r
 ORDER BY kpi.place, r.period;

-- name: REPORT_TARGETS
-- long
-- fills: target_row
SELECT t.kpi_id, t.day, t.value, t.optimal_value, t.minimal_value
  FROM unnest(:ids::uuid[]) WITH ORDINALITY AS kpi (id, place)
  JOIN target_points t ON t.tenant_id = :tenant AND t.kpi_id = kpi.id
 ORDER BY kpi.place, t.day;

-- name: REPORT_ANCHORS
-- long
-- fills: anchor_row
SELECT a.kpi_id, a.day, a.left_value, a.right_value, a.straight
  FROM unnest(:ids::uuid[]) WITH ORDINALITY AS kpi (id, place)
  JOIN plan_anchors a ON a.tenant_id = :tenant AND a.kpi_id = kpi.id
 ORDER BY kpi.place, a.day;

-- name: REPORT_KPIS_COUNT
-- long
-- fills: row_count
SELECT count(*) AS count FROM kpis k WHERE k.tenant_id = :tenant AND :REPORT_KPI;

-- The last value of the period beside the last one before, those that changed most first: by parts of the
-- larger one, halved because the way between two values may exceed what a double holds.
-- name: REPORT_MOVES
-- long
-- fills: report_move
SELECT k.name, k.unit, k.direction, past.value AS before, last.value AS after,
       past.period AS before_period, last.period AS after_period
  FROM kpis k
  JOIN LATERAL (SELECT r.value, r.period FROM readings r
                 WHERE r.tenant_id = :tenant AND r.kpi_id = k.id
                   AND r.period >= :from_month AND r.period <= :to_month
                 ORDER BY r.period DESC LIMIT 1) AS last ON true
  JOIN LATERAL (SELECT r.value, r.period FROM readings r
                 WHERE r.tenant_id = :tenant AND r.kpi_id = k.id AND r.period < :from_month
                 ORDER BY r.period DESC LIMIT 1) AS past ON true
 WHERE k.tenant_id = :tenant AND last.value <> past.value
 ORDER BY abs(last.value / 2 - past.value / 2)
          / greatest(abs(last.value / 2), abs(past.value / 2), 1e-300) DESC, k.id
 LIMIT :max;

-- name: REPORT_ACTIONS_BY_STATUS
-- long
-- fills: report_count
SELECT status AS label, count(*) AS count FROM actions
 WHERE tenant_id = :tenant
 GROUP BY status
 ORDER BY array_position(ARRAY['not_started', 'in_progress', 'blocked', 'completed', 'cancelled'],
                         status);

-- What is shown of action a.
-- fragment: REPORT_ACTION
a.title, a.due_date, a.priority, a.status, :REPORT_ACTION_OPENED AS opened_at, a.completed_at,
       coalesce((SELECT p.name FROM people p
                  WHERE p.tenant_id = :tenant AND p.user_id = a.assigned_person_id),
                a.assigned_person_id) AS assignee,
       (SELECT g.title FROM goals g
         WHERE g.tenant_id = :tenant AND g.id = ANY (a.goal_ids)
         ORDER BY array_position(a.goal_ids, g.id) LIMIT 1) AS goal;

-- name: REPORT_OVERDUE
-- long
-- fills: report_action
SELECT :REPORT_ACTION
  FROM actions a
 WHERE a.tenant_id = :tenant AND :REPORT_UNDONE AND a.due_date < :TODAY
 ORDER BY a.due_date, a.id
 LIMIT :max;

-- name: REPORT_COMPLETED
-- long
-- fills: report_action
SELECT :REPORT_ACTION
  FROM actions a
 WHERE a.tenant_id = :tenant AND a.status = 'completed'
   AND a.completed_at >= :from AND a.completed_at < :until
 ORDER BY a.completed_at DESC, a.id
 LIMIT :max;

-- name: REPORT_OPENED
-- long
-- fills: report_action
SELECT :REPORT_ACTION
  FROM actions a
 WHERE a.tenant_id = :tenant AND :REPORT_ACTION_OPENED >= :from AND :REPORT_ACTION_OPENED < :until
 ORDER BY :REPORT_ACTION_OPENED DESC, a.id
 LIMIT :max;

-- name: REPORT_ACTION_COUNTS
-- long
-- fills: action_counts_row
SELECT count(*) FILTER (WHERE :REPORT_UNDONE AND :REPORT_ACTION_OPENED < :until) AS open,
       count(*) FILTER (WHERE :REPORT_UNDONE AND a.due_date < :TODAY) AS overdue,
       count(*) FILTER (WHERE a.status = 'completed' AND a.completed_at >= :from
                          AND a.completed_at < :until) AS completed,
       count(*) FILTER (WHERE :REPORT_ACTION_OPENED >= :from
                          AND :REPORT_ACTION_OPENED < :until) AS opened
  FROM actions a
 WHERE a.tenant_id = :tenant;

-- name: REPORT_ISSUES_BY_CATEGORY
-- long
-- fills: report_count
SELECT category AS label, count(*) AS count FROM issues
 WHERE tenant_id = :tenant AND category IS NOT NULL
 GROUP BY category
 ORDER BY array_position(ARRAY['open', 'active', 'inactive', 'closed'], category);

-- What is shown of issue i.
-- fragment: REPORT_ISSUE
i.title, i.type_name AS type, i.status_name AS status, i.priority, i.impact,
       :REPORT_ISSUE_OPENED AS reported_at, i.resolved_at AS closed_at, i.due_date,
       coalesce((SELECT p.name FROM people p
                  WHERE p.tenant_id = :tenant AND p.user_id = i.reporter_id),
                i.reporter_id) AS reporter;

-- name: REPORT_ISSUES
-- long
-- fills: report_issue
SELECT :REPORT_ISSUE
  FROM issues i
 WHERE i.tenant_id = :tenant AND :REPORT_ISSUE_OPEN
 ORDER BY array_position(ARRAY['critical', 'high', 'medium', 'low'], i.impact),
          :REPORT_ISSUE_OPENED, i.id
 LIMIT :max;

-- name: REPORT_CLOSED_ISSUES
-- long
-- fills: report_issue
SELECT :REPORT_ISSUE
  FROM issues i
 WHERE i.tenant_id = :tenant AND i.category = 'closed'
   AND i.resolved_at >= :from AND i.resolved_at < :until
 ORDER BY i.resolved_at DESC, i.id
 LIMIT :max;

-- name: REPORT_OPENED_ISSUES
-- long
-- fills: report_issue
SELECT :REPORT_ISSUE
  FROM issues i
 WHERE i.tenant_id = :tenant AND :REPORT_ISSUE_OPENED >= :from AND :REPORT_ISSUE_OPENED < :until
 ORDER BY :REPORT_ISSUE_OPENED DESC, i.id
 LIMIT :max;

-- name: REPORT_ISSUE_COUNTS
-- long
-- fills: issue_counts_row
SELECT count(*) FILTER (WHERE :REPORT_ISSUE_OPEN) AS open,
       count(*) FILTER (WHERE :REPORT_ISSUE_OPEN AND i.:CRITICAL_ISSUE) AS critical,
       count(*) FILTER (WHERE i.category = 'closed' AND i.resolved_at >= :from
                          AND i.resolved_at < :until) AS closed,
       count(*) FILTER (WHERE :REPORT_ISSUE_OPENED >= :from
                          AND :REPORT_ISSUE_OPENED < :until) AS opened
  FROM issues i
 WHERE i.tenant_id = :tenant;

-- name: REPORT_DECISIONS
-- long
-- fills: report_entry
SELECT a.at, a.words AS text, a.told AS title,
       coalesce((SELECT p.name FROM people p
                  WHERE p.tenant_id = :tenant AND p.user_id = a.user_id), a.user_id) AS person,
       :ENTITY_TITLE AS goal
  FROM activity a
 WHERE a.tenant_id = :tenant AND a.type = 'decision_made' AND a.at >= :from AND a.at < :until
 ORDER BY a.at DESC, a.id DESC
 LIMIT :max;

-- name: REPORT_DECISIONS_COUNT
-- long
-- fills: row_count
SELECT count(*) AS count FROM activity
 WHERE tenant_id = :tenant AND type = 'decision_made' AND at >= :from AND at < :until;

-- Those with most that is late first, then with most to do.
-- name: REPORT_PEOPLE
-- long
-- fills: report_person
WITH owned AS (
    SELECT g.owner_id AS person, count(*) AS goals,
           count(*) FILTER (WHERE g.due_date < :TODAY) AS late_goals
      FROM goals g
     WHERE g.tenant_id = :tenant AND :REPORT_GOAL AND :REPORT_GOAL_STATUS IN ('active', 'paused')
     GROUP BY g.owner_id
), done AS (
    SELECT a.assigned_person_id AS person,
           count(*) FILTER (WHERE :REPORT_UNDONE AND :REPORT_ACTION_OPENED < :until) AS actions,
           count(*) FILTER (WHERE :REPORT_UNDONE AND a.due_date < :TODAY) AS late_actions,
           count(*) FILTER (WHERE a.status = 'completed' AND a.completed_at >= :from
                              AND a.completed_at < :until) AS completed_actions
      FROM actions a
     WHERE a.tenant_id = :tenant AND a.assigned_person_id IS NOT NULL
     GROUP BY a.assigned_person_id
)
SELECT coalesce((SELECT p.name FROM people p WHERE p.tenant_id = :tenant AND p.user_id = person),
                person) AS name,
       coalesce(goals, 0) AS goals, coalesce(late_goals, 0) AS late_goals,
       coalesce(actions, 0) AS actions, coalesce(late_actions, 0) AS late_actions,
       coalesce(completed_actions, 0) AS completed_actions
  FROM owned FULL JOIN done USING (person)
 WHERE coalesce(goals, 0) + coalesce(actions, 0) + coalesce(late_actions, 0)
       + coalesce(completed_actions, 0) > 0
 ORDER BY coalesce(late_goals, 0) + coalesce(late_actions, 0) DESC,
          coalesce(goals, 0) + coalesce(actions, 0) DESC, person
 LIMIT :max;

-- name: REPORT_POINTS
-- long
-- fills: report_point
SELECT day, score, alignment FROM (
    SELECT DISTINCT ON (date_trunc('day', hour)) date_trunc('day', hour) AS day, score, alignment
      FROM scores
     WHERE tenant_id = :tenant AND hour >= :from AND hour < :until
     ORDER BY date_trunc('day', hour) DESC, hour DESC
     LIMIT :max) AS newest
 ORDER BY day;

-- name: REPORT_SCORE_BEFORE
-- fills: report_point
SELECT date_trunc('day', hour) AS day, score, alignment FROM scores
 WHERE tenant_id = :tenant AND hour < :from
 ORDER BY hour DESC LIMIT 1;

-- name: REPORT_ACTIVITY
-- long
-- fills: report_entry except title
SELECT a.at, a.words AS text,
       coalesce((SELECT p.name FROM people p
                  WHERE p.tenant_id = :tenant AND p.user_id = a.user_id), a.user_id) AS person,
       :ENTITY_TITLE AS goal
  FROM activity a
 WHERE a.tenant_id = :tenant AND a.at >= :from AND a.at < :until
 ORDER BY a.at DESC, a.id DESC
 LIMIT :max OFFSET :skip;

-- name: REPORT_ACTIVITY_COUNT
-- long
-- fills: row_count
SELECT count(*) AS count FROM activity
 WHERE tenant_id = :tenant AND at >= :from AND at < :until;

-- --- The limit of reports in a month ---

-- Serialises transactions that begin reports of one tenant, until their commit.
-- name: REPORTS_ADVISORY_LOCK
SELECT pg_advisory_xact_lock(hashtextextended(:tenant::text || chr(10) || 'reports', 0));

-- Made in the month, or begun so recently that they may still be in progress.
-- name: REPORTS_COUNT
-- fills: row_count
SELECT count(*) AS count FROM reports
 WHERE tenant_id = :tenant AND begun_at >= date_trunc('month', :now::timestamptz)
   AND (made OR begun_at > :now::timestamptz - interval '3 minutes');

-- name: REPORT_ADD
-- partial
INSERT INTO reports (tenant_id, id, user_id, begun_at, made)
VALUES (:tenant, :id, :user_id, :now, false);

-- name: REPORTS_DELETE_OLD
DELETE FROM reports
 WHERE tenant_id = :tenant AND begun_at < date_trunc('month', :now::timestamptz) - interval '1 month';

-- name: REPORT_MADE
-- partial
UPDATE reports SET made = true WHERE tenant_id = :tenant AND begun_at = :now AND id = :id;

-- name: REPORT_DELETE
DELETE FROM reports WHERE tenant_id = :tenant AND begun_at = :now AND id = :id;

-- --- A rebuild: another generation is written beside the current one, then takes its place ---

-- No row while another rebuild is alive. The number of an interrupted one is not used again.
-- name: REBUILD_BEGIN
-- fills: generation except sources, suffix
-- partial
-- global
UPDATE generations
   SET building = greatest(current, building) + 1, building_at = clock_timestamp()
 WHERE building IS NULL OR building_at < clock_timestamp() - interval '1 minute'
RETURNING building AS generation;

-- name: REBUILD_LIVES
-- fills: generation except sources, suffix
-- partial
-- global
UPDATE generations SET building_at = clock_timestamp() WHERE building = :generation
RETURNING building AS generation;

-- Blocks the consumers of these sources until the transaction ends, and returns their numbers.
-- name: REBUILD_SOURCES_FOR_UPDATE
-- fills: source_sequence
-- global
SELECT source, pos FROM consumed WHERE source = ANY (:sources::text[]) ORDER BY source FOR UPDATE;

-- The same numbers, without blocking anybody.
-- name: REBUILD_SOURCES
-- fills: source_sequence
-- global
SELECT source, pos FROM consumed WHERE source = ANY (:sources::text[]);

-- name: REBUILD_COPY_FEED
-- fills: feed_copy except tenant_after, max
-- global
SELECT last_tenant AS tenant, last_id AS id FROM copy_activity(:tenant_after, :id, :max);

-- What waits does so for the new generation, which has events of its own that wait. Two statements,
-- since both may have the same event.
-- name: REBUILD_DELETE_PARKED
-- global
DELETE FROM parked_events WHERE source = ANY (:sources::text[]);

-- name: REBUILD_KEEP_PARKED
-- partial
-- global
UPDATE parked_events p SET source = live.source
  FROM unnest(:sources::text[]) AS live (source)
 WHERE p.source = live.source || :suffix::text;

-- The consumers continue after the last events of the new generation.
-- name: REBUILD_SWITCH
-- fills: generation except sources, suffix
-- partial
-- global
WITH places AS (
    UPDATE consumed live SET pos = built.pos, parked_changes = live.parked_changes + 1
      FROM consumed built
     WHERE live.source = ANY (:sources::text[]) AND built.source = live.source || :suffix::text
    RETURNING 1
)
UPDATE generations SET current = building, building = NULL, building_at = NULL
 WHERE building = :generation
RETURNING current AS generation;

-- Its number is skipped, so that no later generation has its rows.
-- name: REBUILD_CANCEL
-- fills: generation except sources, suffix
-- partial
-- global
UPDATE generations SET building = building + 1, building_at = '-infinity'
 WHERE building = :generation
RETURNING building AS generation;

-- Also the numbers and parked events of an interrupted rebuild.
-- name: REBUILD_DELETE
-- global
WITH parked AS (
    DELETE FROM parked_events WHERE source LIKE '%@%'
)
DELETE FROM consumed WHERE source LIKE '%@%';

-- name: GENERATIONS_DROP
-- fills: drop except max
-- global
SELECT drop_generations(:max) AS count;
