/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* bar.h - the device's BAR: the initialisation segment, then pages of doorbells */
#ifndef ODPLAB_EMU_BAR_H
#define ODPLAB_EMU_BAR_H

#include <stddef.h>
#include <stdint.h>

struct device;

#define BAR_BYTES   (32u << 20)
#define BAR_MSIX    0x2000 /* the client keeps the MSI-X table and its pending bits here */
#define BAR_PENDING 0x3000

/* Any range is answered: what lies outside reads as zeros, and swallows writes. */
void bar_read(struct device *dev, uint64_t offset, void *to, size_t len);
void bar_write(struct device *dev, uint64_t offset, const void *from, size_t len);

#endif
