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

# make WORLD FORMAT [LANG [PAPER [LOGO]]]: the report of that world as WORLD.FORMAT.
make() {
    "$fixture" "$1" "${@:3}" >"$1.msgpack"
    "$writer" --format "$2" <"$1.msgpack" >"$1.$2" 2>err || fail "no $2 of $1: $(cat err)"
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
    ((pages >= 12 && pages <= 20)) || fail "$pages pages"
    for ((n = 2; n <= pages; n++)); do
        pdftotext -raw -f "$n" -l "$n" board.pdf - >page.txt
        has page.txt "Page $n of $pages"
        has page.txt "Northwind Logistics"
    done
    pdfinfo board.pdf >info.txt
    has info.txt "Company report of Northwind Logistics"
    has_not board.txt "Shown are the first"
    has info.txt "Tue Apr  1 06:30:00 2025"
    has info.txt "(A4)"
    # Each line of the contents names the page on which its chapter is.
    local chapter page
    pdftotext -raw -f 1 -l 1 board.pdf - | tr -s '\n ' ' ' >cover.txt
    for chapter in "Executive summary" "Goals" "Strategies" "Key performance indicators" "Actions" "Issues" "People" \
        "Trends" "Appendix: activity"; do
        page=$(grep -oP "(^| )\Q$chapter\E \K[0-9]+" cover.txt | head -1)
        [[ $page ]] || fail "the contents lack $chapter"
        pdftotext -raw -f "$page" -l "$page" board.pdf - | grep -qxF -- "$chapter" ||
            fail "$chapter is not on page $page"
    done
    (($(pdfinfo -dests board.pdf | grep -c '"chapter-') >= 8)) || fail "too few destinations"
}

# The summary is one page, whatever the language and the paper; what it says is in this order.
test_summary() {
    local lang paper
    for lang in en de fr es ar; do
        for paper in a4 letter; do
            make board pdf "$lang" "$paper"
            pdfinfo -dests -f 1 -l 4 board.pdf | grep -E '^ *2 .*"chapter-0"' >/dev/null || fail "$lang: no summary on page 2"
            pdfinfo -dests board.pdf | grep -E '^ *3 .*"chapter-1"' >/dev/null || fail "$lang, $paper: the summary is longer than a page"
        done
    done
    make board pdf
    pdftotext -raw -f 2 -l 2 board.pdf - | tr -s '\n ' ' ' >page.txt
    grep -qP "Executive summary The performance score is 77.3 of 100, up 2.1 points since 31 December 2024. Active goals: 9, of which\
 on track 6, at risk or behind 3.*What got better Net promoter score 31 → 47 points \(\+51.6%\).*What got worse Staff turnover.*\
 11.5 → 13.2% \(\+14.8%\).*Goals at risk \(3\).*Open the Lisbon office Mei Tanaka overdue since 15 Mar 2025.*−13.8% against plan.*\
KPIs off plan \(3\).*905,000 EUR 1,086,000 EUR −16.7%.*Decisions of the period.*28 Mar 2025 Keep the old price list.*Overdue actions .*\
10 Jan 2025 Critical.*Critical issues.*States as of 1 April 2025, 06:30 UTC" page.txt || fail "the summary says: $(cat page.txt)"
    # Goals come by state and risk.
    text_of board
    grep -qP "At risk and overdue \(3\).*Active and on track \(7\).*Paused \(2\).*Completed \(2\).*Draft \(2\)" board.txt ||
        fail "goals are in another order"
}

# What programs that read a PDF aloud need.
test_structure() {
    make board pdf de
    [[ $(pdfinfo board.pdf | awk '/^Tagged:/ {print $2}') == yes ]] || fail "no structure"
    pdfinfo -struct board.pdf >structure.txt
    local tag
    for tag in H1 H2 H3 P Table TR TH TD Figure Link; do
        grep -qE "^ *$tag\b" structure.txt || fail "no $tag in the structure"
    done
    qpdf --check board.pdf >/dev/null || fail "no well formed PDF"
    qpdf --qdf --object-streams=disable board.pdf plain.pdf
    grep -qa '/Lang (de)' plain.pdf || fail "no language"
    grep -qa '/DisplayDocTitle true' plain.pdf || fail "no title in the window"
    grep -qa '/Outlines' plain.pdf || fail "no bookmarks"
    (($(grep -ca '/S /Figure' plain.pdf) == $(grep -ca '/Alt ' plain.pdf))) || fail "a chart says nothing"
    # What follows a name belongs to the same element.
    make board pdf
    pdfinfo -struct-text board.pdf >said.txt
    has said.txt '"Mei Tanaka · due 15 Mar 2025"'
    make board pdf ar
    qpdf --qdf --object-streams=disable board.pdf plain.pdf
    grep -qa '/Lang (ar)' plain.pdf && grep -qa '/Direction /R2L' plain.pdf || fail "not from right to left"
}

