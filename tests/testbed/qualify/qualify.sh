# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# For tests of the main job on an RDMA device of the testbed: nothing fails, nothing is unproven, all four states are
# measured, and no scenario needs much memory.
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
project=$(readlink -f "$here/../../..")
# shellcheck source=tests/testbed/tap.sh
. "$here/../tap.sh"
# shellcheck source=scripts/guest/places
. "$project/scripts/guest/places"

readonly PATIENCE=900 MEMORY_MIB=128

# The covering array (group MIX) runs on mlx5, on others with QUALIFY_WHOLE, as by check --full. So does the measurement
# on mlx5-transport, which differs from mlx5 in how the driver learns of a page fault.
# shellcheck disable=SC2034  # for the tests
readonly WITHOUT_MIX=('[!M]*' 'MLX-*')

# count PATTERN: lines of the output that match.
count() {
	grep -cE "$1" <<<"$out"
}

# hogs RESULTS: what needed more than MEMORY_MIB, its regions included; or nothing at all, which cannot be.
hogs() {
	"$project/scripts/lib/in-root" python3 -c '
import json, sys
peaks = {s["id"]: s["peak_rss_bytes"] for s in json.load(sys.stdin)["scenarios"] if s["verdict"] != "SKIP"}
print(*(id for id, peak in peaks.items() if not 1 << 20 < peak <= int(sys.argv[1]) << 20) if peaks else ["none has run"])' \
		"$MEMORY_MIB" <"$1"/run.json
}

# judge WHAT SKIPS: the output in out, and the exit status. SKIPS is what the NIC cannot do on the newest kernel, by
# docs/scenarios.md. More would be untested unseen.
judge() {
	local bad skipped
	is "$status" 0 "$1 ends well"
	((status == 0)) || tail -n 5 "$log" | sed 's/^/#   /'
	bad=$(grep -A 2 -E '^(FAIL|XPASS|UNPROVEN) |state is (refuted|unproven|contradiction)' <<<"$out")
	is "$bad" '' "$1: nothing fails, nothing is unproven"
	skipped=$(sed -nE 's/^[0-9]+ scenarios on .*, ([0-9]+) SKIP.*/\1/p' <<<"$out" | head -n 1)
	ok "$1: at most $2 scenarios are skipped ($skipped)" test "${skipped:-999}" -le "$2"
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# try_scenarios NIC SKIPS SCENARIO...: without a measurement. Leaves the output in out.
try_scenarios() {
	local nic=$1 skips=$2 status=0
	shift 2
	out=$(timeout "$PATIENCE" "$project/scripts/testbed" run --nic "$nic" --numa -- \
		odp_test "${place_options[@]}" --output /tmp "$@" 2>"$log") || status=$?
	judge "$nic: odp_test" "$skips"
}

# qualify NIC SKIPS [SCENARIO]...: the main job. Leaves the output in out.
qualify() {
	local nic=$1 skips=$2 status=0 state results runs sentence='QUALIFIED:'
	shift 2
	out=$(timeout "$PATIENCE" "$project/scripts/qualify" --testbed --nic "$nic" "$@" 2>"$log") || status=$?
	judge "$nic: qualify" "$skips"
	for state in pinned warm prefetched cold; do
		ok "$nic: $state is measured" test "$(count "^(write|read) +$state +")" -ge 4
	done
	mapfile -t results < <(sed -n 's/^testbed: results: //p' "$log")
	is "${#results[@]}" 1 "$nic: one folder has all results"
	(($# == 0)) || sentence='PASSED, of the scenarios that were named:'
	like "$(cat "${results[0]-}/summary.txt")" "^$sentence [0-9]+ passed" "$nic: it ends with the sentence"
	runs=("${results[0]-}"/*/run.json)
	is "$(hogs "${runs[0]%/run.json}" || echo 'unknown')" '' "$nic: no scenario needs more than $MEMORY_MIB MiB"
	rm -rf "${results[@]}"
}
