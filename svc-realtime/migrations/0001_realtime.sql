-- What svc-realtime owns besides what every service has: each tenant's stream of events, kept for a
-- while, so that a client can go on where it was cut off.

DO $do$
BEGIN
    EXECUTE format('COMMENT ON SCHEMA %I IS %L', current_schema(), 'Owned by svc-realtime: the streams that clients watch and resume.');
END
$do$;

-- One row. Places mean nothing across epochs: restoring a copy makes a new one.
CREATE TABLE epoch (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    epoch text NOT NULL DEFAULT substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)
);
INSERT INTO epoch DEFAULT VALUES;

-- Locked by who appends, until it commits: so places are given in the order of the commits.
CREATE TABLE heads (
    tenant_id text NOT NULL,
    head bigint NOT NULL,               -- the last place
    trimmed bigint NOT NULL DEFAULT 0,  -- up to here entries are gone
    changed_at timestamptz NOT NULL,
    CONSTRAINT heads_key PRIMARY KEY (tenant_id)
) WITH (fillfactor = 50);
CREATE INDEX heads_changed ON heads (changed_at);

CREATE TABLE stream (
    tenant_id text NOT NULL,
    place bigint NOT NULL,
    type text NOT NULL,
    goal_id uuid,
    shown boolean NOT NULL,   -- on the goal's own stream, too
    data bytea NOT NULL,      -- msgpack
    created_at timestamptz NOT NULL,
    CONSTRAINT stream_key PRIMARY KEY (tenant_id, place)
);
CREATE INDEX stream_of_goal ON stream (tenant_id, goal_id, place) WHERE goal_id IS NOT NULL;
CREATE INDEX stream_old ON stream USING brin (created_at);

ALTER TABLE heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE heads FORCE ROW LEVEL SECURITY;
CREATE POLICY heads_tenant ON heads
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));
CREATE POLICY heads_owner ON heads TO CURRENT_USER USING (true) WITH CHECK (true);

ALTER TABLE stream ENABLE ROW LEVEL SECURITY;
ALTER TABLE stream FORCE ROW LEVEL SECURITY;
CREATE POLICY stream_tenant ON stream
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));
CREATE POLICY stream_owner ON stream TO CURRENT_USER USING (true) WITH CHECK (true);

-- These run as the owner, because they are about all tenants. They tell and take only what their
-- arguments say, and no content.
DO $do$
BEGIN
    EXECUTE format($sql$
        CREATE FUNCTION recent_heads(since timestamptz) RETURNS TABLE (tenant_id text, head bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = %1$I, pg_temp
        AS $body$
            SELECT h.tenant_id, h.head FROM heads h WHERE h.changed_at >= since
            ORDER BY h.changed_at DESC LIMIT 100000
        $body$;

        -- Says how far each stream is forgotten: a stream that holds nothing old costs two rows.
        CREATE FUNCTION trim_streams(before timestamptz, most bigint) RETURNS bigint
        LANGUAGE sql SECURITY DEFINER SET search_path = %1$I, pg_temp
        AS $body$
            WITH ends AS (
                SELECT h.tenant_id, greatest(h.head - most, CASE
                           WHEN (SELECT s.created_at FROM stream s
                                  WHERE s.tenant_id = h.tenant_id AND s.place > h.trimmed
                                  ORDER BY s.place LIMIT 1) < before
                           THEN (SELECT max(s.place) FROM stream s
                                  WHERE s.tenant_id = h.tenant_id AND s.created_at < before)
                       END) AS place
                  FROM heads h WHERE h.head > h.trimmed
            ), moved AS (
                UPDATE heads h SET trimmed = ends.place FROM ends
                 WHERE h.tenant_id = ends.tenant_id AND ends.place > h.trimmed
                RETURNING 1
            )
            SELECT count(*) FROM moved
        $body$;

        -- Removes what is forgotten; `trimmed` was committed before, so that no reader finds a hole
        -- that it cannot know of.
        CREATE FUNCTION sweep_streams() RETURNS bigint
        LANGUAGE sql SECURITY DEFINER SET search_path = %1$I, pg_temp
        AS $body$
            WITH gone AS (
                DELETE FROM stream s USING heads h
                 WHERE s.tenant_id = h.tenant_id AND h.trimmed > 0 AND s.place <= h.trimmed
                RETURNING 1
            )
            SELECT count(*) FROM gone
        $body$
    $sql$, current_schema());
END
$do$;
