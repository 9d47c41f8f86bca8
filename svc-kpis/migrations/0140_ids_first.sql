-- Before a table was first analyzed the planner knew nothing to choose a key by, and read all of the tenant's
-- rows through the one that it shares with the id. Whoever asks for an id still finds it; nobody else is led there.
ALTER TABLE links DROP CONSTRAINT links_id, ADD CONSTRAINT links_id UNIQUE (id, tenant_id);
ALTER TABLE target_points DROP CONSTRAINT target_points_id,
    ADD CONSTRAINT target_points_id UNIQUE (id, tenant_id);
ALTER TABLE measurements DROP CONSTRAINT measurements_id,
    ADD CONSTRAINT measurements_id UNIQUE (id, tenant_id);
