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
SELECT pos, tenant_id, payload
FROM (SELECT pos, tenant_id, payload, sum(octet_length(payload)) OVER (ORDER BY pos) AS total
      FROM event_log WHERE pos > :pos AND pos <= :pos + :max) AS page
WHERE total <= :bytes OR pos = :pos + 1
ORDER BY pos;

-- After the events: whoever finds some missing has to know of what was deleted until then.
-- name: EVENTS_FIRST
-- fills: event_log_first
-- global
SELECT pos AS first FROM log_begin;

-- name: CONSUMED_ADD
-- partial
-- global
INSERT INTO consumed (source, pos) VALUES (:source, 0) ON CONFLICT (source) DO NOTHING;

-- name: CONSUMED_READ
-- fills: consumed_sequence except source, before, after
-- global
SELECT pos, parked_changes FROM consumed WHERE source = :source;

-- How far another consumer of this database has come: up to before what waits with it.
-- name: SNAPSHOT_BASE
-- fills: snapshot_base except source
-- global
SELECT least(c.pos, (SELECT min(p.pos) - 1 FROM parked_events p WHERE p.source = :source)) AS pos
  FROM consumed c WHERE c.source = :source;

-- name: CONSUMED_MOVE
-- partial
-- global
UPDATE consumed
   SET pos = CASE WHEN pos = :before AND parked_changes = :parked_changes THEN :after ELSE -1 END
 WHERE source = :source;

-- It may be there already when somebody has set the place back, to have everything applied again.
-- name: PARKED_ADD
-- writes: parked_row except count
-- global
INSERT INTO parked_events (tenant_id, source, pos, type, must, payload, attempts, error, next_at)
VALUES (:tenant_id, :source, :pos, :type, :must, :payload, :attempts, :error,
        clock_timestamp() + :wait_ms::bigint * interval '1 ms')
ON CONFLICT (tenant_id, source, pos) DO NOTHING;

-- Of each tenant that waits the first event, and how many there are. The tenants are found one by one
-- in the index, because there may be many events of each.
-- name: PARKED_HEADS
-- fills: parked_row except source, payload
-- global
WITH RECURSIVE heads AS (
    (SELECT tenant_id, pos FROM parked_events
      WHERE source = :source ORDER BY tenant_id, pos LIMIT 1)
    UNION ALL
    SELECT next.tenant_id, next.pos
      FROM heads h CROSS JOIN LATERAL (
          SELECT p.tenant_id, p.pos FROM parked_events p
           WHERE p.source = :source AND p.tenant_id > h.tenant_id
           ORDER BY p.tenant_id, p.pos LIMIT 1) next
)
SELECT p.tenant_id, p.pos, p.type, p.must, p.attempts, p.error,
       greatest(0, extract(epoch FROM p.next_at - clock_timestamp()) * 1000)::bigint AS wait_ms,
       (SELECT count(*) FROM parked_events c
         WHERE c.source = :source AND c.tenant_id = h.tenant_id) AS count
  FROM heads h JOIN parked_events p
    ON p.tenant_id = h.tenant_id AND p.source = :source AND p.pos = h.pos;

-- A tenant's first ones: at least one, if there is one; then as many as fit.
-- name: PARKED_READ
-- fills: parked_row except tenant_id, source, count
-- global
SELECT pos, type, must, payload, attempts, error,
       greatest(0, extract(epoch FROM next_at - clock_timestamp()) * 1000)::bigint AS wait_ms
  FROM (SELECT first.*, sum(octet_length(payload)) OVER before AS total, row_number() OVER before AS place
          FROM (SELECT * FROM parked_events
                 WHERE tenant_id = :tenant_id AND source = :source
                 ORDER BY pos LIMIT :max) first
        WINDOW before AS (ORDER BY pos)) page
 WHERE total <= :bytes OR place = 1
 ORDER BY pos;

-- name: PARKED_TAKE
-- global
DELETE FROM parked_events
 WHERE tenant_id = :tenant_id AND source = :source AND pos BETWEEN :first AND :last;

-- Of two replicas that have failed with it at the same time, one counts.
-- name: PARKED_ATTEMPT
-- partial
-- global
UPDATE parked_events
   SET attempts = :attempts, error = :error,
       next_at = clock_timestamp() + :wait_ms::bigint * interval '1 ms'
 WHERE tenant_id = :tenant_id AND source = :source AND pos = :pos AND attempts = :attempts::bigint - 1;
