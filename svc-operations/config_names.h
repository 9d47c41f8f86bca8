/* Finding types and statuses by id or by name, as bodies and queries give them. */
#ifndef TRACTION_CONFIG_NAMES_H
#define TRACTION_CONFIG_NAMES_H

#include "issues.h"
#include "op.h"

/* Of a tenant, SYSTEM ones and inactive ones included; loaded when first needed. */
struct config_names {
    bool loaded;
    struct named_configs {
        struct uuids ids;
        struct texts names;
    } types, statuses;
};
/* Outside the transaction. */
bool config_names_load(struct op *op, struct config_names *names);

enum name_fit { NAME_FITS_NONE, NAME_FITS_ONE, NAME_FITS_SEVERAL };
/* The one that has exactly this name. */
bool config_by_name(const struct named_configs *configs, struct str text, struct uuid *id);
/* The one whose name is spelled so when enums are: case, '_', '-' and blanks do not count. */
enum name_fit config_by_spelling(struct arena *arena, const struct named_configs *configs,
                                 struct str text, struct uuid *id);

/* The type and status that a body names with "type" and "status": ids, absent where it names none.
 * The fields are those that the ids came from, for error messages. */
struct issue_choice {
    struct uuid type_id, status_id;
    const char *type_field, *status_field;
    const char *links_field; /* before the names of lists of links: "connections." or "" */
    const struct connections *inherited; /* of a new issue: links that need no check; or NULL */
};
/* Finds them, and gathers what cannot be found. `before` is the issue without the change, NULL for
 * a new one. False after a fault. */
bool issue_choice_read(struct op *op, const struct issue *before, const struct issue *issue,
                       struct issue_choice *choice);
/* Makes them the issue's. They may repeat what typeConfigId and statusConfigId say, or what was
 * there before; a contradiction is gathered. */
void issue_choice_take(struct op *op, const struct issue *before, struct issue_choice *choice,
                       struct issue *issue);

#endif
