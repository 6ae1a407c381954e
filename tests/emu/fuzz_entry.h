/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fuzz_entry.h - where an adversary's bytes enter the device, each as libFuzzer wants it
 *
 * Each call begins with a device as after power-on and takes all of its input from @data.
 * Returns 0, as libFuzzer demands; fuzz_depth has how far the input got.
 */
#ifndef ODPLAB_TESTS_EMU_FUZZ_ENTRY_H
#define ODPLAB_TESTS_EMU_FUZZ_ENTRY_H

#include "bus/vfio_messages.h"

#include <stddef.h>
#include <stdint.h>

#define FUZZ_COMMANDS	   0x1000
#define FUZZ_REQUESTS	   0x100
#define FUZZ_COMMAND_BYTES 256 /* of the input, each */
#define FUZZ_REQUEST_BYTES 256 /* likewise, after a byte that names the queue */

/* What inputs have reached since it was last cleared: successes by opcode or number */
struct fuzz_depth {
	unsigned int commands[FUZZ_COMMANDS];
	unsigned int requests[FUZZ_REQUESTS];
	unsigned int errors; /* work requests that failed */
	unsigned int messages[VFIO_USER_MESSAGES];
};

extern struct fuzz_depth fuzz_depth;

/* Commands, one after another: opcode and bytes of the input */
int fuzz_entry_commands(const uint8_t *data, size_t len);

/* Entries of send, receive and update queues, on connected queue pairs */
int fuzz_entry_work(const uint8_t *data, size_t len);

/*
 * A stream of vfio-user messages, in pieces of 512 bytes. A file descriptor comes with
 * each piece whose first byte has bit 7 set.
 */
int fuzz_entry_messages(const uint8_t *data, size_t len);

#endif
