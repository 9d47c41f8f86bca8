/* Finishing the PDF with qpdf. */
#include "pdf_finish.h"

#include <qpdf/qpdf-c.h>
#include <string.h>

static qpdf_oh new_document(qpdf_data pdf, qpdf_oh tree, qpdf_oh kids)
{
    qpdf_oh document = qpdf_make_indirect_object(pdf, qpdf_oh_new_dictionary(pdf));

    qpdf_oh_replace_key(pdf, document, "/Type", qpdf_oh_new_name(pdf, "/StructElem"));
    qpdf_oh_replace_key(pdf, document, "/S", qpdf_oh_new_name(pdf, "/Document"));
    qpdf_oh_replace_key(pdf, document, "/P", tree);
    qpdf_oh_replace_key(pdf, document, "/K", kids);
    return document;
}

/* One of the elements that cairo put beside each other below the root: below the document from now
 * on, and a figure says what it shows. */
static void adopt(qpdf_data pdf, qpdf_oh element, qpdf_oh document, const struct texts *figures,
                  size_t *next, struct arena *arena)
{
    qpdf_oh_replace_key(pdf, element, "/P", document);
    if (!qpdf_oh_is_name_and_equals(pdf, qpdf_oh_get_key(pdf, element, "/S"), "/Figure") ||
        *next == figures->count)
        return;
    struct str text = arena_copy(arena, figures->items[(*next)++]);
    qpdf_oh_replace_key(pdf, element, "/Alt", qpdf_oh_new_unicode_string(pdf, text.data));
}

static void complete_structure(qpdf_data pdf, qpdf_oh tree, const struct texts *figures)
{
    qpdf_oh kids = qpdf_oh_get_key(pdf, tree, "/K");
    int count = qpdf_oh_is_array(pdf, kids) ? qpdf_oh_get_array_n_items(pdf, kids) : 0;
    qpdf_oh document = new_document(pdf, tree, kids), roots = qpdf_oh_new_array(pdf);
    struct arena *arena = arena_new();
    size_t next = 0;

    for (int i = 0; i < count; i++) {
        qpdf_oh kid = qpdf_oh_get_array_item(pdf, kids, i);

        adopt(pdf, kid, document, figures, &next, arena);
        qpdf_oh_release(pdf, kid);
    }
    qpdf_oh_append_item(pdf, roots, document);
    qpdf_oh_replace_key(pdf, tree, "/K", roots);
    arena_destroy(&arena);
}

static void complete(qpdf_data pdf, const struct locale *locale, const struct texts *figures)
{
    qpdf_oh root = qpdf_get_root(pdf), preferences = qpdf_oh_new_dictionary(pdf);

    /* Cairo leaves it out where anything is outside the structure, as page numbers are. */
    qpdf_oh marks = qpdf_oh_new_dictionary(pdf);
    qpdf_oh_replace_key(pdf, marks, "/Marked", qpdf_oh_new_bool(pdf, QPDF_TRUE));
    qpdf_oh_replace_key(pdf, root, "/MarkInfo", marks);
    qpdf_oh_replace_key(pdf, root, "/Lang", qpdf_oh_new_unicode_string(pdf, locale->tag));
    qpdf_oh_replace_key(pdf, preferences, "/DisplayDocTitle", qpdf_oh_new_bool(pdf, QPDF_TRUE));
    if (locale->rtl)
        qpdf_oh_replace_key(pdf, preferences, "/Direction", qpdf_oh_new_name(pdf, "/R2L"));
    qpdf_oh_replace_key(pdf, root, "/ViewerPreferences", preferences);
    if (qpdf_oh_has_key(pdf, root, "/StructTreeRoot"))
        complete_structure(pdf, qpdf_oh_get_key(pdf, root, "/StructTreeRoot"), figures);
}

static bool write_out(qpdf_data pdf, FILE *out)
{
    if (qpdf_init_write_memory(pdf) & QPDF_ERRORS)
        return false;
    qpdf_set_deterministic_ID(pdf, QPDF_TRUE);
    qpdf_set_object_stream_mode(pdf, qpdf_o_generate);
    qpdf_set_stream_data_mode(pdf, qpdf_s_preserve);
    return !(qpdf_write(pdf) & QPDF_ERRORS) &&
           fwrite(qpdf_get_buffer(pdf), 1, qpdf_get_buffer_length(pdf), out) ==
               qpdf_get_buffer_length(pdf);
}

bool pdf_finish(struct str file, const struct locale *locale, const struct texts *figures,
                FILE *out, const char **why)
{
    qpdf_data pdf = qpdf_init();

    qpdf_silence_errors(pdf);
    qpdf_set_suppress_warnings(pdf, QPDF_TRUE); /* cairo names some glyphs of emoji twice */
    bool good = !(qpdf_read_memory(pdf, "report.pdf", file.data, file.size, NULL) & QPDF_ERRORS);

    *why = "error while writing to output stream";
    if (!good)
        *why = "cannot read what was drawn";
    if (good) {
        complete(pdf, locale, figures);
        good = write_out(pdf, out);
    }
    qpdf_cleanup(&pdf);
    return good;
}
