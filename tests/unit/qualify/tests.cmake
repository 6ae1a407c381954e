# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(qualify findings)
unit_test(qualify coverage)
unit_test(qualify acceptance)
unit_test(qualify comparison)
# the profiles, against the scenarios that there are
file(GLOB profiles CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/configs/profiles/*.ini)
foreach(profile ${profiles})
	cmake_path(GET profile STEM name)
	add_test(NAME qualify-profile-${name} COMMAND odp_report --require ${profile})
endforeach()
