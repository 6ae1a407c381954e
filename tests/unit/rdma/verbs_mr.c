// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* verbs_mr.c - memory regions, advice and memory windows of the verbs transport */
#include "rdma/mr.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fail_each_call.h"
#include "mock_verbs.h"
#include "rdma/qp.h"
#include "rdma/transport.h"
#include "rdma/window.h"

static int register_and_deregister(void *data)
{
	struct rdma_mr mr = { 0 };
	char memory[64];
	int ret = rdma_mr_reg(&mr, data, memory, sizeof(memory), MR_ODP, MR_LOCAL_WRITE);

	if (!ret)
		rdma_mr_dereg(&mr);
	return ret;
}

static void mr__each_call_that_fails(void **state)
{
	struct rdma_device device;

	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	fail_each_call(register_and_deregister, &device, true, 1);
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
}

static void mr__mode_and_rights(void **state)
{
	static const struct {
		enum mr_mode mode;
		unsigned int access;
		int flags;
	} rows[] = {
		{ MR_PINNED, MR_LOCAL_WRITE, IBV_ACCESS_LOCAL_WRITE },
		{ MR_ODP, MR_REMOTE_READ, IBV_ACCESS_ON_DEMAND | IBV_ACCESS_REMOTE_READ },
		{ MR_ODP, MR_REMOTE_WRITE | MR_LOCAL_WRITE,
		  IBV_ACCESS_ON_DEMAND | IBV_ACCESS_REMOTE_WRITE |
			  IBV_ACCESS_LOCAL_WRITE },
		{ MR_ODP, MR_REMOTE_ATOMIC,
		  IBV_ACCESS_ON_DEMAND | IBV_ACCESS_REMOTE_ATOMIC },
		{ MR_ODP, MR_BIND, IBV_ACCESS_ON_DEMAND | IBV_ACCESS_MW_BIND },
		{ MR_ODP, MR_RELAXED,
		  IBV_ACCESS_ON_DEMAND | IBV_ACCESS_RELAXED_ORDERING },
		{ MR_ODP, MR_HUGE_PAGES, IBV_ACCESS_ON_DEMAND | IBV_ACCESS_HUGETLB },
	};
	struct rdma_device device;
	char memory[64];

	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rdma_mr mr = { 0 };

		assert_int_equal(rdma_mr_reg(&mr, &device, memory, sizeof(memory),
					     rows[i].mode, rows[i].access),
				 0);
		assert_int_equal(mock.access, rows[i].flags);
		assert_int_equal(mock.length, sizeof(memory));
		assert_int_equal(mr.lkey, 0x100);
		assert_int_equal(mr.rkey, 0x200);
		assert_int_equal(mr.mode, rows[i].mode);
		rdma_mr_dereg(&mr);
	}
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
}

static void mr__implicit_covers_the_address_space(void **state)
{
	struct rdma_device device;
	struct rdma_mr mr = { 0 };
	char memory[64];

	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	assert_int_equal(rdma_mr_reg(&mr, &device, memory, sizeof(memory),
				     MR_ODP_IMPLICIT, MR_LOCAL_WRITE),
			 0);
	assert_true(mock.length == SIZE_MAX);
	assert_true(mr.remote_addr == (uintptr_t)memory);
	rdma_mr_dereg(&mr);
	assert_int_equal(rdma_mr_reg_at(&mr, &device, memory, sizeof(memory), 0x9000,
					MR_LOCAL_WRITE),
			 0);
	assert_true(mock.iova == 0x9000 && mr.remote_addr == 0x9000);
	rdma_mr_dereg(&mr);
	rdma_device_close(&device);
}

static void mr__of_a_dmabuf(void **state)
{
	struct rdma_device device, other;
	struct rdma_mr mr = { 0 };

	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	assert_int_equal(rdma_mr_reg_dmabuf(&mr, &device, 7, 4096, 64, 0x9000,
					    MR_LOCAL_WRITE | MR_REMOTE_WRITE),
			 0);
	assert_int_equal(mock.dmabuf.fd, 7);
	assert_int_equal(mock.dmabuf.offset, 4096);
	assert_int_equal(mock.access, IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_WRITE);
	assert_true(mock.iova == 0x9000 && mr.remote_addr == 0x9000);
	assert_int_equal(mr.mode, MR_ODP);
	rdma_mr_dereg(&mr);
	mock.fail_at = mock.calls + 1;
	mock.error = EINVAL;
	assert_int_equal(rdma_mr_reg_dmabuf(&mr, &device, 7, 0, 64, 0, 0), -EINVAL);
	other = device;
	other.ops = &ofi_transport;
	assert_int_equal(rdma_mr_reg_dmabuf(&mr, &other, 7, 0, 64, 0, 0), -EOPNOTSUPP);
	rdma_device_close(&device);
}

