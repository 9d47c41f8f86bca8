-- The owners of strategies that there are already; whoever changes one of these waits.
UPDATE strategies SET listed_owner = NULL WHERE deleted_at IS NULL;
