# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# The scenarios on fake sides, without a defect and with one at a time.
file(GLOB scenarios CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/apps/scenarios/*.c)
foreach(noun faithful sabotage)
	unit_test(scenario ${noun} runner fake-side)
	target_sources(test-scenario-${noun} PRIVATE ${scenarios})
endforeach()
