-- Every statement of svc-kpis. Parameters are members of the input struct, and :tenant, :user_id and
-- :now of the request. Optional filters arrive as NULL.

-- --- The catalogue ---
--
-- A new column of kpis has its place in KPI_CHANGES, or, when it is set once and never changed, in
-- KPI_COLUMNS.

-- fragment: KPI_CHANGES
name, description, category, unit, direction, formula, is_shared, owner_id, baseline_value,
target_value, catalog_id, type, aggregation_type, aggregation_period, aggregation_period_count,
value_type, measurement_frequency, data_source, interpolation_method, baseline_date, version,
updated_at, updated_by;

-- fragment: KPI_COLUMNS
id, deleted_at, created_at, created_by, :KPI_CHANGES;

-- What a KPI shows of its row k. The name is a sub-select because a joined row would not be read
-- again after waiting for a lock.
-- fragment: KPI_SHOWN
:KPI_COLUMNS(k.*),
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = k.owner_id) AS owner_name,
       k.current_value, k.current_day AS current_value_date,
       (SELECT count(*) FROM links l
         WHERE l.tenant_id = :tenant AND l.kpi_id = k.id) AS linked_goal_count;

-- The day of the row k from which its path begins.
-- fragment: PLAN_START_DAY
coalesce(k.baseline_date, k.first_day, date_trunc('day', k.created_at, 'UTC'));

-- What the plan of the row k expects on the day of the newest reading follows from that.
-- fragment: PLAN_AROUND
k.interpolation_method, coalesce(k.baseline_value, k.first_value) AS start_value,
       :PLAN_START_DAY AS start_day, k.target_before_day, k.target_before_value,
       k.target_after_day, k.target_after_value, k.anchor_before_day, k.anchor_before_left,
       k.anchor_before_right, k.anchor_before_straight, k.anchor_after_day, k.anchor_after_left,
       k.anchor_after_right, k.anchor_after_straight;

-- A row by its key, of an id that is found row by row: how many there will be is not known when the
-- statement is planned.
-- fragment: KPI_OF_PAGE
LATERAL (SELECT * FROM kpis WHERE tenant_id = :tenant AND id = page.id OFFSET 0) AS k;

-- fragment: SKIP
coalesce(:offset::bigint, least(:page::bigint - 1, 1000000000) * :size);

-- fragment: PAGE
LIMIT :size OFFSET :SKIP;

-- name: KPI_BY_ID
-- fills: kpi
SELECT :KPI_SHOWN
  FROM kpis k
 WHERE k.tenant_id = :tenant AND k.id = :id AND k.deleted_at IS NULL;

-- The same row, locked until the transaction ends.
-- name: KPI_FOR_UPDATE
-- fills: kpi
SELECT :KPI_SHOWN
  FROM kpis k
 WHERE k.tenant_id = :tenant AND k.id = :id AND k.deleted_at IS NULL
   FOR UPDATE OF k;

-- fragment: KPI_ID
SELECT id FROM kpis WHERE tenant_id = :tenant AND id = :id AND deleted_at IS NULL;

-- name: KPI_EXISTS
-- fills: row_id
:KPI_ID;

-- name: KPI_ID_FOR_UPDATE
-- fills: row_id
:KPI_ID FOR UPDATE;

-- fragment: KPI_MEASURED
SELECT id, name, unit, direction, interpolation_method, version
  FROM kpis
 WHERE tenant_id = :tenant AND id = :id AND deleted_at IS NULL;

-- Before recording a measurement: locks the KPI against changes, deletion and other readings, but not
-- against linking it.
-- name: KPI_FOR_NO_KEY_UPDATE
-- fills: measured_kpi
:KPI_MEASURED
   FOR NO KEY UPDATE;

-- name: KPI_TO_MEASURE
-- fills: measured_kpi
:KPI_MEASURED;

-- Before linking: locks the KPI against deletion.
-- name: KPI_FOR_KEY_SHARE
-- fills: row_id
:KPI_ID FOR KEY SHARE;

-- One of the first of the default pages, in the order of kpis_newest.
-- name: KPIS_NEWEST
-- fills: kpi
SELECT :KPI_SHOWN, page.next_key
  FROM newest_kpis(:tenant, :size, :SKIP) AS page, :KPI_OF_PAGE
 ORDER BY page.place;

-- name: KPIS_COUNT
-- fills: row_count
SELECT coalesce(sum(count), 0)::bigint AS count
  FROM list_counts WHERE tenant_id = :tenant AND list = 'kpis' AND part = '';

-- Any page, filters and order; every row has the total.
-- name: KPIS_PAGE
-- long
-- fills: kpi
-- sorts: kpi
SELECT :KPI_SHOWN, page.total, page.next_key
  FROM kpis_page(:tenant, :search, :category, :owner_id, :goal_id, :strategy_id, :direction, :type,
                 :catalog_only::text IS NOT DISTINCT FROM 'true',
                 :custom_only::text IS NOT DISTINCT FROM 'true',
                 :include_shared::text IS NOT DISTINCT FROM 'false',
                 CASE :sort_field::text WHEN 'name' THEN 'r.name COLLATE "und-x-icu"'
                      WHEN 'category' THEN 'r.category COLLATE "und-x-icu"'
                      WHEN 'createdAt' THEN 'r.created_at' WHEN 'updatedAt' THEN 'r.updated_at' END,
                 :sort_field = 'category', :descending, :size, :SKIP, :after_key, :after_id) AS page,
       :KPI_OF_PAGE
 ORDER BY page.place;

-- --- The summary ---

-- fragment: SUMMARY_SELECTED
k.tenant_id = :tenant AND k.deleted_at IS NULL
   AND (:category::text IS NULL OR k.category = :category)
   AND (:owner_id::text IS NULL OR k.owner_id = :owner_id)
   AND (:period::text IS NULL OR k.aggregation_period = :period);

-- By name; one more than may be, to see that there are more.
-- name: SUMMARY_KPIS
-- long
-- fills: summary_kpi
SELECT k.id, k.category, k.owner_id, p.name AS owner_name, k.direction, k.current_value,
       k.current_day, coalesce(k.target_value, k.last_target_value) AS target_value,
       k.last_target_day, :PLAN_AROUND
  FROM kpis k
  LEFT JOIN people p ON p.tenant_id = :tenant AND p.user_id = k.owner_id
 WHERE :SUMMARY_SELECTED
 ORDER BY k.name COLLATE "und-x-icu", k.id
 LIMIT :max_kpis;

