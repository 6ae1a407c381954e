# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What every script begins with, once it has set $program: the top of the project, logging and options.
#
#   project   the top of the source tree; installed, the folder that holds scripts/
#   programs  installed, the folder of the programs; in a source tree nothing
#   called    the script as it is called: scripts/NAME; installed, odp_NAME, which then is $program too
#   results   the folder of results: of the source tree; installed, of the folder of the call
set -euo pipefail
shopt -s inherit_errexit

export LC_ALL=C.UTF-8
project=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
called=scripts/${program:?} programs=''
# Made by cmake --install only.
if [[ -L $project/bin ]]; then
	programs=$(readlink -f "$project/bin") program=odp_$program
	called=$program
fi
# shellcheck disable=SC2034  # namespace.sh uses it
results=${programs:+$PWD} results=${results:-$project}/results

# shellcheck source=scripts/lib/log.sh
. "$project/scripts/lib/log.sh"
# shellcheck source=scripts/lib/args.sh
. "$project/scripts/lib/args.sh"
