// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* symbol.c - where a function of the kernel is, by /proc/kallsyms */
#include "kernel/symbol.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"

/* A line is "ffffffff81000000 T name" and, of a module, "\t[module]". */
struct line {
	uint64_t address;
	const char *name;
	size_t len;
};

/* Returns where the next line begins, or NULL at the end. */
static const char *take_line(const char *text, struct line *line)
{
	char *at;

	if (!*text)
		return NULL;
	line->address = strtoull(text, &at, 16);
	line->name = strnlen(at, 4) > 3 ? at + 3 : "";
	line->len = strcspn(line->name, "\t\n");
	at += strcspn(at, "\n");
	return at + (*at == '\n');
}

static int find_start(const char *text, const char *name, uint64_t *start)
{
	size_t len = strlen(name);
	struct line line;

	while ((text = take_line(text, &line)))
		if (line.len == len && !strncmp(line.name, name, len)) {
			*start = line.address;
			return line.address ? 0 : -EPERM;
		}
	return -ENOENT;
}

/* Those of modules are in no order. */
static uint64_t find_end(const char *text, uint64_t start)
{
	uint64_t end = UINT64_MAX;
	struct line line;

	while ((text = take_line(text, &line)))
		if (line.address > start && line.address < end)
			end = line.address;
	return end;
}

int kernel_symbol_find(const char *name, struct kernel_symbol *symbol)
{
	_cleanup_free_ char *text = NULL;
	int ret = file_read_all("/proc/kallsyms", &text);

	if (!ret)
		ret = find_start(text, name, &symbol->start);
	if (!ret)
		symbol->end = find_end(text, symbol->start);
	return ret;
}