-- Of those KPIs. What their filters select is looked for only where there are some.
-- name: SUMMARY_LINKS
-- long
-- fills: summary_link
SELECT l.id AS link_id, l.kpi_id, l.goal_id, l.is_primary, l.threshold,
       least(coalesce(l.risk_threshold, 50), l.threshold) AS risk_threshold,
       l.baseline_value AS own_baseline_value, l.target_value AS own_target_value, l.strategy_id,
       s.title AS strategy_title
  FROM links l
  LEFT JOIN strategies s ON s.tenant_id = :tenant AND s.id = l.strategy_id
 WHERE l.tenant_id = :tenant
   AND (coalesce(:category::text, :owner_id::text, :period::text) IS NULL
        OR l.kpi_id IN (SELECT k.id FROM kpis k WHERE :SUMMARY_SELECTED))
 ORDER BY l.kpi_id, l.created_at, l.id
 LIMIT :max_links;

-- name: KPIS_BY_IDS
-- fills: kpi except owner_name linked_goal_count
SELECT :KPI_COLUMNS(k.*), k.current_value, k.current_day AS current_value_date
  FROM kpis k
 WHERE k.tenant_id = :tenant AND k.id = ANY (:ids::uuid[]) AND k.deleted_at IS NULL
 ORDER BY k.id;

-- The last target point of each.
-- name: SUMMARY_TARGETS
-- fills: summary_target
SELECT k.id AS kpi_id, t.id, t.value, t.day, t.optimal_value, t.minimal_value, t.label
  FROM unnest(:ids::uuid[]) AS k (id)
 CROSS JOIN LATERAL (SELECT * FROM target_points t
                      WHERE t.tenant_id = :tenant AND t.kpi_id = k.id
                      ORDER BY t.day DESC LIMIT 1) AS t
 ORDER BY k.id;

-- The newest measurements of each, and target points from the first of their days on, in the order of
-- days: of one day the measured one first, and the target point, which has no subtype, last. CASE, because
-- row security keeps coalesce() out of the index's condition: all earlier points would be read.
-- name: SUMMARY_TRENDS
-- fills: summary_trend
WITH newest AS MATERIALIZED (
     SELECT k.id AS kpi_id, m.id, coalesce(m.adjusted_value, m.value) AS value, m.day, m.subtype,
            m.created_by
       FROM unnest(:ids::uuid[]) AS k (id)
      CROSS JOIN LATERAL (SELECT * FROM measurements m
                           WHERE m.tenant_id = :tenant AND m.kpi_id = k.id
                           ORDER BY m.period DESC, m.day DESC, m.subtype DESC
                           LIMIT :max_points) AS m)
SELECT n.kpi_id, n.id, n.value, n.day, n.subtype, n.created_by AS recorded_by,
       p.name AS recorded_by_name
  FROM newest n
  LEFT JOIN people p ON p.tenant_id = :tenant AND p.user_id = n.created_by
 UNION ALL
SELECT k.id, NULL, t.value, t.day, NULL, NULL, NULL
  FROM unnest(:ids::uuid[]) AS k (id)
  LEFT JOIN (SELECT kpi_id, min(day) AS day FROM newest GROUP BY kpi_id) AS since
            ON since.kpi_id = k.id
 CROSS JOIN LATERAL (SELECT t.value, t.day FROM target_points t
                      WHERE t.tenant_id = :tenant AND t.kpi_id = k.id
                        AND t.day >= CASE WHEN since.day IS NULL THEN '-infinity' ELSE since.day END
                      ORDER BY t.day LIMIT :max_points) AS t
 ORDER BY kpi_id, day, subtype DESC NULLS LAST
 LIMIT :max_all;

-- name: KPI_INSERT
-- writes: kpi
INSERT INTO kpis (tenant_id, :KPI_COLUMNS(*)) VALUES (:tenant, :KPI_COLUMNS(:*));

-- name: KPI_UPDATE
-- writes: kpi except deleted_at, created_at, created_by
UPDATE kpis SET :KPI_CHANGES(* = :*) WHERE tenant_id = :tenant AND id = :id;

-- name: KPI_DELETE
-- partial
UPDATE kpis
   SET deleted_at = :now, version = :version, updated_at = :updated_at, updated_by = :updated_by
 WHERE tenant_id = :tenant AND id = :id;

-- --- The product's catalogue: entries are everybody's ---

-- name: CATALOG_ENTRY
-- fills: catalog_entry
-- global
SELECT id::text AS catalog_id, name, description, category, unit, formula, direction, type,
       value_type, aggregation_type, aggregation_period
  FROM catalog WHERE id = :id::uuid;

-- name: KPI_OF_ENTRY
-- fills: row_id
SELECT id FROM kpis
 WHERE tenant_id = :tenant AND catalog_id = :id::uuid::text AND deleted_at IS NULL
 ORDER BY created_at, id
 LIMIT 1;

-- fragment: CATALOG_LINKS
kpis k JOIN links l ON l.tenant_id = :tenant AND l.kpi_id = k.id
         WHERE k.tenant_id = :tenant AND k.catalog_id = c.id::text AND k.deleted_at IS NULL;

-- With the goals that are linked to any KPI made from an entry.
-- name: CATALOG_USED
-- fills: catalog_kpi
SELECT c.id, c.name, c.description, c.category, c.unit, c.direction, c.type, c.value_type,
       c.aggregation_type, c.aggregation_period, c.formula, true AS is_shared,
       (SELECT count(DISTINCT l.goal_id) FROM :CATALOG_LINKS) AS goal_count,
       EXISTS (SELECT FROM :CATALOG_LINKS AND l.goal_id = :goal_id::uuid) AS is_used
  FROM catalog c
 ORDER BY c.place;

-- By name; the oldest goal is that of the oldest link.
-- name: KPIS_AVAILABLE
-- long
-- fills: available_kpi
SELECT k.id, k.name, k.description, k.category, k.unit, k.direction, k.type, k.value_type,
       k.aggregation_type, k.aggregation_period, k.formula, k.is_shared, k.catalog_id,
       k.created_at, k.created_by,
       (SELECT count(*) FROM links l WHERE l.tenant_id = :tenant AND l.kpi_id = k.id) AS goal_count,
       EXISTS (SELECT FROM links l WHERE l.tenant_id = :tenant AND l.kpi_id = k.id
                  AND l.goal_id = :goal_id::uuid) AS is_used,
       (SELECT l.goal_id FROM links l WHERE l.tenant_id = :tenant AND l.kpi_id = k.id
         ORDER BY l.created_at, l.id LIMIT 1) AS oldest_goal
  FROM (SELECT * FROM kpis WHERE tenant_id = :tenant AND deleted_at IS NULL
         ORDER BY name COLLATE "und-x-icu", id LIMIT :max) AS k
 ORDER BY k.name COLLATE "und-x-icu", k.id;

