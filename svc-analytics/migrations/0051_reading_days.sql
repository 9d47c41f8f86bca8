-- The day that counts of a month's reading, and whether it was estimated. Of readings that came before, the
-- day is not known: the month's last one is taken.

ALTER TABLE readings ADD COLUMN day timestamptz, ADD COLUMN is_estimate boolean NOT NULL DEFAULT false;
