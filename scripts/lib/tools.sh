# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The root filesystem of developers' tools: that of the testbed, and what configs/testbed/tools lists. It is made
# when a script first needs it, in tools-<hash of the list>/ of the testbed's cache, in the form of that cache
# (root/, builds/).

# open_tools: after it, enter_root goes there. Held until this shell ends, as by open_root, which it calls.
open_tools() {
	local list=${project:?}/configs/testbed/tools final
	open_root
	final=${root_cache:?}/tools-$(sha256sum <"$list" | cut -c 1-12)
	if [[ ! -d $final ]]; then
		lock_cache
		[[ -d $final ]] || make_tools "$list" "$final"
		unlock_cache
	fi
	root_cache=$final
}

# make_tools LIST FOLDER: under another name, renamed when it is whole.
make_tools() {
	local new=$root_cache/.tools namespace=("${contained[@]}") began=$EPOCHREALTIME
	remove_tree "$new"
	prepare_bootstrap "$new"
	say "adding developers' tools, a minute; log: ${setup_log:?}"
	logged "${namespace[@]}" "$project/scripts/lib/bootstrap" "$new" "$1" "$root_cache/root"
	rm -rf "$new/tmp"
	mv -T "$new" "$2"
	say "developers' tools ready in $(seconds_since "$began") s"
}
