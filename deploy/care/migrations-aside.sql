-- The way back from an upgrade: the records of the migrations that were applied since a moment are set aside,
-- so that the programs of before find the schema that they know, and start. Nothing that these migrations have
-- made is taken away: programs of the release before work with it, as they did during the upgrade. When newer
-- programs migrate again, they take the records back and run no text. Answers how many there were.
--
--   psql -qXAt -v ON_ERROR_STOP=1 -v since='2026-01-31 02:00:00+00' -f migrations-aside.sql URL
--
-- As the owner of the tables. `SELECT name, applied_at FROM goals.schema_migrations ORDER BY applied_at` shows
-- which these are; those of one upgrade belong together, so no moment between two of them will do.
BEGIN;
SELECT pg_advisory_xact_lock(7250148129) \g /dev/null
SELECT set_config('care.since', :'since', true) \g /dev/null
CREATE TEMPORARY TABLE moved (kept bigint, aside bigint) ON COMMIT DROP;

DO $aside$
DECLARE
    since timestamptz := current_setting('care.since');
    schema text;
    count bigint;
BEGIN
    FOR schema IN
        SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relname = 'migrations_aside' AND c.relkind = 'r' ORDER BY n.nspname
    LOOP
        EXECUTE format($sql$
            WITH newer AS (DELETE FROM %1$I.schema_migrations WHERE applied_at >= $1 RETURNING name, checksum)
            INSERT INTO %1$I.migrations_aside (name, checksum) SELECT name, checksum FROM newer
        $sql$, schema) USING since;
        GET DIAGNOSTICS count = ROW_COUNT;
        EXECUTE format('INSERT INTO moved SELECT count(*), $1 FROM %I.schema_migrations', schema) USING count;
    END LOOP;
    IF EXISTS (SELECT FROM moved) AND NOT EXISTS (SELECT FROM moved WHERE kept > 0) THEN
        RAISE EXCEPTION 'no migration is older than %: there is nothing to go back to', since;
    END IF;
END
$aside$;

SELECT coalesce(sum(aside), 0) FROM moved;
COMMIT;
