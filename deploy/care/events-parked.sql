-- Events that wait (docs/sequencer.md): one row for each service, source and tenant, about the first of
-- them. With a tenant only its own.
--
--   psql -qX -v ON_ERROR_STOP=1 -v tenant= -f events-parked.sql URL
--
-- As the owner of the tables (docs/operations.md); a role that row level security binds gets an error.
\set QUIET on
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL row_security = off;
SET LOCAL timezone = 'UTC';
SELECT string_agg(format($sql$
           (SELECT DISTINCT ON (source, tenant_id)
                  %L AS service, source, tenant_id AS tenant,
                  count(*) OVER (PARTITION BY source, tenant_id) AS events,
                  to_char(parked_at, 'YYYY-MM-DD HH24:MI:SS') AS since, attempts,
                  to_char(next_at, 'YYYY-MM-DD HH24:MI:SS') AS next, pos, type,
                  CASE WHEN attempts > 0 THEN error WHEN must IS NOT NULL THEN 'waits for a newer release'
                       ELSE 'is about to be applied' END AS error
             FROM %I.parked_events WHERE %L IN ('', tenant_id)
            ORDER BY source, tenant_id, pos)$sql$,
           'svc-' || n.nspname, n.nspname, :'tenant'), ' UNION ALL ')
       || ' ORDER BY service, source, tenant'
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relname = 'parked_events' AND c.relkind = 'r'
   AND EXISTS (SELECT FROM pg_class l WHERE l.relnamespace = n.oid AND l.relname = 'event_log') -- a service's
\gexec
COMMIT;
