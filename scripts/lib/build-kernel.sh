# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# testbed kernel: builds a kernel in the root filesystem of developers' tools, out of its tree, for run --kernel.
# Its configuration is configs/kernel/base.config with the fragments of --config, and nothing else.

# The tree and the folder of the build are always mounted in the same places: ccache finds what it built for another.
build_own_kernel() {
	local source=$1 output=${options[output]} release fragments log began=$EPOCHREALTIME namespace=("${contained[@]}")
	mapfile -t fragments < <(printf %s "${options[config]}")
	open_root
	case $source in
	debian) source=$(debian_source '') ;;
	debian:*) source=$(debian_source "${source#debian:}") ;;
	esac
	source=$(realpath "$source")
	output=${output:-$root_cache/trees/$(tree_name "$source" "${fragments[@]}")}
	log=$output/make.log
	{ mkdir -p "$output" && : >"$log"; } 2>/dev/null || die "cannot write to $output; name another folder: --output"
	wanted_config "${fragments[@]}" >"$output/wanted.config"
	open_tools
	export TESTBED_SOURCE=$source TESTBED_OUTPUT=$output
	say "building the kernel of $source; log: $log"
	watch "$log" enter_root /odplab/scripts/lib/build-kernel /run/source /run/output || {
		{ grep -m 20 -E '^build-kernel:|error:|\*\*\*' "$log" || tail -n 15 "$log"; } >&2
		die "no kernel was built of $source; the whole log: $log"
	}
	sed -n 's/^build-kernel: //p' "$log" >&2
	release=$(<"$output/include/config/kernel.release")
	say "kernel $release ready in $(seconds_since "$began") s; boot it: $called run --kernel $output -- COMMAND"
	echo "$output"
}

# tree_name SOURCE FRAGMENT...: of the folder of its build, which the same call finds again.
tree_name() {
	local name=${1##*/} fragment
	for fragment in "${@:2}"; do
		name+=-$(basename "$fragment" .config)
	done
	echo "$name-$(printf '%s\n' "$@" | sha256sum | cut -c 1-8)"
}

# wanted_config FRAGMENT...: a later line takes the place of an earlier one of the same option. "No" is said as .config
# says it.
wanted_config() {
	cat "$project/configs/kernel/base.config" "$@" | sed -E 's/^(CONFIG_[A-Za-z0-9_]+)=n$/# \1 is not set/' |
		sed -nE 's/^(CONFIG_[A-Za-z0-9_]+)=.*/\1 &/p; s/^# (CONFIG_[A-Za-z0-9_]+) is not set$/\1 &/p' |
		awk '!($1 in at) { at[$1] = ++n } { name = $1; sub(/^[^ ]+ /, ""); line[at[name]] = $0 }
			END { for (i = 1; i <= n; i++) print line[i] }'
}
