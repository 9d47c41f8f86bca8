-- What svc-kpis owns besides what every service has.

DO $do$
BEGIN
    EXECUTE format('COMMENT ON SCHEMA %I IS %L', current_schema(), 'Owned by svc-kpis: the catalogue of KPIs, readings, links to goals.');
END
$do$;
