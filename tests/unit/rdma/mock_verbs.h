/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * mock_verbs.h - a libibverbs of two devices without a driver
 *
 * Its functions stand in for the library's, as the linker takes those of the program
 * first. Each call that can fail counts; the one numbered .fail_at fails with .error.
 * Objects are counted as they are made and destroyed, so that a test sees what is left
 * open.
 */
#ifndef ODPLAB_TESTS_MOCK_VERBS_H
#define ODPLAB_TESTS_MOCK_VERBS_H

#include <infiniband/verbs.h>
#include <stdbool.h>
#include <stddef.h>

#include "rdma/device.h"

#define MOCK_DEVICES 2

struct mock_verbs {
	unsigned int calls, fail_at; /* the first call is 1; .fail_at 0: none fails */
	int error;		     /* errno of the call that fails */
	int open;		     /* objects that are made and not yet destroyed */
	unsigned int devices;	     /* in the list, MOCK_DEVICES at most */
	bool odp[MOCK_DEVICES], active[MOCK_DEVICES];
	/* the last of each */
	struct ibv_send_wr send;
	struct ibv_sge sge[4];
	struct ibv_recv_wr recv;
	bool recv_is_shared;
	struct ibv_qp_init_attr_ex made; /* the queue pair */
	uint32_t sges, inline_bytes;	 /* that a queue pair can have; more is EINVAL */
	uint32_t srq_sges;		 /* that a shared receive queue was to have */
	unsigned int qps_asked;		 /* queue pairs, made or refused */
	struct ibv_qp_attr attr[8];	 /* of ibv_modify_qp(), in order */
	int mask[8];
	unsigned int modified;
	int access; /* of a registration */
	struct {
		int fd;
		uint64_t offset;
	} dmabuf; /* the last one */
	struct {
		int flags;
		const struct ibv_pd *pd;
		const void *addr;
		size_t len;
	} rereg;       /* the last one */
	size_t length; /* of it */
	uint64_t iova; /* of ibv_reg_mr_iova() */
	struct ibv_mw_bind bind;
	uint32_t advice, advise_flags, advised;
	struct ibv_wc wc[4]; /* that ibv_poll_cq() returns */
	int wcs;
	int armed;		   /* 1 + whether for solicited completions only */
	struct ibv_cq *cq;	   /* the last one, which has the events */
	unsigned int events, acks; /* given and acknowledged */
	enum ibv_gid_type gid_type;
	unsigned int empty_gids; /* bit i: entry i is empty */
	unsigned int netdev;	 /* index of the GIDs' network device */
	bool ethernet;
};

extern struct mock_verbs mock;

/* Forgets all; two active InfiniBand devices, "mock0" without ODP and "mock1". */
void mock_reset(void);

/* mock_reset(), before each test */
int mock_setup(void **state);

/* That of mock1. */
extern const struct rdma_device_spec mock_spec;

/*
 * For mocks of further libraries: counts a call, and sets errno if it is the one that
 * fails; the same as what the call returns, 0 or an errno; the same with an object of
 * @size bytes, or NULL, and its end.
 */
bool mock_fails(void);
int mock_answer(void);
void *mock_make(size_t size);
int mock_destroy(void *object);

/* Sets errno if a queue pair would have more than the device has. */
bool mock_refuses(const struct ibv_qp_init_attr_ex *attr);

/* Of mock_verbs_objects.c: what @context has a function for. */
struct verbs_context;
void mock_verbs_objects(struct verbs_context *context);

/* Gives the channel of mock.cq an event. */
void mock_event(void);

#endif
