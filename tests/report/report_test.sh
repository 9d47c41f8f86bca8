#!/bin/bash
# Tests of report-writer from outside: report_test.sh WRITER FIXTURE PEAK MOST_MIB CASE.
# What a reader would see is checked with other programs: pdftotext, unzip, xmllint.
set -euo pipefail

writer=$1 fixture=$2 peak=$3 most_mib=$4 case=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
    echo "$case: $*" >&2
    exit 1
}

# make WORLD FORMAT: the report of that world as WORLD.FORMAT.
make() {
    "$fixture" "$1" >"$1.msgpack"
    "$writer" --format "$2" <"$1.msgpack" >"$1.$2" || fail "no $2 of $1"
}

# text_of WORLD: the PDF's text as WORLD.txt, one space between words.
text_of() {
    pdftotext -raw "$1.pdf" - | tr -s '\n\f ' ' ' >"$1.txt"
}

has() {
    grep -qF -- "$2" "$1" || fail "$1 lacks: $2"
}

has_not() {
    ! grep -qF -- "$2" "$1" || fail "$1 has: $2"
}

pages_of() {
    pdfinfo "$1" | awk '/^Pages:/ {print $2}'
}

# parts_of WORLD: unpacks the DOCX into the folder WORLD.
parts_of() {
    unzip -q -o "$1.docx" -d "$1" || fail "$1.docx is no zip file"
}

# The words of the DOCX, without its markup.
words_of() {
    xmllint --xpath '//*[local-name()="t"]/text()' "$1/word/document.xml"
}

test_pages() {
    make board pdf
    text_of board
    local n pages
    pages=$(pages_of board.pdf)
    ((pages >= 8 && pages <= 14)) || fail "$pages pages"
    for ((n = 2; n <= pages; n++)); do
        pdftotext -raw -f "$n" -l "$n" board.pdf - >page.txt
        has page.txt "Page $n of $pages"
        has page.txt "Northwind Logistics"
    done
    pdfinfo board.pdf >info.txt
    has info.txt "Company report of Northwind Logistics"
    has_not board.txt "Shown are the first"
    has info.txt "Tue Apr  1 06:30:00 2025"
    # Each line of the contents names the page on which its chapter is.
    local chapter page
    for chapter in "Executive summary" "Goals" "Key performance indicators" "Activity"; do
        page=$(pdftotext -layout -f 2 -l 2 board.pdf - | awk -v c="$chapter" \
            'index($0, c) == 1 && substr($0, length(c) + 1) ~ /^ +[0-9]+$/ {print $NF}')
        [[ $page ]] || fail "the contents lack $chapter"
        pdftotext -raw -f "$page" -l "$page" board.pdf - | grep -qxF -- "$chapter" ||
            fail "$chapter is not on page $page"
    done
    (($(pdfinfo -dests board.pdf | grep -c '"chapter-') >= 8)) || fail "too few destinations"
    grep -qa /Outlines board.pdf || fail "no bookmarks"
}

test_scripts() {
    make scripts pdf
    text_of scripts
    local text
    for text in "Größere Märkte für süße Äpfel" "Łódź, İstanbul" "Αύξηση των πωλήσεων" \
        "Увеличить выручку" "提高客户满意度并缩短交货时间" "顧客満足度を向上させる" "고객 만족도 향상" \
        "Հաճախորդների գոհունակություն"; do
        has scripts.txt "$text"
    done
    # Emoji that no font has would be drawn as boxes, which are no pictures.
    (($(pdfimages -list scripts.pdf | grep -c ' image ') >= 5)) || fail "emoji are no pictures"
    # In the order of drawing, text from right to left falls apart; laid out, its words are whole
    # (but for the ligature of lam and alef, which pdftotext turns round).
    pdftotext -layout scripts.pdf right.txt
    for text in زيادة بنسبة הלקוחות שביעות; do
        has right.txt "$text"
    done
    make scripts docx
    parts_of scripts
    words_of scripts >words.txt
    has words.txt "زيادة رضا العملاء"
    has scripts/word/document.xml "<w:bidi/>"
    has scripts/word/document.xml "<w:rtl/>"
}

test_empty() {
    make empty pdf
    make empty docx
    text_of empty
    has empty.txt "There is nothing to report yet."
    has empty.txt "Fresh Start"
    has_not empty.txt "nan"
    (($(pages_of empty.pdf) == 3)) || fail "$(pages_of empty.pdf) pages"
    parts_of empty
    words_of empty >words.txt
    has words.txt "There is nothing to report yet."
}

