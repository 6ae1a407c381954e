// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* needs.c - what a scenario needs of the host and the device */
#include "env/needs.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "env/env.h"
#include "invalidation/host_features.h"
#include "rdma/mr.h"
#include "storage/filesystem.h"

/*
 * Returns whether the need is met; otherwise @why is what is missing, and the remedy.
 * @which: of the row below: capability bits, enum region_kind, enum host_feature ...
 */
typedef bool has_fn(uint64_t which, const struct env *env, char *why, size_t size);

/* ---- of the device ---- */

static bool has_device(uint64_t which, const struct env *env, char *why, size_t size)
{
	snprintf(why, size, "needs a device: over %s the CPU copies the data",
		 env->config->transport);
	return !env->device.cpu_faults;
}

static bool has_general(uint64_t which, const struct env *env, char *why, size_t size)
{
	if (env->device.caps.general & which)
		return true;
	if (!has_device(0, env, why, size))
		return false;
	snprintf(why, size, "%s has no %s", env->device.name,
		 which == ODP_IMPLICIT ? "implicit ODP" : "on-demand paging");
	return false;
}

static bool has_operation(enum qp_type transport, uint64_t which, const struct env *env,
			  char *why, size_t size)
{
	char text[ODP_OPERATIONS_TEXT];

	snprintf(why, size, "%s has no ODP for %s on %s queue pairs", env->device.name,
		 odp_operations_text((uint32_t)which, text), qp_type_name(transport));
	return env->device.caps.per_transport[transport] & which;
}

static bool has_rc(uint64_t which, const struct env *env, char *why, size_t size)
{
	return has_operation(QP_RC, which, env, why, size);
}

static bool has_ud(uint64_t which, const struct env *env, char *why, size_t size)
{
	return has_operation(QP_UD, which, env, why, size);
}

static bool has_xrc(uint64_t which, const struct env *env, char *why, size_t size)
{
	return has_operation(QP_XRC, which, env, why, size);
}

static bool has_dc(uint64_t which, const struct env *env, char *why, size_t size)
{
	return has_operation(QP_DC, which, env, why, size);
}

static bool has_window(uint64_t which, const struct env *env, char *why, size_t size)
{
	snprintf(why, size, "%s has no memory windows of type %u", env->device.name,
		 (unsigned int)which);
	return which == 1 ? env->device.windows_1 : env->device.windows_2;
}

static bool has_prefetch(uint64_t which, const struct env *env, char *why, size_t size)
{
	snprintf(why, size, "%s has no prefetch: ibv_advise_mr: %s", env->device.name,
		 strerror(-env->prefetch));
	return !env->prefetch;
}

static bool has_indirect_mkey(uint64_t which, const struct env *env, char *why,
			      size_t size)
{
	snprintf(why, size, "%s has no indirect memory keys; they need mlx5 and libmlx5",
		 env->device.name);
	return env->device.caps.dc_known;
}

static bool has_devx(uint64_t which, const struct env *env, char *why, size_t size)
{
	int error = env->device.caps.hca.error;

	snprintf(
		why, size,
		"the HCA capabilities of %s cannot be read by DEVX: %s; this needs mlx5, "
		"libmlx5 and permission to use it",
		env->device.name, error ? strerror(-error) : "its driver has no DEVX");
	return env->device.caps.hca.scheme != FAULT_SCHEME_UNKNOWN;
}

static bool has_kernel_driver(uint64_t which, const struct env *env, char *why,
			      size_t size)
{
	char path[sizeof("/sys/class/infiniband/") + DEVICE_NAME];

	snprintf(path, sizeof(path), "/sys/class/infiniband/%s", env->device.name);
	snprintf(why, size,
		 "%s has no kernel driver, so its page faults cannot be traced",
		 env->device.name);
	return !access(path, F_OK);
}

/* ---- of the transport ---- */

static bool has_pinned(uint64_t which, const struct env *env, char *why, size_t size)
{
	snprintf(why, size, "%s cannot register pinned memory", env->config->transport);
	return env->device.modes & 1u << MR_PINNED;
}

static bool has_commit(uint64_t which, const struct env *env, char *why, size_t size)
{
	snprintf(why, size, "%s has no WRITE whose completion means durable",
		 env->config->transport);
	return env->device.commits;
}

static bool has_verbs(uint64_t which, const struct env *env, char *why, size_t size)
{
	snprintf(why, size, "needs verbs: %s has no call for it", env->config->transport);
	return !strcmp(env->config->transport, "verbs");
}

/* ---- of the host ---- */

static bool has_host_feature(uint64_t which, const struct env *env, char *why,
			     size_t size)
{
	snprintf(why, size, "%s", host_feature_lack((enum host_feature)which));
	return env->host_features & 1ull << which;
}

static bool has_place(uint64_t which, const struct env *env, char *why, size_t size)
{
	return env_has_place(env, (enum region_kind)which, why, size);
}

static bool has_region(uint64_t which, const struct env *env, char *why, size_t size)
{
	return has_place(env->config->kind, env, why, size);
}

static bool has_reflink(uint64_t which, const struct env *env, char *why, size_t size)
{
	const char *place = env->place[REGION_FSDAX];

	snprintf(why, size,
		 "files on the DAX filesystem cannot share blocks; name a directory on "
		 "xfs with reflink=1 with --dax");
	return place && filesystem_clones(place);
}

static bool is_root(uint64_t which, const struct env *env, char *why, size_t size)
{
	snprintf(why, size, "needs root");
	return !geteuid();
}

/* ---- options that the user must have given ---- */

