# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The cached root filesystem. Layout of the cache: <key>/ holds root/ (entered on the host), root.img (booted by the
# guest), kernels/, builds/ and apt/; the key is a hash of everything that decides what is in there. consoles/ holds the
# console logs of past runs. A cache that exists is whole: it is made as .partial and renamed at the end.

readonly SUITES=(trixie trixie-updates trixie-security trixie-backports)
readonly SETUP_BUDGET=300 SETUP_SPACE_MIB=6144

cache=$(realpath -m "${ODPLAB_CACHE:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/odplab}")
recipe=(
	"$project"/configs/testbed/packages
	"$project"/scripts/lib/{rootfs.sh,pack-root,pack-kernel}
	"$project"/scripts/guest/{initrd,mount-on-demand.c}
)
key=$(cat "${recipe[@]}" | sha256sum | cut -c 1-12)
root_cache=$cache/$key
setup_lock=''

setup_if_missing() {
	if [[ ! -d $root_cache ]]; then
		setup
		started=$EPOCHREALTIME
	else
		need_namespace
	fi
}

setup() {
	local began=$EPOCHREALTIME
	need_host
	lock_cache
	if [[ ! -d $root_cache ]]; then
		trap 'setup_interrupted 130' INT
		trap 'setup_interrupted 143' TERM HUP
		make_cache
		trap - INT TERM HUP
	fi
	within $SETUP_BUDGET "$began" "root filesystem ready at $root_cache"
	unlock_cache
}

# What the host must have. As root on Debian a missing package is installed, otherwise it is named.
need_host() {
	local missing=() free
	[[ $(uname -m) == x86_64 ]] || die $EXIT_TESTBED "the testbed is for x86_64 machines, this is $(uname -m)"
	command -v apt-get >/dev/null || die $EXIT_TESTBED "the testbed needs apt-get (a Debian host)"
	command -v mmdebstrap >/dev/null || missing+=(mmdebstrap)
	[[ -s $KEYRING ]] || missing+=(debian-archive-keyring)
	((EUID == 0)) || command -v newuidmap >/dev/null || missing+=(uidmap)
	if ((${#missing[@]})); then
		((EUID == 0)) || die $EXIT_TESTBED "missing on this machine: have root run apt-get install ${missing[*]}"
		install_packages "${missing[@]}"
	fi
	need_namespace
	mkdir -p "$cache" 2>/dev/null || die $EXIT_TESTBED "cannot make $cache; name another place: ODPLAB_CACHE=FOLDER"
	free=$(df --output=avail --block-size=1M "$cache" | tail -n 1)
	((free >= SETUP_SPACE_MIB)) || [[ -d $root_cache ]] ||
		die $EXIT_TESTBED "$cache has $free MiB free, setup needs $SETUP_SPACE_MIB; name another place: ODPLAB_CACHE=FOLDER"
}

install_packages() {
	say "installing $*"
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >&2 ||
		die $EXIT_TESTBED "could not install $*; see apt-get's message above"
}

make_cache() {
	local partial=$cache/.partial final=$root_cache newest
	find_mirror
	log=$cache/setup.log
	: >"$log"
	remove_partial
	mkdir -p "$partial/kernels"
	root_cache=$partial
	say "making the root filesystem, some minutes; log: $log"
	logged bootstrap "$partial"
	say 'packing what the guest boots from'
	logged in_root /odplab/scripts/lib/pack-root /cache
	kernel_apt "$partial/apt"
	sources $DEFAULT_KERNELS >"$partial/apt/sources.list"
	logged apt-get update
	newest=$(archive_kernels | tail -n 1)
	[[ -n $newest ]] || die $EXIT_TESTBED "$mirror has no kernel in $DEFAULT_KERNELS"
	kernel_install "$newest"
	echo "$newest" >"$partial/default-kernel"
	root_cache=$final
	mv -T "$partial" "$final"
}

# The packages of the recipe, without what a test bed never reads. A PID namespace, so that killing its first process
# kills apt and dpkg as well.
bootstrap() {
	local packages words=("${namespace[@]}" --pid --fork --kill-child --mount-proc)
	packages=$(sed '/^#/d; /^$/d' "$project/configs/testbed/packages" | paste -sd,)
	apt_fetch_settings >"$1/apt-settings"
	sources "${SUITES[@]}" >"$1/sources.list"
	local unread=(doc man locale info) options=() folder
	for folder in "${unread[@]}"; do
		options+=(--dpkgopt="path-exclude=/usr/share/$folder/*")
	done
	# shellcheck disable=SC2016  # mmdebstrap's hook expands $1
	exec setpriv --pdeathsig KILL "${words[@]}" \
		mmdebstrap --mode=root --variant=essential --architectures=amd64 --include="$packages" \
		--aptopt='APT::Install-Recommends "false"' --aptopt="$1/apt-settings" \
		--dpkgopt=force-unsafe-io "${options[@]}" \
		--customize-hook='rm -f "$1"/etc/apt/apt.conf.d/99mmdebstrap "$1"/etc/resolv.conf' \
		--customize-hook='mkdir "$1"/odplab "$1"/cache "$1"/builds "$1"/consoles' \
		--customize-hook='echo testbed >"$1"/etc/hostname' \
		trixie "$1/root" "$1/sources.list"
}

in_root() {
	(enter_root "$@")
}

# Runs a step of setup with its output in the log; shows the end of the log if it fails.
logged() {
	if ! watch "$log" "$@"; then
		tail -n 15 "$log" >&2
		remove_partial
		die $EXIT_TESTBED "setup failed at '$1'; the whole log: $log"
	fi
}

setup_interrupted() {
	trap '' INT TERM HUP
	if [[ -n $watched ]]; then
		kill -KILL "$watched" || true
		wait "$watched" || true
	fi 2>/dev/null
	remove_partial
	die "$1" 'setup interrupted; nothing half-made is left'
}

# The files of an ordinary user's root filesystem belong to other users, whom only the namespace maps.
remove_tree() {
	[[ ! -e $1 ]] || "${namespace[@]}" rm -rf --one-file-system "$1"
}

remove_partial() {
	remove_tree "$cache/.partial"
}

# One setup at a time, for one cache. A kernel may be installed within a setup, which holds the lock already.
lock_cache() {
	[[ -z $setup_lock ]] || return 0
	exec {setup_lock}>"$cache/lock"
	flock -n "$setup_lock" || say 'another setup is at work, waiting for it'
	flock -w 900 "$setup_lock" || die $EXIT_TESTBED "another setup has held $cache/lock for 15 minutes"
}

unlock_cache() {
	exec {setup_lock}>&-
	setup_lock=''
}

# Held, through an open file, by whoever runs from the cache: clean then leaves it alone.
hold_cache() {
	exec {cache_hold}>"$root_cache/in-use"
	flock -s -w 60 "$cache_hold" || die $EXIT_TESTBED "$root_cache is being removed by another clean"
}

clean() {
	local entry
	[[ -d $cache ]] || { say "nothing at $cache"; return; }
	need_namespace
	lock_cache
	for entry in "$cache"/*/in-use; do
		[[ ! -e $entry ]] || flock -n -x "$entry" true || die $EXIT_TESTBED "a testbed is running from ${entry%/*}; not removed"
	done
	remove_tree "$cache"
	say "removed $cache"
}
