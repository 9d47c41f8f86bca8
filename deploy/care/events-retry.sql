-- A tenant's events that cannot be applied are tried again at once, not only when it is their time;
-- answers how many there are.
--
--   psql -qXAt -v ON_ERROR_STOP=1 -v tenant=acme -f events-retry.sql URL
--
-- As the owner of the tables (docs/operations.md); a role that row level security binds gets an error.
BEGIN;
SET LOCAL row_security = off;
SELECT 'WITH ' || string_agg(format('%I AS (UPDATE %I.parked_events SET next_at = now() WHERE tenant_id = %L AND attempts > 0 RETURNING 1)',
                                    n.nspname, n.nspname, :'tenant'), ', ')
       || ' SELECT ' || string_agg(format('(SELECT count(*) FROM %I)', n.nspname), ' + ')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relname = 'parked_events' AND c.relkind = 'r'
   AND EXISTS (SELECT FROM pg_class l WHERE l.relnamespace = n.oid AND l.relname = 'event_log') -- a service's
\gexec
COMMIT;
