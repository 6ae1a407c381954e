# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# The applications over libfabric's providers that need no RDMA device.
if(OFI_FOUND)
	foreach(provider tcp shm)
		add_test(NAME transport-ofi-${provider}
			COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/transport/plain_host
				$<TARGET_FILE_DIR:odp_test> ofi:${provider})
		set_tests_properties(transport-ofi-${provider} PROPERTIES TIMEOUT 600)
	endforeach()
	add_test(NAME transport-interrupted
		COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/transport/interrupted
			$<TARGET_FILE_DIR:odp_test> ofi:tcp)
	set_tests_properties(transport-interrupted PROPERTIES TIMEOUT 600)
	add_test(NAME transport-short_host
		COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/transport/short_host $<TARGET_FILE_DIR:odp_test>)
	set_tests_properties(transport-short_host PROPERTIES TIMEOUT 300)
	add_test(NAME transport-scenarios
		COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/transport/scenarios $<TARGET_FILE:odp_test>)
	set_tests_properties(transport-scenarios PROPERTIES TIMEOUT 120)
endif()
