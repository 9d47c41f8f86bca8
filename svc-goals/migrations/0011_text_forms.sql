-- What is stored already becomes what the program writes now: texts that people see in form C and
-- without white space at their ends.

LOCK TABLE goals, strategies, activity IN ACCESS EXCLUSIVE MODE;

-- A goal shows its strategies: changing them changes it.
WITH cleaned AS (
    UPDATE strategies SET description = text_clean(description), version = version + 1
     WHERE description <> text_clean(description)
    RETURNING tenant_id, goal_id
)
UPDATE goals SET version = version + 1
 WHERE (tenant_id, id) IN (SELECT tenant_id, goal_id FROM cleaned);

UPDATE goals g
   SET title = text_clean(g.title), intent = text_clean(g.intent), value_tags = cleaned.tags,
       version = g.version + 1
  FROM (SELECT tenant_id, id,
               ARRAY(SELECT text_clean(tag) FROM unnest(value_tags) WITH ORDINALITY AS o (tag, place)
                      WHERE text_clean(tag) <> '' ORDER BY place) AS tags
          FROM goals) AS cleaned
 WHERE cleaned.tenant_id = g.tenant_id AND cleaned.id = g.id
   AND (g.title, g.intent, g.value_tags) IS DISTINCT FROM
       (text_clean(g.title), text_clean(g.intent), cleaned.tags);

UPDATE activity SET text = text_clean(text), title = text_clean(title)
 WHERE (text, title) IS DISTINCT FROM (text_clean(text), text_clean(title));

DROP INDEX goals_words;
ALTER INDEX goals_words_by_key RENAME TO goals_words;

-- Ids of the caller's goals whose title or intent contains the text, by text_key. Else as before.
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
        RETURN QUERY SELECT g.id FROM goals g
            WHERE g.tenant_id = tenant AND g.deleted_at IS NULL
              AND (text_key(g.title) LIKE pattern OR text_key(g.intent) LIKE pattern);
    ELSE
        -- Less than a trigram would read the whole index, which is slower than the tenant's rows.
        RETURN QUERY SELECT g.id FROM goals g
            WHERE g.tenant_id = tenant AND g.deleted_at IS NULL
              AND (text_key(g.title) || '' LIKE pattern OR text_key(g.intent) || '' LIKE pattern);
    END IF;
END
$$;
