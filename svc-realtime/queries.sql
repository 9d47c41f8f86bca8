-- Every statement of svc-realtime.

-- One transaction at a time: two that append to several tenants' streams could deadlock.
-- name: STREAM_ADVISORY_LOCK
-- global
SELECT pg_advisory_xact_lock(hashtextextended(current_schema()::text || ' stream', 0));

-- Gives an entry the tenant's next number. The row of heads stays locked until the transaction ends.
-- name: STREAM_APPEND
-- fills: sequence_row
-- writes: stream_entry except place
WITH next AS (
    INSERT INTO heads AS h (tenant_id, head, changed_at) VALUES (:tenant, 1, clock_timestamp())
    ON CONFLICT (tenant_id) DO UPDATE SET head = h.head + 1, changed_at = excluded.changed_at
    RETURNING head
)
INSERT INTO stream (tenant_id, place, type, goal_id, shown, data, created_at)
SELECT :tenant, next.head, :type, :goal_id, :shown, :data, :now FROM next
RETURNING place;

-- name: STREAM_STATE
-- fills: stream_state
SELECT e.epoch, coalesce(h.head, 0) AS head, coalesce(h.trimmed, 0) AS trimmed
  FROM epoch e LEFT JOIN heads h ON h.tenant_id = :tenant;

-- fragment: ENTRY_COLUMNS
place, type, goal_id, shown, data;

-- name: STREAM_BEHIND
-- fills: stream_entry
SELECT :ENTRY_COLUMNS FROM stream
 WHERE tenant_id = :tenant AND place > :after
 ORDER BY place LIMIT :most;

-- name: STREAM_OF_GOAL_BEHIND
-- fills: stream_entry
SELECT :ENTRY_COLUMNS FROM stream
 WHERE tenant_id = :tenant AND goal_id = :goal_id AND place > :after
 ORDER BY place LIMIT :most;

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
