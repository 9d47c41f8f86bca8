-- Where the log begins. Without it, finding the first row would mean walking over all that were deleted
-- before it.

CREATE TABLE log_begin (
    single boolean NOT NULL DEFAULT true,
    pos bigint NOT NULL,
    CONSTRAINT log_begin_key PRIMARY KEY (single),
    CONSTRAINT log_begin_single CHECK (single),
    CONSTRAINT log_begin_pos CHECK (pos > 0)
) WITH (fillfactor = 10);
INSERT INTO log_begin (pos) VALUES (1);

COMMENT ON TABLE log_begin IS
    'One row. What the log had before is deleted, so that a reader can tell that from a gap.';
COMMENT ON COLUMN log_begin.pos IS 'The lowest sequence number that is kept, or the first one ever.';

ALTER TABLE log_begin ENABLE ROW LEVEL SECURITY;
ALTER TABLE log_begin FORCE ROW LEVEL SECURITY;
-- No policy for UPDATE: the service does not change its log.
CREATE POLICY log_begin_read ON log_begin FOR SELECT
    USING ((SELECT nullif(current_setting('app.tenant', true), '')) IS NULL);
