/* gzip through zlib at its fastest level: answers are small and the processor is the scarce part.
 * One stream is kept and reused, because setting one up costs more than compressing a page. */
#include "gzip.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "memory.h"
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

struct gzip {
    z_stream stream;
    struct str text;
    char *out; /* as large as the text */
    bool done;
};

static void open_stream(z_stream *stream)
{
    int made = deflateInit2(stream, LEVEL, Z_DEFLATED, WINDOW_GZIP, MEMORY, Z_DEFAULT_STRATEGY);

    assert(made == Z_OK);
}

static void point(struct gzip *gzip, struct arena *arena, struct str text)
{
    union {
        const char *in;
        Bytef *out;
    } input = {.in = text.data}; /* zlib takes no const, but changes nothing */

    gzip->text = text;
    gzip->out = buffer_in(arena, text.size).data;
    gzip->stream.next_in = input.out;
    gzip->stream.avail_in = 0;
    gzip->stream.next_out = (Bytef *)gzip->out;
    gzip->stream.avail_out = (uInt)text.size;
    gzip->done = false;
}

static struct str result(const struct gzip *gzip)
{
    if (!gzip->done)
        return STR_NONE;
    return (struct str){gzip->out, gzip->text.size - gzip->stream.avail_out};
}

struct gzip *gzip_new(struct arena *arena, struct str text)
{
    struct gzip *gzip = xcalloc(1, sizeof *gzip);

    open_stream(&gzip->stream);
    point(gzip, arena, text);
    return gzip;
}

/* Without room for the output it can become no smaller. */
bool gzip_go_on(struct gzip *gzip, size_t bytes)
{
    size_t begun = gzip->stream.total_in + gzip->stream.avail_in;
    size_t more = gzip->text.size - begun < bytes ? gzip->text.size - begun : bytes;
    bool last = begun + more == gzip->text.size;

    gzip->stream.avail_in += (uInt)more;
    gzip->done = deflate(&gzip->stream, last ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_END;
    return last || gzip->stream.avail_out == 0;
}

struct str gzip_end(struct gzip **gzip)
{
    struct str smaller = result(*gzip);

    deflateEnd(&(*gzip)->stream);
    free(*gzip);
    *gzip = NULL;
    return smaller;
}

struct str gzip_text(struct arena *arena, struct str text)
{
    static struct gzip kept;
    static bool ready;

    if (!ready)
        open_stream(&kept.stream);
    ready = true;
    deflateReset(&kept.stream);
    point(&kept, arena, text);
    gzip_go_on(&kept, text.size);
    return result(&kept);
}
