-- The outbox, the log and the consumers' sequence numbers: of all tenants together, in transactions
-- without a tenant.

-- One at a time across replicas, until the commit. The lock is a separate statement: the one that
-- moves the rows must take its snapshot after it.
-- name: EVENTS_ADVISORY_LOCK
-- global
SELECT pg_advisory_xact_lock(hashtextextended(current_schema()::text || ' events', 0));

-- No row with an id up to :above can appear any more; until the next VACUUM there are many dead ones.
-- The transaction gets its own id here, after the snapshot, so that it is higher than those of all
-- transactions that had one then. (The snapshot's xmax is not: it is one past the highest ended one.)
-- name: EVENTS_MOVE
-- fills: moved_event
-- partial
-- global
WITH moved AS (
    DELETE FROM outbox
    WHERE id IN (SELECT id FROM outbox WHERE id > :above ORDER BY id LIMIT :max)
    RETURNING id, tenant_id, type, payload, created_at),
logged AS (
    INSERT INTO event_log (pos, tenant_id, type, payload, created_at)
    SELECT (SELECT coalesce(max(pos), 0) FROM event_log) + row_number() OVER (ORDER BY id),
           tenant_id, type, payload, created_at
    FROM moved
    RETURNING pos, tenant_id, payload)
SELECT pos, tenant_id, payload,
       (SELECT max(id) FROM moved) AS last_id,
       (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint) AS oldest_at_work,
       (SELECT pg_current_xact_id()::text::bigint) AS own
FROM logged ORDER BY pos;

-- The log's last number, and since when the first event waits for its number.
-- name: EVENTS_LOOK
-- fills: event_log_state
-- global
SELECT coalesce((SELECT max(pos) FROM event_log), 0) AS head,
       (SELECT created_at FROM outbox ORDER BY id LIMIT 1) AS waiting_since;

-- At least one event, if there is one; then as many as fit.
-- name: EVENTS_SINCE
-- fills: logged_event
-- global
SELECT pos, payload
FROM (SELECT pos, payload, sum(octet_length(payload)) OVER (ORDER BY pos) AS total
      FROM event_log WHERE pos > :pos AND pos <= :pos + :max) AS page
WHERE total <= :bytes OR pos = :pos + 1
ORDER BY pos;

-- name: CONSUMED_ADD
-- partial
-- global
INSERT INTO consumed (source, pos) VALUES (:source, 0) ON CONFLICT (source) DO NOTHING;

-- name: CONSUMED_READ
-- fills: consumed_sequence except source, before, after
-- global
SELECT pos FROM consumed WHERE source = :source;

-- name: CONSUMED_MOVE
-- partial
-- global
UPDATE consumed SET pos = CASE WHEN pos = :before THEN :after ELSE -1 END WHERE source = :source;

-- name: PARKED_ADD
-- writes: parked_row except count
-- global
INSERT INTO parked_events (tenant_id, source, pos, type, must, payload)
VALUES (:tenant_id, :source, :pos, :type, :must, :payload);

-- Of each tenant that waits the first event, and how many there are.
-- name: PARKED_HEADS
-- fills: parked_row except source, payload
-- global
SELECT DISTINCT ON (tenant_id)
       tenant_id, pos, type, must, count(*) OVER (PARTITION BY tenant_id) AS count
FROM parked_events WHERE source = :source ORDER BY tenant_id, pos;

-- name: PARKED_READ
-- fills: packed_payload
-- global
SELECT payload FROM parked_events
WHERE tenant_id = :tenant_id AND source = :source AND pos = :pos;

-- name: PARKED_TAKE
-- global
DELETE FROM parked_events WHERE tenant_id = :tenant_id AND source = :source AND pos = :pos;
