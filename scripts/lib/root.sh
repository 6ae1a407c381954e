# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The testbed's root filesystem, for scripts that run something in it: Python and all other tools come
# from there, so that a host needs none.

# shellcheck source=scripts/lib/mirror.sh
. "${project:?}/scripts/lib/mirror.sh"
# shellcheck source=scripts/lib/namespace.sh
. "$project/scripts/lib/namespace.sh"
# shellcheck source=scripts/lib/cache.sh
. "$project/scripts/lib/cache.sh"
# shellcheck source=scripts/lib/kernels.sh
. "$project/scripts/lib/kernels.sh"
# shellcheck source=scripts/lib/own-kernels.sh
. "$project/scripts/lib/own-kernels.sh"
# shellcheck source=scripts/lib/sources.sh
. "$project/scripts/lib/sources.sh"
# shellcheck source=scripts/lib/hmm.sh
. "$project/scripts/lib/hmm.sh"
# shellcheck source=scripts/lib/rootfs.sh
. "$project/scripts/lib/rootfs.sh"

# Made if it is missing; held until this shell ends.
open_root() {
	setup_if_missing
	hold_cache
}

# in_root COMMAND...: after open_root. The project is the current folder there.
in_root() {
	(enter_root "$@")
}
