-- How far strategies are, counted from svc-operations' events. Programs of older releases do not know of
-- it; the first newer one begins from all actions there are.

CREATE TABLE action_states (
    tenant_id text NOT NULL,
    action_id uuid NOT NULL,
    version bigint NOT NULL,
    strategy_ids uuid[] NOT NULL,
    counted boolean NOT NULL,
    completed boolean NOT NULL,
    CONSTRAINT action_states_pkey PRIMARY KEY (tenant_id, action_id)
) WITH (fillfactor = 85);
COMMENT ON TABLE action_states IS 'What each action adds to the counts of its strategies; nothing when it is deleted.';
COMMENT ON COLUMN action_states.counted IS 'Neither cancelled nor deleted.';

CREATE TABLE strategy_actions (
    tenant_id text NOT NULL,
    strategy_id uuid NOT NULL,
    counted bigint NOT NULL,
    completed bigint NOT NULL,
    CONSTRAINT strategy_actions_pkey PRIMARY KEY (tenant_id, strategy_id)
) WITH (fillfactor = 85);
COMMENT ON TABLE strategy_actions IS 'The sums of action_states; strategies that were deleted may be among them.';

DO $do$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['action_states', 'strategy_actions']
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
