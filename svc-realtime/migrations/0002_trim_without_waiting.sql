-- Batches lock the streams of their tenants and no more all streams at once. Forgetting old entries locks
-- the heads of several tenants in no order, so it passes over those that are being appended to: it waits
-- for nobody, and a deadlock needs two that wait.

DO $do$
BEGIN
    EXECUTE format($sql$
        CREATE OR REPLACE FUNCTION trim_streams(before timestamptz, most bigint) RETURNS bigint
        LANGUAGE sql SECURITY DEFINER SET search_path = %1$I, pg_temp
        AS $body$
            WITH ends AS MATERIALIZED (
                SELECT h.tenant_id, greatest(h.head - most, CASE
                           WHEN (SELECT s.created_at FROM stream s
                                  WHERE s.tenant_id = h.tenant_id AND s.place > h.trimmed
                                  ORDER BY s.place LIMIT 1) < before
                           THEN (SELECT max(s.place) FROM stream s
                                  WHERE s.tenant_id = h.tenant_id AND s.created_at < before)
                       END) AS place
                  FROM heads h WHERE h.head > h.trimmed
            ), free AS MATERIALIZED (
                SELECT h.tenant_id, ends.place FROM heads h JOIN ends USING (tenant_id)
                 WHERE ends.place > h.trimmed
                   FOR UPDATE OF h SKIP LOCKED
            ), moved AS (
                UPDATE heads h SET trimmed = free.place FROM free
                 WHERE h.tenant_id = free.tenant_id
                RETURNING 1
            )
            SELECT count(*) FROM moved
        $body$
    $sql$, current_schema());
END
$do$;
