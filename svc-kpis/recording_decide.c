/* What a measurement that was recorded means for the plan. */
#include "recording.h"

bool recording_decide(struct op *op, struct recording *recorded)
{
    (void)recorded;
    return !op_failed(op);
}
