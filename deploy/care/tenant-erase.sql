-- Takes everything of one tenant out of all schemas, in one transaction; answers how many rows went.
--
--   psql -qXAt -v ON_ERROR_STOP=1 -v tenant=acme -f tenant-erase.sql URL
--
-- As the owner of the tables (docs/operations.md); a role that row level security binds gets an error. Rows
-- are deleted, but those of event logs: a log has no gaps, because consumers take one for lost news. There
-- the event becomes one that says nothing and is nobody's (a tenant named by a control character, which no
-- token can name).
BEGIN;
SET LOCAL row_security = off;
SET LOCAL client_min_messages = warning;
SELECT set_config('care.tenant', :'tenant', true) \g /dev/null
CREATE TEMPORARY TABLE erased (rows bigint) ON COMMIT DROP;

DO $erase$
DECLARE
    tenant text := current_setting('care.tenant');
    place record;
    count bigint;
BEGIN
    IF length(tenant) = 0 THEN
        RAISE EXCEPTION 'no tenant was named';
    END IF;
    -- What refers to others goes before them.
    FOR place IN
        WITH RECURSIVE tables AS (
            SELECT c.oid, n.nspname, c.relname
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE EXISTS (SELECT FROM pg_class l WHERE l.relnamespace = n.oid AND l.relname = 'event_log') -- a service's
               AND c.relkind IN ('r', 'p') AND NOT c.relispartition
               AND a.attname = 'tenant_id' AND NOT a.attisdropped
        ), depths AS (
            SELECT oid, 0 AS depth FROM tables
            UNION
            SELECT f.conrelid, d.depth + 1
              FROM depths d JOIN pg_constraint f ON f.confrelid = d.oid AND f.contype = 'f' AND f.conrelid <> d.oid
             WHERE d.depth < 20
        )
        SELECT t.nspname, t.relname FROM tables t JOIN depths d USING (oid)
         GROUP BY t.nspname, t.relname ORDER BY max(d.depth) DESC, t.nspname, t.relname
    LOOP
        IF place.relname = 'event_log' THEN
            EXECUTE format($sql$
                UPDATE %I.event_log SET tenant_id = E'\x01', type = 'tenant.erased', payload =
                    '\x86'::bytea
                    || '\xa26964d924'::bytea || convert_to(gen_random_uuid()::text, 'UTF8')
                    || '\xa474797065ad'::bytea || convert_to('tenant.erased', 'UTF8')
                    || '\xa674656e616e74a101'::bytea
                    || '\xa6656e74697479d924'::bytea || convert_to('00000000-0000-7000-8000-000000000001', 'UTF8')
                    || '\xa26174b8'::bytea
                    || convert_to(to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'UTF8')
                    || '\xa464617461c0'::bytea
                 WHERE tenant_id = $1$sql$, place.nspname) USING tenant;
        ELSE
            EXECUTE format('DELETE FROM %I.%I WHERE tenant_id = $1', place.nspname, place.relname) USING tenant;
        END IF;
        GET DIAGNOSTICS count = ROW_COUNT;
        INSERT INTO erased VALUES (count);
    END LOOP;
END
$erase$;

SELECT sum(rows) FROM erased;
COMMIT;
