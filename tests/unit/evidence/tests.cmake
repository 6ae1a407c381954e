# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(evidence bounds)
unit_test(evidence judge)
unit_test(evidence trace_count)
