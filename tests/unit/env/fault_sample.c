// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * fault_sample.c - what is measured of a device by itself; and that nothing is left open
 */
#include "env/fault_sample.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"
#include "side/loopback.h"

/* What the witnesses were given, and what they say. */
static struct {
	unsigned int watches;
	uint64_t named[FAULT_SAMPLES], named_at;
	struct observation seen[WITNESSES];
	uint64_t
		work_ns; /* what the host's piece of work takes from the second time on */
	unsigned int works;
} fake;

uint64_t __wrap_pace_work_ns(void);
uint64_t __wrap_pace_work_ns(void)
{
	return fake.works++ ? fake.work_ns : 1000;
}

void __wrap_evidence_begin(struct evidence *evidence, const struct watched *range);
void __wrap_evidence_begin(struct evidence *evidence, const struct watched *range)
{
	assert_int_equal(range->addr, (uintptr_t)loopback.mr.addr);
	assert_int_equal(range->len, loopback.mr.len);
	fake.watches++;
}

void __wrap_evidence_name(struct evidence *evidence, unsigned int slot, uint64_t from,
			  uint64_t to, bool writes);
void __wrap_evidence_name(struct evidence *evidence, unsigned int slot, uint64_t from,
			  uint64_t to, bool writes)
{
	fake.named[fake.watches - 1] = to - from;
	fake.named_at = from - (uintptr_t)loopback.mr.addr;
}

unsigned int __wrap_evidence_end(struct evidence *evidence, const struct watched *range,
				 struct observation observations[WITNESSES]);
unsigned int __wrap_evidence_end(struct evidence *evidence, const struct watched *range,
				 struct observation observations[WITNESSES])
{
	memcpy(observations, fake.seen, sizeof(fake.seen));
	return WITNESSES;
}

static int setup(void **state)
{
	memset(&fake, 0, sizeof(fake));
	fake.work_ns = 1000;
	loopback_reset(state);
	loopback.any_device = true;
	return 0;
}

static struct fault_sample take(void)
{
	struct fault_sample sample;
	struct evidence evidence;

	fault_sample_take(&sample, "loopback", &evidence);
	assert_true(sample.taken);
	assert_int_equal(loopback.devices, 0);
	assert_int_equal(loopback.mrs, 0);
	assert_int_equal(loopback.pairs, 0);
	return sample;
}

/* In the middle of memory that is far longer than any event asks for. */
static void sample__of_a_page_and_of_sixteen(void **state)
{
	struct fault_sample sample;

	fake.seen[0] = (struct observation){ .available = true };
	fake.seen[1] = (struct observation){
		.available = true, .events = 3, .neighbours = 7, .repeats = 2
	};
	sample = take();
	assert_int_equal(sample.error, 0);
	assert_int_equal(fake.watches, FAULT_SAMPLES);
	assert_int_equal(fake.named[0], PAGE_BYTES);
	assert_int_equal(fake.named[1], 16 * PAGE_BYTES);
	assert_int_equal(fake.named_at, MiB(2));
	assert_int_equal(loopback.op.opcode, RDMA_WRITE);
	assert_int_equal(loopback.op.sge[0].len, 16 * PAGE_BYTES);
	assert_int_equal(loopback.op.remote_addr,
			 (uintptr_t)loopback.mr.addr + LOOPBACK_REMOTE + MiB(2));
	for (size_t i = 0; i < FAULT_SAMPLES; i++) {
		assert_int_equal(sample.count[i].pages, i ? 16 : 1);
		assert_true(sample.count[i].seen);
		assert_int_equal(sample.count[i].events, 3);
		assert_int_equal(sample.count[i].neighbours, 7);
		assert_int_equal(sample.count[i].repeats, 2);
	}
}

static void sample__without_a_witness_of_events(void **state)
{
	struct fault_sample sample;

	fake.seen[0] = (struct observation){ .events = 3 };
	sample = take();
	assert_int_equal(sample.error, 0);
	assert_false(sample.count[0].seen || sample.count[1].seen);
}

static void sample__that_cannot_be_taken(void **state)
{
	static const char *const refused[] = { "device_open", "mr_reg", "qp_open",
					       "qp_connect", "post" };

	loopback.error = EIO;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		loopback.refuse = refused[i];
		assert_int_equal(take().error, -EIO);
	}
}

static void sample__of_an_operation_that_fails(void **state)
{
	loopback.good = 0;
	loopback.status = OP_REM_ACCESS_ERR;
	assert_int_equal(take().error, -EIO);
	assert_int_equal(fake.watches, 1);
	setup(state);
	loopback.silent = true;
	loopback.tick = NSEC_PER_MSEC;
	assert_int_equal(take().error, -ETIMEDOUT);
}

/* Ten seconds are as many more as the host has become slower meanwhile. */
static void sample__on_a_host_that_becomes_slower(void **state)
{
	uint64_t begin = loopback.now;

	loopback.silent = true;
	loopback.tick = NSEC_PER_MSEC;
	assert_int_equal(take().error, -ETIMEDOUT);
	assert_true(loopback.now - begin < 11 * NSEC_PER_SEC);
	fake.works = 0;
	fake.work_ns = 3000;
	begin = loopback.now;
	assert_int_equal(take().error, -ETIMEDOUT);
	assert_true(loopback.now - begin > 30 * NSEC_PER_SEC);
	assert_true(loopback.now - begin < 33 * NSEC_PER_SEC);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(sample__of_a_page_and_of_sixteen, setup),
	cmocka_unit_test_setup(sample__without_a_witness_of_events, setup),
	cmocka_unit_test_setup(sample__that_cannot_be_taken, setup),
	cmocka_unit_test_setup(sample__of_an_operation_that_fails, setup),
	cmocka_unit_test_setup(sample__on_a_host_that_becomes_slower, setup),
};

int main(void)
{
	return cmocka_run_group_tests_name("fault_sample", tests, NULL, NULL);
}
