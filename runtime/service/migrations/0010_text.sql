-- Text that people see, as every service's tables need it.

-- As the program keeps it: in normalization form C, without white space at its ends (FIELD_SHOWN;
-- proto/base/text.c says what white space is).
CREATE FUNCTION text_clean(words text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    words := btrim(words, E' \t\n\x0B\f\r\u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005'
                          '\u2006\u2007\u2008\u2009\u200A\u200B\u2028\u2029\u202F\u205F\u3000'
                          '\uFEFF');
    IF octet_length(words) = length(words) OR words IS NFC NORMALIZED THEN
        RETURN words;
    END IF;
    RETURN normalize(words);
END
$$;
COMMENT ON FUNCTION text_clean(text) IS
    'In normalization form C and without white space at the ends.';

-- Two texts have the same key when they are canonical caseless matches: equal in form C after full
-- case folding. PostgreSQL 15 cannot fold. Small letters of capitals are the same as what is folded,
-- but for three letters: the dotless i would become an i, the capital sharp s has no capital other
-- than itself, and a sigma at the end of a word gets a form of its own. U+0345 becomes a letter, so
-- it has to stand in its place among the marks before. U+FDD1 is never a character.
CREATE FUNCTION text_key(words text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    IF octet_length(words) = length(words) THEN
        RETURN lower(words COLLATE pg_catalog."C");
    END IF;
    IF strpos(words, E'\u0345') > 0 THEN
        words := normalize(words);
    END IF;
    words := replace(replace(words, E'\u0131', E'\uFDD1'), E'\u1E9E', 'ss');
    words := lower(upper(words COLLATE pg_catalog."und-x-icu"));
    words := replace(replace(words, E'\u03C2', E'\u03C3'), E'\uFDD1', E'\u0131');
    IF words IS NFC NORMALIZED THEN
        RETURN words;
    END IF;
    RETURN normalize(words);
END
$$;
COMMENT ON FUNCTION text_key(text) IS
    'What texts are compared by without regard to case: form C and full case folding.';
