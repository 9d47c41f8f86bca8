-- What the service's consumers have told of themselves: up to where each has stored that it has applied
-- the log, so that no more of it is kept than somebody may still need. Touched only by transactions that
-- name no tenant, as the log is.

CREATE TABLE consumers (
    program text NOT NULL,
    pos bigint NOT NULL,
    told_at timestamptz NOT NULL,
    CONSTRAINT consumers_key PRIMARY KEY (program),
    CONSTRAINT consumers_pos CHECK (pos >= 0)
) WITH (fillfactor = 10);

COMMENT ON TABLE consumers IS
    'Up to where each program that consumes this service''s log has applied it, as it has told (tellConsumed). One row for each program, whichever replica told.';
COMMENT ON COLUMN consumers.program IS 'Its name, such as svc-kpis.';
COMMENT ON COLUMN consumers.pos IS 'Sequence number of the last event that it has stored as applied.';
COMMENT ON COLUMN consumers.told_at IS 'When it told so last.';

ALTER TABLE consumers ENABLE ROW LEVEL SECURITY;
ALTER TABLE consumers FORCE ROW LEVEL SECURITY;
-- No policy for DELETE: a program that has told is known from then on.
CREATE POLICY consumers_read ON consumers FOR SELECT
    USING ((SELECT nullif(current_setting('app.tenant', true), '')) IS NULL);
CREATE POLICY consumers_add ON consumers FOR INSERT
    WITH CHECK ((SELECT nullif(current_setting('app.tenant', true), '')) IS NULL);
CREATE POLICY consumers_move ON consumers FOR UPDATE
    USING ((SELECT nullif(current_setting('app.tenant', true), '')) IS NULL);
