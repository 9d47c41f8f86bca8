# What developers use: gdb's view of our values and fibers, the manual page, the version.
# shellcheck shell=bash

# gdb_fiber_test COMMAND...: gdb's words at the first wake-up of the fiber tests, after the commands.
gdb_fiber_test() {
    local command options=()
    for command; do options+=(-ex "$command"); done
    ASAN_OPTIONS=detect_leaks=0 CK_FORK=no timeout 60 gdb -q -batch -nx -x "$root/tools/gdb/traction.py" \
        -ex 'set breakpoint pending on' "${options[@]}" "$build/tests/test_fiber" 2>&1
}

test_gdb_shows_where_fibers_wait() {
    local said
    said=$(gdb_fiber_test 'break loop_for_stop' run fibers 'fiber 0' 'backtrace 1')
    contains "$said" 'fiber 0: park_twice '
    contains "$said" '1 fibers wait'
    contains "$said" ' in fiber_park () at '
    contains "$said" ' in park_twice (argument=0x0) at '
    contains "$said" '#0  loop_for_stop (loop=' # the stack itself is as it was
}

test_gdb_shows_texts() {
    local said
    said=$(gdb_fiber_test 'break keep_log_context' run next 'print *mine')
    contains "$said" 'operation = "one"'
    contains "$said" 'tenant = absent'
}

# What `./traction mutants` changes, and into what; nothing in texts, comments and lines of the preprocessor.
test_mutants_are_small_changes() {
    local said
    cat >"$work/some.c" <<'C'
#if A == 1
enum { MOST = 7 }; /* a < b */
static bool rule(struct op *op, int n)
{
    if (n <= 3 && !op->done)
        op_fail(op, "a == b");
    struct row row = {0}, *next = op->row;
    op->count = n - 1;
    return true;
}
#endif
C
    said=$(node --input-type=module -e "
import { readFileSync } from 'node:fs';
import { mutantOf, sitesOf } from '$root/tests/mutants/sites.mjs';
const text = readFileSync('$work/some.c', 'utf8');
for (const site of sitesOf(text)) console.log(mutantOf(text, site).split('\n')[site.line - 1].trim());") || fail "no sites"
    same "mutants" "if (n < 3 && !op->done)
if (n <= 3 || !op->done)
if (n <= 3 && op->done)
if (n <= 4 && !op->done)
if (!(n <= 3 && !op->done))
;
struct row row = {1}, *next = op->row;
op->count = n + 1;
op->count = n - 2;
;
return false;" "$said"
}

# Which tests a mutant meets: those that run its line.
test_mutants_meet_the_tests_of_their_line() {
    local said
    said=$(node --input-type=module -e "
import { testsOfLine } from '$root/tests/mutants/coverage.mjs';
const of = (run) => ({ run, code: [10, 12, 20], functions: [[10, 14], [20, 25]] });
const measured = {
  first: { files: { 'part/some.c': of([10]) } }, second: { files: { 'part/some.c': of([10, 12]) } },
  third: { files: { 'part/other.c': of([20]) } }, none: { files: { 'part/some.c': of([]) } },
};
for (const [file, line] of [['some', 10], ['some', 12], ['some', 13], ['some', 20], ['some', 2], ['table', 2]])
  console.log(file, line, testsOfLine(measured, 'part/' + file + '.c', line).join() || 'none');") || fail "no tests"
    same "tests" "some 10 first,second
some 12 second
some 13 second
some 20 none
some 2 first,second
table 2 first,second,third" "$said"
}

test_manual_page_is_whole() {
    local page
    page=$("$traction" help man --programs "$build")
    contains "$page" '.SH NAME'
    page=$(groff -man -Tutf8 -P-c -ww <<<"$page" 2>"$work/said") || fail "groff failed"
    same "groff's complaints" "" "$(<"$work/said")"
    for command in up tenant\ export check-config; do contains "$page" "  $command "; done
    contains "$page" TRACTION_DATABASE_WRITERS
}

# The version stands in CMakeLists.txt; files that other tools read repeat it.
test_one_version() {
    local version said
    version=$(sed -n 's/^project(traction VERSION \([^ ]*\).*/\1/p' "$root/CMakeLists.txt")
    contains "$("$traction" version --data "$data")" "traction $version"
    same "programs" "gateway $version" "$("$build/gateway" --version)"
    same "report-writer" "report-writer $version" "$("$build/report-writer" --version)"
    same "service" "svc-goals $version" "$("$build/svc-goals" --version)"
    said=$(cd "$root" && git grep -hoE '(traction:|newTag: |ARG VERSION=)[0-9]+\.[0-9]+\.[0-9]+' | grep -oE '[0-9.]+$' | sort -u)
    same "versions in other files" "$version" "$said"
}
