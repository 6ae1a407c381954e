// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * hw_counters.c - the port's counters in sysfs
 *
 * They count packets, retries and timeouts, not faults: this witness commits itself to no
 * number, it shows what a fault did to the wire.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "evidence/witness.h"

#define COUNTERS 64
#define NAME	 40

struct counters {
	char directory[128];
	unsigned int n;
	char name[COUNTERS][NAME];
	uint64_t before[WATCH_SLOTS][COUNTERS];
};

static uint64_t read_counter(const struct counters *counters, unsigned int i)
{
	char path[PATH_MAX];
	uint64_t value = 0;

	snprintf(path, sizeof(path), "%s/%s", counters->directory, counters->name[i]);
	file_read_number(path, &value);
	return value;
}

static int hw_open(void **state, const struct witness_spec *spec, char *why, size_t size)
{
	struct counters *counters = calloc(1, sizeof(*counters));
	_cleanup_dir_ DIR *directory = NULL;
	const struct dirent *entry;

	if (!counters)
		return -ENOMEM;
	snprintf(counters->directory, sizeof(counters->directory),
		 "/sys/class/infiniband/%s/ports/%u/hw_counters", spec->device,
		 spec->port);
	directory = opendir(counters->directory);
	if (!directory) {
		snprintf(why, size, "%s: %s; the driver has no port counters",
			 counters->directory, strerror(errno));
		free(counters);
		return -ENOENT;
	}
	while ((entry = readdir(directory)) && counters->n < COUNTERS) {
		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "lifespan"))
			continue;
		snprintf(counters->name[counters->n++], NAME, "%.*s", NAME - 1,
			 entry->d_name);
	}
	snprintf(why, size, "%u counters in %s", counters->n, counters->directory);
	*state = counters;
	return 0;
}

static int hw_begin(void *state, const struct watched *range)
{
	struct counters *counters = state;

	for (unsigned int i = 0; i < counters->n; i++)
		counters->before[range->slot][i] = read_counter(counters, i);
	return 0;
}

static int hw_end(void *state, const struct watched *range,
		  struct observation *observation)
{
	const struct counters *counters = state;
	size_t used = 0, size = sizeof(observation->detail);

	for (unsigned int i = 0; i < counters->n && used < size; i++) {
		uint64_t change =
			read_counter(counters, i) - counters->before[range->slot][i];

		if (change)
			used += (size_t)snprintf(observation->detail + used, size - used,
						 "%s%s +%" PRIu64, used ? ", " : "",
						 counters->name[i], change);
	}
	if (!used)
		snprintf(observation->detail, size, "no change");
	return 0;
}

const struct witness_ops hw_counters_witness = {
	.name = "hw_counters",
	.about = "the port's counters in sysfs (packets, retries, timeouts)",
	.open = hw_open,
	.begin = hw_begin,
	.end = hw_end,
	.close = free,
};
