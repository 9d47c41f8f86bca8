-- Events of other services that have to be understood and are not, because this program is of an older
-- release: they and what follows of their tenants waits here, while other tenants' events are applied.
-- Touched only by transactions that name no tenant, as `consumed` is.

CREATE TABLE parked_events (
    tenant_id text NOT NULL,
    source text NOT NULL,
    pos bigint NOT NULL,
    type text NOT NULL,
    must text,
    payload bytea NOT NULL,
    CONSTRAINT parked_events_key PRIMARY KEY (tenant_id, source, pos)
);

COMMENT ON TABLE parked_events IS
    'Events that wait for a newer release of this service, with those that follow of their tenants. Written in the transaction that steps over them in `consumed`, deleted in the one that applies them.';
COMMENT ON COLUMN parked_events.tenant_id IS 'Tenant whose change it is.';
COMMENT ON COLUMN parked_events.source IS 'Whose log, as in `consumed`.';
COMMENT ON COLUMN parked_events.pos IS 'Sequence number in that log.';
COMMENT ON COLUMN parked_events.type IS 'Such as goal.updated.';
COMMENT ON COLUMN parked_events.must IS 'Names of the programs that must understand the type, separated by commas; NULL when none must.';
COMMENT ON COLUMN parked_events.payload IS 'The packed event.';

ALTER TABLE parked_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE parked_events FORCE ROW LEVEL SECURITY;
CREATE POLICY parked_events_read ON parked_events FOR SELECT
    USING ((SELECT nullif(current_setting('app.tenant', true), '')) IS NULL);
CREATE POLICY parked_events_add ON parked_events FOR INSERT
    WITH CHECK ((SELECT nullif(current_setting('app.tenant', true), '')) IS NULL);
CREATE POLICY parked_events_take ON parked_events FOR DELETE
    USING ((SELECT nullif(current_setting('app.tenant', true), '')) IS NULL);
