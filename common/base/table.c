// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* table.c - a table for people: columns as wide as their widest cell */
#include "base/table.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_COLUMNS 16

struct table {
	size_t columns;
	bool right[MAX_COLUMNS];
	size_t width[MAX_COLUMNS];
	size_t rows;
	char **cells; /* rows x columns, row after row; the heads are row 0 */
};

/* Characters, not bytes: cells may hold UTF-8. */
static size_t width_of(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

/* Takes the cells of one row from @text, which it cuts up. */
static void add_row(struct table *table, char *text)
{
	size_t n = (table->rows + 1) * table->columns;
	char **cells = realloc(table->cells, n * sizeof(*cells));

	if (!cells)
		return;
	table->cells = cells;
	cells += table->rows++ * table->columns;
	for (size_t c = 0; c < table->columns; c++) {
		/* the last cell is free text, which may hold a '|' itself */
		char *cell = c + 1 < table->columns ? strsep(&text, "|") : text;

		cells[c] = strdup(cell ? cell : "");
		if (cells[c] && width_of(cells[c]) > table->width[c])
			table->width[c] = width_of(cells[c]);
	}
}

struct table *table_new(const char *heads)
{
	struct table *table = calloc(1, sizeof(*table));
	char text[512], *out = text;

	if (!table)
		return NULL;
	table->columns = 1;
	for (const char *p = heads; *p && out < text + sizeof(text) - 1; p++) {
		if (*p == '|' && ++table->columns > MAX_COLUMNS)
			abort();
		if (*p == '>' && (p == heads || p[-1] == '|'))
			table->right[table->columns - 1] = true;
		else
			*out++ = *p;
	}
	*out = '\0';
	add_row(table, text);
	return table;
}

void table_free(struct table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < table->rows * table->columns; i++)
		free(table->cells[i]);
	free(table->cells);
	free(table);
}

void table_row(struct table *table, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	if (text)
		add_row(table, text);
	free(text);
}

static void print_cell(const struct table *table, size_t row, size_t column, FILE *out)
{
	const char *cell = table->cells[row * table->columns + column];
	size_t pad;

	cell = cell ? cell : "";
	pad = table->width[column] - width_of(cell);
	if (table->right[column])
		fprintf(out, "%*s%s", (int)pad, "", cell);
	else if (column + 1 < table->columns)
		fprintf(out, "%s%*s", cell, (int)pad, "");
	else
		fprintf(out, "%s", cell);
	fputs(column + 1 < table->columns ? "  " : "\n", out);
}

void table_print(const struct table *table, unsigned int indent, FILE *out)
{
	for (size_t row = 0; row < table->rows; row++) {
		fprintf(out, "%*s", (int)indent, "");
		for (size_t column = 0; column < table->columns; column++)
			print_cell(table, row, column, out);
	}
}
