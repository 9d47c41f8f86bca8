-- Strategies are listed by their owner, or by their goal's where they have none.
CREATE INDEX strategies_of_owner ON strategies (tenant_id, owner_id)
    WHERE deleted_at IS NULL AND owner_id IS NOT NULL;
CREATE INDEX goals_of_owner ON goals (tenant_id, owner_id) WHERE deleted_at IS NULL;
