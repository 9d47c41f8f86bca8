-- Goals have a description besides their intent, and are found by it.
ALTER TABLE goals ADD COLUMN description text;

CREATE INDEX goals_description_words ON goals USING gin
    (tenant_id, text_key(description) public.gin_trgm_ops)
    WITH (gin_pending_list_limit = 256) -- KiB that a search reads besides the index proper
    WHERE deleted_at IS NULL AND description IS NOT NULL;

-- Ids of the caller's goals whose title, intent or description contains the text, by text_key. Else
-- as before.
CREATE OR REPLACE FUNCTION goals_found(words text) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path = goals, pg_catalog, pg_temp
AS $$
DECLARE
    tenant text := nullif(current_setting('app.tenant', true), '');
    key text := text_key(words);
    pattern text := '%' || replace(replace(replace(key, '\', '\\'), '%', '\%'), '_', '\_') || '%';
BEGIN
    IF key ~ '[[:alnum:]]{3}' THEN
        RETURN QUERY
            SELECT g.id FROM goals g
             WHERE g.tenant_id = tenant AND g.deleted_at IS NULL
               AND (text_key(g.title) LIKE pattern OR text_key(g.intent) LIKE pattern)
            UNION
            SELECT g.id FROM goals g
             WHERE g.tenant_id = tenant AND g.deleted_at IS NULL AND g.description IS NOT NULL
               AND text_key(g.description) LIKE pattern;
    ELSE
        -- Less than a trigram would read the whole index, which is slower than the tenant's rows.
        RETURN QUERY SELECT g.id FROM goals g
            WHERE g.tenant_id = tenant AND g.deleted_at IS NULL
              AND (text_key(g.title) || '' LIKE pattern OR text_key(g.intent) || '' LIKE pattern OR
                   text_key(g.description) || '' LIKE pattern);
    END IF;
END
$$;
