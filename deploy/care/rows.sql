-- How many rows each table of the services has, one table a line: of two databases that should be the same.
SELECT format('SELECT %L, count(*) FROM %I.%I', n.nspname || '.' || c.relname, n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE EXISTS (SELECT FROM pg_class l WHERE l.relnamespace = n.oid AND l.relname = 'event_log') AND c.relkind = 'r'
 ORDER BY n.nspname, c.relname \gexec
