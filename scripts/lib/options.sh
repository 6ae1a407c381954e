# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The command line of scripts/testbed. An option is declared once, in the table below; the supervisor inside the root
# filesystem finds each as TESTBED_<NAME> in its environment.

# name, default, what it must look like, help
readonly OPTIONS=(
	'nic|rxe|none rxe|the RDMA device: rxe (soft-RoCE over a dummy link) or none'
	'kernel||version|boot this kernel of the Debian archive ("6.12", "7.3.4+deb13"; default: the newest of backports)'
	'memory|2G|size|memory of the guest'
	'pmem|512M|size|size of each of the three NVDIMMs (ext4, xfs, devdax), at least 384M'
	'cpus|2|count|processors of the guest'
	'append||text|words to add to the command line of the kernel'
	'timeout|3600|count|seconds that the command may take'
	'hang|30|count|seconds without a sign of life after which the guest counts as hung'
	'numa|0|flag|two NUMA nodes instead of one'
	'verbose|0|flag|show the console of the guest as it comes'
)

verb='' command=()

usage() {
	local row name default kind help
	cat <<-'END'
		usage: scripts/testbed setup | clean | shell [OPTION]... | run [OPTION]... -- COMMAND [ARGUMENT]...

		setup   make the cached root filesystem (run and shell do so by themselves)
		run     boot the guest, run COMMAND in it, exit as it did; /odplab is the project, its results/ are kept
		shell   boot the guest and open a shell in it
		clean   remove the cache

	END
	for row in "${OPTIONS[@]}"; do
		IFS='|' read -r name default kind help <<<"$row"
		[[ $kind == flag ]] && default='' || name+=" $(value_name "$kind")"
		printf '  --%-18s %s%s\n' "$name" "$help" "${default:+ (default: $default)}"
	done
	cat <<-'END'

		Exit status: that of COMMAND; 2 wrong usage; 120 the kernel oopsed, 121 it panicked, 122 the guest hung,
		123 QEMU died, 124 COMMAND took too long, 125 the testbed itself failed (setup, build, boot).
	END
}

value_name() {
	case $1 in
	size) echo SIZE ;;
	count) echo N ;;
	version) echo VERSION ;;
	text) echo TEXT ;;
	*) echo NAME ;;
	esac
}

# Whether VALUE is what an option of this KIND takes.
valid() {
	local kind=$1 value=$2
	case $kind in
	size) [[ $value =~ ^[1-9][0-9]{0,8}[MG]$ ]] ;;
	count) [[ $value =~ ^[1-9][0-9]{0,6}$ ]] ;;
	version) [[ $value =~ ^[0-9][0-9A-Za-z.+~-]*$ ]] ;;
	text) [[ $value != *[[:cntrl:]]* ]] ;;
	*) [[ " $kind " == *" $value "* ]] ;;
	esac
}

# Finds the row of option NAME: sets default and kind.
find_option() {
	local row name help
	for row in "${OPTIONS[@]}"; do
		IFS='|' read -r name default kind help <<<"$row"
		[[ $name != "$1" ]] || return 0
	done
	die $EXIT_USAGE "unknown option --$1; see scripts/testbed --help"
}

expected() {
	case $1 in
	size) echo 'a size such as 512M or 2G' ;;
	count) echo 'a whole number, at least 1' ;;
	version) echo 'the beginning of a version, such as 6.12' ;;
	text) echo 'one line of text' ;;
	*) echo "one of: $1" ;;
	esac
}

# The values of the options become opt_NAME here, and TESTBED_NAME for the supervisor.
set_option() {
	printf -v "opt_$1" '%s' "$2"
	export "TESTBED_${1^^}=$2"
}

default_options() {
	local row name default rest
	for row in "${OPTIONS[@]}"; do
		IFS='|' read -r name default rest <<<"$row"
		set_option "$name" "$default"
	done
}

parse_verb() {
	case ${1:-} in
	setup | run | shell | clean) verb=$1 ;;
	-h | --help | help) usage && exit 0 ;;
	'') usage >&2 && exit $EXIT_USAGE ;;
	*) die $EXIT_USAGE "unknown command '$1'; see scripts/testbed --help" ;;
	esac
}

parse_options() {
	local word name default kind
	default_options
	parse_verb "$@"
	shift
	while (($#)); do
		word=$1
		shift
		case $word in
		--) command=("$@") && break ;;
		-h | --help) usage && exit 0 ;;
		--*) name=${word#--} ;;
		*) die $EXIT_USAGE "unexpected '$word'; the command to run stands after --" ;;
		esac
		[[ $verb == run || $verb == shell ]] || die $EXIT_USAGE "$verb takes no option, but got '$word'"
		if [[ $name == *=* ]]; then
			set -- "${name#*=}" "$@"
			name=${name%%=*}
		fi
		find_option "$name"
		if [[ $kind == flag ]]; then
			set_option "$name" 1
			continue
		fi
		(($#)) || die $EXIT_USAGE "--$name needs a value; see scripts/testbed --help"
		valid "$kind" "$1" || die $EXIT_USAGE "--$name '$1': must be $(expected "$kind")"
		set_option "$name" "$1"
		shift
	done
	check_options
}

mebibytes() {
	case $1 in
	*G) echo $((${1%G} * 1024)) ;;
	*M) echo "${1%M}" ;;
	esac
}

# What the form of one option alone cannot tell.
check_options() {
	[[ $verb != run ]] || ((${#command[@]})) ||
		die $EXIT_USAGE "run needs a command: scripts/testbed run [OPTION]... -- COMMAND [ARGUMENT]..."
	[[ $verb == run ]] || ((${#command[@]} == 0)) || die $EXIT_USAGE "$verb takes no command, but got '${command[0]}'"
	(($(mebibytes "$opt_pmem") >= 384)) || die $EXIT_USAGE "--pmem $opt_pmem is too small for xfs; at least 384M"
	(($(mebibytes "$opt_memory") >= 512)) || die $EXIT_USAGE "--memory $opt_memory is too small; at least 512M"
	((opt_cpus <= 64)) || die $EXIT_USAGE "--cpus $opt_cpus is too many; at most 64"
	((!opt_numa || opt_cpus >= 2)) || die $EXIT_USAGE "--numa needs --cpus 2 or more, one for each node"
}
