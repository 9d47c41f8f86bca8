-- What the command center shows. Rows that are there have none of it until an event tells of them, or
-- `svc-analytics --rebuild` makes them anew; until then a goal's primary KPI is what was linked first.

ALTER TABLE goals ADD COLUMN intent text;
ALTER TABLE links ADD COLUMN is_primary boolean NOT NULL DEFAULT false, ADD COLUMN strategy_id uuid;
ALTER TABLE actions ADD COLUMN description text, ADD COLUMN progress double precision,
    ADD COLUMN strategy_ids uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE issues ADD COLUMN impact text, ADD COLUMN date_reported timestamptz;
COMMENT ON COLUMN issues.date_reported IS 'NULL of issues that no event has told it of: their creation.';

-- The day of the earliest reading, beside its value.
ALTER TABLE kpis ADD COLUMN first_day timestamptz;

UPDATE kpis k
   SET first_day = (SELECT coalesce(r.day, (make_date((r.period / 12)::int, (r.period % 12)::int + 1, 1)
                                            + interval '1 month' - interval '1 day') AT TIME ZONE 'UTC')
                      FROM readings r
                     WHERE r.tenant_id = k.tenant_id AND r.generation = k.generation AND r.kpi_id = k.id
                     ORDER BY r.period LIMIT 1);

-- As it was computed last. It counts while the stamps are the same and the hour lasts.
CREATE TABLE command_centers (
    tenant_id text NOT NULL,
    generation bigint NOT NULL DEFAULT generation(),
    stamps uuid[] NOT NULL,
    computed_at timestamptz NOT NULL,
    data bytea NOT NULL, -- msgpack
    CONSTRAINT command_centers_pkey PRIMARY KEY (tenant_id, generation)
) WITH (fillfactor = 50);

ALTER TABLE command_centers ENABLE ROW LEVEL SECURITY;
ALTER TABLE command_centers FORCE ROW LEVEL SECURITY;
CREATE POLICY command_centers_tenant ON command_centers
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), ''))
           AND generation = (SELECT generation()))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), ''))
                AND generation = (SELECT generation()));
CREATE POLICY command_centers_owner ON command_centers TO CURRENT_USER USING (true) WITH CHECK (true);

-- As before, with the new table.
CREATE OR REPLACE FUNCTION drop_generations(most bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = analytics, pg_temp
AS $$
DECLARE
    name text;
    part bigint;
    total bigint := 0;
BEGIN
    FOREACH name IN ARRAY ARRAY['goals', 'strategies', 'kpis', 'links', 'readings', 'target_points',
                                'plan_anchors', 'actions', 'issues', 'activity', 'stamps', 'figures',
                                'command_centers'] LOOP
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
