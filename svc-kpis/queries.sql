-- Every statement of svc-kpis. Parameters are members of the input struct, and :tenant, :user_id and
-- :now of the request. Optional filters arrive as NULL.

-- --- The catalogue ---

-- name: KPI_BY_ID
SELECT k.id, k.name, k.description, k.category, k.unit, k.direction, k.formula, k.is_shared,
       k.owner_id, k.baseline_value, k.target_value, k.deleted_at, k.version, k.created_at,
       k.updated_at, k.created_by, k.updated_by,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = k.owner_id) AS owner_name
  FROM kpis k
 WHERE k.tenant_id = :tenant AND k.id = :id AND k.deleted_at IS NULL;

-- The same row, locked until the transaction ends. The name is a sub-select because a
-- joined row would not be read again after waiting for the lock.
-- name: KPI_LOCK
SELECT k.id, k.name, k.description, k.category, k.unit, k.direction, k.formula, k.is_shared,
       k.owner_id, k.baseline_value, k.target_value, k.deleted_at, k.version, k.created_at,
       k.updated_at, k.created_by, k.updated_by,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = k.owner_id) AS owner_name
  FROM kpis k
 WHERE k.tenant_id = :tenant AND k.id = :id AND k.deleted_at IS NULL
   FOR UPDATE OF k;

-- name: KPI_EXISTS
SELECT id FROM kpis WHERE tenant_id = :tenant AND id = :id AND deleted_at IS NULL;

-- Before recording a reading: locks the KPI against changes, deletion and other readings, but not
-- against linking it.
-- name: KPI_HOLD
SELECT id, name, unit, direction FROM kpis
 WHERE tenant_id = :tenant AND id = :id AND deleted_at IS NULL
   FOR NO KEY UPDATE;

-- Before linking: locks the KPI against deletion.
-- name: KPI_KEEP
SELECT id FROM kpis WHERE tenant_id = :tenant AND id = :id AND deleted_at IS NULL FOR KEY SHARE;

-- The default page, in the order of kpis_newest.
-- name: KPIS_NEWEST
SELECT k.id, k.name, k.description, k.category, k.unit, k.direction, k.formula, k.is_shared,
       k.owner_id, k.baseline_value, k.target_value, k.deleted_at, k.version, k.created_at,
       k.updated_at, k.created_by, k.updated_by,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = k.owner_id) AS owner_name
  FROM kpis k
 WHERE k.tenant_id = :tenant AND k.deleted_at IS NULL
 ORDER BY k.created_at DESC, k.id DESC
 LIMIT :size OFFSET least(:page::bigint - 1, 1000000000) * :size;

-- name: KPIS_COUNT
SELECT count(*) AS count FROM kpis WHERE tenant_id = :tenant AND deleted_at IS NULL;

-- Filters in the same order: the index is walked until the page is full.
-- name: KPIS_FILTERED
SELECT k.id, k.name, k.description, k.category, k.unit, k.direction, k.formula, k.is_shared,
       k.owner_id, k.baseline_value, k.target_value, k.deleted_at, k.version, k.created_at,
       k.updated_at, k.created_by, k.updated_by,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = k.owner_id) AS owner_name
  FROM kpis k
 WHERE k.tenant_id = :tenant AND k.deleted_at IS NULL
   AND (:category::text IS NULL OR k.category = :category)
   AND (:owner_id::text IS NULL OR k.owner_id = :owner_id)
 ORDER BY k.created_at DESC, k.id DESC
 LIMIT :size OFFSET least(:page::bigint - 1, 1000000000) * :size;

