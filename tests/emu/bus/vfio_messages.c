// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* vfio_messages.c - what messages of the protocol report, move and refuse */
#include "cmocka_all.h"

#include "base/util.h"
#include "bus/bar.h"
#include "connection.h"
#include "key/mkey.h"
#include "transfer/delayed_dma.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <string.h>
#include <unistd.h>

#define CONFIG VFIO_PCI_CONFIG_REGION_INDEX
#define BAR    VFIO_PCI_BAR0_REGION_INDEX
#define LIMIT  "{\"capabilities\":{\"max_data_xfer_size\":64}}"

struct region_access {
	uint64_t offset;
	uint32_t region, count;
	uint8_t data[128];
};

struct unmap {
	uint32_t argsz, flags;
	uint64_t addr, size;
};

/*
 * A message and its answer's error; what it answers, of @answer_len bytes, goes to
 * @answer.
 */
static uint32_t ask(struct connection *w, uint16_t command, const void *data, size_t len,
		    void *answer, size_t answer_len)
{
	connection_send(w, command, data, len, -1);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	return connection_answer(w, command, answer, answer_len);
}

static void info__of_the_device(void **state)
{
	const uint32_t expected[] = { 16, VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI,
				      VFIO_PCI_NUM_REGIONS, VFIO_PCI_NUM_IRQS };
	struct connection *w = *state;
	uint32_t info[4];

	assert_int_equal(ask(w, VFIO_USER_DEVICE_GET_INFO, "", 0, info, sizeof(info)), 0);
	assert_memory_equal(info, expected, sizeof(info));
}

/*
 * The BAR and the configuration space can be read and written; the other regions are
 * empty.
 */
static void info__of_regions(void **state)
{
	static const uint64_t sizes[VFIO_PCI_NUM_REGIONS] = {
		[BAR] = 32 << 20, [CONFIG] = 4096
	};
	struct connection *w = *state;
	struct vfio_region_info info, asked, expected;

	for (uint32_t i = 0; i < VFIO_PCI_NUM_REGIONS; i++) {
		memset(&asked, 0xff, sizeof(asked));
		asked.index = i;
		expected = (struct vfio_region_info){
			.argsz = 32,
			.flags = sizes[i] ? VFIO_REGION_INFO_FLAG_READ |
						    VFIO_REGION_INFO_FLAG_WRITE :
					    0,
			.index = i,
			.size = sizes[i]
		};
		assert_int_equal(ask(w, VFIO_USER_DEVICE_GET_REGION_INFO, &asked,
				     sizeof(asked), &info, sizeof(info)),
				 0);
		assert_memory_equal(&info, &expected, sizeof(info));
	}
	asked.index = VFIO_PCI_NUM_REGIONS;
	assert_int_equal(ask(w, VFIO_USER_DEVICE_GET_REGION_INFO, &asked, sizeof(asked),
			     NULL, 0),
			 EINVAL);
	asked.index = 0;
	assert_int_equal(ask(w, VFIO_USER_DEVICE_GET_REGION_INFO, &asked,
			     sizeof(asked) - 1, NULL, 0),
			 EINVAL);
}

/* All of them by eventfds; only MSI-X has vectors, which cannot be added to. */
static void info__of_interrupts(void **state)
{
	struct connection *w = *state;
	struct vfio_irq_info info, asked, expected;

	for (uint32_t i = 0; i < VFIO_PCI_NUM_IRQS; i++) {
		bool msix = i == VFIO_PCI_MSIX_IRQ_INDEX;

		asked = (struct vfio_irq_info){ 64, UINT32_MAX, i, UINT32_MAX };
		expected = (struct vfio_irq_info){
			.argsz = 16,
			.flags = VFIO_IRQ_INFO_EVENTFD |
				 (msix ? VFIO_IRQ_INFO_NORESIZE : 0),
			.index = i,
			.count = msix ? 32 : 0
		};
		assert_int_equal(ask(w, VFIO_USER_DEVICE_GET_IRQ_INFO, &asked,
				     sizeof(asked), &info, sizeof(info)),
				 0);
		assert_memory_equal(&info, &expected, sizeof(info));
	}
	asked = (struct vfio_irq_info){ 16, 0, VFIO_PCI_NUM_IRQS, 0 };
	assert_int_equal(ask(w, VFIO_USER_DEVICE_GET_IRQ_INFO, &asked, sizeof(asked),
			     NULL, 0),
			 EINVAL);
	asked = (struct vfio_irq_info){ 15, 0, 0, 0 };
	assert_int_equal(ask(w, VFIO_USER_DEVICE_GET_IRQ_INFO, &asked, sizeof(asked),
			     NULL, 0),
			 EINVAL);
	asked.argsz = 16;
	assert_int_equal(ask(w, VFIO_USER_DEVICE_GET_IRQ_INFO, &asked, 15, NULL, 0),
			 EINVAL);
}

