// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * watch.c - a side's witnesses are asked of a target's region, and so is the CPU's page
 * table
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "asked_side.h"
#include "base/util.h"
#include "region/residency.h"

static struct local_target *target;

static struct {
	struct watched range, named;
	uint64_t named_present;
	unsigned char map[3]; /* of pages that the CPU has when a target is registered */
	char absent[256];     /* "FROM+PAGES ", in pages of the region */
	unsigned int begun, ended;
	uint64_t present;
	int error;
} fake;

void __wrap_evidence_begin(struct evidence *evidence, const struct watched *range);
void __wrap_evidence_begin(struct evidence *evidence, const struct watched *range)
{
	assert_ptr_equal(evidence, &loopback_env.evidence);
	fake.begun++;
	fake.range = *range;
}

unsigned int __wrap_evidence_end(struct evidence *evidence, const struct watched *range,
				 struct observation observations[WITNESSES]);
unsigned int __wrap_evidence_end(struct evidence *evidence, const struct watched *range,
				 struct observation observations[WITNESSES])
{
	assert_ptr_equal(evidence, &loopback_env.evidence);
	fake.ended++;
	fake.range = *range;
	observations[0].witness = "first";
	observations[1].witness = "second";
	return 2;
}

void __wrap_evidence_name(struct evidence *evidence, unsigned int slot, uint64_t from,
			  uint64_t to, bool writes);
void __wrap_evidence_name(struct evidence *evidence, unsigned int slot, uint64_t from,
			  uint64_t to, bool writes)
{
	assert_ptr_equal(evidence, &loopback_env.evidence);
	fake.named = (struct watched){
		.slot = slot,
		.addr = from - (uintptr_t)target->region.addr,
		.len = to - from,
	};
}

void __wrap_evidence_absent(struct evidence *evidence, uint64_t from, uint64_t to);
void __wrap_evidence_absent(struct evidence *evidence, uint64_t from, uint64_t to)
{
	size_t n = strlen(fake.absent);

	if (target)
		snprintf(fake.absent + n, sizeof(fake.absent) - n,
			 "%" PRIu64 "+%" PRIu64 " ",
			 (uint64_t)(from - (uintptr_t)target->region.addr) / PAGE_BYTES,
			 (uint64_t)(to - from) / PAGE_BYTES);
}

int __wrap_residency_count(const void *addr, size_t len, uint64_t *present,
			   unsigned char *map);
int __wrap_residency_count(const void *addr, size_t len, uint64_t *present,
			   unsigned char *map)
{
	bool whole;

	if (map) {
		memcpy(map, fake.map, pages_spanned((uintptr_t)addr, len) / 8 + 1);
		return fake.error;
	}
	whole = addr == target->region.addr + target->mr_offset;

	assert_int_equal(len, whole ? target->mr_len : KiB(4));
	*present = whole ? fake.present : fake.named_present;
	return fake.error;
}

static int setup(void **state)
{
	target = NULL;
	loopback_reset(state);
	memset(&fake, 0, sizeof(fake));
	side = loopback_side(INITIATOR);
	target = loopback_target(side, MiB(1));
	target->mr_offset = KiB(8);
	target->mr_len = KiB(64);
	target->unit = 4096;
	request = (struct side_request){ .argument = 1 };
	return 0;
}

static void is_watched(unsigned int slot)
{
	assert_int_equal(fake.range.slot, slot);
	assert_true(fake.range.addr == (uintptr_t)target->region.addr + KiB(8));
	assert_int_equal(fake.range.len, KiB(64));
	assert_int_equal(fake.range.unit, 4096);
	assert_int_equal(fake.range.lkey, target->mr.lkey);
}

static void watch__of_the_region_in_its_slot(void **state)
{
	for (unsigned int slot = 0; slot < WATCH_SLOTS; slot++) {
		request.argument = slot;
		assert_int_equal(ask(SIDE_WATCH_BEGIN), 0);
		is_watched(slot);
		assert_int_equal(ask(SIDE_WATCH_END), 0);
		is_watched(slot);
		assert_int_equal(fake.begun, slot + 1);
		assert_int_equal(fake.ended, slot + 1);
	}
	request.argument = WATCH_SLOTS;
	assert_int_equal(ask(SIDE_WATCH_BEGIN), -ENOSPC);
	assert_non_null(strstr(loopback_log(), "watch 7 ranges at once"));
	assert_int_equal(ask(SIDE_WATCH_END), -EINVAL);
	assert_int_equal(fake.begun, WATCH_SLOTS);
	assert_int_equal(fake.ended, WATCH_SLOTS);
}

/*
 * A device may fault in what the CPU has already, so that no new page says nothing; a CPU
 * knows of each page that its own faults brought.
 */
