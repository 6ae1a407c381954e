# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# Libraries: those without which nothing is built, and those that have a stand-in.

find_package(PkgConfig REQUIRED)

# required_library(NAME MODULE PACKAGE): PkgConfig::NAME. All that are missing are named at once.
set(missing "")
macro(required_library name module package)
	pkg_check_modules(${name} IMPORTED_TARGET ${module})
	if(NOT ${name}_FOUND)
		string(APPEND missing " ${package}")
	endif()
endmacro()

required_library(IBVERBS libibverbs libibverbs-dev)
required_library(JSONC json-c libjson-c-dev)
required_library(INIH inih libinih-dev)
required_library(NL libnl-3.0 libnl-3-dev)
if(missing)
	message(FATAL_ERROR "libraries are missing; packages of Debian:${missing}")
endif()
# FLUSH and ATOMIC_WRITE
pkg_check_modules(FLUSH IMPORTED_TARGET libibverbs>=1.14.45)

set(ODPLAB_MLX5 AUTO CACHE STRING "mlx5 direct verbs: AUTO, ON or OFF")
set(ODPLAB_TESTS AUTO CACHE STRING "tests: AUTO, ON or OFF")
set(ODPLAB_PMEM AUTO CACHE STRING "libpmem: AUTO, ON or OFF")
set(ODPLAB_OFI AUTO CACHE STRING "libfabric: AUTO, ON or OFF")

# optional_library(NAME MODULE): NAME_FOUND and PkgConfig::NAME, as ODPLAB_NAME asks
macro(optional_library name module)
	if(ODPLAB_${name} STREQUAL "ON")
		pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${module})
	elseif(ODPLAB_${name} STREQUAL "AUTO")
		pkg_check_modules(${name} IMPORTED_TARGET ${module})
	endif()
endmacro()

optional_library(MLX5 libmlx5)
optional_library(PMEM libpmem)
optional_library(OFI "libfabric>=1.17")

set(ODPLAB_WITH_TESTS OFF)
if(NOT ODPLAB_TESTS STREQUAL "OFF")
	pkg_check_modules(CMOCKA IMPORTED_TARGET cmocka)
	find_package(Python3 COMPONENTS Interpreter)
	if(CMOCKA_FOUND AND Python3_FOUND)
		set(ODPLAB_WITH_TESTS ON)
	elseif(ODPLAB_TESTS STREQUAL "ON")
		message(FATAL_ERROR "the tests need cmocka and python3; -DODPLAB_TESTS=OFF leaves them out")
	endif()
endif()
