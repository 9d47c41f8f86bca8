-- How large a goal is with its strategies is the sum of this column. The database computes it, so it is
-- right as well for what programs of older releases write, which do not know the column.

-- The bytes of a strategy's texts in an answer, without quotes. JSON escapes the line ends, tabs,
-- backspaces, form feeds, quotes and backslashes by one byte more, and the other control characters by
-- five more.
ALTER TABLE strategies ADD COLUMN json_bytes bigint NOT NULL GENERATED ALWAYS AS (
    7 * octet_length(description || created_by || updated_by)
    - octet_length(translate(description || created_by || updated_by, E'"\\\b\t\n\f\r', ''))
    - 5 * octet_length(translate(description || created_by || updated_by,
                                 E'\x01\x02\x03\x04\x05\x06\x07\x0B\x0E\x0F\x10\x11\x12\x13\x14\x15\x16'
                                 '\x17\x18\x19\x1A\x1B\x1C\x1D\x1E\x1F', ''))
) STORED;
