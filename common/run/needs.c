// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* needs.c - what a scenario needs of the host and the device */
#include "run/needs.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mem/ability.h"
#include "mem/filesystem.h"
#include "run/lab.h"

/* What kind of thing a need is, and which one. */
static const struct {
	const char *name;
	enum {
		GENERAL,
		RC_OPERATION,
		UD_OPERATION,
		XRC_OPERATION,
		DC_OPERATION,
		PLACE,
		ABILITY,
		TRANSPORT,
		OTHER
	} sort;
	uint64_t which; /* capability bits, enum region_kind, or enum ability */
} table[NEED_COUNT] = {
	[NEED_ODP] = { "ODP", GENERAL, ODP_SUPPORT },
	[NEED_IMPLICIT] = { "IMPLICIT", GENERAL, ODP_IMPLICIT },
	[NEED_RC_SEND] = { "RC_SEND", RC_OPERATION, ODP_SEND },
	[NEED_RC_RECV] = { "RC_RECV", RC_OPERATION, ODP_RECV },
	[NEED_RC_WRITE] = { "RC_WRITE", RC_OPERATION, ODP_WRITE },
	[NEED_RC_READ] = { "RC_READ", RC_OPERATION, ODP_READ },
	[NEED_RC_ATOMIC] = { "RC_ATOMIC", RC_OPERATION, ODP_ATOMIC },
	[NEED_RC_SRQ] = { "RC_SRQ", RC_OPERATION, ODP_SRQ_RECV },
	[NEED_RC_FLUSH] = { "RC_FLUSH", RC_OPERATION, ODP_FLUSH },
	[NEED_RC_ATOMIC_WRITE] = { "RC_ATOMIC_WRITE", RC_OPERATION, ODP_ATOMIC_WRITE },
	[NEED_UD_SEND] = { "UD_SEND", UD_OPERATION, ODP_SEND },
	[NEED_UD_RECV] = { "UD_RECV", UD_OPERATION, ODP_RECV },
	[NEED_UD_SRQ] = { "UD_SRQ", UD_OPERATION, ODP_SRQ_RECV },
	[NEED_XRC_SEND] = { "XRC_SEND", XRC_OPERATION, ODP_SEND },
	[NEED_XRC_SRQ] = { "XRC_SRQ", XRC_OPERATION, ODP_SRQ_RECV },
	[NEED_XRC_WRITE] = { "XRC_WRITE", XRC_OPERATION, ODP_WRITE },
	[NEED_XRC_READ] = { "XRC_READ", XRC_OPERATION, ODP_READ },
	[NEED_XRC_ATOMIC] = { "XRC_ATOMIC", XRC_OPERATION, ODP_ATOMIC },
	[NEED_DC_SEND] = { "DC_SEND", DC_OPERATION, ODP_SEND },
	[NEED_DC_SRQ] = { "DC_SRQ", DC_OPERATION, ODP_SRQ_RECV },
	[NEED_DC_WRITE] = { "DC_WRITE", DC_OPERATION, ODP_WRITE },
	[NEED_DC_READ] = { "DC_READ", DC_OPERATION, ODP_READ },
	[NEED_DC_ATOMIC] = { "DC_ATOMIC", DC_OPERATION, ODP_ATOMIC },
	[NEED_MEMORY_KEYS] = { "MEMORY_KEYS", OTHER, 0 },
	[NEED_DEVX] = { "DEVX", OTHER, 0 },
	[NEED_WINDOW_1] = { "WINDOW_1", OTHER, 0 },
	[NEED_WINDOW_2] = { "WINDOW_2", OTHER, 0 },
	[NEED_PREFETCH] = { "PREFETCH", OTHER, 0 },
	[NEED_REGION] = { "REGION", OTHER, 0 },
	[NEED_FSDAX] = { "FSDAX", PLACE, REGION_FSDAX },
	[NEED_DEVDAX] = { "DEVDAX", PLACE, REGION_DEVDAX },
	[NEED_FILE] = { "FILE", PLACE, REGION_FILE },
	[NEED_SECRET] = { "SECRET", ABILITY, ABILITY_SECRET },
	[NEED_DMABUF] = { "DMABUF", ABILITY, ABILITY_DMABUF },
	[NEED_POWER_CUT] = { "POWER_CUT", OTHER, 0 },
	[NEED_LONG] = { "LONG", OTHER, 0 },
	[NEED_HAZARD] = { "HAZARD", OTHER, 0 },
	[NEED_HAZARD_ON_RXE] = { "HAZARD_ON_RXE", OTHER, 0 },
	[NEED_REFLINK] = { "REFLINK", OTHER, 0 },
	[NEED_ROOT] = { "ROOT", OTHER, 0 },
	[NEED_KERNEL_DRIVER] = { "KERNEL_DRIVER", OTHER, 0 },
	[NEED_SWAP] = { "SWAP", ABILITY, ABILITY_SWAP },
	[NEED_NODES] = { "NODES", ABILITY, ABILITY_NODES },
	[NEED_RECLAIM] = { "RECLAIM", ABILITY, ABILITY_RECLAIM },
	[NEED_GUARD] = { "GUARD", ABILITY, ABILITY_GUARD },
	[NEED_COLLAPSE] = { "COLLAPSE", ABILITY, ABILITY_COLLAPSE },
	[NEED_MERGING] = { "MERGING", ABILITY, ABILITY_MERGING },
	[NEED_USERFAULTFD] = { "USERFAULTFD", ABILITY, ABILITY_USERFAULTFD },
	[NEED_POISON] = { "POISON", ABILITY, ABILITY_POISON },
	[NEED_UNPOISON] = { "UNPOISON", ABILITY, ABILITY_UNPOISON },
	[NEED_COMPACTION] = { "COMPACTION", ABILITY, ABILITY_COMPACTION },
	[NEED_FIVE_LEVELS] = { "FIVE_LEVELS", ABILITY, ABILITY_FIVE_LEVELS },
	[NEED_HUGE_PAGES] = { "HUGE_PAGES", ABILITY, ABILITY_HUGE_PAGES },
	[NEED_DEVICE] = { "DEVICE", TRANSPORT, 0 },
	[NEED_PINNED] = { "PINNED", TRANSPORT, 0 },
	[NEED_VERBS] = { "VERBS", TRANSPORT, 0 },
	[NEED_COMMIT] = { "COMMIT", TRANSPORT, 0 },
};