test_hostile() {
    make hostile pdf
    make hostile docx
    text_of hostile
    (($(pages_of hostile.pdf) <= 40)) || fail "$(pages_of hostile.pdf) pages"
    has hostile.txt "<w:t>not markup</w:t> &amp; %s %n"
    has hostile.txt "Goal without a title"
    has_not hostile.txt "nan"
    has_not hostile.txt "inf "
    parts_of hostile
    xmllint --noout hostile/word/document.xml hostile/word/header1.xml hostile/docProps/core.xml ||
        fail "XML is not well formed"
    words_of hostile >words.txt
    has words.txt "not markup"
    grep -qP '[\x00-\x08\x0b-\x1f\x7f]' words.txt && fail "control characters came through"
    grep -q $'\u202e' words.txt && fail "a mark that turns the direction came through"
    return 0
}

test_huge() {
    "$fixture" huge >huge.msgpack
    local format
    for format in pdf docx; do
        "$peak" "$most_mib" "$writer" --format "$format" <huge.msgpack >"huge.$format" ||
            fail "$format: exit status $?"
    done
    text_of huge
    (($(grep -oF 'Latest 12 of 40 readings' huge.txt | wc -l) == 500)) || fail "KPIs are missing"
    has huge.txt "part 2000"
    (($(pages_of huge.pdf) > 300)) || fail "$(pages_of huge.pdf) pages"
    parts_of huge
    xmllint --huge --noout huge/word/document.xml || fail "XML is not well formed"
    # What was cut before it came here is said to be cut.
    has huge.txt "Shown are the first 2,000 of 10,000 overdue actions, longest overdue first."
    has huge.txt "Shown are the first 2,000 of 34,567 entries of this period, newest first."
    has huge.txt "10,000 actions are overdue"
}

# refused FILE WORDS: exit status 1, nothing on standard output, one line of explanation.
refused() {
    local status=0
    "$writer" --format pdf <"$1" >out 2>err || status=$?
    ((status == 1)) || fail "exit status $status for $1"
    [[ ! -s out ]] || fail "output for $1"
    (($(wc -l <err) == 1)) || fail "$(cat err)"
    has err "$2"
}

test_input() {
    "$fixture" board >board.msgpack
    : >nothing
    head -c 5000 board.msgpack >half
    head -c 5000 /dev/urandom >noise
    printf '\x80' >map
    printf '\xa3abc' >text
    refused nothing "not one valid msgpack value"
    refused half "not one valid msgpack value"
    refused noise "not one valid msgpack value"
    refused map "is required"
    refused text "must be an object"
    sed 's/adopted/adoptex/' board.msgpack >word
    refused word "must be one of draft, validated, adopted"
    head -c 68000000 /dev/zero >large
    refused large "larger than 64 MiB"
}

test_arguments() {
    local status
    for arguments in "" "--format" "--format html" "--format pdf docx" "pdf"; do
        status=0
        # shellcheck disable=SC2086
        "$writer" $arguments </dev/null >out 2>err || status=$?
        ((status == 2)) || fail "exit status $status for '$arguments'"
        has err "usage: report-writer --format pdf|docx"
    done
}

# It leaves its starter's session and makes its own nice, less so when it starves, and naps.
test_pace() {
    local pid naps
    mkfifo data
    "$writer" --format pdf --aside <data >board.pdf &
    pid=$!
    exec 3>data
    sleep 0.5
    [[ $(ps -o sid= -p "$pid") -eq $pid ]] || fail "it is in its starter's session"
    [[ ! -e /proc/$pid/autogroup ]] || grep -q ' nice 15$' "/proc/$pid/autogroup" ||
        [[ $(cat /proc/sys/kernel/sched_autogroup_enabled) == 0 ]] || fail "its session is not nice"
    naps=$(awk '/^voluntary/ {print $2}' "/proc/$pid/status")
    ((naps > 100)) || fail "$naps naps in half a second"
    # It gets next to no processor, here because it has nothing to do.
    if grep -qs ' nice 15$' "/proc/$pid/autogroup"; then
        for _ in {1..100}; do
            sleep 0.1
            ! grep -q ' nice 10$' "/proc/$pid/autogroup" || break
        done
        grep -q ' nice 10$' "/proc/$pid/autogroup" || fail "its session stays as nice although it starves"
    fi
    "$fixture" board >&3
    exec 3>&-
    wait "$pid" || fail "exit status $?"
    [[ $(pages_of board.pdf) -ge 8 ]] || fail "no report"
}

