-- Deletes the beginning of the log: what is older than :before and applied by each of the programs that
-- consume it, so many events at most, and never the last one, from which the next number is taken. A
-- program that has told nothing keeps all of it. Answers how many went.
--
-- It runs as the owner, because the service's role may not change its log. Of replicas that prune at the
-- same time one does. The search_path is pinned with pg_temp last, so that no temporary table can take a
-- name's place.

CREATE POLICY event_log_owner ON event_log TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY log_begin_owner ON log_begin TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY consumers_owner ON consumers TO CURRENT_USER USING (true) WITH CHECK (true);

DO $do$
BEGIN
    EXECUTE format($sql$
        CREATE FUNCTION prune_events(programs text[], before timestamptz, most bigint) RETURNS bigint
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = %1$I, pg_temp
        AS $body$
        DECLARE
            first bigint;
            last bigint;
            young bigint;
            gone bigint;
        BEGIN
            SELECT b.pos INTO first FROM log_begin b FOR UPDATE SKIP LOCKED;
            SELECT least(min(c.pos), (SELECT max(e.pos) - 1 FROM event_log e), first + most - 1) INTO last
              FROM unnest(programs) AS p (program) LEFT JOIN consumers c USING (program)
            HAVING bool_and(c.pos IS NOT NULL);
            IF first IS NULL OR last IS NULL OR last < first THEN
                RETURN 0;
            END IF;
            -- Events are nearly in the order of their times: the first young one ends the part.
            SELECT e.pos INTO young FROM event_log e
             WHERE e.pos BETWEEN first AND last AND e.created_at >= before ORDER BY e.pos LIMIT 1;
            last := least(last, young - 1);
            IF last < first THEN
                RETURN 0;
            END IF;
            DELETE FROM event_log e WHERE e.pos BETWEEN first AND last;
            GET DIAGNOSTICS gone = ROW_COUNT;
            UPDATE log_begin b SET pos = last + 1;
            RETURN gone;
        END
        $body$
    $sql$, current_schema());
END
$do$;
COMMENT ON FUNCTION prune_events(text[], timestamptz, bigint) IS
    'Deletes events at the beginning of the log that are old and that all these programs have applied; answers how many.';
COMMENT ON TABLE event_log IS
    'The events of this service, in the one order that all consumers apply them in. Kept for a time, and until every consumer has applied them.';
COMMENT ON COLUMN event_log.pos IS
    'Place in the log: without gaps from log_begin on.';
