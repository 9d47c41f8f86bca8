-- The table of the made-up service that tests run.
CREATE TABLE things (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    title text NOT NULL,
    amount bigint NOT NULL CONSTRAINT things_amount CHECK (amount <> 13),
    version bigint NOT NULL,
    CONSTRAINT things_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT things_title UNIQUE (tenant_id, title),
    CONSTRAINT things_sign CHECK (amount >= 0)
);
ALTER TABLE things ENABLE ROW LEVEL SECURITY;
ALTER TABLE things FORCE ROW LEVEL SECURITY;
CREATE POLICY things_tenant ON things
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));
