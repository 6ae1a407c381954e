# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# The programs of the scenarios on fake sides, compiled.
unit_test(reproducer program runner fake-side scenarios)
# It runs all scenarios, and a compiler.
set_tests_properties(reproducer-program PROPERTIES TIMEOUT 180)
