# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(invalidation invalidate)
target_link_options(test-invalidation-invalidate PRIVATE -Wl,--wrap=mremap,--wrap=mprotect)
unit_test(invalidation storm)