# Titles, numbers and days in one language per report, in both formats.
test_languages() {
    local lang text
    declare -A said=(
        [en]="Goals at risk|Page 2 of|31 Mar 2025|1,086,000 EUR|−16.7%|Not started|Überfällig-"
        [de]="Gefährdete Ziele|Seite 2 von|10. Jan. 2025|1.086.000 EUR|Abgeschlossen|1. Januar 2025 bis 31. März 2025|Goals-"
        [fr]="Objectifs à risque|Page 2 sur|10 janv. 2025|Atteints|1er janvier 2025 au 31 mars 2025|Goals-"
        [es]="Objetivos en riesgo|Página 2 de|10 ene 2025|1.086.000 EUR|1 de enero de 2025 al 31 de marzo de 2025|Goals-"
    )
    for lang in en de fr es; do
        make board pdf "$lang"
        make board docx "$lang"
        text_of board
        parts_of board
        words_of board | tr '\n' ' ' >words.txt
        while read -r -d '|' text; do
            case $text in
            *-) has_not board.txt "${text%-} " && has_not words.txt "${text%-} " ;;
            "Page 2"* | "Seite 2"* | "Página 2"*) has board.txt "$text" ;;
            "31 Mar"* | "Not started" | "1.086"* | "1,086"* | "−16.7%") has board.txt "$text" ;;
            *) has board.txt "$text" && has words.txt "$text" ;;
            esac
        done <<<"${said[$lang]}|"
        has board/word/styles.xml "w:lang w:val=\"$lang-"
        has board/docProps/core.xml "<dc:language>$lang</dc:language>"
    done
    make board pdf ar
    make board docx ar
    parts_of board
    pdftotext -layout board.pdf board.txt
    has board.txt "الملخص"
    has board/word/document.xml "<w:bidiVisual/>"
    has board/word/document.xml "<w:titlePg/><w:bidi/>"
    has board/word/document.xml "الملخص التنفيذي"
    # Latin names stand at the side of the others in a table from right to left, Arabic ones likewise.
    has board/word/document.xml '<w:bidi w:val="0"/><w:jc w:val="right"/>'
    make scripts docx
    parts_of scripts
    has scripts/word/document.xml '<w:bidi w:val="1"/><w:jc w:val="right"/>'
}

test_paper() {
    make board pdf en letter
    make board docx en letter
    pdfinfo board.pdf | grep -q '612 x 792 pts (letter)' || fail "$(pdfinfo board.pdf)"
    parts_of board
    has board/word/document.xml 'w:w="12240" w:h="15840"'
}

# A picture of the company, or the report without it.
test_logo() {
    make board docx
    parts_of board
    cp board/word/media/picture1.png logo.png
    make board pdf en a4 "$PWD/logo.png"
    pdfimages -list board.pdf | grep -q ' 1 .* image ' || fail "no logo"
    make board docx en a4 "$PWD/logo.png"
    parts_of board
    cmp board/word/media/picture1.png logo.png || fail "the DOCX has another logo"
    printf 'no picture' >bad.png
    head -c 60 logo.png >cut.png
    { head -c 16 logo.png && printf '\0\0\x27\x10' && tail -c +21 logo.png; } >wide.png
    { cat logo.png && head -c 1100000 /dev/zero; } >large.png
    local file
    for file in bad cut wide large missing; do
        make board pdf en a4 "$PWD/$file.png"
        has err "the logo is left out"
        has err "$file.png"
        [[ $(pages_of board.pdf) -ge 12 ]] || fail "no report with $file.png"
    done
}

# What svc-analytics of release 1.0.0 tells makes a report, too.
test_old() {
    make old pdf
    make old docx
    text_of old
    has old.txt "Grow recurring revenue to 12 million"
    has old.txt "Recorded a reading of 47 points for March"
    has_not old.txt "nan"
}

