# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# odp_test with a library that can be broken, for tests/integration/mutants.
add_executable(test-mutants ${PROJECT_SOURCE_DIR}/apps/odp_test.c mutants/mutants.c)
target_link_libraries(test-mutants PRIVATE runner scenarios)

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS mutants/mutants.c)

# Calls of every function that mutants.c wraps lead there.
file(STRINGS mutants/mutants.c wraps REGEX "^(WRAP\\(|unsigned int __wrap_)")
list(TRANSFORM wraps REPLACE "^(WRAP\\(|unsigned int __wrap_)([a-z_]+).*" "\\2")
list(REMOVE_DUPLICATES wraps)
list(TRANSFORM wraps PREPEND "-Wl,--wrap=")
target_link_options(test-mutants PRIVATE ${wraps})
