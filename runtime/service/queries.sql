-- The statements that every service has: idempotency, outbox, people, limits, and its own role.

-- name: IDEMPOTENCY_TAKE
-- writes: idempotency
INSERT INTO idempotency (tenant_id, key, fingerprint, answer, expires_at)
VALUES (:tenant, :key, :fingerprint, :answer, :expires_at);

-- name: IDEMPOTENCY_ANSWER
-- partial
UPDATE idempotency SET answer = :answer WHERE tenant_id = :tenant AND key = :key;

-- name: IDEMPOTENCY_READ
-- fills: idempotency except key
SELECT fingerprint, answer, expires_at FROM idempotency WHERE tenant_id = :tenant AND key = :key;

-- name: IDEMPOTENCY_FREE
DELETE FROM idempotency WHERE tenant_id = :tenant AND key = :key AND expires_at <= :now;

-- name: IDEMPOTENCY_PURGE
-- fills: purge except max
-- global
SELECT purge_idempotency(:now, :max) AS count;

-- name: OUTBOX_ADD
-- writes: outbox_row
INSERT INTO outbox (tenant_id, type, entity_id, version, payload, created_at)
VALUES (:tenant, :type, :entity_id, :version, :payload, :now);

-- name: OUTBOX_ADD_MANY
-- writes: outbox_rows
INSERT INTO outbox (tenant_id, type, entity_id, version, payload, created_at)
SELECT :tenant, :type, e.entity_id, e.version::bigint, e.payload, :now::timestamptz
  FROM unnest(:entity_ids::uuid[], :versions::text[], :payloads::bytea[])
       WITH ORDINALITY AS e (entity_id, version, payload, place)
 ORDER BY e.place;

-- The name told last, or of the token issued last, wins, of equal ones the later call; an unchanged
-- name is not written.
-- name: PERSON_LEARN
-- writes: known_name
INSERT INTO people AS p (tenant_id, user_id, name, issued_at)
VALUES (:tenant, :person_id, :name, :issued_at)
ON CONFLICT (tenant_id, user_id) DO UPDATE
   SET name = excluded.name, issued_at = excluded.issued_at,
       version = p.version + CASE WHEN p.name = excluded.name THEN 0 ELSE 1 END
WHERE p.issued_at <= excluded.issued_at
  AND (p.name, p.issued_at) IS DISTINCT FROM (excluded.name, excluded.issued_at);

-- name: PERSON_NAME
-- fills: person_name
SELECT name FROM people WHERE tenant_id = :tenant AND user_id = :person_id;

-- Serialises creates of one kind within one tenant, until their commit.
-- name: LIMIT_ADVISORY_LOCK
SELECT pg_advisory_xact_lock(hashtextextended(:tenant::text || chr(10) || :kind::text, 0));

-- What a consumer has told; of two replicas the later one, whichever told more: each has stored it.
-- name: CONSUMER_PUT
-- writes: consumed_told
-- global
INSERT INTO consumers (program, pos, told_at) VALUES (:program, :pos, :now)
ON CONFLICT (program) DO UPDATE SET pos = excluded.pos, told_at = excluded.told_at;

-- Of each consumer, since when the first event that it has not told to have applied exists. Of one
-- that has told nothing it is the first one of the log.
-- name: CONSUMERS_LOOK
-- fills: log_consumer
-- global
SELECT names.program,
       coalesce(extract(epoch FROM :now::timestamptz - next.created_at), 0)::bigint AS held_seconds
  FROM unnest(:programs::text[]) AS names (program)
  LEFT JOIN consumers c USING (program)
  LEFT JOIN LATERAL (SELECT e.created_at FROM event_log e
                      WHERE e.pos > coalesce(c.pos, 0) ORDER BY e.pos LIMIT 1) AS next ON true
 ORDER BY names.program;

-- name: EVENTS_PRUNE
-- fills: log_consumers except programs, before, max
-- global
SELECT prune_events(:programs, :before, :max) AS count;

-- name: DATABASE_PING
-- fills: alive
-- global
SELECT true AS alive;

-- Who holds leases on what this service's tables say (docs/goal-cache.md).

-- name: LEASE_HOLDERS
-- fills: lease_row
-- global
SELECT holder, revoked FROM lease_holders;

-- Not beyond any number: a writer tells all of them.
-- name: LEASE_HOLDER_ADD
-- partial
-- global
INSERT INTO lease_holders (holder)
SELECT :holder WHERE (SELECT count(*) FROM lease_holders) < 64
ON CONFLICT DO NOTHING;

-- name: LEASE_HOLDERS_REVOKE
-- partial
-- global
UPDATE lease_holders SET revoked = true WHERE holder = ANY (:holders::uuid[]);

-- name: LEASE_HOLDERS_DELETE
-- global
DELETE FROM lease_holders WHERE holder = ANY (:holders::uuid[]);

-- Not while a transaction changes something that the holders are not told of. Two renewals at the
-- same time may keep each other from it. Tables that a restore has made anew are another epoch.
-- name: LEASE_RENEW
-- fills: lease_state
-- global
SELECT pg_try_advisory_xact_lock(lease_lock()) AS renewed,
       EXISTS (SELECT FROM lease_holders WHERE holder = :holder AND NOT revoked) AS held,
       (SELECT last_value FROM lease_epoch) # ('lease_holders'::regclass::oid::bigint << 31) AS epoch;