static bool is_power_cut(uint64_t which, const struct env *env, char *why, size_t size)
{
	snprintf(why, size, "a step of scripts/power-cut, on a file that survives it");
	return env->config->dax && file_is_regular(env->config->dax);
}

static bool has_time(uint64_t which, const struct env *env, char *why, size_t size)
{
	snprintf(why, size, "takes long and much memory; run it with --long");
	return env->config->long_run;
}

static bool may_harm(uint64_t which, const struct env *env, char *why, size_t size)
{
	snprintf(
		why, size,
		"may crash the kernel or corrupt data of the host; run it with --hazards "
		"on a host that can be rebooted");
	return env->config->hazards;
}

static bool may_harm_on_rxe(uint64_t which, const struct env *env, char *why, size_t size)
{
	return strcmp(env->device.driver, "rxe") || may_harm(which, env, why, size);
}

/* ---- all of them ---- */

#define NEED(name_, has_, which_) [NEED_##name_] = { #name_, has_, which_ }

static const struct {
	const char *name;
	has_fn *has;
	uint64_t which;
} table[NEED_COUNT] = {
	NEED(ODP, has_general, ODP_SUPPORT),
	NEED(IMPLICIT, has_general, ODP_IMPLICIT),
	NEED(RC_SEND, has_rc, ODP_SEND),
	NEED(RC_RECV, has_rc, ODP_RECV),
	NEED(RC_WRITE, has_rc, ODP_WRITE),
	NEED(RC_READ, has_rc, ODP_READ),
	NEED(RC_ATOMIC, has_rc, ODP_ATOMIC),
	NEED(RC_SRQ, has_rc, ODP_SRQ_RECV),
	NEED(RC_FLUSH, has_rc, ODP_FLUSH),
	NEED(RC_ATOMIC_WRITE, has_rc, ODP_ATOMIC_WRITE),
	NEED(UD_SEND, has_ud, ODP_SEND),
	NEED(UD_RECV, has_ud, ODP_RECV),
	NEED(UD_SRQ, has_ud, ODP_SRQ_RECV),
	NEED(XRC_SEND, has_xrc, ODP_SEND),
	NEED(XRC_SRQ, has_xrc, ODP_SRQ_RECV),
	NEED(XRC_WRITE, has_xrc, ODP_WRITE),
	NEED(XRC_READ, has_xrc, ODP_READ),
	NEED(XRC_ATOMIC, has_xrc, ODP_ATOMIC),
	NEED(DC_SEND, has_dc, ODP_SEND),
	NEED(DC_SRQ, has_dc, ODP_SRQ_RECV),
	NEED(DC_WRITE, has_dc, ODP_WRITE),
	NEED(DC_READ, has_dc, ODP_READ),
	NEED(DC_ATOMIC, has_dc, ODP_ATOMIC),
	NEED(INDIRECT_MKEY, has_indirect_mkey, 0),
	NEED(DEVX, has_devx, 0),
	NEED(WINDOW_1, has_window, 1),
	NEED(WINDOW_2, has_window, 2),
	NEED(PREFETCH, has_prefetch, 0),
	NEED(REGION, has_region, 0),
	NEED(FSDAX, has_place, REGION_FSDAX),
	NEED(DEVDAX, has_place, REGION_DEVDAX),
	NEED(FILE, has_place, REGION_FILE),
	NEED(SECRET, has_host_feature, HOST_SECRET),
	NEED(DMABUF, has_host_feature, HOST_DMABUF),
	NEED(POWER_CUT, is_power_cut, 0),
	NEED(LONG_RUN, has_time, 0),
	NEED(HAZARD, may_harm, 0),
	NEED(HAZARD_ON_RXE, may_harm_on_rxe, 0),
	NEED(REFLINK, has_reflink, 0),
	NEED(ROOT, is_root, 0),
	NEED(KERNEL_DRIVER, has_kernel_driver, 0),
	NEED(SWAP, has_host_feature, HOST_SWAP),
	NEED(NODES, has_host_feature, HOST_NODES),
	NEED(RECLAIM, has_host_feature, HOST_RECLAIM),
	NEED(GUARD, has_host_feature, HOST_GUARD),
	NEED(COLLAPSE, has_host_feature, HOST_COLLAPSE),
	NEED(MERGING, has_host_feature, HOST_MERGING),
	NEED(USERFAULTFD, has_host_feature, HOST_USERFAULTFD),
	NEED(POISON, has_host_feature, HOST_POISON),
	NEED(UNPOISON, has_host_feature, HOST_UNPOISON),
	NEED(COMPACTION, has_host_feature, HOST_COMPACTION),
	NEED(FIVE_LEVELS, has_host_feature, HOST_FIVE_LEVELS),
	NEED(HUGE_PAGES, has_host_feature, HOST_HUGE_PAGES),
	NEED(DEVICE, has_device, 0),
	NEED(PINNED, has_pinned, 0),
	NEED(VERBS, has_verbs, 0),
	NEED(COMMIT, has_commit, 0),
};

const char *need_name(enum need need)
{
	return table[need].name;
}

bool need_met(enum need need, const struct env *env, char *why, size_t size)
{
	if (!table[need].has(table[need].which, env, why, size))
		return false;
	*why = '\0';
	return true;
}

_Static_assert(NEED_COUNT <= 64, "NEEDS() makes bits of a uint64_t");

bool needs_met(uint64_t needs, const struct env *env, char *why, size_t size)
{
	*why = '\0';
	for (unsigned int need = 0; need < NEED_COUNT; need++)
		if ((needs & 1ull << need) && !need_met((enum need)need, env, why, size))
			return false;
	return true;
}
