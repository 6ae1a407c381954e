# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(region fork_child)
unit_test(region region)
unit_test(region region_ops)
unit_test(region residency)
unit_test(region uffd)
