-- What the goal scenarios read: 10 tenants with 1,000 goals each, three strategies and three KPIs a goal. Ids are
-- counted, so that every load generator can make them up. Run as the database's owner.
\set ON_ERROR_STOP 1
BEGIN;
CREATE SCHEMA IF NOT EXISTS bench;
CREATE TABLE IF NOT EXISTS bench.commands (LIKE goals.idempotency INCLUDING ALL);
CREATE TABLE IF NOT EXISTS bench.outbox (LIKE goals.outbox INCLUDING ALL);

-- pgbench's role: it sees what the two services see, under the same policies.
CREATE ROLE bench LOGIN IN ROLE svc_goals, svc_kpis;
ALTER ROLE bench SET search_path = goals, kpis, public;
ALTER ROLE bench SET plan_cache_mode = force_generic_plan;

CREATE FUNCTION bench.id(kind int, tenant int, number int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT format('0000000%s-%s-7000-8000-%s', kind, lpad(tenant::text, 4, '0'), lpad(number::text, 12, '0'))::uuid
$$;

INSERT INTO goals.people (tenant_id, user_id, name, issued_at)
SELECT 'bench-' || t, 'user-' || u, 'Person ' || u, now() FROM generate_series(0, 9) t, generate_series(0, 19) u;

INSERT INTO goals.goals (tenant_id, id, title, intent, owner_id, horizon, status, value_tags, metadata,
                         start_date, due_date, version, created_at, updated_at, created_by, updated_by)
SELECT 'bench-' || t, bench.id(1, t, n), 'Goal number ' || n, 'Because the plan for this year says so, number ' || n,
       'user-' || n % 20, (ARRAY['year', 'quarter', 'month'])[1 + n % 3], (ARRAY['draft', 'active', 'paused'])[1 + n % 3],
       ARRAY['growth', 'focus'], '\x80', now(), now() + interval '90 days', 1,
       now() - n * interval '1 minute', now(), 'user-1', 'user-1'
  FROM generate_series(0, 9) t, generate_series(0, 999) n;

INSERT INTO goals.strategies (tenant_id, id, goal_id, description, status, order_index, version,
                              created_at, updated_at, created_by, updated_by)
SELECT 'bench-' || t, bench.id(2, t, n * 3 + s), bench.id(1, t, n), 'Strategy ' || s || ' of goal ' || n,
       (ARRAY['draft', 'validated', 'adopted'])[s], s, 1, now(), now(), 'user-1', 'user-1'
  FROM generate_series(0, 9) t, generate_series(0, 999) n, generate_series(1, 3) s;
INSERT INTO kpis.kpis (tenant_id, id, name, description, category, unit, direction, is_shared, owner_id,
                       baseline_value, target_value, first_value, current_value, version,
                       created_at, updated_at, created_by, updated_by)
SELECT 'bench-' || t, bench.id(3, t, n), 'KPI number ' || n, 'Counted every month', 'Finance', 'EUR', 'up', true,
       'user-1', 0, 100, 10, 65, 1, now(), now(), 'user-1', 'user-1'
  FROM generate_series(0, 9) t, generate_series(0, 99) n;

INSERT INTO kpis.readings (tenant_id, id, kpi_id, period, value, source, version, created_at, updated_at, created_by, updated_by)
SELECT 'bench-' || t, gen_random_uuid(), bench.id(3, t, n), 24300 + m, 10 + m * 5, 'manual', 1, now(), now(), 'user-1', 'user-1'
  FROM generate_series(0, 9) t, generate_series(0, 99) n, generate_series(0, 11) m;

INSERT INTO kpis.links (tenant_id, id, goal_id, kpi_id, threshold, version, created_at, updated_at, created_by, updated_by)
SELECT 'bench-' || t, bench.id(4, t, n * 3 + s), bench.id(1, t, n), bench.id(3, t, (n + s) % 100), 50, 1,
       now() + s * interval '1 second', now(), 'user-1', 'user-1'
  FROM generate_series(0, 9) t, generate_series(0, 999) n, generate_series(0, 2) s;
COMMIT;
VACUUM ANALYZE;
CHECKPOINT;
