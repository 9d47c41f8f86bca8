-- Searching by form C and full case folding: the index, which takes the place of kpis_words with the
-- next migration. Alone, because writers wait while it is made.

CREATE INDEX kpis_words_by_key ON kpis USING gin
    (tenant_id, text_key(name) public.gin_trgm_ops, text_key(description) public.gin_trgm_ops)
    WITH (gin_pending_list_limit = 256) -- KiB that a search reads besides the index proper
    WHERE deleted_at IS NULL;
