/* czmq.h, to be included by this name only. It brings syslog.h with it, whose names of levels are
 * those of our log. Private to the bus. */
#ifndef TRACTION_BUS_CZMQ_H
#define TRACTION_BUS_CZMQ_H

#include <czmq.h>

#undef LOG_DEBUG
#undef LOG_INFO
#undef LOG_WARNING

#endif
