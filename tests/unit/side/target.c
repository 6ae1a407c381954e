// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * target.c - a side's targets: their memory, their registration, and what the peer gets
 * of them
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "asked_side.h"
#include "base/util.h"
#include "memory.h"

static struct region_spec opened;
static unsigned int closed;

/* Memory of kinds that need a device or a filesystem is anonymous here. */
int __real_region_open(struct region *region, struct arena *arena,
		       const struct region_spec *spec);
int __wrap_region_open(struct region *region, struct arena *arena,
		       const struct region_spec *spec);
int __wrap_region_open(struct region *region, struct arena *arena,
		       const struct region_spec *spec)
{
	struct region_spec anon = { .kind = REGION_ANON, .len = spec->len };
	int ret;

	opened = *spec;
	if (!spec->len)
		return -ENOMEM;
	ret = __real_region_open(region, arena, &anon);
	memset(region->addr, 0x77, region->len);
	region->kind = spec->kind;
	region->file_offset = spec->file_offset;
	return ret;
}

void __real_region_close(struct region *region);
void __wrap_region_close(struct region *region);
void __wrap_region_close(struct region *region)
{
	closed++;
	region->kind = REGION_ANON;
	__real_region_close(region);
}

int __wrap_region_write(struct region *region, uint64_t offset, const void *buf,
			size_t len);
int __wrap_region_write(struct region *region, uint64_t offset, const void *buf,
			size_t len)
{
	if (loopback.refuse && !strcmp(loopback.refuse, "region_write"))
		return -loopback.error;
	memcpy(region->addr + offset, buf, len);
	return 0;
}

static int setup(void **state)
{
	loopback_reset(state);
	side = loopback_side(RESPONDER);
	request = (struct side_request){ .spec = { .mode = MR_ODP, .len = KiB(8) } };
	closed = 0;
	return 0;
}

static struct local_target *open_target(void)
{
	assert_int_equal(ask(SIDE_TARGET_OPEN), 0);
	return &side->targets[reply.target.id];
}

static void open__as_it_is_described(void **state)
{
	struct local_target *target;
	uintptr_t addr;

	loopback_target(side, KiB(4));
	request.spec.mr_offset = KiB(4);
	request.spec.mr_len = 512;
	target = open_target();
	addr = (uintptr_t)target->region.addr + KiB(4);
	assert_int_equal(reply.target.id, 1);
	assert_true(reply.target.addr == addr + LOOPBACK_REMOTE);
	assert_true(reply.target.local_addr == addr);
	assert_int_equal(reply.target.len, 512);
	assert_int_equal(reply.target.lkey, 0x102);
	assert_int_equal(reply.target.rkey, 0x202);
	assert_int_equal(reply.target.page_bytes, 4096);
	assert_true(reply.target.evict_loses_data);
	assert_ptr_equal(loopback.mr.addr, target->region.addr + KiB(4));
	assert_int_equal(loopback.mr.len, 512);
	assert_int_equal(loopback.mr.mode, MR_ODP);
	assert_int_equal(loopback.mr.access, MR_READ_WRITE);
	assert_ptr_equal(loopback.mr.device, &side->device);
	assert_int_equal(target->unit, 4096);
}

static void open__of_the_mapping_that_was_asked_for(void **state)
{
	loopback_env.place[REGION_FSDAX] = "/mnt/dax";
	loopback_config.dax = "/mnt/dax/kept";
	request.spec.kind = REGION_FSDAX;
	request.spec.file_offset = MiB(6);
	request.spec.read_only = request.spec.unreserved = true;
	request.spec.top_bits = 47;
	open_target();
	assert_int_equal(opened.kind, REGION_FSDAX);
	assert_int_equal(opened.len, KiB(8));
	assert_string_equal(opened.path, "/mnt/dax");
	assert_int_equal(opened.file_offset, MiB(6));
	assert_true(opened.read_only && opened.unreserved && !opened.hole);
	assert_int_equal(opened.top_bits, 47);
	request.spec.kept = request.spec.hole = true;
	open_target();
	assert_string_equal(opened.path, "/mnt/dax/kept");
	assert_true(opened.hole);
}

