# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# For tests written in bash: results as TAP. A test that ends before "done_testing" has no plan,
# which counts as a failure.

tap_count=0 tap_failed=0

# passes NAME / fails NAME: one result.
passes() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1"
}

fails() {
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $1"
}

# ok NAME COMMAND...: whether COMMAND succeeds.
ok() {
	if "${@:2}"; then
		passes "$1"
	else
		fails "$1"
	fi
}

# is GOT WANTED NAME
is() {
	if [[ $1 == "$2" ]]; then
		passes "$3"
	else
		fails "$3"
		printf '#   got:    %q\n#   wanted: %q\n' "$1" "$2"
	fi
}

# like GOT PATTERN NAME: PATTERN is an extended regular expression.
like() {
	if [[ $1 =~ $2 ]]; then
		passes "$3"
	else
		fails "$3"
		printf '#   got:    %q\n#   wanted: %q\n' "$1" "$2"
	fi
}

done_testing() {
	echo "1..$tap_count"
	exit $((tap_failed > 0))
}
