// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* pci.c - the configuration space: what it holds, what of it can be written */
#include "cmocka_all.h"

#include "base/util.h"
#include "bus/bar.h"
#include "bus/pci.h"

#include <linux/pci_regs.h>
#include <string.h>

static uint32_t read_at(const struct pci *pci, unsigned int at, size_t len)
{
	uint8_t bytes[4] = { 0 };

	pci_read(pci, at, bytes, len);
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

/* Where each capability lies, in the order of their list */
#define POWER	0x40u
#define GATEWAY 0x48u
#define EXPRESS 0x60u
#define MSIX	0x9cu

/* After power-on, and after all ones and then all zeros were written */
static const struct {
	unsigned int at;
	size_t len;
	uint32_t initial, ones, zeros;
} rows[] = {
	{ PCI_VENDOR_ID, 2, 0x15b3, 0x15b3, 0x15b3 },
	{ PCI_COMMAND, 2, 0, 0x546, 0 },
	{ PCI_STATUS, 2, PCI_STATUS_CAP_LIST, PCI_STATUS_CAP_LIST, PCI_STATUS_CAP_LIST },
	{ PCI_CLASS_REVISION, 4, 0x02070000, 0x02070000, 0x02070000 },
	{ PCI_CACHE_LINE_SIZE, 1, 0, 0xff, 0 },
	{ PCI_HEADER_TYPE, 1, 0, 0, 0 },
	{ PCI_BASE_ADDRESS_0, 4, 0xc, 0xfe00000c, 0xc }, /* 64 bits, prefetchable */
	{ PCI_BASE_ADDRESS_1, 4, 0, 0xffffffff, 0 },
	{ PCI_BASE_ADDRESS_2, 4, 0, 0, 0 },
	{ PCI_SUBSYSTEM_VENDOR_ID, 2, 0x15b3, 0x15b3, 0x15b3 },
	{ PCI_SUBSYSTEM_ID, 2, 8, 8, 8 },
	{ PCI_CAPABILITY_LIST, 1, POWER, POWER, POWER },
	{ PCI_INTERRUPT_LINE, 1, 0, 0xff, 0 },
	{ PCI_INTERRUPT_PIN, 1, 0, 0, 0 },
	{ POWER, 2, GATEWAY << 8 | PCI_CAP_ID_PM, GATEWAY << 8 | PCI_CAP_ID_PM,
	  GATEWAY << 8 | PCI_CAP_ID_PM },
	{ POWER + PCI_PM_PMC, 2, 3, 3, 3 },
	{ POWER + PCI_PM_CTRL, 2, 8, 0xb, 8 },
	{ GATEWAY, 4, 0x18 << 16 | EXPRESS << 8 | PCI_CAP_ID_VNDR,
	  0x18 << 16 | EXPRESS << 8 | PCI_CAP_ID_VNDR,
	  0x18 << 16 | EXPRESS << 8 | PCI_CAP_ID_VNDR },
	{ GATEWAY + 8, 4, 1, 1, 1 },
	{ GATEWAY + 12, 4, 0, 0xffffffff, 0 },
	{ GATEWAY + 16, 4, 0, 0, 0 },
	{ EXPRESS, 4, 2 << 16 | MSIX << 8 | PCI_CAP_ID_EXP,
	  2 << 16 | MSIX << 8 | PCI_CAP_ID_EXP, 2 << 16 | MSIX << 8 | PCI_CAP_ID_EXP },
	{ EXPRESS + PCI_EXP_DEVCAP, 4, 0x8022, 0x8022, 0x8022 },
	{ EXPRESS + PCI_EXP_DEVCTL, 2, 0, 0x7fff, 0 },
	{ EXPRESS + PCI_EXP_LNKCAP, 4, 0x104, 0x104, 0x104 },
	{ EXPRESS + PCI_EXP_LNKSTA, 2, 0x104, 0x104, 0x104 },
	{ EXPRESS + PCI_EXP_LNKCAP2, 4, 0x1e, 0x1e, 0x1e },
	{ EXPRESS + PCI_EXP_LNKCTL2, 2, 4, 4, 4 },
	{ MSIX, 4, 31 << 16 | PCI_CAP_ID_MSIX, 0xc01fu << 16 | PCI_CAP_ID_MSIX,
	  31 << 16 | PCI_CAP_ID_MSIX },
	{ MSIX + PCI_MSIX_TABLE, 4, BAR_MSIX, BAR_MSIX, BAR_MSIX },
	{ MSIX + PCI_MSIX_PBA, 4, BAR_PENDING, BAR_PENDING, BAR_PENDING },
};

static void register__writable_bits(void **state)
{
	static const uint8_t ones[PCI_BYTES] = { [0 ... PCI_BYTES - 1] = 0xff },
			     zeros[PCI_BYTES];
	struct pci pci;

	pci_init(&pci, SCHEME_MEMORY);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(read_at(&pci, rows[i].at, rows[i].len), rows[i].initial);
	pci_write(&pci, 0, ones, sizeof(ones));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(read_at(&pci, rows[i].at, rows[i].len), rows[i].ones);
	pci_write(&pci, 0, zeros, sizeof(zeros));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(read_at(&pci, rows[i].at, rows[i].len), rows[i].zeros);
	pci_write(&pci, PCI_INTERRUPT_LINE, ones, 1);
	pci_init(&pci, SCHEME_MEMORY);
	assert_int_equal(read_at(&pci, PCI_INTERRUPT_LINE, 1), 0);
}

static void device__of_a_scheme(void **state)
{
	struct pci pci;

	pci_init(&pci, SCHEME_MEMORY);
	assert_int_equal(read_at(&pci, PCI_DEVICE_ID, 2), 0x1021);
	pci_init(&pci, SCHEME_TRANSPORT);
	assert_int_equal(read_at(&pci, PCI_DEVICE_ID, 2), 0x1019);
}

/* What lies outside reads as ones, and swallows writes. */
static void range__outside(void **state)
{
	struct {
		struct pci pci;
		uint8_t after[8];
	} s = { .after = { 0 } };
	const uint8_t ones[8] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	pci_init(&s.pci, SCHEME_MEMORY);
	assert_int_equal(read_at(&s.pci, PCI_BYTES, 4), 0xffffffff);
	assert_int_equal(read_at(&s.pci, PCI_BYTES - 2, 4), 0xffff0000);
	memset(s.pci.writable + PCI_BYTES - 2, 0xff, 2);
	pci_write(&s.pci, PCI_BYTES - 2, ones, sizeof(ones));
	assert_int_equal(read_at(&s.pci, PCI_BYTES - 2, 2), 0xffff);
	assert_int_equal(s.pci.writable[0], 0); /* which follows */
	pci_write(&s.pci, UINT64_MAX, ones, 1);
}

/* As many bytes as are written change, and none after the end of the space. */
static void range__exactly(void **state)
{
	struct {
		struct pci pci;
		uint8_t after[8];
	} s;
	const uint8_t ones[8] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	pci_init(&s.pci, SCHEME_MEMORY);
	memset(s.pci.writable + PCI_BYTES - 4, 0xff, 4);
	memset(s.after, 0xff, sizeof(s.after));
	pci_write(&s.pci, PCI_BYTES - 4, ones, 2);
	assert_int_equal(read_at(&s.pci, PCI_BYTES - 4, 4), 0xffff);
	pci_write(&s.pci, PCI_BYTES - 1, ones, 2);
	assert_int_equal(s.pci.writable[0], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(register__writable_bits),
		cmocka_unit_test(device__of_a_scheme),
		cmocka_unit_test(range__outside),
		cmocka_unit_test(range__exactly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
