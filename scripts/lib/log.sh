# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Logging of the scripts: on stderr only, one line each, and always with the name of the program. The
# exit statuses are those of scripts/lib/testbed/outcome.py.

watched=''

say() {
	printf '%s: %s\n' "${program:?}" "$*" >&2
}

# The testbed, or the machine under it, cannot do what it should.
die() {
	say "$@"
	exit 125
}

# The command line is wrong.
misuse() {
	say "$@"
	exit 2
}

# Seconds since START, a value of EPOCHREALTIME, with one decimal.
seconds_since() {
	local now=$EPOCHREALTIME
	local tenths=$(((${now/./} - ${1/./}) / 100000))
	printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# within BUDGET START WHAT: logs how long WHAT took, next to the seconds that it may take.
within() {
	local took
	took=$(seconds_since "$2")
	if ((${took%.*} < $1)); then
		say "$3 in $took s (budget $1 s)"
	else
		say "$3 in $took s, over its budget of $1 s"
	fi
}

# Whether stderr is a terminal whose lines can be erased.
on_terminal() {
	[[ -t 2 && ${TERM:-dumb} != dumb ]]
}

# watch LOG COMMAND...: runs COMMAND with its output in LOG; on a terminal, shows the log's last
# line and the time spent. The process is in $watched meanwhile, so that a trap can end it.
watch() {
	local log=$1 began=$EPOCHREALTIME status=0
	shift
	"$@" >>"$log" 2>&1 &
	watched=$!
	while on_terminal && kill -0 "$watched" 2>/dev/null; do
		printf '\r\e[K%s: %4.0f s  %.70s' "$program" "$(seconds_since "$began")" \
			"$(tail -n 1 "$log")" >&2
		sleep 0.5
	done
	! on_terminal || printf '\r\e[K' >&2
	wait "$watched" || status=$?
	watched=''
	return "$status"
}

# Ends the process that watch waits for, if there is one.
end_watched() {
	if [[ -n $watched ]]; then
		kill -KILL "$watched" || true
		wait "$watched" || true
	fi 2>/dev/null
}
