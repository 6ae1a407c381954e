# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(explore explore fake-side)
unit_test(explore program)
unit_test(explore shrink)
