# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The command line of a script, which has read script.sh and declares
#
#   OPTION_TABLE  a row for each option: name[,letter] | default | kind[=WORD] | help
#   about         a function that prints the first part of --help
#   notes         the same for the last part; may be missing
#
# and calls parse_arguments "$@". Then ${options[NAME]} is the value of an option (of a flag 1 or
# nothing), words are the arguments that are no options, and command is what follows "--". WORD is the
# value's name in --help. An option without help is not shown there: the scripts use it themselves.

declare -A options=()
words=() command=()
# What takes the value of one of these has it as its kind.
# shellcheck disable=SC2034  # the scripts do
readonly CARDS='mlx5 mlx5-transport' NICS='mlx5 mlx5-transport rxe none' IOMMUS='intel intel-39 amd'
readonly SEE="see ${called:?} --help"
# What each table has, in its form.
readonly HELP='help,h||flag|this text'

# --help, in which every script has the name by which it is called.
show_usage() {
	local text
	text=$(usage)
	[[ -z $programs ]] || text=${text//scripts\//odp_}
	printf '%s\n' "$text"
}

usage() {
	local row name default kind help
	about
	echo
	for row in "${OPTION_TABLE[@]}" "$HELP"; do
		IFS='|' read -r name default kind help <<<"$row"
		[[ -n $help ]] || continue
		printf '  %-24s %s%s\n' "$(spelled "$name" "$kind")" "$help" \
			"${default:+ (default: $default)}"
	done
	if declare -F notes >/dev/null; then
		echo
		notes
	fi
}

# The rows for bash completion, as common/base/opt.h describes them.
show_completion() {
	local row name default kind help letter choices
	for row in "${OPTION_TABLE[@]}" "$HELP"; do
		IFS='|' read -r name default kind help <<<"$row"
		[[ -n $help ]] || continue
		letter='' choices=''
		[[ $name != *,* ]] || letter=${name#*,}
		[[ $kind != *' '* ]] || choices=$kind
		printf '%s|%s|%s|%s\n' "${name%,*}" "$letter" "$(value_word "$kind")" "$choices"
	done
}

# The word for the value of an option of this KIND; none for a flag.
value_word() {
	case $1 in
	flag) ;;
	*=*) echo "${1#*=}" ;;
	*' '*) echo NAME ;;
	*) echo "${1^^}" ;;
	esac
}

# spelled NAME[,LETTER] KIND: an option as --help has it.
spelled() {
	local name=${1%,*} letter='    ' value
	[[ $1 != *,* ]] || letter="-${1#*,}, "
	value=$(value_word "$2")
	echo "$letter--$name${value:+ $value}"
}

# A kernel that the user built is named by its path: that of a build's folder, or of a package.
is_path_of_kernel() {
	[[ $1 == */* || $1 == *.deb ]]
}

# A fragment of a kernel's configuration is one of the project, by its name, or a file.
fragment_file() {
	local own=$project/configs/kernel/$1.config
	if [[ $1 != */* && -f $own ]]; then
		echo "$own"
	else
		echo "$1"
	fi
}

# Whether VALUE is what an option of this KIND takes.
valid() {
	local kind=${1%%=*} value=$2
	case $kind in
	size) [[ $value =~ ^[1-9][0-9]{0,6}[MG]$ ]] ;;
	count) [[ $value =~ ^[1-9][0-9]{0,6}$ ]] ;;
	index) [[ $value =~ ^[0-9]{1,7}$ ]] ;;
	percent) [[ $value =~ ^(100|[1-9]?[0-9])$ ]] ;;
	version) [[ $value =~ ^[0-9][0-9A-Za-z.+~-]*$ ]] ;;
	kernel) [[ $value =~ ^[0-9][0-9A-Za-z.+~-]*$ ]] || { is_path_of_kernel "$value" && [[ -e $value ]]; } ;;
	versions) [[ $value =~ ^[0-9A-Za-z.+~-]+(,[0-9A-Za-z.+~-]+)*$ ]] ;;
	text) [[ -n $value && $value != *[[:cntrl:]]* ]] ;;
	name) [[ $value =~ ^[0-9A-Za-z_.:-]+$ ]] ;;
	path) [[ -n $value ]] ;;
	rules) [[ ,$value =~ ^(,[a-z0-9-]+(:[a-z]+=[0-9.]+)*)+$ ]] ;;
	place) [[ $value =~ ^([a-z-]+|[A-Za-z0-9_.,]+\+[A-Za-z0-9_.,=?@]+(:(us|every)=[0-9]+)*)$ ]] ;;
	file) [[ -n $value && ! -d $value && -d $(dirname "$value") ]] ;;
	fragment) [[ -f $(fragment_file "$value") ]] ;;
	folder) [[ -d $value || (! -e $value && -d $(dirname "$value")) ]] ;;
	*) [[ " $kind " == *" $value "* ]] ;;
	esac
}

