/* What a tenant is called on its reports, and its logo. */
#ifndef TRACTION_REPORT_COMPANY_H
#define TRACTION_REPORT_COMPANY_H

#include "op.h"

struct report_company {
    struct str name; /* absent: its id */
    struct str logo; /* path of a PNG; absent: none */
};

/* The name is that of the caller's token, else of TRACTION_COMPANIES_FILE, else
 * TRACTION_COMPANY_NAME; the logo that of the file, else TRACTION_COMPANY_LOGO. In the op's arena.
 * A file that cannot be read is logged, and counts as empty. */
void report_company(struct op *op, struct report_company *company);

#endif
