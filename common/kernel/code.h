/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* code.h - the machine code of the kernel that runs, by /proc/kcore */
#ifndef ODPLAB_KERNEL_CODE_H
#define ODPLAB_KERNEL_CODE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Reads @len bytes of the kernel's memory at @address. Returns 0 or -errno: -ENXIO where
 * /proc/kcore has no such address, -EPERM or -EACCES where it is closed (no root, or
 * lockdown).
 */
int kernel_code_read(uint64_t address, void *code, size_t len);

#endif
