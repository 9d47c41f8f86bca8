-- Adjusting plans: where their paths go on, and what was done. Programs of older releases do not know of
-- it, and expect what the target points say.

CREATE TABLE plan_anchors (
    tenant_id text NOT NULL,
    kpi_id uuid NOT NULL,
    day timestamptz NOT NULL,
    left_value double precision NOT NULL CONSTRAINT plan_anchors_left CHECK
        (left_value > '-Infinity' AND left_value < 'Infinity'),
    right_value double precision NOT NULL CONSTRAINT plan_anchors_right CHECK
        (right_value > '-Infinity' AND right_value < 'Infinity'),
    straight boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by text NOT NULL,
    updated_by text NOT NULL,
    CONSTRAINT plan_anchors_pkey PRIMARY KEY (tenant_id, kpi_id, day),
    CONSTRAINT plan_anchors_kpi FOREIGN KEY (tenant_id, kpi_id) REFERENCES kpis (tenant_id, id)
);
COMMENT ON COLUMN plan_anchors.day IS '00:00 UTC.';
COMMENT ON COLUMN plan_anchors.left_value IS 'Expected there before the plan was adjusted.';

ALTER TABLE plan_anchors ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_anchors FORCE ROW LEVEL SECURITY;
CREATE POLICY plan_anchors_tenant ON plan_anchors
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));

CREATE TABLE plan_adjustments (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    kpi_id uuid NOT NULL,
    effective_day timestamptz NOT NULL,
    strategy text NOT NULL,
    trigger text NOT NULL,
    based_on uuid,
    variance_percentage double precision,
    previous_milestones bytea NOT NULL,
    new_milestones bytea NOT NULL,
    affected_milestones uuid[] NOT NULL,
    affected_goals uuid[] NOT NULL,
    recalculated_periods bigint NOT NULL,
    rationale text NOT NULL,
    notes text,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    CONSTRAINT plan_adjustments_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT plan_adjustments_kpi FOREIGN KEY (tenant_id, kpi_id) REFERENCES kpis (tenant_id, id)
);
COMMENT ON COLUMN plan_adjustments.previous_milestones IS 'msgpack, as answered.';

-- The history of a KPI, newest first.
CREATE INDEX plan_adjustments_newest ON plan_adjustments (tenant_id, kpi_id, created_at DESC, id DESC);

ALTER TABLE plan_adjustments ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_adjustments FORCE ROW LEVEL SECURITY;
CREATE POLICY plan_adjustments_tenant ON plan_adjustments
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));
