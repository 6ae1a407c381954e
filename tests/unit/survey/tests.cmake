# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(survey feature)
unit_test(survey host)
unit_test(survey survey)
