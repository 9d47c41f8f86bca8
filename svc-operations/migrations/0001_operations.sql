-- Actions, issues, a tenant's own issue types and statuses, and what is linked to what. Everything is
-- keyed by tenant first: a tenant's rows lie together, and a table can be partitioned by tenant
-- without another schema. SYSTEM types and statuses are no rows: the program knows them
-- (system_config.c), since nobody can change them.

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;

-- --- Configuration ---

CREATE TABLE issue_types (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    description text,
    color text,
    icon text,
    order_index bigint NOT NULL CONSTRAINT issue_types_order CHECK (order_index >= 1),
    is_active boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by text NOT NULL,
    updated_by text NOT NULL,
    CONSTRAINT issue_types_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT issue_types_system_name CHECK (upper(name) NOT IN
        ('PERSONNEL', 'FINANCIAL', 'PROCESS', 'LEGAL', 'CUSTOMER', 'TECHNICAL', 'GENERAL'))
);
-- Inactive ones keep their name taken. In capitals, because some letters have two small forms.
CREATE UNIQUE INDEX issue_types_name ON issue_types (tenant_id, upper(name));

CREATE TABLE issue_statuses (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    description text,
    category text NOT NULL CONSTRAINT issue_statuses_category CHECK
        (category IN ('open', 'active', 'inactive', 'closed')),
    color text,
    icon text,
    order_index bigint NOT NULL CONSTRAINT issue_statuses_order CHECK (order_index >= 1),
    is_active boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by text NOT NULL,
    updated_by text NOT NULL,
    CONSTRAINT issue_statuses_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT issue_statuses_system_name CHECK (upper(name) NOT IN
        ('OPEN', 'BACKLOG', 'IN PROGRESS', 'IN REVIEW', 'BLOCKED', 'ON HOLD', 'DEFERRED', 'RESOLVED',
         'CLOSED', 'DUPLICATE', 'WON''T FIX'))
);
CREATE UNIQUE INDEX issue_statuses_name ON issue_statuses (tenant_id, upper(name));

-- A tenant's choice of default type. One row, so there is one default however many set it at once;
-- no row means General.
CREATE TABLE default_types (
    tenant_id text NOT NULL,
    type_id uuid NOT NULL,
    CONSTRAINT default_types_pkey PRIMARY KEY (tenant_id)
);

-- Where a tenant has put SYSTEM statuses among its own.
CREATE TABLE system_status_orders (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    order_index bigint NOT NULL CONSTRAINT system_status_orders_order CHECK (order_index >= 1),
    CONSTRAINT system_status_orders_pkey PRIMARY KEY (tenant_id, id)
);

-- --- Actions and issues ---

CREATE TABLE actions (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    title text NOT NULL,
    description text,
    start_date timestamptz,
    due_date timestamptz,
    priority text NOT NULL CONSTRAINT actions_priority CHECK
        (priority IN ('low', 'medium', 'high', 'critical')),
    status text NOT NULL CONSTRAINT actions_status CHECK
        (status IN ('not_started', 'in_progress', 'completed', 'blocked', 'cancelled')),
    assigned_person_id text,
    progress double precision NOT NULL CONSTRAINT actions_progress CHECK
        (progress BETWEEN 0 AND 100),
    completed_at timestamptz,
    deleted_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by text NOT NULL,
    updated_by text NOT NULL,
    CONSTRAINT actions_pkey PRIMARY KEY (tenant_id, id)
) WITH (fillfactor = 85);

-- The default page and the count of a tenant's actions, by index alone.
CREATE INDEX actions_newest ON actions (tenant_id, created_at DESC, id DESC)
    WHERE deleted_at IS NULL;

CREATE TABLE issues (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    title text NOT NULL,
    description text,
    type_config_id uuid NOT NULL,   -- a SYSTEM type or one of issue_types
    status_config_id uuid NOT NULL, -- a SYSTEM status or one of issue_statuses
    impact text CONSTRAINT issues_impact CHECK (impact IN ('low', 'medium', 'high', 'critical')),
    priority text CONSTRAINT issues_priority CHECK
        (priority IN ('low', 'medium', 'high', 'critical')),
    reporter_id text NOT NULL,
    assigned_person_id text,
    due_date timestamptz,
    estimated_hours double precision,
    actual_hours double precision,
    tags text[] NOT NULL,
    display_order bigint,
    root_cause_analysis bytea, -- msgpack
    resolution_notes text,
    deleted_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by text NOT NULL,
    updated_by text NOT NULL,
    CONSTRAINT issues_pkey PRIMARY KEY (tenant_id, id)
) WITH (fillfactor = 85);