# Charts that are hard to label, and a single goal.
test_many() {
    make many pdf
    make many docx
    make one pdf
    text_of many
    has_not many.txt "nan"
    has_not many.txt "inf "
    text_of one
    has one.txt "Grow recurring revenue to 12 million"
    (($(pages_of one.pdf) <= 7)) || fail "$(pages_of one.pdf) pages of one goal"
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
    has scripts/word/document.xml '<w:bidi w:val="1"/>'
    has scripts/word/document.xml "<w:rtl/>"
}

test_empty() {
    make empty pdf
    make empty docx
    text_of empty
    has empty.txt "There is nothing to report yet."
    has empty.txt "Fresh Start"
    has_not empty.txt "nan"
    (($(pages_of empty.pdf) == 2)) || fail "$(pages_of empty.pdf) pages"
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
    (($(grep -oE '(higher|lower) is better' huge.txt | wc -l) == 500)) || fail "KPIs are missing"
    has huge.txt "part 2000"
    (($(pages_of huge.pdf) > 300)) || fail "$(pages_of huge.pdf) pages"
    parts_of huge
    xmllint --huge --noout huge/word/document.xml || fail "XML is not well formed"
    # What was cut before it came here is said to be cut.
    has huge.txt "Overdue actions (10,000) Shown are the first 2,000 of 10,000."
    has huge.txt "Shown are the first 2,000 of 34,567."
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

# It leaves its starter's session and makes its own nice, less so when it starves.
test_pace() {
    local pid
    mkfifo data
    "$writer" --format pdf --aside <data >board.pdf &
    pid=$!
    exec 3>data
    sleep 0.5
    [[ $(ps -o sid= -p "$pid") -eq $pid ]] || fail "it is in its starter's session"
    [[ ! -e /proc/$pid/autogroup ]] || grep -q ' nice 15$' "/proc/$pid/autogroup" ||
        [[ $(cat /proc/sys/kernel/sched_autogroup_enabled) == 0 ]] || fail "its session is not nice"
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
    [[ $(pages_of board.pdf) -ge 12 ]] || fail "no report"
}

# While others want its processor it naps: what else would it wait for, with all its data in a file.
test_naps() {
    local cpu pid other naps=0
    "$fixture" huge >huge.msgpack
    cpu=$(taskset -cp $$ | grep -oE '[0-9]+$')
    taskset -c "$cpu" bash -c 'while :; do :; done' &
    other=$!
    taskset -c "$cpu" "$writer" --format pdf --aside <huge.msgpack >huge.pdf &
    pid=$!
    while ((naps <= 100)) && [[ -e /proc/$pid/status ]]; do
        naps=$(awk '/^voluntary/ {print $2}' "/proc/$pid/status" 2>/dev/null || true)
        naps=${naps:-0}
        sleep 0.05
    done
    kill "$other" "$pid" 2>/dev/null || true
    wait "$other" "$pid" 2>/dev/null || true
    ((naps > 100)) || fail "$naps naps beside another that is busy"
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
    has board/word/document.xml 'TOC \o &quot;1-2&quot; \h'
    (($(grep -o '"begin"' board/word/document.xml | wc -l) == $(grep -o '"end"' board/word/document.xml | wc -l))) ||
        fail "a field does not end"
    local heading
    for heading in Heading1 Heading2 Heading3 Heading4; do
        has board/word/document.xml "w:val=\"$heading\""
    done
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
    for text in "77.3" "85.0" "67.5%" "Completion rate 80%" "On track rate 80%" "of 9" "of 36 open" \
        "People who own goals or actions: 12" "1,000,000 EUR" "4.5 days" "30 Jun 2025" "up 2.1 points"; do
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
    REPORT_REQUEST_ID=r-9 REPORT_TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 "$writer" --format pdf <data 2>said 3>&- &
    pid=$!
    # It minds SIGABRT; before that it is this shell, which may mind it too.
    until [[ /proc/$pid/exe -ef $writer ]] && grep -qE '^SigCgt:.*[2367abef][0-9a-f]$' "/proc/$pid/status"; do sleep 0.01; done
    kill -ABRT "$pid"
    ! wait "$pid" || fail "it lives"
    grep -q '^{"time":"[^"]*","level":"error","process":"report-writer","pid":[0-9]*,"message":"crashed","signal":"SIGABRT","requestId":"r-9","trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","backtrace":"' said ||
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
