// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* ofi_poll.c - each completion of libfabric as one of ours */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"
#include "mock_ofi_ep.h"

static void poll__completions(void **state)
{
	struct rdma_op op = mock_ofi_operation(RDMA_READ);
	struct rdma_completion completion[3];

	assert_int_equal(rdma_qp_post(&ofi_qp, &op), 0);
	endpoint.entry[0] =
		(struct fi_cq_data_entry){ .op_context = endpoint.context, .len = 1 };
	assert_int_equal(rdma_qp_post_recv(&ofi_qp, op.sge, 1, 43), 0);
	endpoint.entry[1] = (struct fi_cq_data_entry){ .op_context = endpoint.context,
						       .len = 11,
						       .flags = FI_REMOTE_CQ_DATA,
						       .data = 0x87654321 };
	endpoint.entry[2] = (struct fi_cq_data_entry){ .len = 5 }; /* of none of ours */
	endpoint.completions = 3;
	assert_int_equal(rdma_qp_poll(&ofi_qp, completion, 3), 3);
	assert_int_equal(endpoint.polled, 3);
	assert_int_equal(completion[0].id, 42);
	assert_int_equal(completion[0].status, OP_SUCCESS);
	assert_int_equal(completion[0].what, COMPLETED_READ);
	assert_int_equal(completion[0].bytes, 24);
	assert_false(completion[0].has_immediate);
	assert_int_equal(completion[1].id, 43);
	assert_int_equal(completion[1].what, COMPLETED_RECEIVE);
	assert_int_equal(completion[1].bytes, 11);
	assert_true(completion[1].has_immediate);
	assert_int_equal(completion[1].immediate, 0x87654321);
	assert_int_equal(completion[2].id, 0);
	endpoint.completions = -FI_EAGAIN;
	assert_int_equal(rdma_qp_poll(&ofi_qp, completion, 100), 0);
	assert_int_equal(endpoint.polled, 16);
}

/* By libfabric's error, or by the provider's where that is a device's work completion. */
static void poll__failed_operations(void **state)
{
	static const struct {
		int error, provider;
		bool cpu_faults;
		enum op_status status;
	} rows[] = {
		{ FI_ECANCELED, 3, true, OP_FLUSH_ERR },
		{ FI_EACCES, 3, true, OP_REM_ACCESS_ERR },
		{ FI_ETRUNC, 0, true, OP_LOC_LEN_ERR },
		{ FI_EIO, 3, true, OP_GENERAL_ERR },
		{ FI_EIO, OP_RETRY_EXC_ERR, false, OP_RETRY_EXC_ERR },
		{ FI_EIO, OP_GENERAL_ERR, false, OP_GENERAL_ERR },
		{ FI_EACCES, OP_GENERAL_ERR + 1, false, OP_REM_ACCESS_ERR },
		{ FI_EACCES, 0, false, OP_REM_ACCESS_ERR },
	};
	struct rdma_completion completion;

	endpoint.completions = -FI_EAVAIL;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rdma_op op = mock_ofi_operation(RDMA_SEND);

		ofi_device.cpu_faults = rows[i].cpu_faults;
		assert_int_equal(rdma_qp_post(&ofi_qp, &op), 0);
		endpoint.failed =
			(struct fi_cq_err_entry){ .op_context = endpoint.context,
						  .err = rows[i].error,
						  .prov_errno = rows[i].provider };
		assert_int_equal(rdma_qp_poll(&ofi_qp, &completion, 1), 1);
		assert_int_equal(completion.id, 42);
		assert_int_equal(completion.status, rows[i].status);
		assert_int_equal(completion.what, COMPLETED_SEND);
	}
	endpoint.failed.err = 0; /* it was taken meanwhile */
	assert_int_equal(rdma_qp_poll(&ofi_qp, &completion, 1), 0);
}

static void poll__fails(void **state)
{
	struct rdma_completion completion;
	struct capture c = capture_start(stderr);
	char text[256];
	int ret;

	endpoint.completions = -FI_EINVAL;
	ret = rdma_qp_poll(&ofi_qp, &completion, 1);
	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -EINVAL);
	assert_non_null(strstr(text, "libfabric's completion queue"));
}

static const struct CMUnitTest tests[] = {
	ON_ENDPOINT(poll__completions),
	ON_ENDPOINT(poll__failed_operations),
	ON_ENDPOINT(poll__fails),
};

int main(void)
{
	return cmocka_run_group_tests_name("ofi_poll", tests, NULL, NULL);
}
