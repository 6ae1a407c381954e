# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(env needs fake-side)
target_link_options(test-env-needs PRIVATE -Wl,--wrap=geteuid)
unit_test(env room)
target_link_options(test-env-room PRIVATE -Wl,--wrap=file_read_kib,--wrap=file_read_number
	-Wl,--wrap=statvfs64,--wrap=dax_device_query)