static void residency__is_the_last_witness(void **state)
{
	static const struct {
		bool cpu_faults;
		uint64_t before, after;
		struct bounds pages;
		const char *detail;
	} rows[] = {
		{ false, 3, 7, { 1, UINT64_MAX }, "3 pages present before, 7 after" },
		{ false, 7, 7, { 0, UINT64_MAX }, "7 pages present before, 7 after" },
		{ false, 7, 3, { 0, UINT64_MAX }, "7 pages present before, 3 after" },
		{ true, 3, 7, { 1, 4 }, "3 pages present before, 7 after" },
		{ true, 7, 7, { 0, 0 }, "7 pages present before, 7 after" },
		{ true, 7, 3, { 0, 0 }, "7 pages present before, 3 after" },
		{ true, 0, 1, { 1, 1 }, "0 pages present before, 1 after" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		side->device.cpu_faults = rows[i].cpu_faults;
		fake.present = rows[i].before;
		assert_int_equal(ask(SIDE_WATCH_BEGIN), 0);
		fake.present = rows[i].after;
		assert_int_equal(ask(SIDE_WATCH_END), 0);
		assert_int_equal(reply.observations, 3);
		assert_string_equal(reply.observation[1].witness, "second");
		assert_string_equal(reply.observation[2].witness, "residency");
		assert_true(reply.observation[2].available);
		assert_true(reply.observation[2].pages.min == rows[i].pages.min);
		assert_true(reply.observation[2].pages.max == rows[i].pages.max);
		assert_string_equal(reply.observation[2].detail, rows[i].detail);
	}
}

/* One interval within another: each compares with its own beginning. */
static void residency__of_each_slot(void **state)
{
	side->device.cpu_faults = true;
	for (unsigned int slot = 0; slot < 2; slot++) {
		request.argument = slot;
		fake.present = 4 + 4 * slot;
		assert_int_equal(ask(SIDE_WATCH_BEGIN), 0);
	}
	fake.present = 9;
	assert_int_equal(ask(SIDE_WATCH_END), 0);
	assert_int_equal(reply.observation[2].pages.max, 1);
	request.argument = 0;
	assert_int_equal(ask(SIDE_WATCH_END), 0);
	assert_int_equal(reply.observation[2].pages.max, 5);
}

static int name(uint64_t offset)
{
	request.offset = offset;
	request.len = KiB(4);
	return ask(SIDE_WATCH_NAME);
}

static void name__is_an_address_to_the_witnesses(void **state)
{
	assert_int_equal(ask(SIDE_WATCH_BEGIN), 0);
	assert_int_equal(name(KiB(12)), 0);
	assert_int_equal(fake.named.slot, 1);
	assert_int_equal(fake.named.addr, KiB(12));
	assert_int_equal(fake.named.len, KiB(4));
	request.argument = WATCH_SLOTS;
	assert_int_equal(name(KiB(12)), -EINVAL);
}

static void name__as_often_as_there_are_places(void **state)
{
	assert_int_equal(ask(SIDE_WATCH_BEGIN), 0);
	for (unsigned int i = 0; i < WATCH_NAMES; i++)
		assert_int_equal(name(KiB(12)), 0);
	assert_int_equal(name(KiB(12)), -EINVAL);
	request.offset = request.len = 0;
	assert_int_equal(ask(SIDE_WATCH_BEGIN), 0);
	assert_int_equal(name(KiB(12)), 0);
}

/*
 * A page that a device took along has appeared, too, and proves nothing of the named one.
 */
static void residency__of_pages_that_are_named(void **state)
{
	static const struct {
		bool cpu_faults;
		uint64_t named_after;
		struct bounds pages;
		const char *detail;
	} rows[] = {
		{ false, 2, { 1, UINT64_MAX }, "3 pages present before, 7 after" },
		{ false,
		  1,
		  { 0, UINT64_MAX },
		  "3 pages present before, 7 after, none of them named" },
		{ true, 1, { 1, 4 }, "3 pages present before, 7 after" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		side->device.cpu_faults = rows[i].cpu_faults;
		request.offset = request.len = 0;
		fake.present = 3;
		fake.named_present = 1;
		assert_int_equal(ask(SIDE_WATCH_BEGIN), 0);
		assert_int_equal(name(KiB(16)), 0);
		assert_int_equal(name(KiB(32)), 0);
		fake.present = 7;
		fake.named_present = rows[i].named_after;
		assert_int_equal(ask(SIDE_WATCH_END), 0);
		assert_true(reply.observation[2].pages.min == rows[i].pages.min);
		assert_true(reply.observation[2].pages.max == rows[i].pages.max);
		assert_true(reply.observation[2].some);
		assert_string_equal(reply.observation[2].detail, rows[i].detail);
	}
}

static void residency__cannot_be_read(void **state)
{
	fake.error = -EACCES;
	assert_int_equal(ask(SIDE_WATCH_BEGIN), -EACCES);
	assert_int_equal(ask(SIDE_WATCH_END), -EACCES);
	assert_string_equal(reply.observation[2].witness, "residency");
	assert_false(reply.observation[2].available);
	assert_true(reply.observation[2].pages.max == UINT64_MAX);
}

static void absent__each_run_of_pages(void **state)
{
	static const struct {
		unsigned char map[3];
		uint64_t offset, len;
		const char *runs;
	} rows[] = {
		{ { 0 }, KiB(8), KiB(64), "2+16 " },
		{ { 0xff, 0xff }, KiB(8), KiB(64), "" },
		{ { 0x01, 0x80 }, KiB(8), KiB(64), "3+14 " },
		{ { 0xfe, 0x7f }, KiB(8), KiB(64), "2+1 17+1 " },
		{ { 0x10 }, KiB(8), KiB(20), "2+4 " },
		{ { 0 }, KiB(8) + 1, KiB(4), "2+2 " }, /* a part of either */
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		fake.absent[0] = '\0';
		memcpy(fake.map, rows[i].map, sizeof(fake.map));
		assert_int_equal(local_note_absent(side,
						   target->region.addr + rows[i].offset,
						   rows[i].len),
				 0);
		assert_string_equal(fake.absent, rows[i].runs);
	}
	fake.absent[0] = '\0';
	fake.error = -EACCES;
	assert_int_equal(local_note_absent(side, target->region.addr, KiB(64)), -EACCES);
	assert_string_equal(fake.absent, "");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(watch__of_the_region_in_its_slot),
	TEST(residency__is_the_last_witness),
	TEST(residency__of_each_slot),
	TEST(residency__of_pages_that_are_named),
	TEST(residency__cannot_be_read),
	TEST(absent__each_run_of_pages),
	TEST(name__is_an_address_to_the_witnesses),
	TEST(name__as_often_as_there_are_places),
};

int main(void)
{
	return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
