-- What the operations scenarios read: 10 tenants with 1,000 actions and 10,000 issues each, with links.
-- Ids are counted. Run as the database's owner.
\set ON_ERROR_STOP 1
BEGIN;
CREATE SCHEMA IF NOT EXISTS bench;

CREATE OR REPLACE FUNCTION bench.id(kind int, tenant int, number int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT format('0000000%s-%s-7000-8000-%s', kind, lpad(tenant::text, 4, '0'), lpad(number::text, 12, '0'))::uuid
$$;

-- One of 300 words, so that one in 150 issues has it.
CREATE FUNCTION bench.word(number int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT s[number % 10 + 1] || s[number / 10 % 10 + 1] || s[number / 100 % 10 + 1] || s[number * 7 % 10 + 1]
      FROM (SELECT ARRAY['ba', 'ke', 'li', 'mo', 'nu', 'ra', 'se', 'ti', 'vo', 'zu']) AS syllables (s)
$$;

INSERT INTO operations.people (tenant_id, user_id, name, issued_at)
SELECT 'bench-' || t, 'user-' || u, 'Person ' || u, now() FROM generate_series(0, 9) t, generate_series(0, 19) u;

INSERT INTO operations.actions (tenant_id, id, title, description, start_date, due_date, priority, status,
                                assigned_person_id, progress, version, created_at, updated_at, created_by, updated_by)
SELECT 'bench-' || t, bench.id(5, t, n), 'Action number ' || n, 'Because the plan for this year says so, number ' || n,
       '2025-01-01'::timestamptz + n % 300 * interval '1 day', '2025-01-15'::timestamptz + n % 300 * interval '1 day',
       (ARRAY['low', 'medium', 'high', 'critical'])[1 + n % 4], (ARRAY['not_started', 'in_progress', 'blocked', 'cancelled'])[1 + n / 4 % 4],
       'user-' || n % 20, n % 101, 1, now() - n * interval '1 minute', now(), 'user-1', 'user-1'
  FROM generate_series(0, 9) t, generate_series(0, 999) n;

INSERT INTO operations.issues (tenant_id, id, title, description, type_config_id, status_config_id, impact, priority,
                               reporter_id, assigned_person_id, estimated_hours, tags, display_order, version,
                               created_at, updated_at, created_by, updated_by)
SELECT 'bench-' || t, bench.id(6, t, n), 'Issue number ' || n || ' about ' || bench.word(n % 300),
       'It was seen with ' || bench.word((n * 31 + n / 300) % 300) || ' and nobody knows why',
       ('01941f29-7c00-7000-8000-00000000010' || 1 + n % 7)::uuid, ('01941f29-7c00-7000-8000-00000000020' || 1 + n % 9)::uuid,
       (ARRAY['low', 'medium', 'high', 'critical'])[1 + n % 4], (ARRAY['low', 'medium', 'high', 'critical'])[1 + n / 4 % 4],
       'user-' || n % 20, 'user-' || (n + 7) % 20, n % 40, ARRAY['hiring', 'urgent'], n, 1,
       now() - n * interval '1 minute', now(), 'user-1', 'user-1'
  FROM generate_series(0, 9) t, generate_series(0, 9999) n;

INSERT INTO operations.action_goals (tenant_id, action_id, place, goal_id)
SELECT 'bench-' || t, bench.id(5, t, n), p, bench.id(1, t, (n * 3 + p) % 1000)
  FROM generate_series(0, 9) t, generate_series(0, 999) n, generate_series(1, 2) p;
INSERT INTO operations.action_strategies (tenant_id, action_id, place, strategy_id)
SELECT 'bench-' || t, bench.id(5, t, n), 1, bench.id(2, t, n * 3 + 1) FROM generate_series(0, 9) t, generate_series(0, 999) n;
INSERT INTO operations.action_issues (tenant_id, action_id, issue_id)
SELECT 'bench-' || t, bench.id(5, t, n), bench.id(6, t, n * 10) FROM generate_series(0, 9) t, generate_series(0, 999) n;
INSERT INTO operations.issue_goals (tenant_id, issue_id, place, goal_id)
SELECT 'bench-' || t, bench.id(6, t, n), 1, bench.id(1, t, n % 1000) FROM generate_series(0, 9) t, generate_series(0, 9999) n;
COMMIT;
VACUUM ANALYZE;
CHECKPOINT;
