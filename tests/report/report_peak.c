/* report_peak MAX_MIB PROGRAM ARGUMENT...: runs the program and answers its exit status, or 99
 * when it ever held more than MAX_MIB mebibytes of memory (resident). */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct rusage usage;
    int status = 0;
    pid_t child;

    if (argc < 3)
        return 98;
    child = fork();
    if (child == 0) {
        execv(argv[2], argv + 2);
        _exit(97);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || getrusage(RUSAGE_CHILDREN, &usage) != 0)
        return 98;
    if (usage.ru_maxrss > strtol(argv[1], NULL, 10) * 1024) {
        fprintf(stderr, "report_peak: %ld MiB at the peak\n", usage.ru_maxrss / 1024);
        return 99;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 96;
}
