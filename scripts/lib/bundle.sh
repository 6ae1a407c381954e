# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The bundle of a run: its folder and the SHA-256 sums of all files, in one .tar.gz or .tar.zst.

# check_bundle FILE: what is found before a run of an hour, not after it.
check_bundle() {
	[[ $1 == *.tar.@(gz|zst) ]] || misuse "--bundle $1: must end in .tar.gz or .tar.zst"
	[[ ! -e $1 ]] || misuse "--bundle $1 is there already: remove it, or choose another name"
	[[ -w $(dirname "$1") ]] || misuse "--bundle $1: its folder cannot be written to"
	[[ $1 == *.gz ]] || type -P zstd >/dev/null ||
		misuse "--bundle $1: zstd is missing; install it, or write a .tar.gz"
}

# place FILE BUNDLE: copies it there, whole or not at all. What is there already is left alone. Returns 2, after
# a line, where it cannot.
place() {
	local part=${2%/*}/.${2##*/}.$$
	cp "$1" "$part" && mv -n "$part" "$2" && [[ ! -e $part ]] && echo "bundle: $2" && return
	rm -f "$part"
	say "the bundle $2 could not be written"
	return 2
}

# sum FOLDER SCRATCH: makes its SHA256SUMS.
sum() {
	(cd "$1" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum) >"$2/sums" &&
		mv "$2/sums" "$1/SHA256SUMS"
}

# pack FOLDER BUNDLE SCRATCH: makes the bundle of a folder. SCRATCH is an empty one for what is in the making.
pack() {
	local packer=gzip
	[[ $2 != *.zst ]] || packer=zstd
	if ! sum "$1" "$3" || ! tar -C "$(dirname "$1")" -I "$packer" --sort=name --owner=root:0 --group=root:0 \
		-cf "$3/bundle" "$(basename "$1")"; then
		say "the bundle $2 could not be made of $1"
		return 2
	fi
	place "$3/bundle" "$2"
}
