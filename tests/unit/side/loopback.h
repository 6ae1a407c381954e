/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * loopback.h - a transport within this process, for the tests of a side; include it after
 * cmocka.h
 *
 * An operation moves memory when it is posted, and completes at the next poll. All
 * devices are of this transport (loopback_test() of tests.cmake), and time is the test's
 * own: each look at the clock takes .tick ns.
 */
#ifndef ODPLAB_TESTS_LOOPBACK_H
#define ODPLAB_TESTS_LOOPBACK_H

#include <semaphore.h>
#include <stdatomic.h>

#include "side/local_internal.h"

/* The peer's addresses are higher than one's own by this. */
#define LOOPBACK_REMOTE (1ull << 60)

struct loopback {
	/* the function of the transport that fails, with .error; or "poll of nothing" */
	const char *refuse;
	int error;
	unsigned int devices, mrs, pairs, windows; /* that are open */
	bool any_device; /* not only loopback_env's is opened; it has ODP */
	uint64_t tick;
	atomic_uint_fast64_t now;
	/* of operations: */
	unsigned int posted, received;
	bool silent;	   /* none completes */
	unsigned int good; /* so many succeed; later ones end with .status */
	enum op_status status;
	/* the operations from which on READs bring a wrong byte, or nothing */
	unsigned int corrupt, lost;
	int most;  /* completions that a poll brings */
	bool held; /* the next poll says so by .arrived and waits for .go_on */
	sem_t arrived, go_on;
	/* the last of each */
	int armed; /* 1 + whether for solicited completions only */
	uint64_t event_timeout_ns;
	struct rdma_op op;
	struct rdma_sge recv[QP_SGES];
	unsigned int recv_sges;
	uint64_t recv_id;
	struct rdma_qp_spec pair;
	struct rdma_address peer;
	struct {
		const struct rdma_device *device;
		void *addr;
		size_t len;
		enum mr_mode mode;
		unsigned int access;
		uint64_t iova; /* 0: not by rdma_mr_reg_at() */
	} mr;
	struct mr_change change; /* of the last re-registration */
	struct {
		enum mr_advice advice;
		bool sync;
		struct rdma_sge range[MR_RANGES];
		unsigned int n;
	} advised;
	struct {
		uint64_t addr, len, id;
	} bound;
};

extern struct loopback loopback;
extern struct env_config loopback_config;
extern struct env loopback_env;

/* Forgets all; for cmocka_unit_test_setup(). */
int loopback_reset(void **state);

/* A side of this transport, and one queue pair of it. */
struct local_side *loopback_side(enum side_role role);
void loopback_pair(struct local_side *side, uint32_t pair);

/* A target of anonymous memory, which is the side's number @id. */
struct local_target *loopback_target(struct local_side *side, uint64_t len);

/* Adds a completion to those that the queue pair will poll. */
void loopback_complete(struct rdma_qp *qp, struct rdma_completion completion);

/*
 * A request whose line, if it logs one, does not matter; that line. The reply is in
 * @reply.
 */
int loopback_ask(struct local_side *side, const struct side_request *request,
		 struct side_reply *reply);
const char *loopback_log(void);

/* Closes the side, and checks that nothing is left open. */
void loopback_close(struct local_side *side);

#endif
