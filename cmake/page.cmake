# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# cmake -DFROM=PAGE.md -DTO=PAGE.md -DSCRIPTS=LIST -P page.cmake: a manual page in which the scripts that are
# installed have the names that they have then: odp_qualify for scripts/qualify.

file(READ ${FROM} text)
foreach(name ${SCRIPTS})
	string(TOUPPER ${name} upper)
	string(REPLACE "scripts/${name}" "odp_${name}" text "${text}")
	string(REPLACE "**${name}**" "**odp_${name}**" text "${text}")
	string(REPLACE "\n${name} - " "\nodp_${name} - " text "${text}")
	string(REPLACE "% ${upper}(" "% ODP_${upper}(" text "${text}")
endforeach()
file(WRITE ${TO} "${text}")
