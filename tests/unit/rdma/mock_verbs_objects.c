// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * mock_verbs_objects.c - queue pairs, regions and so on of a libibverbs without a driver
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "mock_verbs.h"

#undef ibv_reg_mr
#undef ibv_reg_mr_iova

/* ---- what a context has a function for ---- */

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
	return mock_answer();
}

static int post_send(struct ibv_qp *qp, struct ibv_send_wr *wr, struct ibv_send_wr **bad)
{
	mock.send = *wr;
	if (wr->sg_list)
		memcpy(mock.sge, wr->sg_list, (size_t)wr->num_sge * sizeof(*wr->sg_list));
	return mock_answer();
}

static int post_recv(struct ibv_qp *qp, struct ibv_recv_wr *wr, struct ibv_recv_wr **bad)
{
	mock.recv = *wr;
	mock.recv_is_shared = false;
	return mock_answer();
}

static int post_srq_recv(struct ibv_srq *srq, struct ibv_recv_wr *wr,
			 struct ibv_recv_wr **bad)
{
	mock.recv = *wr;
	mock.recv_is_shared = true;
	return mock_answer();
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

static int req_notify_cq(struct ibv_cq *cq, int solicited_only)
{
	mock.armed = 1 + solicited_only;
	return mock_answer();
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
	int ret = mock_answer();

	mock.bind = *bind;
	if (!ret)
		mw->rkey = 0x501;
	return ret;
}

void mock_verbs_objects(struct verbs_context *context)
{
	context->create_qp_ex = create_qp_ex;
	context->create_srq_ex = create_srq_ex;
	context->open_xrcd = open_xrcd;
	context->close_xrcd = close_xrcd;
	context->get_srq_num = get_srq_num;
	context->advise_mr = advise_mr;
	context->context.ops.post_send = post_send;
	context->context.ops.post_recv = post_recv;
	context->context.ops.post_srq_recv = post_srq_recv;
	context->context.ops.poll_cq = poll_cq;
	context->context.ops.req_notify_cq = req_notify_cq;
	context->context.ops.alloc_mw = alloc_mw;
	context->context.ops.dealloc_mw = dealloc_mw;
	context->context.ops.bind_mw = bind_mw;
}

/* ---- what the library has a function for ---- */

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

	mock.cq = cq;
	if (!cq)
		return NULL;
	cq->context = context;
	cq->channel = channel;
	return cq;
}

/* As the library's, it waits for the acknowledgement of each event. */
int ibv_destroy_cq(struct ibv_cq *cq)
{
	assert_int_equal(mock.acks, mock.events);
	return mock_destroy(cq);
}

struct ibv_comp_channel *ibv_create_comp_channel(struct ibv_context *context)
{
	struct ibv_comp_channel *channel = mock_make(sizeof(*channel));

	if (channel)
		channel->fd = eventfd(0, EFD_SEMAPHORE);
	return channel;
}

/* Where a queue still has it, the library answers EBUSY. */
int ibv_destroy_comp_channel(struct ibv_comp_channel *channel)
{
	close(channel->fd);
	return mock_destroy(channel);
}

void mock_event(void)
{
	assert_int_equal(eventfd_write(mock.cq->channel->fd, 1), 0);
}

int ibv_get_cq_event(struct ibv_comp_channel *channel, struct ibv_cq **cq, void **context)
{
	eventfd_t one;

	if (mock_fails())
		return -1;
	mock.events++;
	*cq = mock.cq;
	*context = NULL;
	return eventfd_read(channel->fd, &one);
}

void ibv_ack_cq_events(struct ibv_cq *cq, unsigned int n)
{
	mock.acks += n;
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
	return mock_answer();
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

struct ibv_mr *ibv_reg_dmabuf_mr(struct ibv_pd *pd, uint64_t offset, size_t length,
				 uint64_t iova, int fd, int access)
{
	mock.dmabuf.fd = fd;
	mock.dmabuf.offset = offset;
	return reg_mr(pd, NULL, length, iova, access);
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
	mock.rereg.flags = flags;
	mock.rereg.pd = pd;
	mock.rereg.addr = addr;
	mock.rereg.len = length;
	mock.access = access;
	mr->rkey++;
	return 0;
}

int ibv_dereg_mr(struct ibv_mr *mr)
{
	return mock_destroy(mr);
}
