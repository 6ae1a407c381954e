# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(region devdax)
unit_test(region fork_child)
unit_test(region region)
unit_test(region region_ops)
target_link_options(test-region-region_ops PRIVATE -Wl,--wrap=msync,--wrap=pmem_persist_range)
unit_test(region residency)
unit_test(region uffd)
