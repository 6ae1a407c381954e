// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* status.c - how an operation ended, in words that do not depend on the library */
#include "rdma/status.h"

#include <infiniband/verbs.h>

_Static_assert((int)OP_LOC_PROT_ERR == (int)IBV_WC_LOC_PROT_ERR &&
		       (int)OP_REM_ACCESS_ERR == (int)IBV_WC_REM_ACCESS_ERR &&
		       (int)OP_RNR_RETRY_EXC_ERR == (int)IBV_WC_RNR_RETRY_EXC_ERR &&
		       (int)OP_GENERAL_ERR == (int)IBV_WC_GENERAL_ERR,
	       "value by value");

const char *op_status_name(enum op_status status)
{
	switch (status) {
	case OP_SUCCESS:
		return "SUCCESS";
	case OP_LOC_LEN_ERR:
		return "LOC_LEN_ERR";
	case OP_LOC_QP_OP_ERR:
		return "LOC_QP_OP_ERR";
	case OP_LOC_PROT_ERR:
		return "LOC_PROT_ERR";
	case OP_FLUSH_ERR:
		return "WR_FLUSH_ERR";
	case OP_MW_BIND_ERR:
		return "MW_BIND_ERR";
	case OP_BAD_RESP_ERR:
		return "BAD_RESP_ERR";
	case OP_LOC_ACCESS_ERR:
		return "LOC_ACCESS_ERR";
	case OP_REM_INV_REQ_ERR:
		return "REM_INV_REQ_ERR";
	case OP_REM_ACCESS_ERR:
		return "REM_ACCESS_ERR";
	case OP_REM_OP_ERR:
		return "REM_OP_ERR";
	case OP_RETRY_EXC_ERR:
		return "RETRY_EXC_ERR";
	case OP_RNR_RETRY_EXC_ERR:
		return "RNR_RETRY_EXC_ERR";
	case OP_REM_ABORT_ERR:
		return "REM_ABORT_ERR";
	case OP_GENERAL_ERR:
		return "GENERAL_ERR";
	case OP_NO_COMPLETION:
		return "no completion";
	case OP_NOT_POSTED:
		return "not posted";
	}
	return "unknown status";
}
