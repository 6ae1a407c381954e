// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* memory.c - how much memory this process can still take */
#include "env/memory.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"

#define ROOT "/sys/fs/cgroup"

static int read_figure(const char *group, const char *name, uint64_t *bytes)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", group, name) >= PATH_MAX)
		return -1;
	return file_read_number(path, bytes);
}

/* The sum of both lists of page cache in memory.stat; 0 where there is none. */
static uint64_t page_cache(const char *group)
{
	_cleanup_free_ char *text = NULL;
	char path[PATH_MAX];
	uint64_t sum = 0, bytes;

	if (snprintf(path, sizeof(path), "%s/memory.stat", group) >= PATH_MAX ||
	    file_read_all(path, &text))
		return 0;
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "inactive_file %" SCNu64, &bytes) == 1 ||
		    sscanf(line, "active_file %" SCNu64, &bytes) == 1)
			sum += bytes;
	}
	return sum;
}

/* UINT64_MAX: it has no limit. */
static uint64_t left_in(const char *group)
{
	uint64_t most, used, cache;

	/* "max" is no number */
	if (read_figure(group, "memory.max", &most) ||
	    read_figure(group, "memory.current", &used))
		return UINT64_MAX;
	cache = page_cache(group);
	used -= cache < used ? cache : used;
	return used < most ? most - used : 0;
}

/* The folder of this process's group in cgroup v2. Returns false where it has none. */
static bool own_group(char group[PATH_MAX])
{
	_cleanup_free_ char *text = NULL;
	const char *line;

	if (file_read_all("/proc/self/cgroup", &text))
		return false;
	line = !strncmp(text, "0::/", 4) ? text : strstr(text, "\n0::/");
	if (!line)
		return false;
	line = strchr(line, '/');
	/* "/" is that of the root itself */
	return snprintf(group, PATH_MAX, ROOT "%.*s",
			line[1] == '\n' ? 0 : (int)strcspn(line, "\n"), line) < PATH_MAX;
}

int memory_left(struct memory_left *left)
{
	char group[PATH_MAX];
	int ret = file_read_kib("/proc/meminfo", "MemAvailable", &left->bytes);

	left->cgroup[0] = '\0';
	if (ret || !own_group(group))
		return ret;
	/* from the group up to the root, which in a container may have a limit, too */
	while (strlen(group) >= strlen(ROOT)) {
		uint64_t bytes = left_in(group);

		if (bytes < left->bytes) {
			left->bytes = bytes;
			memcpy(left->cgroup, group, sizeof(group));
		}
		*strrchr(group, '/') = '\0';
	}
	return 0;
}
