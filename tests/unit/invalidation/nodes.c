// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * nodes.c - pages move to the other of two nodes, in batches, as far as they are present
 */
#include "invalidation/nodes.h"

#include <errno.h>
#include <linux/mempolicy.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/syscall.h>

#include <cmocka.h>

#include "fake_files.h"
#include "memory.h"

#define HAS_MEMORY     "/sys/devices/system/node/has_memory"
#define HAS_PROCESSORS "/sys/devices/system/node/has_cpu"
#define PAGES	       100

/*
 * A kernel of several nodes: where each page of the region is, -ENOENT where it is not.
 */
static struct {
	unsigned char *addr;
	int node[PAGES];
	unsigned long calls, largest; /* that move, and the pages of the largest */
	bool pinned;		      /* none moves */
	int error;
} kernel;

long __wrap_syscall(long number, ...);
long __wrap_syscall(long number, ...)
{
	unsigned long n;
	const int *nodes;
	void **list;
	int *status, flags;
	va_list args;

	va_start(args, number);
	assert_int_equal(number, SYS_move_pages);
	assert_int_equal(va_arg(args, int), 0);
	n = va_arg(args, unsigned long);
	list = va_arg(args, void **);
	nodes = va_arg(args, const int *);
	status = va_arg(args, int *);
	flags = va_arg(args, int);
	va_end(args);
	assert_int_equal(flags, nodes ? MPOL_MF_MOVE : 0);
	if (nodes)
		kernel.calls++;
	if (nodes && n > kernel.largest)
		kernel.largest = n;
	if (kernel.error && (nodes || kernel.error == EPERM)) {
		errno = kernel.error;
		return -1;
	}
	for (unsigned long i = 0; i < n; i++) {
		size_t page =
			(size_t)((unsigned char *)list[i] - kernel.addr) / PAGE_BYTES;

		assert_true(page < PAGES);
		if (nodes && kernel.node[page] >= 0 && !kernel.pinned)
			kernel.node[page] = nodes[i];
		status[i] = kernel.node[page];
	}
	return 0;
}

static struct arena arena;
static struct region region;

static int a_host(void **state)
{
	arena_init(&arena, 0);
	region = open_kind(&arena, REGION_ANON, PAGES * PAGE_BYTES);
	memset(&kernel, 0, sizeof(kernel));
	kernel.addr = region.addr;
	fake_files_reset();
	fake_file(HAS_MEMORY, "0,2-3", 0);
	return 0;
}

static int close_it(void **state)
{
	region_close(&region);
	return 0;
}

static void expect_nodes(size_t from, size_t n, int node)
{
	for (size_t i = from; i < from + n; i++)
		assert_int_equal(kernel.node[i], node);
}

static void move__to_and_fro(void **state)
{
	assert_int_equal(nodes_move(&region, 2 * PAGE_BYTES, 90 * PAGE_BYTES), 0);
	expect_nodes(0, 2, 0);
	expect_nodes(2, 90, 2);
	expect_nodes(92, 8, 0);
	assert_int_equal(kernel.calls, 2);
	assert_int_equal(kernel.largest, 64);
	assert_int_equal(nodes_move(&region, 2 * PAGE_BYTES, 90 * PAGE_BYTES), 0);
	expect_nodes(0, PAGES, 0);
}

/* The first that is present decides where all go. */
static void move__what_is_present(void **state)
{
	kernel.node[0] = kernel.node[1] = -ENOENT;
	kernel.node[2] = 2;
	assert_int_equal(nodes_move(&region, 0, 4 * PAGE_BYTES), 0);
	expect_nodes(0, 2, -ENOENT);
	expect_nodes(2, 2, 0);
}

static void move__none(void **state)
{
	kernel.pinned = true;
	assert_int_equal(nodes_move(&region, 0, 4 * PAGE_BYTES), -EAGAIN);
	kernel.pinned = false;
	kernel.error = ENOENT; /* the pages went between the two calls */
	assert_int_equal(nodes_move(&region, 0, 4 * PAGE_BYTES), -EAGAIN);
	kernel.error = 0;
	for (size_t i = 0; i < PAGES; i++)
		kernel.node[i] = -ENOENT;
	assert_int_equal(nodes_move(&region, 0, PAGES * PAGE_BYTES), -EAGAIN);
	assert_int_equal(nodes_of(region.addr, PAGES * PAGE_BYTES), -EAGAIN);
}

static void slow__has_memory_and_no_processors(void **state)
{
	static const struct {
		const char *memory, *processors;
		int node;
	} rows[] = { { "0,2-3", "0,2-3", -ENODEV }, { "0,2-3", "0-1", 2 },
		     { "0-3", "0-1,3", 2 },	    { "0,2-3", "", 0 },
		     { "", "0", -ENODEV },	    { "63-70", "0-62", 63 } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		fake_file(HAS_MEMORY, rows[i].memory, 0);
		fake_file(HAS_PROCESSORS, rows[i].processors, 0);
		assert_int_equal(nodes_slow(), rows[i].node);
	}
}

static void refused(int error, const char *part)
{
	struct capture c = capture_start(stderr);
	char text[512];
	int ret = nodes_move(&region, 0, 4 * PAGE_BYTES);

	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, error);
	one_line(text, part, "");
}

static void move__each_error_is_returned(void **state)
{
	kernel.error = ENOMEM;
	refused(-ENOMEM, "move pages to node 2");
	kernel.error = EPERM;
	refused(-EPERM, "nodes of pages");
	fake_file(HAS_MEMORY, "0", 0);
	refused(-ENODEV, "second NUMA node");
}

/* Only the first 64 pages are looked at. */
static void of__the_first_that_is_present(void **state)
{
	for (size_t i = 0; i < PAGES; i++)
		kernel.node[i] = i < 63 ? -ENOENT : 3;
	assert_int_equal(nodes_of(region.addr, PAGES * PAGE_BYTES), 3);
	assert_int_equal(nodes_of(region.addr, 63 * PAGE_BYTES), -EAGAIN);
	kernel.node[5] = 1;
	assert_int_equal(nodes_of(region.addr, PAGES * PAGE_BYTES), 1);
}

#define ON_A_HOST(test) cmocka_unit_test_setup_teardown(test, a_host, close_it)

static const struct CMUnitTest tests[] = {
	ON_A_HOST(move__to_and_fro),
	ON_A_HOST(move__what_is_present),
	ON_A_HOST(slow__has_memory_and_no_processors),
	ON_A_HOST(move__none),
	ON_A_HOST(move__each_error_is_returned),
	ON_A_HOST(of__the_first_that_is_present),
};

int main(void)
{
	return cmocka_run_group_tests_name("nodes", tests, NULL, NULL);
}
