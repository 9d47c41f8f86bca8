-- Plans of KPIs: what is expected is computed from them when a report is made.

ALTER TABLE kpis ADD COLUMN interpolation_method text, ADD COLUMN baseline_date timestamptz;
COMMENT ON COLUMN kpis.interpolation_method IS 'NULL of KPIs that no event has told it of: linear.';

CREATE TABLE target_points (
    tenant_id text NOT NULL,
    generation bigint NOT NULL DEFAULT generation(),
    id uuid NOT NULL,
    kpi_id uuid NOT NULL,
    day timestamptz NOT NULL,
    value double precision NOT NULL,
    optimal_value double precision,
    minimal_value double precision,
    version bigint NOT NULL,
    CONSTRAINT target_points_pkey PRIMARY KEY (tenant_id, generation, id)
);
CREATE INDEX target_points_of_kpi ON target_points (tenant_id, generation, kpi_id, day);

-- Without versions: what is written and removed, in the order of the events, does not depend on what of it
-- was there before.
CREATE TABLE plan_anchors (
    tenant_id text NOT NULL,
    generation bigint NOT NULL DEFAULT generation(),
    kpi_id uuid NOT NULL,
    day timestamptz NOT NULL,
    left_value double precision NOT NULL,
    right_value double precision NOT NULL,
    straight boolean NOT NULL,
    CONSTRAINT plan_anchors_pkey PRIMARY KEY (tenant_id, generation, kpi_id, day)
);

DO $do$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['target_points', 'plan_anchors'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format($sql$CREATE POLICY %I ON %I
            USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), ''))
                   AND generation = (SELECT generation()))
            WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), ''))
                        AND generation = (SELECT generation()))$sql$, name || '_tenant', name);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)',
                       name || '_owner', name);
    END LOOP;
END
$do$;

-- As before, with the new tables.
CREATE OR REPLACE FUNCTION drop_generations(most bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = analytics, pg_temp
AS $$
DECLARE
    name text;
    part bigint;
    total bigint := 0;
BEGIN
    FOREACH name IN ARRAY ARRAY['goals', 'strategies', 'kpis', 'links', 'readings', 'target_points',
                                'plan_anchors', 'actions', 'issues', 'activity', 'stamps',
                                'figures'] LOOP
        EXECUTE format('DELETE FROM %I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I
            WHERE generation NOT IN (SELECT current FROM generations
                                     UNION SELECT coalesce(building, current) FROM generations)
            LIMIT $1 FOR UPDATE SKIP LOCKED))', name) USING most;
        GET DIAGNOSTICS part = ROW_COUNT;
        total := total + part;
    END LOOP;
    RETURN total;
END
$$;
