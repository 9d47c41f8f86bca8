-- KPIs are counted at less cost (runtime/0080_list_cells).

SELECT make_list_counts('kpis', $$
    VALUES ('kpis', '', ARRAY[r.category, r.direction, r.type]), ('kpis', r.owner_id, ARRAY[r.category, r.direction, r.type])
$$, '{category,direction,type,owner_id}', '{}');
DROP FUNCTION kpi_cells;
