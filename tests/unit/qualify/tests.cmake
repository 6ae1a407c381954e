# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(qualify findings)
unit_test(qualify coverage)
