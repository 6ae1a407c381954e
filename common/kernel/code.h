/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* code.h - the machine code of the kernel that runs, by /proc/kcore */
#ifndef ODPLAB_KERNEL_CODE_H
#define ODPLAB_KERNEL_CODE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define KERNEL_FUNCTION_BYTES (64u << 10) /* no function is longer than that */

/* call rel32 */
#define KERNEL_CALL	  0xe8
#define KERNEL_CALL_BYTES 5u

/* Where the call at @address leads, whose machine code is @code. */
static inline uint64_t kernel_call_target(const unsigned char *code, uint64_t address)
{
	int32_t relative;

	memcpy(&relative, code + 1, sizeof(relative));
	return address + KERNEL_CALL_BYTES + (uint64_t)(int64_t)relative;
}

/*
 * Reads @len bytes of the kernel's memory at @address. Returns 0 or -errno: -ENXIO where
 * /proc/kcore has no such address, -EPERM or -EACCES where it is closed (no root, or
 * lockdown).
 */
int kernel_code_read(uint64_t address, void *code, size_t len);

#endif
