// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* vfio_irqs.c - VFIO_USER_DEVICE_SET_IRQS: eventfds of vectors, and what is refused */
#include "cmocka_all.h"

#include "connection.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct irqs {
	uint32_t argsz, flags, index, start, count;
	uint8_t data[8];
};

#define MSIX	VFIO_PCI_MSIX_IRQ_INDEX
#define NONE	VFIO_IRQ_SET_DATA_NONE
#define BOOL	VFIO_IRQ_SET_DATA_BOOL
#define EVENTFD VFIO_IRQ_SET_DATA_EVENTFD
#define MASK	VFIO_IRQ_SET_ACTION_MASK
#define UNMASK	VFIO_IRQ_SET_ACTION_UNMASK
#define TRIGGER VFIO_IRQ_SET_ACTION_TRIGGER

/* Sends @irqs with @n eventfds (all the same); the answer's error. @data: bytes of it */
static uint32_t set_irqs(struct connection *w, const struct irqs *irqs, size_t data,
			 int fd, unsigned int n)
{
	int fds[] = { fd, fd, fd, fd };
	uint8_t bytes[64] = { 0 };

	connection_send_bytes(w, bytes,
			      message_build(bytes, VFIO_USER_DEVICE_SET_IRQS, irqs,
					    offsetof(struct irqs, data) + data),
			      fds, n);
	assert_int_equal(vfio_user_serve(&w->client), 0);
	return connection_answer(w, VFIO_USER_DEVICE_SET_IRQS, NULL, 0);
}

