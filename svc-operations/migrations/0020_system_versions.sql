-- What a tenant decides about SYSTEM types and statuses (which type is its default, where a status
-- stands) changes what it is answered of them, so it has their versions, too: 1 until the first
-- change. A status's stands beside its place; the default is for versions that do not know of it.

CREATE TABLE system_type_versions (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    version bigint NOT NULL CONSTRAINT system_type_versions_version CHECK (version >= 2),
    CONSTRAINT system_type_versions_pkey PRIMARY KEY (tenant_id, id)
);

ALTER TABLE system_type_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE system_type_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY system_type_versions_tenant ON system_type_versions
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));

ALTER TABLE system_status_orders
    ADD COLUMN version bigint NOT NULL DEFAULT 2
        CONSTRAINT system_status_orders_version CHECK (version >= 2);
