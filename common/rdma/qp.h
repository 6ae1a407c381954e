/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* qp.h - queue pairs with their completion queue, operations, completions */
#ifndef ODPLAB_RDMA_QP_H
#define ODPLAB_RDMA_QP_H

#include <stdbool.h>
#include <stdint.h>

#include "rdma/caps.h"
#include "rdma/device.h"
#include "rdma/status.h"

#define QP_SGES	     4u
#define QP_INLINE    64u	 /* bytes of inline data that are asked for */
#define QP_UD_QKEY   0x0d00d00du /* ours; both sides use the same */
#define ADDRESS_NAME 128

struct rdma_qp_spec {
	enum qp_type type;     /* RC, UD, XRC or DC */
	bool shared_receive;   /* receives come from a shared queue; on XRC, DC always */
	bool gives_up_soon;    /* if the peer is silent: after a second, not ten */
	bool rnr_is_final;     /* no retry if the receiver is not ready */
	bool indirect_mkeys;   /* RC: can make indirect mkeys, see indirect_mkey.h */
	bool wrong_key;	       /* DC: uses another access key than the target's */
	unsigned int path_mtu; /* bytes; 0: the largest that both ports take */
	unsigned int depth;    /* of each queue */
	bool events;	       /* completions can be waited for by events */
	bool listens;	       /* the peer connects to it; some transports ignore this */
	unsigned int inline_bytes; /* that are asked for; 0: QP_INLINE */
};

struct rdma_qp {
	const struct rdma_transport *ops; /* of the device; NULL: not open */
	void *private;			  /* of that transport */
	struct rdma_device *device;
	struct rdma_qp_spec spec;
	unsigned int sges; /* pieces that an operation can have: QP_SGES, or fewer */
	unsigned int inline_bytes; /* of data that a request can hold; 0: none */
};

/* How a peer is addressed; plain data that can be sent unchanged. */
struct rdma_address {
	uint32_t qpn;
	uint32_t receiver_qpn; /* XRC, DC */
	uint32_t srqn;	       /* XRC */
	uint32_t lid;
	unsigned char gid[DEVICE_GID];
	uint32_t mtu_bytes; /* the largest path MTU that it takes */
	uint32_t name_len;  /* of transports with their own endpoint names */
	unsigned char name[ADDRESS_NAME];
};

/*
 * Both return 0 or -errno after one line. A device that has fewer than QP_SGES pieces or
 * QP_INLINE bytes of inline data gets what it has: see .sges and .inline_bytes.
 */
int rdma_qp_open(struct rdma_qp *qp, struct rdma_device *device,
		 const struct rdma_qp_spec *spec);
int rdma_qp_connect(struct rdma_qp *qp, const struct rdma_address *peer);
void rdma_qp_address(const struct rdma_qp *qp, struct rdma_address *address);

/*
 * Takes the queue pair back to the state after rdma_qp_open(), whichever it is in: it
 * keeps its number, and forgets what was posted and what has completed. Both ends are
 * reset before one is connected again. Returns 0 or -errno after one line: -EOPNOTSUPP
 * for types other than RC, and with a transport other than verbs.
 */
int rdma_qp_reset(struct rdma_qp *qp);
void rdma_qp_close(struct rdma_qp *qp); /* also one that is not open */

static inline bool rdma_qp_is_open(const struct rdma_qp *qp)
{
	return qp->ops;
}

enum rdma_opcode {
	RDMA_WRITE,
	RDMA_WRITE_IMMEDIATE,
	RDMA_READ,
	RDMA_SEND,
	RDMA_SEND_IMMEDIATE,
	RDMA_SEND_INVALIDATE,
	RDMA_FETCH_ADD,
	RDMA_COMPARE_SWAP,
	RDMA_ATOMIC_WRITE,
	RDMA_FLUSH,
	RDMA_OPCODES
};

/* "WRITE with immediate" */
const char *rdma_opcode_name(enum rdma_opcode opcode);

/*
 * Is it aimed at an address of the peer's memory? A SEND goes where a receive was posted.
 */
