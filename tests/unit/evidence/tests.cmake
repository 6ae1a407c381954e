# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(evidence bounds)
unit_test(evidence evidence)
unit_test(evidence hw_counters)
unit_test(evidence judge)
unit_test(evidence mr_counters)
unit_test(evidence trace)
unit_test(evidence trace_count)
unit_test(evidence tracefs)
