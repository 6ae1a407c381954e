# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(env needs fake-side)
target_link_options(test-env-needs PRIVATE -Wl,--wrap=geteuid)
