/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* needs.h - what a scenario needs of the host and the device */
#ifndef ODPLAB_ENV_NEEDS_H
#define ODPLAB_ENV_NEEDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct env;

enum need {
	NEED_ODP,
	NEED_IMPLICIT,
	NEED_RC_SEND,
	NEED_RC_RECV,
	NEED_RC_WRITE,
	NEED_RC_READ,
	NEED_RC_ATOMIC,
	NEED_RC_SRQ,
	NEED_RC_FLUSH,
	NEED_RC_ATOMIC_WRITE,
	NEED_UD_SEND,
	NEED_UD_RECV,
	NEED_UD_SRQ,
	NEED_XRC_SEND,
	NEED_XRC_SRQ,
	NEED_XRC_WRITE,
	NEED_XRC_READ,
	NEED_XRC_ATOMIC,
	NEED_DC_SEND,
	NEED_DC_SRQ,
	NEED_DC_WRITE,
	NEED_DC_READ,
	NEED_DC_ATOMIC,
	NEED_WINDOW_1, /* memory windows of type 1 */
	NEED_WINDOW_2,
	NEED_PREFETCH,
	NEED_REGION, /* a place for regions of the kind of --region */
	NEED_FSDAX,
	NEED_DEVDAX,
	NEED_FILE,
	NEED_ROOT,	    /* from here on: of the host */
	NEED_REFLINK,	    /* files on DAX can share their blocks */
	NEED_KERNEL_DRIVER, /* the device has a kernel driver: page faults can be traced */
	NEED_SWAP,	    /* from here on: see invalidation/host_features.h */
	NEED_NODES,
	NEED_RECLAIM,
	NEED_GUARD,
	NEED_COLLAPSE,
	NEED_MERGING,
	NEED_USERFAULTFD,
	NEED_POISON,
	NEED_UNPOISON,
	NEED_COMPACTION,
	NEED_FIVE_LEVELS,
	NEED_HUGE_PAGES,
	NEED_SECRET,
	NEED_DMABUF,
	NEED_POWER_CUT, /* a file that survives the run: a step of scripts/power-cut */
	NEED_HAZARD,	/* may crash the kernel or corrupt data: only with --hazards */
	NEED_LONG_RUN,	/* takes long: only with --long */
	NEED_HAZARD_ON_RXE, /* likewise with soft-RoCE, not with other drivers */
	/* of the transport */
	NEED_DEVICE,	    /* a device moves the data, not the CPU */
	NEED_PINNED,	    /* regions can be registered pinned */
	NEED_VERBS,	    /* calls that libfabric does not have */
	NEED_COMMIT,	    /* a completion of a WRITE can mean durable */
	NEED_INDIRECT_MKEY, /* mlx5dv_create_mkey() */
	NEED_DEVX,	    /* HCA capabilities can be read by DEVX */
	NEED_COUNT
};

/* NEEDS(FSDAX, RC_WRITE), up to five */
#define NEEDS(...) \
	NEEDS_PICK(__VA_ARGS__, NEEDS_5, NEEDS_4, NEEDS_3, NEEDS_2, NEEDS_1)(__VA_ARGS__)
#define NEEDS_PICK(a, b, c, d, e, name, ...) name
#define NEEDS_1(a)			     (1ull << NEED_##a)
#define NEEDS_2(a, b)			     (NEEDS_1(a) | NEEDS_1(b))
#define NEEDS_3(a, b, c)		     (NEEDS_1(a) | NEEDS_2(b, c))
#define NEEDS_4(a, b, c, d)		     (NEEDS_1(a) | NEEDS_3(b, c, d))
#define NEEDS_5(a, b, c, d, e)		     (NEEDS_1(a) | NEEDS_4(b, c, d, e))

/* "FSDAX" */
const char *need_name(enum need need);

/*
 * Are all needs met? @why names the first that is not, and the remedy; "" if all are.
 */
bool needs_met(uint64_t needs, const struct env *env, char *why, size_t size);

/* Is this need met? */
bool need_met(enum need need, const struct env *env, char *why, size_t size);

#endif
