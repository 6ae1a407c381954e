# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Makes the cached root filesystem.

readonly SUITES=(trixie trixie-updates trixie-security trixie-backports)
readonly SETUP_BUDGET=90 SETUP_SPACE=6144 # seconds, MiB

setup_if_missing() {
	if is_whole; then
		need_namespace
	else
		setup
	fi
}

setup() {
	local began=$EPOCHREALTIME
	need_host
	lock_cache
	if ! is_whole; then
		trap 'setup_interrupted 130' INT
		trap 'setup_interrupted 143' TERM HUP
		make_cache
		trap - INT TERM HUP
		prune_cache
	fi
	unlock_cache
	within $SETUP_BUDGET "$began" "root filesystem ready at $root_cache"
}

# What the host must have. As root on Debian a missing package is installed, otherwise it is named.
need_host() {
	local missing=() free
	[[ $(uname -m) == x86_64 ]] || die "the testbed needs an x86_64 machine, this is $(uname -m)"
	command -v apt-get >/dev/null || die 'the testbed needs apt-get, that is a Debian host'
	if ! mkdir -p "$cache" 2>/dev/null || [[ ! -w $cache ]]; then
		die "cannot write to $cache; name another place: ODPLAB_CACHE=FOLDER"
	fi
	command -v mount >/dev/null || missing+=(mount)
	command -v mmdebstrap >/dev/null || missing+=(mmdebstrap)
	[[ -s $KEYRING ]] || missing+=(debian-archive-keyring)
	((EUID == 0)) || command -v newuidmap >/dev/null || missing+=(uidmap)
	if ((${#missing[@]})); then
		((EUID == 0)) || die "missing here: have root run apt-get install ${missing[*]}"
		install_packages "${missing[@]}"
	fi
	need_namespace
	free=$(df --output=avail --block-size=1M "$cache" | tail -n 1)
	((free >= SETUP_SPACE)) || is_whole ||
		die "$cache has $free MiB free, setup needs $SETUP_SPACE; set ODPLAB_CACHE=FOLDER"
}

install_packages() {
	say "installing $*"
	logged apt-get update
	DEBIAN_FRONTEND=noninteractive logged apt-get install -y --no-install-recommends "$@"
}

make_cache() {
	local partial=$cache/.partial final=$root_cache newest namespace=("${contained[@]}")
	: >"$setup_log"
	remove_partial
	remove_tree "$final"
	mkdir -p "$partial/kernels"
	root_cache=$partial
	say "making the root filesystem, a minute or more; log: $setup_log"
	prepare_bootstrap "$partial"
	logged "${namespace[@]}" "$project/scripts/lib/bootstrap" "$partial" "$project/configs/testbed/packages"
	rm -rf "$partial/tmp"
	say 'packing what the guest boots from'
	logged enter_root /odplab/scripts/lib/pack-root /cache
	kernel_apt "$partial/apt" trixie-backports
	logged apt-get update
	newest=$(archive_kernels | tail -n 1)
	[[ -n $newest ]] || die "$mirror has no kernel in trixie-backports"
	kernel_install "$newest"
	echo "$newest" >"$partial/default-kernel"
	: >"$partial/in-use"
	root_cache=$final
	mv -T "$partial" "$final"
	# that of kernel_apt, which has moved
	unset APT_CONFIG
}

# prepare_bootstrap FOLDER: writes what bootstrap reads there.
prepare_bootstrap() {
	find_mirror
	mkdir -p "$1"
	mkdir -m 1777 "$1/tmp"
	apt_fetch_settings >"$1/tmp/apt-settings"
	sources "${SUITES[@]}" >"$1/tmp/sources.list"
}

# Runs a step with its output in the log; shows the end of the log if it fails.
logged() {
	if ! watch "$setup_log" "$@"; then
		tail -n 15 "$setup_log" >&2
		remove_partial
		die "this step of setup failed, see above; the whole log: $setup_log"
	fi
}

setup_interrupted() {
	trap '' INT TERM HUP
	end_watched
	remove_partial
	say 'setup interrupted; nothing half-made is left'
	exit "$1"
}
