# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
file(GLOB scenarios CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/apps/scenarios/*.c)
unit_test(scenario sabotage runner fake-side)
target_sources(test-scenario-sabotage PRIVATE ${scenarios})
