# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# A lab without a device, for all that needs one.
add_library(fake-side STATIC unit/run/fake_device.c unit/run/fake_side.c unit/run/fake_target.c)
target_link_libraries(fake-side PUBLIC run)

unit_test(run defects)
unit_test(run judge)
unit_test(run kernel_log)
unit_test(run verdict)

file(GLOB scenarios CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/apps/scenarios/*.c)
unit_test(run sabotage fake-side)
target_sources(test-run-sabotage PRIVATE ${scenarios})
