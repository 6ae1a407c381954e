# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(storage dax_diagnosis)
unit_test(storage extents region)
unit_test(storage fs_fill)
unit_test(storage mount)
unit_test(storage path_info)
