# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(mem change)
unit_test(mem extents)
unit_test(mem hindrance)
unit_test(mem mount)
unit_test(mem place)
unit_test(mem region)
unit_test(mem residency)
