/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * message.h - one work request on its way from a send queue to its completion
 *
 * A message is executed in steps that can each be parked (a page fault, a receive that is
 * not there yet, a peer that does not answer) and taken up again. What a step has done is
 * kept here, so that nothing is done twice.
 */
#ifndef ODPLAB_EMU_MESSAGE_H
#define ODPLAB_EMU_MESSAGE_H

#include "key/mkey.h"
#include "port/subnet.h"
#include "queue/cq.h"
#include "queue/receive.h"
#include "queue/sge.h"

#include <stdbool.h>
#include <stdint.h>

struct device;
struct message;
struct qp;

#define WQE_BLOCK     64
#define WQE_MAX_BYTES 1008 /* 63 units of 16 bytes */
#define SEND_SGES     62
#define AV_AT	      16 /* an address vector follows the control segment */

enum opcode {
	OPCODE_NOP = 0x00,
	OPCODE_SEND_INVALIDATE = 0x01,
	OPCODE_WRITE = 0x08,
	OPCODE_WRITE_IMM = 0x09,
	OPCODE_SEND = 0x0a,
	OPCODE_SEND_IMM = 0x0b,
	OPCODE_READ = 0x10,
	OPCODE_COMPARE_SWAP = 0x11,
	OPCODE_FETCH_ADD = 0x12,
	OPCODE_UMR = 0x25,
};

/* What a step may return besides 0, "done" */
#define MESSAGE_PARKED (-EINPROGRESS) /* or out of budget */
#define MESSAGE_FAILED (-EIO)	      /* with message->syndrome set */

/* Whose memory a message was at */
enum fault_side {
	SIDE_LOCAL,   /* the requester's own buffers */
	SIDE_REMOTE,  /* the responder's memory, addressed by a remote key */
	SIDE_RECEIVE, /* the responder's buffers, posted as a receive */
};

struct side {
	const struct sge *sges;
	unsigned int n;
	unsigned int at; /* the sge that the transfer is in */
	uint32_t offset; /* in that sge */
	struct access access;
	enum fault_side which;
};

struct transfer {
	struct side from, to;
	uint64_t len, done;
	struct qp *qp;	     /* whose message it is */
	uint32_t writer;     /* the number of the queue pair that writes to memory */
	bool begun, settled; /* nothing is copied yet; all is */
	bool source_faulted; /* the next bytes were not there at first */
	bool target_faulted; /* where some went was not */
};

struct message_kind {
	enum opcode opcode;
	const char *name;
	int (*step)(struct device *dev, struct qp *qp, uint64_t *budget);
	uint32_t services; /* that may send it: bits by enum qp_service */
	bool remote;	   /* an address segment follows */
	bool atomic;	   /* and an atomic segment */
};

struct message {
	bool active;
	const struct message_kind *kind;
	uint16_t index; /* of its first block in the send queue */
	unsigned int blocks;
	bool signaled, solicited;
	uint32_t immediate;
	unsigned int bytes;    /* of the whole entry */
	unsigned int segments; /* where its data segments begin */
	unsigned int n;
	uint64_t length;
	struct sge sges[SEND_SGES + 1]; /* a datagram's header goes before its data */
	struct sge remote;
	uint8_t header[40];
	uint32_t srqn; /* XRC */

	/* how far it got */
	bool started;
	bool lost;	/* once, by behaviour */
	bool received;	/* a receive was consumed for it */
	bool executed;	/* the atomic */
	bool pretended; /* by injection: a failed fault counts as done */
	uint8_t old[8]; /* what an atomic found */
	struct sge result;
	uint32_t peer;	     /* queue pair number */
	uint32_t srq_number; /* that the receive came from; 0: the peer's own queue */
	struct receive receive;
	struct transfer transfer;
	unsigned int rnr_tries, ack_tries;
	bool resumed, resume_failed; /* its last fault */
	bool fault_pending;	     /* it is sent again before its fault is resumed */
	enum fault_side fault_side;
	enum syndrome syndrome;
	uint8_t entry[WQE_MAX_BYTES + WQE_BLOCK];
	uint8_t answer[SUBNET_MAD_BYTES]; /* goes instead of what was sent */
};

#endif
