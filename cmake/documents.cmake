# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# Installs what describes the programs and their results: documents, schemas, profiles, and manual pages
# where pandoc is found.

file(GLOB schemas ${PROJECT_SOURCE_DIR}/docs/*.schema.json)
install(FILES ${schemas} DESTINATION ${CMAKE_INSTALL_DATADIR}/odplab)
install(DIRECTORY configs/profiles DESTINATION ${CMAKE_INSTALL_DATADIR}/odplab)
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
# README.md names them by these paths
file(GLOB documents ${PROJECT_SOURCE_DIR}/docs/*.md ${PROJECT_SOURCE_DIR}/docs/*.svg)
install(FILES ${documents} DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
# a guest of the testbed has results/ of its own
install(FILES results/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR}/results OPTIONAL)

# as odp_NAME
set(INSTALLED_SCRIPTS hazards qualify testbed)
find_program(PANDOC pandoc)

# manual_page(NAME SOURCE): man1/NAME.1 from docs/man/SOURCE.1.md, with scripts as they are installed
function(manual_page name source)
	if(NOT PANDOC)
		return()
	endif()
	set(text ${PROJECT_BINARY_DIR}/man/${name}.1.md)
	set(page ${PROJECT_BINARY_DIR}/man/${name}.1)
	set(from ${PROJECT_SOURCE_DIR}/docs/man/${source}.1.md)
	add_custom_command(OUTPUT ${page} DEPENDS ${from} ${PROJECT_SOURCE_DIR}/cmake/page.cmake
			   COMMAND ${CMAKE_COMMAND} -DFROM=${from} -DTO=${text} "-DSCRIPTS=${INSTALLED_SCRIPTS}"
				   -P ${PROJECT_SOURCE_DIR}/cmake/page.cmake
			   COMMAND ${PANDOC} --standalone --to man --output ${page} ${text}
			   VERBATIM)
	add_custom_target(man-${name} ALL DEPENDS ${page})
	install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endfunction()

foreach(name odp_explore odp_info odp_perf odp_report odp_test)
	manual_page(${name} ${name})
endforeach()
