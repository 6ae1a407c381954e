// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* demotion.c - reclaim moves pages to the memory of a slower node */
#include "invalidation/demotion.h"

#include <unistd.h>

#include "invalidation/cgroup.h"
#include "invalidation/nodes.h"
#include "invalidation/vm_sysctl.h"

bool demotion_possible(void)
{
	return nodes_slow() >= 0 && cgroup_can_reclaim() &&
	       !access(vm_sysctl_path(SYSCTL_DEMOTION), W_OK);
}

int demotion_start(void)
{
	return vm_sysctl_write(SYSCTL_DEMOTION, 1);
}

int demotion_cycle(struct region *region, uint64_t offset, size_t len)
{
	int ret = cgroup_reclaim(len);

	return ret ? ret : nodes_move(region, offset, len);
}
