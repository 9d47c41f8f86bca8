/* Report data with difficult text: every script, and hostile input. */
#include <math.h>
#include <string.h>

#include "report_fixture.h"

void fixture_scripts(struct world *w)
{
    static const char *const titles[] = {
        "Größere Märkte für süße Äpfel, naïve façade, Łódź, İstanbul",
        "Αύξηση των πωλήσεων στην Ελλάδα",
        "Увеличить выручку на двадцать процентов",
        "提高客户满意度并缩短交货时间",
        "顧客満足度を向上させる",
        "고객 만족도 향상",
        "زيادة رضا العملاء بنسبة 20%",
        "שיפור שביעות רצון הלקוחות",
        "ग्राहक संतुष्टि बढ़ाना",
        "เพิ่มความพึงพอใจของลูกค้า",
        "Հաճախորդների գոհունակություն",
        "Launch 🚀 on target 🎯 by 👩‍👩‍👧‍👦 🇩🇪 👍🏽",
    };
    enum { COUNT = sizeof titles / sizeof *titles };
    struct report_goal *goals;
    struct report_action *actions;

    fixture_board(w);
    w->report->tenant_name = STR("Ελληνική Северная 株式会社 شركة");
    goals = fixture_list(w, &w->report->goals, &report_goal_model, COUNT);
    actions = fixture_list(w, &w->report->overdue_actions, &report_action_model, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        struct report_strategy *s =
            fixture_list(w, &goals[i].strategies, &report_strategy_model, 1);

        goals[i].title = goals[i].owner_name = s->description = str_of(titles[i]);
        goals[i].status = GOAL_ACTIVE;
        goals[i].horizon = HORIZON_YEAR;
        goals[i].progress = 9.0 * (double)i;
        goals[i].due_date = fixture_day("2025-12-31");
        s->status = STRATEGY_ADOPTED;
        actions[i].title = actions[i].assignee = str_of(titles[i]);
        actions[i].due_date = fixture_day("2025-02-28");
        actions[i].priority = STR("high");
    }
}

static struct str repeated(struct world *w, const char *text, size_t times)
{
    struct buffer out = buffer_in(w->arena, 64);

    for (size_t i = 0; i < times; i++)
        buffer_append(&out, text, strlen(text));
    return buffer_str(&out);
}

void fixture_hostile(struct world *w)
{
    struct report *r = w->report;
    struct report_goal *g;
    struct report_kpi *k;

    fixture_board(w);
    g = r->goals.items;
    k = r->kpis.items;
    r->tenant_name = repeated(w, "W", 10000);
    g[0].title = repeated(w, "x", 10000);
    g[1].title = STR("bell\a escape\x1b[31m delete\x7f null-width\u200b next\xC2\x85 line <&>\"'");
    g[2].title = STR("\u202Eturned around\u202D \u2066\u2067 \uFFFF\uFFFE \U0001F600 end");
    g[3].title = STR("]]> <w:t>not markup</w:t> &amp; %s %n");
    g[4].title = repeated(w, "e\u0301\u0302\u0303\u0304\u0305", 2000);
    g[5].title = STR(" \n\t ");
    g[6].title = repeated(w, "界", 10000);
    g[7].title = repeated(w, "سلام", 5000);
    g[1].progress = NAN;
    for (size_t i = 0; i < r->goals.count; i++) {
        struct report_strategy *s = fixture_list(w, &g[i].strategies, &report_strategy_model, 2);

        s[0].description = g[i].title;
        s[1].description = repeated(w, "line\n", 2000);
        g[i].owner_name = g[i].title;
    }
    k[0].target = 1.7e308;
    k[0].baseline = -1.7e308;
    ((struct report_reading *)k[0].readings.items)[0].value = -1.2e308;
    ((struct report_reading *)k[0].readings.items)[1].value = 1.2e308;
    k[1].target = k[1].baseline = 0;
    fixture_readings(w, &k[1], 3, 0, 0);
    fixture_readings(w, &k[2], 1, 5, 5);
    k[3].name = k[3].unit = g[0].title;
    ((struct report_reading *)k[4].readings.items)[0].period = (struct month){9999 * 12};
    ((struct report_entry *)r->activity.items)[0].text = repeated(w, "word ", 20000);
    ((struct report_entry *)r->activity.items)[1].text = g[6].title;
    ((struct report_entry *)r->activity.items)[2].person = g[0].title;
    ((struct report_issue *)r->open_issues.items)[0].status = g[7].title;
}
