# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# cmake -DCOMPILER=... -DINCLUDE=... -DSOURCE=... -P opt_types.cmake: see opt_types.c

separate_arguments(INCLUDE UNIX_COMMAND "${INCLUDE}")

function(compile result)
	execute_process(COMMAND ${COMPILER} -std=gnu17 -D_GNU_SOURCE -fsyntax-only ${INCLUDE} ${ARGN} ${SOURCE}
			RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
	set(${result} "${status}" PARENT_SCOPE)
	set(text "${text}" PARENT_SCOPE)
endfunction()

compile(status)
if(NOT status EQUAL 0)
	message(FATAL_ERROR "a right row does not compile: ${text}")
endif()
foreach(wrong FLAG:count NUMBER:count SIZE:count DURATION:count STRING:number CHOICE:number
	SIZES:number CHOICES:flag COUNT:number)
	string(REPLACE ":" ";" words ${wrong})
	list(GET words 0 kind)
	list(GET words 1 member)
	set(row "OPT_${kind}_ROW(struct config, ${member}, \"x\", 0, \"N\", NULL, \"x\")")
	if(kind MATCHES "FLAG|COUNT")
		set(row "OPT_${kind}_ROW(struct config, ${member}, \"x\", 0, \"x\")")
	endif()
	compile(status "-DROW=${row}")
	if(status EQUAL 0)
		message(SEND_ERROR "compiles, but must not: ${row}")
	elseif(NOT text MATCHES "must be of type")
		message(SEND_ERROR "does not compile, but for another reason: ${row}: ${text}")
	endif()
endforeach()
