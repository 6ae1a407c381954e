// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* opcode.c - names of operations, and what they complete as */
#include "base/util.h"
#include "rdma/qp.h"

static const struct {
	const char *name;
	enum rdma_completed sent, received;
	bool is_received;
} opcodes[RDMA_OPCODES] = {
	[RDMA_WRITE] = { "WRITE", COMPLETED_WRITE },
	[RDMA_WRITE_IMMEDIATE] = { "WRITE with immediate", COMPLETED_WRITE,
				   COMPLETED_RECEIVE_OF_WRITE, true },
	[RDMA_READ] = { "READ", COMPLETED_READ },
	[RDMA_SEND] = { "SEND", COMPLETED_SEND, COMPLETED_RECEIVE, true },
	[RDMA_SEND_IMMEDIATE] = { "SEND with immediate", COMPLETED_SEND,
				  COMPLETED_RECEIVE, true },
	[RDMA_SEND_INVALIDATE] = { "SEND with invalidate", COMPLETED_SEND,
				   COMPLETED_RECEIVE, true },
	[RDMA_FETCH_ADD] = { "FETCH_ADD", COMPLETED_FETCH_ADD },
	[RDMA_COMPARE_SWAP] = { "COMPARE_SWAP", COMPLETED_COMPARE_SWAP },
	[RDMA_ATOMIC_WRITE] = { "ATOMIC_WRITE", COMPLETED_ATOMIC_WRITE },
	[RDMA_FLUSH] = { "FLUSH", COMPLETED_FLUSH },
};

const char *rdma_opcode_name(enum rdma_opcode opcode)
{
	return opcodes[opcode].name;
}

bool rdma_opcode_is_aimed(enum rdma_opcode opcode)
{
	return opcodes[opcode].received != COMPLETED_RECEIVE;
}

bool rdma_opcode_fetches(enum rdma_opcode opcode)
{
	return opcode == RDMA_READ || opcode == RDMA_FETCH_ADD ||
	       opcode == RDMA_COMPARE_SWAP;
}

bool rdma_opcode_is_received(enum rdma_opcode opcode)
{
	return opcodes[opcode].is_received;
}

enum rdma_completed rdma_opcode_completes(enum rdma_opcode opcode, bool receive)
{
	return receive ? opcodes[opcode].received : opcodes[opcode].sent;
}

const char *rdma_completed_name(enum rdma_completed what)
{
	switch (what) {
	case COMPLETED_SEND:
		return "SEND";
	case COMPLETED_WRITE:
		return "WRITE";
	case COMPLETED_READ:
		return "READ";
	case COMPLETED_COMPARE_SWAP:
		return "COMPARE_SWAP";
	case COMPLETED_FETCH_ADD:
		return "FETCH_ADD";
	case COMPLETED_BIND:
		return "BIND";
	case COMPLETED_INVALIDATE:
		return "INVALIDATE";
	case COMPLETED_FLUSH:
		return "FLUSH";
	case COMPLETED_ATOMIC_WRITE:
		return "ATOMIC_WRITE";
	case COMPLETED_RECEIVE:
		return "RECEIVE";
	case COMPLETED_KEY:
		return "memory key";
	case COMPLETED_RECEIVE_OF_WRITE:
		return "RECEIVE of WRITE with immediate";
	}
	return "something unknown";
}
