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

-- When an action is: from its start to its due date, which is a whole day (UTC) when it is stored at
-- 00:00. One with a start only goes on, one with a due date only is that day, one with neither is at
-- no time. Both are expanded where they are called.

CREATE FUNCTION action_begins(start_date timestamptz, due_date timestamptz) RETURNS timestamptz
    LANGUAGE sql STABLE
    RETURN coalesce(start_date, date_trunc('day', due_date, 'UTC'));

CREATE FUNCTION action_ends(start_date timestamptz, due_date timestamptz) RETURNS timestamptz
    LANGUAGE sql STABLE
    RETURN CASE
        WHEN due_date IS NULL AND start_date IS NULL THEN NULL
        WHEN due_date IS NULL THEN 'infinity'::timestamptz
        WHEN start_date IS NULL OR due_date = date_trunc('day', due_date, 'UTC') THEN
            date_trunc('day', due_date, 'UTC') + interval '24 hours' - interval '1 microsecond'
        ELSE due_date
    END;
