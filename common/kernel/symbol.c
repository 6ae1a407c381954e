// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* symbol.c - where the functions of the kernel are, by /proc/kallsyms */
#include "kernel/symbol.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

static size_t count_lines(const char *text)
{
	size_t n = 1;

	while ((text = strchr(text, '\n'))) {
		text++;
		n++;
	}
	return n;
}

/*
 * A line is "ffffffff81000000 T name" and, of a module, "\t[module]". Returns where the
 * next line begins; ends the name.
 */
static char *take_line(char *text, struct kernel_symbol *symbol)
{
	char *at, *next;

	symbol->start = strtoull(text, &at, 16);
	next = at + strcspn(at, "\n");
	symbol->name = strnlen(at, 4) > 3 && next - at > 3 ? at + 3 : "";
	if (*next)
		*next++ = '\0';
	if (*symbol->name)
		at[3 + strcspn(at + 3, "\t")] = '\0';
	return next;
}

static int by_address(const void *a, const void *b)
{
	const struct kernel_symbol *one = a, *other = b;

	return (one->start > other->start) - (one->start < other->start);
}

/* Several names may have one address: they end where the next address is. */
static void find_ends(struct kernel_symbols *symbols)
{
	uint64_t end = UINT64_MAX;

	for (size_t i = symbols->n; i--;) {
		if (i + 1 < symbols->n &&
		    symbols->row[i + 1].start > symbols->row[i].start)
			end = symbols->row[i + 1].start;
		symbols->row[i].end = end;
	}
}

int kernel_symbols_open(struct kernel_symbols *symbols)
{
	char *at;
	int ret;

	*symbols = (struct kernel_symbols){ 0 };
	ret = file_read_all("/proc/kallsyms", &symbols->text);
	if (ret)
		return ret;
	symbols->row = calloc(count_lines(symbols->text), sizeof(*symbols->row));
	if (!symbols->row)
		return -ENOMEM;
	for (at = symbols->text; *at; symbols->n++)
		at = take_line(at, &symbols->row[symbols->n]);
	/* those of modules are in no order */
	qsort(symbols->row, symbols->n, sizeof(*symbols->row), by_address);
	find_ends(symbols);
	return symbols->n && !symbols->row[symbols->n - 1].start ? -EPERM : 0;
}

void kernel_symbols_close(struct kernel_symbols *symbols)
{
	free(symbols->row);
	free(symbols->text);
	*symbols = (struct kernel_symbols){ 0 };
}

const struct kernel_symbol *kernel_symbols_named(const struct kernel_symbols *symbols,
						 const char *name)
{
	for (size_t i = 0; i < symbols->n; i++)
		if (!strcmp(symbols->row[i].name, name))
			return &symbols->row[i];
	return NULL;
}

const struct kernel_symbol *kernel_symbols_at(const struct kernel_symbols *symbols,
					      uint64_t address)
{
	size_t low = 0, high = symbols->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols->row[middle].start < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < symbols->n && symbols->row[low].start == address ?
		       &symbols->row[low] :
		       NULL;
}

int kernel_symbol_find(const char *name, struct kernel_symbol *symbol)
{
	const struct kernel_symbol *found;
	struct kernel_symbols symbols;
	int ret = kernel_symbols_open(&symbols);

	if (!ret) {
		found = kernel_symbols_named(&symbols, name);
		if (found)
			*symbol =
				(struct kernel_symbol){ found->start, found->end, NULL };
		else
			ret = -ENOENT;
	}
	kernel_symbols_close(&symbols);
	return ret;
}