const char *need_name(enum need need)
{
	return table[need].name;
}

static bool has_operation(enum need need, enum odp_transport transport,
			  const struct lab *lab, char *why, size_t size)
{
	char text[ODP_OPERATIONS_TEXT];

	if (lab->device.caps.per_transport[transport] & table[need].which)
		return true;
	snprintf(why, size, "%s has no ODP for %s on %s queue pairs", lab->device.name,
		 odp_operations_text((uint32_t)table[need].which, text),
		 transport_name(transport));
	return false;
}

/* What a transport cannot do whatever the device can. */
static bool has_transport(enum need need, const struct lab *lab, char *why, size_t size)
{
	const char *transport = lab->config->transport;

	switch (need) {
	case NEED_DEVICE:
		if (!lab->device.cpu_faults)
			return true;
		snprintf(why, size, "over %s the CPU moves the data, no device does",
			 transport);
		return false;
	case NEED_PINNED:
		if (lab->device.modes & 1u << MR_PINNED)
			return true;
		snprintf(why, size, "%s registers no memory pinned", transport);
		return false;
	case NEED_COMMIT:
		if (lab->device.commits)
			return true;
		snprintf(why, size, "%s has no WRITE that completes when it is durable",
			 transport);
		return false;
	default:
		if (!strcmp(transport, "verbs"))
			return true;
		snprintf(why, size, "only verbs can ask this of a device, not %s",
			 transport);
		return false;
	}
}

static bool has_general(enum need need, const struct lab *lab, char *why, size_t size)
{
	if (lab->device.caps.general & table[need].which)
		return true;
	if (!has_transport(NEED_DEVICE, lab, why, size))
		return false;
	snprintf(why, size, "%s has no %s", lab->device.name,
		 need == NEED_ODP ? "on-demand paging" : "implicit ODP");
	return false;
}