/* Reads and writes, of exactly what they hold, at most as much as was agreed on */
static void region__lengths(void **state)
{
	static const struct {
		uint16_t command;
		uint32_t region, count;
		size_t sent, answered;
		uint32_t error;
	} rows[] = {
		{ VFIO_USER_REGION_READ, CONFIG, 64, 16, 80, 0 },
		{ VFIO_USER_REGION_READ, CONFIG, 65, 16, 0, EINVAL },
		{ VFIO_USER_REGION_READ, BAR, 64, 16, 80, 0 },
		{ VFIO_USER_REGION_READ, VFIO_PCI_BAR1_REGION_INDEX, 4, 16, 0, EINVAL },
		{ VFIO_USER_REGION_READ, CONFIG, 4, 15, 0, EINVAL },
		{ VFIO_USER_REGION_WRITE, CONFIG, 64, 80, 16, 0 },
		{ VFIO_USER_REGION_WRITE, CONFIG, 64, 79, 0, EINVAL },
		{ VFIO_USER_REGION_WRITE, CONFIG, 65, 81, 0, EINVAL },
		{ VFIO_USER_REGION_WRITE, CONFIG, UINT32_MAX, 80, 0, EINVAL },
		{ VFIO_USER_REGION_WRITE, BAR, 4, 20, 16, 0 },
		{ VFIO_USER_REGION_WRITE, VFIO_PCI_BAR1_REGION_INDEX, 4, 20, 0, EINVAL },
		{ VFIO_USER_REGION_WRITE, CONFIG, 0, 15, 0, EINVAL },
	};
	struct connection *w = *state;
	uint8_t version[4 + sizeof(LIMIT)] = { 0 };

	memcpy(version + 4, LIMIT, sizeof(LIMIT));
	connection_send(w, VFIO_USER_VERSION, version, sizeof(version), -1);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	while (recv(w->fd, version, 1, MSG_DONTWAIT) > 0)
		;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct region_access a = { 0, rows[i].region, rows[i].count, { 0 } },
				     answer;

		assert_int_equal(ask(w, rows[i].command, &a, rows[i].sent, &answer,
				     rows[i].answered),
				 rows[i].error);
		if (!rows[i].error)
			assert_memory_equal(&answer, &a, 16);
	}
}

/* What is written can be read, in either region, at its offset. */
static void region__written(void **state)
{
	struct connection *w = *state;
	struct region_access line = { PCI_INTERRUPT_LINE, CONFIG, 1, { 0x5a } }, answer;
	struct region_access addr = {
		0x10, BAR, 8, { 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xd0 }
	};

	assert_int_equal(ask(w, VFIO_USER_REGION_WRITE, &line, 17, &answer, 16), 0);
	assert_int_equal(ask(w, VFIO_USER_REGION_READ, &line, 16, &answer, 17), 0);
	assert_int_equal(answer.data[0], 0x5a);
	assert_int_equal(ask(w, VFIO_USER_REGION_WRITE, &addr, 24, &answer, 16), 0);
	assert_int_equal(w->dev->commands.addr, 0x123456789abcd000);
	assert_int_equal(ask(w, VFIO_USER_REGION_READ, &addr, 16, &answer, 24), 0);
	assert_memory_equal(answer.data, addr.data, 6);
}

