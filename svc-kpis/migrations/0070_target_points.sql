-- Where KPIs should be on some days. Programs of older releases do not know of it; points of a KPI that
-- one of them deletes stay, unseen.

CREATE TABLE target_points (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    kpi_id uuid NOT NULL,
    day timestamptz NOT NULL,
    value double precision NOT NULL CONSTRAINT target_points_value CHECK
        (value > '-Infinity' AND value < 'Infinity'),
    optimal_value double precision CONSTRAINT target_points_optimal CHECK
        (optimal_value > '-Infinity' AND optimal_value < 'Infinity'),
    minimal_value double precision CONSTRAINT target_points_minimal CHECK
        (minimal_value > '-Infinity' AND minimal_value < 'Infinity'),
    period_start timestamptz,
    label text,
    confidence double precision CONSTRAINT target_points_confidence CHECK
        (confidence BETWEEN 0 AND 100),
    rationale text,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by text NOT NULL,
    updated_by text NOT NULL,
    -- One point of a KPI and day; also the order in which they are read.
    CONSTRAINT target_points_pkey PRIMARY KEY (tenant_id, kpi_id, day),
    CONSTRAINT target_points_id UNIQUE (tenant_id, id),
    CONSTRAINT target_points_kpi FOREIGN KEY (tenant_id, kpi_id) REFERENCES kpis (tenant_id, id)
);
COMMENT ON COLUMN target_points.day IS '00:00 UTC.';

ALTER TABLE target_points ENABLE ROW LEVEL SECURITY;
ALTER TABLE target_points FORCE ROW LEVEL SECURITY;
CREATE POLICY target_points_tenant ON target_points
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));
