# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# The scenarios on fake sides, without a defect and with one at a time.
foreach(noun faithful sabotage)
	unit_test(scenario ${noun} runner fake-side scenarios)
endforeach()
# They run all of them.
set_tests_properties(scenario-faithful scenario-sabotage PROPERTIES TIMEOUT 180)

# The words of scenarios, between two sides that follow a script.
foreach(noun attempt data many operation queue_pair run storm target teardown traffic words)
	unit_test(scenario ${noun})
	use_scripted_sides(scenario-${noun})
endforeach()
target_link_options(test-scenario-teardown PRIVATE
	-Wl,--wrap=child_side_open,--wrap=child_side_kill,--wrap=child_side_wait)
target_link_options(test-scenario-target PRIVATE -Wl,--wrap=room_for)