expected() {
	case ${1%%=*} in
	size) echo 'a size such as 512M or 2G' ;;
	count) echo 'a whole number, at least 1' ;;
	index) echo 'a whole number' ;;
	percent) echo 'a whole number from 0 to 100' ;;
	version) echo 'the beginning of a version, such as 6.12' ;;
	kernel) echo 'the beginning of a version, such as 6.12; or, with a /, the folder where a kernel was built; or a .deb' ;;
	versions) echo 'versions such as 6.12, separated by commas' ;;
	text) echo 'one line of text' ;;
	name) echo 'a name' ;;
	path) echo 'a path' ;;
	rules) echo 'NAME[:every=N][:after=N][:prob=P][:PARAMETER=N],...' ;;
	place) echo 'the name of a race, or SYMBOL[,SYMBOL]...+PATTERN[:us=N][:every=N], see odp_delay(1)' ;;
	file) echo 'a file, in a folder that is there' ;;
	fragment) echo 'kasan or kcsan, or a file with lines CONFIG_NAME=VALUE' ;;
	folder) echo 'a folder, or a new one in a folder that is there' ;;
	*) echo "one of: ${1// /, }" ;;
	esac
}

# find_option WORD: the name of the option that WORD (--name or -l) stands for, and its kind.
find_option() {
	local row names default kind help
	for row in "${OPTION_TABLE[@]}"; do
		IFS='|' read -r names default kind help <<<"$row"
		if [[ $1 == "--${names%,*}" || ($names == *,* && $1 == "-${names#*,}") ]]; then
			echo "${names%,*}" "$kind"
			return
		fi
	done
	misuse "unknown option '$1'; $SEE"
}

# given NAME KIND VALUE: an option of the command line. Rules for the emulated card add up, as fragments and places do.
given() {
	case ${2%%=*} in
	rules) options[$1]=${options[$1]:+${options[$1]},}$3 ;;
	place) options[$1]+=" $3" ;;
	fragment) options[$1]+=$(realpath "$(fragment_file "$3")")$'\n' ;;
	file | folder) options[$1]=$(realpath "$3") ;;
	kernel) options[$1]=$3 && { ! is_path_of_kernel "$3" || options[$1]=$(realpath "$3"); } ;;
	*) options[$1]=$3 ;;
	esac
}

set_defaults() {
	local row name default rest
	for row in "${OPTION_TABLE[@]}"; do
		IFS='|' read -r name default rest <<<"$row"
		options[${name%,*}]=$default
	done
}

parse_arguments() {
	local name kind found assigned
	set_defaults
	while (($#)); do
		assigned=0
		case $1 in
		--) shift && command=("$@") && return ;;
		-h | --help) show_usage && exit 0 ;;
		--completion) show_completion && exit 0 ;;
		--*=*) assigned=1 && set -- "${1%%=*}" "${1#*=}" "${@:2}" ;;&
		'') misuse "an empty argument; $SEE" ;;
		-?*) ;;
		*) words+=("$1") && shift && continue ;;
		esac
		found=$(find_option "$1")
		read -r name kind <<<"$found"
		if [[ $kind == flag ]]; then
			((!assigned)) || misuse "--$name takes no value; $SEE"
			options[$name]=1
			shift
			continue
		fi
		(($# > 1)) || misuse "--$name needs a value; $SEE"
		valid "$kind" "$2" || misuse "--$name ${2@Q}: must be $(expected "$kind")"
		given "$name" "$kind" "$2"
		shift 2
	done
}

# For scripts that take no command after "--".
no_command() {
	((${#command[@]} == 0)) || misuse "unexpected '${command[0]}'; $SEE"
}

# For scripts that take options only.
no_words() {
	((${#words[@]} == 0)) || misuse "unexpected '${words[0]}'; $SEE"
	no_command
}