-- Any filters and any order. :sort_field is an index into kpi_sort_fields.
-- name: KPIS_SORTED
SELECT k.id, k.name, k.description, k.category, k.unit, k.direction, k.formula, k.is_shared,
       k.owner_id, k.baseline_value, k.target_value, k.deleted_at, k.version, k.created_at,
       k.updated_at, k.created_by, k.updated_by,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = k.owner_id) AS owner_name
  FROM kpis k,
       LATERAL (SELECT CASE :sort_field::bigint WHEN 0 THEN k.name
                            WHEN 1 THEN k.category END COLLATE "und-x-icu" AS words,
                       CASE :sort_field::bigint WHEN 2 THEN k.created_at
                            WHEN 3 THEN k.updated_at END AS instant) AS key
 WHERE k.tenant_id = :tenant AND k.deleted_at IS NULL
   AND (:category::text IS NULL OR k.category = :category)
   AND (:owner_id::text IS NULL OR k.owner_id = :owner_id)
 ORDER BY CASE WHEN NOT :descending::boolean THEN key.words END,
          CASE WHEN :descending THEN key.words END DESC NULLS LAST,
          CASE WHEN NOT :descending THEN key.instant END,
          CASE WHEN :descending THEN key.instant END DESC NULLS LAST,
          CASE WHEN :descending THEN k.id END DESC,
          k.id
 LIMIT :size OFFSET least(:page::bigint - 1, 1000000000) * :size;

-- name: KPIS_FILTERED_COUNT
SELECT count(*) AS count
  FROM kpis k
 WHERE k.tenant_id = :tenant AND k.deleted_at IS NULL
   AND (:category::text IS NULL OR k.category = :category)
   AND (:owner_id::text IS NULL OR k.owner_id = :owner_id);

-- As KPIS_SORTED, starting from the ids that contain :search.
-- name: KPIS_FOUND
SELECT k.id, k.name, k.description, k.category, k.unit, k.direction, k.formula, k.is_shared,
       k.owner_id, k.baseline_value, k.target_value, k.deleted_at, k.version, k.created_at,
       k.updated_at, k.created_by, k.updated_by,
       (SELECT p.name FROM people p
         WHERE p.tenant_id = :tenant AND p.user_id = k.owner_id) AS owner_name
  FROM kpis_found(:search) AS found (id)
  JOIN kpis k ON k.tenant_id = :tenant AND k.id = found.id AND k.deleted_at IS NULL,
       LATERAL (SELECT CASE :sort_field::bigint WHEN 0 THEN k.name
                            WHEN 1 THEN k.category END COLLATE "und-x-icu" AS words,
                       CASE :sort_field::bigint WHEN 2 THEN k.created_at
                            WHEN 3 THEN k.updated_at END AS instant) AS key
 WHERE (:category::text IS NULL OR k.category = :category)
   AND (:owner_id::text IS NULL OR k.owner_id = :owner_id)
 ORDER BY CASE WHEN NOT :descending::boolean THEN key.words END,
          CASE WHEN :descending THEN key.words END DESC NULLS LAST,
          CASE WHEN NOT :descending THEN key.instant END,
          CASE WHEN :descending THEN key.instant END DESC NULLS LAST,
          CASE WHEN :descending THEN k.id END DESC,
          k.id
 LIMIT :size OFFSET least(:page::bigint - 1, 1000000000) * :size;

-- name: KPIS_FOUND_COUNT
SELECT count(*) AS count
  FROM kpis_found(:search) AS found (id)
  JOIN kpis k ON k.tenant_id = :tenant AND k.id = found.id AND k.deleted_at IS NULL
 WHERE (:category::text IS NULL OR k.category = :category)
   AND (:owner_id::text IS NULL OR k.owner_id = :owner_id);

-- name: KPI_INSERT
INSERT INTO kpis (tenant_id, id, name, description, category, unit, direction, formula, is_shared,
                  owner_id, baseline_value, target_value, version, created_at, updated_at,
                  created_by, updated_by)
VALUES (:tenant, :id, :name, :description, :category, :unit, :direction, :formula, :is_shared,
        :owner_id, :baseline_value, :target_value, :version, :created_at, :updated_at, :created_by,
        :updated_by);

-- name: KPI_UPDATE
UPDATE kpis
   SET name = :name, description = :description, category = :category, unit = :unit,
       direction = :direction, formula = :formula, is_shared = :is_shared, owner_id = :owner_id,
       baseline_value = :baseline_value, target_value = :target_value, version = :version,
       updated_at = :updated_at, updated_by = :updated_by
 WHERE tenant_id = :tenant AND id = :id;

-- name: KPI_DELETE
UPDATE kpis
   SET deleted_at = :now, version = :version, updated_at = :updated_at, updated_by = :updated_by
 WHERE tenant_id = :tenant AND id = :id;

