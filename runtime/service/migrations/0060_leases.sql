-- Programs that keep in memory what this service's tables say hold leases (docs/goal-cache.md). Who changes
-- such a table either tells all of them before it acknowledges the change, or ends their leases here.

CREATE TABLE lease_holders (
    holder uuid NOT NULL,
    revoked boolean NOT NULL DEFAULT false,
    registered_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT lease_holders_pkey PRIMARY KEY (holder)
);
COMMENT ON TABLE lease_holders IS
    'Processes that may answer from memory. It belongs to no tenant. A row that was revoked stays until its lease has certainly ended, so that every writer sees it.';
COMMENT ON COLUMN lease_holders.holder IS 'Chosen anew whenever a process registers.';
COMMENT ON COLUMN lease_holders.revoked IS 'It has not answered a writer: it may renew no more.';

ALTER TABLE lease_holders ENABLE ROW LEVEL SECURITY;
ALTER TABLE lease_holders FORCE ROW LEVEL SECURITY;
CREATE POLICY lease_holders_all ON lease_holders USING (true) WITH CHECK (true);

-- Counts what has changed tables without telling the holders. A sequence, because it moves at once and not
-- with the commit, before which nobody renews.
CREATE SEQUENCE lease_epoch;
SELECT nextval('lease_epoch'); -- the first one does not move it

DO $do$
BEGIN
    -- The transaction that holds this lock shared keeps all leases from being renewed until it ends.
    EXECUTE format($sql$
        CREATE FUNCTION lease_lock() RETURNS bigint LANGUAGE sql IMMUTABLE
        RETURN hashtextextended('%1$s leases', 0)
    $sql$, current_schema());

    -- For who cannot tell the holders: psql, programs of releases before this table. Waits until no lease
    -- is valid that could have been renewed before. Under an isolation whose snapshot may be older than a
    -- holder's row it waits in any case.
    EXECUTE format($sql$
        CREATE FUNCTION end_leases() RETURNS void LANGUAGE plpgsql SET search_path = %1$I, pg_temp
        AS $body$
        BEGIN
            IF current_setting('app.leases_ended_%1$s', true) = 'on' THEN
                RETURN;
            END IF;
            PERFORM pg_advisory_xact_lock_shared(lease_lock());
            PERFORM nextval('lease_epoch');
            IF current_setting('transaction_isolation') <> 'read committed'
               OR EXISTS (SELECT FROM lease_holders) THEN
                PERFORM pg_sleep(0.35);
            END IF;
            PERFORM set_config('app.leases_ended_%1$s', 'on', true);
        END
        $body$
    $sql$, current_schema());

    -- A row was changed that answers show under this id. Programs that tell the holders get a notice.
    EXECUTE format($sql$
        CREATE FUNCTION invalidate(tenant text, id text) RETURNS void LANGUAGE plpgsql
        AS $body$
        BEGIN
            IF current_setting('app.invalidates', true) = 'on' THEN
                RAISE NOTICE USING ERRCODE = 'TR001', MESSAGE = tenant || E'\n' || id;
            ELSE
                PERFORM %1$I.end_leases();
            END IF;
        END
        $body$
    $sql$, current_schema());

    -- For migrations: from now on changes of that table's rows invalidate what is kept under the ids in
    -- that column. `events` as of CREATE TRIGGER. Also of transactions whose other triggers are off
    -- (session_replication_role).
    EXECUTE format($sql$
        CREATE FUNCTION invalidate_by(the_table text, the_column text, events text) RETURNS void
        LANGUAGE plpgsql SET search_path = %1$I, pg_temp
        AS $body$
        BEGIN
            EXECUTE format($function$
                CREATE FUNCTION %%1$I() RETURNS trigger LANGUAGE plpgsql AS $code$
                BEGIN
                    IF TG_OP = 'TRUNCATE' THEN
                        PERFORM %1$I.end_leases();
                        RETURN NULL;
                    END IF;
                    IF TG_OP <> 'INSERT' THEN
                        PERFORM %1$I.invalidate(OLD.tenant_id, OLD.%%2$I::text);
                    END IF;
                    IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND NEW.%%2$I <> OLD.%%2$I THEN
                        PERFORM %1$I.invalidate(NEW.tenant_id, NEW.%%2$I::text);
                    END IF;
                    RETURN NULL;
                END
                $code$
            $function$, the_table || '_invalidate', the_column);
            EXECUTE format('CREATE TRIGGER %%1$I AFTER %%2$s ON %%3$I FOR EACH ROW EXECUTE FUNCTION %%1$I();'
                           'CREATE TRIGGER %%4$I AFTER TRUNCATE ON %%3$I EXECUTE FUNCTION %%1$I();'
                           'ALTER TABLE %%3$I ENABLE ALWAYS TRIGGER %%1$I, ENABLE ALWAYS TRIGGER %%4$I',
                           the_table || '_invalidate', events, the_table, the_table || '_invalidate_all');
        END
        $body$
    $sql$, current_schema());
END
$do$;
