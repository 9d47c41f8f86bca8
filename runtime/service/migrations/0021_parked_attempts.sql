-- An event that cannot be applied waits in parked_events, too, with those that follow of its tenant, and
-- is tried again after growing pauses. What is known of these attempts is in the row of the event.

ALTER TABLE parked_events
    ADD COLUMN parked_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN attempts bigint NOT NULL DEFAULT 0,
    ADD COLUMN error text,
    ADD COLUMN next_at timestamptz;
CREATE INDEX parked_events_order ON parked_events (source, tenant_id, pos);

COMMENT ON TABLE parked_events IS
    'Events that wait: for a newer release of this service, or until they can be applied; with those that follow of their tenants. Written in the transaction that steps over them in `consumed`, deleted in the one that applies them.';
COMMENT ON COLUMN parked_events.parked_at IS 'Since when it waits.';
COMMENT ON COLUMN parked_events.attempts IS 'How often applying it has failed; 0 when it waits for another reason.';
COMMENT ON COLUMN parked_events.error IS 'Why it failed the last time; NULL when it never did.';
COMMENT ON COLUMN parked_events.next_at IS 'When it is tried again; NULL: at once.';

CREATE POLICY parked_events_retry ON parked_events FOR UPDATE
    USING ((SELECT nullif(current_setting('app.tenant', true), '')) IS NULL);

-- A replica knows which tenants wait as of the row of `consumed` that it has read. Who changes that
-- without moving the place (a rebuild) changes this number, so that the replica's next step fails.
ALTER TABLE consumed ADD COLUMN parked_changes bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN consumed.parked_changes IS
    'Counts when others than this source''s consumer have put events into parked_events.';
