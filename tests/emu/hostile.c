// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * hostile.c - seeds, mutated seeds and random input at every entry of the device
 *
 * What the fuzz targets look for at length, as a test of seconds with fixed random seeds.
 * A crash, a hang or an access outside the guest's memory (with the sanitizers) fails it;
 * so does input that no longer gets past the first checks.
 */
#include "cmocka_all.h"
#include "fuzz_entry.h"

#include "base/rand.h"
#include "bus/vfio_messages.h"
#include "device/layout.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS	    2000
#define SEEDS_MAX   64
#define INPUT_BYTES 4096

struct seed {
	char name[64];
	uint8_t data[INPUT_BYTES];
	size_t len;
};

struct seeds {
	struct seed seed[SEEDS_MAX];
	unsigned int n;
};

static const struct seeds *read_seeds(const char *entry)
{
	static struct seeds seeds;
	char path[512];
	struct dirent *file;
	DIR *folder;

	snprintf(path, sizeof(path), "%s/%s", SEEDS, entry);
	folder = opendir(path);
	assert_non_null(folder);
	seeds.n = 0;
	while ((file = readdir(folder))) {
		struct seed *s = &seeds.seed[seeds.n];
		FILE *f;

		if (file->d_name[0] == '.')
			continue;
		assert_true(seeds.n < SEEDS_MAX);
		snprintf(s->name, sizeof(s->name), "%.63s", file->d_name);
		snprintf(path, sizeof(path), "%s/%s/%s", SEEDS, entry, s->name);
		f = fopen(path, "rb");
		assert_non_null(f);
		s->len = fread(s->data, 1, sizeof(s->data), f);
		fclose(f);
		assert_true(s->len && s->len < sizeof(s->data));
		seeds.n++;
	}
	closedir(folder);
	assert_true(seeds.n);
	return &seeds;
}

/* Random bytes with a bias to the values that hurt: all zeros, all ones, small ones. */
static uint8_t hurting_byte(struct rand *r)
{
	switch (rand_below(r, 4)) {
	case 0:
		return 0;
	case 1:
		return (uint8_t)rand_below(r, 8);
	case 2:
		return rand_below(r, 8) ? 0 : 0xff;
	default:
		return (uint8_t)rand_next(r);
	}
}

/* Random bytes, or a seed of which a few bytes are random; its length. */
static size_t make_input(struct rand *r, const struct seeds *seeds, uint8_t *data)
{
	const struct seed *s = &seeds->seed[rand_below(r, seeds->n)];
	size_t len = rand_below(r, 1025);

	if (rand_below(r, 2)) {
		for (size_t i = 0; i < len; i++)
			data[i] = hurting_byte(r);
		return len;
	}
	memcpy(data, s->data, s->len);
	for (uint64_t n = rand_below(r, 6); n; n--)
		data[rand_below(r, s->len)] = hurting_byte(r);
	return s->len;
}

static void barrage(int (*entry)(const uint8_t *data, size_t len),
		    const struct seeds *seeds, uint64_t seed)
{
	struct rand r = { .state = seed };
	uint8_t data[INPUT_BYTES];

	fuzz_depth = (struct fuzz_depth){ 0 };
	for (unsigned int i = 0; i < ROUNDS; i++)
		entry(data, make_input(&r, seeds, data));
}

static unsigned int kinds(const unsigned int *counts, size_t n)
{
	unsigned int kinds = 0;

	for (size_t i = 0; i < n; i++)
		kinds += counts[i] > 0;
	return kinds;
}

static void reached(const char *seed, const char *what, unsigned int kind,
		    const unsigned int *counts)
{
	if (!counts[kind])
		fail_msg("seed %s: %s 0x%x did not succeed", seed, what, kind);
}

static const uint16_t opcodes[] = {
#define OPCODE(name, number) number,
#include "device/opcodes.def"
#undef OPCODE
};

/* What no seed of commands reaches: work requests resume faults, and no state is so. */
static bool is_out_of_reach(uint16_t opcode)
{
	return opcode == COMMAND_PAGE_FAULT_RESUME || opcode == COMMAND_SQERR2RTS_QP ||
	       opcode == COMMAND_SQD_RTS_QP;
}

