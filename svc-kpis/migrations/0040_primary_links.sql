-- Of a goal's links one is the primary one; a link may name a strategy of its goal. Programs of older
-- releases do not know of it and leave it as it is.

ALTER TABLE links
    ADD COLUMN is_primary boolean NOT NULL DEFAULT false,
    ADD COLUMN risk_threshold double precision CONSTRAINT links_risk_threshold CHECK
        (risk_threshold BETWEEN 0 AND 100),
    ADD COLUMN strategy_id uuid;
COMMENT ON COLUMN links.risk_threshold IS
    'As it was set; NULL: 50. What counts is not above the threshold.';

-- The goals of before: what was linked first.
UPDATE links AS l SET is_primary = true
  FROM (SELECT DISTINCT ON (tenant_id, goal_id) tenant_id, goal_id, kpi_id
          FROM links ORDER BY tenant_id, goal_id, created_at, id) AS oldest
 WHERE l.tenant_id = oldest.tenant_id AND l.goal_id = oldest.goal_id AND l.kpi_id = oldest.kpi_id;

CREATE UNIQUE INDEX links_primary ON links (tenant_id, goal_id) WHERE is_primary;
CREATE INDEX links_of_strategy ON links (tenant_id, strategy_id) WHERE strategy_id IS NOT NULL;

-- What svc-goals has said of strategies. Linking writes the strategy's row, and so waits for its
-- deletion or is waited for: no link keeps a strategy that was deleted meanwhile.
CREATE TABLE strategies (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    title text,
    version bigint NOT NULL,
    deleted_at timestamptz,
    CONSTRAINT strategies_pkey PRIMARY KEY (tenant_id, id)
);
COMMENT ON COLUMN strategies.title IS 'As it was in that version of the strategy; NULL when deleted.';

ALTER TABLE strategies ENABLE ROW LEVEL SECURITY;
ALTER TABLE strategies FORCE ROW LEVEL SECURITY;
CREATE POLICY strategies_tenant ON strategies
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));
