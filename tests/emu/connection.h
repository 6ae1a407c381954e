/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* connection.h - a vfio-user client of a device, over a real socket */
#ifndef ODPLAB_TESTS_EMU_CONNECTION_H
#define ODPLAB_TESTS_EMU_CONNECTION_H

#include "bus/vfio_messages.h"
#include "bus/vfio_user.h"

#include <stddef.h>
#include <stdint.h>

#define WINDOW	 0x4000u /* bytes of the guest's memory in one window */
#define MANY_FDS 33	 /* more descriptors than one message may carry */

struct connection {
	struct device *dev;
	struct vfio_user client; /* the device's side */
	int fd;			 /* the client's end of the socket */
};

/* The payload of VFIO_USER_DMA_MAP */
struct map {
	uint32_t argsz, flags;
	uint64_t offset, addr, size;
};

/* Setup and teardown of a test: a device and its client, in *@state. */
int connection_begin(void **state);
int connection_end(void **state);

#define CONNECTION_TEST(name) \
	cmocka_unit_test_setup_teardown(name, connection_begin, connection_end)

/* A stream that is connected to the socket at @path, accepted or not */
int connection_to(const char *path);

/* Sends bytes, and @n descriptors with them (at most MANY_FDS). */
void connection_send_bytes(struct connection *w, const void *from, size_t len,
			   const int *fds, unsigned int n);

/* Sends a message, with a descriptor if @fd is one. */
void connection_send(struct connection *w, uint16_t command, const void *data, size_t len,
		     int fd);

/* The next answer's error; its data, of exactly @len bytes, goes to @data. */
uint32_t connection_answer(struct connection *w, uint16_t command, void *data,
			   size_t len);

/* Builds a message at @bytes; its length. */
size_t message_build(uint8_t *bytes, uint16_t command, const void *data, size_t len);

/* A file of WINDOW bytes, all of them @fill; the caller closes it. */
int file_of(uint8_t fill);

/* The first byte of the window at @addr; -1: out of reach */
int window_byte(struct connection *w, uint64_t addr);

/* The lowest descriptor that is free: the same before and after if none leaks */
int lowest_free_fd(void);

/*
 * Makes 0 the next descriptor that is given out, as for a program that was started
 * without standard input. What stdin_restore() needs to undo it.
 */
int stdin_close(void);
void stdin_restore(int saved);

#endif
