-- Every statement calls this, an insert three times. plpgsql keeps its plan; an SQL function is
-- parsed and planned at every call: an insert into stamps took 0.15 ms and takes 0.06.

CREATE OR REPLACE FUNCTION generation() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT CASE WHEN current_setting('app.rebuild', true) = 'on' THEN building
                        ELSE current END
              FROM analytics.generations);
END
$$;
