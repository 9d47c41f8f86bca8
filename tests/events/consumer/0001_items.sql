-- What the events say of the publisher's numbers: an event that is missing, comes twice or too
-- early is seen in them.
CREATE TABLE items (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    value bigint NOT NULL,
    version bigint NOT NULL,
    out_of_order bigint NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
ALTER TABLE items ENABLE ROW LEVEL SECURITY;
ALTER TABLE items FORCE ROW LEVEL SECURITY;
CREATE POLICY items_tenant ON items
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));
