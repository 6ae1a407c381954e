# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# Installs the testbed: the emulated card, the scripts that boot it, and what the guest reads. The scripts keep
# their places in the source tree, which the guest sees as /odplab.

# all from here on: a package of its own
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME odplab-testbed)

install(TARGETS mlx5_emu odp_delay)
install(TARGETS odplab_delay LIBRARY DESTINATION ${home}/lib)
foreach(name mlx5_emu odp_delay)
	install_completion(${name})
	manual_page(${name} ${name})
endforeach()
install_script(hazards)
install_script(testbed)
install(FILES configs/testbed/packages configs/testbed/tools DESTINATION ${home}/configs/testbed)
install(FILES configs/kernel/base.config configs/kernel/kasan.config configs/kernel/kcsan.config configs/kernel/needs
	DESTINATION ${home}/configs/kernel)
foreach(name build-kernel cache hmm kernels mirror namespace options own-kernels pack root rootfs sources tools)
	install(FILES scripts/lib/${name}.sh DESTINATION ${home}/scripts/lib)
endforeach()
install(PROGRAMS scripts/lib/bootstrap scripts/lib/build-hmm scripts/lib/build-kernel scripts/lib/enter-root scripts/lib/hazards scripts/lib/pack-kernel
		 scripts/lib/pack-root scripts/lib/pack-tree
	DESTINATION ${home}/scripts/lib)
install(DIRECTORY scripts/lib/testbed DESTINATION ${home}/scripts/lib FILES_MATCHING PATTERN "*.py"
	PATTERN __pycache__ EXCLUDE)
install(DIRECTORY scripts/guest/nic DESTINATION ${home}/scripts/guest)
install(FILES scripts/guest/cxl scripts/guest/memory scripts/guest/mount-on-demand.c scripts/guest/system
	DESTINATION ${home}/scripts/guest)
install(PROGRAMS scripts/guest/init scripts/guest/initrd DESTINATION ${home}/scripts/guest)
install(PROGRAMS scripts/guest/bin/card DESTINATION ${home}/scripts/guest/bin)
