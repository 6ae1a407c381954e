# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# For tests written in bash: results as TAP. A test that ends before "done_testing" has no plan,
# which counts as a failure.

tap_count=0 tap_failed=0

# ok STATUS NAME
ok() {
	tap_count=$((tap_count + 1))
	if (($1 == 0)); then
		echo "ok $tap_count - $2"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_count - $2"
	fi
}

skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

# is GOT WANTED NAME
is() {
	local same=0
	[[ $1 == "$2" ]] || same=1
	ok $same "$3"
	((same == 0)) || printf '#   got:    %q\n#   wanted: %q\n' "$1" "$2"
}

# like GOT PATTERN NAME: PATTERN is an extended regular expression.
like() {
	local found=0
	[[ $1 =~ $2 ]] || found=1
	ok $found "$3"
	((found == 0)) || printf '#   got:    %q\n#   wanted: %s\n' "$1" "$2"
}

done_testing() {
	echo "1..$tap_count"
	exit $((tap_failed > 0))
}
