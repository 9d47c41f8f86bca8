-- People as a list: by name, by a part of it, and in the order of snapshots.

CREATE INDEX people_by_name ON people (tenant_id, name COLLATE "und-x-icu", user_id);
CREATE INDEX people_words ON people USING gin (tenant_id, text_key(name) public.gin_trgm_ops)
    WITH (gin_pending_list_limit = 256); -- KiB that a search reads besides the index proper
CREATE INDEX people_entities ON people (tenant_id, (md5(user_id)::uuid));

-- FORCE binds the owner as well unless it is a superuser. The functions run as the owner.
CREATE POLICY people_owner ON people FOR SELECT TO CURRENT_USER USING (true);

-- Ids of the caller's people whose name contains the text, by text_key. As goals_found.
CREATE FUNCTION people_found(words text) RETURNS SETOF text
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path = goals, pg_catalog, pg_temp
AS $$
DECLARE
    tenant text := nullif(current_setting('app.tenant', true), '');
    key text := text_key(words);
    pattern text := '%' || replace(replace(replace(key, '\', '\\'), '%', '\%'), '_', '\_') || '%';
BEGIN
    IF key ~ '[[:alnum:]]{3}' THEN
        RETURN QUERY SELECT p.user_id FROM people p
            WHERE p.tenant_id = tenant AND text_key(p.name) LIKE pattern;
    ELSE
        -- Less than a trigram would read the whole index, which is slower than the tenant's rows.
        RETURN QUERY SELECT p.user_id FROM people p
            WHERE p.tenant_id = tenant AND text_key(p.name) || '' LIKE pattern;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION people_found(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people_found(text) TO svc_goals;

-- Snapshots have people as well, so those of a tenant without goals, too.
CREATE OR REPLACE FUNCTION tenants_after(after text, most bigint) RETURNS TABLE (tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = goals, pg_temp
AS $$
    WITH RECURSIVE found AS (
        SELECT least((SELECT t.tenant_id FROM goals t WHERE t.tenant_id > after
                     ORDER BY t.tenant_id LIMIT 1),
                   (SELECT t.tenant_id FROM people t WHERE t.tenant_id > after
                     ORDER BY t.tenant_id LIMIT 1)) AS tenant
        UNION ALL
        SELECT least((SELECT t.tenant_id FROM goals t WHERE t.tenant_id > f.tenant
                     ORDER BY t.tenant_id LIMIT 1),
                   (SELECT t.tenant_id FROM people t WHERE t.tenant_id > f.tenant
                     ORDER BY t.tenant_id LIMIT 1))
          FROM found f WHERE f.tenant IS NOT NULL
    )
    SELECT tenant FROM found WHERE tenant IS NOT NULL LIMIT most
$$;
