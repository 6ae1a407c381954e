/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * mock_ofi_ep.h - an endpoint of mock_ofi.h, and its completion queue; include it after
 * cmocka.h
 */
#ifndef ODPLAB_TESTS_MOCK_OFI_EP_H
#define ODPLAB_TESTS_MOCK_OFI_EP_H

#include "rdma/qp.h"

/* last, as in post_lib.c */
#include <rdma/fi_atomic.h>
#include <rdma/fi_rma.h>

#define DEPTH 2 /* operations and receives of a queue pair: twice as many */

/* What it was asked last, and what its completion queue has. */
struct mock_ofi_ep {
	const char *call;
	unsigned int busy, calls; /* so many calls are to be made again */
	int error;
	struct iovec iov[QP_SGES];
	void *desc[QP_SGES];
	size_t n;
	uint64_t flags, data, remote, len, key;
	uint64_t operand, compare;
	void *result;
	enum fi_op op;
	void *context;
	/* what the queue has, and how often it was looked at */
	struct fi_cq_data_entry entry[4];
	struct fi_cq_err_entry failed;
	ssize_t completions;
	unsigned int polls;
	size_t polled;
};

extern struct mock_ofi_ep endpoint;
extern struct rdma_device ofi_device;
extern struct rdma_qp ofi_qp;

/*
 * Opens the device and connects the queue pair; closes both, and nothing may be left
 * open.
 */
int mock_ofi_ep_setup(void **state);
int mock_ofi_ep_teardown(void **state);

#define ON_ENDPOINT(test) \
	cmocka_unit_test_setup_teardown(test, mock_ofi_ep_setup, mock_ofi_ep_teardown)

/* An operation of two pieces; its id is 42. */
struct rdma_op mock_ofi_operation(enum rdma_opcode opcode);

#endif
