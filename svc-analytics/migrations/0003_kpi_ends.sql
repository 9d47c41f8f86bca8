-- The values of a KPI's earliest and newest period stand with the KPI, so that figures need not look
-- for them once for each link.

ALTER TABLE kpis ADD COLUMN first_value double precision, ADD COLUMN last_value double precision;

UPDATE kpis k
   SET first_value = (SELECT r.value FROM readings r
                       WHERE r.tenant_id = k.tenant_id AND r.generation = k.generation
                         AND r.kpi_id = k.id ORDER BY r.period LIMIT 1),
       last_value = (SELECT r.value FROM readings r
                      WHERE r.tenant_id = k.tenant_id AND r.generation = k.generation
                        AND r.kpi_id = k.id ORDER BY r.period DESC LIMIT 1);
