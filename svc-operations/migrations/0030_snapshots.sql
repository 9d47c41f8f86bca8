-- Which tenants there are, for snapshots that other services begin from. It runs as the owner, because
-- it is about all tenants; it tells their names and no content. They are found one by one in the index,
-- since there may be many rows of each.

-- FORCE binds the owner as well unless it is a superuser. (Issues have such a policy.)
CREATE POLICY actions_tenants ON actions FOR SELECT TO CURRENT_USER USING (true);

CREATE FUNCTION tenants_after(after text, most bigint) RETURNS TABLE (tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = operations, pg_temp
AS $$
    WITH RECURSIVE found AS (
        SELECT least((SELECT t.tenant_id FROM actions t WHERE t.tenant_id > after
                     ORDER BY t.tenant_id LIMIT 1),
                   (SELECT t.tenant_id FROM issues t WHERE t.tenant_id > after
                     ORDER BY t.tenant_id LIMIT 1)) AS tenant
        UNION ALL
        SELECT least((SELECT t.tenant_id FROM actions t WHERE t.tenant_id > f.tenant
                     ORDER BY t.tenant_id LIMIT 1),
                   (SELECT t.tenant_id FROM issues t WHERE t.tenant_id > f.tenant
                     ORDER BY t.tenant_id LIMIT 1))
          FROM found f WHERE f.tenant IS NOT NULL
    )
    SELECT tenant FROM found WHERE tenant IS NOT NULL LIMIT most
$$;
REVOKE ALL ON FUNCTION tenants_after(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenants_after(text, bigint) TO svc_operations;
