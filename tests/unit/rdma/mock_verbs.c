// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mock_verbs.c - a libibverbs of two devices without a driver */
#include "mock_verbs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rdma/caps.h"
#include "rdma/verbs/devx.h"
#include "rdma/verbs/mlx5.h"

struct mock_verbs mock;

static struct verbs_context contexts[MOCK_DEVICES];
static struct ibv_device devices[MOCK_DEVICES];

bool mock_fails(void)
{
	if (++mock.calls != mock.fail_at)
		return false;
	errno = mock.error;
	return true;
}

bool mock_refuses(const struct ibv_qp_init_attr_ex *attr)
{
	mock.qps_asked++;
	if (attr->cap.max_inline_data <= mock.inline_bytes &&
	    attr->cap.max_send_sge <= mock.sges && attr->cap.max_recv_sge <= mock.sges)
		return false;
	errno = EINVAL;
	return true;
}

void *mock_make(size_t size)
{
	if (mock_fails())
		return NULL;
	mock.open++;
	return calloc(1, size);
}

int mock_destroy(void *object)
{
	mock.open--;
	free(object);
	return 0;
}

static int answer(void)
{
	return mock_fails() ? mock.error : 0;
}

static unsigned int number_of(const struct ibv_context *context)
{
	return context == &contexts[0].context ? 0 : 1;
}

/* ---- the context's operations ---- */

static int query_device_ex(struct ibv_context *context,
			   const struct ibv_query_device_ex_input *input,
			   struct ibv_device_attr_ex *attr, size_t size)
{
	memset(attr, 0, size);
	if (mock.odp[number_of(context)]) {
		attr->odp_caps.general_caps = IBV_ODP_SUPPORT;
		attr->odp_caps.per_transport_caps.rc_odp_caps = IBV_ODP_SUPPORT_WRITE;
		attr->odp_caps.per_transport_caps.uc_odp_caps = IBV_ODP_SUPPORT_SEND;
		attr->odp_caps.per_transport_caps.ud_odp_caps = IBV_ODP_SUPPORT_RECV;
		attr->xrc_odp_caps = IBV_ODP_SUPPORT_READ;
	}
	return answer();
}

static struct ibv_qp *create_qp_ex(struct ibv_context *context,
				   struct ibv_qp_init_attr_ex *attr)
{
	struct ibv_qp *qp = mock_refuses(attr) ? NULL : mock_make(sizeof(*qp));

	mock.made = *attr;
	if (!qp)
		return NULL;
	/* libraries round up what was asked for */
	attr->cap.max_inline_data = mock.inline_bytes;
	qp->context = context;
	qp->qp_type = attr->qp_type;
	qp->qp_num = attr->qp_type == IBV_QPT_XRC_RECV ? 0x22 : 0x11;
	return qp;
}

static struct ibv_srq *create_srq_ex(struct ibv_context *context,
				     struct ibv_srq_init_attr_ex *attr)
{
	struct ibv_srq *srq = mock_make(sizeof(*srq));

	mock.srq_sges = attr->attr.max_sge;
	if (srq)
		srq->context = context;
	return srq;
}

static struct ibv_xrcd *open_xrcd(struct ibv_context *context,
				  struct ibv_xrcd_init_attr *attr)
{
	struct ibv_xrcd *xrcd = mock_make(sizeof(*xrcd));

	if (xrcd)
		xrcd->context = context;
	return xrcd;
}

static int close_xrcd(struct ibv_xrcd *xrcd)
{
	return mock_destroy(xrcd);
}

static int get_srq_num(struct ibv_srq *srq, uint32_t *number)
{
	*number = 0x33;
	return 0;
}

static int advise_mr(struct ibv_pd *pd, enum ibv_advise_mr_advice advice, uint32_t flags,
		     struct ibv_sge *sges, uint32_t n)
{
	mock.advice = advice;
	mock.advise_flags = flags;
	mock.advised = n;
	memcpy(mock.sge, sges, n * sizeof(*sges));
	return answer();
}

static int post_send(struct ibv_qp *qp, struct ibv_send_wr *wr, struct ibv_send_wr **bad)
{
	mock.send = *wr;
	if (wr->sg_list)
		memcpy(mock.sge, wr->sg_list, (size_t)wr->num_sge * sizeof(*wr->sg_list));
	return answer();
}

static int post_recv(struct ibv_qp *qp, struct ibv_recv_wr *wr, struct ibv_recv_wr **bad)
{
	mock.recv = *wr;
	mock.recv_is_shared = false;
	return answer();
}

static int post_srq_recv(struct ibv_srq *srq, struct ibv_recv_wr *wr,
			 struct ibv_recv_wr **bad)
{
	mock.recv = *wr;
	mock.recv_is_shared = true;
	return answer();
}