-- --- Readings ---

-- What recording a month again replaces.
-- fragment: READING_CHANGES
value, adjusted_value, reason, source, source_id;

-- fragment: READING_REPLACED
version = r.version + 1, updated_by = excluded.updated_by,
       updated_at = greatest(excluded.updated_at, r.updated_at);

-- The source's columns are for programs that know posted readings only.
-- fragment: READING_SHOWN
r.id, r.kpi_id, r.period, r.version, r.created_at, r.updated_at, r.created_by, r.updated_by, r.value,
       r.adjusted_value, r.reason, reading_day(r.day, r.period, r.updated_at) AS day,
       CASE WHEN r.measured_version = r.version THEN r.measured_source ELSE r.source END AS source,
       CASE WHEN r.measured_version = r.version THEN r.measured_source_id
            ELSE r.source_id::text END AS source_id,
       coalesce(r.measured_version = r.version, false) AND NOT EXISTS
           (SELECT FROM measurements e
             WHERE e.tenant_id = :tenant AND e.kpi_id = r.kpi_id AND e.period = r.period
               AND e.subtype = 'Measured') AS is_estimate;

-- name: READINGS_NEWEST
-- fills: reading
SELECT :READING_SHOWN
  FROM readings r
 WHERE r.tenant_id = :tenant AND r.kpi_id = :id
 ORDER BY r.period DESC
 LIMIT 24;

-- name: READINGS_OF_KPI
-- fills: reading
SELECT :READING_SHOWN
  FROM readings r
 WHERE r.tenant_id = :tenant AND r.kpi_id = :kpi_id
   AND r.period BETWEEN :first AND :last
 ORDER BY r.period DESC
 :PAGE;

-- name: READINGS_OF_KPI_COUNT
-- fills: row_count
SELECT count(*) AS count FROM readings
 WHERE tenant_id = :tenant AND kpi_id = :kpi_id AND period BETWEEN :first AND :last;

-- A posted reading, of which the trigger readings_posted makes a measurement. A month that was
-- recorded already keeps its id and its first author. Without the KPI there is no row; the KPI is
-- locked already.
-- name: READING_PUT
-- fills: reading
-- writes: reading except day, version, created_at, updated_at, created_by, updated_by
INSERT INTO readings AS r (tenant_id, id, kpi_id, period, version, created_at, updated_at,
                           created_by, updated_by, value, adjusted_value, reason, source, source_id)
SELECT :tenant, :id, k.id, :period, 1, :now, :now, :user_id, :user_id, :value, :adjusted_value,
       :reason, :source, :source_id::text::uuid
  FROM kpis k
 WHERE k.tenant_id = :tenant AND k.id = :kpi_id AND k.deleted_at IS NULL
ON CONFLICT (tenant_id, kpi_id, period) DO UPDATE
   SET :READING_CHANGES(* = excluded.*), day = NULL, :READING_REPLACED
RETURNING :READING_SHOWN;

-- --- Measurements ---

-- What recording a day again replaces.
-- fragment: MEASUREMENT_CHANGES
value, source, source_name, source_id, rationale, period_start;

-- fragment: MEASUREMENT_COLUMNS
id, kpi_id, day, period, subtype, adjusted_value, override_comment, is_posted, is_flagged,
plan_adjusted, version, created_at, updated_at, created_by, updated_by, :MEASUREMENT_CHANGES;

-- fragment: MEASUREMENT_SHOWN
:MEASUREMENT_COLUMNS(m.*), coalesce(m.adjusted_value, m.value) AS actual;

-- The KPI is locked. What was recorded for the day already keeps its id and its first author.
-- name: MEASUREMENT_PUT
-- fills: measurement
-- partial
INSERT INTO measurements AS m (tenant_id, id, kpi_id, day, subtype, place, version, created_at,
                               updated_at, created_by, updated_by, :MEASUREMENT_CHANGES(*))
SELECT :tenant, :id, k.id, :day, :subtype,
       1 + coalesce((SELECT max(o.place) FROM measurements o
                      WHERE o.tenant_id = :tenant AND o.kpi_id = k.id AND o.period = :period), 0),
       1, :now, :now, :user_id, :user_id, :MEASUREMENT_CHANGES(:*)
  FROM kpis k
 WHERE k.tenant_id = :tenant AND k.id = :kpi_id AND k.deleted_at IS NULL
ON CONFLICT (tenant_id, kpi_id, period, day, subtype) DO UPDATE
   SET :MEASUREMENT_CHANGES(* = excluded.*), place = excluded.place, adjusted_value = NULL,
       override_comment = NULL, is_posted = false, is_flagged = false, version = m.version + 1,
       updated_by = excluded.updated_by, updated_at = greatest(excluded.updated_at, m.updated_at)
RETURNING :MEASUREMENT_SHOWN;

-- Of a month's: the measured one that was recorded last, else the last estimate.
-- fragment: COUNTING_FIRST
ORDER BY m.subtype = 'Measured' DESC, m.place DESC LIMIT 1;

-- The month's reading becomes what counts of the month. With :day only when that is the one of this day and subtype.
-- name: READING_MEASURED
-- fills: reading
-- partial
INSERT INTO readings AS r (tenant_id, id, kpi_id, period, version, created_at, updated_at,
                           created_by, updated_by, day, measured_version, measured_source,
                           measured_source_id, value, adjusted_value, reason, source)
SELECT :tenant, :reading_id, c.kpi_id, c.period, 1, :now, :now, :user_id, :user_id, c.day, 1, c.source,
       c.source_id, c.value, c.adjusted_value,
       CASE WHEN c.adjusted_value IS NULL THEN c.rationale ELSE c.override_comment END,
       CASE c.source WHEN 'action' THEN 'action' ELSE 'manual' END
  FROM (SELECT * FROM measurements m
         WHERE m.tenant_id = :tenant AND m.kpi_id = :kpi_id AND m.period = :period
         :COUNTING_FIRST) AS c
 WHERE :day::timestamptz IS NULL OR (c.day = :day AND c.subtype = :subtype)
ON CONFLICT (tenant_id, kpi_id, period) DO UPDATE
   SET value = excluded.value, adjusted_value = excluded.adjusted_value, reason = excluded.reason,
       source = excluded.source, source_id = NULL, day = excluded.day,
       measured_version = r.version + 1, measured_source = excluded.measured_source,
       measured_source_id = excluded.measured_source_id, :READING_REPLACED
RETURNING :READING_SHOWN;

