-- Every statement of svc-realtime.

-- Before a batch: the streams of its tenants, in one order for all batches, so that two that append to
-- several of them cannot deadlock. A release before took one lock for all tenants, in the first
-- statement, which still excludes its replicas during an upgrade.
-- name: STREAM_ADVISORY_LOCK_SHARED
-- global
SELECT pg_advisory_xact_lock_shared(hashtextextended(current_schema()::text || ' stream', 0));

-- name: STREAMS_ADVISORY_LOCK
-- global
SELECT pg_advisory_xact_lock(keys.key)
  FROM (SELECT DISTINCT hashtextextended(current_schema()::text || ' stream ' || t.tenant, 0) AS key
          FROM unnest(:tenants::text[]) AS t (tenant) ORDER BY key) AS keys;

-- Gives an event's entries the tenant's next numbers, and answers the last of them. The row of heads
-- stays locked until the transaction ends.
-- name: STREAM_APPEND
-- fills: sequence_row
-- writes: stream_batch
WITH next AS (
    INSERT INTO heads AS h (tenant_id, head, changed_at)
    VALUES (:tenant, cardinality(:datas::bytea[]), clock_timestamp())
    ON CONFLICT (tenant_id) DO UPDATE
       SET head = h.head + cardinality(:datas), changed_at = excluded.changed_at
    RETURNING head
), added AS (
    INSERT INTO stream (tenant_id, place, type, goal_id, shown, data, created_at)
    SELECT :tenant, next.head - cardinality(:datas) + e.place, :type,
           nullif(e.goal_id, '00000000-0000-0000-0000-000000000000'), :shown, e.data, :now
      FROM next, unnest(:goal_ids::uuid[], :datas) WITH ORDINALITY AS e (goal_id, data, place)
)
SELECT head AS place FROM next;

-- name: STREAM_STATE
-- fills: stream_state
SELECT e.epoch, coalesce(h.head, 0) AS head, coalesce(h.trimmed, 0) AS trimmed
  FROM epoch e LEFT JOIN heads h ON h.tenant_id = :tenant;

-- fragment: ENTRY_COLUMNS
place, type, goal_id, shown, data;

-- Entries of about :max_bytes together, one at least: the last is the one that goes beyond.
-- fragment: PAGE_BYTES
sum(octet_length(data)) OVER (ORDER BY place ROWS UNBOUNDED PRECEDING) - octet_length(data) AS before;

-- name: STREAM_BEHIND
-- fills: stream_entry
SELECT :ENTRY_COLUMNS
  FROM (SELECT :ENTRY_COLUMNS, :PAGE_BYTES
          FROM (SELECT :ENTRY_COLUMNS FROM stream
                 WHERE tenant_id = :tenant AND place > :after
                 ORDER BY place LIMIT :most) AS entries) AS page
 WHERE before <= :max_bytes
 ORDER BY place;

-- name: STREAM_OF_GOAL_BEHIND
-- fills: stream_entry
SELECT :ENTRY_COLUMNS
  FROM (SELECT :ENTRY_COLUMNS, :PAGE_BYTES
          FROM (SELECT :ENTRY_COLUMNS FROM stream
                 WHERE tenant_id = :tenant AND goal_id = :goal_id AND place > :after
                 ORDER BY place LIMIT :most) AS entries) AS page
 WHERE before <= :max_bytes
 ORDER BY place;

-- name: EPOCH
-- fills: epoch_row
-- global
SELECT epoch FROM epoch;

-- By the database's clock only.
-- name: HEADS_RECENT
-- fills: tenant_head
-- global
SELECT tenant_id, head FROM recent_heads(clock_timestamp() - make_interval(secs => :seconds::bigint));

-- In two transactions: entries are deleted after the trimmed number, which readers check, is stored.
-- name: STREAMS_MARK_EXPIRED
-- fills: row_count
-- global
SELECT trim_streams(:before, :max) AS count;

-- name: STREAMS_DELETE_EXPIRED
-- fills: row_count
-- global
SELECT sweep_streams() AS count;

-- name: STREAMS_LOSE
-- fills: row_count
-- global
SELECT lose_streams() AS count;
