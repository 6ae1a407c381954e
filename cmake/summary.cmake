# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# Shows what was configured, a line each.

message(STATUS "odplab ${PROJECT_VERSION}, ${CMAKE_BUILD_TYPE}, ${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION}")
if(ODPLAB_TESTS STREQUAL "AUTO" AND NOT ODPLAB_WITH_TESTS)
	message(STATUS "  tests: no (they need cmocka and python3)")
endif()
foreach(name MLX5 PMEM OFI)
	if(${name}_FOUND)
		message(STATUS "  ${name}: ${${name}_VERSION}")
	else()
		message(STATUS "  ${name}: no (stand-in)")
	endif()
endforeach()
