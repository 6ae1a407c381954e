// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mlx5.c - what needs libmlx5, against one of the test's own: DC, memory keys, DEVX */
#include <endian.h>
#include <errno.h>
#include <infiniband/mlx5dv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fail_each_call.h"
#include "mock_verbs.h"
#include "rdma/qp.h"
#include "rdma/verbs/indirect_mkey.h"

/* ---- a libmlx5 without a device ---- */

static struct {
	bool unsupported;
	uint32_t dc_caps;
	uint8_t caps[512]; /* the device's ODP capabilities, as it answers */
	uint8_t query[16]; /* that query */
	/* the last request, as "NAME rkey remote_addr ..." */
	char request[128];
	uint64_t id, dc_key;
	uint32_t dctn;
	unsigned int flags, started, access, repeat, pieces;
	struct ibv_sge sge[4];
	struct mlx5dv_mr_interleaved interleaved[4];
} mlx5;

struct extended_qp {
	struct ibv_qp_ex ex;
	struct mlx5dv_qp_ex mlx5;
};

bool mlx5dv_is_supported(struct ibv_device *device)
{
	return !mlx5.unsupported;
}

int mlx5dv_query_device(struct ibv_context *context, struct mlx5dv_context *attr)
{
	attr->comp_mask = mlx5.dc_caps ? MLX5DV_CONTEXT_MASK_DC_ODP_CAPS : 0;
	attr->dc_odp_caps = mlx5.dc_caps;
	return 0;
}

int mlx5dv_devx_general_cmd(struct ibv_context *context, const void *in, size_t in_len,
			    void *out, size_t out_len)
{
	memcpy(mlx5.query, in, in_len);
	memcpy((uint8_t *)out + 16, mlx5.caps, sizeof(mlx5.caps));
	return mock_fails() ? mock.error : 0;
}

#define REQUEST(...) snprintf(mlx5.request, sizeof(mlx5.request), __VA_ARGS__)

static void wr_start(struct ibv_qp_ex *ex)
{
	mlx5.started++;
}

static int wr_complete(struct ibv_qp_ex *ex)
{
	mlx5.started--;
	mlx5.id = ex->wr_id;
	mlx5.flags = ex->wr_flags;
	return mock_fails() ? mock.error : 0;
}

static void wr_write(struct ibv_qp_ex *ex, uint32_t rkey, uint64_t addr)
{
	REQUEST("write %x %lx", rkey, addr);
}

static void wr_write_imm(struct ibv_qp_ex *ex, uint32_t rkey, uint64_t addr, __be32 imm)
{
	REQUEST("write_imm %x %lx %x", rkey, addr, be32toh(imm));
}

static void wr_read(struct ibv_qp_ex *ex, uint32_t rkey, uint64_t addr)
{
	REQUEST("read %x %lx", rkey, addr);
}

static void wr_send(struct ibv_qp_ex *ex)
{
	REQUEST("send");
}

static void wr_send_imm(struct ibv_qp_ex *ex, __be32 imm)
{
	REQUEST("send_imm %x", be32toh(imm));
}

static void wr_fetch_add(struct ibv_qp_ex *ex, uint32_t rkey, uint64_t addr, uint64_t add)
{
	REQUEST("fetch_add %x %lx %lx", rkey, addr, add);
}

static void wr_cmp_swp(struct ibv_qp_ex *ex, uint32_t rkey, uint64_t addr,
		       uint64_t compare, uint64_t swap)
{
	REQUEST("cmp_swp %x %lx %lx %lx", rkey, addr, compare, swap);
}

static void wr_set_sge_list(struct ibv_qp_ex *ex, size_t n, const struct ibv_sge *sges)
{
	mlx5.pieces = (unsigned int)n;
	memcpy(mlx5.sge, sges, n * sizeof(*sges));
}

static void set_dc_addr(struct mlx5dv_qp_ex *qp, struct ibv_ah *ah, uint32_t dctn,
			uint64_t key)
{
	assert_non_null(ah);
	mlx5.dctn = dctn;
	mlx5.dc_key = key;
}

static void mr_list(struct mlx5dv_qp_ex *qp, struct mlx5dv_mkey *mkey, uint32_t access,
		    uint16_t n, struct ibv_sge *sges)
{
	REQUEST("list %x", mkey->rkey);
	mlx5.access = access;
	wr_set_sge_list(NULL, n, sges);
}

static void mr_interleaved(struct mlx5dv_qp_ex *qp, struct mlx5dv_mkey *mkey,
			   uint32_t access, uint32_t repeat, uint16_t n,
			   struct mlx5dv_mr_interleaved *data)
{
	REQUEST("interleaved %x", mkey->rkey);
	mlx5.access = access;
	mlx5.repeat = repeat;
	mlx5.pieces = n;
	memcpy(mlx5.interleaved, data, n * sizeof(*data));
}

