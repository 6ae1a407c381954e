# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(side child)

# Time is the test's own.
unit_test(side stream)
target_link_options(test-side-stream PRIVATE -Wl,--wrap=clock_gettime)

# A side of a transport within the process; further functions to wrap come after the noun.
function(loopback_test noun)
	unit_test(side ${noun})
	target_sources(test-side-${noun} PRIVATE unit/side/loopback.c unit/side/loopback_side.c)
	list(TRANSFORM ARGN PREPEND -Wl,--wrap=)
	target_link_options(test-side-${noun} PRIVATE ${ARGN}
		-Wl,--wrap=rdma_device_open,--wrap=rdma_mr_reg_at,--wrap=clock_gettime)
endfunction()

loopback_test(background)
loopback_test(data)
loopback_test(local)
loopback_test(operation)
loopback_test(queue_pair)
loopback_test(target region_open region_close region_write)
