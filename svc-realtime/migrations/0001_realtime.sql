-- What svc-realtime owns besides what every service has.

DO $do$
BEGIN
    EXECUTE format('COMMENT ON SCHEMA %I IS %L', current_schema(), 'Owned by svc-realtime: the log of events that streams are resumed from.');
END
$do$;
