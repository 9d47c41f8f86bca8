-- One tenant of the growth scenario, as the services would have left it: run once for the large and once for the small
-- one, as the database's owner. Variables: tenant, number (in its ids), goals, kpis, actions, issues, feed (entries
-- of one goal). People are as many in both, so an owner's part of the goals is the same.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
SET synchronous_commit = off;
SET maintenance_work_mem = '256MB';
CREATE SCHEMA IF NOT EXISTS bench;
-- Of immutable parts only, so that it is expanded where it is called.
CREATE OR REPLACE FUNCTION bench.id(kind int, tenant int, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT ('0000000' || kind::text || '-' || tenant::text || '-7000-8000-' || lpad(number::text, 12, '0'))::uuid
$$;

-- GIN indexes take many times longer row by row than made at once.
CREATE TABLE bench.dropped_indexes AS
SELECT n.nspname || '.' || c.relname AS name, pg_get_indexdef(c.oid) AS definition
  FROM pg_class c JOIN pg_am a ON a.oid = c.relam JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE a.amname = 'gin' AND c.relkind = 'i' AND n.nspname IN ('goals', 'kpis', 'operations', 'analytics');
SELECT 'DROP INDEX ' || name FROM bench.dropped_indexes \gexec

BEGIN;
INSERT INTO goals.people (tenant_id, user_id, name, issued_at)
SELECT :'tenant', 'user-' || u, 'Person ' || u, now() FROM generate_series(0, 39) u;
INSERT INTO kpis.people SELECT * FROM goals.people WHERE tenant_id = :'tenant';
INSERT INTO operations.people SELECT * FROM goals.people WHERE tenant_id = :'tenant';
INSERT INTO analytics.people SELECT * FROM goals.people WHERE tenant_id = :'tenant';

-- One title in four has the frequent word.
INSERT INTO goals.goals (tenant_id, id, title, intent, owner_id, horizon, status, value_tags, metadata,
                         start_date, due_date, completed_at, version, created_at, updated_at, created_by, updated_by)
SELECT :'tenant', bench.id(1, :number, n), (ARRAY['Grow revenue', 'Open a shop', 'Hire people', 'Cut costs'])[1 + n % 4] || ', goal ' || n,
       'Because the plan for this year says so, number ' || n, 'user-' || n * 7 % 40, (ARRAY['year', 'quarter', 'month'])[1 + n % 3],
       (ARRAY['draft', 'active', 'active', 'paused', 'completed', 'cancelled'])[1 + n % 6], ARRAY['growth', 'focus'], '\x80',
       now() - interval '100 days', now() + (n * 31 % 400 - 100) * interval '1 day', CASE WHEN n % 6 = 4 THEN now() - n % 90 * interval '1 day' END,
       1, now() - n * interval '1 minute', now(), 'user-1', 'user-1'
  FROM generate_series(0, :goals - 1) n;
INSERT INTO goals.strategies (tenant_id, id, goal_id, description, status, order_index, version, created_at, updated_at, created_by, updated_by)
SELECT :'tenant', bench.id(2, :number, n * 3 + s), bench.id(1, :number, n), 'Strategy ' || s || ' of goal ' || n,
       (ARRAY['draft', 'validated', 'adopted'])[s], s, 1, now(), now(), 'user-1', 'user-1'
  FROM generate_series(0, :goals - 1) n, generate_series(1, 3) s;
\echo '  ':tenant: goals and strategies
INSERT INTO goals.activity (tenant_id, id, goal_id, type, text, metadata, attachments, user_id, created_at)
SELECT :'tenant', bench.id(7, :number, n), bench.id(1, :number, 7),
       CASE WHEN n % 10 = 0 THEN 'decision' WHEN n % 10 < 5 THEN 'system' ELSE 'note' END,
       'Entry ' || n || ' of the feed', '\x80', 0, 'user-' || n % 40, now() - n * interval '1 minute'
  FROM generate_series(0, :feed - 1) n;
\echo '  ':tenant: feed

INSERT INTO kpis.kpis (tenant_id, id, name, description, category, unit, direction, is_shared, owner_id, baseline_value,
                       target_value, first_value, current_value, version, created_at, updated_at, created_by, updated_by)
SELECT :'tenant', bench.id(3, :number, n), 'KPI ' || md5(n::text), 'Counted every month', 'Finance', 'EUR', 'up', n % 2 = 0,
       'user-' || n % 40, 0, 100, 10, 65, 1, now() - n * interval '1 minute', now(), 'user-1', 'user-1'
  FROM generate_series(0, :kpis - 1) n;
INSERT INTO kpis.readings (tenant_id, id, kpi_id, period, value, source, version, created_at, updated_at, created_by, updated_by)
SELECT :'tenant', gen_random_uuid(), bench.id(3, :number, n), 24300 + m, 10 + m * 55, 'manual', 1, now(), now(), 'user-1', 'user-1'
  FROM generate_series(0, :kpis - 1) n, generate_series(0, 1) m;
INSERT INTO kpis.links (tenant_id, id, goal_id, kpi_id, threshold, is_primary, version, created_at, updated_at, created_by, updated_by)
SELECT :'tenant', bench.id(4, :number, n * 3 + s), bench.id(1, :number, n), bench.id(3, :number, (n * 3 + s) % :kpis), 50, s = 0, 1,
       now() + s * interval '1 second', now(), 'user-1', 'user-1'
  FROM generate_series(0, :goals - 1) n, generate_series(0, 2) s;
INSERT INTO kpis.strategies (tenant_id, id, title, version)
SELECT tenant_id, id, left(description, 80), version FROM goals.strategies WHERE tenant_id = :'tenant';
\echo '  ':tenant: KPIs and links

INSERT INTO operations.actions (tenant_id, id, title, description, start_date, due_date, priority, status, assigned_person_id,
                                progress, completed_at, tags, version, created_at, updated_at, created_by, updated_by)
SELECT :'tenant', bench.id(5, :number, n), 'Action number ' || n, 'Because the plan for this year says so, number ' || n,
       '2025-01-01'::timestamptz + n % 300 * interval '1 day', '2025-01-15'::timestamptz + n % 300 * interval '1 day',
       (ARRAY['low', 'medium', 'high', 'critical'])[1 + n % 4], (ARRAY['not_started', 'in_progress', 'completed', 'blocked', 'cancelled'])[1 + n / 4 % 5],
       'user-' || n % 40, n % 101, CASE WHEN n / 4 % 5 = 2 THEN now() - n % 60 * interval '1 day' END,
       ARRAY[(ARRAY['urgent', 'hiring', 'budget', 'later'])[1 + n / 20 % 4]], 1, now() - n * interval '1 minute', now(), 'user-1', 'user-1'
  FROM generate_series(0, :actions - 1) n;
INSERT INTO operations.action_goals (tenant_id, action_id, place, goal_id)
SELECT :'tenant', bench.id(5, :number, n), p, bench.id(1, :number, (n + p) % :goals)
  FROM generate_series(0, :actions - 1) n, generate_series(1, 2) p;
INSERT INTO operations.issues (tenant_id, id, title, description, type_config_id, status_config_id, impact, priority, reporter_id,
                               assigned_person_id, estimated_hours, due_date, tags, display_order, version, created_at, updated_at, created_by, updated_by)
SELECT :'tenant', bench.id(6, :number, n), (ARRAY['Printer', 'Delivery', 'Invoice', 'Server'])[1 + n % 4] || ' fails, issue ' || n,
       'It was seen on floor ' || n % 97 || ' and nobody knows why',
       ('01941f29-7c00-7000-8000-00000000010' || 1 + n % 7)::uuid, ('01941f29-7c00-7000-8000-00000000020' || 1 + n % 9)::uuid,
       (ARRAY['low', 'medium', 'high', 'critical'])[1 + n % 4], (ARRAY['low', 'medium', 'high', 'critical'])[1 + n / 4 % 4],
       'user-' || n % 40, 'user-' || (n + 7) % 40, n % 40, '2025-01-01'::timestamptz + n % 400 * interval '1 day',
       ARRAY[(ARRAY['urgent', 'hiring', 'budget', 'later'])[1 + n / 20 % 4]], n * 7 % :issues, 1,
       now() - n * interval '1 minute', now(), 'user-1', 'user-1'
  FROM generate_series(0, :issues - 1) n;
INSERT INTO operations.issue_goals (tenant_id, issue_id, place, goal_id)
SELECT :'tenant', bench.id(6, :number, n), 1, bench.id(1, :number, n % :goals) FROM generate_series(0, :issues - 1) n;
\echo '  ':tenant: actions and issues

INSERT INTO analytics.goals (tenant_id, generation, id, title, owner_id, horizon, status, due_date, completed_at, created_at, version)
SELECT tenant_id, 1, id, title, owner_id, horizon, status, due_date, completed_at, created_at, version FROM goals.goals WHERE tenant_id = :'tenant';
INSERT INTO analytics.strategies (tenant_id, generation, id, goal_id, description, status, order_index, version)
SELECT tenant_id, 1, id, goal_id, description, status, order_index, version FROM goals.strategies WHERE tenant_id = :'tenant';
INSERT INTO analytics.kpis (tenant_id, generation, id, name, unit, direction, is_shared, owner_id, baseline_value, target_value, first_value,
                            last_value, created_at, version)
SELECT tenant_id, 1, id, name, unit, direction, is_shared, owner_id, baseline_value, target_value, first_value, current_value, created_at, version
  FROM kpis.kpis WHERE tenant_id = :'tenant';
INSERT INTO analytics.readings (tenant_id, generation, kpi_id, period, value, version)
SELECT tenant_id, 1, kpi_id, period, value, version FROM kpis.readings WHERE tenant_id = :'tenant';
INSERT INTO analytics.links (tenant_id, generation, id, goal_id, kpi_id, threshold, version)
SELECT tenant_id, 1, id, goal_id, kpi_id, threshold, version FROM kpis.links WHERE tenant_id = :'tenant';
INSERT INTO analytics.actions (tenant_id, generation, id, title, status, priority, due_date, completed_at, assigned_person_id, goal_ids, version)
SELECT tenant_id, 1, id, title, status, priority, due_date, completed_at, assigned_person_id,
       ARRAY(SELECT l.goal_id FROM operations.action_goals l WHERE l.tenant_id = a.tenant_id AND l.action_id = a.id ORDER BY l.place), version
  FROM operations.actions a WHERE tenant_id = :'tenant';
INSERT INTO analytics.issues (tenant_id, generation, id, title, type_id, type_name, status_id, status_name, category, priority, reporter_id,
                              assigned_person_id, created_at, version)
SELECT tenant_id, 1, id, title, type_config_id, 'General', status_config_id, 'Open', 'open', priority, reporter_id, assigned_person_id, created_at, version
  FROM operations.issues WHERE tenant_id = :'tenant';
INSERT INTO analytics.activity (tenant_id, generation, id, at, type, entity_type, entity_id, words, user_id)
SELECT :'tenant', 1, gen_random_uuid(), now() - n * interval '1 minute', 'goal_updated', 'goal', bench.id(1, :number, n), 'Changed the goal', 'user-' || n % 40
  FROM generate_series(0, :goals - 1) n;
INSERT INTO analytics.stamps (tenant_id, generation, source, stamp, changed_at)
SELECT :'tenant', 1, source, gen_random_uuid(), now() FROM unnest(ARRAY['svc-goals', 'svc-kpis', 'svc-operations']) AS source;
COMMIT;
\echo '  ':tenant: analytics

SELECT definition FROM bench.dropped_indexes \gexec
DROP TABLE bench.dropped_indexes;
VACUUM ANALYZE;
CHECKPOINT;
\echo '  ':tenant: indexes and statistics
