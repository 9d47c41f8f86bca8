-- Statements with every form of text that a C literal could be broken by; test_sqlgen.c knows what
-- must come out.

-- name: NASTY_TEXT
-- global
SELECT '"\n\\?"' || E'\'\x41' || 'é 東京' || ' ??/ ??= %s %d \0' || $q$1 :no -- "$q$ AS text;

-- global
-- name: NASTY_MARK
SELECT 1

-- name: NASTY_TENANT
SELECT :tenant::text, /* :not /* this */ either */ :id, ':x', ":y", :id AS "a?b";
