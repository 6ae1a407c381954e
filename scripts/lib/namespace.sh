# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Mount namespaces: whatever is mounted for the testbed vanishes with the process that it was mounted for, killed or not.

# Words that put a command into a mount namespace of its own, in which it is root.
namespace_words() {
	namespace=(unshare --mount)
	if ((EUID != 0)); then
		namespace+=(--user --map-root-user --map-auto)
	fi
	# In a plain chroot "/" is no mount point, and nothing can be said about propagation.
	mountpoint -q / || namespace+=(--propagation unchanged)
}

# Whether this user may do so; says what is missing if not.
need_namespace() {
	local why
	namespace_words
	((EUID == 0)) || command -v newuidmap >/dev/null ||
		die $EXIT_TESTBED "an ordinary user needs newuidmap: have root install the package uidmap, or run as root"
	((EUID == 0)) || grep -q "^$(id -un):" /etc/subuid ||
		die $EXIT_TESTBED "$(id -un) has no range in /etc/subuid: have root call usermod --add-subuids 100000-165535" \
			"--add-subgids 100000-165535 $(id -un), or run as root"
	why=$("${namespace[@]}" true 2>&1) ||
		die $EXIT_TESTBED "cannot make a mount namespace (${why##*$'\n'}): run as root, outside of an unprivileged container"
}

# Replaces this shell by COMMAND... inside the root filesystem, with the project and the cache's folders mounted there.
enter_root() {
	local builds consoles=$cache/consoles
	builds=$root_cache/builds/$(sha256sum <<<"$project" | cut -c 1-12)
	mkdir -p "$builds" "$consoles"
	export TESTBED_PROJECT=$project TESTBED_CONSOLES=$consoles
	exec "${namespace[@]}" "$BASH" "$project/scripts/lib/enter-root" "$root_cache" "$project" "$builds" "$consoles" "$@"
}
