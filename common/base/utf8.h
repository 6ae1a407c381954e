/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* utf8.h - text from outside, made fit for files that must be UTF-8 (JSON, XML) */
#ifndef ODPLAB_BASE_UTF8_H
#define ODPLAB_BASE_UTF8_H

#include <stddef.h>

/* Puts a '?' in the place of each byte that belongs to no well-formed character. */
void utf8_repair(char *text, size_t len);

#endif
