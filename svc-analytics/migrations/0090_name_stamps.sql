-- Texts that show names of people are kept in memory while the tenant's names are what they were. The stamp is
-- the transaction that wrote some last, so that one that writes many of them writes it once.

CREATE TABLE name_stamps (
    tenant_id text NOT NULL,
    stamp xid8 NOT NULL,
    CONSTRAINT name_stamps_pkey PRIMARY KEY (tenant_id)
) WITH (fillfactor = 50);
COMMENT ON TABLE name_stamps IS 'For each tenant, the transaction that wrote names of people last.';
COMMENT ON COLUMN name_stamps.tenant_id IS 'Whose names they are.';
COMMENT ON COLUMN name_stamps.stamp IS 'That transaction.';

ALTER TABLE name_stamps ENABLE ROW LEVEL SECURITY;
ALTER TABLE name_stamps FORCE ROW LEVEL SECURITY;
CREATE POLICY name_stamps_tenant ON name_stamps
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));
CREATE POLICY name_stamps_owner ON name_stamps TO CURRENT_USER USING (true) WITH CHECK (true);

-- Before the person's row is locked, whether its name changes or not: so of two transactions that write names of
-- a tenant one waits for the other, and never both.
CREATE FUNCTION stamp_names() RETURNS trigger LANGUAGE plpgsql SET search_path = analytics, pg_temp AS $$
BEGIN
    INSERT INTO name_stamps AS s (tenant_id, stamp) VALUES (NEW.tenant_id, pg_current_xact_id())
    ON CONFLICT (tenant_id) DO UPDATE SET stamp = excluded.stamp WHERE s.stamp <> excluded.stamp;
    RETURN NEW;
END
$$;
CREATE TRIGGER stamp_names BEFORE INSERT OR UPDATE ON people FOR EACH ROW EXECUTE FUNCTION stamp_names();