-- Which of a month counts.
-- name: MEASUREMENT_COUNTING
-- fills: row_id
SELECT m.id FROM measurements m
 WHERE m.tenant_id = :tenant AND m.kpi_id = :kpi_id AND m.period = :period
 :COUNTING_FIRST;

-- Without a measurement a month has no reading.
-- name: READING_UNMEASURED
-- fills: reading
DELETE FROM readings r
 WHERE r.tenant_id = :tenant AND r.kpi_id = :kpi_id AND r.period = :period
   AND NOT EXISTS (SELECT FROM measurements m
                    WHERE m.tenant_id = :tenant AND m.kpi_id = :kpi_id AND m.period = :period)
RETURNING :READING_SHOWN;

-- What the trigger has made of a posted reading.
-- name: MEASUREMENT_POSTED
-- fills: measurement
SELECT :MEASUREMENT_SHOWN
  FROM measurements m
 WHERE m.tenant_id = :tenant AND m.kpi_id = :kpi_id AND m.period = :period AND m.is_posted;

-- name: MEASUREMENT_OF_DAY
-- fills: measurement
SELECT :MEASUREMENT_SHOWN
  FROM measurements m
 WHERE m.tenant_id = :tenant AND m.kpi_id = :kpi_id AND m.period = :period AND m.day = :day
   AND m.subtype = :subtype;

-- name: MEASUREMENT_BY_ID
-- fills: measurement
SELECT :MEASUREMENT_SHOWN
  FROM measurements m
 WHERE m.tenant_id = :tenant AND m.id = :id;

-- The measured ones before that day.
-- name: MEASURED_BEFORE
-- fills: measurement
SELECT :MEASUREMENT_SHOWN
  FROM measurements m
 WHERE m.tenant_id = :tenant AND m.kpi_id = :kpi_id AND (m.period, m.day) < (:period, :day)
   AND m.subtype = 'Measured'
 ORDER BY m.period DESC, m.day DESC
 LIMIT 11;

-- name: MEASURED_AFTER
-- fills: row_count
SELECT count(*) AS count
  FROM (SELECT FROM measurements m
         WHERE m.tenant_id = :tenant AND m.kpi_id = :kpi_id AND (m.period, m.day) > (:period, :day)
           AND m.subtype = 'Measured'
         LIMIT 1) AS later;

-- fragment: MEASUREMENTS_SELECTED
m.tenant_id = :tenant AND m.kpi_id = :kpi_id
   AND (:start_date::timestamptz IS NULL OR m.day >= :start_date)
   AND (:end_date::timestamptz IS NULL OR m.day <= :end_date)
   AND (:subtype::text IS NULL OR m.subtype = :subtype);

-- A page, and one more to see whether it is the last; without what is known of all of them.
-- name: MEASUREMENTS_OF_KPI
-- fills: measurement except kpi_id period actual is_posted version
SELECT m.id, m.day, m.subtype, m.adjusted_value, m.override_comment, m.is_flagged, m.plan_adjusted,
       m.created_at, m.updated_at, m.created_by, m.updated_by, :MEASUREMENT_CHANGES(m.*)
  FROM measurements m
 WHERE :MEASUREMENTS_SELECTED
 ORDER BY m.period DESC, m.day DESC, m.subtype DESC
 LIMIT :size + 1 OFFSET :SKIP;

-- name: MEASUREMENTS_OF_KPI_COUNT
-- fills: row_count
SELECT count(*) AS count FROM measurements m WHERE :MEASUREMENTS_SELECTED;

-- fragment: MEASUREMENT_CHANGED
version = version + 1, updated_at = :now, updated_by = :user_id;

-- name: MEASUREMENT_OVERRIDE
-- partial
UPDATE measurements
   SET adjusted_value = :adjusted_value, override_comment = :override_comment, :MEASUREMENT_CHANGED
 WHERE tenant_id = :tenant AND id = :id;

-- name: MEASUREMENT_FLAG
-- partial
UPDATE measurements
   SET is_flagged = :is_flagged, plan_adjusted = :plan_adjusted, :MEASUREMENT_CHANGED
 WHERE tenant_id = :tenant AND id = :id;

-- The answer to recording it shows that already.
-- name: MEASUREMENT_ADJUSTED
-- partial
UPDATE measurements SET plan_adjusted = true WHERE tenant_id = :tenant AND id = :id;

-- No row: somebody was told before.
-- name: MEASUREMENT_TOLD
-- fills: row_id
-- partial
UPDATE measurements SET is_told = true WHERE tenant_id = :tenant AND id = :id AND NOT is_told
RETURNING id;

-- name: MEASUREMENT_DELETE
DELETE FROM measurements WHERE tenant_id = :tenant AND id = :id;

-- --- Target points ---

-- fragment: TARGET_POINT_CHANGES
value, optimal_value, minimal_value, period_start, label, confidence, rationale;

-- fragment: TARGET_POINT_COLUMNS
id, kpi_id, day, version, created_at, updated_at, created_by, updated_by, :TARGET_POINT_CHANGES;

-- The best of what counts of the readings on the day of t or before, in the direction of the KPI k.
-- fragment: BEST_UNTIL
(SELECT CASE k.direction WHEN 'down' THEN min(coalesce(r.adjusted_value, r.value))
                         ELSE max(coalesce(r.adjusted_value, r.value)) END
   FROM readings r
  WHERE r.tenant_id = :tenant AND r.kpi_id = k.id
    AND r.period <= extract(year FROM t.day AT TIME ZONE 'UTC') * 12
                    + extract(month FROM t.day AT TIME ZONE 'UTC') - 1
    AND reading_day(r.day, r.period, r.updated_at) <= t.day);

-- By day.
-- name: TARGET_POINTS_OF_KPI
-- fills: target_point except best
SELECT :TARGET_POINT_COLUMNS(t.*)
  FROM target_points t
 WHERE t.tenant_id = :tenant AND t.kpi_id = :id
 ORDER BY t.day;

-- What counts of each month, oldest first; a reading's day lies in its month.
-- name: PLAN_READINGS
-- fills: plan_reading
SELECT reading_day(r.day, r.period, r.updated_at) AS day,
       coalesce(r.adjusted_value, r.value) AS value
  FROM readings r
 WHERE r.tenant_id = :tenant AND r.kpi_id = :id
 ORDER BY r.period;

-- Where a KPI's path begins, if it does; no value without a baseline and a reading.
-- name: PLAN_START
-- fills: plan_start
SELECT coalesce(k.baseline_value, k.first_value) AS value, :PLAN_START_DAY AS day
  FROM kpis k
 WHERE k.tenant_id = :tenant AND k.id = :id;

