# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The kernel's test driver for HMM, lib/test_hmm.c, which --hmm loads. Debian's kernels do not have the module. It
# is built once for each of them, of the source of that very version, and kept next to it: kernels/VERSION/hmm of
# the cache. The archive has the source as one package, of which two files are needed.

# hmm_install KERNEL: puts the module into the cache, unless it is there or KERNEL, the user's own, has it.
hmm_install() {
	local kernel=$1 folder=$root_cache/kernels/$1 new=$root_cache/.hmm namespace=("${contained[@]}")
	[[ ! -d $folder/hmm ]] || return 0
	if [[ $kernel != [0-9]* ]]; then
		grep -qs '^CONFIG_TEST_HMM=[my]$' "$folder/config" ||
			die 'the kernel lacks CONFIG_TEST_HMM, which --hmm needs; configs/kernel/base.config has it'
		return
	fi
	lock_cache
	[[ ! -d $folder/hmm ]] || return 0
	local began=$EPOCHREALTIME
	remove_tree "$new"
	mkdir -p "$new"
	find_mirror
	say "fetching the source and the headers of kernel $kernel, about 180 MB"
	logged hmm_fetch "$kernel" "$new"
	[[ -d $new/usr/bin ]] || die "the archive no longer has the source of kernel $kernel; choose another"
	TESTBED_OUTPUT=$new logged enter_root /odplab/scripts/lib/build-hmm /run/output "$(<"$folder/release")"
	mv -T "$new/hmm" "$folder/hmm"
	remove_tree "$new"
	say "test_hmm.ko of kernel $kernel ready in $(seconds_since "$began") s"
}

# hmm_fetch KERNEL FOLDER: unpacks source, headers and make there. Nothing is unpacked if the archive lacks one.
hmm_fetch() {
	local kernel=$1 folder=$2 packages
	source_apt "$kernel" "$folder/apt" || return
	packages=("$(source_package "$kernel")" "linux-headers-$kernel-amd64" make/trixie)
	mapfile -t -O 3 packages < <(apt-cache depends --no-recommends --no-suggests "linux-headers-$kernel-amd64" |
		sed -nE 's/^ +Depends: (linux-(headers|kbuild)-[0-9].*)$/\1/p')
	fetch_packages "$folder" "${packages[@]}"
}
