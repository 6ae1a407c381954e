# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(base describe)
unit_test(base file)
unit_test(base file_failures)
target_link_options(test-base-file_failures PRIVATE
	-Wl,--wrap=open64,--wrap=read,--wrap=write,--wrap=fsync,--wrap=close)
unit_test(base hist)
unit_test(base log)
unit_test(base mismatch)
unit_test(base opt)
unit_test(base opt_show)
target_sources(test-base-opt PRIVATE unit/base/opt_try.c)
target_sources(test-base-opt_show PRIVATE unit/base/opt_try.c)
target_include_directories(test-base-opt PRIVATE unit/base)
target_include_directories(test-base-opt_show PRIVATE unit/base)
unit_test(base pattern)
unit_test(base rand)
unit_test(base sha256)
unit_test(base table)
unit_test(base units)
unit_test(base util)
unit_test(base utf8)

add_test(NAME base-opt-types
	 COMMAND ${CMAKE_COMMAND} -DCOMPILER=${CMAKE_C_COMPILER}
		 -DINCLUDE=-I${PROJECT_SOURCE_DIR}/common
		 -DSOURCE=${CMAKE_CURRENT_SOURCE_DIR}/unit/base/opt_types.c
		 -P ${CMAKE_CURRENT_SOURCE_DIR}/unit/base/opt_types.cmake)
