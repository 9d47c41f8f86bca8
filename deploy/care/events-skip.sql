-- One event that waits is never applied by this service; those behind it are applied next. Answers how
-- many were skipped: 0 when it does not wait any more. Names and numbers are those of events-parked.sql.
--
--   psql -qXAt -v ON_ERROR_STOP=1 -v service=svc-kpis -v source=svc-goals -v tenant=acme -v pos=17 -f events-skip.sql URL
--
-- As the owner of the tables (docs/operations.md); a role that row level security binds gets an error.
BEGIN;
SET LOCAL row_security = off;
SELECT format('WITH skipped AS (DELETE FROM %I.parked_events WHERE source = %L AND tenant_id = %L AND pos = %L RETURNING 1) SELECT count(*) FROM skipped',
              substr(:'service', 5), :'source', :'tenant', :'pos')
\gexec
COMMIT;
