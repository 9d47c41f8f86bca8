-- The service's own log of events, and how far it has consumed the logs of others.
--
-- Both belong to all tenants together and are touched only by transactions that name no tenant, as
-- the outbox is drained: no request's transaction is like that.

CREATE TABLE event_log (
    pos bigint NOT NULL,
    tenant_id text NOT NULL,
    type text NOT NULL,
    payload bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT event_log_key PRIMARY KEY (pos),
    CONSTRAINT event_log_positive CHECK (pos > 0)
);

COMMENT ON TABLE event_log IS
    'Every event of this service, in the one order that all consumers apply them in. Kept whole: a projection is rebuilt from it.';
COMMENT ON COLUMN event_log.pos IS 'Place in the log: from 1 on, without gaps.';
COMMENT ON COLUMN event_log.tenant_id IS 'Tenant whose change it is.';
COMMENT ON COLUMN event_log.type IS 'Such as goal.updated.';
COMMENT ON COLUMN event_log.payload IS 'The packed event with the entity after the change.';
COMMENT ON COLUMN event_log.created_at IS 'When the change was made.';

ALTER TABLE event_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_log FORCE ROW LEVEL SECURITY;
-- No policy for UPDATE and DELETE: what was told to others stays as it is.
CREATE POLICY event_log_read ON event_log FOR SELECT
    USING ((SELECT nullif(current_setting('app.tenant', true), '')) IS NULL);
CREATE POLICY event_log_add ON event_log FOR INSERT
    WITH CHECK ((SELECT nullif(current_setting('app.tenant', true), '')) IS NULL);

CREATE TABLE consumed (
    source text NOT NULL,
    pos bigint NOT NULL,
    CONSTRAINT consumed_key PRIMARY KEY (source),
    -- Moving on from a place that is no longer the current one is written as -1, so that the whole
    -- transaction fails: of two replicas that apply the same events one wins.
    CONSTRAINT consumed_in_order CHECK (pos >= 0)
) WITH (fillfactor = 10);

COMMENT ON TABLE consumed IS
    'How far the logs of other services were applied here; written in the transaction that applies.';
COMMENT ON COLUMN consumed.source IS 'Whose log, such as svc-goals.';
COMMENT ON COLUMN consumed.pos IS 'Place of the last event that was applied; 0 before the first.';

ALTER TABLE consumed ENABLE ROW LEVEL SECURITY;
ALTER TABLE consumed FORCE ROW LEVEL SECURITY;
CREATE POLICY consumed_read ON consumed FOR SELECT
    USING ((SELECT nullif(current_setting('app.tenant', true), '')) IS NULL);
CREATE POLICY consumed_add ON consumed FOR INSERT
    WITH CHECK ((SELECT nullif(current_setting('app.tenant', true), '')) IS NULL);
CREATE POLICY consumed_move ON consumed FOR UPDATE
    USING ((SELECT nullif(current_setting('app.tenant', true), '')) IS NULL);

-- Queues: nearly every row is gone a moment after it came, so what is left of them is to be cleared
-- by their number and not by a share of the table.
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
