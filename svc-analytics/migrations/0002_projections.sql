-- What svc-analytics makes of the other services' events, and what it computes from that.
--
-- Projections have a generation: all statements see the current one by row level security and write
-- to it by default, and nothing else has to say so. A rebuild writes to another one meanwhile
-- (app.rebuild = on) and makes it the current one at its end.

CREATE TABLE generations (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    current bigint NOT NULL DEFAULT 1,
    building bigint,        -- of a rebuild under way, or of one that broke off
    building_at timestamptz -- when that rebuild last said that it lives
);
INSERT INTO generations DEFAULT VALUES;

CREATE FUNCTION generation() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN current_setting('app.rebuild', true) = 'on' THEN building ELSE current END
      FROM analytics.generations
$$;

ALTER TABLE generations ENABLE ROW LEVEL SECURITY;
ALTER TABLE generations FORCE ROW LEVEL SECURITY;
CREATE POLICY generations_read ON generations FOR SELECT USING (true);
-- By transactions that name no tenant: no request's is like that.
CREATE POLICY generations_move ON generations FOR UPDATE
    USING ((SELECT nullif(current_setting('app.tenant', true), '')) IS NULL);

-- --- Projections: each table is written from the events of one service only, so that its rows do
-- not depend on whose events came first. What one table says of another's rows may therefore be
-- ahead or behind; whoever joins them leaves out what is not there.

CREATE TABLE goals (
    tenant_id text NOT NULL,
    generation bigint NOT NULL DEFAULT generation(),
    id uuid NOT NULL,
    title text NOT NULL,
    owner_id text NOT NULL,
    horizon text NOT NULL,
    status text NOT NULL,
    due_date timestamptz,
    completed_at timestamptz,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT goals_pkey PRIMARY KEY (tenant_id, generation, id)
);

CREATE TABLE strategies (
    tenant_id text NOT NULL,
    generation bigint NOT NULL DEFAULT generation(),
    id uuid NOT NULL,
    goal_id uuid NOT NULL,
    description text NOT NULL,
    status text NOT NULL,
    order_index bigint NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT strategies_pkey PRIMARY KEY (tenant_id, generation, id)
);
CREATE INDEX strategies_of_goal ON strategies (tenant_id, generation, goal_id);

CREATE TABLE kpis (
    tenant_id text NOT NULL,
    generation bigint NOT NULL DEFAULT generation(),
    id uuid NOT NULL,
    name text NOT NULL,
    unit text,
    direction text NOT NULL,
    is_shared boolean NOT NULL,
    owner_id text,
    baseline_value double precision,
    target_value double precision,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT kpis_pkey PRIMARY KEY (tenant_id, generation, id)
);

CREATE TABLE links (
    tenant_id text NOT NULL,
    generation bigint NOT NULL DEFAULT generation(),
    id uuid NOT NULL,
    goal_id uuid NOT NULL,
    kpi_id uuid NOT NULL,
    threshold double precision NOT NULL,
    baseline_value double precision, -- for this goal; NULL: the KPI's own
    target_value double precision,
    version bigint NOT NULL,
    CONSTRAINT links_pkey PRIMARY KEY (tenant_id, generation, id)
);
CREATE INDEX links_of_goal ON links (tenant_id, generation, goal_id);
CREATE INDEX links_of_kpi ON links (tenant_id, generation, kpi_id);

CREATE TABLE readings (
    tenant_id text NOT NULL,
    generation bigint NOT NULL DEFAULT generation(),
    kpi_id uuid NOT NULL,
    period bigint NOT NULL,          -- months since 0000-01
    value double precision NOT NULL, -- the one that counts
    version bigint NOT NULL,
    CONSTRAINT readings_pkey PRIMARY KEY (tenant_id, generation, kpi_id, period)
);

CREATE TABLE actions (
    tenant_id text NOT NULL,
    generation bigint NOT NULL DEFAULT generation(),
    id uuid NOT NULL,
    title text NOT NULL,
    status text NOT NULL,
    priority text,
    due_date timestamptz,
    completed_at timestamptz,
    assigned_person_id text,
    goal_ids uuid[] NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT actions_pkey PRIMARY KEY (tenant_id, generation, id)
);

CREATE TABLE issues (
    tenant_id text NOT NULL,
    generation bigint NOT NULL DEFAULT generation(),
    id uuid NOT NULL,
    title text NOT NULL,
    type_id uuid,
    type_name text,
    status_id uuid,
    status_name text,
    category text, -- open, active, inactive, closed
    priority text,
    reporter_id text,
    assigned_person_id text,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT issues_pkey PRIMARY KEY (tenant_id, generation, id)
);

-- What happened to what is still there.
CREATE TABLE activity (
    tenant_id text NOT NULL,
    generation bigint NOT NULL DEFAULT generation(),
    id uuid NOT NULL, -- the event's
    at timestamptz NOT NULL,
    type text NOT NULL,
    entity_type text NOT NULL,
    entity_id uuid NOT NULL,
    words text NOT NULL, -- "Paused the goal"
    user_id text NOT NULL,
    CONSTRAINT activity_pkey PRIMARY KEY (tenant_id, generation, id)
);
CREATE INDEX activity_newest ON activity (tenant_id, generation, at DESC, id DESC);
CREATE INDEX activity_of ON activity (tenant_id, generation, entity_id);

