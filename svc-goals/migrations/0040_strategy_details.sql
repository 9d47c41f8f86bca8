-- What clients keep of a strategy. Programs of older releases do not know of it and leave it as it is.

-- The bytes of a text in a JSON answer, without quotes. JSON escapes the line ends, tabs, backspaces,
-- form feeds, quotes and backslashes by one byte more, and the other control characters by five more.
CREATE FUNCTION json_text_bytes(words text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT coalesce(7 * octet_length(words)
                    - octet_length(translate(words, E'"\\\b\t\n\f\r', ''))
                    - 5 * octet_length(translate(words, E'\x01\x02\x03\x04\x05\x06\x07\x0B\x0E\x0F\x10\x11\x12\x13'
                                                        '\x14\x15\x16\x17\x18\x19\x1A\x1B\x1C\x1D\x1E\x1F', '')), 0)
$$;

-- array_to_string is not IMMUTABLE for the sake of other types than text.
CREATE FUNCTION texts_joined(texts text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT array_to_string(texts, '')
$$;

-- details_bytes is the rest of json_bytes: a strategy has both together. 2,000 are kept for the name of
-- an owner, which may become known later.
ALTER TABLE strategies
    ADD COLUMN title text,
    ADD COLUMN validation_feedback text,
    ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
    ADD COLUMN owner_id text,
    ADD COLUMN priority text CONSTRAINT strategies_priority CHECK
        (priority IN ('low', 'medium', 'high', 'critical')),
    ADD COLUMN due_date timestamptz,
    ADD COLUMN ai_generated boolean NOT NULL DEFAULT false,
    ADD COLUMN validation_score double precision,
    ADD COLUMN details_bytes bigint NOT NULL GENERATED ALWAYS AS (
        json_text_bytes(coalesce(nullif(title, ''), left(description, 80))) + json_text_bytes(title)
        + json_text_bytes(validation_feedback) + json_text_bytes(owner_id)
        + json_text_bytes(texts_joined(tags)) + 3 * cardinality(tags)
        + CASE WHEN owner_id IS NULL THEN 0 ELSE 2000 END
    ) STORED;
