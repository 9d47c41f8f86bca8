/* The current page, for the pdf*.c files only.
 *
 * The content is written in two passes. The first draws nothing (`dry`): it yields the number of
 * pages and the page of each chapter, for the table of contents and the footers of the second pass.
 * Both break pages by the same measurements, so they agree; drawn pages are not kept. */
#ifndef TRACTION_PDF_PAGE_H
#define TRACTION_PDF_PAGE_H

#include <cairo.h>

#include "canvas.h"
#include "logo.h"
#include "sink.h"

/* Points. */
#define PAGE_LEFT 54.0
#define PAGE_TOP 72.0
#define PAGE_FOOT 58.0 /* below the last line */

/* Longer documents have no structure: cairo keeps all of it, some 150 KiB for each page. */
enum { CHAPTERS_MAX = 40, TAGGED_PAGES_MAX = 200 };

struct chapter {
    enum report_section section; /* of level 1 */
    struct str title;
    int level; /* 1 or 2 */
    int page;
    int parent; /* the PDF outline's id */
};

struct pdf {
    struct sink sink;
    struct arena *arena;
    const struct locale *locale;
    cairo_surface_t *surface;
    cairo_t *cr;
    struct canvas *canvas;
    double width, height, inner; /* of a page, and between its margins */
    bool dry;
    struct cover cover;
    struct logo logo;
    int page, pages;                       /* 1 is the cover; `pages` is known in the second pass */
    double y;                              /* where the next block begins */
    struct chapter chapters[CHAPTERS_MAX]; /* filled in the first pass */
    int chapter_count;
    int chapter;                  /* the next one, in both passes */
    int outline;                  /* of the last chapter of level 1 */
    const struct column *columns; /* of the open table */
    size_t column_count;
    bool compact;         /* the open table */
    struct texts figures; /* what charts say to those who cannot see them, in their order */
    size_t figures_room;
};

static inline struct pdf *pdf_of(struct sink *sink)
{
    return (struct pdf *)sink; /* its first member */
}

void pdf_page_begin(struct pdf *pdf);
void pdf_page_end(struct pdf *pdf);
/* Whether `height` fits on this page. */
bool pdf_fits(const struct pdf *pdf, double height);
/* Goes to the next page unless `height` fits on this one. True when it went. */
bool pdf_need(struct pdf *pdf, double height);

/* What is drawn between the two, on one page, is an element of the document's structure. Nothing
 * in the first pass. */
void pdf_tag(struct pdf *pdf, const char *tag);
void pdf_untag(struct pdf *pdf, const char *tag);
/* Likewise of a chart, with what it says to those who cannot see it. */
void pdf_tag_figure(struct pdf *pdf, struct str says);

/* One paragraph from the margin, `after` points apart from the next; breaks over no page. */
void pdf_paragraph(struct pdf *pdf, enum style style, struct str text, const struct colour *colour,
                   double after);

/* Blocks, for the sink's table of functions. */
void pdf_figures(struct sink *sink, const struct figure *figures, size_t count);
void pdf_charts(struct sink *sink, const struct bars *charts, size_t count);
void pdf_line(struct sink *sink, const struct trend_line *line, struct str says);
void pdf_changes(struct sink *sink, const struct change_list lists[2]);
void pdf_goal(struct sink *sink, const struct goal_block *goal);
void pdf_kpi(struct sink *sink, const struct kpi_block *kpi);
void pdf_table(struct sink *sink, const struct column *columns, size_t count, bool compact);
void pdf_row(struct sink *sink, const struct cell *cells);
void pdf_table_end(struct sink *sink);

/* pdf_cover.c */
void pdf_cover(struct sink *sink, const struct cover *cover);

#endif