-- The last event of each service that touched the tenant: what figures were computed from.
CREATE TABLE stamps (
    tenant_id text NOT NULL,
    generation bigint NOT NULL DEFAULT generation(),
    source text NOT NULL,
    stamp uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT stamps_pkey PRIMARY KEY (tenant_id, generation, source)
) WITH (fillfactor = 70);

-- Figures as they were computed last. They count while the stamps are the same and the hour lasts.
CREATE TABLE figures (
    tenant_id text NOT NULL,
    generation bigint NOT NULL DEFAULT generation(),
    stamps uuid[] NOT NULL,
    computed_at timestamptz NOT NULL,
    data bytea NOT NULL, -- msgpack
    CONSTRAINT figures_pkey PRIMARY KEY (tenant_id, generation)
) WITH (fillfactor = 50);

DO $do$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['goals', 'strategies', 'kpis', 'links', 'readings', 'actions',
                                'issues', 'activity', 'stamps', 'figures'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format($sql$CREATE POLICY %I ON %I
            USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), ''))
                   AND generation = (SELECT generation()))
            WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), ''))
                        AND generation = (SELECT generation()))$sql$, name || '_tenant', name);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)',
                       name || '_owner', name);
    END LOOP;
END
$do$;

-- --- What is no projection: it cannot be had from the events again.

-- Scores as they were: the last of an hour in which something changed, at least one of a day.
CREATE TABLE scores (
    tenant_id text NOT NULL,
    hour timestamptz NOT NULL,
    score double precision NOT NULL,
    alignment double precision NOT NULL,
    taken_at timestamptz NOT NULL,
    CONSTRAINT scores_pkey PRIMARY KEY (tenant_id, hour)
);

-- Reports that were made, and those being made, for the limit per month.
CREATE TABLE reports (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    user_id text NOT NULL,
    begun_at timestamptz NOT NULL,
    made boolean NOT NULL,
    CONSTRAINT reports_pkey PRIMARY KEY (tenant_id, begun_at, id)
);

DO $do$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['scores', 'reports'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format($sql$CREATE POLICY %I ON %I
            USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
            WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))$sql$,
                       name || '_tenant', name);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)',
                       name || '_owner', name);
    END LOOP;
END
$do$;

-- The functions below run as the owner, because they are about all tenants. They tell and take only
-- what their arguments say, and no content.

-- Tenants whose score is to be kept: none of this day yet, or something changed since the last and
-- its hour is over.
CREATE FUNCTION tenants_to_score(moment timestamptz, most bigint) RETURNS TABLE (tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = analytics, pg_temp
AS $$
    SELECT t.tenant_id
      FROM (SELECT s.tenant_id, max(s.changed_at) AS changed_at FROM stamps s
             WHERE s.generation = (SELECT current FROM generations)
             GROUP BY s.tenant_id) AS t
      LEFT JOIN LATERAL (SELECT c.hour, c.taken_at FROM scores c
                          WHERE c.tenant_id = t.tenant_id AND c.hour <= moment
                          ORDER BY c.hour DESC LIMIT 1) AS last ON true
     WHERE last.hour IS NULL OR last.hour < date_trunc('day', moment, 'UTC')
        OR (t.changed_at > last.taken_at AND last.hour < date_trunc('hour', moment, 'UTC'))
     LIMIT most
$$;

-- Of days more than a week ago only the last score stays.
CREATE FUNCTION thin_scores(moment timestamptz) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = analytics, pg_temp
AS $$
    WITH gone AS (
        DELETE FROM scores s
         WHERE s.hour < date_trunc('day', moment, 'UTC') - interval '8 days'
           AND EXISTS (SELECT FROM scores later
                        WHERE later.tenant_id = s.tenant_id AND later.hour > s.hour
                          AND later.hour < date_trunc('day', s.hour, 'UTC') + interval '1 day')
        RETURNING 1)
    SELECT count(*) FROM gone
$$;

-- Deletes rows of generations that are neither current nor being built, so many of each table at
-- most; answers how many.
CREATE FUNCTION drop_generations(most bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = analytics, pg_temp
AS $$
DECLARE
    name text;
    part bigint;
    total bigint := 0;
BEGIN
    FOREACH name IN ARRAY ARRAY['goals', 'strategies', 'kpis', 'links', 'readings', 'actions',
                                'issues', 'activity', 'stamps', 'figures'] LOOP
        EXECUTE format('DELETE FROM %I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I
            WHERE generation NOT IN (SELECT current FROM generations
                                     UNION SELECT coalesce(building, current) FROM generations)
            LIMIT $1 FOR UPDATE SKIP LOCKED))', name) USING most;
        GET DIAGNOSTICS part = ROW_COUNT;
        total := total + part;
    END LOOP;
    RETURN total;
END
$$;

-- Places of rebuilds end with @ and their generation; nobody needs them afterwards.
CREATE POLICY consumed_forget ON consumed FOR DELETE
    USING (source LIKE '%@%' AND (SELECT nullif(current_setting('app.tenant', true), '')) IS NULL);

REVOKE ALL ON FUNCTION tenants_to_score(timestamptz, bigint), thin_scores(timestamptz),
    drop_generations(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenants_to_score(timestamptz, bigint), thin_scores(timestamptz),
    drop_generations(bigint) TO svc_analytics;
