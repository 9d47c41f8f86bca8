-- Searching for actions, filtering by tags and by when an issue was reported. Apart from what the
-- programs write, because writers wait while indexes are made.

-- What an action is searched in: three texts in one, so that a search looks once.
CREATE FUNCTION action_words(title text, description text, tags text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN text_key(title || chr(1) || coalesce(description, '') || chr(1) ||
                    array_to_string(tags, chr(1)));

CREATE INDEX actions_words ON actions USING gin
    (tenant_id, action_words(title, description, tags) public.gin_trgm_ops)
    WITH (gin_pending_list_limit = 256) -- KiB that a search reads besides the index proper
    WHERE deleted_at IS NULL;
CREATE INDEX actions_tags ON actions USING gin (tenant_id, tags) WHERE deleted_at IS NULL;
CREATE INDEX issues_tags ON issues USING gin (tenant_id, tags) WHERE deleted_at IS NULL;
CREATE INDEX issues_reported ON issues (tenant_id, coalesce(date_reported, created_at))
    WHERE deleted_at IS NULL;

-- The operators of these indexes are not leakproof, so the functions run as the owner, as issues_found
-- does, and take the tenant from the setting.

-- Ids of the caller's actions whose title, description or tags contain the text, by text_key.
CREATE FUNCTION actions_found(words text) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path = operations, pg_catalog, pg_temp
AS $$
DECLARE
    tenant text := nullif(current_setting('app.tenant', true), '');
    key text := text_key(words);
    pattern text := '%' || replace(replace(replace(key, '\', '\\'), '%', '\%'), '_', '\_') || '%';
BEGIN
    IF key ~ '[[:alnum:]]{3}' AND strpos(words, chr(1)) = 0 THEN
        -- What has no chr(1) in it cannot begin in one of the texts and end in another.
        RETURN QUERY
            SELECT a.id FROM actions a
             WHERE a.tenant_id = tenant AND a.deleted_at IS NULL
               AND action_words(a.title, a.description, a.tags) LIKE pattern;
    ELSE
        -- Less than a trigram would read the whole index, which is slower than the tenant's rows.
        RETURN QUERY
            SELECT a.id FROM actions a
             WHERE a.tenant_id = tenant AND a.deleted_at IS NULL
               AND (text_key(a.title) LIKE pattern OR text_key(a.description) LIKE pattern OR
                    EXISTS (SELECT FROM unnest(a.tags) AS t (tag)
                             WHERE text_key(t.tag) LIKE pattern));
    END IF;
END
$$;

-- Ids of the caller's actions, or issues, that have one of the tags.
CREATE FUNCTION actions_tagged(words text[]) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path = operations, pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
        SELECT a.id FROM actions a
         WHERE a.tenant_id = nullif(current_setting('app.tenant', true), '')
           AND a.deleted_at IS NULL AND a.tags && words;
END
$$;

CREATE FUNCTION issues_tagged(words text[]) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path = operations, pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
        SELECT i.id FROM issues i
         WHERE i.tenant_id = nullif(current_setting('app.tenant', true), '')
           AND i.deleted_at IS NULL AND i.tags && words;
END
$$;

REVOKE ALL ON FUNCTION actions_found(text), actions_tagged(text[]), issues_tagged(text[])
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION actions_found(text), actions_tagged(text[]), issues_tagged(text[])
    TO svc_operations;
