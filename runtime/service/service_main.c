/* main() of every service: options, configuration, log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus_keys.h"
#include "config.h"
#include "crash.h"
#include "log.h"
#include "migrate.h"
#include "process.h"
#include "role.h"
#include "timestamp.h"

/* A URL that the mode needs; one line when it is missing. */
static bool has_url(enum config_key key, const char *variable)
{
    if (config_cstr(key))
        return true;
    fprintf(stderr, "traction: %s is not set (example: %s=postgresql:///traction)\n", variable,
            variable);
    return false;
}

static int run_migrations(const struct service_program *program)
{
    if (!has_url(CONFIG_MIGRATE_DATABASE_URL, "TRACTION_MIGRATE_DATABASE_URL"))
        return EXIT_CONFIGURATION;
    const char *owner = config_cstr(CONFIG_MIGRATE_DATABASE_URL);
    const char *service = config_cstr(CONFIG_DATABASE_URL);
    bool good = migrate(owner, service_schemas[program->service], program->migrations) &&
                (!service || role_set_password(owner, service, service_schemas[program->service]));
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

static const struct service_task *find_task(const struct service_program *program,
                                            const char *option)
{
    const struct service_task *task = program->tasks;

    while (task && task->option && strcmp(task->option, option) != 0)
        task++;
    return task && task->option ? task : NULL;
}

static int run_service(const struct service_program *program, const struct service_task *task,
                       bool check_only)
{
    if (!has_url(CONFIG_DATABASE_URL, "TRACTION_DATABASE_URL"))
        return EXIT_CONFIGURATION;
    if (!bus_keys_configure(service_names[program->service], service_names, SERVICE_COUNT))
        return EXIT_CONFIGURATION;
    return check_only ? EXIT_SUCCESS : process_run(program, task);
}

static int usage(const struct service_program *program, FILE *out, int status)
{
    const struct service_task *task = program->tasks;

    fprintf(out,
            "usage: %s [--migrate | --check-config | --help-config | --version]\n"
            "Without an option: serves requests until SIGTERM.\n",
            service_names[program->service]);
    for (; task && task->option; task++)
        fprintf(out, "%s: %s.\n", task->option, task->about);
    return status;
}

int service_main(const struct service_program *program, int argc, char **argv)
{
    const char *name = service_names[program->service];
    const char *option = argc == 2 ? argv[1] : "";

    if (argc > 2)
        return usage(program, stderr, EXIT_CONFIGURATION);
    if (!strcmp(option, "--help"))
        return usage(program, stdout, EXIT_SUCCESS);
    if (!strcmp(option, "--version"))
        return printf("%s %s\n", name, TRACTION_VERSION) > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    if (!strcmp(option, "--help-config")) {
        config_print(stdout);
        return EXIT_SUCCESS;
    }
    const struct service_task *task = find_task(program, option);
    bool migrates = !strcmp(option, "--migrate"), checks = !strcmp(option, "--check-config");
    if (argc == 2 && !migrates && !checks && !task)
        return usage(program, stderr, EXIT_CONFIGURATION);
    if (!config_load())
        return EXIT_CONFIGURATION;
    if (!log_configure(name))
        return EXIT_CONFIGURATION;
    crash_open();
    timestamp_set_clock_offset(config_int(CONFIG_CLOCK_OFFSET_S));
    return migrates ? run_migrations(program) : run_service(program, task, checks);
}
