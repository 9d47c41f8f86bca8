-- name: ITEM_FOLLOW
-- partial
INSERT INTO items AS i (tenant_id, id, value, version, out_of_order)
VALUES (:tenant, :id, :amount, 1, CASE WHEN :version = 1 THEN 0 ELSE 1 END)
ON CONFLICT (tenant_id, id) DO UPDATE SET
    value = i.value + excluded.value, version = i.version + 1,
    out_of_order = i.out_of_order + CASE WHEN i.version + 1 = :version THEN 0 ELSE 1 END;
