-- Progress in percent below which a link is off track; NULL of links that no event has told it of: the
-- usual one.
ALTER TABLE links ADD COLUMN risk_threshold double precision;
