/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fake_device.h - the insides of a fake side, shared by its files: targets, and a device
 */
#ifndef ODPLAB_TESTS_FAKE_DEVICE_H
#define ODPLAB_TESTS_FAKE_DEVICE_H

#include "base/rand.h"
#include "base/util.h"
#include "fake_side.h"
#include "region/fork_child.h"

#define FAKE_TARGETS 16

enum rights { NO_RIGHTS, MAY_READ, MAY_WRITE };

/* Where a page is: in memory of the second mirror's device, or reserved for it. */
enum fake_place { AT_HOME, IN_PRIVATE, IN_COHERENT, RESERVED };

struct fake_target {
	struct region region;
	bool open, registered;
	struct fake_target *owner; /* of the memory, where it is another's */
	enum mr_mode mode;
	unsigned int access;	  /* enum mr_access */
	struct fake_target *host; /* whose place its file is mapped in too, or NULL ... */
	uint64_t host_offset, host_len; /* ... here */
	uint64_t mr_offset, mr_len;
	bool other_pd; /* of another protection domain */
	uint32_t key;
	uint64_t size;		  /* of the file */
	uint64_t file_offset;	  /* where the mapping is said to begin in it */
	bool sealed;		  /* immutable, or append-only */
	bool huge;		  /* has blocks for 2 MiB mappings */
	unsigned char *cpu;	  /* enum rights, a page: what the mapping allows */
	unsigned char *dev;	  /* likewise: what the device has a translation for */
	unsigned char *in_device; /* enum fake_place, a page */
	unsigned char *seen;	  /* bytes that the second mirror reads, or NULL */
	unsigned char *stale;	  /* bytes as they were when a page was invalidated */
	uint64_t faults;	  /* served */
	uint64_t invalidations;
};

#define FAKE_DEPTH 16

/* What lay in the last bytes of a WRITE that faulted, before it. */
struct fake_overtaken {
	struct fake_target *target; /* NULL: none */
	uint64_t offset, len;
	unsigned char data[PAGE_BYTES];
};

/* A queue pair. Operations are executed when they are posted, or their receive is. */
struct fake_pair {
	struct rdma_qp_spec spec;
	bool connected, broken;
	bool armed, solicited_only, event;     /* see event.h */
	unsigned int posted, waited, executed; /* a SEND waits for its receive */
	struct side_op ops[FAKE_DEPTH];
	struct rdma_completion done[FAKE_DEPTH];
	struct fake_overtaken overtaken; /* by what is posted before it was waited for */
	unsigned int receives_posted, arrived, receives_waited;
	struct side_op receives[FAKE_DEPTH];
	struct rdma_completion received[FAKE_DEPTH];
};

#define FAKE_WINDOWS 8

struct fake_window {
	uint32_t key; /* 0: none */
	uint32_t target;
	uint64_t offset, len;
};

struct fake_side {
	struct side side;
	struct fake_env *env;
	enum side_role role;
	struct arena arena;
	struct fake_target targets[FAKE_TARGETS];
	uint64_t memlock; /* bytes that may be locked */
	struct fake_pair pairs[SIDE_PAIRS];
	bool full;	   /* no hole can be filled */
	bool frozen;	   /* the filesystem: a write fault waits */
	uint64_t thaw_ns;  /* when it was thawed last */
	bool mmap_locked;  /* for seconds: a fault waits */
	bool fails_return; /* the next page in private device memory cannot come back */
	uint32_t fails_every;		/* allocation of the kernel; 0: none fails */
	uint32_t allocations;		/* while some fail */
	uint64_t failed;		/* of them */
	struct side_request background; /* made a turn at each request */
	struct background_result background_result;
	struct mismatch background_mismatch;
	struct fake_window windows[FAKE_WINDOWS];
	unsigned int bound;
	uint64_t faults_before[WATCH_SLOTS], resident_before[WATCH_SLOTS];
	uint64_t invalidations_before[WATCH_SLOTS];
	struct fake_target
		*storm_target; /* the target of the storm that is on, or NULL */
	enum invalidator storm;
	uint64_t cycles;
	struct rand rand;
	struct fork_child child;
};

/* An allocation for a fault, or for an invalidation. */
static inline bool fake_allocation_fails(struct fake_side *side)
{
	return side->fails_every && ++side->allocations % side->fails_every == 0 &&
	       ++side->failed;
}

static inline bool sabotaged(const struct fake_side *side, enum sabotage sabotage)
{
	return side->env->sabotage == sabotage;
}

/* The target with this id, or NULL. */
struct fake_target *fake_target(struct fake_side *side, uint32_t id);

int fake_target_open(struct fake_side *side, const struct target_spec *spec,
		     struct side_reply *reply);
