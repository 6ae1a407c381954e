// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* room.c - how many bytes of regions a host can take */
#include "env/room.h"

#include <stdio.h>
#include <sys/statvfs.h>

#include "base/file.h"
#include "base/units.h"
#include "base/util.h"
#include "env/env.h"
#include "env/memory.h"
#include "storage/dax.h"

static bool suffices(uint64_t there, uint64_t needed, const char *what, char *why,
		     size_t size)
{
	uint64_t unit = there < MiB(1) ? KiB(1) : MiB(1);
	char a[UNITS_TEXT], b[UNITS_TEXT];

	if (needed <= there)
		return true;
	snprintf(why, size, "needs %s of %s, but only %s is free",
		 units_format_size(needed, a), what,
		 units_format_size(round_down(there, unit), b));
	return false;
}

static bool memory_suffices(uint64_t needed, char *why, size_t size)
{
	char what[sizeof("memory within memory.limit_in_bytes of ") + PATH_MAX] =
		"memory";
	struct memory_left left;

	if (memory_left(&left))
		return true;
	if (left.cgroup[0])
		snprintf(what, sizeof(what), "memory within %s of %s", left.limit,
			 left.cgroup);
	return suffices(left.bytes, needed, what, why, size);
}

/* A figure of the pages of that size; 0 where there is none. */
static int huge_pages(uint64_t bytes, const char *figure, uint64_t *pages)
{
	char path[128];

	*pages = 0;
	snprintf(path, sizeof(path), "/sys/kernel/mm/hugepages/hugepages-%llukB/%s",
		 (unsigned long long)(bytes / KiB(1)), figure);
	return file_read_number(path, pages);
}

static bool huge_pages_suffice(uint64_t bytes, uint64_t needed, char *why, size_t size)
{
	uint64_t free, more, surplus;

	if (huge_pages(bytes, "free_hugepages", &free))
		return true;
	/* the kernel makes more on request, up to a limit */
	huge_pages(bytes, "nr_overcommit_hugepages", &more);
	huge_pages(bytes, "surplus_hugepages", &surplus);
	free += more > surplus ? more - surplus : 0;
	return suffices(free * bytes, needed, "huge pages", why, size);
}

static bool place_suffices(const char *place, uint64_t needed, char *why, size_t size)
{
	struct statvfs filesystem;

	/* without blocks: a tmpfs that memory alone limits */
	if (!place || statvfs(place, &filesystem) || !filesystem.f_blocks)
		return true;
	return suffices((uint64_t)filesystem.f_bavail * filesystem.f_frsize, needed,
			place, why, size);
}

static bool device_suffices(const char *path, uint64_t needed, char *why, size_t size)
{
	struct dax_device device;

	if (!path || dax_device_query(path, &device))
		return true;
	return suffices(device.size, needed, path, why, size);
}

bool room_for(const struct env *env, enum region_kind kind, uint64_t bytes,
	      uint64_t memory, char *why, size_t size)
{
	bool huge = kind == REGION_HUGETLB_2M || kind == REGION_HUGETLB_1G;
	const char *place = env->place[kind];

	if (!huge && !region_kind_needs_path(kind))
		memory += bytes;
	if (!memory_suffices(memory, why, size))
		return false;
	if (huge)
		return huge_pages_suffice(kind == REGION_HUGETLB_2M ? MiB(2) : GiB(1),
					  bytes, why, size);
	if (kind == REGION_DEVDAX)
		return device_suffices(place, bytes, why, size);
	if (kind == REGION_TMPFS && !place)
		place = REGION_TMPFS_PLACE;
	return place_suffices(place, bytes, why, size);
}
