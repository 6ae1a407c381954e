# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(rdma transport)
unit_test(rdma vendor_error)

# The verbs transport against a libibverbs of the tests' own.
set(nouns find_device verbs verbs_errors verbs_post gid advise)
if(FLUSH_FOUND)
	list(APPEND nouns flush)
endif()
foreach(noun ${nouns})
	unit_test(rdma ${noun})
	target_sources(test-rdma-${noun} PRIVATE unit/rdma/mock_verbs.c)
	target_include_directories(test-rdma-${noun} PRIVATE unit/rdma)
	target_link_options(test-rdma-${noun} PRIVATE -Wl,--wrap=mlx5_dc_odp_caps,--wrap=devx_odp_caps)
endforeach()
target_link_options(test-rdma-gid PRIVATE -Wl,--wrap=if_indextoname)
target_link_options(test-rdma-advise PRIVATE -Wl,--wrap=ioctl)
target_link_options(test-rdma-find_device PRIVATE -Wl,--wrap=verbs_find_driver)

# The same with a libmlx5 of the test's own.
if(MLX5_FOUND)
	unit_test(rdma mlx5)
	target_sources(test-rdma-mlx5 PRIVATE unit/rdma/mock_verbs.c)
	target_include_directories(test-rdma-mlx5 PRIVATE unit/rdma)
endif()

# The transport over libfabric against one of the test's own.
if(OFI_FOUND)
	foreach(noun ofi ofi_post)
		unit_test(rdma ${noun})
		target_sources(test-rdma-${noun} PRIVATE unit/rdma/mock_verbs.c unit/rdma/mock_ofi.c)
		target_include_directories(test-rdma-${noun} PRIVATE unit/rdma)
		target_link_options(test-rdma-${noun} PRIVATE -Wl,--wrap=mlx5_dc_odp_caps,--wrap=devx_odp_caps)
	endforeach()
endif()
