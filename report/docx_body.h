/* Paragraphs, runs, tables and pictures of word/document.xml, for the docx*.c files only. Lengths
 * are twips (1/20 point) unless said otherwise. */
#ifndef TRACTION_DOCX_BODY_H
#define TRACTION_DOCX_BODY_H

#include "docx_package.h"
#include "docx_picture.h"
#include "docx_xml.h"
#include "logo.h"
#include "sink.h"

enum { CHAPTER_LINES_MAX = 40, PROGRESS_TONES = 5 };

struct chapter_line {
    enum report_section section; /* of level 1 */
    struct str title;
    int level;
};

struct docx {
    struct sink sink;
    struct arena *arena;
    const struct locale *locale;
    int page_width, page_height, text_width;
    struct logo logo;
    struct xml body; /* word/document.xml */
    struct package *package;
    struct easel *easel;
    bool dry; /* the first pass: only the chapters are recorded, for the table of contents */
    struct cover cover;
    struct chapter_line chapters[CHAPTER_LINES_MAX];
    int chapter_count, chapter;
    int pictures;                      /* so far; their relationships are "rIdPicture1" and up */
    int drawings;                      /* placed so far: each needs an id of its own */
    int progress[PROGRESS_TONES][102]; /* picture of each tone and percentage; 0: none yet */
    const struct column *columns;      /* of the open table */
    size_t column_count;
    bool compact; /* the open table */
};

/* Where the lines of a style begin. */
enum docx_side { SIDE_START, SIDE_CENTRE, SIDE_END };
enum docx_side docx_style_side(const char *style); /* docx_styles.c */

static inline struct docx *docx_of(struct sink *sink)
{
    return (struct docx *)sink; /* its first member */
}

/* Opens <w:p> with its properties; close with xml_close. The text only says the direction: its side
 * is the document's, whatever its own direction is. */
void docx_paragraph(struct docx *docx, const char *style, struct str text);
/* The same, on one page with the paragraph after it. */
void docx_paragraph_kept(struct docx *docx, const char *style, struct str text);
/* A run of text; `colour` is "RRGGBB" or NULL. */
void docx_run(struct docx *docx, struct str text, bool bold, const char *colour);
/* The same of a link to a chapter; -1: no link. */
void docx_link(struct docx *docx, int chapter, struct str text);
/* A whole paragraph of one run. */
void docx_line(struct docx *docx, const char *style, struct str text);
const char *docx_tone(enum tone tone); /* NULL for plain */

/* Opens <w:tbl> with columns of these widths, and its rows and cells; close with xml_close. */
void docx_table_open(struct docx *docx, const char *style, const int *widths, size_t count);
void docx_row_open(struct docx *docx, bool header);
void docx_cell_open(struct docx *docx, int width, const char *fill);

/* Adds what stands on the easel as a picture of that size in points; answers its number. */
int docx_picture(struct docx *docx, double width, double height);
/* Adds the bytes of a PNG; answers its number. */
int docx_picture_of(struct docx *docx, struct str png);
/* The canvas for a picture of that width. */
struct canvas *docx_canvas(struct docx *docx, double width);
/* Places a picture in the open paragraph. `says` is read to those who cannot see it. */
void docx_place(struct docx *docx, int picture, double width, double height, struct str says);

/* Blocks, for the sink's table of functions. */
void docx_figures(struct sink *sink, const struct figure *figures, size_t count);
void docx_charts(struct sink *sink, const struct bars *charts, size_t count);
void docx_trend(struct sink *sink, const struct trend_line *line, struct str says);
void docx_changes(struct sink *sink, const struct change_list lists[2]);
void docx_goal(struct sink *sink, const struct goal_block *goal);
void docx_kpi(struct sink *sink, const struct kpi_block *kpi);
void docx_table(struct sink *sink, const struct column *columns, size_t count, bool compact);
void docx_row(struct sink *sink, const struct cell *cells);
void docx_table_end(struct sink *sink);

/* The parts beside the document (docx_parts.c): first the list of them, the others at the end. */
void docx_add_content_types(struct docx *docx);
void docx_add_parts(struct docx *docx);
void docx_add_styles(struct docx *docx); /* docx_styles.c */

#endif
