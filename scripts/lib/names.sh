# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Names of scenarios, and of what the emulated card can do, on the command line of a script that boots guests.
# A guest refuses an unknown one, too, but only after it has booted.

# any_is GLOB NAME...
any_is() {
	local glob=$1 name
	shift
	for name; do
		# shellcheck disable=SC2053  # it is a glob
		[[ $name != $glob ]] || return 0
	done
	return 1
}

# need_scenarios [--hazards] GLOB...: ends the script with 2 unless each glob names a scenario, or a hazard. In
# a source tree, where nothing may be built yet, the index of the documents has them.
need_scenarios() {
	local index=docs/scenarios.md mark='' glob ids
	if [[ -n $programs ]]; then
		(($# == 0)) || "$programs/odp_test" --list "$@" >/dev/null || exit 2
		return 0
	fi
	[[ ${1-} != --hazards ]] || { mark='(*hazard' && shift; }
	mapfile -t ids < <(awk -v mark="$mark" '/^## Retired/ { exit }
		/^\| [A-Z]+-[0-9]/ && (mark == "" || index($0, mark)) { print $2 }' "${project:?}/$index")
	for glob; do
		any_is "$glob" "${ids[@]}" && continue
		! any_is "${glob}[.-]*" "${ids[@]}" || misuse "no scenario ${glob@Q}; '$glob*' names those that begin so"
		[[ -z $mark ]] || misuse "no hazard ${glob@Q}; $index names them all"
		misuse "no scenario ${glob@Q}; $index names them all, and scripts/lib/scenario-index makes it anew"
	done
}

# need_rows KIND NAME...: likewise, unless each is a row of the emulated card: an injection, or a behaviour.
need_rows() {
	local kind=$1 name rows
	shift
	mapfile -t rows < <(sed -nE 's/^[A-Z]+\([A-Z0-9_]+, "([^"]+)",.*/\1/p' "${project:?}/emu/device/${kind}s.def")
	for name; do
		valid "${rows[*]}" "$name" || misuse "no $kind ${name@Q}; docs/man/mlx5_emu.1.md describes them all"
	done
}
