# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# What is installed, used from there.
add_test(NAME install-installed
	 COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/install/installed ${PROJECT_BINARY_DIR}
		 $<BOOL:${OFI_FOUND}>)
set_tests_properties(install-installed PROPERTIES TIMEOUT 120)
