# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(mem change)
unit_test(mem region)
unit_test(mem residency)
