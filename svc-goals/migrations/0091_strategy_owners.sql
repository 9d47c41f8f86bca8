-- Whom a strategy is listed for: its owner, or its goal's where it has none. Triggers keep it, so that programs of
-- older releases do without knowing. Apart from what follows, because readers wait while a column is added.

ALTER TABLE strategies ADD COLUMN listed_owner text;
COMMENT ON COLUMN strategies.listed_owner IS 'Its owner, or else its goal''s; kept by triggers.';

CREATE FUNCTION strategy_owned() RETURNS trigger LANGUAGE plpgsql SET search_path = goals, pg_temp
AS $$
BEGIN
    NEW.listed_owner := coalesce(NEW.owner_id, (SELECT g.owner_id FROM goals g
                                                 WHERE g.tenant_id = NEW.tenant_id AND g.id = NEW.goal_id));
    RETURN NEW;
END
$$;
CREATE TRIGGER strategy_owned BEFORE INSERT OR UPDATE OF owner_id, listed_owner ON strategies
    FOR EACH ROW EXECUTE FUNCTION strategy_owned();

CREATE FUNCTION goal_owner_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = goals, pg_temp
AS $$
BEGIN
    UPDATE strategies s SET listed_owner = NULL -- the trigger finds it
     WHERE s.tenant_id = NEW.tenant_id AND s.goal_id = NEW.id AND s.deleted_at IS NULL AND s.owner_id IS NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER goal_owner_changed AFTER UPDATE ON goals FOR EACH ROW
    WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id) EXECUTE FUNCTION goal_owner_changed();