# A reader that goes away is a failed write, not a report cut short that looks well.
test_closed() {
    local format status
    "$fixture" huge >huge.msgpack
    {
        status=0
        "$writer" --format pdf <huge.msgpack 2>err || status=$?
        echo "$status" >status
    } | head -c 100 >/dev/null
    (($(cat status) == 1)) || fail "exit status $(cat status)"
    (($(wc -l <err) == 1)) || fail "$(cat err)"
    "$fixture" board >board.msgpack
    for format in pdf docx; do
        status=0
        "$writer" --format "$format" <board.msgpack >/dev/full 2>err || status=$?
        ((status == 1)) || fail "exit status $status of $format on a full disk"
        (($(wc -l <err) == 1)) || fail "$(cat err)"
    done
}

# The parts fit together: every part has a type, every relation a target, every picture is used.
test_package() {
    make board docx
    parts_of board
    local part target picture
    [[ $(unzip -Z1 board.docx | head -1) == "[Content_Types].xml" ]] || fail "types are not first"
    while read -r part; do
        case $part in
        *.xml | *.rels) xmllint --noout "board/$part" || fail "$part is not well formed" ;;
        *.png) [[ $(head -c 4 "board/$part") == $'\x89PNG' ]] || fail "$part is no picture" ;;
        *) fail "unexpected part $part" ;;
        esac
        case $part in
        *.rels | *.png | "[Content_Types].xml") ;;
        *) has "board/[Content_Types].xml" "PartName=\"/$part\"" ;;
        esac
    done < <(unzip -Z1 board.docx)
    while read -r target; do
        [[ -e board/word/$target ]] || fail "no part word/$target"
    done < <(grep -o 'Target="[^"]*"' board/word/_rels/document.xml.rels | cut -d'"' -f2)
    while read -r picture; do
        has board/word/document.xml "r:embed=\"$picture\""
    done < <(grep -o 'Id="rIdPicture[0-9]*"' board/word/_rels/document.xml.rels | cut -d'"' -f2)
    has board/word/document.xml "<w:tblHeader/>"
    has board/word/document.xml "PAGEREF"
    has board/word/footer1.xml "NUMPAGES"
    has board/docProps/core.xml "Company report of Northwind Logistics"
    local style
    while read -r style; do
        has board/word/styles.xml "w:styleId=\"$style\""
    done < <(grep -oE '<w:(pStyle|tblStyle) w:val="[^"]*"' board/word/document.xml | cut -d'"' -f2 | sort -u)
}

# Both formats say the numbers that went in, and the same numbers.
test_figures() {
    make board pdf
    make board docx
    text_of board
    parts_of board
    words_of board >words.txt
    local text
    for text in "77.3" "85.0" "67.5%" "Completion rate 80%" "On track rate 80%" "of 16 goals" \
        "11 actions are overdue" "8 issues are open" "12 people own" "1,000,000 EUR" "4.5 days" \
        "Latest 12 of 15 readings" "30 Jun 2025"; do
        has board.txt "$text"
        has words.txt "$text"
    done
    grep -oE '[0-9][0-9.,]*%?' words.txt | sort -u >numbers.docx
    tr ' ' '\n' <board.txt | grep -oE '[0-9][0-9.,]*%?' | sort -u >numbers.pdf
    (($(wc -l <numbers.docx) > 100)) || fail "hardly any numbers"
    # The PDF has more: page numbers and what the DOCX shows in pictures.
    [[ -z $(comm -23 numbers.docx numbers.pdf) ]] ||
        fail "only in the DOCX: $(comm -23 numbers.docx numbers.pdf | tr '\n' ' ')"
    # What the pictures show is said beside them.
    has board/word/document.xml "Goals by status: Draft 2, Active 9, Paused 1, Completed 3"
    has board/word/document.xml "Issues by category: Open 5, Active 3, Inactive 1, Closed 19"
}

# Ended by a signal of its own making, it says so, and for which request.
test_crash() {
    local pid
    mkfifo data
    exec 3<>data
    REPORT_REQUEST_ID=r-9 "$writer" --format pdf <data 2>said 3>&- &
    pid=$!
    until grep -qE '^SigCgt:.*[2367abef][0-9a-f]$' "/proc/$pid/status"; do sleep 0.01; done # it minds SIGABRT
    kill -ABRT "$pid"
    ! wait "$pid" || fail "it lives"
    grep -q '^{"time":"[^"]*","level":"error","process":"report-writer","pid":[0-9]*,"message":"crashed","signal":"SIGABRT","requestId":"r-9","backtrace":"' said ||
        fail "it said: $(cat said)"
}

# The same data gives the same bytes.
test_same() {
    local format
    "$fixture" board >board.msgpack
    for format in pdf docx; do
        "$writer" --format "$format" <board.msgpack >"one.$format"
        "$writer" --format "$format" <board.msgpack >"two.$format"
        cmp "one.$format" "two.$format" || fail "$format differs"
    done
}

"test_$case"
