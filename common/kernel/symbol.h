/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* symbol.h - where a function of the kernel is, by /proc/kallsyms */
#ifndef ODPLAB_KERNEL_SYMBOL_H
#define ODPLAB_KERNEL_SYMBOL_H

#include <stdint.h>

struct kernel_symbol {
	uint64_t start, end; /* @end: the address of the next symbol */
};

/*
 * Finds a function of the kernel or of one of its modules. Returns 0 or -errno: -ENOENT
 * where there is none of that name, -EPERM where the addresses are hidden
 * (kernel.kptr_restrict).
 */
int kernel_symbol_find(const char *name, struct kernel_symbol *symbol);

#endif
