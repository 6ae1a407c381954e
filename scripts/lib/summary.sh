# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The summary of a run: the closing sentence, what was tested of each capability, where the files are. It reads
# closing.sh's variables.

# cover FOLDER SCRATCH [OPTION]...: shows what its results cover, by odp_report with these options.
cover() {
	printf '\nCoverage\n'
	# a gap and what is not as required are in the lines that it prints
	odp_report "${@:3}" "$1" >"$2/coverage" || [[ $? == [13] ]] || untested+=('coverage (no results could be read)')
	cat "$2/coverage"
	take_coverage "$2/coverage"
}

# summarise FOLDER SCRATCH SENTENCE: leaves summary.txt there. What is covered was shown before.
summarise() {
	{
		printf '%s\n\n' "$3"
		cat "$2/coverage"
		printf '\nfiles:\n'
		(cd "$1" && find . -type f -printf '  %P\n' | sort)
	} >"$2/summary"
	mv "$2/summary" "$1/summary.txt"
}