struct ibv_qp *mlx5dv_create_qp(struct ibv_context *context,
				struct ibv_qp_init_attr_ex *attr,
				struct mlx5dv_qp_init_attr *dc)
{
	struct extended_qp *qp = mock_refuses(attr) ? NULL : mock_make(sizeof(*qp));

	if (!qp)
		return NULL;
	attr->cap.max_inline_data = mock.inline_bytes;
	qp->ex.qp_base.context = context;
	qp->ex.qp_base.qp_type = attr->qp_type;
	qp->ex.qp_base.qp_num = dc->dc_init_attr.dc_type == MLX5DV_DCTYPE_DCT ? 0x22 :
										0x11;
	qp->ex.wr_start = wr_start;
	qp->ex.wr_complete = wr_complete;
	qp->ex.wr_rdma_write = wr_write;
	qp->ex.wr_rdma_write_imm = wr_write_imm;
	qp->ex.wr_rdma_read = wr_read;
	qp->ex.wr_send = wr_send;
	qp->ex.wr_send_imm = wr_send_imm;
	qp->ex.wr_atomic_fetch_add = wr_fetch_add;
	qp->ex.wr_atomic_cmp_swp = wr_cmp_swp;
	qp->ex.wr_set_sge_list = wr_set_sge_list;
	qp->mlx5.wr_set_dc_addr = set_dc_addr;
	qp->mlx5.wr_mr_list = mr_list;
	qp->mlx5.wr_mr_interleaved = mr_interleaved;
	return &qp->ex.qp_base;
}

struct ibv_qp_ex *ibv_qp_to_qp_ex(struct ibv_qp *qp)
{
	return (struct ibv_qp_ex *)qp;
}

struct mlx5dv_qp_ex *mlx5dv_qp_ex_from_ibv_qp_ex(struct ibv_qp_ex *ex)
{
	return &((struct extended_qp *)ex)->mlx5;
}

struct mlx5dv_mkey *mlx5dv_create_mkey(struct mlx5dv_mkey_init_attr *attr)
{
	struct mlx5dv_mkey *mkey = mock_make(sizeof(*mkey));

	assert_int_equal(attr->create_flags, MLX5DV_MKEY_INIT_ATTR_FLAGS_INDIRECT);
	if (mkey)
		*mkey = (struct mlx5dv_mkey){ .lkey = 0x700, .rkey = 0x701 };
	return mkey;
}

int mlx5dv_destroy_mkey(struct mlx5dv_mkey *mkey)
{
	return mock_destroy(mkey);
}

/* ---- tests ---- */

static struct rdma_device device;
static const struct rdma_device_spec any = { .name = "mock1", .gid_index = -1 };
static const struct rdma_address peer = {
	.qpn = 0x44, .receiver_qpn = 0x55, .lid = 9, .mtu_bytes = 512
};

static int reset(void **state)
{
	mock_reset();
	memset(&mlx5, 0, sizeof(mlx5));
	return rdma_device_open(&device, &any);
}

/* Fails where something is left open. */
static int close_device(void **state)
{
	rdma_device_close(&device);
	return mock.open;
}

static int open_connect_close(void *data)
{
	struct rdma_qp qp;
	int ret = rdma_qp_open(&qp, &device, data);

	if (ret)
		return ret;
	ret = rdma_qp_connect(&qp, &peer);
	rdma_qp_close(&qp);
	return ret;
}

static void qp__each_call_that_fails(void **state)
{
	struct rdma_qp_spec dc = { .type = QP_DC, .depth = 8 };
	struct rdma_qp_spec keys = { .type = QP_RC, .depth = 8, .indirect_mkeys = true };

	/* CQ, SRQ, both ends, their states, the address handle */
	fail_each_call(open_connect_close, &dc, false, 10);
	assert_int_equal(mock.calls, 10);
	fail_each_call(open_connect_close, &keys, false, 5);
	assert_int_equal(mock.calls, 5);
}

static void dc__both_ends(void **state)
{
	struct rdma_qp_spec spec = { .type = QP_DC, .depth = 8 };
	struct rdma_address address;
	struct rdma_qp qp;

	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(mock.modified, 3);
	assert_false(mock.mask[0] & IBV_QP_ACCESS_FLAGS); /* the initiator has none */
	assert_true(mock.mask[1] & IBV_QP_ACCESS_FLAGS);
	assert_int_equal(mock.attr[2].qp_state, IBV_QPS_RTR);
	assert_int_equal(mock.attr[2].path_mtu, IBV_MTU_1024);
	rdma_qp_address(&qp, &address);
	assert_int_equal(address.receiver_qpn, 0x22);
	assert_int_equal(rdma_qp_connect(&qp, &peer), 0);
	assert_int_equal(mock.attr[3].qp_state, IBV_QPS_RTR);
	assert_int_equal(mock.attr[3].path_mtu, IBV_MTU_512);
	assert_int_equal(mock.attr[4].qp_state, IBV_QPS_RTS);
	rdma_qp_close(&qp);
}

