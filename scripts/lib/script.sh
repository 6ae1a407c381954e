# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What every script begins with, once it has set $program: the top of the project, logging and options.
set -euo pipefail
shopt -s inherit_errexit

export LC_ALL=C.UTF-8
project=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")

# shellcheck source=scripts/lib/log.sh
. "$project/scripts/lib/log.sh"
# shellcheck source=scripts/lib/args.sh
. "$project/scripts/lib/args.sh"
