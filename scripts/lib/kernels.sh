# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Kernels: finds them in the Debian archive with an apt of our own (no root needed, the machine's
# apt is left alone), and keeps each in the cache, self-contained: vmlinux, initrd, modules.img.

readonly KERNEL_SUITES=(trixie trixie-backports bookworm bookworm-backports forky sid)

# kernel_apt FOLDER SUITE...: makes the apt of this shell one that knows these suites only. An
# archive's copy may be older than its Release file allows; its signature is checked all the same.
kernel_apt() {
	local apt=$1
	shift
	mkdir -p "$apt/lists/partial" "$apt/archives/partial"
	: >"$apt/status"
	sources "$@" >"$apt/sources.list"
	{
		apt_fetch_settings
		printf '%s "%s";\n' Dir::State::lists "$apt/lists" Dir::State::status "$apt/status" \
			Dir::Cache "$apt" Dir::Etc::sourcelist "$apt/sources.list" \
			Dir::Etc::sourceparts /dev/null Dir::Etc::preferences /dev/null \
			Dir::Etc::preferencesparts /dev/null APT::Architecture amd64 \
			APT::Sandbox::User root Acquire::Check-Valid-Until false
	} >"$apt/apt.conf"
	export APT_CONFIG=$apt/apt.conf
}

# Versions of the kernels that our apt knows, oldest first: "6.12.94+deb13" for the package
# linux-image-6.12.94+deb13-amd64.
archive_kernels() {
	apt-cache pkgnames linux-image- | sed -nE 's/^linux-image-([0-9].*)-amd64$/\1/p' |
		grep -vE -- '-(rt|cloud)$' | sort -V
}

# Of the versions on stdin, the newest that begins with PREFIX; 6.1 is no beginning of 6.12.
matching() {
	awk -v prefix="$1" \
		'index($0, prefix) == 1 && substr($0, length(prefix) + 1) !~ /^[0-9]/' | tail -n 1
}

# The version that the user's word stands for: what is in the cache goes before the archive.
kernel_version() {
	local wanted=$1 found
	if [[ -z $wanted ]]; then
		cat "$root_cache/default-kernel"
		return
	fi
	found=$(find "$root_cache/kernels" -mindepth 1 -maxdepth 1 -name '[0-9]*' -printf '%f\n' |
		sort -V | matching "$wanted")
	[[ -n $found ]] || found=$(archive_version "$wanted")
	echo "$found"
}

archive_version() {
	local wanted=$1 found
	find_mirror
	kernel_apt "$root_cache/apt" "${KERNEL_SUITES[@]}"
	say "looking for kernel $wanted in the archive"
	apt-get update -qq >&2 || die 'cannot read the package lists of the archive, see above'
	found=$(archive_kernels | matching "$wanted")
	[[ -n $found ]] ||
		misuse "no kernel '$wanted' in the archive; it has: $(archive_kernels | paste -sd' ')"
	echo "$found"
}

# Puts a kernel into the cache unless it is there. Made under a hidden name, renamed when whole.
kernel_install() {
	local version=$1 kernels=$root_cache/kernels namespace=("${contained[@]}")
	[[ ! -d $kernels/$version ]] || return 0
	lock_cache
	[[ ! -d $kernels/$version ]] || return 0
	local began=$EPOCHREALTIME new=$kernels/.new
	remove_tree "$new"
	mkdir -p "$new/tree"
	say "fetching kernel $version"
	export APT_CONFIG=$root_cache/apt/apt.conf
	logged kernel_unpack "$version" "$new/tree"
	# An archive keeps the parts of an older kernel for different times.
	[[ -d $new/tree/usr/lib/modules/$version-amd64/kernel ]] ||
		die "the archive no longer has all packages of kernel $version; choose another"
	logged enter_root /odplab/scripts/lib/pack-kernel "$version-amd64" /cache/kernels/.new
	remove_tree "$new/tree"
	mv -T "$new" "$kernels/$version"
	say "kernel $version ready in $(seconds_since "$began") s"
}

# The packages of one kernel: newer ones are split in linux-image (empty), linux-binary,
# linux-modules and linux-base.
kernel_unpack() {
	local version=$1 tree=$2
	local image=linux-image-$version-amd64
	cd "$root_cache/apt/archives" || return
	rm -f ./*.deb
	apt-cache depends --no-recommends --no-suggests "$image" |
		sed -nE 's/^ +Depends: (linux-(base|binary|modules)-[0-9].*)$/\1/p' |
		xargs apt-get download "$image" || return
	unpack_packages "$tree"
}

# unpack_packages TREE: those of this folder, which are removed.
unpack_packages() {
	local deb
	for deb in ./*.deb; do
		dpkg-deb -x "$deb" "$1" || return
		rm "$deb"
	done
}
