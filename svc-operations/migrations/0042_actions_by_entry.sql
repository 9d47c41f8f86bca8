-- The order of actions by when they were entered, in both directions. Alone, because writers wait while
-- it is made.
CREATE INDEX actions_entered ON actions (tenant_id, coalesce(date_entered, created_at), id)
    WHERE deleted_at IS NULL;
