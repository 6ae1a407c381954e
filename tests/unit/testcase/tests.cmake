# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(testcase driver_column runner fake-side)
foreach(noun execute expect test watch)
	unit_test(testcase ${noun})
	use_scripted_sides(testcase-${noun})
endforeach()
unit_test(testcase registry scenario)
unit_test(testcase summary)
unit_test(testcase verdict)
