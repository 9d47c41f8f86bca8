-- name: ITEM_CHANGE
-- fills: change except amount
-- partial
INSERT INTO items AS i (tenant_id, id, value, version) VALUES (:tenant, :id, :amount, 1)
ON CONFLICT (tenant_id, id)
    DO UPDATE SET value = i.value + excluded.value, version = i.version + 1
RETURNING id, value, version;

-- name: ITEM_TURNED
-- partial
INSERT INTO outbox (tenant_id, type, entity_id, version, payload, created_at)
VALUES (:tenant, 'item.turned', :id, :version, :payload, :now);
