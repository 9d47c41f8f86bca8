-- When KPIs' plans are to be adjusted. Programs of older releases do not know of it; the rule of a KPI
-- that one of them deletes stays, unseen.

CREATE TABLE replan_rules (
    tenant_id text NOT NULL,
    kpi_id uuid NOT NULL,
    id uuid NOT NULL,
    threshold double precision NOT NULL CONSTRAINT replan_rules_threshold CHECK
        (threshold BETWEEN 0 AND 100),
    misses bigint NOT NULL CONSTRAINT replan_rules_misses CHECK (misses BETWEEN 1 AND 12),
    auto_adjust boolean NOT NULL,
    needs_approval boolean NOT NULL,
    strategy text NOT NULL,
    notify boolean NOT NULL,
    recipients text[] NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by text NOT NULL,
    updated_by text NOT NULL,
    CONSTRAINT replan_rules_pkey PRIMARY KEY (tenant_id, kpi_id),
    CONSTRAINT replan_rules_kpi FOREIGN KEY (tenant_id, kpi_id) REFERENCES kpis (tenant_id, id)
);
COMMENT ON COLUMN replan_rules.threshold IS 'Percent.';

ALTER TABLE replan_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE replan_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY replan_rules_tenant ON replan_rules
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));
