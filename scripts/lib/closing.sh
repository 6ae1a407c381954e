# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The closing sentence of qualify, from the journals of its runs (odp_test(1), --journal) and from what
# they cover (odp_report(1)).

declare -A verdicts=()
untested=() unmet=0

# take_journal FILE: counts its verdicts.
take_journal() {
	local line
	[[ -e $1 ]] || return 0 # it did not come so far
	while read -r line; do
		[[ $line =~ \"verdict\":\"([A-Z]+)\" ]] || continue
		verdicts[${BASH_REMATCH[1]}]=$((${verdicts[${BASH_REMATCH[1]}]:-0} + 1))
	done <"$1"
}

# take_coverage FILE: the gaps that odp_report has found, and what is not as required.
take_coverage() {
	local line
	while IFS= read -r line; do
		[[ $line != 'not tested: '* ]] || untested+=("${line#not tested: }")
		[[ $line != 'not met: '* ]] || unmet=$((unmet + 1))
	done <"$1"
}

# closing STATUS [SCENARIO...]: the sentence for runs of which the worst ended with that exit status.
# SCENARIO: what the user chose; some scenarios alone qualify nothing. Returns the exit status of qualify:
# 3 where nothing failed, but something that could have been tested was not.
closing() {
	local status=$1 gap gaps='' short='' errors=${verdicts[ERROR]:-0}
	local passed=${verdicts[PASS]:-0} known=${verdicts[XFAIL]:-0} skipped=${verdicts[SKIP]:-0}
	local failed=$((${verdicts[FAIL]:-0} + ${verdicts[XPASS]:-0})) unproven=${verdicts[UNPROVEN]:-0}
	for gap in "${untested[@]}"; do
		gaps+="${gaps:+, }$gap"
	done
	((errors == 0)) || gaps+="${gaps:+, }$errors with verdict ERROR (its line has the remedy)"
	[[ $status != @(0|3) || $unmet == 0 ]] || status=1
	((!unmet)) || short=", $unmet not as required"
	case $status in
	0 | 3) ;;
	1) echo "NOT QUALIFIED: $failed failed, $unproven unproven, $passed passed$short${gaps:+; not tested: $gaps}" ;;
	77) echo 'INCOMPLETE: nothing could run' ;;
	*) echo "INCOMPLETE: the run ended with status $status; $failed failed, $passed passed" ;;
	esac
	((status == 0 || status == 3)) || return "$status"
	# odp_test or odp_perf has named what the host is short of, before it began
	((status == 0)) || [[ -n $gaps ]] || gaps='what the host is too short of for a beginning'
	if [[ -n $gaps ]]; then
		echo "INCOMPLETE: $passed passed, none failed; not tested: $gaps"
		return 3
	fi
	if (($# > 1)); then
		echo "PASSED, of the scenarios that were named: $passed passed, $known failed as known, $skipped skipped"
		return
	fi
	echo "QUALIFIED: $passed passed, $known failed as known, $skipped skipped"
}
