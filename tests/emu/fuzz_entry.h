/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fuzz_entry.h - where an adversary's bytes enter the device, each as libFuzzer wants it
 *
 * Each call begins with a device as after power-on and takes all of its input from @data.
 * Returns 0.
 */
#ifndef ODPLAB_TESTS_EMU_FUZZ_ENTRY_H
#define ODPLAB_TESTS_EMU_FUZZ_ENTRY_H

#include <stddef.h>
#include <stdint.h>

/* Commands, one after another: opcode and bytes of the input */
int fuzz_entry_commands(const uint8_t *data, size_t len);

/* Entries of send, receive and update queues, on connected queue pairs */
int fuzz_entry_work(const uint8_t *data, size_t len);

/* A stream of vfio-user messages */
int fuzz_entry_messages(const uint8_t *data, size_t len);

#endif
