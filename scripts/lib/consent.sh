# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What a run changes on this host is shown, and allowed, before it begins.

# How long the question waits.
readonly ANSWER_SECONDS=600

# consent ARGUMENT...: whether odp_test may run with these. Without --yes a terminal is asked, where the run
# changes more than its own processes. Returns 2 where it may not, after a line with the reason.
consent() {
	local plan status=0 answer=''
	[[ -z ${options[yes]} ]] || return 0
	plan=$(odp_test "$@" --dry-run) || status=$?
	((status != 2)) || return 2
	# without a device nothing can be changed; odp_test itself says so
	[[ $status == 0 && $plan != *'changes of this host: none'* ]] || return 0
	if [[ ! -t 0 || ! -t 2 ]]; then
		say 'the run changes this host, as --dry-run shows; allow it with --yes'
		return 2
	fi
	printf '%s\n' "$plan" >&2
	read -r -t "$ANSWER_SECONDS" -p 'Run these scenarios? [y/N] ' answer || echo >&2
	[[ $answer == [yY]* ]] || { say 'nothing was run' && return 2; }
}
