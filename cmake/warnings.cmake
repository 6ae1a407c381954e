# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# Warnings and sanitizers, for gcc and clang alike.

set(ODPLAB_SANITIZE "" CACHE STRING "sanitizers, as for -fsanitize=")
option(ODPLAB_WERROR "treat warnings as errors" OFF)

add_compile_definitions(_GNU_SOURCE _FILE_OFFSET_BITS=64)
add_compile_options(
	-Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes -Wold-style-definition
	-Wwrite-strings -Wformat=2 -Wshadow -Wpointer-arith -Wcast-qual -Wundef -Wvla
	-Wnull-dereference -Wimplicit-fallthrough
	-Wno-missing-field-initializers # rows of tables name the fields that matter
	-Wno-unused-parameter # handlers of one type need not use all that they get
	-Wno-format-truncation # a message that does not fit is cut, knowingly
	-fno-strict-aliasing -fno-common)
if(ODPLAB_WERROR)
	add_compile_options(-Werror)
endif()
if(ODPLAB_SANITIZE)
	add_compile_options(-fsanitize=${ODPLAB_SANITIZE} -fno-sanitize-recover=all
			    -fno-omit-frame-pointer)
	add_link_options(-fsanitize=${ODPLAB_SANITIZE})
endif()
