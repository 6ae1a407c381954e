# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# For tests that boot guests of their own.

project=$(readlink -f "$(dirname "${BASH_SOURCE[0]}")/../../..")
testbed=$project/scripts/testbed
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# boot WORD...: testbed run; leaves status, out and err.
boot() {
	start "$@"
	finish
}

# The same in two parts, for what is to happen meanwhile. At a terminal SIGINT is not ignored.
start() {
	# Emptied here: what runs in the background may be later than the first look at it.
	: >"$work/out"
	env --default-signal=INT "$testbed" run "$@" >"$work/out" 2>"$work/err" </dev/null &
	supervisor=$!
}

# shellcheck disable=SC2034  # status, out and err are for the tests
finish() {
	status=0
	wait "$supervisor" || status=$?
	out=$(<"$work/out") err=$(<"$work/err")
}

# wait_for COMMAND...: up to four minutes, for a guest that never came up is booted again after 90 s.
wait_for() {
	local tries=1200
	until "$@"; do
		((tries-- > 0)) || return
		sleep 0.2
	done
}

# The process of QEMU, of which there must be one. A minimal machine has no pgrep.
qemu() {
	local child status=1
	for child in $(<"/proc/$supervisor/task/$supervisor/children"); do
		[[ $(<"/proc/$child/comm") == qemu-system* ]] || continue
		echo "$child"
		status=0
	done
	return "$status"
}

# Sets pid to it. The list of a process's children may lack some while one of them ends (proc(5)): to
# be waited for.
# shellcheck disable=SC2317,SC2034  # wait_for calls it, for the tests
find_qemu() {
	pid=$(qemu)
}

# Waits until the command that was started has printed that it runs.
wait_for_command() {
	wait_for grep -q running "$work/out"
}

# The folders for results that no run holds any more, and that none has cleared away. Who makes one
# locks it while it holds the whole: scripts/lib/testbed/results.py. What is not there, flock would make;
# but not what ends in a dot.
abandoned() {
	local folder
	for folder in "$project"/results/.guest-*; do
		flock "$project/results" flock --nonblock "$folder/." echo "$folder" 2>/dev/null
	done
}
