# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# bisect's steps. A verdict is a status of "git bisect run" (git-bisect(1)): 0 good, 1 bad, 125 cannot be told.
# The caller has set $scenarios, $nic, $hmm, $seconds, $scratch, and the options of the build.

readonly GOOD=0 BAD=1 UNTRIED=125
verdict='' reason=''

# try NAME KERNEL: boots it and runs the scenarios. Sets verdict, and reason to the line that tells why.
try() {
	local status=0
	say "$1: booting"
	# an empty folder of known defects: what fails, fails
	# shellcheck disable=SC2016  # the guest's shell expands them
	"$project/scripts/testbed" run --kernel "$2" --nic "${nic:?}" ${hmm:+--hmm} --numa --timeout "${seconds:?}" -- \
		sh -c 'exec odp_test --known-defects "$(mktemp -d)" "$@"' sh \
		"${place_options[@]}" "${scenarios[@]:?}" >"${scratch:?}/out" 2>"$scratch/err" || status=$?
	case $status in
	0) verdict=$GOOD reason='' ;;
	1) verdict=$BAD reason=$(first_failure) ;;
	120 | 121 | 122) verdict=$BAD reason=$(tail -n 1 "$scratch/err") ;;
	2) verdict=2 reason=$(tail -n 1 "$scratch/err") ;;
	*) verdict=$UNTRIED reason="status $status: $(tail -n 1 "$scratch/err")" ;;
	esac
	show "$1"
	# a scenario of that name there is on no kernel
	[[ $verdict != 2 ]] || exit 2
}

# The scenario that failed and the line after it, which has the reason.
first_failure() {
	awk '/^(FAIL|UNPROVEN) / { id = $2; getline; sub(/^ +/, ""); print id ": " $0; exit }' "$scratch/out"
}

show() {
	case $verdict in
	"$GOOD") echo "good     $1" ;;
	"$BAD") echo "bad      $1  $reason" ;;
	*) echo "skipped  $1  $reason" ;;
	esac
}

# expect NAME KERNEL VERDICT WORD: an end of the range is what the user takes it for.
expect() {
	try "$1" "$2"
	[[ $verdict == "$3" ]] || {
		say "$1 is not $4: there is nothing to bisect"
		exit 1
	}
}

# kernels_between GOOD BAD: those of the archive, oldest first, both ends among them.
kernels_between() {
	archive_kernels | awk -v good="$1" -v bad="$2" '$0 == good { on = 1 } on; $0 == bad { exit }'
}

# In kernels[from] all pass and in kernels[to] one fails. One that cannot be tried is taken out of the list.
bisect_archive() {
	local kernels from=0 to middle good bad
	open_root
	good=$(kernel_version "$1")
	bad=$(kernel_version "$2")
	find_mirror
	kernel_apt "$root_cache/apt" "${KERNEL_SUITES[@]}"
	apt-get update -qq >&2 || die 'cannot read the package lists of the archive, see above'
	mapfile -t kernels < <(kernels_between "$good" "$bad")
	[[ ${#kernels[@]} -gt 1 && ${kernels[-1]} == "$bad" ]] ||
		misuse "$bad does not come after $good among the kernels of the archive; it has: $(archive_kernels | paste -sd' ')"
	say "$((${#kernels[@]} - 2)) kernels between $good and $bad"
	expect "$good" "$good" "$GOOD" good
	expect "$bad" "$bad" "$BAD" bad
	to=$((${#kernels[@]} - 1))
	while ((to - from > 1)); do
		middle=$(((from + to) / 2))
		try "${kernels[middle]}" "${kernels[middle]}"
		case $verdict in
		"$GOOD") from=$middle ;;
		"$BAD") to=$middle ;;
		*)
			unset 'kernels[middle]'
			kernels=("${kernels[@]}")
			to=$((to - 1))
			;;
		esac
	done
	echo "first bad: ${kernels[to]}; ${kernels[from]} is the last good one that was tried"
}

# step_of_tree DIR: builds and tries what is checked out there; returns as git bisect run wants it.
step_of_tree() {
	local name
	name=$(git -C "$1" log -1 --format='%h ("%s")') || misuse "$1 is no git tree of Linux; name it with --tree"
	say "building $name"
	if ! (cd "$1" && bash -c "${options[build]}") >"$scratch/build" 2>&1 </dev/null; then
		tail -n 5 "$scratch/build" >&2
		verdict=$UNTRIED reason='it does not build'
		show "$name"
	else
		try "$name" "${options[output]:-$1}"
	fi
	return "$verdict"
}

bisect_tree() {
	local status=0 words=(--step --tree "$1" --nic "$nic" --timeout "$seconds" --build "${options[build]}" ${hmm:+--hmm})
	local git=(git -C "$1") end
	[[ -z ${options[output]} ]] || words+=(--output "${options[output]}")
	for end in "$2" "$3"; do
		"${git[@]}" rev-parse --quiet --verify "$end^{commit}" >/dev/null || misuse "$end is no commit of $1"
	done
	[[ -z $("${git[@]}" status --porcelain --untracked-files=no) ]] || misuse "$1 has changes; commit or stash them"
	# however this ends, the tree is then where it was
	"${git[@]}" bisect start >/dev/null 2>&1 || die "$1 is being bisected already; git bisect reset ends that"
	trap 'git -C "$tree" bisect reset >/dev/null 2>&1; rm -rf "$scratch"' EXIT
	checked_out "$2" "$GOOD" good
	checked_out "$3" "$BAD" bad
	"${git[@]}" bisect run "$project/scripts/bisect" "${words[@]}" "${scenarios[@]}" | tee "$scratch/run" |
		{ grep --line-buffered -E '^(good|bad|skipped) {2,}' || true; } || status=$?
	((status == 0)) || die "git bisect run ended with status $status: $(tail -n 1 "$scratch/run")"
	sed -n '/is the first bad commit/,/^Date:/p' "$scratch/run"
}

# checked_out COMMIT VERDICT WORD: an end of the range, where it is checked out.
checked_out() {
	git -C "$tree" checkout --quiet "$1^{commit}"
	step_of_tree "$tree" || true
	[[ $verdict == "$2" ]] || {
		say "$1 is not $3: there is nothing to bisect"
		exit 1
	}
	git -C "$tree" bisect "$3" >/dev/null
}
