# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(qualify findings)
unit_test(qualify coverage)
unit_test(qualify acceptance)
# the example, against the scenarios that there are
add_test(NAME qualify-example COMMAND odp_report --require ${PROJECT_SOURCE_DIR}/configs/acceptance.ini)
