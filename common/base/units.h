/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* units.h - parses and formats sizes and durations */
#ifndef ODPLAB_BASE_UNITS_H
#define ODPLAB_BASE_UNITS_H

#include <stddef.h>
#include <stdint.h>

#define UNITS_TEXT 24

/*
 * Plain unsigned decimal or 0x number, the whole of @text.
 * Returns 0, -EINVAL or -ERANGE; *value is untouched on failure.
 */
int units_parse_number(const char *text, uint64_t *value);

/* "4096", "64K", "2MiB", "1g": powers of 1024. Errors as above. */
int units_parse_size(const char *text, uint64_t *bytes);

/*
 * "30s", "2m", "1h", "500ms", "10us", "250ns"; a bare number is in seconds.
 * Errors as above.
 */
int units_parse_duration(const char *text, uint64_t *ns);

/* "4096" -> "4K", "1536" -> "1536": the shortest exact form. Returns @text. */
char *units_format_size(uint64_t bytes, char text[UNITS_TEXT]);

/* "12 ns", "3.4 us", "56 ms", "1.2 s". Returns @text. */
char *units_format_duration(uint64_t ns, char text[UNITS_TEXT]);

#endif
