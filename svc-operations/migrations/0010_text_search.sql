-- Searching by form C and full case folding: the index, which takes the place of issues_words with
-- the next migration. Alone, because writers wait while it is made.

CREATE INDEX issues_words_by_key ON issues USING gin
    (tenant_id, text_key(title || chr(1) || coalesce(description, '')) public.gin_trgm_ops)
    WITH (gin_pending_list_limit = 256) -- KiB that a search reads besides the index proper
    WHERE deleted_at IS NULL;
