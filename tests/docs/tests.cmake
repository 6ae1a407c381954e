# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# Documents that are made from the programs, or describe what they print.
add_test(NAME docs-scenarios
	COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/scripts/lib/scenario-index
		--check ${PROJECT_SOURCE_DIR}/docs/scenarios.md $<TARGET_FILE:odp_test>)
set_tests_properties(docs-scenarios PROPERTIES TIMEOUT 60)
