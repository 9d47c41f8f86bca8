-- Which measurements somebody was told of, that the plan of their KPI is to be adjusted. Programs of older
-- releases do not know of it.

ALTER TABLE measurements ADD COLUMN is_told boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN measurements.is_told IS 'kpi.replan.suggested was published because of it.';

-- As before, but that the plan was adjusted because of a measurement stays true when it is recorded again.
CREATE OR REPLACE FUNCTION reading_posted() RETURNS trigger LANGUAGE plpgsql SET search_path = kpis, pg_temp
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
