-- What each tenant has in the database, one JSON object a line, the largest first: objects (goals, strategies, KPIs, actions,
-- issues), rows of all kinds, their bytes as stored (without indexes), events that the logs keep.
--
--   psql -qXAt -v ON_ERROR_STOP=1 -f tenants.sql URL
--
-- As the owner of the tables (docs/operations.md); a role that row level security binds gets an error. What it
-- costs is bounded: of a table of more than 16 MiB about so many are read, in blocks chosen at random, and stand
-- for all of it; "estimated" says so, and a tenant with few rows there may be missing. It ends with an error
-- after a minute.
\set QUIET on
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL row_security = off;
SET LOCAL statement_timeout = '1min';
-- Columns are measured one by one, because a whole row would be read with what is stored beside it.
WITH tables AS (
    SELECT c.oid, n.nspname, c.relname, greatest(pg_relation_size(c.oid) / 16777216.0, 1) AS weight,
           (n.nspname, c.relname) IN (('goals', 'goals'), ('goals', 'strategies'), ('kpis', 'kpis'),
                                      ('operations', 'actions'), ('operations', 'issues')) AS is_object,
           c.relname = 'event_log' AS is_log
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE EXISTS (SELECT FROM pg_class l WHERE l.relnamespace = n.oid AND l.relname = 'event_log') -- a service's
       AND c.relkind = 'r'
       AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
), measured AS (
    SELECT t.*, string_agg(format('coalesce(pg_column_size(t.%I), 0)', a.attname), ' + ') AS size,
           bool_or(a.attname = 'deleted_at') AS deletes
      FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
     GROUP BY t.oid, t.nspname, t.relname, t.weight, t.is_object, t.is_log
)
SELECT 'SELECT json_build_object(''tenant'', tenant, ''objects'', round(sum(objects)), ''rows'', round(sum(rows)),
                                 ''bytes'', round(sum(bytes)), ''events'', round(sum(events)), ''estimated'', bool_or(estimated))
          FROM (' || string_agg(format(
           'SELECT tenant_id AS tenant, count(*) %s * %s::numeric AS objects, count(*) * %s::numeric AS rows,
                   sum(%s) * %s::numeric AS bytes, %s AS events, %s AS estimated
              FROM %I.%I t %s GROUP BY tenant_id',
           CASE WHEN deletes THEN 'FILTER (WHERE t.deleted_at IS NULL)' ELSE '' END,
           CASE WHEN is_object THEN weight ELSE 0 END, weight, size, weight,
           CASE WHEN is_log THEN format('count(*) * %s::numeric', weight) ELSE '0' END, (weight > 1)::text, nspname, relname,
           CASE WHEN weight > 1 THEN format('TABLESAMPLE SYSTEM (%s) REPEATABLE (1)', 100 / weight) ELSE '' END),
           ' UNION ALL ')
       || ') parts WHERE tenant ~ ''^[^[:cntrl:]]'' GROUP BY tenant ORDER BY sum(bytes) DESC, tenant LIMIT 10000'
  FROM measured
\gexec
COMMIT;
