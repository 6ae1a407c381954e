# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(bench bench_report)
unit_test(bench bench_lack)
target_link_options(test-bench-bench_lack PRIVATE -Wl,--wrap=shortage_of,--wrap=shortage_of_space)