static bool has_kernel_driver(const struct lab *lab, char *why, size_t size)
{
	char path[sizeof("/sys/class/infiniband/") + DEVICE_NAME];

	snprintf(path, sizeof(path), "/sys/class/infiniband/%s", lab->device.name);
	if (!access(path, F_OK))
		return true;
	snprintf(why, size,
		 "%s is no RDMA device of this kernel, whose memory could be watched",
		 lab->device.name);
	return false;
}

static bool has_ability(enum ability ability, const struct lab *lab, char *why,
			size_t size)
{
	if (lab->abilities & 1ull << ability)
		return true;
	snprintf(why, size, "%s", ability_lack(ability));
	return false;
}

static bool has_other(enum need need, const struct lab *lab, char *why, size_t size)
{
	switch (need) {
	case NEED_PREFETCH:
		if (!lab->prefetch)
			return true;
		snprintf(why, size, "%s has no prefetch: ibv_advise_mr says %s",
			 lab->device.name, strerror(-lab->prefetch));
		return false;
	case NEED_MEMORY_KEYS:
		snprintf(why, size,
			 "%s has no memory keys over others; they need mlx5 and libmlx5",
			 lab->device.name);
		return lab->device.caps.dc_known;
	case NEED_DEVX:
		snprintf(why, size,
			 "%s cannot be asked by DEVX: %s; it needs mlx5, libmlx5 and the "
			 "rights to it",
			 lab->device.name, strerror(-lab->device.caps.told.error));
		return lab->device.caps.told.scheme != FAULT_SCHEME_UNKNOWN;
	case NEED_WINDOW_1:
		snprintf(why, size, "%s has no memory windows of type 1",
			 lab->device.name);
		return lab->device.windows_1;
	case NEED_WINDOW_2:
		snprintf(why, size, "%s has no memory windows of type 2",
			 lab->device.name);
		return lab->device.windows_2;
	case NEED_REGION:
		return lab_has_place(lab, (enum region_kind)lab->config->kind, why, size);
	case NEED_ROOT:
		if (!geteuid())
			return true;
		snprintf(why, size, "needs root");
		return false;
	case NEED_KERNEL_DRIVER:
		return has_kernel_driver(lab, why, size);
	case NEED_POWER_CUT:
		snprintf(why, size,
			 "is a step of a power cut, with a file that outlives it: "
			 "scripts/power-cut");
		return lab->config->dax && file_is_regular(lab->config->dax);
	case NEED_LONG:
		snprintf(why, size, "takes long, and more memory than others; --long");
		return lab->config->many;
	case NEED_HAZARD_ON_RXE:
		if (strcmp(lab->device.driver, "rxe"))
			return true;
		__attribute__((fallthrough));
	case NEED_HAZARD:
		snprintf(why, size,
			 "may harm the host, or take its kernel down; on a machine that "
			 "can be spared: --hazards");
		return lab->config->hazards;
	case NEED_REFLINK:
		if (lab->place[REGION_FSDAX] &&
		    filesystem_clones(lab->place[REGION_FSDAX]))
			return true;
		snprintf(why, size,
			 "files on the DAX filesystem cannot share blocks; name a "
			 "directory on xfs with reflink=1 with --dax");
		return false;
	default:
		return true;
	}
}

bool need_met(enum need need, const struct lab *lab, char *why, size_t size)
{
	switch (table[need].sort) {
	case GENERAL:
		return has_general(need, lab, why, size);
	case RC_OPERATION:
		return has_operation(need, TRANSPORT_RC, lab, why, size);
	case UD_OPERATION:
		return has_operation(need, TRANSPORT_UD, lab, why, size);
	case XRC_OPERATION:
		return has_operation(need, TRANSPORT_XRC, lab, why, size);
	case DC_OPERATION:
		return has_operation(need, TRANSPORT_DC, lab, why, size);
	case PLACE:
		return lab_has_place(lab, (enum region_kind)table[need].which, why, size);
	case ABILITY:
		return has_ability((enum ability)table[need].which, lab, why, size);
	case TRANSPORT:
		return has_transport(need, lab, why, size);
	case OTHER:
		return has_other(need, lab, why, size);
	}
	return true;
}

bool needs_met(uint64_t needs, const struct lab *lab, char *why, size_t size)
{
	for (unsigned int need = 0; need < NEED_COUNT; need++)
		if ((needs & 1ull << need) && !need_met((enum need)need, lab, why, size))
			return false;
	return true;
}
