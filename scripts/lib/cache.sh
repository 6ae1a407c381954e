# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The cache of the testbed. <key>/ holds root/ (entered on the host), root.img (booted by the
# guest), kernels/, builds/, apt/, sources/ (sources.sh), trees/ (build-kernel.sh), tools-<hash>/ (tools.sh) and suites/
# (suite.sh); the key is a hash of everything that decides what is in there. It is made as .partial and renamed when
# it is whole.
# consoles/ holds the console logs of past runs.

readonly KEPT_DAYS=14

# services and cron may have no HOME
: "${HOME:=$(getent passwd "$EUID" | cut -d : -f 6)}"
cache=$(realpath -m "${ODPLAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/odplab}")
recipe=(
	"${project:?}"/configs/testbed/packages
	"$project"/scripts/lib/{bootstrap,pack-root,pack-kernel,pack-tree,pack.sh}
	"$project"/scripts/guest/{initrd,mount-on-demand.c}
)
key=$(cat "${recipe[@]}" | sha256sum | cut -c 1-12)
root_cache=$cache/$key
setup_log=$cache/setup.log
setup_lock='' cache_hold=''

# The last thing that setup writes.
is_whole() {
	[[ -s $root_cache/default-kernel ]]
}

# One setup at a time, for one cache. A kernel may be installed within a setup, which holds the
# lock already.
lock_cache() {
	[[ -z $setup_lock ]] || return 0
	exec {setup_lock}>"$cache/lock"
	flock -n "$setup_lock" || say 'another setup is at work, waiting for it'
	flock -w 900 "$setup_lock" || die "another setup has held $cache/lock for 15 minutes"
}

unlock_cache() {
	[[ -n $setup_lock ]] || return 0
	exec {setup_lock}>&-
	setup_lock=''
}

# A run holds the cache, through an open file: clean then leaves it alone.
hold_cache() {
	exec {cache_hold}>>"$root_cache/in-use"
	touch "$root_cache/in-use"
	if ! flock -s -w 60 "$cache_hold" || ! is_whole; then
		die "$root_cache is just being removed by a clean; try again"
	fi
}

# The files of an ordinary user's root filesystem belong to other users, which only the namespace
# maps.
remove_tree() {
	[[ ! -e $1 ]] || "${namespace[@]}" rm -rf --one-file-system "$1"
}

remove_partial() {
	remove_tree "$cache/.partial"
}

# Removes what other recipes have made and no run has used for a while.
prune_cache() {
	local used
	while IFS= read -r used; do
		flock -n -x "$used" true || continue
		say "removing ${used%/*}, not used for $KEPT_DAYS days"
		remove_tree "${used%/*}"
	done < <(find "$cache" -mindepth 2 -maxdepth 2 -name in-use -mtime "+$KEPT_DAYS")
}

# Removes what setup makes, and nothing else that the folder may hold.
clean() {
	local entry hold
	if [[ ! -d $cache ]]; then
		say "there is no cache at $cache"
		return
	fi
	need_namespace
	lock_cache
	for entry in "$cache"/[0-9a-f]*/in-use "$cache"/[0-9a-f]*/default-kernel; do
		[[ -e $entry ]] || continue
		entry=${entry%/*}
		exec {hold}>>"$entry/in-use"
		flock -n -x "$hold" || die "a testbed is running from $entry; not removed"
		remove_tree "$entry"
		exec {hold}>&-
	done
	remove_partial
	rm -rf "$cache/consoles" "$setup_log" "$cache/lock"
	rmdir "$cache" 2>/dev/null || true
	say "removed the cache at $cache"
}
