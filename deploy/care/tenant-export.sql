-- Everything of one tenant as lines of JSON: first a line about the export, then one for each row,
-- {"table": "goals.goals", "row": {...}}. One moment for all tables. What is msgpack in the database
-- (metadata, events) stands as hex after \x.
--
--   psql -qXAt -v ON_ERROR_STOP=1 -v tenant=acme -f tenant-export.sql URL >FILE
--
-- As the owner of the tables (docs/operations.md); a role that row level security binds gets an error. Tables
-- come from the catalogue, so a new one with a tenant_id is in it without a change here.
\set QUIET on
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL row_security = off; -- an error instead of a part, for a role that is bound
SELECT json_build_object('tenant', :'tenant', 'exportedAt', now() AT TIME ZONE 'UTC', 'database', current_database());
-- The delimiter and the quote are characters that JSON always escapes: a line is the JSON itself.
SELECT format($copy$COPY (SELECT json_build_object('table', %L, 'row', t) FROM %I.%I t WHERE tenant_id = %L) TO STDOUT (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')$copy$,
              n.nspname || '.' || c.relname, n.nspname, c.relname, :'tenant')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE EXISTS (SELECT FROM pg_class l WHERE l.relnamespace = n.oid AND l.relname = 'event_log') -- a service's
   AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attname = 'tenant_id' AND NOT a.attisdropped
 ORDER BY n.nspname, c.relname
\gexec
COMMIT;
