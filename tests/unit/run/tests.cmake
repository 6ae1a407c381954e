# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# A lab without a device, for all that needs one.
add_library(fake-side STATIC unit/run/fake_change.c unit/run/fake_device.c unit/run/fake_key.c unit/run/fake_operation.c
	unit/run/fake_queue.c unit/run/fake_side.c unit/run/fake_target.c unit/run/fake_window.c)
target_link_libraries(fake-side PUBLIC run)

unit_test(run defects)
target_compile_definitions(test-run-defects PRIVATE PROJECT_CONFIGS="${PROJECT_SOURCE_DIR}/configs")
unit_test(run isolate fake-side)
unit_test(run journal)
unit_test(run judge)
unit_test(run kernel_log)
unit_test(run needs fake-side)
unit_test(run outcome)
unit_test(run registry)
unit_test(run results)
unit_test(run verdict)

file(GLOB scenarios CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/apps/scenarios/*.c)
unit_test(run sabotage fake-side)
target_sources(test-run-sabotage PRIVATE ${scenarios})

# Reports, read by other programs.
add_executable(test-sample-run unit/run/sample_run.c)
target_link_libraries(test-sample-run PRIVATE fake-side)
add_test(NAME run-reports COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/unit/run/reports
	 $<TARGET_FILE:test-sample-run>)
add_test(NAME run-schema COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/unit/run/schema
	 ${PROJECT_SOURCE_DIR}/docs/run.schema.json $<TARGET_FILE:test-sample-run>)
set_tests_properties(run-reports run-schema PROPERTIES TIMEOUT 120 SKIP_RETURN_CODE 77)
