# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(explore explore fake-side)
# Each program is a process.
set_tests_properties(explore-explore PROPERTIES TIMEOUT 180)
unit_test(explore program)
unit_test(explore shrink)
