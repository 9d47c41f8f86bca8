-- What actions have brought to KPIs, to be listed by action or KPI. svc-kpis has the readings themselves; a
-- row keeps the reading as it was recorded. What programs of older releases record is not in it.

CREATE TABLE kpi_updates (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    action_id uuid NOT NULL,
    kpi_id uuid NOT NULL,
    horizon_id text,
    new_value double precision NOT NULL,
    update_date timestamptz NOT NULL,
    notes text,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    reading bytea NOT NULL, -- msgpack
    CONSTRAINT kpi_updates_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT kpi_updates_action FOREIGN KEY (tenant_id, action_id)
        REFERENCES actions (tenant_id, id)
);
CREATE INDEX kpi_updates_of_kpi ON kpi_updates (tenant_id, kpi_id, recorded_at, id);
CREATE INDEX kpi_updates_of_action ON kpi_updates (tenant_id, action_id, recorded_at, id);

ALTER TABLE kpi_updates ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_updates FORCE ROW LEVEL SECURITY;
CREATE POLICY kpi_updates_tenant ON kpi_updates
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));
