-- The ids of a page of all of a tenant's rows, newest first, and where the next one begins: what list_rows finds,
-- by a statement that a connection plans once and not each time. It passes the rows before the page, so it is for
-- the first pages. Programs of older releases call newest_rows.
CREATE FUNCTION make_newest(the_table text) RETURNS void LANGUAGE plpgsql
AS $make$
BEGIN
    EXECUTE format($sql$
        CREATE FUNCTION %2$I(tenant text, size bigint, skip bigint)
            RETURNS TABLE (id uuid, place bigint, next_key text)
            LANGUAGE plpgsql STABLE ROWS 100
            SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
        AS $body$
        BEGIN
            RETURN QUERY
                SELECT page.id, page.n, CASE WHEN page.more THEN 'v' || page.created_at::text END
                  FROM (SELECT p.id, p.created_at, row_number() OVER () AS n, count(*) OVER () > size AS more
                          FROM (SELECT r.id, r.created_at FROM %1$I r
                                 WHERE r.tenant_id = tenant AND r.deleted_at IS NULL
                                 ORDER BY r.created_at DESC, r.id DESC LIMIT size + 1 OFFSET skip) AS p) AS page
                 WHERE page.n <= size;
        END
        $body$
    $sql$, the_table, 'newest_' || the_table);
END
$make$;
