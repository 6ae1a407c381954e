/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* table.h - a text table whose columns are as wide as their widest cell */
#ifndef ODPLAB_BASE_TABLE_H
#define ODPLAB_BASE_TABLE_H

#include <stdio.h>

struct table;

/*
 * @heads: the heading of each column, separated by '|'; '>' before a heading makes its
 * column right-aligned. Returns NULL when out of memory.
 */
struct table *table_new(const char *heads);
void table_free(struct table *table);

/*
 * Appends a row: its cells, separated by '|', in printf() form. Missing cells are empty.
 */
void table_row(struct table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints it, each line indented by @indent blanks. */
void table_print(const struct table *table, unsigned int indent, FILE *out);

#endif
