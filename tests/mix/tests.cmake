# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# The covering array of operations: it is what its script makes, and it covers all pairs.
set(rows ${PROJECT_SOURCE_DIR}/apps/scenarios/mix/rows.def)
add_test(NAME mix-rows
	COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/scripts/lib/mix-rows --check ${rows})
add_test(NAME mix-coverage
	COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/mix/coverage ${rows}
		${PROJECT_SOURCE_DIR}/scripts/lib)
set_tests_properties(mix-rows mix-coverage PROPERTIES TIMEOUT 120)
