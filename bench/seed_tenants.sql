-- Tenants of 100 goals each, with a strategy and a KPI at each goal. Variable: tenants. Ids are counted, so
-- that the load can make them up. Run as the database's owner.
\set ON_ERROR_STOP 1
BEGIN;
CREATE SCHEMA bench;
CREATE FUNCTION bench.id(kind int, tenant int, number int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT format('0000000%s-%s-7000-8000-%s', kind, lpad(tenant::text, 4, '0'), lpad(number::text, 12, '0'))::uuid
$$;

INSERT INTO goals.goals (tenant_id, id, title, intent, owner_id, horizon, status, value_tags, metadata,
                         start_date, due_date, version, created_at, updated_at, created_by, updated_by)
SELECT 'bench-' || t, bench.id(1, t, n), 'Goal number ' || n, 'Because the plan for this year says so, number ' || n,
       'user-' || n % 20, (ARRAY['year', 'quarter', 'month'])[1 + n % 3], (ARRAY['draft', 'active', 'paused'])[1 + n % 3],
       ARRAY['growth', 'focus'], '\x80', now(), now() + interval '90 days', 1,
       now() - n * interval '1 minute', now(), 'user-1', 'user-1'
  FROM generate_series(0, :tenants - 1) t, generate_series(0, 99) n;

INSERT INTO goals.strategies (tenant_id, id, goal_id, description, status, order_index, version,
                              created_at, updated_at, created_by, updated_by)
SELECT 'bench-' || t, bench.id(2, t, n), bench.id(1, t, n), 'Strategy of goal ' || n, 'validated', 1, 1, now(), now(), 'user-1', 'user-1'
  FROM generate_series(0, :tenants - 1) t, generate_series(0, 99) n;

INSERT INTO kpis.kpis (tenant_id, id, name, description, category, unit, direction, is_shared, owner_id,
                       baseline_value, target_value, first_value, current_value, version,
                       created_at, updated_at, created_by, updated_by)
SELECT 'bench-' || t, bench.id(3, t, n), 'KPI number ' || n, 'Counted every month', 'Finance', 'EUR', 'up', true,
       'user-1', 0, 100, 10, 65, 1, now(), now(), 'user-1', 'user-1'
  FROM generate_series(0, :tenants - 1) t, generate_series(0, 2) n;

INSERT INTO kpis.links (tenant_id, id, goal_id, kpi_id, threshold, version, created_at, updated_at, created_by, updated_by)
SELECT 'bench-' || t, bench.id(4, t, n), bench.id(1, t, n), bench.id(3, t, n % 3), 50, 1, now(), now(), 'user-1', 'user-1'
  FROM generate_series(0, :tenants - 1) t, generate_series(0, 99) n;
COMMIT;
VACUUM ANALYZE;
CHECKPOINT;