int fake_target_register(struct fake_side *side, struct fake_target *target,
			 const struct target_spec *spec, struct side_reply *reply);
void fake_target_close(struct fake_target *target);

/* What the CPU's mapping of a range allows from now on */
void fake_target_allow(struct fake_target *target, uint64_t offset, uint64_t len,
		       enum rights rights);
int fake_target_change(struct fake_side *side, struct fake_target *target,
		       const struct side_request *request);
int fake_target_map_other_file(struct fake_side *side, struct fake_target *target,
			       const struct side_request *request);
/* Its filesystem is frozen for a while; a call on its file, whose errno is replied. */
int fake_target_freeze(struct fake_side *side, struct fake_target *target);
uint64_t fake_side_thaw(struct fake_side *side); /* returns when it was thawed */
int fake_target_file_call(struct fake_side *side, struct fake_target *target,
			  const struct side_request *request, struct side_reply *reply);
/* Private memory is to be copied when it is written. */
void fake_target_fork(struct fake_side *side);

/* The request's cycle over its range; and one of the storm, at random, if one is on. */
int fake_target_invalidate(struct fake_side *side, struct fake_target *target,
			   const struct side_request *request);
void fake_target_storm(struct fake_side *side);
int fake_target_fill(struct fake_target *target, const struct side_request *request);
int fake_target_check(struct fake_side *side, struct fake_target *target,
		      const struct side_request *request, struct side_reply *reply);

/* Translates the pages that the CPU has; all pages, which the CPU has from then on. */
int fake_device_snapshot(struct fake_target *target, uint64_t offset, uint64_t len);
void fake_device_pin(struct fake_target *target);

/* Before @len bytes change: the device must ask again. */
void fake_device_invalidate(struct fake_side *side, struct fake_target *target,
			    uint64_t offset, uint64_t len);

int fake_device_advise(struct fake_side *side, struct fake_target *target,
		       const struct side_request *request);

bool fake_device_in_mr(const struct fake_target *target, uint64_t offset, uint64_t len);

/* Gets translations for all pages of a range. Returns whether there are. */
bool fake_device_reach(struct fake_side *side, struct fake_target *target,
		       uint64_t offset, uint64_t len, enum rights want);

/*
 * The second mirror: whether the CPU's page table lacks a page for its device, and
 * whether that page cannot be had.
 */
bool fake_mirror_has(const struct fake_target *target, uint64_t page);
bool fake_mirror_cannot_return(struct fake_side *side, const struct fake_target *target,
			       uint64_t page);

/*
 * Whether pages go to its device so. A range goes; comes back, because it is accessed; or
 * is gone.
 */
bool fake_mirror_makes(enum invalidator by);
int fake_mirror_take(struct fake_side *side, struct fake_target *target, uint64_t offset,
		     uint64_t len, enum invalidator by);
void fake_mirror_return(struct fake_side *side, struct fake_target *target,
			uint64_t offset, uint64_t len);
void fake_mirror_forget(struct fake_target *target, uint64_t offset, uint64_t len);

/* Serves the requests to it. */
int fake_mirror(struct fake_side *side, struct fake_target *target,
		const struct side_request *request, struct side_reply *reply);

/* Of all its pieces. */
uint64_t fake_op_bytes(const struct side_op *op);

/* The right (enum mr_access) that an operation needs at the peer. */
unsigned int fake_key_right(enum rdma_opcode opcode);

/* The peer's target that an operation's key and address open, or NULL. Sets *offset. */
struct fake_target *fake_key_target(struct fake_side *peer, const struct side_op *op,
				    uint64_t *offset);

/*
 * The parts of a sabotage: a WRITE that faulted, and a READ that overtakes its last page.
 */
void fake_overtake_remember(struct fake_pair *pair, struct fake_target *target,
			    uint64_t offset, uint64_t len);
void fake_overtake(const struct fake_pair *pair, const struct fake_target *target,
		   uint64_t offset, uint64_t len, unsigned char *data);

/* Executes an operation on the queue pair with this number. */
void fake_operation(struct fake_side *side, uint32_t number, const struct side_op *op,
		    struct rdma_completion *completion);

/* Serves the requests that concern windows; and the one that has this key, or NULL. */
int fake_window(struct fake_side *side, const struct side_request *request,
		struct side_reply *reply);
struct fake_window *fake_window_find(struct fake_side *side, uint32_t key);

/* Serves the requests that concern queue pairs. */
int fake_queue_pair(struct fake_side *side, const struct side_request *request,
		    struct side_reply *reply);

/* One turn of the side's background traffic, where it has not ended before. */
void fake_background_turn(struct fake_side *side);

#endif
