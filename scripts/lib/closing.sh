# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The closing sentence of qualify, from the journals of its runs (odp_test(1), --journal).

# How a reason for a skip begins | what was not tested | what to give. Other skips are the device's.
readonly REMEDIES=(
	'no DAX filesystem|DAX files|--dax'
	'no DAX device|DAX devices|--devdax'
	'no page-cache filesystem|page-cache files|--directory'
	'needs root|what only root may do|root'
)

declare -A verdicts=() untested=()

# take_journal FILE: counts its verdicts, and what was skipped for want of an option.
take_journal() {
	local line row reason what remedy
	[[ -e $1 ]] || return 0 # it did not come so far
	while read -r line; do
		[[ $line =~ \"verdict\":\"([A-Z]+)\" ]] || continue
		verdicts[${BASH_REMATCH[1]}]=$((${verdicts[${BASH_REMATCH[1]}]:-0} + 1))
		[[ ${BASH_REMATCH[1]} == SKIP && $line =~ \"why\":\"([^\"]*)\" ]] || continue
		for row in "${REMEDIES[@]}"; do
			IFS='|' read -r reason what remedy <<<"$row"
			[[ ${BASH_REMATCH[1]} != "$reason"* ]] || untested[$what]=$remedy
		done
	done <"$1"
}

# closing STATUS [SCENARIO...]: the sentence for runs of which the worst ended with that exit status.
# SCENARIO: what the user chose; some scenarios alone qualify nothing. Returns the exit status of qualify:
# 3 where nothing failed, but something that could have been tested was not.
closing() {
	local status=$1 what gaps='' errors=${verdicts[ERROR]:-0}
	local passed=${verdicts[PASS]:-0} known=${verdicts[XFAIL]:-0} skipped=${verdicts[SKIP]:-0}
	local failed=$((${verdicts[FAIL]:-0} + ${verdicts[XPASS]:-0})) unproven=${verdicts[UNPROVEN]:-0}
	for what in "${!untested[@]}"; do
		gaps+="${gaps:+, }$what (${untested[$what]})"
	done
	((errors == 0)) || gaps+="${gaps:+, }$errors with verdict ERROR (its line has the remedy)"
	case $status in
	0 | 3) ;;
	1) echo "NOT QUALIFIED: $failed failed, $unproven unproven, $passed passed${gaps:+; not tested: $gaps}" ;;
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
