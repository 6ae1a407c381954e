# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(storage block_device)
use_fake_files(storage-block_device)
target_link_options(test-storage-block_device PRIVATE -Wl,--wrap=realpath,--wrap=readlink)

unit_test(storage dax_diagnosis)
unit_test(storage extents region)

unit_test(storage filesystem)
target_link_options(test-storage-filesystem PRIVATE
	-Wl,--wrap=dax_file,--wrap=dax_map_sync,--wrap=mount_for_each,--wrap=fstatfs64,--wrap=ftruncate64,--wrap=ioctl)

unit_test(storage freeze)
target_link_options(test-storage-freeze PRIVATE -Wl,--wrap=ioctl)
unit_test(storage fs_fill)
unit_test(storage mount)
unit_test(storage path_info)