static void dc__of_a_device_that_has_less(void **state)
{
	static const struct rdma_qp_spec spec = { .type = QP_DC, .depth = 8 };
	struct rdma_qp qp;

	mock.inline_bytes = 60;
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(qp.sges, QP_SGES);
	assert_int_equal(qp.inline_bytes, 60);
	rdma_qp_close(&qp);
}

static void dc__each_opcode(void **state)
{
	static const char *const requests[RDMA_OPCODES] = {
		[RDMA_WRITE] = "write abc 9000",
		[RDMA_WRITE_IMMEDIATE] = "write_imm abc 9000 77",
		[RDMA_READ] = "read abc 9000",
		[RDMA_SEND] = "send",
		[RDMA_SEND_IMMEDIATE] = "send_imm 77",
		[RDMA_FETCH_ADD] = "fetch_add abc 9000 5",
		[RDMA_COMPARE_SWAP] = "cmp_swp abc 9000 5 6",
	};
	struct rdma_qp_spec spec = { .type = QP_DC, .depth = 8 };
	struct rdma_op op = { .sges = 2,
			      .sge = { { 0x1000, 8, 3 }, { 0x2000, 16, 4 } },
			      .remote_addr = 0x9000,
			      .rkey = 0xabc,
			      .compare_add = 5,
			      .swap = 6,
			      .immediate = 0x77,
			      .id = 99 };
	struct rdma_qp qp;
	uint64_t key;

	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(rdma_qp_connect(&qp, &peer), 0);
	for (unsigned int i = 0; i < RDMA_OPCODES; i++) {
		struct capture c = capture_start(stderr);
		char text[256];
		int ret;

		op.opcode = (enum rdma_opcode)i;
		mlx5.request[0] = '\0';
		ret = rdma_qp_post(&qp, &op);
		capture_end(&c, text, sizeof(text));
		assert_int_equal(ret, requests[i] ? 0 : -EOPNOTSUPP);
		assert_string_equal(mlx5.request, requests[i] ? requests[i] : "");
		assert_int_equal(mlx5.started, 0);
	}
	assert_int_equal(mlx5.id, 99);
	assert_int_equal(mlx5.flags, IBV_SEND_SIGNALED);
	assert_int_equal(mlx5.pieces, 2);
	assert_int_equal(mlx5.sge[1].addr, 0x2000);
	assert_int_equal(mlx5.sge[1].length, 16);
	assert_int_equal(mlx5.sge[1].lkey, 4);
	assert_int_equal(mlx5.dctn, 0x55);
	key = mlx5.dc_key;
	rdma_qp_close(&qp);
	spec.wrong_key = true;
	op.opcode = RDMA_WRITE;
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(rdma_qp_connect(&qp, &peer), 0);
	assert_int_equal(rdma_qp_post(&qp, &op), 0);
	assert_int_not_equal((uint32_t)mlx5.dc_key, (uint32_t)key);
	rdma_qp_close(&qp);
}

static int open_and_close_key(void *data)
{
	struct indirect_mkey key;
	int ret = key_open(&key, &device);

	if (!ret) {
		key_close(&key);
		key_close(&key); /* is harmless */
	}
	return ret;
}

static void key__each_call_that_fails(void **state)
{
	fail_each_call(open_and_close_key, NULL, false, 1);
}

