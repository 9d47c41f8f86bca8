-- name: THING_INSERT
-- writes: thing
INSERT INTO things (tenant_id, id, title, amount, version)
VALUES (:tenant, :id, :title, :amount, :version);

-- name: THING_READ
-- fills: thing
SELECT id, title, amount, version FROM things WHERE tenant_id = :tenant AND id = :id;

-- name: THING_LOCK
-- fills: thing
SELECT id, title, amount, version FROM things WHERE tenant_id = :tenant AND id = :id FOR UPDATE;

-- name: THING_UPDATE
-- writes: thing
UPDATE things SET title = :title, amount = :amount, version = :version
WHERE tenant_id = :tenant AND id = :id;

-- name: THING_COUNT
-- fills: row_count
SELECT count(*) AS count FROM things WHERE tenant_id = :tenant;

-- A handler that forgot its predicate.
-- name: THING_LIST_CARELESS
-- fills: thing
-- global
SELECT id, title, amount, version FROM things ORDER BY title;

-- name: NAP
-- global
SELECT pg_sleep(:seconds);
