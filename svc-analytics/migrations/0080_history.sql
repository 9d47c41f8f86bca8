-- Who changed what, one row for each event that tells of a change. It is no projection: what is older than
-- the services' logs cannot be had from them again, so it has no generation and a rebuild leaves it alone.
-- The id is the event's, a UUIDv7: it is the order, and an event that is applied again adds nothing.

CREATE TABLE history (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    type text NOT NULL,
    entity_id text NOT NULL,
    title text,
    version bigint NOT NULL,
    user_id text NOT NULL,
    request_id text,
    caused_by uuid,
    changes bytea,
    data bytea,
    CONSTRAINT history_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX history_of_entity ON history (tenant_id, entity_id, id);
CREATE INDEX history_of_user ON history (tenant_id, user_id, id);
CREATE INDEX history_of_type ON history (tenant_id, type, id);
COMMENT ON TABLE history IS 'Each change of the tenant''s things: who, when, and what it was before and after. Kept for TRACTION_HISTORY_KEEP_DAYS.';
COMMENT ON COLUMN history.tenant_id IS 'Whose it is.';
COMMENT ON COLUMN history.id IS 'Of the event that told of it.';
COMMENT ON COLUMN history.at IS 'When it happened.';
COMMENT ON COLUMN history.type IS 'Type of the event: goal.updated.';
COMMENT ON COLUMN history.entity_id IS 'What was changed: a UUID, or the id of a person.';
COMMENT ON COLUMN history.title IS 'What it was called then. NULL: it has no title.';
COMMENT ON COLUMN history.version IS 'Of what was changed, afterwards; 0 of what has none.';
COMMENT ON COLUMN history.user_id IS 'Who did it.';
COMMENT ON COLUMN history.request_id IS 'The request that did it.';
COMMENT ON COLUMN history.caused_by IS 'It was changed from its other end, by a change of this.';
COMMENT ON COLUMN history.changes IS 'msgpack: {field: [before, after]}. NULL: not told.';
COMMENT ON COLUMN history.data IS 'msgpack: what is told instead where no changes are.';

ALTER TABLE history ENABLE ROW LEVEL SECURITY;
ALTER TABLE history FORCE ROW LEVEL SECURITY;
CREATE POLICY history_tenant ON history
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));
CREATE POLICY history_owner ON history TO CURRENT_USER USING (true) WITH CHECK (true);

-- The first UUIDv7 of a moment.
CREATE FUNCTION first_id_of(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (lpad(to_hex(greatest(0, floor(extract(epoch FROM moment) * 1000))::bigint), 12, '0')
            || '00000000000000000000')::uuid
$$;

-- The rows of a page, the newest first, with the number of rows on all pages, up to list_most_found(). NULL, or
-- no types, means any. Each filter has an index whose order is the page's. An id is made within minutes of
-- `at`, so it bounds what is looked at. What looks the rows up is planned each time: by a plan that was made
-- while the table was small it may be any of the indexes, as each begins with the tenant.
CREATE FUNCTION history_page(tenant text, types text[], entity text, person text, since timestamptz,
                             until timestamptz, size bigint, skip bigint, after_key text, after_id uuid)
    RETURNS TABLE (id uuid, at timestamptz, type text, entity_id text, title text, version bigint, user_id text,
                   request_id text, caused_by uuid, changes bytea, data bytea, place bigint, next_key text, total bigint)
    LANGUAGE plpgsql STABLE ROWS 100 SET search_path = analytics, pg_temp
    SET enable_seqscan = off
AS $$
DECLARE
    typed boolean := coalesce(cardinality(types), 0) > 0;
    source text := concat(
        format('FROM history r WHERE r.tenant_id = %L', tenant),
        CASE WHEN typed THEN format(' AND r.type = ANY (%L::text[])', types) END,
        ' AND r.entity_id = ' || quote_literal(entity), ' AND r.user_id = ' || quote_literal(person),
        CASE WHEN since IS NOT NULL THEN
            format(' AND r.id >= %L AND r.at >= %L', first_id_of(since - interval '5 minutes'), since) END,
        CASE WHEN until IS NOT NULL THEN
            format(' AND r.id < %L AND r.at <= %L', first_id_of(until + interval '5 minutes'), until) END);
    counted bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM (SELECT %s LIMIT %s) AS rows', source, list_most_found()) INTO counted;
    RETURN QUERY EXECUTE
        'SELECT h.id, h.at, h.type, h.entity_id, h.title, h.version, h.user_id, h.request_id, h.caused_by, h.changes,
                h.data, r.place, r.next_key, $1
           FROM list_rows($2, $3, ''r.id'', false, true, $4, $5, CASE WHEN $1 < list_most_found() THEN $1 END,
                          CASE WHEN $6 THEN ''r.type'' END, format(''%L::text[]'', $7), false, $8, $9) AS r
                CROSS JOIN LATERAL (SELECT * FROM history e WHERE e.tenant_id = $10 AND e.id = r.id OFFSET 0) AS h'
        USING counted, source, typed OR coalesce(entity, person, since::text, until::text) IS NOT NULL, size, skip, typed,
              types, after_key, after_id, tenant;
END
$$;

-- Deletes what is older, so many rows at most; answers how many. The tenants are found one by one in the index,
-- because there may be many rows of each. It runs as the owner, because it is about all tenants. Of replicas
-- that prune at the same time one does.
CREATE FUNCTION prune_history(before timestamptz, most bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = analytics, pg_temp
    SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
AS $$
DECLARE
    gone bigint;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('analytics history', 0)) THEN
        RETURN 0;
    END IF;
    DELETE FROM history h WHERE h.ctid = ANY (ARRAY(
        WITH RECURSIVE tenants AS (
            (SELECT h.tenant_id FROM history h ORDER BY h.tenant_id LIMIT 1)
            UNION ALL
            SELECT (SELECT h.tenant_id FROM history h WHERE h.tenant_id > t.tenant_id ORDER BY h.tenant_id LIMIT 1)
              FROM tenants t WHERE t.tenant_id IS NOT NULL
        )
        SELECT old.ctid
          FROM tenants t CROSS JOIN LATERAL (
              SELECT h.ctid FROM history h
               WHERE h.tenant_id = t.tenant_id AND h.id < first_id_of(before)
               ORDER BY h.id LIMIT most) AS old
         LIMIT most));
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$;
REVOKE ALL ON FUNCTION prune_history(timestamptz, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION prune_history(timestamptz, bigint) TO svc_analytics;
