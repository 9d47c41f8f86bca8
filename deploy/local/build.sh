# Builds the programs. Sourced by `traction`.
# shellcheck shell=bash

sources=(CMakeLists.txt CMakePresets.json proto runtime report tools)

# build_programs: release programs in build/release. Looking for anything newer than the last build
# is one process; folders count too, so that an added or removed file is seen.
build_programs() {
    local folder=$root/build/release lock
    built=$folder
    is_stale "$folder" || return 0
    need_packages run build
    mkdir -p "$folder" || die "cannot write to $folder"
    exec {lock}>"$folder/.lock" && flock "$lock" # somebody else may be building them
    ! is_stale "$folder" || make_programs "$folder"
    exec {lock}>&-
}

is_stale() { # FOLDER
    [[ ! -e $1/.built ]] || newer_than "$1/.built"
}

make_programs() { # FOLDER
    say "building (release)"
    : >"$1/.building"
    configure release "$1"
    ninja -C "$1" --quiet "${programs[@]}" "${helpers[@]}" || die "the build failed"
    mv "$1/.building" "$1/.built"
}

# find_programs: into $built, those of --programs or the release ones.
find_programs() {
    if [[ $option_programs ]]; then
        built=$(cd -- "$option_programs" 2>/dev/null && pwd) || die "there is no folder $option_programs"
    else
        build_programs
    fi
}

newer_than() { # STAMP
    local found
    found=$(cd "$root" && find "${sources[@]}" "${programs[@]}" -newer "$1" -print -quit) || true
    [[ -n $found ]]
}

# configure PRESET FOLDER: of CMakePresets.json; again only when it never succeeded: ninja sees the
# rest itself.
configure() {
    local preset=$1 folder=$2
    [[ -e $folder/build.ninja ]] ||
        (cd "$root" && cmake --preset "$preset" -B "$folder" >"$folder/cmake.log" 2>&1) || {
        cat "$folder/cmake.log" >&2
        die "cmake failed"
    }
}