CREATE INDEX issues_newest ON issues (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
-- Whether a type or status is in use.
CREATE INDEX issues_of_type ON issues (tenant_id, type_config_id) WHERE deleted_at IS NULL;
CREATE INDEX issues_of_status ON issues (tenant_id, status_config_id) WHERE deleted_at IS NULL;
-- Both texts in one, so that a search looks once; issues_found says how.
CREATE INDEX issues_words ON issues USING gin
    (tenant_id, upper(title || chr(1) || coalesce(description, '')) public.gin_trgm_ops)
    WITH (gin_pending_list_limit = 256) -- KiB that a search reads besides the index proper
    WHERE deleted_at IS NULL;

-- --- Links. `place` is where the caller put the id; goals and strategies live in svc-goals ---

CREATE TABLE action_goals (
    tenant_id text NOT NULL,
    action_id uuid NOT NULL,
    place bigint NOT NULL,
    goal_id uuid NOT NULL,
    CONSTRAINT action_goals_pkey PRIMARY KEY (tenant_id, action_id, place) INCLUDE (goal_id),
    CONSTRAINT action_goals_pair UNIQUE (tenant_id, goal_id, action_id),
    CONSTRAINT action_goals_action FOREIGN KEY (tenant_id, action_id)
        REFERENCES actions (tenant_id, id)
);

CREATE TABLE action_strategies (
    tenant_id text NOT NULL,
    action_id uuid NOT NULL,
    place bigint NOT NULL,
    strategy_id uuid NOT NULL,
    CONSTRAINT action_strategies_pkey PRIMARY KEY (tenant_id, action_id, place)
        INCLUDE (strategy_id),
    CONSTRAINT action_strategies_pair UNIQUE (tenant_id, strategy_id, action_id),
    CONSTRAINT action_strategies_action FOREIGN KEY (tenant_id, action_id)
        REFERENCES actions (tenant_id, id)
);

CREATE TABLE issue_goals (
    tenant_id text NOT NULL,
    issue_id uuid NOT NULL,
    place bigint NOT NULL,
    goal_id uuid NOT NULL,
    CONSTRAINT issue_goals_pkey PRIMARY KEY (tenant_id, issue_id, place) INCLUDE (goal_id),
    CONSTRAINT issue_goals_pair UNIQUE (tenant_id, goal_id, issue_id),
    CONSTRAINT issue_goals_issue FOREIGN KEY (tenant_id, issue_id) REFERENCES issues (tenant_id, id)
);

CREATE TABLE issue_strategies (
    tenant_id text NOT NULL,
    issue_id uuid NOT NULL,
    place bigint NOT NULL,
    strategy_id uuid NOT NULL,
    CONSTRAINT issue_strategies_pkey PRIMARY KEY (tenant_id, issue_id, place)
        INCLUDE (strategy_id),
    CONSTRAINT issue_strategies_pair UNIQUE (tenant_id, strategy_id, issue_id),
    CONSTRAINT issue_strategies_issue FOREIGN KEY (tenant_id, issue_id)
        REFERENCES issues (tenant_id, id)
);

-- Seen from both ends, so each end has its own order; NULL stands behind what was placed.
CREATE TABLE action_issues (
    tenant_id text NOT NULL,
    action_id uuid NOT NULL,
    issue_id uuid NOT NULL,
    place_in_action bigint,
    place_in_issue bigint,
    CONSTRAINT action_issues_pkey PRIMARY KEY (tenant_id, action_id, issue_id),
    CONSTRAINT action_issues_action FOREIGN KEY (tenant_id, action_id)
        REFERENCES actions (tenant_id, id),
    CONSTRAINT action_issues_issue FOREIGN KEY (tenant_id, issue_id)
        REFERENCES issues (tenant_id, id)
);
CREATE INDEX action_issues_of_issue ON action_issues (tenant_id, issue_id, action_id);

-- Goals and strategies that svc-goals has said are deleted. Linking looks here under the tenant's lock
-- of links, so that a link that was being made meanwhile either goes with them or is refused.
CREATE TABLE deleted_targets (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    deleted_at timestamptz NOT NULL,
    CONSTRAINT deleted_targets_pkey PRIMARY KEY (tenant_id, id)
);

-- --- Tenants see their own rows only ---

DO $do$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['issue_types', 'issue_statuses', 'default_types',
        'system_status_orders', 'actions', 'issues', 'action_goals', 'action_strategies',
        'issue_goals', 'issue_strategies', 'action_issues', 'deleted_targets']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format($sql$
            CREATE POLICY %I ON %I
                USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
                WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
        $sql$, name || '_tenant', name);
    END LOOP;
END
$do$;
