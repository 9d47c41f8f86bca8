/* Bodies of the verbs that move an issue through its life. */
#ifndef TRACTION_ISSUE_MOVES_H
#define TRACTION_ISSUE_MOVES_H

#include "model.h"

/* Of each verb a part; the others are absent. */
struct issue_move {
    struct uuid status_config_id;
    struct str assigned_person_id;
    struct str reason; /* becomes the issue's statusReason */
    struct str resolution_notes;
    struct packed root_cause_analysis;
    double actual_hours;
};
extern const struct model issue_start_model, issue_resolve_model, issue_reopen_model,
    issue_status_change_model, issue_assign_model;

#endif