-- Only what a path is made of.
-- name: PLAN_TARGETS
-- fills: plan_point
SELECT day, value FROM target_points WHERE tenant_id = :tenant AND kpi_id = :id ORDER BY day;

-- A goal's KPIs with their plans in short, in the order of linking. The latest measurement is the one
-- that counts of the newest month.
-- name: PLANNING_OF_GOAL
-- fills: goal_planning_item
SELECT l.id AS link_id, l.kpi_id, k.name, k.unit, k.direction, k.owner_id AS person_id,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = k.owner_id) AS person_name,
       l.strategy_id, l.is_primary, k.current_value, k.current_day,
       (SELECT count(*) FROM target_points t
         WHERE t.tenant_id = :tenant AND t.kpi_id = k.id) AS milestone_count,
       k.is_shared, m.id AS actual_id, m.day AS actual_day,
       coalesce(m.adjusted_value, m.value) AS actual_value, m.subtype AS actual_subtype,
       :PLAN_AROUND,
       (SELECT count(*) FROM links o
         WHERE o.tenant_id = :tenant AND o.kpi_id = k.id) AS goal_count
  FROM links l
  JOIN kpis k ON k.tenant_id = :tenant AND k.id = l.kpi_id
  LEFT JOIN LATERAL (SELECT m.id, m.day, m.value, m.adjusted_value, m.subtype FROM measurements m
                      WHERE m.tenant_id = :tenant AND m.kpi_id = k.id
                        AND m.period = (SELECT max(r.period) FROM readings r
                                         WHERE r.tenant_id = :tenant AND r.kpi_id = k.id)
                      :COUNTING_FIRST) AS m ON true
 WHERE l.tenant_id = :tenant AND l.goal_id = :goal_id
 ORDER BY l.created_at, l.id;

-- Of each of its KPIs today's point and the next ones, two together.
-- name: NEXT_TARGETS_OF_GOAL
-- fills: target_point
SELECT :TARGET_POINT_COLUMNS(t.*), :BEST_UNTIL AS best
  FROM links l
  JOIN kpis k ON k.tenant_id = :tenant AND k.id = l.kpi_id
 CROSS JOIN LATERAL (SELECT * FROM target_points p
                      WHERE p.tenant_id = :tenant AND p.kpi_id = k.id AND p.day >= :today
                      ORDER BY p.day LIMIT 2) AS t
 WHERE l.tenant_id = :tenant AND l.goal_id = :goal_id
 ORDER BY t.kpi_id, t.day;

-- name: SHARED_GOALS_OF_GOAL
-- fills: shared_goal
SELECT o.goal_id, o.kpi_id
  FROM links l
 CROSS JOIN LATERAL (SELECT s.goal_id, s.kpi_id, s.created_at, s.id FROM links s
                      WHERE s.tenant_id = :tenant AND s.kpi_id = l.kpi_id
                      ORDER BY s.created_at, s.id LIMIT :max) AS o
 WHERE l.tenant_id = :tenant AND l.goal_id = :goal_id
 ORDER BY o.kpi_id, o.created_at, o.id;

-- name: KPI_OF_LINK
-- fills: row_id
SELECT kpi_id AS id FROM links WHERE tenant_id = :tenant AND id = :id;

-- New points and changed ones; the KPI is locked. Numbers and days are texts, because a parameter
-- has no arrays of them.
-- name: TARGET_POINTS_PUT
-- partial
INSERT INTO target_points AS t (tenant_id, kpi_id, created_at, updated_at, created_by, updated_by,
                                id, day, version, :TARGET_POINT_CHANGES(*))
SELECT :tenant, :kpi_id, :now, :now, :user_id, :user_id, p.id, p.day::timestamptz, 1,
       p.value::double precision, p.optimal_value::double precision,
       p.minimal_value::double precision, p.period_start::timestamptz, p.label,
       p.confidence::double precision, p.rationale
  FROM unnest(:ids::uuid[], :days::text[], :values::text[], :optimal_values::text[],
              :minimal_values::text[], :period_starts::text[], :labels::text[],
              :confidences::text[], :rationales::text[])
       AS p (id, day, value, optimal_value, minimal_value, period_start, label, confidence, rationale)
ON CONFLICT (tenant_id, kpi_id, day) DO UPDATE
   SET :TARGET_POINT_CHANGES(* = excluded.*), version = t.version + 1, updated_at = :now,
       updated_by = :user_id;

-- name: TARGET_POINTS_DELETE
DELETE FROM target_points
 WHERE tenant_id = :tenant AND kpi_id = :kpi_id AND id = ANY (:ids::uuid[]);

-- name: TARGET_POINTS_OF_KPI_DELETE
DELETE FROM target_points WHERE tenant_id = :tenant AND kpi_id = :id;

-- --- Adjustments of plans ---

-- fragment: ANCHOR_COLUMNS
kpi_id, day, left_value, right_value, straight, version, created_at, updated_at, created_by,
updated_by;

-- name: PLAN_ANCHORS_OF_KPI
-- fills: plan_anchor
SELECT :ANCHOR_COLUMNS
  FROM plan_anchors
 WHERE tenant_id = :tenant AND kpi_id = :id
 ORDER BY day;

-- name: PLAN_ANCHOR_PUT
-- partial
INSERT INTO plan_anchors AS a (tenant_id, kpi_id, day, left_value, right_value, straight, version,
                               created_at, updated_at, created_by, updated_by)
VALUES (:tenant, :kpi_id, :day, :left_value, :right_value, :straight, 1, :now, :now, :user_id,
        :user_id)
ON CONFLICT (tenant_id, kpi_id, day) DO UPDATE
   SET left_value = excluded.left_value, right_value = excluded.right_value,
       straight = excluded.straight, version = a.version + 1, updated_at = :now,
       updated_by = :user_id;

-- name: PLAN_ANCHORS_BEHIND_DELETE
DELETE FROM plan_anchors WHERE tenant_id = :tenant AND kpi_id = :kpi_id AND day > :day;

-- name: PLAN_ANCHORS_OF_KPI_DELETE
DELETE FROM plan_anchors WHERE tenant_id = :tenant AND kpi_id = :id;

-- fragment: ADJUSTMENT_COLUMNS
id, kpi_id, effective_day, strategy, trigger, based_on, variance_percentage, previous_milestones,
new_milestones, affected_milestones, affected_goals, recalculated_periods, rationale, notes,
created_at, created_by;

