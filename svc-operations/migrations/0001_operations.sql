-- What svc-operations owns besides what every service has.

DO $do$
BEGIN
    EXECUTE format('COMMENT ON SCHEMA %I IS %L', current_schema(), 'Owned by svc-operations: actions, issues, issue types and statuses, relationships.');
END
$do$;
