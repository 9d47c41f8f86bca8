/* The report's charts, drawn with cairo: vectors in the PDF, pictures in the DOCX. Everything is
 * drawn with its upper left corner at (x, y); lengths are points. */
#ifndef TRACTION_CHART_H
#define TRACTION_CHART_H

#include "arena.h"
#include "canvas.h"
#include "sink.h"

/* Horizontal bars below a title. */
double chart_bars_height(const struct bars *bars);
void chart_bars(struct canvas *canvas, const struct bars *bars, double x, double y, double width);

/* Whether there is anything to be drawn of it: a reading, or a plan. */
bool trend_is_drawn(const struct trend_line *trend);

/* The line of a KPI's readings with its target and threshold, over the line and the band of its
 * plan. Estimates are hollow points. */
void chart_trend(struct canvas *canvas, struct arena *arena, const struct trend_line *trend,
                 double x, double y, double width, double height);

/* A bar of 0 to 100. NaN draws an empty one. */
void chart_progress(struct canvas *canvas, double progress, enum tone tone, double x, double y,
                    double width, double height);

#endif
