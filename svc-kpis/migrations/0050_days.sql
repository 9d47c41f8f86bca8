-- The day from which a KPI's path begins, and the day on which a month's value was measured. Programs of
-- older releases do not know of it and leave it as it is.

ALTER TABLE kpis ADD COLUMN baseline_date timestamptz;
ALTER TABLE readings ADD COLUMN day timestamptz;
COMMENT ON COLUMN readings.day IS 'As it was said; NULL: what reading_day makes of month and time.';

-- The day that a reading counts for: the one that was said; of the running month the day it was recorded,
-- of another one its last. Days are 00:00 UTC.
CREATE FUNCTION reading_day(day timestamptz, period bigint, recorded_at timestamptz)
    RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN day IS NOT NULL AND period = extract(year FROM day AT TIME ZONE 'UTC') * 12
                                          + extract(month FROM day AT TIME ZONE 'UTC') - 1
            THEN day
        WHEN period = extract(year FROM recorded_at AT TIME ZONE 'UTC') * 12
                      + extract(month FROM recorded_at AT TIME ZONE 'UTC') - 1
            THEN date_trunc('day', recorded_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
        ELSE (make_date((period / 12)::int, (period % 12)::int + 1, 1) + interval '1 month'
              - interval '1 day') AT TIME ZONE 'UTC'
    END
$$;
REVOKE ALL ON FUNCTION reading_day(timestamptz, bigint, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reading_day(timestamptz, bigint, timestamptz) TO svc_kpis;
