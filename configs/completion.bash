# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# bash completion of the programs and of the scripts as they are installed. A command itself prints its
# options (--completion), so that what is completed is what it understands; odp_test prints the scenarios.

# _odplab_words WORD...: sets COMPREPLY to those that begin with what stands before the cursor. A LIST is
# completed after its last comma.
_odplab_words() {
	local before='' candidate
	if [[ $word_kind == LIST && $current == *,* ]]; then
		before=${current%,*},
	fi
	for candidate; do
		[[ $before$candidate != "$current"* ]] || COMPREPLY+=("$before$candidate")
	done
}

_odplab_paths() {
	compopt -o filenames
	mapfile -t COMPREPLY < <(compgen "$1" -- "$current")
}

# Ids, and a glob for each group: the shell must not expand its asterisk, which is
# escaped or stands between quotes.
_odplab_scenarios() {
	local odp_test=odp_test glob='\*' ids
	[[ $1 != *odp_test ]] || odp_test=$1
	if [[ $current == [\'\"]* ]]; then
		current=${current:1} glob='*'
	fi
	mapfile -t ids < <("$odp_test" --list "${hazards[@]}" 2>/dev/null | awk -v glob="${glob/\\/\\\\}" '
		NR > 1 && NF {
			if (!groups[substr($1, 1, index($1, "-"))]++) print substr($1, 1, index($1, "-")) glob
			print $1
		}')
	_odplab_words "${ids[@]}"
}

# _odplab_value COMMAND: of the option in name, whose value is word_kind or one of choices
_odplab_value() {
	local devices
	case $name,$word_kind in
	transport,*) _odplab_words verbs ofi ofi:tcp ofi:verbs ofi:shm ;;
	device,NAME)
		devices=(/sys/class/infiniband/*)
		_odplab_words "${devices[@]##*/}"
		;;
	*,ID) _odplab_scenarios "$1" ;;
	*,DIR | *,FOLDER) _odplab_paths -d ;;
	*,FILE | *,PATH | *,DEVICE | *,SOCKET) _odplab_paths -f ;;
	*)
		# shellcheck disable=SC2086  # one word each
		_odplab_words $choices
		;;
	esac
}

_odplab() {
	COMPREPLY=()
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local name letter word_kind='' choices options=() hazards=()
	# bash takes "=" for a word of its own
	if [[ $current == '=' ]]; then
		current=''
	elif [[ $previous == '=' ]]; then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	[[ "$1 ${COMP_WORDS[*]} " != *@('odp_hazards '|' --hazards ')* ]] || hazards=(--hazards)
	while IFS='|' read -r name letter word_kind choices; do
		if [[ $word_kind && $previous == @("--$name"|"-${letter:--}") ]]; then
			_odplab_value "$1"
			return
		fi
		options+=("--$name")
	done < <("$1" --completion 2>/dev/null)
	word_kind=''
	case $current,$1 in
	-*) _odplab_words "${options[@]}" ;;
	*,*odp_test | *,*odp_qualify | *,*odp_hazards) _odplab_scenarios "$1" ;;
	*,*odp_testbed) ((COMP_CWORD > 1)) || _odplab_words setup run shell clean ;;
	*,*odp_info | *,*mlx5_emu) _odplab_paths -f ;;
	esac
}

complete -F _odplab mlx5_emu odp_delay odp_explore odp_hazards odp_info odp_perf odp_qualify odp_report odp_test odp_testbed
