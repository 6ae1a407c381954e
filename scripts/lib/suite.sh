# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Root filesystems of releases of Debian, for packages: those in which they are built, and bare ones in which
# they are tried. They are in suites/ of the testbed's cache, each in the form of that cache (root/, builds/).

# shellcheck disable=SC2034  # scripts/package and the tests of packages use these
readonly PACKAGE_SUITES='bookworm trixie'
# shellcheck disable=SC2034
readonly BUILD_PACKAGES=(
	cmake dpkg-dev file gcc git libc6-dev libfabric-dev libibverbs-dev libinih-dev libjson-c-dev libnl-3-dev
	libpmem-dev lintian ninja-build pandoc pkg-config
)

# open_suite SUITE KIND [PACKAGE...]: after open_root, makes the root filesystem of that name if it is missing.
# enter_root goes there from then on. One shell at a time has it.
open_suite() {
	local suite=$1 kind=$2 recipe hold
	shift 2
	recipe=$(printf '%s\n' "$@" | sha256sum | cut -c 1-12)
	local final=$root_cache/suites/$suite-$kind-$recipe
	if [[ ! -d $final ]]; then
		lock_cache
		[[ -d $final ]] || make_suite "$suite" "$final" "$@"
		unlock_cache
	fi
	exec {hold}>"$final/lock"
	flock -w 900 "$hold" || die "another run has held $final for 15 minutes"
	root_cache=$final
}

# make_suite SUITE FOLDER [PACKAGE...]: under another name, renamed when it is whole.
make_suite() {
	local suite=$1 final=$2 packages new=${2%/*}/.new namespace=("${contained[@]}")
	shift 2
	packages=$(IFS=, && echo "$*")
	remove_tree "$new"
	mkdir -p "$new/tmp"
	find_mirror
	apt_fetch_settings >"$new/tmp/apt-settings"
	sources "$suite" "$suite-updates" "$suite-security" >"$new/tmp/sources.list"
	say "making a root filesystem of Debian $suite, some minutes; log: ${setup_log:?}"
	# shellcheck disable=SC2016  # mmdebstrap expands $1
	TMPDIR=$new/tmp logged "${namespace[@]}" mmdebstrap --mode=root --variant=apt --architectures=amd64 \
		${packages:+--include="$packages"} --aptopt='APT::Install-Recommends "false"' \
		--aptopt='APT::Sandbox::User "root"' --aptopt="$new/tmp/apt-settings" \
		--dpkgopt=force-unsafe-io \
		--customize-hook='mkdir "$1"/odplab "$1"/cache "$1"/builds "$1"/consoles' \
		"$suite" "$new/root" "$new/tmp/sources.list"
	rm -rf "$new/tmp"
	mv -T "$new" "$final"
}
