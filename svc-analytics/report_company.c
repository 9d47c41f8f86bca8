/* Names and logos of tenants, from the token and the configuration. */
#include "report_company.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "log.h"
#include "text.h"

enum { LINE_MAX_BYTES = 2000, NAME_BYTES_MAX = 500 };

/* Cuts off and answers what stands before the next tab. */
static struct str next_field(struct str *line)
{
    const char *tab = line->size > 0 ? memchr(line->data, '\t', line->size) : NULL;
    struct str field = {line->data, tab ? (size_t)(tab - line->data) : line->size};

    *line = tab ? (struct str){tab + 1, line->size - field.size - 1} : (struct str){line->data, 0};
    return field;
}

static struct str kept(struct op *op, struct str text, size_t max)
{
    return text.size > 0 && text.size <= max && utf8_valid(text) ? arena_copy(op->arena, text)
                                                                 : STR_NONE;
}

/* True when the line is the tenant's. */
static bool read_line(struct op *op, struct str line, struct report_company *company)
{
    while (line.size > 0 && (line.data[line.size - 1] == '\n' || line.data[line.size - 1] == '\r'))
        line.size--;
    if (!str_equal(next_field(&line), op->request->tenant))
        return false;
    company->name = kept(op, next_field(&line), NAME_BYTES_MAX);
    company->logo = kept(op, next_field(&line), LINE_MAX_BYTES);
    return true;
}

static void read_file(struct op *op, const char *path, struct report_company *company)
{
    char line[LINE_MAX_BYTES];
    FILE *file = fopen(path, "re");

    if (!file) {
        log_warning("the file of companies cannot be read", LOG_CSTR("file", path),
                    LOG_CSTR("why", strerror(errno)));
        return;
    }
    while (fgets(line, sizeof line, file) && !read_line(op, str_of(line), company))
        continue;
    fclose(file);
}

void report_company(struct op *op, struct report_company *company)
{
    *company = (struct report_company){STR_NONE, STR_NONE};
    if (config_cstr(CONFIG_COMPANIES_FILE))
        read_file(op, config_cstr(CONFIG_COMPANIES_FILE), company);
    if (op->request->tenant_name.size > 0)
        company->name = op->request->tenant_name;
    if (company->name.size == 0)
        company->name = config_text(CONFIG_COMPANY_NAME);
    if (company->logo.size == 0)
        company->logo = config_text(CONFIG_COMPANY_LOGO);
}
