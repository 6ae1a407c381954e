/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fail_alloc.h - lets allocations of the kernel fail
 *
 * By the kernel's own fault injection, failslab and fail_page_alloc of
 * Documentation/fault-injection/fault-injection.rst. Its settings are the whole host's,
 * and are restored at the end of a run: vm_sysctl.h.
 */
#ifndef ODPLAB_INVALIDATION_FAIL_ALLOC_H
#define ODPLAB_INVALIDATION_FAIL_ALLOC_H

#include <stdbool.h>

/*
 * Has the kernel both, with CONFIG_FAULT_INJECTION_STACKTRACE_FILTER? Needs root and
 * debugfs.
 */
bool fail_alloc_possible(void);

/*
 * The @nth allocation of the calling thread from now on fails, counted from 1. Returns 0
 * or -errno after one line.
 */
int fail_alloc_nth(unsigned int nth);

/*
 * Ends that. Returns 1 where the allocation came, and failed; 0 where the thread made
 * fewer; or -errno after one line.
 */
int fail_alloc_nth_end(void);

/* On whose behalf allocations fail. */
enum fail_alloc_work {
	FAIL_ALLOC_PAGING,  /* pages are faulted in: ib_umem_odp_map_dma_and_lock() */
	FAIL_ALLOC_HANDLER, /* mlx5 handles a page fault: mlx5_ib_eqe_pf_action() */
	/* MMU notifiers are called: __mmu_notifier_invalidate_range_start() */
	FAIL_ALLOC_INVALIDATION,
};

/*
 * Of the allocations for that work, each @every-th fails from now on, in any task, but no
 * more than FAIL_ALLOC_MOST. Returns 0 or -errno after one line: -ENOENT where the kernel
 * does not say where that function is.
 */
#define FAIL_ALLOC_MOST 1000
int fail_alloc_begin(enum fail_alloc_work work, unsigned int every);

/* Ends that. Returns how many failed, or -errno after one line. */
int fail_alloc_end(void);

#endif
