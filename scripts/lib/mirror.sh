# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Where Debian comes from: the mirror that this machine's apt uses already, or ODPLAB_MIRROR.
# Nothing here names a host.

readonly KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

mirror='' security_mirror=''

# The Debian repositories of this machine's apt, one a line: address, suite. Their origin is not
# known before the first apt-get update.
apt_repositories() {
	# shellcheck disable=SC2016  # apt expands these
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)' \
		'Created-By: Packages' |
		awk '$3 == "main" && ($4 == "" || $4 == "Debian") { print $1, $2 }'
}

# Sets mirror, and security_mirror where apt knows of one. Other archives have suites of other names.
find_mirror() {
	local address suite names='^(bullseye|bookworm|trixie|forky|sid|(old)*stable|testing|unstable)$'
	mirror=${ODPLAB_MIRROR:-} security_mirror=''
	while [[ -z ${ODPLAB_MIRROR:-} ]] && read -r address suite; do
		if [[ $suite == *-security ]]; then
			security_mirror=${security_mirror:-$address}
		elif [[ $suite =~ $names ]]; then
			mirror=${mirror:-$address}
		fi
	done < <(apt_repositories)
	[[ -n $mirror ]] ||
		die "this machine's apt knows no Debian mirror; name one: ODPLAB_MIRROR=http://HOST/debian"
	[[ $mirror =~ ^(https?|file):/[^[:space:]]+$ ]] ||
		die "the mirror '$mirror' must begin with http://, https:// or file:/ (ODPLAB_MIRROR)"
}

# sources SUITE...: lines for a sources.list.
sources() {
	local suite from
	for suite; do
		from=$mirror
		[[ $suite != *-security ]] || from=$security_mirror
		[[ -z $from ]] ||
			printf 'deb [arch=amd64 signed-by=%s] %s %s main\n' "$KEYRING" "$from" "$suite"
	done
}

# This machine's settings for fetching (proxies, certificates, lax dates), for an apt that has a
# configuration of its own.
apt_fetch_settings() {
	apt-config dump |
		grep -E '^Acquire::(https?|Retries|ForceIPv[46]|Check-Date|Check-Valid-Until)\b' || true
	echo 'Acquire::Languages "none";'
}