/* Each command of a seed succeeds, and each opcode is in a seed. */
static void commands__seeds(void **state)
{
	const struct seeds *seeds = read_seeds("commands");
	static unsigned int all[FUZZ_COMMANDS];

	for (unsigned int i = 0; i < seeds->n; i++) {
		const struct seed *s = &seeds->seed[i];

		fuzz_depth = (struct fuzz_depth){ 0 };
		fuzz_entry_commands(s->data, s->len);
		for (size_t at = 0; at + 2 < s->len; at += FUZZ_COMMAND_BYTES) {
			unsigned int opcode = (unsigned int)s->data[at] << 8 |
					      s->data[at + 1];

			reached(s->name, "command", opcode, fuzz_depth.commands);
			all[opcode]++;
		}
	}
	for (size_t i = 0; i < sizeof(opcodes) / sizeof(opcodes[0]); i++)
		if (!is_out_of_reach(opcodes[i]))
			reached("(any)", "command", opcodes[i], all);
}

/* Each work request of a seed succeeds, but one whose fault is resumed with an error. */
static void work_requests__seeds(void **state)
{
	const struct seeds *seeds = read_seeds("work");

	for (unsigned int i = 0; i < seeds->n; i++) {
		const struct seed *s = &seeds->seed[i];

		fuzz_depth = (struct fuzz_depth){ 0 };
		fuzz_entry_work(s->data, s->len);
		if (!strcmp(s->name, "fault-error")) {
			assert_int_equal(kinds(fuzz_depth.requests, FUZZ_REQUESTS), 0);
			assert_true(fuzz_depth.errors);
			continue;
		}
		for (size_t at = 0; at + FUZZ_REQUEST_BYTES < s->len;
		     at += 1 + FUZZ_REQUEST_BYTES)
			reached(s->name, "work request", s->data[at + 4],
				fuzz_depth.requests);
	}
}

/* Each message of a seed is answered without an error. */
static void messages__seeds(void **state)
{
	const struct seeds *seeds = read_seeds("messages");

	for (unsigned int i = 0; i < seeds->n; i++) {
		const struct seed *s = &seeds->seed[i];
		struct vfio_header header;

		fuzz_depth = (struct fuzz_depth){ 0 };
		fuzz_entry_messages(s->data, s->len);
		for (size_t at = 0; at + sizeof(header) <= s->len; at += header.size) {
			memcpy(&header, s->data + at, sizeof(header));
			assert_true(header.size >= sizeof(header));
			reached(s->name, "message", header.command, fuzz_depth.messages);
		}
	}
}

static void commands__random(void **state)
{
	barrage(fuzz_entry_commands, read_seeds("commands"), 1);
	print_message("%u kinds of commands succeeded\n",
		      kinds(fuzz_depth.commands, FUZZ_COMMANDS));
	assert_true(kinds(fuzz_depth.commands, FUZZ_COMMANDS) >= 60);
}

static void work_requests__random(void **state)
{
	barrage(fuzz_entry_work, read_seeds("work"), 2);
	print_message("%u kinds of work requests succeeded, %u failed\n",
		      kinds(fuzz_depth.requests, FUZZ_REQUESTS), fuzz_depth.errors);
	assert_true(kinds(fuzz_depth.requests, FUZZ_REQUESTS) >= 9);
	assert_true(fuzz_depth.errors >= 100);
}

static void messages__random(void **state)
{
	barrage(fuzz_entry_messages, read_seeds("messages"), 3);
	print_message("%u kinds of messages succeeded\n",
		      kinds(fuzz_depth.messages, VFIO_USER_MESSAGES));
	assert_true(kinds(fuzz_depth.messages, VFIO_USER_MESSAGES) >= 11);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands__seeds),
		cmocka_unit_test(work_requests__seeds),
		cmocka_unit_test(messages__seeds),
		cmocka_unit_test(commands__random),
		cmocka_unit_test(work_requests__random),
		cmocka_unit_test(messages__random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
