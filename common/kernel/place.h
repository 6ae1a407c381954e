/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * place.h - places in the code of the kernel that runs, whichever it is
 *
 *	SYMBOL[,SYMBOL]...+PATTERN
 *
 * The first of the functions that this kernel has, as compilers inline some into others.
 * The pattern is one of
 *	call=NAME[,NAME]...	after each call of the first of these functions that it
 *			calls
 *	entry		the first instruction
 *	BYTES		machine code, two hex digits a byte, or ?? for any; dots may stand
 *			between them, and @ before the instruction that is the place,
 *			which may be the one after the bytes
 */
#ifndef ODPLAB_KERNEL_PLACE_H
#define ODPLAB_KERNEL_PLACE_H

#include <stdint.h>

struct kernel_symbols;

#define PLACE_ADDRESSES 8

struct kernel_place {
	unsigned int n; /* of the addresses: instructions */
	uint64_t address[PLACE_ADDRESSES];
};

/*
 * Finds a place. Returns 0 or -errno: -EINVAL where @text is none, -ENOENT where the
 * kernel has no such function, -ESRCH where the function has no such code, -E2BIG where
 * it has the code more than PLACE_ADDRESSES times, and those of kernel_code_read().
 */
int kernel_place_find(const struct kernel_symbols *symbols, const char *text,
		      struct kernel_place *place);

/* What such an error says of the kernel: "has no such function". */
const char *kernel_place_error(int error);

#endif