bool rdma_opcode_is_aimed(enum rdma_opcode opcode);

/* Does the initiator get data, which the device writes to its memory? */
bool rdma_opcode_fetches(enum rdma_opcode opcode);

/* Does the peer need to have a receive posted? */
bool rdma_opcode_is_received(enum rdma_opcode opcode);

struct rdma_sge {
	uint64_t addr;
	uint32_t len;
	uint32_t lkey;
};

/* What a FLUSH covers, a range or the whole region, and what it ensures. */
struct rdma_flush {
	uint64_t len;
	bool region;
	bool persistent;
};

struct rdma_op {
	enum rdma_opcode opcode;
	unsigned int sges;
	struct rdma_sge sge[QP_SGES];
	uint64_t remote_addr;
	uint32_t rkey;
	uint64_t compare_add; /* what is added, or compared with */
	uint64_t swap;	      /* also what an ATOMIC_WRITE writes */
	struct rdma_flush flush;
	uint32_t immediate; /* or the key that the peer is to invalidate */
	bool inline_data;   /* the data is copied into the request when it is posted */
	bool solicited;	    /* its receive is one that the peer may ask events for */
	bool durable;	    /* WRITE: completes when the data would outlive a power cut */
	uint64_t id;	    /* comes back in the completion */
};

/* What completed, in the values of enum ibv_wc_opcode (IBTA 11.4.2.1). */
enum rdma_completed {
	COMPLETED_SEND = 0,
	COMPLETED_WRITE = 1,
	COMPLETED_READ = 2,
	COMPLETED_COMPARE_SWAP = 3,
	COMPLETED_FETCH_ADD = 4,
	COMPLETED_BIND = 5,
	COMPLETED_INVALIDATE = 6,
	COMPLETED_FLUSH = 8,
	COMPLETED_ATOMIC_WRITE = 9,
	COMPLETED_RECEIVE = 128,
	COMPLETED_RECEIVE_OF_WRITE = 129, /* with immediate data */
	COMPLETED_KEY = 135,		  /* see indirect_mkey.h */
};

/* "RECEIVE" */
const char *rdma_completed_name(enum rdma_completed what);

/* What an operation completes as, at the requester or (@receive) at the peer. */
enum rdma_completed rdma_opcode_completes(enum rdma_opcode opcode, bool receive);

struct rdma_completion {
	uint64_t id;
	enum op_status status;
	uint32_t vendor_error;
	/* the rest is undefined for an operation that failed */
	enum rdma_completed what;
	uint32_t bytes;	    /* of a receive, a READ, an atomic */
	bool has_immediate; /* of a receive */
	bool invalidated;   /* of a receive: a key was forgotten for it */
	uint32_t immediate; /* the immediate data, or that key */
};

/*
 * Post one operation; each one completes. Return 0 or -errno after one line (-ENOMEM:
 * queue full).
 */
int rdma_qp_post(struct rdma_qp *qp, const struct rdma_op *op);
int rdma_qp_post_recv(struct rdma_qp *qp, const struct rdma_sge *sges, unsigned int n,
		      uint64_t id);

/*
 * Takes up to @max completions, without waiting. Returns how many, or -errno
 * after one line.
 */
int rdma_qp_poll(struct rdma_qp *qp, struct rdma_completion *completions, int max);

/*
 * Waits for one completion. Returns 0, -ETIMEDOUT (without a line), or -errno
 * after one line.
 */
int rdma_qp_wait(struct rdma_qp *qp, struct rdma_completion *completion,
		 uint64_t timeout_ns);

/*
 * Events, of a queue pair with .events. Arming asks for one event: of the next
 * completion, or (@solicited_only) of the next that is solicited or has failed (IBTA
 * 11.4.2.2, ibv_req_notify_cq(3)). Both return 0 or -errno after one line: -EOPNOTSUPP
 * with a transport that has no events; waiting returns -ETIMEDOUT without a line.
 */
int rdma_qp_arm(struct rdma_qp *qp, bool solicited_only);
int rdma_qp_wait_event(struct rdma_qp *qp, uint64_t timeout_ns);

#endif
