# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The command line of scripts/testbed. An option is declared once, in the table below (args.sh); the
# supervisor inside the root filesystem finds each as TESTBED_<NAME> in its environment.

# Of run and shell.
readonly GUEST_OPTIONS=(
	"nic|mlx5|$NICS|RDMA device: emulated ConnectX, soft-RoCE, or none"
	'kernel||kernel|kernel of the archive, as "6.12" or "7.3.4+deb13", folder where one was built, or .deb (default: newest backport)'
	'driver||folder|modules (*.ko) that replace those of the kernel, or are loaded with them'
	'hmm||flag|load the test driver for HMM of the kernel, for the scenarios HMM-*; the guest gets 512M for its device'
	'cxl||flag|add CXL memory: 512M each as a DAX device, with ext4 and with xfs in DAX mode'
	"iommu||$IOMMUS|put the card after an IOMMU, VT-d or AMD-Vi"
	'hold||flag|emulate the processors, so that scenarios can hold races open'
	'delay||place=PLACE|likewise, and let processors pause at this place in the kernel from the start, see odp_delay(1); repeatable'
	'memory|2G|size|memory of the guest, at least 512M'
	'pmem|512M|size|size of each of the three NVDIMMs (ext4, xfs, devdax), at least 384M'
	'cpus|2|count|processors of the guest'
	'append||text|words to add to the command line of the kernel'
	'timeout|3600|count|seconds that COMMAND may take'
	'boot|90|count|seconds that the guest may take until COMMAND starts'
	'hang|30|count|seconds without a sign of life after which the guest hangs'
	'inject||rules=INJECTION|let the emulated card misbehave, see mlx5_emu --inject list; repeatable'
	'behave||rules=BEHAVIOUR|let it do what another card may, see mlx5_emu --behave list; repeatable'
	'trace||file|write what the emulated card does, as JSON lines'
	'nvdimms||folder|keep the NVDIMMs here, for the next guest; what the card writes needs a flush'
	'share||folder|let the guest see this folder of the host as /share'
	'numa||flag|two NUMA nodes instead of one'
	'verbose||flag|show the console of the guest as it comes'
)
readonly OWN_KERNEL_OPTIONS=(
	'config||fragment=CONFIG|kernel: lines to add to the configuration, kasan or kcsan or a file; repeatable'
	'output||folder|kernel: the folder of the build (default: one in the cache)'
)
# Those of the verb, once it is known.
OPTION_TABLE=("${GUEST_OPTIONS[@]}" "${OWN_KERNEL_OPTIONS[@]}")

verb=''

about() {
	cat <<-'END'
		usage: scripts/testbed setup | clean
		       scripts/testbed shell [OPTION]...
		       scripts/testbed run [OPTION]... -- COMMAND [ARGUMENT]...
		       scripts/testbed kernel [OPTION]... SOURCE

		setup   make the cached root filesystem; run and shell do so by themselves
		run     boot the guest and run COMMAND there; /odplab is the project, its results/ are kept
		shell   boot the guest and open a shell in it
		kernel  build a kernel for run --kernel, of a tree of Linux, or of debian[:VERSION], Debian's own source;
		        print its folder
		clean   remove the cache
	END
}

notes() {
	cat <<-'END'
		Exit status: that of COMMAND; 2 wrong usage; 120 the kernel oopsed, 121 it panicked,
		122 the guest hung, 123 QEMU died, 124 COMMAND took too long, 125 the testbed failed.
	END
}

# The verb stands first; an option before it would have to be one of all verbs.
parse_verb() {
	case ${1:-} in
	run | shell) verb=$1 OPTION_TABLE=("${GUEST_OPTIONS[@]}") ;;
	kernel) verb=$1 OPTION_TABLE=("${OWN_KERNEL_OPTIONS[@]}") ;;
	setup | clean) verb=$1 OPTION_TABLE=() ;;
	-h | --help | help) show_usage && exit 0 ;;
	--completion) show_completion && exit 0 ;;
	'') show_usage >&2 && exit 2 ;;
	*) misuse "unknown command '$1'; $SEE" ;;
	esac
}

parse_options() {
	parse_verb "$@"
	parse_arguments "${@:2}"
	case $verb in
	run | shell) check_guest ;;
	kernel) check_own_kernel ;;
	*) no_words ;;
	esac
}

# For the supervisor.
export_options() {
	local name
	for name in "${!options[@]}"; do
		export "TESTBED_${name^^}=${options[$name]}"
	done
}

mebibytes() {
	case $1 in
	*G) echo $((${1%G} * 1024)) ;;
	*M) echo "${1%M}" ;;
	esac
}

# What the form of one option alone does not show.
check_guest() {
	local pmem=${options[pmem]} memory=${options[memory]} cpus=${options[cpus]} share=${options[share]}
	((${#words[@]} == 0)) || misuse "unexpected '${words[0]}'; the command to run stands after --"
	if [[ $verb == run ]]; then
		((${#command[@]})) ||
			misuse "run needs a command: $called run [OPTION]... -- COMMAND [ARGUMENT]..."
	else
		no_command
		[[ -z ${options[delay]} ]] || misuse '--delay is for run; a shell of --hold has odp_delay'
		[[ -t 0 && -t 1 ]] || misuse 'shell needs a terminal; use run -- COMMAND'
	fi
	(($(mebibytes "$pmem") >= 384)) || misuse "--pmem $pmem is too small for xfs; at least 384M"
	(($(mebibytes "$memory") >= 512)) || misuse "--memory $memory is too small; at least 512M"
	((cpus <= 64)) || misuse "--cpus $cpus is too many; at most 64"
	[[ -z $share || -d $share ]] || misuse "--share $share: there is no such folder"
	[[ ${options[nic]} == mlx5* || -z ${options[inject]}${options[behave]}${options[trace]} ]] ||
		misuse "--inject, --behave and --trace are for the emulated card, --nic ${options[nic]} is none"
	[[ -z ${options[numa]} ]] || ((cpus >= 2)) || misuse '--numa needs at least --cpus 2, one for each node'
}

check_own_kernel() {
	local source=${words[0]:-}
	no_command
	((${#words[@]} == 1)) || misuse "kernel needs one SOURCE, a tree of Linux or debian[:VERSION]; $SEE"
	if [[ $source == @(debian|debian:*) ]]; then
		[[ $source == debian ]] || valid version "${source#*:}" ||
			misuse "SOURCE '$source': must be debian, or debian: and $(expected version)"
	elif [[ ! -f $source/Kconfig || ! -f $source/Makefile ]]; then
		misuse "SOURCE '$source': no tree of Linux is there, Makefile and Kconfig are missing"
	fi
}