/* Short writes in one message: all, or those before the first that cannot be done */
static void region__several_writes(void **state)
{
	struct {
		uint64_t n;
		struct {
			uint64_t offset;
			uint32_t region, count;
			uint8_t data[8];
		} items[3];
	} m = { 2,
		{ { PCI_INTERRUPT_LINE, CONFIG, 1, { 0x11 } },
		  { 0x10, BAR, 8, { 0, 0, 0, 1, 0, 0, 0x20 } },
		  { PCI_CACHE_LINE_SIZE, CONFIG, 1, { 0x22 } } } };
	struct connection *w = *state;
	uint64_t done = 0;

	assert_int_equal(ask(w, VFIO_USER_REGION_WRITE_MULTI, &m, 8 + 2 * 24, &done, 8),
			 0);
	assert_int_equal(done, 2);
	assert_int_equal(w->client.pci.space[PCI_INTERRUPT_LINE], 0x11);
	assert_int_equal(w->client.pci.space[PCI_CACHE_LINE_SIZE], 0);
	assert_int_equal(w->dev->commands.addr, 0x100002000);
	m.n = 3;
	assert_int_equal(ask(w, VFIO_USER_REGION_WRITE_MULTI, &m, 8 + 3 * 24 - 1, NULL,
			     0),
			 EINVAL);
	m.n = UINT64_MAX / 24;
	assert_int_equal(ask(w, VFIO_USER_REGION_WRITE_MULTI, &m, sizeof(m), NULL, 0),
			 EINVAL);
	m.n = 3;
	m.items[0].data[0] = 0x33;
	m.items[1].count = 9;
	assert_int_equal(ask(w, VFIO_USER_REGION_WRITE_MULTI, &m, sizeof(m), NULL, 0),
			 EINVAL);
	m.items[1].count = 8;
	m.items[1].region = VFIO_PCI_BAR1_REGION_INDEX;
	assert_int_equal(ask(w, VFIO_USER_REGION_WRITE_MULTI, &m, sizeof(m), NULL, 0),
			 EINVAL);
	assert_int_equal(w->client.pci.space[PCI_INTERRUPT_LINE], 0x33);
	assert_int_equal(w->client.pci.space[PCI_CACHE_LINE_SIZE], 0);
	m.n = 0;
	assert_int_equal(ask(w, VFIO_USER_REGION_WRITE_MULTI, &m, 8, &done, 8), 0);
	assert_int_equal(done, 0);
	assert_int_equal(ask(w, VFIO_USER_REGION_WRITE_MULTI, &m, 7, NULL, 0), EINVAL);
}

/*
 * The device keeps no descriptor of a window, also not 0, and writes only where it may.
 */
static void window__rights(void **state)
{
	struct connection *w = *state;

	for (uint32_t flags = 1; flags <= 3; flags += 2) {
		struct map m = { sizeof(m), flags, 0, flags * 0x10000, WINDOW };
		int fd = file_of(1), saved, before = lowest_free_fd();

		connection_send(w, VFIO_USER_DMA_MAP, &m, sizeof(m), fd);
		saved = stdin_close();
		assert_int_equal(vfio_user_serve(&w->client), 0);
		assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
		stdin_restore(saved);
		assert_int_equal(connection_answer(w, VFIO_USER_DMA_MAP, NULL, 0), 0);
		assert_int_equal(lowest_free_fd(), before);
		assert_non_null(dma_at(&w->dev->dma, m.addr, 1, false));
		assert_int_equal(!dma_at(&w->dev->dma, m.addr, 1, true), flags == 1);
		close(fd);
	}
}

static void map_windows(struct connection *w, unsigned int n, int fd)
{
	for (unsigned int i = 0; i < n; i++) {
		struct map m = { sizeof(m), 3, 0, i * 0x10000ull, WINDOW };

		connection_send(w, VFIO_USER_DMA_MAP, &m, sizeof(m), fd);
		assert_int_equal(vfio_user_serve(&w->client), 0);
		assert_int_equal(connection_answer(w, VFIO_USER_DMA_MAP, NULL, 0), 0);
	}
}

