# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# Packages for Debian, of what cmake --install installs: a component each. scripts/package makes them.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME odplab)
set(CPACK_PACKAGE_CONTACT "odplab developers <odplab@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "tests of RDMA on-demand paging")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
	OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL odplab odplab-testbed)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/debian.cmake)
set(CPACK_ODPLAB_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_ODPLAB_OVERRIDES ${PROJECT_SOURCE_DIR}/cmake)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_ODPLAB_PACKAGE_NAME odplab)
set(CPACK_DEBIAN_ODPLAB_PACKAGE_SUGGESTS "bash-completion, ndctl, odplab-testbed")
set(CPACK_COMPONENT_ODPLAB_DESCRIPTION
"Qualifies a host, kernel or NIC for RDMA on-demand paging: registers memory
regions that are not pinned, over DAX files and other memory, lets the device
take page faults, proves by independent witnesses that it took them, and
checks every byte. odp_qualify runs all scenarios and measures throughput;
odp_info reports what a host can do, and what is missing.")

set(CPACK_DEBIAN_ODPLAB-TESTBED_PACKAGE_NAME odplab-testbed)
set(CPACK_DEBIAN_ODPLAB-TESTBED_PACKAGE_DEPENDS
	"odplab (= ${PROJECT_VERSION}), debian-archive-keyring, mmdebstrap, mount")
set(CPACK_DEBIAN_ODPLAB-TESTBED_PACKAGE_RECOMMENDS uidmap)
set(CPACK_COMPONENT_ODPLAB-TESTBED_DESCRIPTION
"Virtual machine with persistent memory and an emulated RDMA device, for odplab:
odp_testbed boots a stock Debian kernel with filesystems in DAX mode and an
emulated ConnectX that the stock mlx5 driver drives. With it odp_qualify works
on a host without an RDMA device. What the machine runs is fetched from the
Debian archive at the first call.")

include(CPack)
