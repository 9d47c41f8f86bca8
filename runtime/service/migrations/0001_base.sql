-- What every service keeps in its own schema: answers that were given, events that are to be sent,
-- and the names of people. Runs before the service's own migrations, with search_path on its schema.
--
-- Row level security: a row is visible only while app.tenant names its tenant. The setting is read
-- through a sub-select, so it is evaluated once a statement and not once a row. Without a tenant
-- (unset or empty) nothing matches, because a comparison with NULL is never true.

CREATE TABLE idempotency (
    tenant_id text NOT NULL,
    key bytea NOT NULL,
    fingerprint bytea NOT NULL,
    answer bytea,
    expires_at timestamptz NOT NULL,
    CONSTRAINT idempotency_key PRIMARY KEY (tenant_id, key),
    CONSTRAINT idempotency_sizes CHECK (length(key) = 32 AND length(fingerprint) = 32)
);
CREATE INDEX idempotency_expires ON idempotency (expires_at);

COMMENT ON TABLE idempotency IS
    'Answers of commands, written in the transaction that did the work, so that a repeated command is answered and not done twice. Only successful ones stay.';
COMMENT ON COLUMN idempotency.tenant_id IS 'Tenant of the caller.';
COMMENT ON COLUMN idempotency.key IS 'SHA-256 of user, operation, path, source and command id.';
COMMENT ON COLUMN idempotency.fingerprint IS 'SHA-256 of body and query: the same key with another one is a mistake of the caller.';
COMMENT ON COLUMN idempotency.answer IS 'The packed reply. NULL only inside the transaction that is still at work.';
COMMENT ON COLUMN idempotency.expires_at IS 'From then on the key is free again.';

ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency FORCE ROW LEVEL SECURITY;
CREATE POLICY idempotency_tenant ON idempotency
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));
-- The owner, for purge_idempotency below: FORCE binds it as well, unless it is a superuser.
CREATE POLICY idempotency_owner ON idempotency TO CURRENT_USER USING (true) WITH CHECK (true);

-- Deletes expired rows of all tenants, the oldest first, at most so many, and counts them. It runs
-- as the owner, because the service's role sees one tenant at a time. Replicas that purge at the same
-- time skip each other's rows. The search_path is pinned with pg_temp last, so that no temporary
-- table can take the name's place.
DO $do$
BEGIN
    EXECUTE format($sql$
        CREATE FUNCTION purge_idempotency(before timestamptz, most bigint) RETURNS bigint
        LANGUAGE sql SECURITY DEFINER SET search_path = %1$I, pg_temp
        AS $body$
            WITH gone AS (
                DELETE FROM idempotency WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM idempotency WHERE expires_at <= before
                    ORDER BY expires_at LIMIT most FOR UPDATE SKIP LOCKED))
                RETURNING 1)
            SELECT count(*) FROM gone
        $body$
    $sql$, current_schema());
END
$do$;
COMMENT ON FUNCTION purge_idempotency(timestamptz, bigint) IS
    'Deletes expired rows of idempotency for all tenants; answers how many.';

CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY,
    tenant_id text NOT NULL,
    type text NOT NULL,
    entity_id uuid NOT NULL,
    version bigint NOT NULL,
    payload bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT outbox_key PRIMARY KEY (id)
);

COMMENT ON TABLE outbox IS
    'Events that were committed with the change they tell of and wait for the sequencer, which moves them to the log. Its key is the id alone, because it is a queue of all tenants.';
COMMENT ON COLUMN outbox.id IS 'Order of insertion within one transaction; between transactions it means nothing.';
COMMENT ON COLUMN outbox.tenant_id IS 'Tenant whose change it is.';
COMMENT ON COLUMN outbox.type IS 'Such as goal.updated.';
COMMENT ON COLUMN outbox.entity_id IS 'What was changed.';
COMMENT ON COLUMN outbox.version IS 'Version of the entity after the change.';
COMMENT ON COLUMN outbox.payload IS 'The packed event with the entity after the change.';
COMMENT ON COLUMN outbox.created_at IS 'When the change was made.';

ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;
-- A request may only add events of its own tenant, and may not read the queue.
CREATE POLICY outbox_add ON outbox FOR INSERT
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));
-- Draining works on all tenants at once, in transactions that name none: no request's transaction is
-- like that, because the tenant is its first statement.
CREATE POLICY outbox_read ON outbox FOR SELECT
    USING ((SELECT nullif(current_setting('app.tenant', true), '')) IS NULL);
CREATE POLICY outbox_drain ON outbox FOR DELETE
    USING ((SELECT nullif(current_setting('app.tenant', true), '')) IS NULL);

CREATE TABLE people (
    tenant_id text NOT NULL,
    user_id text NOT NULL,
    name text NOT NULL,
    issued_at timestamptz NOT NULL,
    CONSTRAINT people_key PRIMARY KEY (tenant_id, user_id)
);

COMMENT ON TABLE people IS
    'Names of people, learned from the tokens of callers; people themselves belong to another system. Handlers join it where they answer a name.';
COMMENT ON COLUMN people.tenant_id IS 'Tenant in which the person was seen.';
COMMENT ON COLUMN people.user_id IS 'The other system''s id.';
COMMENT ON COLUMN people.name IS 'Display name of the token that was issued last.';
COMMENT ON COLUMN people.issued_at IS 'When that token was issued (iat).';

ALTER TABLE people ENABLE ROW LEVEL SECURITY;
ALTER TABLE people FORCE ROW LEVEL SECURITY;
CREATE POLICY people_tenant ON people
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')));
