-- One large tenant: 2,000 goals with three strategies and three KPIs each, 500 KPIs, 20,000 readings,
-- 10,000 actions, 1,000 issues, 5,000 entries of the feed. In the goals' and KPIs' own tables, which GET
-- of one goal reads, and in the projections. Run as the database's owner.
\set ON_ERROR_STOP 1
BEGIN;
CREATE SCHEMA IF NOT EXISTS bench;
CREATE OR REPLACE FUNCTION bench.large(kind int, number int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT format('0000000%s-9999-7000-8000-%s', kind, lpad(number::text, 12, '0'))::uuid
$$;
SELECT setseed(0.5);

INSERT INTO goals.goals (tenant_id, id, title, owner_id, horizon, status, value_tags, metadata, start_date, due_date, completed_at,
                         version, created_at, updated_at, created_by, updated_by)
SELECT 'bench-large', bench.large(1, n), 'Goal number ' || n || ' with a title of usual length', 'user-' || n % 40,
       (ARRAY['year', 'quarter', 'month'])[1 + n % 3], (ARRAY['draft', 'active', 'active', 'paused', 'completed', 'cancelled'])[1 + n % 6],
       '{}', '\x80', now() - interval '100 days', now() + (n % 200 - 50) * interval '1 day',
       CASE WHEN n % 6 = 4 THEN now() - n % 90 * interval '1 day' END, 1, now() - n * interval '1 minute', now(), 'user-1', 'user-1'
  FROM generate_series(0, 1999) n;
INSERT INTO goals.strategies (tenant_id, id, goal_id, description, status, order_index, version, created_at, updated_at, created_by, updated_by)
SELECT 'bench-large', bench.large(2, n * 3 + s), bench.large(1, n), 'Strategy ' || s || ' of goal ' || n || ', said in one sentence',
       (ARRAY['draft', 'validated', 'adopted'])[1 + (n + s) % 3], s, 1, now(), now(), 'user-1', 'user-1'
  FROM generate_series(0, 1999) n, generate_series(1, 3) s;
INSERT INTO kpis.kpis (tenant_id, id, name, unit, direction, is_shared, owner_id, target_value, version, created_at, updated_at, created_by, updated_by)
SELECT 'bench-large', bench.large(3, n), 'KPI number ' || n, 'EUR', 'up', n % 2 = 0, 'user-' || n % 40, 60 + n % 50, 1,
       now() - n * interval '1 minute', now(), 'user-1', 'user-1'
  FROM generate_series(0, 499) n;
INSERT INTO kpis.readings (tenant_id, id, kpi_id, period, value, source, version, created_at, updated_at, created_by, updated_by)
SELECT 'bench-large', gen_random_uuid(), bench.large(3, n), 24260 + m, 10 + m + round(random() * 10), 'manual', 1, now(), now(), 'user-1', 'user-1'
  FROM generate_series(0, 499) n, generate_series(0, 39) m;
UPDATE kpis.kpis k
   SET first_value = (SELECT value FROM kpis.readings r WHERE r.tenant_id = k.tenant_id AND r.kpi_id = k.id ORDER BY period LIMIT 1),
       current_value = (SELECT value FROM kpis.readings r WHERE r.tenant_id = k.tenant_id AND r.kpi_id = k.id ORDER BY period DESC LIMIT 1)
 WHERE tenant_id = 'bench-large';
INSERT INTO kpis.links (tenant_id, id, goal_id, kpi_id, threshold, version, created_at, updated_at, created_by, updated_by)
SELECT 'bench-large', bench.large(4, n * 3 + s), bench.large(1, n), bench.large(3, (n * 3 + s) % 500), 20 * s, 1, now(), now(), 'user-1', 'user-1'
  FROM generate_series(0, 1999) n, generate_series(1, 3) s;

INSERT INTO analytics.people (tenant_id, user_id, name, issued_at)
SELECT 'bench-large', 'user-' || u, 'Person ' || u, now() FROM generate_series(0, 59) u
ON CONFLICT DO NOTHING;
INSERT INTO analytics.goals (tenant_id, generation, id, title, intent, owner_id, horizon, status, due_date, completed_at, created_at, version)
SELECT tenant_id, 1, id, title, 'Why it is pursued, in a sentence', owner_id, horizon, status, due_date, completed_at, created_at, version FROM goals.goals WHERE tenant_id = 'bench-large';
INSERT INTO analytics.strategies (tenant_id, generation, id, goal_id, description, status, order_index, version)
SELECT tenant_id, 1, id, goal_id, description, status, order_index, version FROM goals.strategies WHERE tenant_id = 'bench-large';
INSERT INTO analytics.kpis (tenant_id, generation, id, name, unit, direction, is_shared, owner_id, target_value, created_at, version)
SELECT tenant_id, 1, id, name, unit, direction, is_shared, owner_id, target_value, created_at, version FROM kpis.kpis WHERE tenant_id = 'bench-large';
INSERT INTO analytics.readings (tenant_id, generation, kpi_id, period, value, version)
SELECT tenant_id, 1, kpi_id, period, value, version FROM kpis.readings WHERE tenant_id = 'bench-large';
UPDATE analytics.kpis k
   SET first_day = '2021-08-31', first_value = (SELECT value FROM analytics.readings r WHERE r.tenant_id = k.tenant_id AND r.kpi_id = k.id ORDER BY period LIMIT 1),
       last_value = (SELECT value FROM analytics.readings r WHERE r.tenant_id = k.tenant_id AND r.kpi_id = k.id ORDER BY period DESC LIMIT 1)
 WHERE tenant_id = 'bench-large';
INSERT INTO analytics.links (tenant_id, generation, id, goal_id, kpi_id, threshold, is_primary, version)
SELECT tenant_id, 1, id, goal_id, kpi_id, threshold, threshold = 20, version FROM kpis.links WHERE tenant_id = 'bench-large';
INSERT INTO analytics.target_points (tenant_id, generation, id, kpi_id, day, value, version)
SELECT 'bench-large', 1, gen_random_uuid(), bench.large(3, n), date_trunc('day', now()) + (p * 90 - 200 + n % 60) * interval '1 day', 40 + 10 * p, 1
  FROM generate_series(0, 499, 2) n, generate_series(1, 4) p;
INSERT INTO analytics.actions (tenant_id, generation, id, title, description, status, priority, progress, due_date, completed_at, assigned_person_id, goal_ids,
                               strategy_ids, version)
SELECT 'bench-large', 1, bench.large(5, n), 'Action number ' || n || ' that somebody has to do', 'What is to be done, said in a few sentences. It is not long.',
       (ARRAY['not_started', 'in_progress', 'completed', 'blocked', 'cancelled'])[1 + n % 5], (ARRAY['low', 'medium', 'high', 'critical'])[1 + n % 4], n % 100,
       now() + (n % 120 - 40) * interval '1 day', CASE WHEN n % 5 = 2 THEN now() - n % 60 * interval '1 day' END, 'user-' || n % 60,
       ARRAY[bench.large(1, n % 2000), bench.large(1, n * 7 % 2000)], ARRAY[bench.large(2, n % 6000 + 1)], 1
  FROM generate_series(0, 9999) n;
INSERT INTO analytics.issues (tenant_id, generation, id, title, type_name, status_name, category, impact, priority, reporter_id, date_reported, created_at, version)
SELECT 'bench-large', 1, bench.large(6, n), 'Issue number ' || n, 'General', 'Open', (ARRAY['open', 'active', 'inactive', 'closed'])[1 + n % 4],
       (ARRAY['low', 'high', 'critical', 'medium'])[1 + n / 4 % 4], (ARRAY['low', 'medium', 'high', 'critical'])[1 + n % 4], 'user-' || n % 60, now(), now(), 1
  FROM generate_series(0, 999) n;
INSERT INTO analytics.activity (tenant_id, generation, id, at, type, entity_type, entity_id, words, user_id)
SELECT 'bench-large', 1, gen_random_uuid(), now() - n * interval '5 minutes', 'goal_updated', 'goal', bench.large(1, n % 2000), 'Changed the goal', 'user-' || n % 60
  FROM generate_series(0, 4999) n;
INSERT INTO analytics.stamps (tenant_id, generation, source, stamp, changed_at) VALUES ('bench-large', 1, 'svc-goals', gen_random_uuid(), now());
COMMIT;
VACUUM ANALYZE;
CHECKPOINT;
