#!/usr/bin/env bash
# Runs the tests: first those that may run side by side, two at a time, then those that need the machine to themselves.
# Ends with one line, "N passed, N failed, N skipped"; fails when a test does, and when there is none.
#   scripts/run_tests.sh PYTHON [pytest's options, such as -k NAME or -m MARKS]
set -uo pipefail
cd "$(dirname "$0")/.."
python=$1
shift
options=()
chosen=""
while [ $# -gt 0 ]; do # -m is joined with the marks of each part
    if [ "$1" = -m ]; then
        chosen=" and ($2)"
        shift
    else
        options+=("$1")
    fi
    shift
done
report=$(mktemp -d)
trap 'rm -rf "$report"' EXIT
status=0

part() { # part NAME MARKS OPTION …: that a part has no test among those chosen (5) is no failure
    local name=$1 marks=$2
    shift 2
    "$python" -m pytest -q -m "$marks$chosen" --junitxml="$report/$name.xml" "$@" "${options[@]}" || [ $? = 5 ] || status=1
}

part together "not alone and not browser" -n 2 --dist loadfile
part browser "browser and not alone" -n 2 --dist loadfile  # Playwright's event loop fills their processes
part alone "alone"

"$python" - "$report" <<'PYTHON' || status=1
import pathlib, sys
from xml.etree import ElementTree

counts = {"tests": 0, "skipped": 0, "failures": 0, "errors": 0}
for file in pathlib.Path(sys.argv[1]).glob("*.xml"):
    for suite in ElementTree.parse(file).iter("testsuite"):
        for name in counts:
            counts[name] += int(suite.get(name, 0))
n_failed = counts["failures"] + counts["errors"]
print(f"{counts['tests'] - counts['skipped'] - n_failed} passed, {n_failed} failed, {counts['skipped']} skipped")
sys.exit(not counts["tests"])
PYTHON
exit $status