-- name: PLAN_ADJUSTMENT_INSERT
-- writes: plan_adjustment
INSERT INTO plan_adjustments (tenant_id, :ADJUSTMENT_COLUMNS(*))
VALUES (:tenant, :ADJUSTMENT_COLUMNS(:*));

-- The KPI is locked, so all committed ones are seen.
-- name: PLAN_ADJUSTMENT_NEWEST
-- fills: last_adjustment
SELECT created_at FROM plan_adjustments
 WHERE tenant_id = :tenant AND kpi_id = :id
 ORDER BY created_at DESC, id DESC
 LIMIT 1;

-- Newest first, no more rows than an answer may have bytes, and the first that it has no room for.
-- name: PLAN_ADJUSTMENTS_OF_KPI
-- fills: plan_adjustment
SELECT :ADJUSTMENT_COLUMNS(a.*)
  FROM (SELECT page.*, sum(bytes) OVER (ORDER BY created_at DESC, id DESC ROWS UNBOUNDED PRECEDING)
                       - bytes AS before
          FROM (SELECT *, octet_length(previous_milestones) + octet_length(new_milestones) AS bytes
                  FROM plan_adjustments
                 WHERE tenant_id = :tenant AND kpi_id = :kpi_id
                 ORDER BY created_at DESC, id DESC
                 :PAGE) AS page) AS a
 WHERE a.before <= :max_bytes
 ORDER BY a.created_at DESC, a.id DESC;

-- name: PLAN_ADJUSTMENTS_OF_KPI_COUNT
-- fills: row_count
SELECT count(*) AS count FROM plan_adjustments WHERE tenant_id = :tenant AND kpi_id = :kpi_id;

-- name: PLAN_ADJUSTMENTS_OF_KPI_DELETE
DELETE FROM plan_adjustments WHERE tenant_id = :tenant AND kpi_id = :id;

-- --- Replan rules ---

-- fragment: REPLAN_RULE_CHANGES
threshold, misses, auto_adjust, needs_approval, strategy, notify, recipients, version, updated_at,
updated_by;

-- fragment: REPLAN_RULE_COLUMNS
id, kpi_id, created_at, created_by, :REPLAN_RULE_CHANGES;

-- name: REPLAN_RULE_OF_KPI
-- fills: replan_rule
SELECT :REPLAN_RULE_COLUMNS FROM replan_rules WHERE tenant_id = :tenant AND kpi_id = :id;

-- name: REPLAN_RULE_INSERT
-- writes: replan_rule
INSERT INTO replan_rules (tenant_id, :REPLAN_RULE_COLUMNS(*))
VALUES (:tenant, :REPLAN_RULE_COLUMNS(:*));

-- name: REPLAN_RULE_UPDATE
-- writes: replan_rule except id, created_at, created_by
UPDATE replan_rules SET :REPLAN_RULE_CHANGES(* = :*) WHERE tenant_id = :tenant AND kpi_id = :kpi_id;

-- name: REPLAN_RULE_OF_KPI_DELETE
DELETE FROM replan_rules WHERE tenant_id = :tenant AND kpi_id = :id;

-- --- Links ---

-- Serialises transactions that change links of one goal, until their commit.
-- name: GOAL_LINKS_ADVISORY_LOCK
SELECT pg_advisory_xact_lock(
    hashtextextended(:tenant::text || chr(10) || 'links' || chr(10) || :goal_id::uuid::text, 0));

-- The same for transactions that link one KPI.
-- name: KPI_LINKS_ADVISORY_LOCK
SELECT pg_advisory_xact_lock(
    hashtextextended(:tenant::text || chr(10) || 'goals' || chr(10) || :kpi_id::uuid::text, 0));

-- name: GOAL_DELETED
-- fills: row_id
SELECT goal_id AS id FROM deleted_goals WHERE tenant_id = :tenant AND goal_id = :goal_id;

-- name: GOAL_DELETED_ADD
-- partial
INSERT INTO deleted_goals (tenant_id, goal_id, deleted_at) VALUES (:tenant, :goal_id, :now)
ON CONFLICT DO NOTHING;

-- name: LINKS_OF_GOAL_COUNT
-- fills: row_count
SELECT count(*) AS count FROM links WHERE tenant_id = :tenant AND goal_id = :goal_id;

-- name: LINKS_OF_KPI_COUNT
-- fills: row_count
SELECT count(*) AS count FROM links WHERE tenant_id = :tenant AND kpi_id = :kpi_id;

-- name: LINKS_OF_GOAL_DELETE
DELETE FROM links WHERE tenant_id = :tenant AND goal_id = :goal_id;

-- fragment: LINK_SHOWN
id, goal_id, shared_kpi_id, name, description, category, unit, direction, threshold, risk_threshold,
is_primary, strategy_id, strategy_title, baseline_value, current_value, target_value,
own_baseline_value, own_target_value, own_risk_threshold, version, created_at, updated_at, created_by,
updated_by;

-- Links as goals show them, without what may be long.
-- fragment: LINK_REST
l.id, l.goal_id, l.kpi_id AS shared_kpi_id, k.category, k.unit, k.direction, l.threshold,
       least(coalesce(l.risk_threshold, 50), l.threshold) AS risk_threshold, l.is_primary,
       l.strategy_id, s.title AS strategy_title,
       coalesce(l.baseline_value, k.baseline_value, k.first_value) AS baseline_value,
       k.current_value, coalesce(l.target_value, k.target_value, k.last_target_value) AS target_value,
       l.baseline_value AS own_baseline_value, l.target_value AS own_target_value,
       l.risk_threshold AS own_risk_threshold,
       l.version, l.created_at, l.updated_at, l.created_by, l.updated_by
  FROM links l
  JOIN kpis k ON k.tenant_id = :tenant AND k.id = l.kpi_id
  LEFT JOIN strategies s ON s.tenant_id = :tenant AND s.id = l.strategy_id;

-- fragment: LINKS_SHOWN
SELECT k.name, k.description, :LINK_REST;

-- With its place among the goal's links, which who reads all of them counts itself.
-- fragment: LINKS_PLACED
SELECT (SELECT count(*) FROM links o
         WHERE o.tenant_id = :tenant AND o.goal_id = l.goal_id
           AND (o.created_at, o.id) <= (l.created_at, l.id)) AS order_index,
       k.name, k.description, :LINK_REST;

