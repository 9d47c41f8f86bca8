-- Where a KPI is, at the KPI itself: what its readings begin and end with, where its plan ends, and the points
-- of the plan on both sides of the newest reading's day. Lists of many KPIs look at nothing else, where each KPI
-- cost up to eight searches. Triggers keep it, so that programs of older releases do, too. Who writes readings
-- or a plan has locked the KPI, so all that is committed is seen.

ALTER TABLE kpis
    ADD COLUMN first_day timestamptz, ADD COLUMN current_day timestamptz,
    ADD COLUMN last_target_day timestamptz, ADD COLUMN last_target_value double precision,
    ADD COLUMN target_before_day timestamptz, ADD COLUMN target_before_value double precision,
    ADD COLUMN target_after_day timestamptz, ADD COLUMN target_after_value double precision,
    ADD COLUMN anchor_before_day timestamptz, ADD COLUMN anchor_before_left double precision,
    ADD COLUMN anchor_before_right double precision, ADD COLUMN anchor_before_straight boolean,
    ADD COLUMN anchor_after_day timestamptz, ADD COLUMN anchor_after_left double precision,
    ADD COLUMN anchor_after_right double precision, ADD COLUMN anchor_after_straight boolean;
COMMENT ON COLUMN kpis.first_day IS 'Of the earliest reading, as first_value.';
COMMENT ON COLUMN kpis.current_day IS 'Of the newest reading, as current_value.';
COMMENT ON COLUMN kpis.target_before_day IS 'The last target point that is not behind current_day.';
COMMENT ON COLUMN kpis.target_after_day IS 'The first one that is.';

-- In the order of kpi_locate. Which of a reading's two values counts is decided here. Names are whole, so that
-- the function needs no search_path of its own and becomes part of the statement.
CREATE FUNCTION kpi_position(tenant text, kpi uuid)
    RETURNS TABLE (first_value double precision, first_day timestamptz,
                   current_value double precision, current_day timestamptz,
                   last_target_day timestamptz, last_target_value double precision,
                   target_before_day timestamptz, target_before_value double precision,
                   target_after_day timestamptz, target_after_value double precision,
                   anchor_before_day timestamptz, anchor_before_left double precision,
                   anchor_before_right double precision, anchor_before_straight boolean,
                   anchor_after_day timestamptz, anchor_after_left double precision,
                   anchor_after_right double precision, anchor_after_straight boolean)
    LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT earliest.value, earliest.day, newest.value, newest.day, last.day, last.value,
           target_before.day, target_before.value, target_after.day, target_after.value,
           anchor_before.day, anchor_before.left_value, anchor_before.right_value,
           anchor_before.straight,
           anchor_after.day, anchor_after.left_value, anchor_after.right_value, anchor_after.straight
      FROM (VALUES (true)) AS one
      LEFT JOIN LATERAL (
           SELECT coalesce(r.adjusted_value, r.value) AS value,
                  kpis.reading_day(r.day, r.period, r.updated_at) AS day
             FROM kpis.readings r WHERE r.tenant_id = tenant AND r.kpi_id = kpi
            ORDER BY r.period LIMIT 1) AS earliest ON true
      LEFT JOIN LATERAL (
           SELECT coalesce(r.adjusted_value, r.value) AS value,
                  kpis.reading_day(r.day, r.period, r.updated_at) AS day
             FROM kpis.readings r WHERE r.tenant_id = tenant AND r.kpi_id = kpi
            ORDER BY r.period DESC LIMIT 1) AS newest ON true
      LEFT JOIN LATERAL (
           SELECT t.day, t.value FROM kpis.target_points t WHERE t.tenant_id = tenant AND t.kpi_id = kpi
            ORDER BY t.day DESC LIMIT 1) AS last ON true
      LEFT JOIN LATERAL (
           SELECT t.day, t.value FROM kpis.target_points t
            WHERE t.tenant_id = tenant AND t.kpi_id = kpi AND t.day <= newest.day
            ORDER BY t.day DESC LIMIT 1) AS target_before ON true
      LEFT JOIN LATERAL (
           SELECT t.day, t.value FROM kpis.target_points t
            WHERE t.tenant_id = tenant AND t.kpi_id = kpi AND t.day > newest.day
            ORDER BY t.day LIMIT 1) AS target_after ON true
      LEFT JOIN LATERAL (
           SELECT a.day, a.left_value, a.right_value, a.straight FROM kpis.plan_anchors a
            WHERE a.tenant_id = tenant AND a.kpi_id = kpi AND a.day <= newest.day
            ORDER BY a.day DESC LIMIT 1) AS anchor_before ON true
      LEFT JOIN LATERAL (
           SELECT a.day, a.left_value, a.right_value, a.straight FROM kpis.plan_anchors a
            WHERE a.tenant_id = tenant AND a.kpi_id = kpi AND a.day > newest.day
            ORDER BY a.day LIMIT 1) AS anchor_after ON true
$$;

CREATE FUNCTION kpi_locate(the_tenant text, the_kpi uuid) RETURNS void
    LANGUAGE sql VOLATILE SET search_path = kpis, pg_temp
AS $$
    UPDATE kpis k
       SET (first_value, first_day, current_value, current_day, last_target_day, last_target_value,
            target_before_day, target_before_value, target_after_day, target_after_value,
            anchor_before_day, anchor_before_left, anchor_before_right, anchor_before_straight,
            anchor_after_day, anchor_after_left, anchor_after_right, anchor_after_straight)
           = (SELECT p.* FROM kpi_position(k.tenant_id, k.id) AS p)
     WHERE k.tenant_id = the_tenant AND k.id = the_kpi AND k.deleted_at IS NULL
$$;

CREATE FUNCTION kpis_moved() RETURNS trigger LANGUAGE plpgsql SET search_path = kpis, pg_temp
AS $$
BEGIN
    PERFORM kpi_locate(c.tenant_id, c.kpi_id)
       FROM (SELECT DISTINCT tenant_id, kpi_id FROM changed) AS c;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION kpi_position(text, uuid), kpi_locate(text, uuid), kpis_moved() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_position(text, uuid), kpi_locate(text, uuid), kpis_moved() TO svc_kpis;

DO $$
DECLARE
    source text;
BEGIN
    FOREACH source IN ARRAY ARRAY['readings', 'target_points', 'plan_anchors'] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_inserted AFTER INSERT ON %1$s
            REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION kpis_moved()', source);
        EXECUTE format('CREATE TRIGGER %1$s_updated AFTER UPDATE ON %1$s
            REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION kpis_moved()', source);
        EXECUTE format('CREATE TRIGGER %1$s_deleted AFTER DELETE ON %1$s
            REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION kpis_moved()', source);
    END LOOP;
END
$$;

-- The triggers' locks let no writer in before the migration ends.
DO $$
BEGIN
    PERFORM kpi_locate(tenant_id, id) FROM kpis;
END
$$;