static int poll_cq(struct ibv_cq *cq, int max, struct ibv_wc *wc)
{
	int n = mock.wcs < max ? mock.wcs : max;

	if (mock_fails())
		return -1;
	memcpy(wc, mock.wc, (size_t)n * sizeof(*wc));
	mock.wcs -= n;
	return n;
}

static struct ibv_mw *alloc_mw(struct ibv_pd *pd, enum ibv_mw_type type)
{
	struct ibv_mw *mw = mock_make(sizeof(*mw));

	if (!mw)
		return NULL;
	mw->context = pd->context;
	mw->pd = pd;
	mw->type = type;
	mw->rkey = 0x500;
	return mw;
}

static int dealloc_mw(struct ibv_mw *mw)
{
	return mock_destroy(mw);
}

static int bind_mw(struct ibv_qp *qp, struct ibv_mw *mw, struct ibv_mw_bind *bind)
{
	int ret = answer();

	mock.bind = *bind;
	if (!ret)
		mw->rkey = 0x501;
	return ret;
}

void mock_reset(void)
{
	mock = (struct mock_verbs){
		.devices = MOCK_DEVICES,
		.odp = { false, true },
		.active = { true, true },
		.gid_type = IBV_GID_TYPE_ROCE_V2,
		.sges = 30,
		.inline_bytes = 512,
	};
	for (unsigned int i = 0; i < MOCK_DEVICES; i++) {
		struct ibv_context *context = &contexts[i].context;

		snprintf(devices[i].name, sizeof(devices[i].name), "mock%u", i);
		snprintf(devices[i].dev_name, sizeof(devices[i].dev_name), "null");
		contexts[i] = (struct verbs_context){
			.query_device_ex = query_device_ex,
			.create_qp_ex = create_qp_ex,
			.create_srq_ex = create_srq_ex,
			.open_xrcd = open_xrcd,
			.close_xrcd = close_xrcd,
			.get_srq_num = get_srq_num,
			.advise_mr = advise_mr,
			.sz = sizeof(struct verbs_context),
		};
		context->device = &devices[i];
		context->abi_compat = __VERBS_ABI_IS_EXTENDED;
		context->ops.post_send = post_send;
		context->ops.post_recv = post_recv;
		context->ops.post_srq_recv = post_srq_recv;
		context->ops.poll_cq = poll_cq;
		context->ops.alloc_mw = alloc_mw;
		context->ops.dealloc_mw = dealloc_mw;
		context->ops.bind_mw = bind_mw;
	}
}

/* ---- the library's functions ---- */

#undef ibv_reg_mr
#undef ibv_reg_mr_iova
#undef ibv_query_port

struct ibv_device **ibv_get_device_list(int *n)
{
	struct ibv_device **list = mock_make((MOCK_DEVICES + 1) * sizeof(*list));

	for (unsigned int i = 0; list && i < mock.devices; i++)
		list[i] = &devices[i];
	return list;
}

void ibv_free_device_list(struct ibv_device **list)
{
	mock_destroy(list);
}

const char *ibv_get_device_name(struct ibv_device *device)
{
	return device->name;
}

struct ibv_context *ibv_open_device(struct ibv_device *device)
{
	if (mock_fails())
		return NULL;
	mock.open++;
	return &contexts[device == &devices[0] ? 0 : 1].context;
}

int ibv_close_device(struct ibv_context *context)
{
	mock.open--;
	return 0;
}

int ibv_query_device(struct ibv_context *context, struct ibv_device_attr *attr)
{
	*attr = (struct ibv_device_attr){ .fw_ver = "1.2.3",
					  .phys_port_cnt = 1,
					  .max_sge = (int)mock.sges,
					  .max_mr = 1000,
					  .device_cap_flags =
						  IBV_DEVICE_MEM_WINDOW_TYPE_2B };
	return answer();
}

int ibv_query_port(struct ibv_context *context, uint8_t number,
		   struct _compat_ibv_port_attr *compat)
{
	struct ibv_port_attr attr = {
		.state = mock.active[number_of(context)] ? IBV_PORT_ACTIVE :
							   IBV_PORT_DOWN,
		.max_mtu = IBV_MTU_4096,
		.active_mtu = IBV_MTU_1024,
		.gid_tbl_len = 3,
		.lid = 7,
		.link_layer = mock.ethernet ? IBV_LINK_LAYER_ETHERNET :
					      IBV_LINK_LAYER_INFINIBAND,
	};

	/* the inline function hands over a whole struct ibv_port_attr of which this is a part */
	memcpy(compat, &attr, offsetof(struct ibv_port_attr, port_cap_flags2));
	return answer();
}

const char *ibv_port_state_str(enum ibv_port_state state)
{
	return state == IBV_PORT_ACTIVE ? "active" : "down";
}

int ibv_query_gid(struct ibv_context *context, uint8_t port, int index,
		  union ibv_gid *gid)
{
	memset(gid->raw, index, sizeof(gid->raw));
	return answer();
}

