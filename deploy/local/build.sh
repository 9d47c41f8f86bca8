# Builds the programs. Sourced by `traction`.
# shellcheck shell=bash

sources=(CMakeLists.txt CMakePresets.json proto runtime report tools)

# build_programs: release programs in build/release. Looking for anything newer than the last build
# is one process; folders count too, so that an added or removed file is seen.
build_programs() {
    local folder=$root/build/release
    built=$folder
    if [[ -e $folder/.built ]] && ! newer_than "$folder/.built"; then
        return
    fi
    need_packages run build
    say "building (release)"
    mkdir -p "$folder" || die "cannot write to $folder"
    : >"$folder/.building"
    configure release "$folder"
    ninja -C "$folder" --quiet "${programs[@]}" "${helpers[@]}" || die "the build failed"
    mv "$folder/.building" "$folder/.built"
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
