# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# What the Tab key makes of a line, in a bash.
add_test(NAME completion-programs
	 COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/completion/completes
		 ${PROJECT_SOURCE_DIR}/configs/completion.bash $<TARGET_FILE_DIR:odp_test>
		 odp_info odp_perf odp_test)
set_tests_properties(completion-programs PROPERTIES TIMEOUT 120)
