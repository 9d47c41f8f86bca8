/* The line of a KPI's readings: whatever the values are, all that is drawn lies within its box. */
#include "chart.h"

#include <float.h>
#include <math.h>

#include "suite.h"

enum { WIDTH = 300, HEIGHT = 120 };

struct extents {
    double x, y, width, height;
};

/* A line of these values, every second one estimated; `planned`: the plan is the same line, half a
 * year later, between the line's ends. */
static struct trend_line line_of(struct arena *arena, const double *values, size_t count,
                                 bool planned)
{
    struct report_reading *readings = arena_array(arena, count, sizeof *readings);
    struct report_expected *plan = arena_array(arena, count, sizeof *plan);

    for (size_t i = 0; i < count; i++) {
        readings[i] = (struct report_reading){{(int32_t)(24300 + i)}, values[i], i % 2 == 1};
        plan[i] = (struct report_expected){{(int32_t)(24306 + i)},
                                           values[i],
                                           i % 3 == 0 ? (double)NAN : values[0],
                                           values[count - 1]};
    }
    return (struct trend_line){.readings = readings,
                               .count = count,
                               .target = (double)NAN,
                               .threshold = (double)NAN,
                               .plan = plan,
                               .plan_count = planned ? count : 0,
                               .from = 24301,
                               .to = 24302};
}

static struct extents extents_of(struct arena *arena, const struct trend_line *trend)
{
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    cairo_t *cr = cairo_create(surface);
    struct canvas *canvas = canvas_new(cr, locale_of(REPORT_EN));
    struct extents drawn;

    chart_trend(canvas, arena, trend, 0, 0, WIDTH, HEIGHT);
    ck_assert_int_eq(cairo_status(cr), CAIRO_STATUS_SUCCESS);
    canvas_destroy(&canvas);
    cairo_destroy(cr);
    cairo_recording_surface_ink_extents(surface, &drawn.x, &drawn.y, &drawn.width, &drawn.height);
    cairo_surface_destroy(surface);
    return drawn;
}

static void ck_drawn(const double *values, size_t count, double target, double threshold,
                     bool planned)
{
    struct arena *arena = arena_new();
    struct trend_line trend = line_of(arena, values, count, planned);
    trend.target = target;
    trend.threshold = threshold;
    struct extents drawn = extents_of(arena, &trend);

    arena_destroy(&arena);
    ck_assert_msg(drawn.x >= -12 && drawn.y >= -6 && drawn.x + drawn.width <= WIDTH + 24 &&
                      drawn.y + drawn.height <= HEIGHT + 6,
                  "%g, ...: %g %g %g %g", values[0], drawn.x, drawn.y, drawn.width, drawn.height);
    ck_assert_msg(drawn.width > WIDTH / 2 && drawn.height > HEIGHT / 2, "%g, ...: nothing drawn",
                  values[0]);
}

static void ck_inside(const double *values, size_t count, double target, double threshold)
{
    ck_drawn(values, count, target, threshold, false);
    ck_drawn(values, count, target, threshold, true);
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

/* Pixels of a line of one reading that are nearly as dark as it. */
static int dark_pixels(bool is_estimate)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, 4 * WIDTH, 4 * HEIGHT);
    cairo_t *cr = cairo_create(surface);
    struct arena *arena = arena_new();
    struct report_reading reading = {{24300}, 5, is_estimate};
    struct trend_line trend = {.readings = &reading,
                               .count = 1,
                               .target = (double)NAN,
                               .threshold = (double)NAN,
                               .plan = NULL,
                               .plan_count = 0,
                               .from = 1,
                               .to = 0};
    int dark = 0;

    cairo_scale(cr, 4, 4);
    struct canvas *canvas = canvas_new(cr, locale_of(REPORT_EN));
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    chart_trend(canvas, arena, &trend, 0, 0, WIDTH, HEIGHT);
    canvas_destroy(&canvas);
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    const unsigned char *data = cairo_image_surface_get_data(surface);
    for (int y = 0; y < 4 * HEIGHT; y++)
        for (int x = 0; x < 4 * WIDTH; x++)
            dark += data[y * cairo_image_surface_get_stride(surface) + x * 4 + 2] < 64;
    cairo_surface_destroy(surface);
    arena_destroy(&arena);
    return dark;
}

START_TEST(estimates_are_hollow)
{
    int full = dark_pixels(false), hollow = dark_pixels(true);

    ck_assert_int_gt(hollow, 0);
    ck_assert_int_gt(full, hollow * 5 / 4);
}
END_TEST

START_TEST(draws_a_plan_without_readings)
{
    static const double values[] = {1, 2, 3, 4};
    struct arena *arena = arena_new();
    struct trend_line trend = line_of(arena, values, 4, true);

    trend.count = 0;
    ck_assert(trend_is_drawn(&trend));
    struct extents drawn = extents_of(arena, &trend);
    ck_assert_double_gt(drawn.width, WIDTH / 2);
    trend.plan_count = 0;
    ck_assert(!trend_is_drawn(&trend));
    arena_destroy(&arena);
}
END_TEST

SUITE_MAIN("chart", stays_in_its_box, estimates_are_hollow, draws_a_plan_without_readings)
