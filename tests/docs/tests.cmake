# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# Documents that are made from the programs, or describe what they print.
add_test(NAME docs-scenarios
	COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/scripts/lib/scenario-index
		--check ${PROJECT_SOURCE_DIR}/docs/scenarios.md $<TARGET_FILE:odp_test>)
set_tests_properties(docs-scenarios PROPERTIES TIMEOUT 60)

# schema_test(NAME SCHEMA COMMAND...)
function(schema_test name schema)
	add_test(NAME docs-schema-${name} COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/docs/schema
		${PROJECT_SOURCE_DIR}/docs/${schema}.schema.json ${ARGN})
	set_tests_properties(docs-schema-${name} PROPERTIES TIMEOUT 120 SKIP_RETURN_CODE 77)
endfunction()

add_executable(test-sample-info docs/sample_info.c)
target_link_libraries(test-sample-info PRIVATE survey)
target_include_directories(test-sample-info PRIVATE unit/survey)
schema_test(info info $<TARGET_FILE:test-sample-info>)
schema_test(info-here info $<TARGET_FILE:odp_info> --json)
if(OFI_FOUND)
	set(here --transport ofi:tcp --region anon --json --output ${CMAKE_CURRENT_BINARY_DIR}/results)
	schema_test(perf perf $<TARGET_FILE:odp_perf> ${here} --iters 64 --region-size 256K)
	schema_test(run run $<TARGET_FILE:odp_test> ${here} DP-01.write DP-02 DAX-15)
endif()

add_test(NAME docs-documents COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/docs/documents
	${PROJECT_SOURCE_DIR}/scripts/lib/documents)
set_tests_properties(docs-documents PROPERTIES TIMEOUT 120)
