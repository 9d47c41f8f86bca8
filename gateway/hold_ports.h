/* For whoever starts gateways anew without refusing anybody meanwhile: becomes that program, with
 * the gateways' listening sockets open. */
#ifndef TRACTION_HOLD_PORTS_H
#define TRACTION_HOLD_PORTS_H

/* Listens at TRACTION_PORT and the ports that follow, `count` in all, as descriptors 3 and up, and
 * executes `command`. Returns with a line on standard error when that fails. */
void hold_ports(int count, char **command);

#endif
