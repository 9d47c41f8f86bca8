/* The line of a KPI's readings: whatever the values are, all that is drawn lies within its box. */
#include "chart.h"

#include <float.h>
#include <math.h>

#include "suite.h"

enum { WIDTH = 300, HEIGHT = 120 };

struct extents {
    double x, y, width, height;
};

static struct extents extents_of(const double *values, size_t count, double target,
                                 double threshold)
{
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    cairo_t *cr = cairo_create(surface);
    struct canvas *canvas = canvas_new(cr);
    struct arena *arena = arena_new();
    struct report_reading *readings = arena_array(arena, count, sizeof *readings);
    struct extents drawn;

    for (size_t i = 0; i < count; i++)
        readings[i] = (struct report_reading){{(int32_t)(24300 + i)}, values[i]};
    struct trend_line trend = {readings, count, target, threshold, (double)NAN};
    chart_trend(canvas, arena, &trend, 0, 0, WIDTH, HEIGHT);
    ck_assert_int_eq(cairo_status(cr), CAIRO_STATUS_SUCCESS);
    canvas_destroy(&canvas);
    cairo_destroy(cr);
    cairo_recording_surface_ink_extents(surface, &drawn.x, &drawn.y, &drawn.width, &drawn.height);
    cairo_surface_destroy(surface);
    arena_destroy(&arena);
    return drawn;
}

static void ck_inside(const double *values, size_t count, double target, double threshold)
{
    struct extents drawn = extents_of(values, count, target, threshold);

    ck_assert_msg(drawn.x >= -12 && drawn.y >= -6 && drawn.x + drawn.width <= WIDTH + 24 &&
                      drawn.y + drawn.height <= HEIGHT + 6,
                  "%g, ...: %g %g %g %g", values[0], drawn.x, drawn.y, drawn.width, drawn.height);
    ck_assert_msg(drawn.width > WIDTH / 2 && drawn.height > HEIGHT / 2, "%g, ...: nothing drawn",
                  values[0]);
}

START_TEST(stays_in_its_box)
{
    static const double courses[][4] = {
        {1, 2, 3, 4},
        {0, 0, 0, 0},
        {-1.2e308, 1.2e308, -1.2e308, 1.2e308},
        {DBL_MAX, -DBL_MAX, 0, 1},
        {DBL_MAX, DBL_MAX, DBL_MAX, DBL_MAX},
        {DBL_MAX / 4, -DBL_MAX / 4, 0, 0},
        {5e-324, 1e-323, 0, 5e-324},
        {1e16, 1e16 + 2, 1e16, 1e16 + 4},
        {-1e-300, 1e300, 7, -1e300},
    };
    static const double levels[] = {(double)NAN, 0, 100, -1.5e308, DBL_MAX};

    for (size_t i = 0; i < sizeof courses / sizeof *courses; i++)
        for (size_t k = 0; k < sizeof levels / sizeof *levels; k++) {
            ck_inside(courses[i], 4, levels[k], levels[k]);
            ck_inside(courses[i], 4, levels[k], 1);
            ck_inside(courses[i], 1, levels[k], (double)NAN);
        }
}
END_TEST

SUITE_MAIN("chart", stays_in_its_box)
