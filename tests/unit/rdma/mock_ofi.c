// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mock_ofi.c - a libfabric of one provider without a device */
#include "mock_ofi.h"

#include <rdma/fi_cm.h>
#include <rdma/fi_endpoint.h>
#include <rdma/fi_eq.h>
#include <rdma/fi_errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mock_verbs.h"

struct mock_ofi ofi;

static int answer(void)
{
	return mock_fails() ? -mock.error : 0;
}

/* ---- every object ---- */

static int close_object(struct fid *fid)
{
	return mock_destroy(fid);
}

static int bind_object(struct fid *fid, struct fid *to, uint64_t flags)
{
	return answer();
}

static int control(struct fid *fid, int command, void *argument)
{
	return answer();
}

static struct fi_ops object_ops = { .size = sizeof(object_ops),
				    .close = close_object,
				    .bind = bind_object,
				    .control = control };

/* An object, whose first member is a struct fid. */
static int make(void *out, size_t size)
{
	struct fid *fid = mock_make(size);

	if (!fid)
		return -mock.error;
	fid->ops = &object_ops;
	*(struct fid **)out = fid;
	return 0;
}

/* ---- connections ---- */

static int get_name(fid_t fid, void *addr, size_t *len)
{
	*len = 5;
	memcpy(addr, "name", 5);
	return answer();
}

static int ask_connection(struct fid_ep *ep, const void *addr, const void *param,
			  size_t len)
{
	memcpy(ofi.peer, addr, sizeof(ofi.peer));
	return answer();
}

static int listen_for(struct fid_pep *pep)
{
	return answer();
}

static int accept_connection(struct fid_ep *ep, const void *param, size_t len)
{
	return answer();
}

static struct fi_ops_cm cm_ops = { .size = sizeof(cm_ops),
				   .getname = get_name,
				   .connect = ask_connection,
				   .listen = listen_for,
				   .accept = accept_connection };

/*
 * The first event of a queue with a listening endpoint is a request, all others a
 * connection.
 */
struct queue {
	struct fid_eq eq;
	bool requested;
};

static bool listening;

static ssize_t read_event(struct fid_eq *eq, uint32_t *event, void *buf, size_t len,
			  int timeout, uint64_t flags)
{
	struct queue *queue = (struct queue *)(void *)eq;
	struct fi_eq_cm_entry *entry = buf;

	if (ofi.silent)
		return -FI_EAGAIN;
	if (ofi.signals) {
		ofi.signals--;
		return -FI_EINTR;
	}
	if (mock_fails())
		return -FI_EAVAIL;
	*event = ofi.refused_by ? ofi.refused_by : FI_CONNECTED;
	if (listening && !queue->requested) {
		*event = FI_CONNREQ;
		entry->info = fi_allocinfo();
	}
	queue->requested = true;
	return (ssize_t)len;
}

static ssize_t look_for_event(struct fid_eq *eq, uint32_t *event, void *buf, size_t len,
			      uint64_t flags)
{
	struct fi_eq_cm_entry *entry = buf;

	if (!ofi.late_request)
		return -FI_EAGAIN;
	ofi.late_request = false;
	*event = FI_CONNREQ;
	entry->info = fi_allocinfo();
	return (ssize_t)len;
}

static ssize_t read_event_error(struct fid_eq *eq, struct fi_eq_err_entry *entry,
				uint64_t flags)
{
	entry->err = mock.error;
	return sizeof(*entry);
}

static struct fi_ops_eq eq_ops = { .size = sizeof(eq_ops),
				   .read = look_for_event,
				   .sread = read_event,
				   .readerr = read_event_error };

/* ---- the domain ---- */

static ssize_t read_completion(struct fid_cq *cq, void *buf, size_t count)
{
	return -FI_EAGAIN;
}

static struct fi_ops_cq cq_ops = { .size = sizeof(cq_ops), .read = read_completion };

static int open_cq(struct fid_domain *domain, struct fi_cq_attr *attr, struct fid_cq **cq,
		   void *context)
{
	int ret = make(cq, sizeof(**cq));

	if (!ret)
		(*cq)->ops = &cq_ops;
	return ret;
}

static int insert_peer(struct fid_av *av, const void *addr, size_t count, fi_addr_t *peer,
		       uint64_t flags, void *context)
{
	memcpy(ofi.peer, addr, sizeof(ofi.peer));
	return mock_fails() ? -mock.error : (int)count;
}

static struct fi_ops_av av_ops = { .size = sizeof(av_ops), .insert = insert_peer };

