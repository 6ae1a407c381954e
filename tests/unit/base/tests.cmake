# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(base pattern)
unit_test(base mismatch)
unit_test(base hist)
unit_test(base rand)
unit_test(base units)
unit_test(base util)
