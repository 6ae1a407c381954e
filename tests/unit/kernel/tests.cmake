# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(kernel symbol)
target_link_options(test-kernel-symbol PRIVATE -Wl,--wrap=file_read_all)
unit_test(kernel place)
target_link_options(test-kernel-place PRIVATE -Wl,--wrap=kernel_code_read)
unit_test(kernel calls)
target_link_options(test-kernel-calls PRIVATE -Wl,--wrap=file_read_all,--wrap=kernel_code_read)
unit_test(kernel race)
use_fake_files(kernel-race)
target_link_options(test-kernel-race PRIVATE -Wl,--wrap=kernel_symbols_open,--wrap=kernel_place_find,--wrap=glob64,--wrap=open64,--wrap=write)

# What the plugin of QEMU does without QEMU.
add_executable(test-plugin-delays unit/plugin/delays.c)
target_link_libraries(test-plugin-delays PRIVATE delays PkgConfig::CMOCKA)
add_test(NAME plugin-delays COMMAND test-plugin-delays)
set_tests_properties(plugin-delays PROPERTIES TIMEOUT 60)
