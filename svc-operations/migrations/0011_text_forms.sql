-- What is stored already becomes what the program writes now: texts that people see in form C and
-- without white space at their ends; names that are unique by text_key.

LOCK TABLE actions, issues, issue_types, issue_statuses IN ACCESS EXCLUSIVE MODE;

UPDATE actions
   SET title = text_clean(title), description = text_clean(description), version = version + 1
 WHERE (title, description) IS DISTINCT FROM (text_clean(title), text_clean(description));

UPDATE issues i
   SET title = text_clean(i.title), description = text_clean(i.description), tags = cleaned.tags,
       resolution_notes = text_clean(i.resolution_notes), version = i.version + 1
  FROM (SELECT tenant_id, id,
               ARRAY(SELECT text_clean(tag) FROM unnest(tags) WITH ORDINALITY AS o (tag, place)
                      WHERE text_clean(tag) <> '' ORDER BY place) AS tags
          FROM issues) AS cleaned
 WHERE cleaned.tenant_id = i.tenant_id AND cleaned.id = i.id
   AND (i.title, i.description, i.tags, i.resolution_notes) IS DISTINCT FROM
       (text_clean(i.title), text_clean(i.description), cleaned.tags,
        text_clean(i.resolution_notes));

ALTER TABLE issue_types DROP CONSTRAINT issue_types_system_name;
ALTER TABLE issue_statuses DROP CONSTRAINT issue_statuses_system_name;
DROP INDEX issue_types_name, issue_statuses_name;

UPDATE issue_types
   SET name = text_clean(name), description = text_clean(description), icon = text_clean(icon),
       version = version + 1
 WHERE (name, description, icon) IS DISTINCT FROM
       (text_clean(name), text_clean(description), text_clean(icon));

UPDATE issue_statuses
   SET name = text_clean(name), description = text_clean(description), icon = text_clean(icon),
       version = version + 1
 WHERE (name, description, icon) IS DISTINCT FROM
       (text_clean(name), text_clean(description), text_clean(icon));

-- Of names that have become equal SYSTEM's stays, else the oldest; the others are numbered, from (2).
CREATE FUNCTION number_equal_names(config regclass, system_names text[]) RETURNS void
    LANGUAGE plpgsql
AS $$
DECLARE
    twin record;
    free text;
    number int;
    taken boolean;
BEGIN
    FOR twin IN EXECUTE format(
        $sql$SELECT tenant_id, id, name
               FROM (SELECT *, text_key(name) AS key,
                            row_number() OVER (PARTITION BY tenant_id, text_key(name)
                                               ORDER BY created_at, id) AS place
                       FROM %s) AS c
              WHERE place > 1 OR key = ANY ($1)
              ORDER BY tenant_id, created_at, id$sql$, config) USING system_names
    LOOP
        number := 1;
        LOOP
            number := number + 1;
            free := rtrim(left(twin.name, 97 - length(number::text))) || ' (' || number || ')';
            EXECUTE format($sql$SELECT EXISTS (SELECT FROM %s WHERE tenant_id = $1
                                                AND text_key(name) = text_key($2))$sql$, config)
               INTO taken USING twin.tenant_id, free;
            EXIT WHEN NOT taken;
        END LOOP;
        EXECUTE format($sql$UPDATE %s SET name = $3, version = version + 1
                             WHERE tenant_id = $1 AND id = $2$sql$, config) USING twin.tenant_id, twin.id, free;
    END LOOP;
END
$$;
SELECT number_equal_names('issue_types',
    '{personnel,financial,process,legal,customer,technical,general}');
SELECT number_equal_names('issue_statuses',
    '{open,backlog,in progress,in review,blocked,on hold,deferred,resolved,closed,duplicate,'
    'won''t fix}');
DROP FUNCTION number_equal_names(regclass, text[]);

-- The service's older version knows these by their names, and may write what is not clean. Inactive
-- ones keep their name taken.
CREATE UNIQUE INDEX issue_types_name ON issue_types (tenant_id, text_key(text_clean(name)));
CREATE UNIQUE INDEX issue_statuses_name ON issue_statuses (tenant_id, text_key(text_clean(name)));
ALTER TABLE issue_types ADD CONSTRAINT issue_types_system_name CHECK
    (text_key(text_clean(name)) NOT IN
        ('personnel', 'financial', 'process', 'legal', 'customer', 'technical', 'general'));
ALTER TABLE issue_statuses ADD CONSTRAINT issue_statuses_system_name CHECK
    (text_key(text_clean(name)) NOT IN
        ('open', 'backlog', 'in progress', 'in review', 'blocked', 'on hold', 'deferred', 'resolved',
         'closed', 'duplicate', 'won''t fix'));

DROP INDEX issues_words;
ALTER INDEX issues_words_by_key RENAME TO issues_words;

-- The caller's issues whose title or description contains the text, by text_key. Else as before.
CREATE OR REPLACE FUNCTION issues_found(words text)
    RETURNS TABLE (id uuid, title text, type_config_id uuid, status_config_id uuid, impact text,
                   priority text, reporter_id text, assigned_person_id text, due_date timestamptz,
                   display_order bigint, created_at timestamptz, updated_at timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path = operations, pg_catalog, pg_temp
AS $$
DECLARE
    tenant text := nullif(current_setting('app.tenant', true), '');
    key text := text_key(words);
    pattern text := '%' || replace(replace(replace(key, '\', '\\'), '%', '\%'), '_', '\_') || '%';
BEGIN
    IF key ~ '[[:alnum:]]{3}' AND strpos(words, chr(1)) = 0 THEN
        -- What has no chr(1) in it cannot begin in the title and end in the description.
        RETURN QUERY
            SELECT i.id, i.title, i.type_config_id, i.status_config_id, i.impact, i.priority,
                   i.reporter_id, i.assigned_person_id, i.due_date, i.display_order, i.created_at,
                   i.updated_at
              FROM issues i
             WHERE i.tenant_id = tenant AND i.deleted_at IS NULL
               AND text_key(i.title || chr(1) || coalesce(i.description, '')) LIKE pattern;
    ELSE
        -- Less than a trigram would read the whole index, which is slower than the tenant's rows.
        RETURN QUERY
            SELECT i.id, i.title, i.type_config_id, i.status_config_id, i.impact, i.priority,
                   i.reporter_id, i.assigned_person_id, i.due_date, i.display_order, i.created_at,
                   i.updated_at
              FROM issues i
             WHERE i.tenant_id = tenant AND i.deleted_at IS NULL
               AND (text_key(i.title) LIKE pattern OR text_key(i.description) LIKE pattern);
    END IF;
END
$$;
