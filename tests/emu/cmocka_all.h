/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* cmocka_all.h - cmocka.h with what it wants included first */
#ifndef ODPLAB_TESTS_EMU_CMOCKA_ALL_H
#define ODPLAB_TESTS_EMU_CMOCKA_ALL_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#endif