-- --- Readings ---

-- name: READINGS_NEWEST
SELECT r.id, r.kpi_id, r.period, r.value, r.adjusted_value, r.reason, r.source, r.source_id,
       r.version, r.created_at, r.updated_at, r.created_by, r.updated_by
  FROM readings r
 WHERE r.tenant_id = :tenant AND r.kpi_id = :id
 ORDER BY r.period DESC
 LIMIT 24;

-- name: READINGS_OF_KPI
SELECT r.id, r.kpi_id, r.period, r.value, r.adjusted_value, r.reason, r.source, r.source_id,
       r.version, r.created_at, r.updated_at, r.created_by, r.updated_by
  FROM readings r
 WHERE r.tenant_id = :tenant AND r.kpi_id = :kpi_id
   AND r.period BETWEEN :first AND :last
 ORDER BY r.period DESC
 LIMIT :size OFFSET least(:page::bigint - 1, 1000000000) * :size;

-- name: READINGS_OF_KPI_COUNT
SELECT count(*) AS count FROM readings
 WHERE tenant_id = :tenant AND kpi_id = :kpi_id AND period BETWEEN :first AND :last;

-- A month that was recorded already keeps its id and its first author. Without the KPI there is no
-- row; the KPI is locked already.
-- name: READING_PUT
INSERT INTO readings AS r (tenant_id, id, kpi_id, period, value, adjusted_value, reason, source,
                           source_id, version, created_at, updated_at, created_by, updated_by)
SELECT :tenant, :id, k.id, :period, :value, :adjusted_value, :reason, :source, :source_id, 1,
       :now, :now, :user_id, :user_id
  FROM kpis k
 WHERE k.tenant_id = :tenant AND k.id = :kpi_id AND k.deleted_at IS NULL
ON CONFLICT (tenant_id, kpi_id, period) DO UPDATE
   SET value = excluded.value, adjusted_value = excluded.adjusted_value,
       reason = excluded.reason, source = excluded.source, source_id = excluded.source_id,
       version = r.version + 1, updated_by = excluded.updated_by,
       updated_at = greatest(excluded.updated_at, r.updated_at)
RETURNING r.id, r.kpi_id, r.period, r.value, r.adjusted_value, r.reason, r.source, r.source_id,
          r.version, r.created_at, r.updated_at, r.created_by, r.updated_by;

-- The values that goals show; which of a reading's two values counts is decided here. The KPI is
-- locked, so all committed readings are seen.
-- name: KPI_VALUES_KEEP
UPDATE kpis k
   SET first_value = (SELECT coalesce(r.adjusted_value, r.value) FROM readings r
                       WHERE r.tenant_id = :tenant AND r.kpi_id = k.id
                       ORDER BY r.period LIMIT 1),
       current_value = (SELECT coalesce(r.adjusted_value, r.value) FROM readings r
                         WHERE r.tenant_id = :tenant AND r.kpi_id = k.id
                         ORDER BY r.period DESC LIMIT 1)
 WHERE k.tenant_id = :tenant AND k.id = :id AND k.deleted_at IS NULL;

-- --- Links ---

-- Serialises transactions that change links of one goal, until their commit.
-- name: GOAL_LOCK
SELECT pg_advisory_xact_lock(
    hashtextextended(:tenant::text || chr(10) || 'links' || chr(10) || :goal_id::uuid::text, 0));

-- The same for transactions that link one KPI.
-- name: KPI_LINKS_LOCK
SELECT pg_advisory_xact_lock(
    hashtextextended(:tenant::text || chr(10) || 'goals' || chr(10) || :kpi_id::uuid::text, 0));

-- name: GOAL_DELETED
SELECT goal_id AS id FROM deleted_goals WHERE tenant_id = :tenant AND goal_id = :goal_id;

-- name: GOAL_DELETED_ADD
INSERT INTO deleted_goals (tenant_id, goal_id, deleted_at) VALUES (:tenant, :goal_id, :now)
ON CONFLICT DO NOTHING;

