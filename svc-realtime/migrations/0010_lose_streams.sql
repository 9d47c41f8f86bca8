-- Events that no stream got were deleted before svc-realtime had read them: every stream gets a number
-- that stands for them, and nothing up to it is kept, so whoever goes on from before it is told to begin
-- anew. It runs as the owner, because it is about all tenants.

DO $do$
BEGIN
    EXECUTE format($sql$
        CREATE FUNCTION lose_streams() RETURNS bigint
        LANGUAGE sql SECURITY DEFINER SET search_path = %1$I, pg_temp
        AS $body$
            WITH lost AS (
                UPDATE heads SET head = head + 1, trimmed = head + 1, changed_at = clock_timestamp()
                RETURNING 1
            )
            SELECT count(*) FROM lost
        $body$;
        REVOKE ALL ON FUNCTION lose_streams() FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION lose_streams() TO svc_%1$s
    $sql$, current_schema());
END
$do$;
