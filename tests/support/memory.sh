# Temporary files in memory. Sourced.
# shellcheck shell=bash

# memory_folder: makes a folder in memory, where there is much of it, and says its path. For what makes and removes
# many databases: what those ask of a file system costs a fifth of all CPU time on ext4, and nothing of tests
# has to survive the machine. False when there is too little.
memory_folder() {
    local place=/dev/shm free
    [[ $(findmnt --noheadings --output OPTIONS --target "$place") != *noexec* ]] || return 1 # programs are copied, too
    free=$(df --output=avail --block-size=M "$place" 2>/dev/null | tail -n 1)
    free=${free%M}
    ((${free:-0} >= 4096 && $(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo) >= 6144)) || return 1
    mktemp -d "$place/traction-test-XXXXXX"
}
