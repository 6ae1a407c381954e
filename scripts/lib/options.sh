# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The command line of scripts/testbed. An option is declared once, in the table below; the
# supervisor inside the root filesystem finds each as TESTBED_<NAME> in its environment.

# name | default | what it must look like | help
readonly OPTION_TABLE=(
	'nic|mlx5|mlx5 mlx5-transport rxe none|RDMA device: emulated ConnectX, soft-RoCE, or none'
	'kernel||version|kernel of the archive, as "6.12" or "7.3.4+deb13" (default: newest backport)'
	'memory|2G|size|memory of the guest, at least 512M'
	'pmem|512M|size|size of each of the three NVDIMMs (ext4, xfs, devdax), at least 384M'
	'cpus|2|count|processors of the guest'
	'append||text|words to add to the command line of the kernel'
	'timeout|3600|count|seconds that COMMAND may take'
	'hang|30|count|seconds without a sign of life after which the guest hangs'
	'inject||injection|let the emulated card misbehave, see mlx5_emu --inject list; repeatable'
	'trace||file|write what the emulated card does, as JSON lines'
	'nvdimms||folder|keep the NVDIMMs here, for the next guest; what the card writes needs a flush'
	'numa|0|flag|two NUMA nodes instead of one'
	'verbose|0|flag|show the console of the guest as it comes'
)

declare -A options=()
verb='' command=()

usage() {
	local row name default kind help
	cat <<-'END'
		usage: scripts/testbed setup | clean
		       scripts/testbed shell [OPTION]...
		       scripts/testbed run [OPTION]... -- COMMAND [ARGUMENT]...

		setup   make the cached root filesystem; run and shell do so by themselves
		run     boot the guest and run COMMAND there; /odplab is the project, its results/ are kept
		shell   boot the guest and open a shell in it
		clean   remove the cache

	END
	for row in "${OPTION_TABLE[@]}"; do
		IFS='|' read -r name default kind help <<<"$row"
		case $kind in
		flag) default='' ;;
		*' '*) name+=" NAME" ;;
		*) name+=" ${kind^^}" ;;
		esac
		printf '      --%-16s %s%s\n' "$name" "$help" "${default:+ (default: $default)}"
	done
	cat <<-'END'

		Exit status: that of COMMAND; 2 wrong usage; 120 the kernel oopsed, 121 it panicked,
		122 the guest hung, 123 QEMU died, 124 COMMAND took too long, 125 the testbed failed.
	END
}

# Whether VALUE is what an option of this KIND takes.
valid() {
	local kind=$1 value=$2
	case $kind in
	size) [[ $value =~ ^[1-9][0-9]{0,6}[MG]$ ]] ;;
	count) [[ $value =~ ^[1-9][0-9]{0,6}$ ]] ;;
	version) [[ $value =~ ^[0-9][0-9A-Za-z.+~-]*$ ]] ;;
	text) [[ $value != *[[:cntrl:]]* ]] ;;
	injection) [[ $value =~ ^[a-z0-9-]+(:[a-z]+=[0-9.]+)?$ ]] ;;
	file) [[ -n $value && ! -d $value && -d $(dirname "$value") ]] ;;
	folder) [[ -d $value || (! -e $value && -d $(dirname "$value")) ]] ;;
	*) [[ " $kind " == *" $value "* ]] ;;
	esac
}

expected() {
	case $1 in
	size) echo 'a size such as 512M or 2G' ;;
	count) echo 'a whole number, at least 1' ;;
	version) echo 'the beginning of a version, such as 6.12' ;;
	text) echo 'one line of text' ;;
	injection) echo 'NAME[:every=N|:after=N|:prob=P]' ;;
	file) echo 'a file, in a folder that is there' ;;
	folder) echo 'a folder, or a new one in a folder that is there' ;;
	*) echo "one of: ${1// /, }" ;;
	esac
}

# The kind of option NAME.
kind_of() {
	local row name default kind help
	for row in "${OPTION_TABLE[@]}"; do
		IFS='|' read -r name default kind help <<<"$row"
		[[ $name != "$1" ]] || { echo "$kind" && return; }
	done
	misuse "unknown option --$1; see scripts/testbed --help"
}

set_option() {
	options[$1]=$2
	export "TESTBED_${1^^}=$2"
}

# given NAME KIND VALUE: an option of the command line. Injections add up.
given() {
	case $2 in
	injection) set_option "$1" "${options[$1]:+${options[$1]},}$3" ;;
	file | folder) set_option "$1" "$(realpath "$3")" ;;
	*) set_option "$1" "$3" ;;
	esac
}

parse_verb() {
	case ${1:-} in
	setup | run | shell | clean) verb=$1 ;;
	-h | --help | help) usage && exit 0 ;;
	'') usage >&2 && exit 2 ;;
	*) misuse "unknown command '$1'; see scripts/testbed --help" ;;
	esac
}

parse_options() {
	local row name default rest kind
	for row in "${OPTION_TABLE[@]}"; do
		IFS='|' read -r name default rest <<<"$row"
		set_option "$name" "$default"
	done
	parse_verb "$@"
	shift
	while (($#)); do
		case $1 in
		--) shift && command=("$@") && break ;;
		-h | --help) usage && exit 0 ;;
		--*) name=${1#--} ;;
		*) misuse "unexpected '$1'; the command to run stands after --" ;;
		esac
		[[ $verb == run || $verb == shell ]] || misuse "$verb takes no option, but got '$1'"
		shift
		if [[ $name == *=* ]]; then
			set -- "${name#*=}" "$@"
			name=${name%%=*}
		fi
		kind=$(kind_of "$name")
		if [[ $kind == flag ]]; then
			set_option "$name" 1
			continue
		fi
		(($#)) || misuse "--$name needs a value; see scripts/testbed --help"
		valid "$kind" "$1" || misuse "--$name ${1@Q}: must be $(expected "$kind")"
		given "$name" "$kind" "$1"
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
	local pmem=${options[pmem]} memory=${options[memory]} cpus=${options[cpus]}
	case $verb in
	run)
		((${#command[@]})) ||
			misuse 'run needs a command: scripts/testbed run [OPTION]... -- COMMAND [ARGUMENT]...'
		;;
	*) ((${#command[@]} == 0)) || misuse "$verb takes no command, but got '${command[0]}'" ;;
	esac
	[[ $verb != shell || (-t 0 && -t 1) ]] || misuse 'shell needs a terminal; use run -- COMMAND'
	(($(mebibytes "$pmem") >= 384)) || misuse "--pmem $pmem is too small for xfs; at least 384M"
	(($(mebibytes "$memory") >= 512)) || misuse "--memory $memory is too small; at least 512M"
	((cpus <= 64)) || misuse "--cpus $cpus is too many; at most 64"
	[[ ${options[nic]} == mlx5* || -z ${options[inject]}${options[trace]} ]] ||
		misuse "--inject and --trace are for the emulated card, --nic ${options[nic]} is none"
	((!options[numa] || cpus >= 2)) || misuse '--numa needs at least --cpus 2, one for each node'
}
