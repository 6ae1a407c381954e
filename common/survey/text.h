/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* text.h - parts of a survey as text; for text*.c only */
#ifndef ODPLAB_SURVEY_TEXT_H
#define ODPLAB_SURVEY_TEXT_H

#include "base/table.h"
#include "base/units.h"
#include "survey/survey.h"

/* Blanks before each line of a table. */
#define SURVEY_INDENT 2

/* Prints the table and frees it; NULL, when out of memory, prints nothing. */
static inline void survey_show(struct table *table, FILE *out)
{
	if (table)
		table_print(table, SURVEY_INDENT, out);
	table_free(table);
}

/* "64K"; "unlimited" for UINT64_MAX. Returns @text. */
const char *survey_size(uint64_t bytes, char text[UNITS_TEXT]);

void survey_print_device(const struct survey_device *device, FILE *out);
void survey_print_path(const struct path_info *path, FILE *out);
void survey_print_storage(const struct survey *survey, FILE *out);

#endif
