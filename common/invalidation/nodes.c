// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* nodes.c - migrates pages between NUMA nodes */
#include "invalidation/nodes.h"

#include <errno.h>
#include <linux/mempolicy.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/util.h"

void nodes_stay(void)
{
	/* a kernel without NUMA has nothing to balance either */
	syscall(SYS_set_mempolicy, MPOL_LOCAL, NULL, 0);
}

#define NODES 64 /* that are looked at */

/* One bit each of the nodes in a file, a list of ranges: "0-1", "0,2-3". */
static uint64_t read_nodes(const char *path)
{
	char text[256], *at = text;
	uint64_t nodes = 0;

	if (file_read(path, text, sizeof(text)))
		return 0;
	while (*at) {
		long first = strtol(at, &at, 10), last = first;

		if (*at == '-')
			last = strtol(at + 1, &at, 10);
		for (long node = first; node <= last && node < NODES; node++)
			nodes |= 1ull << node;
		if (*at != ',')
			break;
		at++;
	}
	return nodes;
}

/* Takes the first one. Returns -ENODEV where there is none. */
static int take_node(uint64_t *nodes)
{
	int node = __builtin_ffsll((long long)*nodes) - 1;

	*nodes &= *nodes - 1;
	return node < 0 ? -ENODEV : node;
}

#define WITH_MEMORY	"/sys/devices/system/node/has_memory"
#define WITH_PROCESSORS "/sys/devices/system/node/has_cpu"

int nodes_pair(int pair[2])
{
	uint64_t nodes = read_nodes(WITH_MEMORY);

	pair[0] = take_node(&nodes);
	pair[1] = take_node(&nodes);
	return pair[0] < 0 || pair[1] < 0 ? -ENODEV : 0;
}

int nodes_slow(void)
{
	uint64_t nodes = read_nodes(WITH_MEMORY) & ~read_nodes(WITH_PROCESSORS);

	return take_node(&nodes);
}

#define BATCH 64 /* pages a call */

/* Returns how many of the pages are on the node now, or -errno. */
static int move_batch(unsigned char *addr, size_t pages, int node)
{
	int nodes[BATCH], status[BATCH], moved = 0;
	void *list[BATCH];

	for (size_t i = 0; i < pages; i++) {
		list[i] = addr + i * PAGE_BYTES;
		nodes[i] = node;
		status[i] = -ENOENT;
	}
	/* a positive return is the number of pages that did not move: see status */
	if (syscall(SYS_move_pages, 0, pages, list, nodes, status, MPOL_MF_MOVE) < 0)
		return errno == ENOENT ? 0 :
					 log_errno(errno, "move pages to node %d", node);
	for (size_t i = 0; i < pages; i++)
		moved += status[i] == node;
	return moved;
}

int nodes_of(unsigned char *addr, size_t len)
{
	size_t pages = size_min(BATCH, len / PAGE_BYTES);
	int status[BATCH];
	void *list[BATCH];

	for (size_t i = 0; i < pages; i++)
		list[i] = addr + i * PAGE_BYTES;
	if (syscall(SYS_move_pages, 0, pages, list, NULL, status, 0))
		return log_errno(errno, "ask for the nodes of pages");
	for (size_t i = 0; i < pages; i++)
		if (status[i] >= 0)
			return status[i];
	return -EAGAIN;
}

int nodes_move(struct region *region, uint64_t offset, size_t len)
{
	unsigned char *addr = region->addr + offset;
	int pair[2], from, to, n, moved = 0;

	if (nodes_pair(pair))
		return log_errno(ENODEV, "a second NUMA node");
	from = nodes_of(addr, len);
	if (from < 0)
		return from;
	to = pair[0] == from ? pair[1] : pair[0];
	for (size_t done = 0; done < len; done += BATCH * PAGE_BYTES) {
		size_t left = (len - done) / PAGE_BYTES;

		n = move_batch(addr + done, size_min(BATCH, left), to);
		if (n < 0)
			return n;
		moved += n;
	}
	return moved ? 0 : -EAGAIN;
}

static unsigned long nodes_of_policy(const int pair[2], int policy, bool second)
{
	unsigned long one = 1ul << pair[second], both = 1ul << pair[0] | 1ul << pair[1];

	switch (policy) {
	case MPOL_DEFAULT:
	case MPOL_LOCAL:
		return 0;
	case MPOL_PREFERRED:
	case MPOL_BIND:
		return one;
	default:
		return both;
	}
}

int nodes_set_policy(struct region *region, uint64_t offset, size_t len, int policy,
		     unsigned int flags, bool second)
{
	unsigned long nodes;
	int pair[2];
	int ret = nodes_pair(pair);

	if (ret)
		return ret;
	nodes = nodes_of_policy(pair, policy, second);
	if (syscall(SYS_mbind, region->addr + offset, len, policy, nodes ? &nodes : NULL,
		    nodes ? NODES + 1 : 0, flags))
		return -errno;
	return 0;
}
