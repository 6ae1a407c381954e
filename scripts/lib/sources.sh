# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The sources of kernels of the Debian archive, in the package linux-source-X.Y.

# source_apt KERNEL FOLDER: as kernel_apt, in FOLDER, with the suites that may have the packages of that kernel.
source_apt() {
	local suites=("${KERNEL_SUITES[@]}")
	[[ $1 != "$(<"$root_cache/default-kernel")" ]] || suites=(trixie trixie-backports)
	kernel_apt "$2" "${suites[@]}"
	apt-get update
}

# source_package KERNEL: the package that has its source, with its version, after source_apt:
# linux-source-7.3=7.3.4-1~bpo13+1 for 7.3.4+deb13.
source_package() {
	apt-cache show "linux-image-$1-amd64" | sed -nE 's/^Version: (([0-9]+\.[0-9]+).*)/linux-source-\2=\1/p' | head -n 1
}

# debian_source WORD: prints the folder of the source of the kernel that WORD stands for (kernel_version), which is
# unpacked into the cache unless it is there.
debian_source() {
	local kernel sources=$root_cache/sources namespace=("${contained[@]}")
	kernel=$(kernel_version "$1")
	if [[ ! -d $sources/$kernel ]]; then
		lock_cache
		[[ -d $sources/$kernel ]] || source_install "$kernel" "$sources"
		unlock_cache
	fi
	echo "$sources/$kernel"
}

# source_install KERNEL FOLDER: under another name, renamed when it is whole.
source_install() {
	local new=$2/.new
	remove_tree "$new"
	mkdir -p "$new/source"
	find_mirror
	say "fetching the source of kernel $1, about 170 MB"
	logged source_fetch "$1" "$new"
	[[ -d $new/usr ]] || die "the archive no longer has the source of kernel $1; choose another"
	say 'unpacking it, 2 GB'
	# shellcheck disable=SC2016  # the root filesystem's shell expands these
	logged enter_root sh -c 'tar --extract --file "$1"/usr/src/linux-source-*.tar.xz --directory "$1/source" --strip-components=1' \
		sh /cache/sources/.new
	mv -T "$new/source" "$2/$1"
	remove_tree "$new"
}

# source_fetch KERNEL FOLDER: unpacks the package there, unless the archive has replaced it.
source_fetch() {
	source_apt "$1" "$2/apt" || return
	fetch_packages "$2" "$(source_package "$1")"
}

# fetch_packages FOLDER PACKAGE...: unpacks them there; nothing, if the archive lacks one.
fetch_packages() {
	local folder=$1
	shift
	apt-get --print-uris download "$@" >/dev/null || return 0
	cd "$folder/apt/archives" || return
	apt-get download "$@" && unpack_packages "$folder"
}
