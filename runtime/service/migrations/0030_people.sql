-- People are answered as resources of their own (svc-goals): with a version, which moves with the name, and
-- since when they are known. Of those who are known already that is now.
ALTER TABLE people
    ADD COLUMN version bigint NOT NULL DEFAULT 1,
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN people.name IS 'As it was told last, or of the token that was issued last.';
COMMENT ON COLUMN people.issued_at IS 'When the name was told, or that token was issued (iat).';
