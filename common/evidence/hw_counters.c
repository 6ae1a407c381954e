// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * hw_counters.c - the port's counters in sysfs
 *
 * They count packets, retries and timeouts, not faults: this witness states no number of
 * pages, it shows what a fault did to the wire.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "evidence/witness.h"

struct counter {
	char name[NAME_MAX + 1];
	struct {
		uint64_t value;
		bool known;
	} before[WATCH_SLOTS];
};

struct counters {
	char directory[128];
	unsigned int n;
	struct counter *counter;
};

static bool read_counter(const struct counters *counters, const struct counter *counter,
			 uint64_t *value)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", counters->directory, counter->name);
	return !file_read_number(path, value);
}

/* "lifespan" is how long the others may be out of date, in ms. */
static bool is_counter(const char *name)
{
	return name[0] != '.' && strcmp(name, "lifespan");
}

static int list_counters(struct counters *counters, DIR *directory)
{
	const struct dirent *entry;

	while ((entry = readdir(directory))) {
		struct counter *more;

		if (!is_counter(entry->d_name))
			continue;
		more = reallocarray(counters->counter, counters->n + 1, sizeof(*more));
		if (!more)
			return -ENOMEM;
		counters->counter = more;
		more[counters->n] = (struct counter){ 0 };
		snprintf(more[counters->n].name, sizeof(more->name), "%s", entry->d_name);
		counters->n++;
	}
	return 0;
}

static void hw_close(void *state)
{
	struct counters *counters = state;

	free(counters->counter);
	free(counters);
}

static int hw_open(void **state, const struct witness_spec *spec, char *why, size_t size)
{
	struct counters *counters = calloc(1, sizeof(*counters));
	_cleanup_dir_ DIR *directory = NULL;
	int ret = -ENOENT;

	if (!counters)
		return -ENOMEM;
	snprintf(counters->directory, sizeof(counters->directory),
		 "/sys/class/infiniband/%s/ports/%u/hw_counters", spec->device,
		 spec->port);
	directory = opendir(counters->directory);
	if (!directory)
		snprintf(why, size, "%s: %s; the driver has no port counters",
			 counters->directory, strerror(errno));
	else
		ret = list_counters(counters, directory);
	if (ret) {
		hw_close(counters);
		return ret;
	}
	snprintf(why, size, "%u counters in %s", counters->n, counters->directory);
	*state = counters;
	return 0;
}

static int hw_begin(void *state, const struct watched *range)
{
	struct counters *counters = state;

	for (unsigned int i = 0; i < counters->n; i++) {
		struct counter *counter = &counters->counter[i];

		counter->before[range->slot].known = read_counter(
			counters, counter, &counter->before[range->slot].value);
	}
	return 0;
}

/* "retries +3", "retries unreadable", or "" where it is as it was. */
static void describe_change(const struct counters *counters,
			    const struct counter *counter, unsigned int slot, char *text,
			    size_t size)
{
	uint64_t before = counter->before[slot].value, after;

	text[0] = '\0';
	if (!counter->before[slot].known || !read_counter(counters, counter, &after))
		snprintf(text, size, "%s unreadable", counter->name);
	else if (after < before)
		snprintf(text, size, "%s was reset", counter->name);
	else if (after > before)
		snprintf(text, size, "%s +%" PRIu64, counter->name, after - before);
}

/* Some changes do not fit into the detail. */
#define MORE ", ..."

static int hw_end(void *state, const struct watched *range,
		  struct observation *observation)
{
	const struct counters *counters = state;
	char change[NAME_MAX + 32], *detail = observation->detail;
	size_t used = 0, size = sizeof(observation->detail);

	for (unsigned int i = 0; i < counters->n; i++) {
		describe_change(counters, &counters->counter[i], range->slot, change,
				sizeof(change));
		if (!change[0])
			continue;
		if (used + strlen(", ") + strlen(change) + sizeof(MORE) > size) {
			memcpy(detail + used, MORE, sizeof(MORE));
			return 0;
		}
		used += (size_t)snprintf(detail + used, size - used, "%s%s",
					 used ? ", " : "", change);
	}
	if (!used)
		snprintf(detail, size, "no change");
	return 0;
}

const struct witness_ops hw_counters_witness = {
	.name = "hw_counters",
	.about = "the port's counters in sysfs (packets, retries, timeouts)",
	.open = hw_open,
	.begin = hw_begin,
	.end = hw_end,
	.close = hw_close,
};
