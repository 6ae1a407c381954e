# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Kernels that the user built: a build's folder (make, or make O=FOLDER), or a package of "make bindeb-pkg".
# Each is packed into the cache as an archive's kernel is, under a name that changes with its content.

# What the folder of a build has once make is done; pack-tree reads the same.
readonly OF_A_BUILD=(vmlinux .config include/config/kernel.release modules.builtin modules.builtin.modinfo)

# own_kernel_name PATH: its name in the cache. Names begin with no digit: no version finds them.
own_kernel_name() {
	local path=$1 missing
	if [[ -f $path ]]; then
		[[ $path == *.deb ]] || misuse "--kernel $path: a file is taken if it is a .deb; else name the folder of the build"
		stat -c '%n %s %Y' "$path" | named package
		return
	fi
	for missing in "${OF_A_BUILD[@]}"; do
		[[ -s $path/$missing ]] ||
			misuse "--kernel $path: no kernel was built there, $missing is missing; call make bzImage modules"
	done
	(
		cd "$path"
		pwd
		stat -c '%n %s %Y' vmlinux .config
		[[ ! -s modules.order ]] || modules_of_build | xargs -r stat -c '%n %s %Y'
	) | named tree
}

# The modules of the build in this folder. Since Linux 6.4 modules.order names objects, before that modules.
modules_of_build() {
	sed -E 's/\.o$/.ko/; s,^kernel/,,' modules.order
}

named() {
	sha256sum | sed -E "s/^(.{12}).*/$1-\1/"
}

# own_kernel_keep PATH NAME: puts it into the cache unless it is there.
own_kernel_keep() {
	local path=$1 name=$2 kernels=$root_cache/kernels namespace=("${contained[@]}")
	if [[ -d $kernels/$name ]]; then
		touch "$kernels/$name"
		return
	fi
	lock_cache
	[[ ! -d $kernels/$name ]] || return 0
	local began=$EPOCHREALTIME new=$kernels/.new
	own_kernels_prune
	remove_tree "$new"
	mkdir -p "$new/tree"
	say "packing the kernel of $path"
	if [[ -d $path ]]; then
		TESTBED_TREE=$path logged enter_root /odplab/scripts/lib/pack-tree /run/tree /cache/kernels/.new
	else
		package_unpack "$path" "$new/tree"
		logged enter_root /odplab/scripts/lib/pack-kernel "$(package_release "$new/tree" "$path")" /cache/kernels/.new
		remove_tree "$new/tree"
	fi
	mv -T "$new" "$kernels/$name"
	say "kernel $(<"$kernels/$name/release") ready in $(seconds_since "$began") s"
}

package_unpack() {
	dpkg-deb -x "$1" "$2" || die "$1 cannot be unpacked as a package"
}

# package_release TREE PACKAGE: the release of the one kernel that is in there.
package_release() {
	local folder found=()
	for folder in "$1"/{,usr/}lib/modules/*; do
		[[ ! -d $folder/kernel ]] || found+=("${folder##*/}")
	done
	((${#found[@]} == 1)) ||
		die "$2 holds no kernel with its modules; linux-image-*.deb of make bindeb-pkg does"
	echo "${found[0]}"
}

# Removes those that no run has used for a while.
own_kernels_prune() {
	local old
	while IFS= read -r old; do
		remove_tree "$old"
	done < <(find "$root_cache/kernels" -mindepth 1 -maxdepth 1 \
		\( -name 'tree-*' -o -name 'package-*' \) -mtime "+$KEPT_DAYS")
}