static void mr__reregistered(void **state)
{
	static const struct mr_change narrower = { MR_CHANGE_ACCESS, MR_REMOTE_READ,
						   MR_ODP };
	static const struct mr_change pinned = { MR_CHANGE_ACCESS, MR_LOCAL_WRITE,
						 MR_PINNED };
	struct mr_change elsewhere = { MR_CHANGE_RANGE, .len = 32 };
	struct rdma_device device;
	struct rdma_mr mr = { 0 };
	char memory[64];

	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	assert_int_equal(rdma_mr_reg(&mr, &device, memory, 64, MR_ODP, MR_LOCAL_WRITE),
			 0);
	assert_int_equal(rdma_mr_rereg(&mr, &device, &narrower), 0);
	assert_int_equal(mock.rereg.flags, IBV_REREG_MR_CHANGE_ACCESS);
	assert_int_equal(mock.access, IBV_ACCESS_ON_DEMAND | IBV_ACCESS_REMOTE_READ);
	assert_null(mock.rereg.pd);
	assert_int_equal(mr.rkey, 0x201);
	mock.fail_at = mock.calls + 1;
	mock.error = EPERM;
	assert_int_equal(rdma_mr_rereg(&mr, &device, &narrower), -EPERM);
	assert_int_equal(mr.rkey, 0x201);
	assert_int_equal(rdma_mr_rereg(&mr, &device, &pinned), 0);
	assert_int_equal(mock.access, IBV_ACCESS_LOCAL_WRITE);
	assert_int_equal(mr.mode, MR_PINNED);
	assert_int_equal(mr.remote_addr, (uintptr_t)memory);
	elsewhere.addr = memory + 16;
	assert_int_equal(rdma_mr_rereg(&mr, &device, &elsewhere), 0);
	assert_int_equal(mock.rereg.flags, IBV_REREG_MR_CHANGE_TRANSLATION);
	assert_ptr_equal(mock.rereg.addr, memory + 16);
	assert_int_equal(mock.rereg.len, 32);
	assert_int_equal(mr.remote_addr, (uintptr_t)memory + 16);
	assert_int_equal(mr.mode, MR_PINNED);
	rdma_mr_dereg(&mr);
	rdma_device_close(&device);
}

/* The second domain is made once, and goes with the device. */
static void mr__changes_its_domain(void **state)
{
	static const struct mr_change away = { MR_CHANGE_DOMAIN, .other_domain = true };
	static const struct mr_change back = { MR_CHANGE_DOMAIN };
	struct rdma_device device;
	struct rdma_mr mr = { 0 };
	const void *second;
	char memory[64];

	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	assert_int_equal(rdma_mr_reg(&mr, &device, memory, 64, MR_ODP, 0), 0);
	mock.fail_at = mock.calls + 1;
	mock.error = ENOMEM;
	assert_int_equal(rdma_mr_rereg(&mr, &device, &away), -ENOMEM);
	assert_int_equal(rdma_mr_rereg(&mr, &device, &away), 0);
	assert_int_equal(mock.rereg.flags, IBV_REREG_MR_CHANGE_PD);
	second = mock.rereg.pd;
	assert_non_null(second);
	assert_int_equal(rdma_mr_rereg(&mr, &device, &back), 0);
	assert_non_null(mock.rereg.pd);
	assert_ptr_not_equal(mock.rereg.pd, second);
	assert_int_equal(rdma_mr_rereg(&mr, &device, &away), 0);
	assert_ptr_equal(mock.rereg.pd, second);
	rdma_mr_dereg(&mr);
	rdma_device_close(&device);
}

