# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# What Debian's policy wants of the tree of each package, just before CPack packs it: copyright, changelog,
# compressed manual pages, and why lintian is wrong in places.

file(READ ${CPACK_ODPLAB_LICENSE} license)
set(copyright
"odplab
${license}
On Debian systems the text of the GPL, version 2, is in /usr/share/common-licenses/GPL-2.
")
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
foreach(component ${CPACK_COMPONENTS_ALL})
	string(TOUPPER ${component} upper)
	set(package ${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
	set(tree ${CPACK_TEMPORARY_DIRECTORY}/${component}/usr/share)
	set(documents ${tree}/doc/${package})
	file(MAKE_DIRECTORY ${documents})
	file(REMOVE ${documents}/LICENSE)
	file(WRITE ${documents}/copyright "${copyright}")
	file(WRITE ${documents}/changelog
"${package} (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * CHANGELOG.md of the package odplab has what changed.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
	set(overrides ${CPACK_ODPLAB_OVERRIDES}/${package}.lintian-overrides)
	if(EXISTS ${overrides})
		configure_file(${overrides} ${tree}/lintian/overrides/${package} COPYONLY)
	endif()
	file(GLOB pages ${tree}/man/man*/*)
	if(NOT pages)
		message(FATAL_ERROR "no manual pages to pack: install pandoc, and configure anew")
	endif()
	execute_process(COMMAND gzip -9 --no-name ${documents}/changelog ${pages} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