/* Targets on the DAX device are one after the other, and read as zeros. */
static void open__on_the_dax_device(void **state)
{
	struct local_target *target;

	request.spec.kind = REGION_DEVDAX;
	request.spec.file_offset = MiB(6);
	open_target();
	assert_int_equal(opened.file_offset, 0);
	target = open_target();
	assert_int_equal(opened.file_offset, KiB(8));
	assert_true(all_bytes(target->region.addr, 0, KiB(8)));
	assert_int_equal(side->devdax_next, KiB(16));
	request.target = 1;
	assert_int_equal(ask(SIDE_TARGET_CLOSE), 0);
	assert_int_equal(side->devdax_next, KiB(8));
	request.spec.kind = REGION_ANON;
	request.target = open_target() - side->targets;
	assert_int_equal(ask(SIDE_TARGET_CLOSE), 0);
	assert_int_equal(side->devdax_next, KiB(8));
	request.spec.kind = REGION_DEVDAX;
	loopback.refuse = "region_write";
	loopback.error = EIO;
	closed = 0;
	assert_int_equal(ask(SIDE_TARGET_OPEN), -EIO);
	assert_int_equal(closed, 1);
}

static void open__refused(void **state)
{
	static const struct side_reply zeros;

	request.spec.kind = REGION_KINDS;
	assert_int_equal(ask(SIDE_TARGET_OPEN), -EINVAL);
	assert_non_null(strstr(loopback_log(), "make a target"));
	request.spec.kind = REGION_ANON;
	request.spec.len = 0;
	assert_int_equal(ask(SIDE_TARGET_OPEN), -ENOMEM);
	assert_null(local_target(side, 0));
	request.spec.len = KiB(4);
	loopback.refuse = "mr_reg";
	loopback.error = EFAULT;
	assert_int_equal(ask(SIDE_TARGET_OPEN), -EFAULT);
	assert_memory_equal(&reply, &zeros, sizeof(reply));
	assert_null(local_target(side, 0));
	assert_int_equal(closed, 1);
	loopback.refuse = NULL;
	for (unsigned int i = 0; i < SIDE_TARGETS; i++)
		assert_ptr_equal(open_target(), &side->targets[i]);
	assert_int_equal(ask(SIDE_TARGET_OPEN), -ENOSPC);
}

static unsigned int fails, fails_asked;

int __wrap_fail_alloc_nth(unsigned int nth);
int __wrap_fail_alloc_nth_end(void);

int __wrap_fail_alloc_nth(unsigned int nth)
{
	fails_asked = nth;
	return nth == 99 ? -EACCES : 0;
}

int __wrap_fail_alloc_nth_end(void)
{
	return (int)fails;
}

/* The kernel may do without that allocation, and may not have come to it. */
static void registered__without_an_allocation(void **state)
{
	request.spec.unregistered = true;
	open_target();
	request.argument = 7;
	fails = 1;
	loopback.refuse = "mr_reg";
	loopback.error = ENOMEM;
	assert_int_equal(ask(SIDE_TARGET_REGISTER), -ENOMEM);
	assert_int_equal(fails_asked, 7);
	assert_int_equal(reply.number, 1);
	loopback.refuse = NULL;
	request.argument = 99;
	assert_int_equal(ask(SIDE_TARGET_REGISTER), -EACCES);
	assert_int_equal(loopback.mrs, 0);
	request.argument = 8;
	fails = 0;
	assert_int_equal(ask(SIDE_TARGET_REGISTER), 0);
	assert_int_equal(fails_asked, 8);
	assert_int_equal(reply.number, 0);
	assert_int_equal(reply.target.rkey, 0x201);
}

static void registered__by_its_spec(void **state)
{
	struct local_target *target;

	request.spec.mr_empty = true;
	request.spec.mr_len = 512;
	request.spec.access = MR_READ_ONLY | MR_HUGE_PAGES;
	request.spec.mode = MR_PINNED;
	target = open_target();
	assert_int_equal(loopback.mr.len, 0);
	assert_int_equal(loopback.mr.access, MR_READ_ONLY | MR_HUGE_PAGES);
	assert_int_equal(loopback.mr.mode, MR_PINNED);
	assert_int_equal(loopback.mr.iova, 0);
	target->region.page_bytes = MiB(2);
	request.target = 0;
	assert_int_equal(ask(SIDE_TARGET_DEREGISTER), 0);
	assert_int_equal(ask(SIDE_TARGET_REGISTER), 0);
	assert_int_equal(target->unit, MiB(2));
	request.spec = (struct target_spec){ .len = KiB(8), .mr_shift = KiB(64) };
	target = open_target();
	assert_true(loopback.mr.iova == (uintptr_t)target->region.addr + KiB(64));
	assert_int_equal(loopback.mr.len, KiB(8));
	assert_true(reply.target.addr == loopback.mr.iova);
	assert_true(reply.target.local_addr == (uintptr_t)target->region.addr);
}