static void key__pieces(void **state)
{
	static const struct rdma_sge pieces[KEY_PIECES + 1] = { { 0x1000, 8, 3 },
								{ 0x2000, 16, 4 } };
	struct rdma_qp_spec spec = { .type = QP_RC, .depth = 8, .indirect_mkeys = true };
	const unsigned int rights = IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_WRITE |
				    IBV_ACCESS_REMOTE_READ;
	struct indirect_mkey key;
	struct capture c;
	struct rdma_qp qp;
	char text[512];

	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(key_open(&key, &device), 0);
	assert_int_equal(key.lkey, 0x700);
	assert_int_equal(key.rkey, 0x701);
	assert_int_equal(key_list(&key, &qp, pieces, 2, 12), 0);
	assert_string_equal(mlx5.request, "list 701");
	assert_int_equal(mlx5.id, 12);
	assert_int_equal(mlx5.flags, IBV_SEND_SIGNALED | IBV_SEND_INLINE);
	assert_int_equal(mlx5.access, rights);
	assert_int_equal(mlx5.pieces, 2);
	assert_int_equal(mlx5.sge[1].addr, 0x2000);
	assert_int_equal(mlx5.sge[1].length, 16);
	assert_int_equal(mlx5.sge[1].lkey, 4);
	assert_int_equal(key_interleave(&key, &qp, pieces, 2, 5, 64, 13), 0);
	assert_string_equal(mlx5.request, "interleaved 701");
	assert_int_equal(mlx5.id, 13);
	assert_int_equal(mlx5.repeat, 5);
	assert_int_equal(mlx5.interleaved[1].addr, 0x2000);
	assert_int_equal(mlx5.interleaved[1].bytes_count, 16);
	assert_int_equal(mlx5.interleaved[1].bytes_skip, 64);
	assert_int_equal(mlx5.interleaved[1].lkey, 4);
	assert_int_equal(key_list(&key, &qp, pieces, KEY_PIECES, 14), 0);
	assert_int_equal(mlx5.pieces, KEY_PIECES);
	c = capture_start(stderr);
	assert_int_equal(key_list(&key, &qp, pieces, KEY_PIECES + 1, 15), -EINVAL);
	assert_int_equal(key_interleave(&key, &qp, pieces, KEY_PIECES + 1, 1, 0, 15),
			 -EINVAL);
	mock.fail_at = mock.calls + 1;
	mock.error = ENOMEM;
	assert_int_equal(key_list(&key, &qp, pieces, 2, 16), -ENOMEM);
	capture_end(&c, text, sizeof(text));
	key_close(&key);
	rdma_qp_close(&qp);
}

/* Bits of struct mlx5_ifc_odp_cap_bits, counted from the first of the first byte. */
static void set_bit(unsigned int bit)
{
	mlx5.caps[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
}

static struct odp_caps query(void)
{
	rdma_device_close(&device);
	assert_int_equal(rdma_device_open(&device, &any), 0);
	return device.caps;
}

static void caps__of_the_scheme_in_force(void **state)
{
	enum { MEMORY = 0x200, RC = 0x80, UD = 0xc0, DC = 0x100 };
	struct odp_caps caps;

	set_bit(RC);		  /* SEND */
	set_bit(UD + 1);	  /* RECV */
	set_bit(MEMORY + RC + 2); /* WRITE */
	set_bit(MEMORY + DC + 4); /* ATOMIC */
	set_bit(MEMORY + 0x45);
	caps = query();
	assert_int_equal(caps.hca.error, 0);
	assert_int_equal(mlx5.query[0] << 8 | mlx5.query[1], 0x100);
	assert_int_equal(mlx5.query[6] << 8 | mlx5.query[7], 5);
	assert_int_equal(caps.hca.scheme, FAULT_SCHEME_TRANSPORT);
	assert_false(caps.hca.prefetch);
	assert_int_equal(caps.hca.per_transport[QP_RC], ODP_SEND);
	assert_int_equal(caps.hca.per_transport[QP_UD], ODP_RECV);
	assert_int_equal(caps.hca.per_transport[QP_DC], 0);
	set_bit(0x600);
	caps = query();
	assert_int_equal(caps.hca.scheme, FAULT_SCHEME_MEMORY);
	assert_true(caps.hca.prefetch);
	assert_int_equal(caps.hca.per_transport[QP_RC], ODP_WRITE);
	assert_int_equal(caps.hca.per_transport[QP_UD], 0);
	assert_int_equal(caps.hca.per_transport[QP_DC], ODP_ATOMIC);
}

/* The device is opened all the same: it cannot be asked. */
static void caps__unknown(void **state)
{
	mlx5.dc_caps = ODP_WRITE;
	assert_true(query().dc_known);
	assert_int_equal(device.caps.per_transport[QP_DC], ODP_WRITE);
	mlx5.dc_caps = 0;
	assert_false(query().dc_known);
	mlx5.unsupported = true;
	assert_int_equal(query().hca.error, -EOPNOTSUPP);
	mlx5.dc_caps = ODP_WRITE;
	assert_false(query().dc_known);
}

#define ON_A_DEVICE(test) cmocka_unit_test_setup_teardown(test, reset, close_device)

static const struct CMUnitTest tests[] = {
	ON_A_DEVICE(qp__each_call_that_fails),	    ON_A_DEVICE(dc__both_ends),
	ON_A_DEVICE(dc__of_a_device_that_has_less), ON_A_DEVICE(dc__each_opcode),
	ON_A_DEVICE(key__each_call_that_fails),	    ON_A_DEVICE(key__pieces),
	ON_A_DEVICE(caps__of_the_scheme_in_force),  ON_A_DEVICE(caps__unknown),
};

int main(void)
{
	return cmocka_run_group_tests_name("mlx5", tests, NULL, NULL);
}
