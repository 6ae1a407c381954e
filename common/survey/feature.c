// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* feature.c - the features that can be tested on a host, one row each */
#include "survey/feature.h"

#include <stdarg.h>

#include "base/util.h"
#include "survey/feature_judge.h"

#define MOVES	  (ODP_SEND | ODP_WRITE | ODP_READ)

#define FIRMWARE  "update the firmware"
#define MLX5_ONLY "use a ConnectX-4 or newer"
#define RXE_6_16  "use soft-RoCE of Linux 6.16 or newer; mlx5 has none"

/* clang-format off */
#define OPERATIONS(name_, transport_, operations_, remedy_, about_)                      \
	{ name_, about_, judge_operations, .transport = QP_##transport_,          \
	  .operations = operations_, .remedy = remedy_ }

static const struct feature features[] = {
	{ "explicit-odp", "regions registered with on-demand paging",
	  judge_explicit_odp },
	{ "implicit-odp", "one region over the whole address space", judge_implicit_odp },
	{ "prefetch", "ibv_advise_mr()", judge_prefetch },
	{ "fault-proof", "a witness that counts the device's page faults",
	  judge_fault_proof },
	{ "fsdax", "regions of files on a DAX filesystem", judge_fsdax, .of_host = true },
	{ "persistence", "data is on the media without fsync (MAP_SYNC)",
	  judge_persistence, .of_host = true },
	{ "devdax", "regions of a DAX device", judge_devdax, .of_host = true },
	{ "hugetlb", "regions of reserved 2 MiB pages", judge_hugetlb, .of_host = true },
	OPERATIONS("rc", RC, MOVES | ODP_RECV, FIRMWARE,
		   "send, receive, write and read on RC queue pairs"),
	OPERATIONS("rc-atomic", RC, ODP_ATOMIC, FIRMWARE,
		   "fetch-and-add and compare-and-swap on RC queue pairs"),
	OPERATIONS("rc-srq", RC, ODP_SRQ_RECV, MLX5_ONLY,
		   "receives of a shared receive queue on RC queue pairs"),
	OPERATIONS("rc-flush", RC, ODP_FLUSH, RXE_6_16, "RDMA FLUSH on RC queue pairs"),
	OPERATIONS("rc-atomic-write", RC, ODP_ATOMIC_WRITE, RXE_6_16,
		   "ATOMIC WRITE on RC queue pairs"),
	OPERATIONS("uc", UC, ODP_SEND | ODP_WRITE, "no driver of Linux has it: use RC",
		   "send and write on UC queue pairs"),
	OPERATIONS("ud", UD, ODP_SEND, FIRMWARE, "send on UD queue pairs"),
	OPERATIONS("xrc", XRC, MOVES, MLX5_ONLY,
		   "send, write and read on XRC queue pairs"),
	OPERATIONS("dc", DC, MOVES, "use a ConnectX-5 or newer, with libmlx5",
		   "send, write and read on DC queue pairs"),
	{ "pinned", "pinned regions, to compare with", judge_pinned, .alone = true },
};
/* clang-format on */

size_t feature_count(void)
{
	return ARRAY_SIZE(features);
}

const char *feature_name(size_t feature)
{
	return features[feature].name;
}

const char *feature_about(size_t feature)
{
	return features[feature].about;
}

void readiness_yes(struct readiness *readiness, const char *reason, ...)
{
	va_list args;

	*readiness = (struct readiness){ .ready = true };
	va_start(args, reason);
	vsnprintf(readiness->reason, sizeof(readiness->reason), reason, args);
	va_end(args);
}

void readiness_no(struct readiness *readiness, const char *remedy, const char *reason,
		  ...)
{
	va_list args;

	*readiness = (struct readiness){ .ready = false };
	snprintf(readiness->remedy, sizeof(readiness->remedy), "%s", remedy);
	va_start(args, reason);
	vsnprintf(readiness->reason, sizeof(readiness->reason), reason, args);
	va_end(args);
}

void feature_judge(size_t feature, const struct survey *survey,
		   const struct survey_device *device, struct readiness *readiness)
{
	const struct feature *row = &features[feature];
	struct readiness odp;

	features[0].judge(&features[0], survey, device, &odp);
	if (!feature)
		*readiness = odp;
	else if (!row->of_host && (!device || device->error))
		readiness_no(readiness, "", "needs an RDMA device that can be opened");
	else if (!row->of_host && !row->alone && !odp.ready)
		readiness_no(readiness, "", "needs %s", features[0].name);
	else
		row->judge(row, survey, device, readiness);
	/* a feature of the host needs a device: but show what the host has */
	if (row->of_host && readiness->ready && !odp.ready) {
		row->judge(row, survey, device, &odp);
		readiness_no(readiness, "", "needs %s; %s", features[0].name, odp.reason);
	}
}

bool feature_odp_is_ready(const struct survey *survey)
{
	struct readiness readiness = { .ready = false };

	for (size_t i = 0; i < survey->n_devices && !readiness.ready; i++)
		feature_judge(0, survey, &survey->devices[i], &readiness);
	return readiness.ready;
}