static uint64_t interrupts(int fd)
{
	uint64_t n = 0;

	return read(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

/* What is refused leaves the vectors as they were. */
static void irqs__refused(void **state)
{
	static const struct {
		struct irqs irqs;
		size_t data;
		unsigned int fds;
	} rows[] = {
		{ { 19, EVENTFD | TRIGGER, MSIX, 0, 2, { 0 } }, 0, 2 },
		{ { 20, EVENTFD | TRIGGER, VFIO_PCI_NUM_IRQS, 0, 2, { 0 } }, 0, 2 },
		{ { 20, EVENTFD | TRIGGER, VFIO_PCI_INTX_IRQ_INDEX, 0, 1, { 0 } }, 0, 1 },
		{ { 20, EVENTFD | TRIGGER, MSIX, PCI_VECTORS, 1, { 0 } }, 0, 1 },
		{ { 20, EVENTFD | TRIGGER, MSIX, PCI_VECTORS - 1, 2, { 0 } }, 0, 2 },
		{ { 20, EVENTFD | TRIGGER, MSIX, 1, UINT32_MAX, { 0 } }, 0, 1 },
		{ { 20, EVENTFD | TRIGGER, MSIX, 0, 2, { 0 } }, 0, 1 },
		{ { 20, EVENTFD | TRIGGER, MSIX, 0, 1, { 0 } }, 0, 2 },
		{ { 20, EVENTFD | TRIGGER, MSIX, 0, 0, { 0 } }, 0, 0 },
		{ { 20, EVENTFD | MASK, MSIX, 0, 1, { 0 } }, 0, 1 },
		{ { 20, EVENTFD | UNMASK, MSIX, 0, 1, { 0 } }, 0, 1 },
		{ { 20, EVENTFD | MASK | TRIGGER, MSIX, 0, 1, { 0 } }, 0, 1 },
		{ { 20, EVENTFD | NONE | TRIGGER, MSIX, 0, 1, { 0 } }, 0, 1 },
		{ { 20, EVENTFD, MSIX, 0, 1, { 0 } }, 0, 1 },
		{ { 20, EVENTFD | TRIGGER | 1u << 6, MSIX, 0, 1, { 0 } }, 0, 1 },
		{ { 20, NONE | MASK, MSIX, 0, 1, { 0 } }, 0, 0 },
		{ { 20, NONE | MASK, MSIX, 0, 0, { 0 } }, 0, 0 },
		{ { 20, NONE | TRIGGER, MSIX, 0, 1, { 0 } }, 0, 1 },
		{ { 20, NONE | TRIGGER, MSIX, 1, 0, { 0 } }, 0, 0 },
		{ { 20, NONE | TRIGGER, VFIO_PCI_NUM_IRQS, 0, 0, { 0 } }, 0, 0 },
		{ { 20, BOOL | TRIGGER, MSIX, 0, 2, { 1, 1 } }, 1, 0 },
		{ { 20, BOOL | TRIGGER, MSIX, 0, 1, { 1, 1 } }, 1, 1 },
		{ { 20, BOOL | TRIGGER, MSIX, 0, 0, { 1, 1 } }, 1, 0 },
	};
	const struct irqs set = { 20, EVENTFD | TRIGGER, MSIX, 0, 2, { 0 } };
	int own = eventfd(0, EFD_NONBLOCK), other = eventfd(0, EFD_NONBLOCK);
	struct connection *w = *state;

	assert_int_equal(set_irqs(w, &set, 0, own, 2), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t error =
			set_irqs(w, &rows[i].irqs, rows[i].data, other, rows[i].fds);

		if (error != EINVAL)
			print_message("row %zu: error %u\n", i, error);
		assert_int_equal(error, EINVAL);
		vfio_user_interrupt(&w->client, 0);
		vfio_user_interrupt(&w->client, 1);
		assert_int_equal(interrupts(own), 2);
		assert_int_equal(interrupts(other), 0);
	}
	close(own);
	close(other);
}

static void irqs__assigned(void **state)
{
	const struct irqs three = { 20, EVENTFD | TRIGGER, MSIX, 29, 3, { 0 } },
			  one = { 20, EVENTFD | TRIGGER, MSIX, 30, 1, { 0 } },
			  all = { 20, NONE | TRIGGER, MSIX, 0, 0, { 0 } };
	int fd = eventfd(0, EFD_NONBLOCK), free = lowest_free_fd();
	struct connection *w = *state;

	assert_int_equal(set_irqs(w, &three, 0, fd, 3), 0);
	for (unsigned int i = 0; i < PCI_VECTORS + 2; i++)
		vfio_user_interrupt(&w->client, i);
	assert_int_equal(interrupts(fd), 3);
	assert_int_equal(set_irqs(w, &one, 0, fd, 0), 0); /* takes its eventfd away */
	for (unsigned int i = 0; i < PCI_VECTORS; i++)
		vfio_user_interrupt(&w->client, i);
	assert_int_equal(interrupts(fd), 2);
	assert_int_equal(set_irqs(w, &three, 0, fd, 3), 0);
	assert_int_equal(set_irqs(w, &all, 0, fd, 0), 0);
	for (unsigned int i = 0; i < PCI_VECTORS; i++)
		vfio_user_interrupt(&w->client, i);
	assert_int_equal(interrupts(fd), 0);
	assert_int_equal(lowest_free_fd(),
			 free); /* none is kept, replaced ones neither */
	close(fd);
}

static void irqs__triggered(void **state)
{
	const struct irqs set = { 20, EVENTFD | TRIGGER, MSIX, 4, 4, { 0 } },
			  some = { 24, BOOL | TRIGGER, MSIX, 4, 4, { 1, 0, 0xff, 0 } },
			  all = { 20, NONE | TRIGGER, MSIX, 4, 3, { 0 } };
	int fd = eventfd(0, EFD_NONBLOCK);
	struct connection *w = *state;

	assert_int_equal(set_irqs(w, &set, 0, fd, 4), 0);
	assert_int_equal(interrupts(fd), 0);
	assert_int_equal(set_irqs(w, &some, 4, -1, 0), 0);
	assert_int_equal(interrupts(fd), 2);
	assert_int_equal(set_irqs(w, &all, 0, -1, 0), 0);
	assert_int_equal(interrupts(fd), 3);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONNECTION_TEST(irqs__refused),
		CONNECTION_TEST(irqs__assigned),
		CONNECTION_TEST(irqs__triggered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