-- Brief: a description that is longer than its part of :max_bytes is left out, and with it the name.
-- Any :max_rows of them when there are more, which is told by their number alone.
-- name: LINKS_OF_GOALS_BRIEF
-- fills: goal_kpi
SELECT shown.*
  FROM (SELECT unsorted.*
          FROM unnest(:goal_ids::uuid[]) AS wanted (goal_id),
               LATERAL (SELECT CASE WHEN long.texts THEN '' ELSE k.name END AS name,
                               CASE WHEN NOT long.texts THEN k.description END AS description,
                               :LINK_REST,
                               LATERAL (SELECT octet_length(k.name)
                                               + coalesce(octet_length(k.description), 0)
                                               > :max_bytes::bigint / :max_rows::bigint AS texts) AS long
                         WHERE l.tenant_id = :tenant AND l.goal_id = wanted.goal_id
                        OFFSET 0) AS unsorted
         LIMIT :max_rows) AS shown
 ORDER BY shown.goal_id, shown.created_at, shown.id;

-- No more rows than an answer may have bytes, and the first that it has no room for.
-- name: LINKS_OF_GOALS
-- fills: goal_kpi
SELECT :LINK_SHOWN(s.*)
  FROM (SELECT shown.*, sum(bytes) OVER (ORDER BY goal_id, created_at, id ROWS UNBOUNDED PRECEDING)
               - bytes AS before
          FROM (:LINKS_SHOWN
                 WHERE l.tenant_id = :tenant AND l.goal_id = ANY (:goal_ids::uuid[])) AS shown,
               LATERAL (SELECT octet_length(name) + coalesce(octet_length(description), 0) AS bytes)
                   AS texts) AS s
 WHERE before <= :max_bytes
 ORDER BY goal_id, created_at, id;

-- Whether one of the goals has a KPI without a reading for the month.
-- name: READINGS_DUE
-- fills: readings_due_answer
SELECT EXISTS (SELECT FROM links l
                WHERE l.tenant_id = :tenant AND l.goal_id = ANY (:goal_ids::uuid[])
                  AND NOT EXISTS (SELECT FROM readings r
                                   WHERE r.tenant_id = :tenant AND r.kpi_id = l.kpi_id
                                     AND r.period = :period)) AS due;

-- By the KPI's id or the link's own.
-- name: LINK_OF_GOAL
-- fills: goal_kpi
:LINKS_PLACED
 WHERE l.tenant_id = :tenant AND l.goal_id = :goal_id AND (l.kpi_id = :kpi_id OR l.id = :kpi_id);

-- name: PRIMARY_OF_GOAL
-- fills: goal_kpi
:LINKS_PLACED
 WHERE l.tenant_id = :tenant AND l.goal_id = :goal_id AND l.is_primary;

-- name: OLDEST_OF_GOAL
-- fills: goal_kpi
:LINKS_PLACED
 WHERE l.tenant_id = :tenant AND l.goal_id = :goal_id
 ORDER BY l.created_at, l.id
 LIMIT 1;

-- Short, in the order of linking.
-- name: KPIS_OF_GOAL
-- fills: goal_kpi_item
SELECT l.id AS link_id, l.kpi_id, k.name, k.unit, k.direction, k.type, l.is_primary,
       l.threshold AS threshold_pct,
       least(coalesce(l.risk_threshold, 50), l.threshold) AS risk_threshold,
       coalesce(l.baseline_value, k.baseline_value, k.first_value) AS baseline_value,
       k.current_value,
       coalesce(l.target_value, k.target_value, k.last_target_value) AS target_value,
       k.current_day AS current_value_date, l.target_value AS own_target_value, :PLAN_AROUND,
       k.is_shared OR goals.count > 1 AS is_shared, goals.count AS shared_goal_count,
       l.created_at AS linked_at
  FROM links l
  JOIN kpis k ON k.tenant_id = :tenant AND k.id = l.kpi_id
 CROSS JOIN LATERAL (SELECT count(*) AS count FROM links o
                      WHERE o.tenant_id = :tenant AND o.kpi_id = k.id) AS goals
 WHERE l.tenant_id = :tenant AND l.goal_id = :goal_id
 ORDER BY l.created_at, l.id;

-- Whether there is a KPI or a link of that id.
-- name: KPI_OR_LINK_EXISTS
-- fills: row_id
SELECT :kpi_id::uuid AS id
 WHERE EXISTS (SELECT 1 FROM kpis WHERE tenant_id = :tenant AND id = :kpi_id AND deleted_at IS NULL)
    OR EXISTS (SELECT 1 FROM links WHERE tenant_id = :tenant AND id = :kpi_id);

-- The named KPIs: one by its own id, one by its own or a link's id.
-- name: KPIS_NAMED
-- fills: kpis_there
SELECT (SELECT k.id FROM kpis k
         WHERE k.tenant_id = :tenant AND k.deleted_at IS NULL AND k.id = :shared_kpi_id::uuid)
           AS shared_kpi_id,
       (SELECT k.id FROM kpis k
         WHERE k.tenant_id = :tenant AND k.deleted_at IS NULL
           AND k.id IN (:kpi_id::uuid, (SELECT l.kpi_id FROM links l
                                         WHERE l.tenant_id = :tenant AND l.id = :kpi_id)))
           AS kpi_id;

-- Linking again changes the link; fields that the caller did not send are kept.
-- name: LINK_PUT
-- writes: link
INSERT INTO links AS l (tenant_id, id, goal_id, kpi_id, threshold, risk_threshold, strategy_id,
                        is_primary, baseline_value, target_value, version, created_at, updated_at,
                        created_by, updated_by)
VALUES (:tenant, :id, :goal_id, :kpi_id, :threshold, :risk_threshold, :strategy_id, :is_primary,
        :baseline_value, :target_value, 1, :now, :now, :user_id, :user_id)
ON CONFLICT (tenant_id, goal_id, kpi_id) DO UPDATE
   SET threshold = CASE WHEN :threshold_named::boolean THEN excluded.threshold
                        ELSE l.threshold END,
       risk_threshold = CASE WHEN :risk_named::boolean THEN excluded.risk_threshold
                             ELSE l.risk_threshold END,
       strategy_id = CASE WHEN :strategy_named::boolean THEN excluded.strategy_id
                          ELSE l.strategy_id END,
       is_primary = l.is_primary OR excluded.is_primary,
       baseline_value = CASE WHEN :baseline_named::boolean THEN excluded.baseline_value
                             ELSE l.baseline_value END,
       target_value = CASE WHEN :target_named::boolean THEN excluded.target_value
                           ELSE l.target_value END,
       version = l.version + 1, updated_at = excluded.updated_at, updated_by = excluded.updated_by;

-- fragment: LINK_CHANGED
version = version + 1, updated_at = :now, updated_by = :user_id;

-- name: LINK_THRESHOLD
-- partial
UPDATE links
   SET threshold = :threshold, risk_threshold = :risk_threshold, strategy_id = :strategy_id,
       :LINK_CHANGED
 WHERE tenant_id = :tenant AND id = :id;

