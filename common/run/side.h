/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * side.h - one end of a test: the initiator or the responder
 *
 * A side owns a device, a queue pair and targets, and does what it is asked by requests
 * of plain data. All of a scenario's doings go through side_call(), so that a side may as
 * well sit on another host behind the same call.
 */
#ifndef ODPLAB_RUN_SIDE_H
#define ODPLAB_RUN_SIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/pattern.h"
#include "evidence/evidence.h"
#include "mem/advice.h"
#include "mem/change.h"
#include "mem/extents.h"
#include "mem/invalidate.h"
#include "mem/region.h"
#include "rdma/mr.h"
#include "rdma/qp.h"
#include "run/stream.h"

enum side_role { INITIATOR, RESPONDER, SIDE_ROLES };

/* Witnesses of the device, and the CPU's page table. */
#define SIDE_WITNESSES (WITNESSES + 1)

#define SIDE_PAIRS     64 /* queue pairs of a side */

struct target_spec {
	enum region_kind kind;
	enum mr_mode mode;
	uint64_t len;
	unsigned int access;  /* enum mr_access; 0: read and write */
	uint64_t file_offset; /* where in its file the mapping begins */
	uint64_t mr_shift;    /* operations name it by addresses so much above its own */
	bool kept;	    /* the file that --dax names itself, which outlives the run */
	bool read_only;	    /* mapped without write permission */
	bool hole;	    /* registered before anything is mapped */
	bool unregistered;  /* memory only */
	uint64_t mr_offset; /* the MR is a part of the mapping ... */
	uint64_t mr_len;    /* ... of this length; 0: all of it */
	bool unreserved;    /* see struct region_spec */
	uint32_t same_memory;  /* 1 + the target whose memory this registers once more */
	bool foreign;	       /* registered in another protection domain */
	unsigned int top_bits; /* at the end of an address space of so many bits */
	uint32_t lender;       /* 1 + the target whose keys reach this one; 0: its own */
	bool mr_empty; /* an MR of no length, for those who want to see it refused */
};

enum request_kind {
	/* of the queue pair number .pair */
	SIDE_QP_OPEN,	 /* .queue_pair; replies .address */
	SIDE_QP_CONNECT, /* .address */
	SIDE_STREAM,	 /* .stream; of the initiator, which is never remote */
	SIDE_POST,	 /* .op with pieces of targets */
	SIDE_WAIT,	 /* for the oldest operation; replies .completion, .strays */
	SIDE_POST_RECV,	 /* .op's pieces */
	SIDE_WAIT_RECV,	 /* for the oldest receive; likewise */
	SIDE_COLLECT,	 /* the .len oldest operations, and any beyond; replies .batch */
	SIDE_SETTLE,	 /* waits a moment; replies .strays of all queue pairs */

	SIDE_TARGET_OPEN,     /* .spec; replies .target */
	SIDE_TARGET_REGISTER, /* of an unregistered one */
	SIDE_TARGET_CLOSE,
	SIDE_TARGET_FILL,	   /* .offset, .len; .pattern, .pattern_offset */
	SIDE_TARGET_CHECK_MAPPING, /* likewise; replies .mismatch with -EBADMSG */
	SIDE_TARGET_CHECK_FILE,
	SIDE_TARGET_STORE,     /* as FILL, but by the CPU through the mapping */
	SIDE_TARGET_READ_WORD, /* replies .number */
	SIDE_TARGET_ADD,       /* the CPU adds 1, atomically, .argument times */
	SIDE_TARGET_EVICT,
	SIDE_TARGET_UNMAP,
	SIDE_TARGET_MAP,
	SIDE_TARGET_REMAP,
	SIDE_TARGET_PROTECT,  /* .argument: enum region_protection */
	SIDE_TARGET_TRUNCATE, /* .len: the new size */
	SIDE_TARGET_PUNCH,
	SIDE_TARGET_ZERO,
	SIDE_TARGET_ALLOCATE,
	SIDE_TARGET_COLLAPSE,
	SIDE_TARGET_INSERT,
	SIDE_TARGET_CLONE, /* .argument: the target whose file is cloned */
	SIDE_TARGET_SYNC,
	SIDE_TARGET_PERSIST,
	SIDE_FILESYSTEM_FILL, /* the target's: no block is left free */
	SIDE_FILESYSTEM_FREE,
	SIDE_FILESYSTEM_UNMOUNT, /* .flag: although it is in use */
	SIDE_MEDIA_REMOVE,	 /* takes the driver from the target's memory */
	SIDE_TARGET_ALLOCATED,	 /* replies .number, bytes on the media */
	SIDE_TARGET_EXTENTS,	 /* replies .extents */
	SIDE_TARGET_RESIDENT,	 /* replies .number, pages */
	SIDE_TARGET_ADVISE, /* .argument: enum mr_advice; .flag: synchronous; .op.piece: more */

