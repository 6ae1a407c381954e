# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(side child)
