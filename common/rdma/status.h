/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* status.h - how an operation ended, in words that do not depend on the library */
#ifndef ODPLAB_RDMA_STATUS_H
#define ODPLAB_RDMA_STATUS_H

/* The first block is enum ibv_wc_status, value by value (IBTA 11.6.2). */
enum op_status {
	OP_SUCCESS = 0,
	OP_LOC_LEN_ERR = 1,
	OP_LOC_QP_OP_ERR = 2,
	OP_LOC_PROT_ERR = 4,
	OP_FLUSH_ERR = 5,
	OP_MW_BIND_ERR = 6,
	OP_BAD_RESP_ERR = 7,
	OP_LOC_ACCESS_ERR = 8,
	OP_REM_INV_REQ_ERR = 9,
	OP_REM_ACCESS_ERR = 10,
	OP_REM_OP_ERR = 11,
	OP_RETRY_EXC_ERR = 12,
	OP_RNR_RETRY_EXC_ERR = 13,
	OP_REM_ABORT_ERR = 16,
	OP_GENERAL_ERR = 21,

	OP_NO_COMPLETION = 64, /* ours: none came within the deadline */
	OP_NOT_POSTED = 65,    /* ours: the library refused to post it */
};

/* "REM_ACCESS_ERR" */
const char *op_status_name(enum op_status status);

/* Likewise as the source has it: "OP_REM_ACCESS_ERR" */
const char *op_status_constant(enum op_status status);

#endif