/* The other protection domain is opened once, with the first target in it. */
static void registered__in_the_other_protection_domain(void **state)
{
	request.spec.other_pd = true;
	loopback.refuse = "device_open";
	loopback.error = ENODEV;
	assert_int_equal(ask(SIDE_TARGET_OPEN), -ENODEV);
	assert_int_equal(loopback.mrs, 0);
	loopback.refuse = NULL;
	for (int i = 0; i < 2; i++) {
		open_target();
		assert_int_equal(loopback.devices, 2);
		assert_ptr_equal(loopback.mr.device, &side->other_pd_device);
	}
}

/* REGISTER, DEREGISTER and REREGISTER of what is, and what is not. */
static void registered__and_deregistered(void **state)
{
	struct local_target *target;

	request.spec.unregistered = true;
	target = open_target();
	assert_int_equal(loopback.mrs, 0);
	assert_true(reply.target.addr == (uintptr_t)target->region.addr);
	assert_int_equal(ask(SIDE_TARGET_DEREGISTER), -EINVAL);
	assert_int_equal(ask(SIDE_TARGET_REREGISTER), -EINVAL);
	loopback.refuse = "mr_reg";
	loopback.error = ENOMEM;
	assert_int_equal(ask(SIDE_TARGET_REGISTER), -ENOMEM);
	assert_int_equal(reply.target.len, 0);
	assert_false(target->registered);
	loopback.refuse = NULL;
	assert_int_equal(ask(SIDE_TARGET_REGISTER), 0);
	assert_int_equal(reply.target.rkey, 0x201);
	assert_int_equal(reply.target.len, KiB(8));
	assert_int_equal(ask(SIDE_TARGET_REGISTER), -EBUSY);
	assert_int_equal(loopback.mrs, 1);
	request.spec.access = MR_READ_ONLY;
	request.spec.mode = MR_PINNED;
	request.argument = MR_CHANGE_ACCESS | MR_CHANGE_RANGE;
	request.offset = KiB(4);
	request.len = KiB(4);
	assert_int_equal(ask(SIDE_TARGET_REREGISTER), 0);
	assert_int_equal(loopback.change.what, MR_CHANGE_ACCESS | MR_CHANGE_RANGE);
	assert_int_equal(loopback.mr.access, MR_READ_ONLY);
	assert_int_equal(loopback.change.mode, MR_PINNED);
	assert_ptr_equal(loopback.change.addr, target->region.addr + KiB(4));
	assert_int_equal(reply.target.len, KiB(4));
	assert_int_equal(reply.target.rkey, 0x1201);
	loopback.refuse = "mr_rereg";
	assert_int_equal(ask(SIDE_TARGET_REREGISTER), -ENOMEM);
	assert_int_equal(reply.target.rkey, 0);
	assert_int_equal(ask(SIDE_TARGET_DEREGISTER), 0);
	assert_int_equal(loopback.mrs, 0);
	assert_false(target->registered);
}

/* 1 + the number of the target: 0 is none. */
static void shares__memory_or_keys(void **state)
{
	struct local_target *owner, *target;

	owner = open_target();
	request.spec.same_memory = 1;
	target = open_target();
	assert_ptr_equal(target->region.addr, owner->region.addr);
	assert_int_equal(loopback.mrs, 2);
	request.target = 1;
	assert_int_equal(ask(SIDE_TARGET_CLOSE), 0);
	assert_int_equal(loopback.mrs, 1);
	assert_int_equal(closed, 0);
	request.spec.same_memory = 2;
	assert_int_equal(ask(SIDE_TARGET_OPEN), -EINVAL);
	assert_non_null(strstr(loopback_log(), "a target that shares its memory"));
	request.spec.same_memory = 0;
	request.spec.lender = 1;
	open_target();
	assert_int_equal(loopback.mrs, 1);
	assert_int_equal(reply.target.lkey, owner->mr.lkey);
	assert_int_equal(reply.target.rkey, owner->mr.rkey);
	request.target = reply.target.id;
	assert_int_equal(ask(SIDE_TARGET_ADVISE), 0);
	request.spec.lender = 2; /* which is not registered itself */
	assert_int_equal(ask(SIDE_TARGET_OPEN), -EINVAL);
	request.spec.lender = 3;
	assert_int_equal(ask(SIDE_TARGET_OPEN), -EINVAL);
	assert_non_null(strstr(loopback_log(), "a region that lends its keys"));
	assert_int_equal(closed, 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(open__as_it_is_described),
	TEST(open__of_the_mapping_that_was_asked_for),
	TEST(open__on_the_dax_device),
	TEST(open__refused),
	TEST(registered__by_its_spec),
	TEST(registered__without_an_allocation),
	TEST(registered__in_the_other_protection_domain),
	TEST(registered__and_deregistered),
	TEST(shares__memory_or_keys),
};

int main(void)
{
	return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
