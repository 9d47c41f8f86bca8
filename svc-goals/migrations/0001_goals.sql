-- Goals, their strategies and their activity feed. Everything is keyed by tenant first: a tenant's
-- rows lie together, and a table can be partitioned by tenant without another schema.

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;

CREATE TABLE goals (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    title text NOT NULL,
    intent text,
    owner_id text NOT NULL,
    horizon text NOT NULL CONSTRAINT goals_horizon CHECK (horizon IN ('year', 'quarter', 'month')),
    status text NOT NULL CONSTRAINT goals_status CHECK
        (status IN ('draft', 'active', 'paused', 'completed', 'cancelled', 'archived')),
    value_tags text[] NOT NULL,
    metadata bytea NOT NULL, -- msgpack
    start_date timestamptz,
    due_date timestamptz,
    completed_at timestamptz,
    cancelled_at timestamptz,
    deleted_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by text NOT NULL,
    updated_by text NOT NULL,
    CONSTRAINT goals_pkey PRIMARY KEY (tenant_id, id)
) WITH (fillfactor = 85);

-- The default page and the count of a tenant's goals, by index alone.
CREATE INDEX goals_newest ON goals (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
-- In capitals, because some letters have two small forms (the sigmas) and one capital.
CREATE INDEX goals_words ON goals USING gin
    (tenant_id, upper(title) public.gin_trgm_ops, upper(intent) public.gin_trgm_ops)
    WITH (gin_pending_list_limit = 256) -- KiB that a search reads besides the index proper
    WHERE deleted_at IS NULL;

CREATE TABLE strategies (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    goal_id uuid NOT NULL,
    description text NOT NULL,
    status text NOT NULL CONSTRAINT strategies_status CHECK
        (status IN ('draft', 'validated', 'adopted')),
    order_index bigint NOT NULL CONSTRAINT strategies_order CHECK (order_index >= 1),
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by text NOT NULL,
    updated_by text NOT NULL,
    deleted_at timestamptz,
    CONSTRAINT strategies_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT strategies_goal FOREIGN KEY (tenant_id, goal_id) REFERENCES goals (tenant_id, id)
);

-- Not unique: a shift moves rows one by one. The goal's row lock keeps the order dense.
CREATE INDEX strategies_of_goal ON strategies (tenant_id, goal_id, order_index)
    WHERE deleted_at IS NULL;

CREATE TABLE activity (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    goal_id uuid NOT NULL,
    type text NOT NULL CONSTRAINT activity_type CHECK
        (type IN ('weekly_review', 'note', 'decision', 'attachment', 'system')),
    text text NOT NULL,
    title text,
    url text,
    metadata bytea NOT NULL,     -- msgpack
    attachments bigint NOT NULL, -- how many it counts for the subscription's limit
    user_id text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT activity_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT activity_goal FOREIGN KEY (tenant_id, goal_id) REFERENCES goals (tenant_id, id)
);

CREATE INDEX activity_newest ON activity (tenant_id, goal_id, created_at DESC, id DESC);

ALTER TABLE goals ENABLE ROW LEVEL SECURITY;
ALTER TABLE goals FORCE ROW LEVEL SECURITY;
CREATE POLICY goals_tenant ON goals
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));

ALTER TABLE strategies ENABLE ROW LEVEL SECURITY;
ALTER TABLE strategies FORCE ROW LEVEL SECURITY;
CREATE POLICY strategies_tenant ON strategies
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));

ALTER TABLE activity ENABLE ROW LEVEL SECURITY;
ALTER TABLE activity FORCE ROW LEVEL SECURITY;
CREATE POLICY activity_tenant ON activity
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));

-- Ids of the caller's goals whose title or intent contains the text, whatever its case.
-- LIKE is not leakproof, so under the policy no trigram index would be used: the function runs as
-- the owner and takes the tenant from the setting itself, so nobody can ask for another's. FORCE
-- binds the owner as well unless it is a superuser, hence the owner's own policy.
-- plpgsql keeps its plan; an SQL function would be planned at every call.
CREATE POLICY goals_search ON goals FOR SELECT TO CURRENT_USER USING (true);

CREATE FUNCTION goals_found(words text) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path = goals, pg_catalog, pg_temp
AS $$
DECLARE
    tenant text := nullif(current_setting('app.tenant', true), '');
    pattern text :=
        '%' || replace(replace(replace(upper(words), '\', '\\'), '%', '\%'), '_', '\_') || '%';
BEGIN
    IF words ~ '[[:alnum:]]{3}' THEN
        RETURN QUERY SELECT g.id FROM goals g
            WHERE g.tenant_id = tenant AND g.deleted_at IS NULL
              AND (upper(g.title) LIKE pattern OR upper(g.intent) LIKE pattern);
    ELSE
        -- Less than a trigram would read the whole index, which is slower than the tenant's rows.
        RETURN QUERY SELECT g.id FROM goals g
            WHERE g.tenant_id = tenant AND g.deleted_at IS NULL
              AND (upper(g.title) || '' LIKE pattern OR upper(g.intent) || '' LIKE pattern);
    END IF;
END
$$;
REVOKE ALL ON FUNCTION goals_found(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION goals_found(text) TO svc_goals;
