// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* host_features.c - features of this host's memory management */
#include "invalidation/host_features.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/util.h"
#include "invalidation/cgroup.h"
#include "invalidation/compaction.h"
#include "invalidation/demotion.h"
#include "invalidation/fail_alloc.h"
#include "invalidation/nodes.h"
#include "invalidation/offline.h"
#include "kernel/race.h"
#include "region/advice.h"
#include "region/dmabuf.h"
#include "region/mirror.h"
#include "region/region.h"

static bool has_swap(void)
{
	_cleanup_free_ char *text = NULL;
	const char *second;

	/* a line of headings, then one for each swap area */
	if (file_read_all("/proc/swaps", &text))
		return false;
	second = strchr(text, '\n');
	return second && second[1];
}

static bool has_secret(void)
{
	_cleanup_fd_ int fd = (int)syscall(SYS_memfd_secret, 0);

	return fd >= 0;
}

static bool has_dmabuf(void)
{
	_cleanup_fd_ int fd = dmabuf_new(PAGE_BYTES);

	return fd >= 0;
}

static bool has_nodes(void)
{
	int nodes[2];

	return !nodes_pair(nodes);
}

/* Does the kernel know an advice? Asked of memory of our own, with a huge page in it. */
static bool knows_advice(int advice)
{
	unsigned char *memory = mmap(NULL, MiB(4), PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned char *huge;
	bool known;

	if (memory == MAP_FAILED)
		return false;
	huge = (unsigned char *)round_up((uintptr_t)memory, MiB(2));
	*huge = 1; /* MADV_COLLAPSE wants something to collapse */
	known = !madvise(huge, MiB(2), advice) || errno != EINVAL;
	munmap(memory, MiB(4));
	return known;
}

static bool has_guard(void)
{
	return knows_advice(MADV_GUARD_INSTALL);
}

static bool has_collapse(void)
{
	return knows_advice(MADV_COLLAPSE);
}

static bool has_merging(void)
{
	return !access("/sys/kernel/mm/ksm/run", W_OK) &&
	       !access("/proc/self/ksm_merging_pages", R_OK);
}

static bool has_userfaultfd(void)
{
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static bool has_poison(void)
{
	return !geteuid() && !access("/proc/sys/vm/memory_failure_recovery", F_OK);
}

static bool has_huge_pages(void)
{
	char text[32];

	return !file_read("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages",
			  text, sizeof(text)) &&
	       atoi(text) >= HOST_HUGE_PAGES_LEAST;
}

static const struct {
	bool (*there)(void);
	struct host_lack lack;
} table[HOST_FEATURES] = {
	[HOST_SWAP] = { has_swap, { "no swap", "swapon a disk" } },
	[HOST_NODES] = { has_nodes,
			 { "fewer than two NUMA nodes with memory",
			   "in the testbed: --numa" } },
	[HOST_RECLAIM] = { cgroup_can_reclaim,
			   { "no cgroup v2 with memory.reclaim",
			     "needs root, Linux 5.19 and cgroup2 mounted" } },
	[HOST_GUARD] = { has_guard, { "no MADV_GUARD_INSTALL", "needs Linux 6.13" } },
	[HOST_COLLAPSE] = { has_collapse,
			    { "no MADV_COLLAPSE",
			      "needs Linux 6.1 with transparent huge pages" } },
	[HOST_MERGING] = { has_merging,
			   { "no KSM", "needs root, CONFIG_KSM and Linux 5.19" } },
	[HOST_USERFAULTFD] = { has_userfaultfd,
			       { "no userfaultfd for faults from the kernel",
				 "needs root or sysctl vm.unprivileged_userfaultfd=1" } },
	[HOST_POISON] = { has_poison,
			  { "no MADV_HWPOISON",
			    "needs root and CONFIG_MEMORY_FAILURE" } },
	[HOST_UNPOISON] = { offline_undoable,
			    { "pages that were soft-offlined are lost until reboot",
			      "needs root and modprobe hwpoison-inject" } },
	[HOST_COMPACTION] = { compaction_possible,
			      { "memory may not be compacted",
				"needs root, and a host of at most 16 GiB" } },
	[HOST_FIVE_LEVELS] = { region_five_levels,
			       { "no addresses beyond 47 bits",
				 "needs a processor with la57 and a kernel that is not "
				 "booted with no5lvl" } },
	[HOST_SECRET] = { has_secret,
			  { "no memfd_secret()",
			    "needs Linux 5.14 with secretmem.enable=1" } },
	[HOST_DMABUF] = { has_dmabuf,
			  { "no dma-buf from " DMABUF_HEAP,
			    "needs root and CONFIG_DMABUF_HEAPS_SYSTEM" } },
	[HOST_HUGE_PAGES] = { has_huge_pages,
			      { "fewer than 4 free huge pages of 2 MiB",
				"as root: sysctl vm.nr_hugepages=16" } },
	[HOST_MIRROR] = { mirror_there,
			  { "no " MIRROR_DEVICE,
			    "needs root and modprobe test_hmm (CONFIG_TEST_HMM), in the "
			    "testbed --hmm" } },
	[HOST_COHERENT_MIRROR] = { mirror_coherent_there,
				   { "no " MIRROR_COHERENT_DEVICE,
				     "needs test_hmm with memory for it (spm_addr_dev0, "
				     "spm_addr_dev1), in the testbed --hmm" } },
	[HOST_DEMOTION] = { demotion_possible,
			    { "no node with memory and without processors that pages "
			      "could be demoted to",
			      "needs root, Linux 5.19 and CXL memory that daxctl(1) "
			      "makes "
			      "system-ram of" } },
	[HOST_FAIL_ALLOC] = { fail_alloc_possible,
			      { "no fault injection into allocations",
				"needs root, debugfs, CONFIG_FAILSLAB, "
				"CONFIG_FAIL_PAGE_ALLOC and "
				"CONFIG_FAULT_INJECTION_STACKTRACE_FILTER" } },
	[HOST_PAUSES] = { race_possible,
			  { "no processors that pause to hold a race open",
			    "needs a guest of scripts/testbed run --hold" } },
};

uint64_t host_features_find(void)
{
	uint64_t found = 0;

	for (unsigned int i = 0; i < HOST_FEATURES; i++)
		if (table[i].there())
			found |= 1ull << i;
	return found;
}

const struct host_lack *host_feature_lack(enum host_feature host_feature)
{
	return &table[host_feature].lack;
}
