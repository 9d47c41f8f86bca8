-- The projections as if the other services' texts had always been clean: their own migrations write
-- no events. Names of KPIs that have become equal are numbered as svc-kpis numbers them.

UPDATE goals SET title = text_clean(title) WHERE title <> text_clean(title);
UPDATE strategies SET description = text_clean(description)
 WHERE description <> text_clean(description);
UPDATE kpis SET name = text_clean(name), unit = text_clean(unit)
 WHERE (name, unit) IS DISTINCT FROM (text_clean(name), text_clean(unit));
UPDATE actions SET title = text_clean(title) WHERE title <> text_clean(title);
UPDATE issues
   SET title = text_clean(title), type_name = text_clean(type_name),
       status_name = text_clean(status_name)
 WHERE (title, type_name, status_name) IS DISTINCT FROM
       (text_clean(title), text_clean(type_name), text_clean(status_name));

DO $do$
DECLARE
    twin record;
    free text;
    number int;
BEGIN
    FOR twin IN
        SELECT tenant_id, generation, id, name
          FROM (SELECT *, row_number() OVER (PARTITION BY tenant_id, generation, text_key(name)
                                             ORDER BY created_at, id) AS place FROM kpis) AS k
         WHERE place > 1
         ORDER BY tenant_id, generation, created_at, id
    LOOP
        number := 1;
        LOOP
            number := number + 1;
            free := rtrim(left(twin.name, 197 - length(number::text))) || ' (' || number || ')';
            EXIT WHEN NOT EXISTS (SELECT FROM kpis
                                   WHERE tenant_id = twin.tenant_id
                                     AND generation = twin.generation
                                     AND text_key(name) = text_key(free));
        END LOOP;
        UPDATE kpis SET name = free
         WHERE tenant_id = twin.tenant_id AND generation = twin.generation AND id = twin.id;
    END LOOP;
END
$do$;