-- name: LINKS_OF_GOAL_COUNT
SELECT count(*) AS count FROM links WHERE tenant_id = :tenant AND goal_id = :goal_id;

-- name: LINKS_OF_KPI_COUNT
SELECT count(*) AS count FROM links WHERE tenant_id = :tenant AND kpi_id = :kpi_id;

-- name: LINKS_OF_GOAL_DELETE
DELETE FROM links WHERE tenant_id = :tenant AND goal_id = :goal_id;

-- Links as goals show them.
-- name: LINKS_OF_GOALS
SELECT l.id, l.goal_id, l.kpi_id AS shared_kpi_id, k.name, k.description, k.category, k.unit,
       k.direction, l.threshold,
       coalesce(l.baseline_value, k.baseline_value, k.first_value) AS baseline_value,
       k.current_value, coalesce(l.target_value, k.target_value) AS target_value,
       l.baseline_value AS own_baseline_value, l.target_value AS own_target_value,
       l.version, l.created_at, l.updated_at, l.created_by, l.updated_by
  FROM links l
  JOIN kpis k ON k.tenant_id = :tenant AND k.id = l.kpi_id
 WHERE l.tenant_id = :tenant AND l.goal_id = ANY (:goal_ids::uuid[])
 ORDER BY l.goal_id, l.created_at, l.id;

-- By the KPI's id or the link's own.
-- name: LINK_OF_GOAL
SELECT l.id, l.goal_id, l.kpi_id AS shared_kpi_id, k.name, k.description, k.category, k.unit,
       k.direction, l.threshold,
       coalesce(l.baseline_value, k.baseline_value, k.first_value) AS baseline_value,
       k.current_value, coalesce(l.target_value, k.target_value) AS target_value,
       l.baseline_value AS own_baseline_value, l.target_value AS own_target_value,
       l.version, l.created_at, l.updated_at, l.created_by, l.updated_by
  FROM links l
  JOIN kpis k ON k.tenant_id = :tenant AND k.id = l.kpi_id
 WHERE l.tenant_id = :tenant AND l.goal_id = :goal_id AND (l.kpi_id = :kpi_id OR l.id = :kpi_id);

-- Whether there is a KPI or a link of that id.
-- name: KPI_OR_LINK_EXISTS
SELECT :kpi_id::uuid AS id
 WHERE EXISTS (SELECT 1 FROM kpis WHERE tenant_id = :tenant AND id = :kpi_id AND deleted_at IS NULL)
    OR EXISTS (SELECT 1 FROM links WHERE tenant_id = :tenant AND id = :kpi_id);

-- The named KPIs: one by its own id, one by its own or a link's id.
-- name: KPIS_NAMED
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
INSERT INTO links AS l (tenant_id, id, goal_id, kpi_id, threshold, baseline_value, target_value,
                        version, created_at, updated_at, created_by, updated_by)
VALUES (:tenant, :id, :goal_id, :kpi_id, :threshold, :baseline_value, :target_value, 1, :now, :now,
        :user_id, :user_id)
ON CONFLICT (tenant_id, goal_id, kpi_id) DO UPDATE
   SET threshold = CASE WHEN :threshold_named::boolean THEN excluded.threshold
                        ELSE l.threshold END,
       baseline_value = CASE WHEN :baseline_named::boolean THEN excluded.baseline_value
                             ELSE l.baseline_value END,
       target_value = CASE WHEN :target_named::boolean THEN excluded.target_value
                           ELSE l.target_value END,
       version = l.version + 1, updated_at = excluded.updated_at, updated_by = excluded.updated_by;

-- name: LINK_THRESHOLD
UPDATE links
   SET threshold = :threshold, version = version + 1, updated_at = :now, updated_by = :user_id
 WHERE tenant_id = :tenant AND id = :id;

-- name: LINK_DELETE
DELETE FROM links WHERE tenant_id = :tenant AND id = :id;

-- name: GOALS_OF_KPI
SELECT goal_id AS id FROM links WHERE tenant_id = :tenant AND kpi_id = :id ORDER BY goal_id;

-- name: LINKS_OF_KPI_DELETE
DELETE FROM links WHERE tenant_id = :tenant AND kpi_id = :id;
