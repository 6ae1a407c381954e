/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* utf8.h - makes any text well-formed UTF-8, as JSON and XML require */
#ifndef ODPLAB_BASE_UTF8_H
#define ODPLAB_BASE_UTF8_H

#include <stddef.h>

/* Replaces each byte that is not part of a well-formed character with '?'. */
void utf8_repair(char *text, size_t len);

#endif