-- Two statements, because the index that allows one of a goal is heeded by each row.
-- name: LINK_PRIMARY_CLEAR
-- partial
UPDATE links SET is_primary = false, :LINK_CHANGED
 WHERE tenant_id = :tenant AND goal_id = :goal_id AND is_primary;

-- name: LINK_PRIMARY_SET
-- partial
UPDATE links SET is_primary = true, :LINK_CHANGED WHERE tenant_id = :tenant AND id = :id;

-- name: LINK_DELETE
DELETE FROM links WHERE tenant_id = :tenant AND id = :id;

-- name: GOALS_OF_KPI
-- fills: row_id
SELECT goal_id AS id FROM links WHERE tenant_id = :tenant AND kpi_id = :id ORDER BY goal_id;

-- The links of one KPI, oldest first; where there was no limit yet, there may be more of them.
-- name: LINKS_OF_KPI
-- fills: linked_goal
SELECT l.goal_id, l.id AS link_id, l.is_primary, l.created_at AS linked_at
  FROM links l
 WHERE l.tenant_id = :tenant AND l.kpi_id = :id
 ORDER BY l.created_at, l.id
 LIMIT 1000;

-- The same as goals see them, each with how many KPIs its goal has.
-- name: IMPACTS_OF_KPI
-- fills: goal_impact
SELECT s.goal_id, s.threshold, s.direction, s.baseline_value, s.current_value, s.target_value,
       s.is_primary,
       (SELECT count(*) FROM links o WHERE o.tenant_id = :tenant AND o.goal_id = s.goal_id) AS goal_kpis
  FROM (:LINKS_SHOWN
         WHERE l.tenant_id = :tenant AND l.kpi_id = :id
         ORDER BY l.created_at, l.id
         LIMIT 1000) AS s
 ORDER BY s.created_at, s.id;

-- name: LINKS_OF_KPI_DELETE
DELETE FROM links WHERE tenant_id = :tenant AND kpi_id = :id;

-- --- Strategies of links ---

-- Before linking, with what svc-goals has answered. No row: it was deleted meanwhile.
-- name: STRATEGY_NAMED
-- fills: row_id
-- writes: strategy_name except goal_id
INSERT INTO strategies AS s (tenant_id, id, title, version)
VALUES (:tenant, :id, :name, :version)
ON CONFLICT (tenant_id, id) DO UPDATE
   SET title = CASE WHEN s.version < excluded.version THEN excluded.title ELSE s.title END,
       version = greatest(s.version, excluded.version)
 WHERE s.deleted_at IS NULL
RETURNING id;

-- name: STRATEGY_CHANGED
-- partial
INSERT INTO strategies AS s (tenant_id, id, title, version)
VALUES (:tenant, :id, coalesce(:name::text, left(:description::text, 80)), :version)
ON CONFLICT (tenant_id, id) DO UPDATE
   SET title = excluded.title, version = excluded.version
 WHERE s.deleted_at IS NULL AND s.version < excluded.version;

-- Links change under their goal's lock, which is taken before the strategy's row. All links that
-- name a strategy are of one goal.
-- name: STRATEGY_LINKS_ADVISORY_LOCK
SELECT pg_advisory_xact_lock(
    hashtextextended(:tenant::text || chr(10) || 'links' || chr(10) || goal_id::text, 0))
  FROM (SELECT goal_id FROM links WHERE tenant_id = :tenant AND strategy_id = :id LIMIT 1) AS goal;

-- name: STRATEGY_DELETED
-- partial
INSERT INTO strategies AS s (tenant_id, id, version, deleted_at)
VALUES (:tenant, :id, :version, :now)
ON CONFLICT (tenant_id, id) DO UPDATE
   SET title = NULL, version = excluded.version, deleted_at = excluded.deleted_at
 WHERE s.deleted_at IS NULL;

-- name: LINKS_OF_STRATEGY_CLEAR
-- partial
UPDATE links SET strategy_id = NULL, :LINK_CHANGED
 WHERE tenant_id = :tenant AND strategy_id = :id;

-- --- Snapshots: pages in the order of ids ---

-- name: TENANTS_AFTER
-- fills: snapshot_tenant
-- global
SELECT tenant_id FROM tenants_after(coalesce(:after::text, ''), :max);

-- fragment: AFTER_ID
coalesce(:id::uuid, '00000000-0000-0000-0000-000000000000');

-- name: KPIS_AFTER
-- fills: kpi
SELECT :KPI_SHOWN
  FROM kpis k
 WHERE k.tenant_id = :tenant AND k.id > :AFTER_ID AND k.deleted_at IS NULL
 ORDER BY k.id
 LIMIT :max;

-- name: LINKS_AFTER
-- fills: goal_kpi
:LINKS_PLACED
 WHERE l.tenant_id = :tenant AND l.id > :AFTER_ID
 ORDER BY l.id
 LIMIT :max;

-- name: READINGS_AFTER
-- fills: reading
SELECT :READING_SHOWN
  FROM readings r
 WHERE r.tenant_id = :tenant AND (r.kpi_id, r.period) > (:AFTER_ID, coalesce(:place::bigint, 0))
   AND EXISTS (SELECT FROM kpis k
                WHERE k.tenant_id = :tenant AND k.id = r.kpi_id AND k.deleted_at IS NULL)
 ORDER BY r.kpi_id, r.period
 LIMIT :max;

-- Judged by nothing: consumers have the values.
-- name: TARGET_POINTS_AFTER
-- fills: target_point
SELECT :TARGET_POINT_COLUMNS(t.*), NULL::double precision AS best
  FROM target_points t
 WHERE t.tenant_id = :tenant AND t.id > :AFTER_ID
   AND EXISTS (SELECT FROM kpis k
                WHERE k.tenant_id = :tenant AND k.id = t.kpi_id AND k.deleted_at IS NULL)
 ORDER BY t.id
 LIMIT :max;

-- name: PLAN_ANCHORS_AFTER
-- fills: plan_anchor
SELECT :ANCHOR_COLUMNS(a.*)
  FROM plan_anchors a
 WHERE a.tenant_id = :tenant
   AND (a.kpi_id, a.day) > (:AFTER_ID, coalesce(to_timestamp(:place::bigint), '-infinity'))
   AND EXISTS (SELECT FROM kpis k
                WHERE k.tenant_id = :tenant AND k.id = a.kpi_id AND k.deleted_at IS NULL)
 ORDER BY a.kpi_id, a.day
 LIMIT :max;
