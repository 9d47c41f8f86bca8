/* gzip through zlib at its fastest level: answers are small and the processor is the scarce part.
 * One stream is kept and reused, because setting one up costs more than compressing a page. */
#include "gzip.h"

#include <assert.h>
#include <string.h>

#include <zlib.h>

#include "trim.h"

enum { LEVEL = 1, WINDOW_GZIP = 15 + 16, MEMORY = 8 };

/* "q=0", "q=0.0" and so on. */
static bool is_refused(struct str parameters)
{
    struct str q = trim(parameters);

    if (q.size < 3 || (q.data[0] != 'q' && q.data[0] != 'Q') || q.data[1] != '=')
        return false;
    for (size_t i = 2; i < q.size; i++)
        if (q.data[i] != '0' && q.data[i] != '.')
            return false;
    return true;
}

bool gzip_accepted(struct str accept_encoding)
{
    struct str rest = accept_encoding;
    bool any = false;

    while (rest.data) {
        struct str parameters = str_cut(&rest, ',');
        struct str coding = trim(str_cut(&parameters, ';'));
        bool refused = is_refused(parameters);
        if (str_equal_nocase(coding, STR("gzip")))
            return !refused;
        if (str_equal(coding, STR("*")))
            any = !refused;
    }
    return any;
}

struct str gzip_text(struct arena *arena, struct str text)
{
    static z_stream stream;
    static bool ready;
    union {
        const char *in;
        Bytef *out;
    } input = {.in = text.data}; /* zlib takes no const, but changes nothing */

    if (!ready) {
        int made =
            deflateInit2(&stream, LEVEL, Z_DEFLATED, WINDOW_GZIP, MEMORY, Z_DEFAULT_STRATEGY);
        assert(made == Z_OK);
        ready = true;
    }
    deflateReset(&stream);
    struct buffer out = buffer_in(arena, text.size);
    stream.next_in = input.out;
    stream.avail_in = (uInt)text.size;
    stream.next_out = (Bytef *)buffer_extend(&out, text.size);
    stream.avail_out = (uInt)text.size;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        return STR_NONE;
    return (struct str){out.data, text.size - stream.avail_out};
}
