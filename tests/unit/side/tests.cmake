# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(side child)

# Time is the test's own.
unit_test(side stream)
target_link_options(test-side-stream PRIVATE -Wl,--wrap=clock_gettime)
