# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(runner death fake-side)
target_link_options(test-runner-death PRIVATE -Wl,--wrap=file_read_all)
unit_test(runner defects)
target_compile_definitions(test-runner-defects PRIVATE PROJECT_CONFIGS="${PROJECT_SOURCE_DIR}/configs")
unit_test(runner defects_check)
unit_test(runner isolate fake-side)
target_sources(test-runner-isolate PRIVATE unit/runner/misbehaving.c)
target_link_options(test-runner-isolate PRIVATE -Wl,--wrap=zeros_intact,--wrap=pipe2,--wrap=fork
	-Wl,--wrap=kernel_log_mark,--wrap=rdma_process_ended)
unit_test(runner isolate_pace fake-side)
target_sources(test-runner-isolate_pace PRIVATE unit/runner/misbehaving.c)
target_link_options(test-runner-isolate_pace PRIVATE
	-Wl,--wrap=pace_work_ns,--wrap=subprocess_kill,--wrap=clock_gettime)
unit_test(runner journal)
target_link_options(test-runner-journal PRIVATE -Wl,--wrap=fdatasync)
unit_test(runner outcome)
unit_test(runner plan fake-side)
target_link_options(test-runner-plan PRIVATE -Wl,--wrap=geteuid,--wrap=room_for)
unit_test(runner report)
unit_test(runner report_column)
unit_test(runner report_table)
unit_test(runner run fake-side)
target_sources(test-runner-run PRIVATE unit/runner/misbehaving.c)
target_link_options(test-runner-run PRIVATE -Wl,--wrap=zeros_intact)

# Reports, read by other programs.
add_executable(test-sample-run unit/runner/sample_run.c)
target_link_libraries(test-sample-run PRIVATE runner fake-side)
add_test(NAME runner-reports COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/unit/runner/reports
	 $<TARGET_FILE:test-sample-run>)
add_test(NAME runner-schema COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/unit/runner/schema
	 ${PROJECT_SOURCE_DIR}/docs/run.schema.json $<TARGET_FILE:test-sample-run>)
set_tests_properties(runner-reports runner-schema PROPERTIES TIMEOUT 120 SKIP_RETURN_CODE 77)
