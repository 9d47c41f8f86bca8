-- What is stored already becomes what the program writes now: texts that people see in form C and
-- without white space at their ends; names that are unique by text_key.

LOCK TABLE kpis, readings IN ACCESS EXCLUSIVE MODE;

DROP INDEX kpis_name;

UPDATE kpis
   SET name = text_clean(name), description = text_clean(description),
       category = text_clean(category), unit = text_clean(unit), formula = text_clean(formula),
       version = version + 1
 WHERE (name, description, category, unit, formula) IS DISTINCT FROM
       (text_clean(name), text_clean(description), text_clean(category), text_clean(unit),
        text_clean(formula));

UPDATE readings SET reason = text_clean(reason) WHERE reason <> text_clean(reason);

-- Of names that have become equal the oldest stays; the others are numbered, from (2).
DO $do$
DECLARE
    twin record;
    free text;
    number int;
BEGIN
    FOR twin IN
        SELECT tenant_id, id, name
          FROM (SELECT *, row_number() OVER (PARTITION BY tenant_id, text_key(name)
                                             ORDER BY created_at, id) AS place
                  FROM kpis WHERE deleted_at IS NULL) AS k
         WHERE place > 1
         ORDER BY tenant_id, created_at, id
    LOOP
        number := 1;
        LOOP
            number := number + 1;
            free := rtrim(left(twin.name, 197 - length(number::text))) || ' (' || number || ')';
            EXIT WHEN NOT EXISTS (SELECT FROM kpis
                                   WHERE tenant_id = twin.tenant_id AND deleted_at IS NULL
                                     AND text_key(name) = text_key(free));
        END LOOP;
        UPDATE kpis SET name = free, version = version + 1
         WHERE tenant_id = twin.tenant_id AND id = twin.id;
    END LOOP;
END
$do$;

-- The service's older version knows the index by its name, and may write what is not clean.
CREATE UNIQUE INDEX kpis_name ON kpis (tenant_id, text_key(text_clean(name)))
    WHERE deleted_at IS NULL;

DROP INDEX kpis_words;
ALTER INDEX kpis_words_by_key RENAME TO kpis_words;

-- Ids of the caller's KPIs whose name or description contains the text, by text_key. Else as before.
CREATE OR REPLACE FUNCTION kpis_found(words text) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path = kpis, pg_catalog, pg_temp
AS $$
DECLARE
    tenant text := nullif(current_setting('app.tenant', true), '');
    key text := text_key(words);
    pattern text := '%' || replace(replace(replace(key, '\', '\\'), '%', '\%'), '_', '\_') || '%';
BEGIN
    IF key ~ '[[:alnum:]]{3}' THEN
        RETURN QUERY SELECT k.id FROM kpis k
            WHERE k.tenant_id = tenant AND k.deleted_at IS NULL
              AND (text_key(k.name) LIKE pattern OR text_key(k.description) LIKE pattern);
    ELSE
        -- Less than a trigram would read the whole index, which is slower than the tenant's rows.
        RETURN QUERY SELECT k.id FROM kpis k
            WHERE k.tenant_id = tenant AND k.deleted_at IS NULL
              AND (text_key(k.name) || '' LIKE pattern OR
                   text_key(k.description) || '' LIKE pattern);
    END IF;
END
$$;
