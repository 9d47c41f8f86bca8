-- Recent activity calls a strategy by its title, where it has one.
ALTER TABLE strategies ADD COLUMN title text;
