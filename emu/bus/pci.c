// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * pci.c - the device's PCI configuration space
 *
 * The client emulates BARs, MSI-X and much of PCIe itself, on top of what is read here.
 */
#include "bus/pci.h"

#include "base/util.h"
#include "bus/bar.h"

#include <endian.h>
#include <linux/pci_regs.h>
#include <string.h>

#define VENDOR		 0x15b3
#define CONNECTX5	 0x1019
#define CONNECTX7	 0x1021
#define SUBSYSTEM	 0x0008
#define CLASS_INFINIBAND 0x020700

/* Where the capabilities lie, in the order of their list */
#define AT_POWER	 0x40
#define AT_VENDOR	 0x48
#define AT_PCIE		 0x60
#define AT_MSIX		 0x9c

#define VENDOR_BYTES	 0x18
#define VENDOR_COUNTER	 0x08
#define VENDOR_SEMAPHORE 0x0c
#define LINK_SPEED	 PCI_EXP_LNKSTA_CLS_16_0GB
#define LINK_WIDTH	 16

static void set16(struct pci *pci, unsigned int at, uint16_t value)
{
	value = htole16(value);
	memcpy(pci->space + at, &value, sizeof(value));
}

static void set32(struct pci *pci, unsigned int at, uint32_t value)
{
	value = htole32(value);
	memcpy(pci->space + at, &value, sizeof(value));
}

static void may_write16(struct pci *pci, unsigned int at, uint16_t mask)
{
	mask = htole16(mask);
	memcpy(pci->writable + at, &mask, sizeof(mask));
}

static void capability(struct pci *pci, unsigned int at, uint8_t id, unsigned int next)
{
	pci->space[at] = id;
	pci->space[at + 1] = (uint8_t)next;
}

static void power(struct pci *pci)
{
	capability(pci, AT_POWER, PCI_CAP_ID_PM, AT_VENDOR);
	set16(pci, AT_POWER + PCI_PM_PMC, 3); /* version; D0 and D3 only */
	set16(pci, AT_POWER + PCI_PM_CTRL, PCI_PM_CTRL_NO_SOFT_RESET);
	may_write16(pci, AT_POWER + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK);
}

/* The driver's gateway to the card's registers: it can be locked, and reaches none. */
static void vendor(struct pci *pci)
{
	capability(pci, AT_VENDOR, PCI_CAP_ID_VNDR, AT_PCIE);
	pci->space[AT_VENDOR + 2] = VENDOR_BYTES;
	set32(pci, AT_VENDOR + VENDOR_COUNTER, 1);
	memset(pci->writable + AT_VENDOR + VENDOR_SEMAPHORE, 0xff, sizeof(uint32_t));
}

static void express(struct pci *pci)
{
	uint32_t link = LINK_SPEED | LINK_WIDTH << 4;

	capability(pci, AT_PCIE, PCI_CAP_ID_EXP, AT_MSIX);
	set16(pci, AT_PCIE + PCI_EXP_FLAGS, PCI_EXP_TYPE_ENDPOINT << 4 | 2);
	set32(pci, AT_PCIE + PCI_EXP_DEVCAP,
	      PCI_EXP_DEVCAP_RBER | PCI_EXP_DEVCAP_EXT_TAG | 2);
	may_write16(pci, AT_PCIE + PCI_EXP_DEVCTL, 0x7fff);
	set32(pci, AT_PCIE + PCI_EXP_LNKCAP, link);
	set16(pci, AT_PCIE + PCI_EXP_LNKSTA, (uint16_t)link);
	set32(pci, AT_PCIE + PCI_EXP_LNKCAP2, 0x1e); /* 2.5 to 16 GT/s */
	set16(pci, AT_PCIE + PCI_EXP_LNKCTL2, LINK_SPEED);
}

static void msix(struct pci *pci)
{
	capability(pci, AT_MSIX, PCI_CAP_ID_MSIX, 0);
	set16(pci, AT_MSIX + PCI_MSIX_FLAGS, PCI_VECTORS - 1);
	may_write16(pci, AT_MSIX + PCI_MSIX_FLAGS,
		    PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL);
	set32(pci, AT_MSIX + PCI_MSIX_TABLE, BAR_MSIX);
	set32(pci, AT_MSIX + PCI_MSIX_PBA, BAR_PENDING);
}

void pci_init(struct pci *pci, enum scheme scheme)
{
	memset(pci, 0, sizeof(*pci));
	set16(pci, PCI_VENDOR_ID, VENDOR);
	set16(pci, PCI_DEVICE_ID, scheme == SCHEME_MEMORY ? CONNECTX7 : CONNECTX5);
	set16(pci, PCI_STATUS, PCI_STATUS_CAP_LIST);
	may_write16(pci, PCI_COMMAND,
		    PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_PARITY |
			    PCI_COMMAND_SERR | PCI_COMMAND_INTX_DISABLE);
	set32(pci, PCI_CLASS_REVISION, CLASS_INFINIBAND << 8);
	set32(pci, PCI_BASE_ADDRESS_0,
	      PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH);
	memset(pci->writable + PCI_BASE_ADDRESS_0, 0xff, 8);
	memset(pci->writable + PCI_BASE_ADDRESS_0, 0, 3); /* 32 MiB */
	pci->writable[PCI_BASE_ADDRESS_0 + 3] = 0xfe;
	pci->writable[PCI_CACHE_LINE_SIZE] = 0xff;
	pci->writable[PCI_INTERRUPT_LINE] = 0xff;
	set16(pci, PCI_SUBSYSTEM_VENDOR_ID, VENDOR);
	set16(pci, PCI_SUBSYSTEM_ID, SUBSYSTEM);
	pci->space[PCI_CAPABILITY_LIST] = AT_POWER;
	power(pci);
	vendor(pci);
	express(pci);
	msix(pci);
}

void pci_read(const struct pci *pci, uint64_t offset, void *to, size_t len)
{
	memset(to, 0xff, len);
	if (offset < PCI_BYTES)
		memcpy(to, pci->space + offset, size_min(len, PCI_BYTES - offset));
}

void pci_write(struct pci *pci, uint64_t offset, const void *from, size_t len)
{
	const uint8_t *bytes = from;

	for (size_t i = 0; i < len && offset + i < PCI_BYTES; i++) {
		uint8_t mask = pci->writable[offset + i], *at = &pci->space[offset + i];

		*at = (uint8_t)((*at & ~mask) | (bytes[i] & mask));
	}
}
