# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What the scripts say to the user: stderr only, one line each, and always with the name of the program.

# Exit statuses of our own; a command's own status is handed on as it is.
# shellcheck disable=SC2034  # read by the scripts that source this file
readonly EXIT_USAGE=2 EXIT_TESTBED=125

say() {
	printf '%s: %s\n' "${program:?}" "$*" >&2
}

# die STATUS MESSAGE...
die() {
	local status=$1
	shift
	say "$@"
	exit "$status"
}

# Seconds since START, a value of EPOCHREALTIME, with one decimal.
seconds_since() {
	local now=$EPOCHREALTIME
	local tenths=$(((${now/[.,]/} - ${1/[.,]/}) / 100000))
	printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# within BUDGET START WHAT: says how long WHAT took, next to the seconds that it may take.
within() {
	local took
	took=$(seconds_since "$2")
	if ((${took%.*} < $1)); then
		say "$3 in $took s (budget $1 s)"
	else
		say "$3 in $took s, over its budget of $1 s"
	fi
}

# watch LOG COMMAND...: runs COMMAND with its output in LOG; on a terminal, shows the log's last line and the time spent.
watch() {
	local log=$1 began=$EPOCHREALTIME status=0 pid
	shift
	"$@" >>"$log" 2>&1 &
	pid=$!
	watched=$pid
	while [[ -t 2 ]] && kill -0 "$pid" 2>/dev/null; do
		printf '\r\e[K%s: %s s: %.60s' "$program" "$(seconds_since "$began")" "$(tail -n 1 "$log")" >&2
		sleep 0.5
	done
	[[ -t 2 ]] && printf '\r\e[K' >&2
	wait "$pid" || status=$?
	watched=''
	return "$status"
}
