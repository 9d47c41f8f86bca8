-- The catalogue of KPIs, their readings and their links to goals. Everything is keyed by tenant
-- first: a tenant's rows lie together, and a table can be partitioned by tenant without another
-- schema. Goals belong to another service, so nothing here can refer to their rows.

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;

CREATE TABLE kpis (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    description text,
    category text,
    unit text,
    direction text NOT NULL CONSTRAINT kpis_direction CHECK (direction IN ('up', 'down')),
    formula text,
    is_shared boolean NOT NULL,
    owner_id text,
    baseline_value double precision CONSTRAINT kpis_baseline CHECK
        (baseline_value > '-Infinity' AND baseline_value < 'Infinity'),
    target_value double precision CONSTRAINT kpis_target CHECK
        (target_value > '-Infinity' AND target_value < 'Infinity'),
    first_value double precision,
    current_value double precision,
    deleted_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by text NOT NULL,
    updated_by text NOT NULL,
    CONSTRAINT kpis_pkey PRIMARY KEY (tenant_id, id)
) WITH (fillfactor = 85); -- room for the next values on the same page
-- Kept by whoever records a reading, so that goals need not look into readings. Not part of what the
-- version counts.
COMMENT ON COLUMN kpis.first_value IS 'What counts of the earliest reading; NULL without readings.';
COMMENT ON COLUMN kpis.current_value IS 'What counts of the newest reading; NULL without readings.';

-- In capitals, because some letters have two small forms (the sigmas) and one capital.
CREATE UNIQUE INDEX kpis_name ON kpis (tenant_id, upper(name)) WHERE deleted_at IS NULL;
-- The default page and the count of a tenant's KPIs, by index alone.
CREATE INDEX kpis_newest ON kpis (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX kpis_words ON kpis USING gin
    (tenant_id, upper(name) public.gin_trgm_ops, upper(description) public.gin_trgm_ops)
    WITH (gin_pending_list_limit = 256) -- KiB that a search reads besides the index proper
    WHERE deleted_at IS NULL;

CREATE TABLE readings (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    kpi_id uuid NOT NULL,
    period bigint NOT NULL CONSTRAINT readings_month CHECK (period BETWEEN 12 AND 119999),
    value double precision NOT NULL CONSTRAINT readings_value CHECK
        (value > '-Infinity' AND value < 'Infinity'),
    adjusted_value double precision CONSTRAINT readings_adjusted CHECK
        (adjusted_value > '-Infinity' AND adjusted_value < 'Infinity'),
    reason text,
    source text NOT NULL CONSTRAINT readings_source CHECK (source IN ('manual', 'action')),
    source_id uuid,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by text NOT NULL,
    updated_by text NOT NULL,
    -- One reading of a KPI and month; also the order in which they are read.
    CONSTRAINT readings_pkey PRIMARY KEY (tenant_id, kpi_id, period),
    CONSTRAINT readings_kpi FOREIGN KEY (tenant_id, kpi_id) REFERENCES kpis (tenant_id, id)
);
COMMENT ON COLUMN readings.period IS 'Months since 0000-01.';
COMMENT ON COLUMN readings.source_id IS 'The action that brought it, when the source is action.';
COMMENT ON COLUMN readings.version IS 'How often the month was recorded.';

CREATE TABLE links (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    goal_id uuid NOT NULL,
    kpi_id uuid NOT NULL,
    threshold double precision NOT NULL CONSTRAINT links_threshold CHECK
        (threshold BETWEEN 0 AND 100),
    baseline_value double precision CONSTRAINT links_baseline CHECK
        (baseline_value > '-Infinity' AND baseline_value < 'Infinity'),
    target_value double precision CONSTRAINT links_target CHECK
        (target_value > '-Infinity' AND target_value < 'Infinity'),
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by text NOT NULL,
    updated_by text NOT NULL,
    CONSTRAINT links_pkey PRIMARY KEY (tenant_id, goal_id, kpi_id),
    CONSTRAINT links_id UNIQUE (tenant_id, id),
    CONSTRAINT links_kpi FOREIGN KEY (tenant_id, kpi_id) REFERENCES kpis (tenant_id, id)
);
COMMENT ON COLUMN links.baseline_value IS 'For this goal; NULL: the KPI''s own.';
COMMENT ON COLUMN links.target_value IS 'For this goal; NULL: the KPI''s own.';

CREATE INDEX links_of_kpi ON links (tenant_id, kpi_id);

-- Goals that svc-goals has said are deleted. Linking looks here under the goal's lock, so that a
-- link that was being made meanwhile either goes with the goal or is refused.
CREATE TABLE deleted_goals (
    tenant_id text NOT NULL,
    goal_id uuid NOT NULL,
    deleted_at timestamptz NOT NULL,
    CONSTRAINT deleted_goals_pkey PRIMARY KEY (tenant_id, goal_id)
);

ALTER TABLE kpis ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpis FORCE ROW LEVEL SECURITY;
CREATE POLICY kpis_tenant ON kpis
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));

ALTER TABLE readings ENABLE ROW LEVEL SECURITY;
ALTER TABLE readings FORCE ROW LEVEL SECURITY;
CREATE POLICY readings_tenant ON readings
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));

ALTER TABLE links ENABLE ROW LEVEL SECURITY;
ALTER TABLE links FORCE ROW LEVEL SECURITY;
CREATE POLICY links_tenant ON links
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));

ALTER TABLE deleted_goals ENABLE ROW LEVEL SECURITY;
ALTER TABLE deleted_goals FORCE ROW LEVEL SECURITY;
CREATE POLICY deleted_goals_tenant ON deleted_goals
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));

-- Ids of the caller's KPIs whose name or description contains the text, whatever its case.
-- LIKE is not leakproof, so under the policy no trigram index would be used: the function runs as
-- the owner and takes the tenant from the setting itself, so nobody can ask for another's. FORCE
-- binds the owner as well unless it is a superuser, hence the owner's own policy.
-- plpgsql keeps its plan; an SQL function would be planned at every call.
CREATE POLICY kpis_search ON kpis FOR SELECT TO CURRENT_USER USING (true);

CREATE FUNCTION kpis_found(words text) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path = kpis, pg_catalog, pg_temp
AS $$
DECLARE
    tenant text := nullif(current_setting('app.tenant', true), '');
    pattern text :=
        '%' || replace(replace(replace(upper(words), '\', '\\'), '%', '\%'), '_', '\_') || '%';
BEGIN
    IF words ~ '[[:alnum:]]{3}' THEN
        RETURN QUERY SELECT k.id FROM kpis k
            WHERE k.tenant_id = tenant AND k.deleted_at IS NULL
              AND (upper(k.name) LIKE pattern OR upper(k.description) LIKE pattern);
    ELSE
        -- Less than a trigram would read the whole index, which is slower than the tenant's rows.
        RETURN QUERY SELECT k.id FROM kpis k
            WHERE k.tenant_id = tenant AND k.deleted_at IS NULL
              AND (upper(k.name) || '' LIKE pattern OR upper(k.description) || '' LIKE pattern);
    END IF;
END
$$;
REVOKE ALL ON FUNCTION kpis_found(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpis_found(text) TO svc_kpis;