static void window__unmapped(void **state)
{
	struct connection *w = *state;
	struct unmap one = { sizeof(one), 0, 0x10000, WINDOW }, all = { 24, 2, 0, 0 },
		     answer;
	struct unmap cut = { 24, 0, 0, WINDOW / 2 };
	struct unmap wrong = { 23, 0, 0, WINDOW }, unknown = { 24, 1, 0, WINDOW };
	int fd = file_of(1);

	map_windows(w, 3, fd);
	assert_int_equal(ask(w, VFIO_USER_DMA_UNMAP, &wrong, 24, NULL, 0), EINVAL);
	assert_int_equal(ask(w, VFIO_USER_DMA_UNMAP, &unknown, 24, NULL, 0), EINVAL);
	assert_int_equal(ask(w, VFIO_USER_DMA_UNMAP, &one, 23, NULL, 0), EINVAL);
	assert_int_equal(w->dev->dma.n, 3);
	assert_int_equal(ask(w, VFIO_USER_DMA_UNMAP, &one, 24, &answer, 24), 0);
	assert_memory_equal(&answer, &one, 24);
	assert_int_equal(window_byte(w, 0x10000), -1);
	assert_int_equal(w->dev->dma.n, 2);
	/* as VFIO: a range may hold no window, and must cut none */
	assert_int_equal(ask(w, VFIO_USER_DMA_UNMAP, &one, 24, &answer, 24), 0);
	assert_int_equal(ask(w, VFIO_USER_DMA_UNMAP, &cut, 24, NULL, 0), EINVAL);
	assert_int_equal(ask(w, VFIO_USER_DMA_UNMAP, &all, 24, &answer, 24), 0);
	assert_memory_equal(&answer, &all, 24);
	assert_int_equal(w->dev->dma.n, 0);
	close(fd);
}

/* A DMA write that is under way lands before its window goes. */
static void window__unmapped_under_a_write(void **state)
{
	struct connection *w = *state;
	struct unmap one = { sizeof(one), 0, 0, WINDOW }, answer;
	int fd = file_of(1);
	struct span span = { .len = 1 };
	uint8_t byte;

	map_windows(w, 1, fd);
	span.host = dma_at(&w->dev->dma, 8, 1, true);
	delayed_dma_write(w->dev, &span, NULL, "\x77", 1);
	assert_int_equal(ask(w, VFIO_USER_DMA_UNMAP, &one, 24, &answer, 24), 0);
	assert_int_equal(pread(fd, &byte, 1, 8), 1);
	assert_int_equal(byte, 0x77);
	close(fd);
}

/* As after power-on; the windows stay. */
static void reset__of_the_device(void **state)
{
	struct connection *w = *state;
	struct region_access line = { PCI_INTERRUPT_LINE, CONFIG, 1, { 0x5a } }, answer;
	int fd = file_of(1);

	map_windows(w, 1, fd);
	close(fd);
	w->dev->issi = 1;
	assert_int_equal(ask(w, VFIO_USER_REGION_WRITE, &line, 17, &answer, 16), 0);
	assert_int_equal(ask(w, VFIO_USER_DEVICE_RESET, "", 0, NULL, 0), 0);
	assert_int_equal(w->dev->issi, 0);
	assert_int_equal(w->client.pci.space[PCI_INTERRUPT_LINE], 0);
	assert_int_equal(window_byte(w, 0), 1);
}

/*
 * Numbers of the specification that are for the other direction, or for what is not
 * offered
 */
static void message__not_supported(void **state)
{
	static const uint16_t commands[] = { 0, 6, 11, 12, 14, VFIO_USER_MESSAGES };
	struct connection *w = *state;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		assert_int_equal(ask(w, commands[i], "", 0, NULL, 0), ENOTSUP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONNECTION_TEST(info__of_the_device),
		CONNECTION_TEST(info__of_regions),
		CONNECTION_TEST(info__of_interrupts),
		CONNECTION_TEST(region__lengths),
		CONNECTION_TEST(region__written),
		CONNECTION_TEST(region__several_writes),
		CONNECTION_TEST(window__rights),
		CONNECTION_TEST(window__unmapped),
		CONNECTION_TEST(window__unmapped_under_a_write),
		CONNECTION_TEST(reset__of_the_device),
		CONNECTION_TEST(message__not_supported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
