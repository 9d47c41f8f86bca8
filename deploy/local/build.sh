# Builds the programs. Sourced by `traction`.
# shellcheck shell=bash

sources=(CMakeLists.txt proto runtime report tools)

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
    configure "$folder" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DTRACTION_TESTS=OFF
    ninja -C "$folder" --quiet "${programs[@]}" "${helpers[@]}" || die "the build failed"
    mv "$folder/.building" "$folder/.built"
}

newer_than() { # STAMP
    local found
    found=$(cd "$root" && find "${sources[@]}" "${programs[@]}" -newer "$1" -print -quit) || true
    [[ -n $found ]]
}

# configure FOLDER CMAKE-OPTION...; again only when it never succeeded: ninja sees the rest itself.
configure() {
    local folder=$1
    shift
    [[ -e $folder/build.ninja ]] ||
        cmake -S "$root" -B "$folder" -G Ninja "$@" >"$folder/cmake.log" 2>&1 || {
        cat "$folder/cmake.log" >&2
        die "cmake failed"
    }
}
