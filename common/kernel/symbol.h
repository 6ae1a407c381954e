/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* symbol.h - where the functions of the kernel are, by /proc/kallsyms */
#ifndef ODPLAB_KERNEL_SYMBOL_H
#define ODPLAB_KERNEL_SYMBOL_H

#include <stddef.h>
#include <stdint.h>

struct kernel_symbol {
	uint64_t start, end; /* @end: the address of the next symbol */
	const char *name;    /* kernel_symbols' own; NULL of kernel_symbol_find() */
};

/* All of the kernel's and of its modules', by address. */
struct kernel_symbols {
	char *text;
	struct kernel_symbol *row;
	size_t n;
};

/*
 * Reads them. Returns 0 or -errno: -EPERM where the addresses are hidden
 * (kernel.kptr_restrict). The caller closes them either way.
 */
int kernel_symbols_open(struct kernel_symbols *symbols);
void kernel_symbols_close(struct kernel_symbols *symbols);

/* The symbol of that name, or the first one at that address; or NULL. */
const struct kernel_symbol *kernel_symbols_named(const struct kernel_symbols *symbols,
						 const char *name);
const struct kernel_symbol *kernel_symbols_at(const struct kernel_symbols *symbols,
					      uint64_t address);

/*
 * Finds a function of the kernel or of one of its modules. Returns 0 or -errno: -ENOENT
 * where there is none of that name, and those of kernel_symbols_open().
 */
int kernel_symbol_find(const char *name, struct kernel_symbol *symbol);

#endif
