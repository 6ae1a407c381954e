/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * local_internal.h - state of a side in this process, for serve_*.c
 */
#ifndef ODPLAB_SIDE_LOCAL_INTERNAL_H
#define ODPLAB_SIDE_LOCAL_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "env/deadline.h"
#include "env/env.h"
#include "env/patience.h"
#include "invalidation/storm.h"
#include "process/mmap_lock.h"
#include "rdma/verbs/indirect_mkey.h"
#include "rdma/window.h"
#include "region/fork_child.h"
#include "region/uffd.h"
#include "side/side.h"
#include "storage/freeze.h"

#define SIDE_TARGETS 64
#define SIDE_DEPTH   64
#define SIDE_WINDOWS 8
#define SIDE_KEYS    4

/*
 * Long enough for any single fault and its retries, and for messages of the length that
 * the suite has without --long; the scenario's own deadline is above it.
 */
#define SIDE_OP_TIMEOUT_NS (10 * NSEC_PER_SEC)
/* and more for each page, as a device may ask for each by itself */
#define SIDE_PAGE_TIMEOUT_NS	(40 * NSEC_PER_MSEC)
#define SIDE_LONG_OP_TIMEOUT_NS (1200 * NSEC_PER_SEC)

struct local_target {
	struct region region;
	struct rdma_mr mr;
	uint64_t mr_offset, mr_len;
	uint64_t unit; /* bytes of one of the device's translations */
	bool open;
	bool registered;
	bool borrows;	  /* the keys of another target */
	bool shares;	  /* the memory of another target, which outlives it */
	uint64_t key_len; /* of an indirect mkey, which has no memory; else 0 */
};

/* A queue pair, and how many of its operations and receives have completed, in order. */
struct local_pair {
	struct rdma_qp qp;
	uint64_t posted, completed;
	uint64_t receives_posted, received;
	uint64_t timeout_ns; /* for each */
};

/*
 * A thread that writes and reads back a range until .stop is set. Meanwhile only it uses
 * the side's queue pair.
 */
struct background {
	bool running;
	pthread_t thread;
	atomic_bool stop;
	struct local_side *side;
	struct side_request request;
	struct pace pace; /* its own: the thread and the side measure by themselves */
	atomic_uint_fast64_t turns; /* that ended, also by an error; never reset */
	atomic_bool over;	    /* the thread has ended its loop */
	struct background_result result;
	struct mismatch mismatch;
};

/* The CPU's page table as a witness: the pages of a watched target that are present. */
struct residency_watch {
	uint64_t before;
	/* where operations touch it, and how many of these pages are present before */
	struct {
		uint64_t offset, len, before;
	} name[WATCH_NAMES];
	unsigned int names;
};

struct local_side {
	struct side side;
	struct env *env;
	enum side_role role;
	struct rdma_device device;
	/* the same, opened again for targets with .other_pd: another protection domain */
	struct rdma_device other_pd_device;
	struct local_pair pairs[SIDE_PAIRS];
	struct rdma_window windows[SIDE_WINDOWS];
	struct indirect_mkey keys[SIDE_KEYS];
	struct arena arena;
	uint64_t devdax_next; /* the first byte of the DAX device that no target uses */
	struct local_target targets[SIDE_TARGETS];
	struct residency_watch residency[WATCH_SLOTS];
	struct storm storm;
	uint64_t turn; /* of single cycles */
	struct background background;
	struct freeze freeze; /* of a filesystem */
	int filler;	      /* of the filesystem that is filled up, or -1 */
	uint64_t lost_frame;  /* that an advice has taken out of use, or 0 */
	struct fork_child child;
	struct uffd_delay uffd_delay;
	struct mmap_lock_hold mmap_lock;
	bool allocations_fail; /* of the kernel, until the side's device is closed */
	bool race_held;	       /* of the kernel, likewise */
};

/* The server of a request kind. @target is NULL for rows ON_SIDE. */
typedef int serve_fn(struct local_side *side, struct local_target *target,
		     const struct side_request *request, struct side_reply *reply);

#define ON_SIDE(kind, server)	serve_fn server;
#define ON_TARGET(kind, server) serve_fn server;
#include "side/requests.def"
#undef ON_SIDE
#undef ON_TARGET

/* Opens the side's device; closes it with its queue pairs and all targets. */
int local_side_open_device(struct local_side *side);
void local_side_close_device(struct local_side *side);

/* The open queue pair with the number .pair, or NULL. */
struct local_pair *local_pair(struct local_side *side,
			      const struct side_request *request);
void local_pairs_close(struct local_side *side);
void local_windows_close(struct local_side *side);
void local_keys_close(struct local_side *side);

/* A target that is not open, or NULL; what the peer must know of one that is. */
struct local_target *local_unused_target(struct local_side *side);
void local_describe(const struct local_side *side, const struct local_target *target,
		    struct target_info *info);

/*
 * Before the device is given what the CPU has of a range: tells the witnesses where that
 * is nothing. Returns 0 or -errno.
 */
int local_note_absent(struct local_side *side, const unsigned char *addr, uint64_t len);

/* Turns an operation's pieces of targets into addresses and keys. Returns 0 or -errno. */
int local_gather(struct local_side *side, const struct side_op *op,
		 struct rdma_sge sges[QP_SGES]);

/* Waits for the oldest operation of a queue pair, as SIDE_WAIT does. */
int local_wait(struct local_side *side, struct local_pair *pair,
	       struct side_reply *reply);

/* Ends the thread after its current turn. Does nothing where there is none. */
void background_stop(struct background *background);

/* The target with this id, or NULL. */
struct local_target *local_target(struct local_side *side, uint32_t id);
void local_target_close(struct local_target *target);

#endif
