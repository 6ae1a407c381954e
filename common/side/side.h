/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * side.h - one end of a test: the initiator or the responder
 *
 * A side owns a device, queue pairs and targets, and serves requests, which are plain
 * data. A scenario acts only through side_call(), so that a side can be on another host.
 */
#ifndef ODPLAB_SIDE_SIDE_H
#define ODPLAB_SIDE_SIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/pattern.h"
#include "env/env.h"
#include "evidence/evidence.h"
#include "invalidation/invalidate.h"
#include "rdma/mr.h"
#include "rdma/qp.h"
#include "region/advice.h"
#include "region/region.h"
#include "region/region_ops.h"
#include "side/stream.h"
#include "storage/extents.h"

/* Places that operations touch, of one watch. */
#define WATCH_NAMES 160

/* Witnesses of the device, and the CPU's page table. */
#define SIDE_WITNESSES (WITNESSES + 1)

#define SIDE_PAIRS     64 /* queue pairs of a side */

struct target_spec {
	enum region_kind kind;
	enum mr_mode mode;
	uint64_t len;
	unsigned int access;  /* enum mr_access; 0: read and write */
	uint64_t file_offset; /* where in its file the mapping begins */
	/* remote addresses are higher than those of the mapping by this */
	uint64_t mr_shift;
	bool kept;	      /* the file that --dax names, which survives the run */
	bool read_only;	      /* mapped without write permission */
	bool hole;	      /* registered before anything is mapped */
	bool unregistered;    /* memory only */
	uint64_t mr_offset;   /* the MR is a part of the mapping ... */
	uint64_t mr_len;      /* ... of this length; 0: all of it */
	bool unreserved;      /* see struct region_spec */
	uint32_t same_memory; /* 1 + the target whose memory is registered again */
	bool other_pd;	      /* registered in another protection domain */
	/* the mapping is at the end of an address space of so many bits */
	unsigned int top_bits;
	uint32_t lender; /* 1 + the implicit target whose keys are used; 0: none */
	bool dmabuf;	 /* the file is registered as a dma-buf, not the mapping */
	bool mr_empty;	 /* an MR of length 0, which must be refused */
};

/* Fields of a request that each kind needs, and those of its reply, are in the rows. */
enum request_kind {
#define ON_SIDE(kind, server)	SIDE_##kind,
#define ON_TARGET(kind, server) SIDE_##kind,
#include "side/requests.def"
#undef ON_SIDE
#undef ON_TARGET
	SIDE_REQUESTS
};

/* A part of one of the side's targets. */
struct piece {
	uint32_t target;
	uint64_t offset;
	uint32_t len;
	uint32_t key; /* in place of the target's local key, where not 0 */
};

/* The most completions that SIDE_COLLECT replies. */
#define SIDE_BATCH 8

/*
 * An operation whose local memory is named by targets: .rdma.sges pieces in place of
 * .rdma.sge.
 */
struct side_op {
	struct rdma_op rdma;
	struct piece piece[QP_SGES];
};

/*
 * What background traffic did. Each turn WRITEs from the first piece of .op, READs back
 * into the second and compares. The generation begins with .pattern's and rises with each
 * turn.
 */
struct background_result {
	uint64_t turns;
	uint16_t generation;   /* of the last WRITE that succeeded */
	uint64_t longest_ns;   /* that one operation took */
	enum op_status status; /* that ended it early, or OP_SUCCESS */
	bool wrong;	       /* wrong data ended it early: .mismatch of the reply */
};

struct side_request {
	enum request_kind kind;
	uint32_t target;
	uint64_t offset;
	uint64_t len;
	uint32_t argument;
	/*
	 * of ADVISE: in place of the target's, where not 0; a window's; enum uffd_way; a
	 * storm's least pause in microseconds
	 */
	uint32_t key;
	bool flag;
	uint32_t pair;
	struct rdma_qp_spec queue_pair; /* except its depth */
	struct pattern pattern;
	struct pattern other;
	uint64_t pattern_offset;
	struct target_spec spec;
	struct rdma_address address;
	struct side_op op;
	const struct stream_spec *stream;
	struct stream_result *stream_result;
};

/* What the peer must know of a target. */
struct target_info {
	uint32_t id;
	uint64_t addr;	     /* of the MR's first byte, as the peer names it */
	uint64_t local_addr; /* likewise, as its own side does */
	uint64_t len;	     /* of the MR */
	uint32_t lkey;
	uint32_t rkey;
	bool dax;
	bool map_sync;
	bool evict_loses_data;
	uint64_t page_bytes; /* of the pages that the region kind has */
};

struct side_reply {
	uint64_t number;
	struct rdma_address address;
	struct rdma_completion completion;
	unsigned int completions;
	struct rdma_completion batch[SIDE_BATCH]; /* .id: 0 for the oldest, and so on */
	uint32_t strays; /* completions other than the expected one */
	struct target_info target;
	struct mismatch mismatch;
	struct background_result background;
	struct extents extents;
	unsigned int observations;
	struct observation observation[SIDE_WITNESSES];
};

struct side {
	int (*call)(struct side *side, const struct side_request *request,
		    struct side_reply *reply);
	void (*close)(struct side *side);
};

/*
 * Returns 0 or -errno: of the connection to the side, or of what was asked. *reply is
 * zeros but for what the request fills in, also on an error.
 */
static inline int side_call(struct side *side, const struct side_request *request,
			    struct side_reply *reply)
{
	return side->call(side, request, reply);
}

/* By env.open_side; where that is NULL, in this process. */
side_open_fn side_open;

/* A side in this process. */
side_open_fn side_open_local;

#endif
