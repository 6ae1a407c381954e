// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* flush.c - FLUSH and ATOMIC_WRITE: which queue pairs can do them, and what is posted */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"
#include "mock_verbs.h"
#include "rdma/mr.h"
#include "rdma/qp.h"

static struct rdma_device device;
static struct rdma_qp qp;

/* ---- work requests of the queue pair ---- */

static struct {
	bool missing; /* the queue pair was made without them */
	char text[128];
	uint64_t id, value;
	unsigned int flags;
	int started;
} request;

static void wr_start(struct ibv_qp_ex *ex)
{
	request.started++;
}

static int wr_complete(struct ibv_qp_ex *ex)
{
	request.started--;
	request.id = ex->wr_id;
	request.flags = ex->wr_flags;
	return mock_fails() ? mock.error : 0;
}

static void wr_flush(struct ibv_qp_ex *ex, uint32_t rkey, uint64_t addr, size_t len,
		     uint8_t type, uint8_t level)
{
	snprintf(request.text, sizeof(request.text), "flush %x %lx %zu %u %u", rkey, addr,
		 len, type, level);
}

static void wr_atomic_write(struct ibv_qp_ex *ex, uint32_t rkey, uint64_t addr,
			    const void *value)
{
	snprintf(request.text, sizeof(request.text), "atomic_write %x %lx", rkey, addr);
	memcpy(&request.value, value, sizeof(request.value));
}

struct ibv_qp_ex *ibv_qp_to_qp_ex(struct ibv_qp *ibv)
{
	static struct ibv_qp_ex ex = { .wr_start = wr_start,
				       .wr_complete = wr_complete,
				       .wr_flush = wr_flush,
				       .wr_atomic_write = wr_atomic_write };

	return request.missing ? NULL : &ex;
}

static int setup(void **state)
{
	mock_reset();
	memset(&request, 0, sizeof(request));
	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	return 0;
}

static int teardown(void **state)
{
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
	return 0;
}

static void open_qp(enum qp_type type, uint32_t can)
{
	const struct rdma_qp_spec spec = { .type = type, .depth = 8 };

	mock.modified = 0;
	device.caps.per_transport[type] = can;
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
}

/* Only a device that can fault for them is asked for queue pairs that do them. */
static void open__of_what_the_device_can(void **state)
{
	static const struct {
		uint32_t can;
		uint64_t asked;
		bool rights;
	} rows[] = {
		{ ODP_WRITE, 0, false },
		{ ODP_FLUSH, IBV_QP_EX_WITH_FLUSH, true },
		{ ODP_ATOMIC_WRITE, IBV_QP_EX_WITH_ATOMIC_WRITE, false },
		{ ODP_FLUSH | ODP_ATOMIC_WRITE,
		  IBV_QP_EX_WITH_FLUSH | IBV_QP_EX_WITH_ATOMIC_WRITE, true },
	};
	const unsigned int rights = IBV_ACCESS_FLUSH_GLOBAL | IBV_ACCESS_FLUSH_PERSISTENT;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		open_qp(QP_RC, rows[i].can);
		assert_int_equal(mock.made.send_ops_flags, rows[i].asked);
		assert_int_equal(mock.made.comp_mask & IBV_QP_INIT_ATTR_SEND_OPS_FLAGS,
				 rows[i].asked ? IBV_QP_INIT_ATTR_SEND_OPS_FLAGS : 0);
		assert_int_equal(mock.attr[0].qp_access_flags & rights,
				 rows[i].rights ? rights : 0);
		rdma_qp_close(&qp);
	}
	open_qp(QP_UD, ODP_FLUSH);
	assert_int_equal(mock.made.send_ops_flags, 0);
	rdma_qp_close(&qp);
}

static void mr__with_the_rights(void **state)
{
	struct rdma_mr mr = { 0 };
	char memory[8];

	assert_int_equal(rdma_mr_reg(&mr, &device, memory, 8, MR_PINNED, MR_FLUSH), 0);
	assert_int_equal(mock.access,
			 IBV_ACCESS_FLUSH_GLOBAL | IBV_ACCESS_FLUSH_PERSISTENT);
	rdma_mr_dereg(&mr);
}

/*
 * IBTA A19: types 1 (global visibility) and 2 (persistence), levels 0 (range) and 1
 * (region).
 */
static void post__each_kind(void **state)
{
	static const struct {
		struct rdma_op op;
		const char *text;
	} rows[] = {
		{ { .opcode = RDMA_FLUSH, .flush = { 64, false, false } },
		  "flush 77 7000 64 1 0" },
		{ { .opcode = RDMA_FLUSH, .flush = { 64, false, true } },
		  "flush 77 7000 64 2 0" },
		{ { .opcode = RDMA_FLUSH, .flush = { 0, true, false } },
		  "flush 77 7000 0 1 1" },
		{ { .opcode = RDMA_ATOMIC_WRITE, .swap = 0x1122334455667788 },
		  "atomic_write 77 7000" },
	};

	open_qp(QP_RC, ODP_FLUSH | ODP_ATOMIC_WRITE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rdma_op op = rows[i].op;

		op.rkey = 0x77;
		op.remote_addr = 0x7000;
		op.id = 40 + i;
		request.value = op.swap + 1;
		assert_int_equal(rdma_qp_post(&qp, &op), 0);
		assert_string_equal(request.text, rows[i].text);
		assert_int_equal(request.id, 40 + i);
		assert_int_equal(request.flags, IBV_SEND_SIGNALED);
		assert_int_equal(request.started, 0);
	}
	assert_true(request.value == 0x1122334455667788);
	rdma_qp_close(&qp);
}

static void is_refused(const struct rdma_op *op, int error, const char *says)
{
	struct capture c = capture_start(stderr);
	char text[256];
	int ret = rdma_qp_post(&qp, op);

	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, error);
	if (!strstr(text, says))
		fail_msg("expected \"%s\", got: %s", says, text);
}

static void post__refused(void **state)
{
	static const struct rdma_op op = { .opcode = RDMA_FLUSH };

	open_qp(QP_RC, ODP_FLUSH);
	mock.fail_at = mock.calls + 1;
	mock.error = ENOMEM;
	is_refused(&op, -ENOMEM, "ibv_wr_complete of FLUSH");
	request.missing = true;
	is_refused(&op, -EOPNOTSUPP, "FLUSH on this queue pair");
	rdma_qp_close(&qp);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(open__of_what_the_device_can),
	TEST(mr__with_the_rights),
	TEST(post__each_kind),
	TEST(post__refused),
};

int main(void)
{
	return cmocka_run_group_tests_name("flush", tests, NULL, NULL);
}
