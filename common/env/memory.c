// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* memory.c - how much memory this process can still take */
#include "env/memory.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/util.h"

/*
 * The memory controller is in one of them: Documentation/admin-guide/cgroup-v2.rst,
 * cgroup-v1.
 */
static const struct hierarchy {
	const char *root;
	const char *controller; /* in /proc/self/cgroup */
	const char *limit, *usage;
	const char *cache[2]; /* in memory.stat: both lists, of groups below, too */
} hierarchies[] = {
	{ "/sys/fs/cgroup",
	  "",
	  "memory.max",
	  "memory.current",
	  { "inactive_file", "active_file" } },
	{ "/sys/fs/cgroup/memory",
	  "memory",
	  "memory.limit_in_bytes",
	  "memory.usage_in_bytes",
	  { "total_inactive_file", "total_active_file" } },
};

static int read_figure(const char *group, const char *name, uint64_t *bytes)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", group, name) >= PATH_MAX)
		return -1;
	return file_read_number(path, bytes);
}

/* "KEY NUMBER"; 0 where the line is another. */
static uint64_t figure_of(const char *line, const char *key)
{
	size_t len = strlen(key);

	return strncmp(line, key, len) || line[len] != ' ' ?
		       0 :
		       strtoull(line + len, NULL, 10);
}

/* The sum of both lists of page cache in memory.stat; 0 where there is none. */
static uint64_t page_cache(const struct hierarchy *h, const char *group)
{
	_cleanup_free_ char *text = NULL;
	char path[PATH_MAX];
	uint64_t sum = 0;

	if (snprintf(path, sizeof(path), "%s/memory.stat", group) >= PATH_MAX ||
	    file_read_all(path, &text))
		return 0;
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		for (size_t i = 0; i < ARRAY_SIZE(h->cache); i++)
			sum += figure_of(line, h->cache[i]);
	}
	return sum;
}

/* UINT64_MAX: it has no limit. */
static uint64_t left_in(const struct hierarchy *h, const char *group)
{
	uint64_t most, used, cache;

	/* "max" is no number */
	if (read_figure(group, h->limit, &most) || read_figure(group, h->usage, &used))
		return UINT64_MAX;
	cache = page_cache(h, group);
	used -= cache < used ? cache : used;
	return used < most ? most - used : 0;
}

/* Is it one of "cpu,memory"? */
static bool is_among(const char *controllers, size_t len, const char *name)
{
	size_t name_len = strlen(name);

	for (const char *end = controllers + len; controllers <= end;) {
		size_t one = strcspn(controllers, ",:");

		if (one == name_len && !strncmp(controllers, name, one))
			return true;
		controllers += one + 1;
	}
	return false;
}

/*
 * The folder of this process's group. @text: of /proc/self/cgroup, lines such as
 * "4:cpu,memory:/lab" and, of version 2, "0::/lab". Returns false where it has none.
 */
static bool own_group(const struct hierarchy *h, const char *text, char group[PATH_MAX])
{
	for (const char *line = text; line; line = strchr(line, '\n')) {
		const char *controllers, *path;

		line += *line == '\n';
		controllers = strchr(line, ':');
		path = controllers ? strchr(controllers + 1, ':') : NULL;
		if (!path)
			return false;
		controllers++;
		if (!is_among(controllers, (size_t)(path - controllers), h->controller))
			continue;
		path++;
		/* "/" is that of the root itself */
		return snprintf(group, PATH_MAX, "%s%.*s", h->root,
				path[1] == '\n' || !path[1] ? 0 :
							      (int)strcspn(path, "\n"),
				path) < PATH_MAX;
	}
	return false;
}

/* From the group up to the root, which in a container may have a limit, too. */
static void limit_by(const struct hierarchy *h, const char *groups,
		     struct memory_left *left)
{
	char group[PATH_MAX];

	if (!own_group(h, groups, group))
		return;
	while (strlen(group) >= strlen(h->root)) {
		uint64_t bytes = left_in(h, group);

		if (bytes < left->bytes) {
			left->bytes = bytes;
			left->limit = h->limit;
			memcpy(left->cgroup, group, sizeof(group));
		}
		*strrchr(group, '/') = '\0';
	}
}

int memory_left(struct memory_left *left)
{
	_cleanup_free_ char *groups = NULL;
	int ret = file_read_kib("/proc/meminfo", "MemAvailable", &left->bytes);

	left->cgroup[0] = '\0';
	left->limit = "";
	if (ret || file_read_all("/proc/self/cgroup", &groups))
		return ret;
	for (size_t i = 0; i < ARRAY_SIZE(hierarchies); i++)
		limit_by(&hierarchies[i], groups, left);
	return 0;
}
