/* Opens listening sockets and then executes a supervisor that inherits them, so that programs can
 * be restarted without refusing connections meanwhile. */
#ifndef TRACTION_HOLD_PORTS_H
#define TRACTION_HOLD_PORTS_H

/* Listens at TRACTION_PORT and the ports that follow, `count` in all, as descriptors 3 and up, and
 * behind them at as many admin ports for each program: those from TRACTION_ADMIN_PORT on, or free
 * ones, at best those from SUPERVISE_ADMIN_PORT on, which then says the first that was taken.
 * Executes `command`. Returns with a line on standard error when that fails. */
void hold_ports(int count, char **command);

#endif
