# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# A table that a guest fills row by row: name, verdict, what noticed it, a message. A guest may die in a row, and
# the script may be cut: the table keeps what is whole, and the next guest goes on from there.
#
# The script has $program and its options: script.sh.
#
#   table   the file that has it; the user's --output, or one that goes with the script

# open_rows HEAD: prints the rows of an earlier call. The last one of a run that was cut is not whole.
open_rows() {
	# shellcheck disable=SC2154  # the script's
	table=${options[output]}
	if [[ -z $table ]]; then
		table=$(mktemp)
		trap 'rm -f "$table"' EXIT
	elif [[ -s $table ]]; then
		[[ $(head -n 1 "$table") == "$1"* ]] || misuse "--output '$table': is no table of ${program:?}"
		sed -i '/^[a-z]*: [0-9]/d' "$table"
		[[ -z $(tail -c 1 "$table") ]] || sed -i '$d' "$table"
		cat "$table"
	fi
	touch "$table"
}

# The names that have a whole row.
rows_done() {
	awk 'NR > 1 && NF > 2 { print $1 }' "$table" | paste -sd,
}

# close_row STATUS: where the guest has died in the middle of a row.
close_row() {
	[[ -z $(tail -c 1 "$table") ]] ||
		printf '%-7s %-20s %s\n' DIED - "the guest ended with status $1, see above" | tee -a "$table"
}

# fill_rows BOOTS COMMAND...: the command boots a guest that prints rows, and is called again while the guest is
# harmed (status 75) or dies, as long as that adds rows. Returns 0 when all rows are there; else ends the script.
fill_rows() {
	local boots=$1 status before
	shift
	for (( ; boots; boots--)); do
		status=0 before=$(rows_done)
		"$@" || status=$?
		case $status in
		0) return 0 ;;
		75) say 'booting again' ;;
		12[0-4]) close_row "$status" ;;
		*) exit "$status" ;;
		esac
		[[ $(rows_done) != "$before" ]] || exit "$status"
	done
}
