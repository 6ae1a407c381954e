# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# Installs scripts, as odp_NAME, with what they read (scripts/lib/script.sh), and bash completion.

set(home ${CMAKE_INSTALL_LIBEXECDIR}/odplab)

# install_link(FOLDER NAME TARGET): a link to TARGET, which is relative, so that all can be moved.
function(install_link folder name target)
	file(RELATIVE_PATH path /${folder} /${target})
	file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/links)
	file(CREATE_LINK ${path} ${PROJECT_BINARY_DIR}/links/${name} SYMBOLIC)
	install(FILES ${PROJECT_BINARY_DIR}/links/${name} DESTINATION ${folder})
endfunction()

# install_completion(NAME...): bash-completion looks for a file of the command's name.
function(install_completion)
	foreach(name ${ARGN})
		install(FILES configs/completion.bash RENAME ${name}
			DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
	endforeach()
endfunction()

# install_script(NAME): one of INSTALLED_SCRIPTS (documents.cmake)
function(install_script name)
	install(PROGRAMS scripts/${name} DESTINATION ${home}/scripts)
	install_link(${CMAKE_INSTALL_BINDIR} odp_${name} ${home}/scripts/${name})
	install_completion(odp_${name})
	manual_page(odp_${name} ${name})
endfunction()

# by this link a script knows that it was installed, and finds the programs
install_link(${home} bin ${CMAKE_INSTALL_BINDIR})
install_script(qualify)
install(FILES scripts/guest/places DESTINATION ${home}/scripts/guest)
foreach(name args bundle closing consent log names script summary)
	install(FILES scripts/lib/${name}.sh DESTINATION ${home}/scripts/lib)
endforeach()
install_completion(odp_explore odp_info odp_perf odp_report odp_test)
