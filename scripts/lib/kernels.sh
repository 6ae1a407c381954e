# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Kernels: finds them in the Debian archive with an apt of our own (no root needed, the machine's apt is left alone),
# and keeps each in the cache, self-contained: vmlinux, initrd, modules.img.

readonly DEFAULT_KERNELS=trixie-backports
readonly ALL_KERNELS=(trixie trixie-backports bookworm bookworm-backports forky sid)

# kernel_apt FOLDER: makes an apt that looks at FOLDER/sources.list only. An archive's copy may be older than its Release
# file allows; its signature is checked all the same.
kernel_apt() {
	local apt=$1
	mkdir -p "$apt/lists/partial" "$apt/archives/partial"
	: >"$apt/status"
	{
		apt_fetch_settings
		printf '%s "%s";\n' Dir::State::lists "$apt/lists" Dir::State::status "$apt/status" Dir::Cache "$apt" \
			Dir::Etc::sourcelist "$apt/sources.list" Dir::Etc::sourceparts /dev/null \
			Dir::Etc::preferencesparts /dev/null Dir::Etc::preferences /dev/null \
			APT::Sandbox::User "" APT::Architecture amd64 Acquire::Check-Valid-Until false
	} >"$apt/apt.conf"
	export APT_CONFIG=$apt/apt.conf
}

# Versions of all kernels of the suites that APT_CONFIG knows, oldest first: "6.12.94+deb13" of linux-image-6.12.94+deb13-amd64.
archive_kernels() {
	apt-cache pkgnames linux-image- | sed -nE 's/^linux-image-([0-9].*)-amd64$/\1/p' | grep -vE -- '-(rt|cloud)$' | sort -V
}

# matching PREFIX: of the versions on stdin, the newest that begins with PREFIX ("6.1" is not the beginning of "6.12").
matching() {
	awk -v prefix="$1" 'index($0, prefix) == 1 && substr($0, length(prefix) + 1) !~ /^[0-9]/' | tail -n 1
}

# The version that the user's word stands for: what is in the cache goes before what the archive has.
kernel_version() {
	local wanted=$1 found
	if [[ -z $wanted ]]; then
		cat "$root_cache/default-kernel"
		return
	fi
	found=$(ls "$root_cache/kernels" | sort -V | matching "$wanted")
	[[ -n $found ]] || found=$(archive_version "$wanted")
	echo "$found"
}

archive_version() {
	local wanted=$1 found
	find_mirror
	kernel_apt "$root_cache/apt"
	say "looking for kernel $wanted in the archive"
	sources "${ALL_KERNELS[@]}" >"$root_cache/apt/sources.list"
	apt-get update -qq >&2 || die $EXIT_TESTBED "cannot read the archive's package lists (network? ODPLAB_MIRROR?)"
	found=$(archive_kernels | matching "$wanted")
	[[ -n $found ]] ||
		die $EXIT_USAGE "no kernel '$wanted' in ${ALL_KERNELS[*]}; there are: $(archive_kernels | tr '\n' ' ')"
	echo "$found"
}

# kernel_install VERSION: puts it into the cache unless it is there. Made under a hidden name, renamed when whole.
kernel_install() {
	local version=$1 kernels=$root_cache/kernels
	[[ ! -d $kernels/$version ]] || return 0
	lock_cache
	[[ ! -d $kernels/$version ]] || return 0
	local began=$EPOCHREALTIME new=$kernels/.new
	find_mirror
	kernel_apt "$root_cache/apt"
	rm -rf "$new"
	mkdir -p "$new/tree"
	say "fetching kernel $version"
	logged kernel_unpack "$version" "$new/tree"
	logged in_root /odplab/scripts/lib/pack-kernel "$version" /cache/kernels/.new
	rm -rf "$new/tree"
	mv -T "$new" "$kernels/$version"
	say "kernel $version ready in $(seconds_since "$began") s"
}

# The packages of one kernel: newer ones are split in linux-image (empty), linux-binary, linux-modules and linux-base.
kernel_unpack() {
	local version=$1 tree=$2 deb
	local image=linux-image-$version-amd64
	(
		cd "$root_cache/apt/archives"
		rm -f ./*.deb
		apt-cache depends --no-recommends --no-suggests "$image" |
			sed -nE "s/^ +Depends: (linux-(base|binary|modules)-[0-9].*)$/\1/p" | xargs apt-get download "$image"
	)
	for deb in "$root_cache"/apt/archives/*.deb; do
		dpkg-deb -x "$deb" "$tree"
		rm "$deb"
	done
}
