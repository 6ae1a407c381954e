// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* needs.c - what a scenario needs of the host and the device */
#include "env/needs.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "env/device_probe.h"
#include "env/env.h"
#include "invalidation/host_features.h"
#include "rdma/mr.h"
#include "rdma/qp.h"
#include "rdma/verbs/indirect_mkey.h"
#include "storage/filesystem.h"
#include "storage/fs_fill.h"

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

static bool has_pieces(uint64_t which, const struct env *env, char *why, size_t size)
{
	snprintf(why, size, "%s takes %u pieces of memory in an operation, not %u",
		 env->device.name, env->device.sges, QP_SGES);
	return env->device.sges >= QP_SGES;
}

static bool has_inline(uint64_t which, const struct env *env, char *why, size_t size)
{
	snprintf(why, size, "%s takes %u bytes of inline data in a request, not %u",
		 env->device.name, env->device.inline_bytes, QP_INLINE);
	return env->device.inline_bytes >= QP_INLINE;
}

static bool has_large_odp(uint64_t which, const struct env *env, char *why, size_t size)
{
	snprintf(why, size, "%s takes no on-demand region of %llu MiB: %s",
		 env->device.name, DEVICE_PROBE_LARGE >> 20, strerror(-env->large_odp));
	return env->device.cpu_faults || !env->large_odp;
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
	if (env->device.caps.dc_known) {
		snprintf(
			why, size,
			"%s takes %u bytes of inline data in a request; a list of memory "
			"keys travels in %u",
			env->device.name, env->device.inline_bytes, KEY_INLINE);
		return env->device.inline_bytes >= KEY_INLINE;
	}
	snprintf(why, size, "%s has no indirect memory keys; they need mlx5 and libmlx5",
		 env->device.name);
	return false;
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
	const struct host_lack *lack = host_feature_lack((enum host_feature)which);

	snprintf(why, size, "%s; %s", lack->what, lack->remedy);
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

static bool can_fill(uint64_t which, const struct env *env, char *why, size_t size)
{
	const char *place = env->place[REGION_FSDAX];

	snprintf(why, size,
		 "the DAX filesystem has more than %llu GiB free, too much to fill up; "
		 "name "
		 "a smaller one with --dax",
		 FS_FILL_MOST >> 30);
	return place ? fs_fillable(place) : has_place(REGION_FSDAX, env, why, size);
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

static const struct {
	const char *name;
	has_fn *has;
	uint64_t which;
} table[NEED_COUNT] = {
#define NEED(name, has, which, capability, remedy) [NEED_##name] = { #name, has, which },
#include "env/needs.def"
#undef NEED
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

_Static_assert(NEED_COUNT <= 8 * sizeof(need_set), "NEEDS() makes bits of a need_set");

bool needs_met(need_set needs, const struct env *env, char *why, size_t size)
{
	*why = '\0';
	for (unsigned int need = 0; need < NEED_COUNT; need++)
		if ((needs & NEED_BIT(need)) &&
		    !need_met((enum need)need, env, why, size))
			return false;
	return true;
}

need_set needs_lacking(need_set needs, const struct env *env)
{
	need_set lacking = 0;
	char why[256];

	for (unsigned int need = 0; need < NEED_COUNT; need++)
		if ((needs & NEED_BIT(need)) &&
		    !need_met((enum need)need, env, why, sizeof(why)))
			lacking |= NEED_BIT(need);
	return lacking;
}