	SIDE_TARGET_GRAFT, /* .argument: the target whose file comes in place */
	SIDE_CHILD_BEGIN,  /* fork */
	SIDE_CHILD_STORE,  /* as STORE, by the child's page table */
	SIDE_CHILD_CHECK,  /* as CHECK_MAPPING, likewise */
	SIDE_CHILD_END,
	SIDE_LATE_BEGIN, /* .argument: delay in ms; .flag: write protection; .pattern */
	SIDE_LATE_END,	 /* replies .number: faults that were answered */
	SIDE_TARGET_MADVISE, /* .argument: enum region_advice */
	SIDE_JOIN_CGROUP,
	SIDE_KSM_START,
	SIDE_KSM_MERGED,	  /* replies .number: pages of the side that are merged */
	SIDE_TARGET_INVALIDATE,	  /* one cycle; .argument: enum invalidator */
	SIDE_TARGET_CHECK_EITHER, /* as CHECK_MAPPING; each word may be .other's too */
	SIDE_STORM_BEGIN,	  /* .argument: enum invalidator; .flag: without pauses */
	SIDE_STORM_CYCLES,	  /* replies .number, so far */
	SIDE_STORM_END,		  /* fails with what ended it before its time */
	SIDE_BACKGROUND_BEGIN,	  /* see struct side_op; replies at once */
	SIDE_BACKGROUND_WAIT,	  /* for the end of a turn; -ETIMEDOUT if none came */
	SIDE_BACKGROUND_END,	  /* replies .background */

	SIDE_KEY, /* over .op.piece; .argument: rounds, .len: skip; replies .target */
	SIDE_WINDOW_BIND, /* of a target, by .pair; .argument: type; replies .number: key */
	SIDE_WINDOW_INVALIDATE, /* of a target, by .pair; .key */

	SIDE_WATCH_BEGIN, /* of a target's MR; .argument: slot */
	SIDE_WATCH_END,	  /* replies .testimony */

	SIDE_DROP_IPC_LOCK, /* gives up CAP_IPC_LOCK; drops all targets */
	SIDE_LIMIT_MEMLOCK, /* .len: bytes */
	SIDE_PINNED,	    /* replies .number: bytes that are pinned or locked */

	SIDE_TARGET_DEREGISTER,
	SIDE_TARGET_REREGISTER, /* .spec's access */
	SIDE_REOPEN,		/* closes the device, with all targets and queue pairs */
	SIDE_REMOVE_DEVICE,	/* the kernel's driver lets go of it, for all */
	SIDE_KERNEL_MEMORY,	/* replies .number: bytes in use by the kernel itself */
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

struct side_op {
	enum rdma_opcode opcode;
	unsigned int pieces;
	struct piece piece[QP_SGES];
	uint64_t remote_addr;
	uint32_t rkey;
	uint64_t compare_add;
	uint64_t swap;
	struct rdma_flush flush;
	uint32_t immediate; /* or the key that the peer shall forget */
	bool in_request;    /* sent inline */
	bool durable;	    /* completes when it would outlive a power cut */
};

/*
 * What background traffic did: WRITEs from the first piece, each read back into the second and
 * compared, with the generations from .pattern's on, one a turn.
 */
struct background_result {
	uint64_t turns;
	uint16_t generation;   /* of the last WRITE that succeeded */
	uint64_t longest_ns;   /* that one operation took */
	enum op_status status; /* that ended it before its time, or OP_SUCCESS */
	bool wrong;	       /* so did data, see the reply's .mismatch */
};

struct side_request {
	enum request_kind kind;
	uint32_t target;
	uint64_t offset;
	uint64_t len;
	uint32_t argument;
	uint32_t key; /* of ADVISE: in place of the target's, where not 0; a window's */
	bool flag;
	uint32_t pair;
	struct rdma_qp_spec queue_pair; /* but for its depth */
	struct pattern pattern;
	struct pattern other;
	uint64_t pattern_offset;
	struct target_spec spec;
	struct rdma_address address;
	struct side_op op;
	const struct stream_spec *stream;
	struct stream_result *stream_result;
};

/* What the other side must know of a target. */
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
	uint64_t page_bytes; /* what the kind is allocated by */
};

struct side_reply {
	uint64_t number;
	struct rdma_address address;
	struct rdma_completion completion;
	unsigned int completions;
	struct rdma_completion batch[SIDE_BATCH]; /* .id: 0 for the oldest, and so on */
	uint32_t strays; /* completions that came beside the one that was waited for */
	struct target_info target;
	struct mismatch mismatch;
	struct background_result background;
	struct extents extents;
	unsigned int testimonies;
	struct testimony testimony[SIDE_WITNESSES];
};

struct side {
	int (*call)(struct side *side, const struct side_request *request,
		    struct side_reply *reply);
	void (*close)(struct side *side);
};

/* Returns 0 or -errno: of the connection to the side, or of what was asked. */
static inline int side_call(struct side *side, const struct side_request *request,
			    struct side_reply *reply)
{
	return side->call(side, request, reply);
}

struct lab;

/* Returns 0 or -errno after one line. */
typedef int side_open_fn(struct side **side, struct lab *lab, enum side_role role);

/* A side in this process. */
side_open_fn side_open_local;

#endif
