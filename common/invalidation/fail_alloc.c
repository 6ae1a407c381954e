// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fail_alloc.c - lets allocations of the kernel fail */
#include "invalidation/fail_alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/util.h"
#include "invalidation/vm_sysctl.h"
#include "kernel/symbol.h"

#define FAIL_NTH "/proc/thread-self/fail-nth"

/* The settings that slabs and pages both have. */
static const struct allocator {
	enum sysctl probability, interval, times, verbose, start, end, ignore_wait;
} allocators[] = {
	{ SYSCTL_SLAB_PROBABILITY, SYSCTL_SLAB_INTERVAL, SYSCTL_SLAB_TIMES,
	  SYSCTL_SLAB_VERBOSE, SYSCTL_SLAB_REQUIRE_START, SYSCTL_SLAB_REQUIRE_END,
	  SYSCTL_SLAB_IGNORE_WAIT },
	{ SYSCTL_PAGE_PROBABILITY, SYSCTL_PAGE_INTERVAL, SYSCTL_PAGE_TIMES,
	  SYSCTL_PAGE_VERBOSE, SYSCTL_PAGE_REQUIRE_START, SYSCTL_PAGE_REQUIRE_END,
	  SYSCTL_PAGE_IGNORE_WAIT },
};

struct setting {
	enum sysctl sysctl;
	uint64_t value;
};

static int write_all(const struct setting *settings, size_t n)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < n; i++)
		ret = vm_sysctl_write(settings[i].sysctl, settings[i].value);
	return ret;
}

bool fail_alloc_possible(void)
{
	return !geteuid() && !access(FAIL_NTH, W_OK) &&
	       !access(vm_sysctl_path(SYSCTL_SLAB_REQUIRE_START), W_OK) &&
	       !access(vm_sysctl_path(SYSCTL_PAGE_REQUIRE_START), W_OK);
}

/*
 * Each allocation within the code from @start to @end can fail, those that may wait for
 * memory and those of user pages included, which the kernel leaves out by default.
 */
static int choose(const struct kernel_symbol *within)
{
	const struct setting pages[] = {
		{ SYSCTL_PAGE_IGNORE_HIGHMEM, 0 },
		{ SYSCTL_PAGE_MIN_ORDER, 0 },
	};
	int ret = write_all(pages, ARRAY_SIZE(pages));

	for (size_t i = 0; !ret && i < ARRAY_SIZE(allocators); i++) {
		const struct allocator *allocator = &allocators[i];
		const struct setting settings[] = {
			{ allocator->probability, 0 },
			{ allocator->verbose, 0 },
			{ allocator->ignore_wait, 0 },
			{ allocator->start, within->start },
			{ allocator->end, within->end },
		};

		ret = write_all(settings, ARRAY_SIZE(settings));
	}
	return ret;
}

/* Open from the one call to the other: to open it allocates, too. */
static _Thread_local int nth_fd = -1;

static int close_nth(int error)
{
	close(nth_fd);
	nth_fd = -1;
	return log_errno(error, FAIL_NTH);
}

int fail_alloc_nth(unsigned int nth)
{
	static const struct kernel_symbol anywhere = { .start = 0, .end = UINT64_MAX };
	int ret = choose(&anywhere);

	if (ret)
		return ret;
	nth_fd = open(FAIL_NTH, O_RDWR | O_CLOEXEC);
	if (nth_fd < 0)
		return log_errno(errno, FAIL_NTH);
	return dprintf(nth_fd, "%u", nth) < 0 ? close_nth(errno) : 0;
}

int fail_alloc_nth_end(void)
{
	char text[16] = "";
	ssize_t n = pread(nth_fd, text, sizeof(text) - 1, 0);

	if (n <= 0 || pwrite(nth_fd, "0", 1, 0) != 1)
		return close_nth(n ? errno : EIO);
	close(nth_fd);
	nth_fd = -1;
	return !atoi(text);
}

static int find_work(enum fail_alloc_work work, struct kernel_symbol *symbol)
{
	static const char *const functions[] = {
		[FAIL_ALLOC_PAGING] = "ib_umem_odp_map_dma_and_lock",
		[FAIL_ALLOC_HANDLER] = "mlx5_ib_eqe_pf_action",
		[FAIL_ALLOC_INVALIDATION] = "__mmu_notifier_invalidate_range_start",
	};
	int ret = kernel_symbol_find(functions[work], symbol);

	return ret ? log_errno(ret, "%s in /proc/kallsyms", functions[work]) : 0;
}

int fail_alloc_begin(enum fail_alloc_work work, unsigned int every)
{
	struct kernel_symbol function;
	int ret = find_work(work, &function);

	if (!ret)
		ret = choose(&function);
	for (size_t i = 0; !ret && i < ARRAY_SIZE(allocators); i++) {
		const struct setting settings[] = {
			{ allocators[i].interval, every },
			{ allocators[i].times, FAIL_ALLOC_MOST },
			{ allocators[i].probability, 100 },
		};

		ret = write_all(settings, ARRAY_SIZE(settings));
	}
	return ret;
}

int fail_alloc_end(void)
{
	int failed = 0, ret = 0;
	uint64_t left;

	for (size_t i = 0; i < ARRAY_SIZE(allocators); i++) {
		int error = vm_sysctl_write(allocators[i].probability, 0);

		if (!error)
			error = file_read_number(vm_sysctl_path(allocators[i].times),
						 &left);
		if (!error)
			failed += FAIL_ALLOC_MOST - (int)left;
		else if (!ret)
			ret = log_errno(error, "%s", vm_sysctl_path(allocators[i].times));
	}
	return ret ? ret : failed;
}
