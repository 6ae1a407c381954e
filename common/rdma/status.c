// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* status.c - how an operation ended, in words that do not depend on the library */
#include "rdma/status.h"

#include <infiniband/verbs.h>

#include "base/util.h"

_Static_assert((int)OP_LOC_PROT_ERR == (int)IBV_WC_LOC_PROT_ERR &&
		       (int)OP_REM_ACCESS_ERR == (int)IBV_WC_REM_ACCESS_ERR &&
		       (int)OP_RNR_RETRY_EXC_ERR == (int)IBV_WC_RNR_RETRY_EXC_ERR &&
		       (int)OP_GENERAL_ERR == (int)IBV_WC_GENERAL_ERR,
	       "value by value");

#define STATUS(constant) constant, #constant

static const struct {
	enum op_status status;
	const char *constant, *name;
} rows[] = {
	{ STATUS(OP_SUCCESS), "SUCCESS" },
	{ STATUS(OP_LOC_LEN_ERR), "LOC_LEN_ERR" },
	{ STATUS(OP_LOC_QP_OP_ERR), "LOC_QP_OP_ERR" },
	{ STATUS(OP_LOC_PROT_ERR), "LOC_PROT_ERR" },
	{ STATUS(OP_FLUSH_ERR), "WR_FLUSH_ERR" },
	{ STATUS(OP_MW_BIND_ERR), "MW_BIND_ERR" },
	{ STATUS(OP_BAD_RESP_ERR), "BAD_RESP_ERR" },
	{ STATUS(OP_LOC_ACCESS_ERR), "LOC_ACCESS_ERR" },
	{ STATUS(OP_REM_INV_REQ_ERR), "REM_INV_REQ_ERR" },
	{ STATUS(OP_REM_ACCESS_ERR), "REM_ACCESS_ERR" },
	{ STATUS(OP_REM_OP_ERR), "REM_OP_ERR" },
	{ STATUS(OP_RETRY_EXC_ERR), "RETRY_EXC_ERR" },
	{ STATUS(OP_RNR_RETRY_EXC_ERR), "RNR_RETRY_EXC_ERR" },
	{ STATUS(OP_REM_ABORT_ERR), "REM_ABORT_ERR" },
	{ STATUS(OP_GENERAL_ERR), "GENERAL_ERR" },
	{ STATUS(OP_NO_COMPLETION), "no completion" },
	{ STATUS(OP_NOT_POSTED), "not posted" },
};

const char *op_status_name(enum op_status status)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].status == status)
			return rows[i].name;
	return "unknown status";
}

const char *op_status_constant(enum op_status status)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].status == status)
			return rows[i].constant;
	return "unknown status";
}