static void mr__advice(void **state)
{
	static const enum ibv_advise_mr_advice advices[] = {
		[MR_PREFETCH] = IBV_ADVISE_MR_ADVICE_PREFETCH,
		[MR_PREFETCH_WRITE] = IBV_ADVISE_MR_ADVICE_PREFETCH_WRITE,
		[MR_PREFETCH_NO_FAULT] = IBV_ADVISE_MR_ADVICE_PREFETCH_NO_FAULT,
	};
	const struct rdma_sge ranges[] = { { 0x1000, 0x2000, 3 }, { 0x4000, 0x5000, 6 } };
	struct rdma_device device;

	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	for (unsigned int i = 0; i < sizeof(advices) / sizeof(advices[0]); i++) {
		bool sync = i % 2;

		assert_int_equal(
			rdma_mr_advise(&device, (enum mr_advice)i, sync, ranges, 2), 0);
		assert_int_equal(mock.advice, advices[i]);
		assert_int_equal(mock.advise_flags, sync ? IBV_ADVISE_MR_FLAG_FLUSH : 0);
		assert_int_equal(mock.advised, 2);
		assert_int_equal(mock.sge[1].addr, 0x4000);
		assert_int_equal(mock.sge[1].length, 0x5000);
		assert_int_equal(mock.sge[1].lkey, 6);
	}
	assert_int_equal(rdma_mr_advise(&device, MR_PREFETCH, true, ranges, 1000),
			 -E2BIG);
	mock.fail_at = mock.calls + 1;
	mock.error = EBUSY;
	assert_int_equal(rdma_mr_advise(&device, MR_PREFETCH, true, ranges, 1), -EBUSY);
	rdma_device_close(&device);
}

static void window__keys(void **state)
{
	static const struct rdma_qp_spec spec = { .type = QP_RC, .depth = 8 };
	struct rdma_device device;
	struct rdma_window window;
	struct rdma_mr mr = { 0 };
	struct rdma_qp qp;
	char memory[64];

	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(rdma_mr_reg(&mr, &device, memory, 64, MR_ODP, MR_LOCAL_WRITE),
			 0);
	assert_int_equal(rdma_window_open(&window, &device, WINDOW_TYPE_2), 0);
	/* each bind of type 2 takes the next key of 256 */
	assert_int_equal(rdma_window_bind(&window, &qp, &mr, 0x1000, 16, 5), 0);
	assert_int_equal(mock.send.opcode, IBV_WR_BIND_MW);
	assert_int_equal(mock.send.wr_id, 5);
	assert_int_equal(mock.send.bind_mw.bind_info.addr, 0x1000);
	assert_int_equal(mock.send.bind_mw.bind_info.length, 16);
	assert_int_equal(window.rkey, 0x501);
	assert_int_equal(rdma_window_invalidate(&window, &qp, &mr, 6), 0);
	assert_int_equal(mock.send.opcode, IBV_WR_LOCAL_INV);
	assert_int_equal(mock.send.invalidate_rkey, 0x501);
	rdma_window_close(&window);
	assert_int_equal(rdma_window_open(&window, &device, WINDOW_TYPE_1), 0);
	assert_int_equal(rdma_window_bind(&window, &qp, &mr, 0x2000, 32, 7), 0);
	assert_int_equal(mock.bind.wr_id, 7);
	assert_int_equal(mock.bind.bind_info.length, 32);
	assert_int_equal(window.rkey, 0x501);
	/* invalidated by a bind to nothing */
	assert_int_equal(rdma_window_invalidate(&window, &qp, &mr, 8), 0);
	assert_int_equal(mock.bind.bind_info.length, 0);
	rdma_window_close(&window);
	rdma_mr_dereg(&mr);
	rdma_qp_close(&qp);
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(mr__each_call_that_fails, mock_setup),
	cmocka_unit_test_setup(mr__mode_and_rights, mock_setup),
	cmocka_unit_test_setup(mr__implicit_covers_the_address_space, mock_setup),
	cmocka_unit_test_setup(mr__of_a_dmabuf, mock_setup),
	cmocka_unit_test_setup(mr__reregistered, mock_setup),
	cmocka_unit_test_setup(mr__changes_its_domain, mock_setup),
	cmocka_unit_test_setup(mr__advice, mock_setup),
	cmocka_unit_test_setup(window__keys, mock_setup),
};

int main(void)
{
	return cmocka_run_group_tests_name("verbs_mr", tests, NULL, NULL);
}
