-- What was measured on which day. A month's reading is what counts of the month's measurements: of those
-- with the subtype Measured the one that was recorded last, else the last estimate.
--
-- Who writes a reading without saying that a measurement made it has posted the value of a month, and the
-- trigger stores that as a measurement. So programs of older releases, which do not know of measurements,
-- leave none out.

CREATE FUNCTION uuid_v7(at timestamptz) RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE
AS $$
    SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
                      substring(int8send(floor(extract(epoch FROM at) * 1000)::bigint) FROM 3)
                      FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;

CREATE TABLE measurements (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    kpi_id uuid NOT NULL,
    period bigint NOT NULL GENERATED ALWAYS AS
        ((extract(year FROM day AT TIME ZONE 'UTC') * 12
          + extract(month FROM day AT TIME ZONE 'UTC') - 1)::bigint) STORED,
    day timestamptz NOT NULL,
    subtype text NOT NULL CONSTRAINT measurements_subtype CHECK (subtype IN ('Measured', 'Estimate')),
    place bigint NOT NULL,
    value double precision NOT NULL CONSTRAINT measurements_value CHECK
        (value > '-Infinity' AND value < 'Infinity'),
    adjusted_value double precision CONSTRAINT measurements_adjusted CHECK
        (adjusted_value > '-Infinity' AND adjusted_value < 'Infinity'),
    override_comment text,
    source text NOT NULL CONSTRAINT measurements_source CHECK
        (source IN ('manual', 'action', 'integration')),
    source_name text,
    source_id text,
    rationale text,
    period_start timestamptz,
    is_posted boolean NOT NULL DEFAULT false,
    is_flagged boolean NOT NULL DEFAULT false,
    plan_adjusted boolean NOT NULL DEFAULT false,
    is_told boolean NOT NULL DEFAULT false,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by text NOT NULL,
    updated_by text NOT NULL,
    -- One of a KPI, day and subtype; the month first, because it is looked for by that, too.
    CONSTRAINT measurements_pkey PRIMARY KEY (tenant_id, kpi_id, period, day, subtype),
    CONSTRAINT measurements_id UNIQUE (tenant_id, id),
    CONSTRAINT measurements_kpi FOREIGN KEY (tenant_id, kpi_id) REFERENCES kpis (tenant_id, id)
);
COMMENT ON COLUMN measurements.period IS 'Months since 0000-01.';
COMMENT ON COLUMN measurements.day IS '00:00 UTC.';
COMMENT ON COLUMN measurements.place IS 'In the order in which those of the month were recorded.';
COMMENT ON COLUMN measurements.adjusted_value IS 'Counts instead of value: it was overridden.';
COMMENT ON COLUMN measurements.is_posted IS 'As the reading of its month, by which it is edited.';
COMMENT ON COLUMN measurements.is_flagged IS 'Somebody has said that it triggers re-planning.';
COMMENT ON COLUMN measurements.plan_adjusted IS 'The plan was adjusted because of it; that stays true when it is recorded again.';
COMMENT ON COLUMN measurements.is_told IS 'kpi.replan.suggested was published because of it.';

ALTER TABLE measurements ENABLE ROW LEVEL SECURITY;
ALTER TABLE measurements FORCE ROW LEVEL SECURITY;
CREATE POLICY measurements_tenant ON measurements
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));

-- Programs of older releases know neither other sources nor other ids of them than they write.
ALTER TABLE readings ADD COLUMN measured_version bigint, ADD COLUMN measured_source text,
    ADD COLUMN measured_source_id text;
COMMENT ON COLUMN readings.measured_version IS
    'The version that a measurement made; where it is another one, the reading was posted.';
COMMENT ON COLUMN readings.measured_source IS 'Of the version that a measurement made.';

-- Those of before. That a day was said means that the value was not posted as the month's.
INSERT INTO measurements (tenant_id, id, kpi_id, day, subtype, place, value, adjusted_value,
                          override_comment, source, source_id, rationale, is_posted, version,
                          created_at, updated_at, created_by, updated_by)
SELECT tenant_id, uuid_v7(created_at), kpi_id, reading_day(day, period, updated_at), 'Measured', 1, value,
       adjusted_value, CASE WHEN adjusted_value IS NOT NULL THEN reason END, source, source_id::text,
       CASE WHEN adjusted_value IS NULL THEN reason END, day IS NULL, version, created_at, updated_at,
       created_by, updated_by
  FROM readings;

-- A posted reading: the month's only one of that kind, so what was posted on another day goes; a
-- measured one of its day becomes it.
CREATE FUNCTION reading_posted() RETURNS trigger LANGUAGE plpgsql SET search_path = kpis, pg_temp
AS $$
DECLARE
    on_day timestamptz := reading_day(NEW.day, NEW.period, NEW.updated_at);
BEGIN
    DELETE FROM measurements
     WHERE tenant_id = NEW.tenant_id AND kpi_id = NEW.kpi_id AND period = NEW.period
       AND is_posted AND NEW.day IS NULL AND day <> on_day;
    INSERT INTO measurements AS m (tenant_id, id, kpi_id, day, subtype, place, value, adjusted_value,
                                   override_comment, source, source_id, rationale, is_posted, version,
                                   created_at, updated_at, created_by, updated_by)
    SELECT NEW.tenant_id, uuid_v7(NEW.updated_at), NEW.kpi_id, on_day, 'Measured',
           coalesce(max(o.place), 0) + 1, NEW.value, NEW.adjusted_value,
           CASE WHEN NEW.adjusted_value IS NOT NULL THEN NEW.reason END, NEW.source,
           NEW.source_id::text, CASE WHEN NEW.adjusted_value IS NULL THEN NEW.reason END,
           NEW.day IS NULL, 1, NEW.updated_at, NEW.updated_at, NEW.updated_by, NEW.updated_by
      FROM measurements o
     WHERE o.tenant_id = NEW.tenant_id AND o.kpi_id = NEW.kpi_id AND o.period = NEW.period
    ON CONFLICT (tenant_id, kpi_id, period, day, subtype) DO UPDATE
       SET place = excluded.place, value = excluded.value, adjusted_value = excluded.adjusted_value,
           override_comment = excluded.override_comment, source = excluded.source, source_name = NULL,
           source_id = excluded.source_id, rationale = excluded.rationale, period_start = NULL,
           is_posted = excluded.is_posted, is_flagged = false, version = m.version + 1,
           updated_at = excluded.updated_at, updated_by = excluded.updated_by;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION uuid_v7(timestamptz), reading_posted() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION uuid_v7(timestamptz), reading_posted() TO svc_kpis;

CREATE TRIGGER readings_posted AFTER INSERT OR UPDATE ON readings FOR EACH ROW
    WHEN (NEW.measured_version IS DISTINCT FROM NEW.version) EXECUTE FUNCTION reading_posted();
