# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# Each manual page turns into man; each application has one, which names the options that it has.
file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/man/*.md)
foreach(page ${pages})
	cmake_path(GET page STEM LAST_ONLY name)
	add_test(NAME man-renders-${name}
		COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/man/render ${page})
	set_tests_properties(man-renders-${name} PROPERTIES TIMEOUT 90 SKIP_RETURN_CODE 77)
endforeach()

file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/apps/*.c)
foreach(source ${sources})
	cmake_path(GET source STEM name)
	add_test(NAME man-options-${name}
		COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/man/options
			${PROJECT_SOURCE_DIR}/docs/man/${name}.1.md $<TARGET_FILE:${name}>)
	set_tests_properties(man-options-${name} PROPERTIES TIMEOUT 60)
endforeach()
