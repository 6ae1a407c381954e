// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * mr_counters.c - the driver's counters of one memory region, over RDMA netlink
 *
 * mlx5 keeps page_faults, page_invalidations and page_prefetch,
 * in pages, and newer kernels the *_handled forms, in events
 * (drivers/infiniband/hw/mlx5/restrack.c fill_stat_mr_entry()).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "evidence/nldev.h"
#include "evidence/witness.h"

static const char *const names[] = { "page_faults", "page_faults_handled",
				     "page_invalidations", "page_invalidations_handled",
				     "page_prefetch" };
enum { FAULTS, FAULTS_HANDLED, INVALIDATIONS, INVALIDATIONS_HANDLED, PREFETCH, KNOWN };

_Static_assert(ARRAY_SIZE(names) == KNOWN, "a name for each");

struct snapshot {
	uint32_t mrn; /* the kernel's number of the region */
	uint64_t value[KNOWN];
	bool known[KNOWN];
};

struct counters {
	struct nldev *nldev;
	struct snapshot before[WATCH_SLOTS];
	int ready[WATCH_SLOTS]; /* what taking the first snapshot returned */
};

static int mr_open(void **state, const struct witness_spec *spec, char *why, size_t size)
{
	struct counters *counters = calloc(1, sizeof(*counters));
	int ret;

	if (!counters)
		return -ENOMEM;
	ret = nldev_open(&counters->nldev, spec->device);
	if (ret) {
		snprintf(why, size, "RDMA netlink: %s", strerror(-ret));
		free(counters);
		return ret;
	}
	snprintf(why, size, "RDMA netlink, if the driver counts (mlx5 does)");
	*state = counters;
	return 0;
}

static void mr_close(void *state)
{
	struct counters *counters = state;

	nldev_close(counters->nldev);
	free(counters);
}

static void note(const char *name, uint64_t value, void *data)
{
	struct snapshot *snapshot = data;

	for (size_t i = 0; i < KNOWN; i++) {
		if (strcmp(name, names[i]))
			continue;
		snapshot->value[i] = value;
		snapshot->known[i] = true;
	}
}

static int take(struct counters *counters, uint32_t lkey, struct snapshot *snapshot)
{
	int ret;

	*snapshot = (struct snapshot){ 0 };
	ret = nldev_mr_number(counters->nldev, lkey, &snapshot->mrn);
	if (ret)
		return ret;
	ret = nldev_mr_counters(counters->nldev, snapshot->mrn, note, snapshot);
	if (ret < 0)
		return ret;
	return snapshot->known[FAULTS] ? 0 : -EOPNOTSUPP;
}

/*
 * A region that has been replaced counts anew: what it counts is not since the beginning.
 */
static int compare(const struct snapshot *before, const struct snapshot *after,
		   uint64_t change[KNOWN])
{
	for (size_t i = 0; i < KNOWN; i++) {
		if (after->mrn != before->mrn || after->known[i] != before->known[i] ||
		    after->value[i] < before->value[i])
			return -ESTALE;
		change[i] = after->value[i] - before->value[i];
	}
	return 0;
}

static const char *reason_of(int error)
{
	switch (error) {
	case -EOPNOTSUPP:
		return "the driver counts no faults";
	case -ENOENT:
		return "region keys are shown to CAP_NET_ADMIN only";
	case -ESTALE:
		return "the counters began anew: the region was registered again";
	default:
		return strerror(-error);
	}
}

static int mr_begin(void *state, const struct watched *range)
{
	struct counters *counters = state;

	counters->ready[range->slot] =
		take(counters, range->lkey, &counters->before[range->slot]);
	return counters->ready[range->slot];
}

static int mr_end(void *state, const struct watched *range,
		  struct observation *observation)
{
	struct counters *counters = state;
	size_t used = 0, size = sizeof(observation->detail);
	struct snapshot after;
	uint64_t change[KNOWN];
	const struct snapshot *before = &counters->before[range->slot];
	int ret = counters->ready[range->slot];

	if (!ret)
		ret = take(counters, range->lkey, &after);
	if (!ret)
		ret = compare(before, &after, change);
	if (ret) {
		snprintf(observation->detail, size, "%s", reason_of(ret));
		return ret;
	}
	for (size_t i = 0; i < KNOWN; i++)
		if (after.known[i] && used < size)
			used += (size_t)snprintf(observation->detail + used, size - used,
						 "%s%s +%" PRIu64, used ? ", " : "",
						 names[i], change[i]);
	/*
	 * An upper bound: a page that was present, or that no operation names, is counted
	 * as well, and each page of a prefetch.
	 */
	observation->saw_invalidations = after.known[INVALIDATIONS];
	observation->invalidations = change[INVALIDATIONS];
	observation->pages = BETWEEN(0, change[FAULTS] + change[PREFETCH]);
	observation->some = change[FAULTS];
	return 0;
}

const struct witness_ops mr_counters_witness = {
	.name = "mr_counters",
	.about = "the driver's counters of the memory region (rdma statistic)",
	/*
	 * mlx5_update_odp_stats() comes after the update that the device waits for
	 * (odp.c)
	 */
	.lags = true,
	.open = mr_open,
	.begin = mr_begin,
	.end = mr_end,
	.close = mr_close,
};
