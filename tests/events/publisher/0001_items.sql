-- Numbers that are added to.
CREATE TABLE items (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    value bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
ALTER TABLE items ENABLE ROW LEVEL SECURITY;
ALTER TABLE items FORCE ROW LEVEL SECURITY;
CREATE POLICY items_tenant ON items
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));

-- How far the outbox was read, for the mistake of reading it by its ids.
CREATE TABLE reader (last bigint NOT NULL);
INSERT INTO reader VALUES (0);
