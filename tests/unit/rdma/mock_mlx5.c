// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mock_mlx5.c - a libmlx5 without a device */
#include <endian.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mock_mlx5.h"

struct mock_mlx5 mlx5;
struct rdma_device mlx5_device;

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
	return mock_answer();
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
	return mock_answer();
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

int mock_mlx5_setup(void **state)
{
	mock_reset();
	memset(&mlx5, 0, sizeof(mlx5));
	return rdma_device_open(&mlx5_device, &mock_spec);
}

int mock_mlx5_teardown(void **state)
{
	rdma_device_close(&mlx5_device);
	return mock.open;
}
