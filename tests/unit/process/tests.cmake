# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(process data)
target_link_options(test-process-data PRIVATE -Wl,--wrap=readlink)
unit_test(process library)
unit_test(process orphan)
unit_test(process signals)
unit_test(process worker)
target_link_options(test-process-worker PRIVATE -Wl,--wrap=fork)