/* Entry 2 has an IPv4 address. */
int _ibv_query_gid_ex(struct ibv_context *context, uint32_t port, uint32_t index,
		      struct ibv_gid_entry *entry, uint32_t flags, size_t size)
{
	memset(entry, 0, size);
	entry->gid_type = mock.gid_type;
	entry->gid_index = index;
	entry->ndev_ifindex = mock.netdev;
	entry->gid.raw[10] = entry->gid.raw[11] = index == 2 ? 0xff : 0;
	return mock.empty_gids >> index & 1 ? ENODATA : 0;
}

struct ibv_pd *ibv_alloc_pd(struct ibv_context *context)
{
	struct ibv_pd *pd = mock_make(sizeof(*pd));

	if (pd)
		pd->context = context;
	return pd;
}

int ibv_dealloc_pd(struct ibv_pd *pd)
{
	return mock_destroy(pd);
}

struct ibv_cq *ibv_create_cq(struct ibv_context *context, int cqe, void *cq_context,
			     struct ibv_comp_channel *channel, int vector)
{
	struct ibv_cq *cq = mock_make(sizeof(*cq));

	if (cq)
		cq->context = context;
	return cq;
}

int ibv_destroy_cq(struct ibv_cq *cq)
{
	return mock_destroy(cq);
}

struct ibv_qp *ibv_create_qp(struct ibv_pd *pd, struct ibv_qp_init_attr *attr)
{
	struct ibv_qp_init_attr_ex ex = { .qp_type = attr->qp_type, .cap = attr->cap };
	struct ibv_qp *qp = create_qp_ex(pd->context, &ex);

	attr->cap = ex.cap;
	if (qp)
		qp->pd = pd;
	return qp;
}

int ibv_destroy_qp(struct ibv_qp *qp)
{
	return mock_destroy(qp);
}

struct ibv_srq *ibv_create_srq(struct ibv_pd *pd, struct ibv_srq_init_attr *attr)
{
	struct ibv_srq_init_attr_ex ex = { .attr = attr->attr };

	return create_srq_ex(pd->context, &ex);
}

int ibv_destroy_srq(struct ibv_srq *srq)
{
	return mock_destroy(srq);
}

int ibv_modify_qp(struct ibv_qp *qp, struct ibv_qp_attr *attr, int mask)
{
	if (mock.modified < 8) {
		mock.attr[mock.modified] = *attr;
		mock.mask[mock.modified++] = mask;
	}
	return answer();
}

struct ibv_ah *ibv_create_ah(struct ibv_pd *pd, struct ibv_ah_attr *attr)
{
	return mock_make(sizeof(struct ibv_ah));
}

int ibv_destroy_ah(struct ibv_ah *ah)
{
	return mock_destroy(ah);
}

static struct ibv_mr *reg_mr(struct ibv_pd *pd, void *addr, size_t length, uint64_t iova,
			     int access)
{
	struct ibv_mr *mr = mock_make(sizeof(*mr));

	mock.length = length;
	mock.iova = iova;
	mock.access = access;
	if (!mr)
		return NULL;
	*mr = (struct ibv_mr){ .context = pd->context,
			       .pd = pd,
			       .addr = addr,
			       .length = length,
			       .lkey = 0x100,
			       .rkey = 0x200 };
	return mr;
}

struct ibv_mr *ibv_reg_mr(struct ibv_pd *pd, void *addr, size_t length, int access)
{
	return reg_mr(pd, addr, length, (uintptr_t)addr, access);
}

struct ibv_mr *ibv_reg_mr_iova(struct ibv_pd *pd, void *addr, size_t length,
			       uint64_t iova, int access)
{
	return reg_mr(pd, addr, length, iova, access);
}

struct ibv_mr *ibv_reg_mr_iova2(struct ibv_pd *pd, void *addr, size_t length,
				uint64_t iova, unsigned int access)
{
	return reg_mr(pd, addr, length, iova, (int)access);
}

int ibv_rereg_mr(struct ibv_mr *mr, int flags, struct ibv_pd *pd, void *addr,
		 size_t length, int access)
{
	if (mock_fails())
		return -1;
	mock.access = access;
	mr->rkey++;
	return 0;
}

int ibv_dereg_mr(struct ibv_mr *mr)
{
	return mock_destroy(mr);
}

/* ---- what asks a real mlx5 device ---- */

int __wrap_mlx5_dc_odp_caps(struct ibv_context *context, uint32_t *caps);
int __wrap_mlx5_dc_odp_caps(struct ibv_context *context, uint32_t *caps)
{
	return -EOPNOTSUPP;
}

int __wrap_devx_odp_caps(struct ibv_context *context, struct hca_odp_caps *caps);
int __wrap_devx_odp_caps(struct ibv_context *context, struct hca_odp_caps *caps)
{
	caps->error = -EOPNOTSUPP;
	return caps->error;
}
