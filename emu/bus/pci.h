/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* pci.h - the device's PCI configuration space */
#ifndef ODPLAB_EMU_PCI_H
#define ODPLAB_EMU_PCI_H

#include "device/device.h"

#include <stddef.h>
#include <stdint.h>

#define PCI_BYTES   4096
#define PCI_VECTORS 32

struct pci {
	uint8_t space[PCI_BYTES];
	uint8_t writable[PCI_BYTES]; /* a mask, bit by bit */
};

/* As after power-on; the device ID depends on the scheme. */
void pci_init(struct pci *pci, enum scheme scheme);

/* Any range is answered: what lies outside reads as ones, and swallows writes. */
void pci_read(const struct pci *pci, uint64_t offset, void *to, size_t len);
void pci_write(struct pci *pci, uint64_t offset, const void *from, size_t len);

#endif
