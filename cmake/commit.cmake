# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# cmake -DSOURCE=FOLDER -DOUTPUT=FILE.c -P commit.cmake: writes the commit of the sources into a C file,
# at each build. Without git, or out of its reach, it is what .git/HEAD names, or nothing.

set(commit "")
if(EXISTS ${SOURCE}/.git)
	execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=12 --exclude=*
			OUTPUT_VARIABLE commit ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE
			RESULT_VARIABLE failed)
	if(failed)
		set(commit "")
	endif()
	if(failed AND EXISTS ${SOURCE}/.git/HEAD)
		file(READ ${SOURCE}/.git/HEAD commit)
		if(commit MATCHES "^ref: ([^\n]*)")
			set(branch ${SOURCE}/.git/${CMAKE_MATCH_1})
			set(commit "")
			if(EXISTS ${branch})
				file(READ ${branch} commit)
			endif()
		endif()
		string(SUBSTRING "${commit}" 0 12 commit)
	endif()
endif()
set(text "#include \"base/version.h\"\n\nconst char version_commit[] = \"${commit}\";\n")
set(now "")
if(EXISTS ${OUTPUT})
	file(READ ${OUTPUT} now)
endif()
if(NOT now STREQUAL text)
	file(WRITE ${OUTPUT} "${text}")
endif()
