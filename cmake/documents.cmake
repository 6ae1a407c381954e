# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# Installs what describes the programs and their results: manual pages, where pandoc is found, schemas.

file(GLOB schemas ${PROJECT_SOURCE_DIR}/docs/*.schema.json)
install(FILES ${schemas} DESTINATION ${CMAKE_INSTALL_DATADIR}/odplab)
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

find_program(PANDOC pandoc)
if(PANDOC)
	foreach(name odp_info odp_perf odp_report odp_test)
		set(page ${PROJECT_BINARY_DIR}/man/${name}.1)
		add_custom_command(OUTPUT ${page} DEPENDS docs/man/${name}.1.md
				   COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/man
				   COMMAND ${PANDOC} --standalone --to man --output ${page}
					   ${PROJECT_SOURCE_DIR}/docs/man/${name}.1.md)
		list(APPEND pages ${page})
	endforeach()
	add_custom_target(man ALL DEPENDS ${pages})
	install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()
