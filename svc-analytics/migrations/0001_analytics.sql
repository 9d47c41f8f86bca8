-- What svc-analytics owns besides what every service has.

DO $do$
BEGIN
    EXECUTE format('COMMENT ON SCHEMA %I IS %L', current_schema(), 'Owned by svc-analytics: projections of the events of the other services.');
END
$do$;
