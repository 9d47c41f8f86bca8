/* The current page, for the pdf*.c files only.
 *
 * The content is written in two passes. The first draws nothing (`dry`): it yields the number of
 * pages and the page of each chapter, for the table of contents and the footers of the second pass.
 * Both break pages by the same measurements, so they agree; drawn pages are not kept. */
#ifndef TRACTION_PDF_PAGE_H
#define TRACTION_PDF_PAGE_H

#include <cairo.h>

#include "canvas.h"
#include "sink.h"

/* Points. */
#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define PAGE_LEFT 54.0
#define PAGE_INNER (PAGE_WIDTH - 2 * PAGE_LEFT)
#define PAGE_TOP 78.0
#define PAGE_BOTTOM (PAGE_HEIGHT - 66.0)

enum { CHAPTERS_MAX = 32 };

struct chapter {
    struct str title;
    int level; /* 1 or 2 */
    int page;
    int parent; /* the PDF outline's id */
};

struct pdf {
    struct sink sink;
    struct arena *arena;
    cairo_surface_t *surface;
    cairo_t *cr;
    struct canvas *canvas;
    bool dry;
    struct cover cover;
    int page, pages;                       /* 1 is the cover; `pages` is known in the second pass */
    double y;                              /* where the next block begins */
    struct chapter chapters[CHAPTERS_MAX]; /* filled in the first pass */
    int chapter_count;
    int chapter;                  /* the next one, in both passes */
    int outline;                  /* of the last chapter of level 1 */
    const struct column *columns; /* of the open table */
    size_t column_count;
    size_t rows; /* of the open table, so far */
};

static inline struct pdf *pdf_of(struct sink *sink)
{
    return (struct pdf *)sink; /* its first member */
}

void pdf_page_begin(struct pdf *pdf);
void pdf_page_end(struct pdf *pdf);
/* Goes to the next page unless `height` fits on this one. True when it went. */
bool pdf_need(struct pdf *pdf, double height);

/* One paragraph from the left margin, `after` points apart from the next; breaks over no page. */
void pdf_paragraph(struct pdf *pdf, enum style style, struct str text, const struct colour *colour,
                   double after);

/* Blocks, for the sink's table of functions. */
void pdf_figures(struct sink *sink, const struct figure *figures, size_t count);
void pdf_charts(struct sink *sink, const struct bars *charts, size_t count);
void pdf_goal(struct sink *sink, const struct goal_block *goal);
void pdf_kpi(struct sink *sink, const struct kpi_block *kpi);
void pdf_table(struct sink *sink, const struct column *columns, size_t count);
void pdf_row(struct sink *sink, const struct str *cells);
void pdf_table_end(struct sink *sink);

#endif
