// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * hw_counters.c - the port's counters, over RDMA netlink
 *
 * They count packets, retries and timeouts, not faults: this witness states no number of
 * pages, it shows what a fault did to the wire. One message has all of them as they are
 * (drivers/infiniband/core/nldev.c, stat_get_doit_default_counter()); sysfs has a file
 * for each, which may be 10 ms old.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "evidence/nldev.h"
#include "evidence/witness.h"

#define COUNTERS     128 /* that are shown; mlx5 has 60 */
#define COUNTER_NAME 64

/* What the port said; in the driver's order. */
struct reading {
	unsigned int n;
	struct counter {
		char name[COUNTER_NAME];
		uint64_t value;
	} counter[COUNTERS];
};

struct counters {
	struct nldev *nldev;
	unsigned int port;
	struct reading before[WATCH_SLOTS];
};

static void note(const char *name, uint64_t value, void *data)
{
	struct reading *reading = data;
	struct counter *counter;

	if (reading->n == COUNTERS)
		return;
	counter = &reading->counter[reading->n++];
	snprintf(counter->name, sizeof(counter->name), "%s", name);
	counter->value = value;
}

static int take(const struct counters *counters, struct reading *reading)
{
	int ret;

	reading->n = 0;
	ret = nldev_port_counters(counters->nldev, counters->port, note, reading);
	if (ret < 0)
		return ret;
	return reading->n ? 0 : -EOPNOTSUPP;
}

static void hw_close(void *state)
{
	struct counters *counters = state;

	nldev_close(counters->nldev);
	free(counters);
}

static int hw_open(void **state, const struct witness_spec *spec, char *why, size_t size)
{
	struct counters *counters = calloc(1, sizeof(*counters));
	int ret;

	if (!counters)
		return -ENOMEM;
	counters->port = spec->port;
	ret = nldev_open(&counters->nldev, spec->device);
	if (ret) {
		snprintf(why, size, "RDMA netlink: %s", strerror(-ret));
		free(counters);
		return ret;
	}
	ret = take(counters, &counters->before[0]);
	if (ret) {
		snprintf(why, size, "RDMA netlink: %s",
			 ret == -EOPNOTSUPP ? "the driver has no port counters" :
					      strerror(-ret));
		hw_close(counters);
		return ret;
	}
	snprintf(why, size, "%u counters of port %u, by RDMA netlink",
		 counters->before[0].n, spec->port);
	*state = counters;
	return 0;
}

static int hw_begin(void *state, const struct watched *range)
{
	struct counters *counters = state;

	return take(counters, &counters->before[range->slot]);
}

static const struct counter *find(const struct reading *reading, const char *name)
{
	for (unsigned int i = 0; i < reading->n; i++)
		if (!strcmp(reading->counter[i].name, name))
			return &reading->counter[i];
	return NULL;
}

/* "retries +3", or "" where it is as it was. */
static void describe_change(const struct counter *before, const struct counter *after,
			    char *text, size_t size)
{
	text[0] = '\0';
	if (!before || after->value < before->value)
		snprintf(text, size, "%s began anew", after->name);
	else if (after->value > before->value)
		snprintf(text, size, "%s +%" PRIu64, after->name,
			 after->value - before->value);
}

/* Some changes do not fit into the detail. */
#define MORE ", ..."

static void describe_changes(const struct reading *before, const struct reading *after,
			     char *detail, size_t size)
{
	char change[COUNTER_NAME + 32];
	size_t used = 0;

	for (unsigned int i = 0; i < after->n; i++) {
		const struct counter *counter = &after->counter[i];

		describe_change(find(before, counter->name), counter, change,
				sizeof(change));
		if (!change[0])
			continue;
		if (used + strlen(", ") + strlen(change) + sizeof(MORE) > size) {
			memcpy(detail + used, MORE, sizeof(MORE));
			return;
		}
		used += (size_t)snprintf(detail + used, size - used, "%s%s",
					 used ? ", " : "", change);
	}
	if (!used)
		snprintf(detail, size, "no change");
}

static int hw_end(void *state, const struct watched *range,
		  struct observation *observation)
{
	const struct counters *counters = state;
	struct reading after;
	int ret = take(counters, &after);

	if (ret)
		snprintf(observation->detail, sizeof(observation->detail),
			 "unreadable: %s", strerror(-ret));
	else
		describe_changes(&counters->before[range->slot], &after,
				 observation->detail, sizeof(observation->detail));
	return ret;
}

const struct witness_ops hw_counters_witness = {
	.name = "hw_counters",
	.about = "the port's counters (packets, retries, timeouts)",
	.open = hw_open,
	.begin = hw_begin,
	.end = hw_end,
	.close = hw_close,
};