static int open_av(struct fid_domain *domain, struct fi_av_attr *attr, struct fid_av **av,
		   void *context)
{
	int ret = make(av, sizeof(**av));

	if (!ret)
		(*av)->ops = &av_ops;
	return ret;
}

static int open_ep(struct fid_domain *domain, struct fi_info *info, struct fid_ep **ep,
		   void *context)
{
	int ret = make(ep, sizeof(**ep));

	if (!ret)
		(*ep)->cm = &cm_ops;
	return ret;
}

static struct fi_ops_domain domain_ops = { .size = sizeof(domain_ops),
					   .av_open = open_av,
					   .cq_open = open_cq,
					   .endpoint = open_ep };

static int reg_mr(struct fid *fid, const void *buf, size_t len, uint64_t access,
		  uint64_t offset, uint64_t key, uint64_t flags, struct fid_mr **mr,
		  void *context)
{
	int ret = make(mr, sizeof(**mr));

	ofi.access = access;
	ofi.mr = buf;
	ofi.key = key;
	if (!ret)
		(*mr)->key = key;
	return ret;
}

static struct fi_ops_mr mr_ops = { .size = sizeof(mr_ops), .reg = reg_mr };

/* ---- the fabric ---- */

static int open_domain(struct fid_fabric *fabric, struct fi_info *info,
		       struct fid_domain **domain, void *context)
{
	int ret = make(domain, sizeof(**domain));

	if (ret)
		return ret;
	(*domain)->ops = &domain_ops;
	(*domain)->mr = &mr_ops;
	return 0;
}

static int open_eq(struct fid_fabric *fabric, struct fi_eq_attr *attr, struct fid_eq **eq,
		   void *context)
{
	int ret = make(eq, sizeof(struct queue));

	listening = false;
	if (!ret)
		(*eq)->ops = &eq_ops;
	return ret;
}

static int open_pep(struct fid_fabric *fabric, struct fi_info *info, struct fid_pep **pep,
		    void *context)
{
	int ret = make(pep, sizeof(**pep));

	listening = true;
	if (!ret)
		(*pep)->cm = &cm_ops;
	return ret;
}

static struct fi_ops_fabric fabric_ops = { .size = sizeof(fabric_ops),
					   .domain = open_domain,
					   .passive_ep = open_pep,
					   .eq_open = open_eq };

int fi_fabric(struct fi_fabric_attr *attr, struct fid_fabric **fabric, void *context)
{
	int ret = make(fabric, sizeof(**fabric));

	if (!ret)
		(*fabric)->ops = &fabric_ops;
	return ret;
}

static struct fi_info *make_info(const struct fi_info *hints, unsigned int number)
{
	struct fi_info *info = fi_dupinfo(hints);
	char name[16];

	free(info->domain_attr->name);
	snprintf(name, sizeof(name), "domain%u", number);
	info->domain_attr->name = strdup(name);
	info->domain_attr->mr_mode = ofi.mr_mode;
	info->domain_attr->mr_key_size = ofi.key_size;
	info->caps = ofi.caps;
	info->tx_attr->iov_limit = ofi.iov_limit;
	info->tx_attr->inject_size = ofi.inject_size;
	free(info->fabric_attr->prov_name);
	info->fabric_attr->prov_name = strdup("mock;layer");
	return info;
}

/* The provider ignores the hint of a domain. */
int fi_getinfo(uint32_t version, const char *node, const char *service, uint64_t flags,
	       const struct fi_info *hints, struct fi_info **list)
{
	struct fi_info **at = list;

	snprintf(ofi.provider, sizeof(ofi.provider), "%s",
		 hints->fabric_attr->prov_name ? hints->fabric_attr->prov_name : "");
	if (ofi.getinfo_error)
		return -ofi.getinfo_error;
	if (hints->ep_attr->type != ofi.type || hints->caps & ~ofi.caps ||
	    hints->tx_attr->op_flags & ~ofi.complete || !ofi.infos)
		return -FI_ENODATA;
	for (unsigned int i = 0; i < ofi.infos; i++) {
		*at = make_info(hints, i);
		at = &(*at)->next;
	}
	return 0;
}

void mock_ofi_reset(void)
{
	mock_reset();
	ofi = (struct mock_ofi){
		.type = FI_EP_MSG,
		.caps = FI_MSG | FI_RMA | FI_ATOMIC | FI_RMA_PMEM,
		.complete = FI_DELIVERY_COMPLETE | FI_TRANSMIT_COMPLETE,
		.mr_mode = FI_MR_VIRT_ADDR | FI_MR_PROV_KEY,
		.key_size = 4,
		.infos = 2,
		.iov_limit = 4,
		.inject_size = 64,
	};
}
