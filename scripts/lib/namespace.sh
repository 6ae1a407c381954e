# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Mount namespaces: what is mounted for the testbed vanishes with the process that it was mounted
# for, killed or not.

# The words that put a command into a mount namespace of its own, in which it is root.
namespace=(unshare --mount)
if ((EUID != 0)); then
	namespace+=(--user --map-root-user --map-auto)
fi
# In a plain chroot "/" is no mount point, whose propagation could be set.
mountpoint -q / || namespace+=(--propagation unchanged)

# Those that moreover end it, and everything that it has started, when this shell ends.
# shellcheck disable=SC2034  # rootfs.sh and kernels.sh use it
contained=(setpriv --pdeathsig KILL "${namespace[@]}" --pid --fork --kill-child --mount-proc)

# Ends the script with the reason if this user may not do so.
need_namespace() {
	local why me
	me=$(id -un)
	if ((EUID != 0)); then
		command -v newuidmap >/dev/null ||
			die 'an ordinary user needs newuidmap: have root install the package uidmap'
		if ! grep -q "^$me:" /etc/subuid || ! grep -q "^$me:" /etc/subgid; then
			die "$me has no subordinate ids: have root call" \
				"usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $me"
		fi
	fi
	why=$("${namespace[@]}" true 2>&1) ||
		die "cannot make a mount namespace, run as root or where user namespaces are allowed:" \
			"${why##*$'\n'}"
	mountpoint -q / || need_private_mounts
}

# A chroot below a shared mount would show our mounts to the whole machine, and keep them there.
need_private_mounts() {
	local probe leak=''
	probe=$(mktemp -d "${cache:?}/.probe-XXXXXX")
	"${namespace[@]}" mount --bind "$probe" "$probe"
	if mountpoint -q "$probe"; then
		umount "$probe"
		leak=1
	fi
	rmdir "$probe"
	[[ -z $leak ]] || die 'this chroot shares its mounts with the machine: enter it by unshare --mount'
}

# Replaces this shell by COMMAND... inside the root filesystem of $root_cache, with the project
# and the cache's folders mounted there. Takes the words of the namespace from $namespace.
enter_root() {
	local builds consoles=${cache:?}/consoles
	builds=${root_cache:?}/builds/$(sha256sum <<<"${project:?}" | cut -c 1-12)
	mkdir -p "$builds" "$consoles"
	export TESTBED_PROGRAMS=$programs TESTBED_NAME=$program
	export TESTBED_RESULTS=${results:?} TESTBED_CONSOLES=$consoles
	exec "${namespace[@]}" "$BASH" "$project/scripts/lib/enter-root" \
		"$root_cache" "$project" "$builds" "$consoles" "$@"
}
