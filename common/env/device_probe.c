// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* device_probe.c - what a device does, next to what it claims */
#include "env/device_probe.h"

#include <errno.h>
#include <sys/mman.h>

#include "base/util.h"
#include "rdma/device.h"
#include "rdma/mr.h"
#include "rdma/qp.h"
#include "rdma/verbs/indirect_mkey.h"

/* What any device takes: no atomics. */
#define ACCESS (MR_LOCAL_WRITE | MR_REMOTE_WRITE | MR_REMOTE_READ)

struct page {
	void *addr;
	struct rdma_mr mr;
};

static int open_page(struct page *page, struct rdma_device *device, enum mr_mode mode)
{
	int ret;

	if (mode != MR_PINNED && !(device->caps.general & ODP_SUPPORT))
		return -EOPNOTSUPP;
	if (mode == MR_ODP_IMPLICIT && !(device->caps.general & ODP_IMPLICIT))
		return -EOPNOTSUPP;
	page->addr = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page->addr == MAP_FAILED)
		return -errno;
	ret = rdma_mr_reg(&page->mr, device, page->addr, PAGE_BYTES, mode, ACCESS);
	if (ret)
		munmap(page->addr, PAGE_BYTES);
	return ret;
}

static void close_page(struct page *page)
{
	rdma_mr_dereg(&page->mr);
	munmap(page->addr, PAGE_BYTES);
}

static int prefetch(struct page *page, struct rdma_device *device)
{
	const struct rdma_sge range = { .addr = (uintptr_t)page->addr,
					.len = PAGE_BYTES,
					.lkey = page->mr.lkey };

	return rdma_mr_advise(device, MR_PREFETCH_WRITE, true, &range, 1);
}

static int try_registration(struct rdma_device *device, enum mr_mode mode)
{
	struct page page;
	int ret = open_page(&page, device, mode);

	if (!ret)
		close_page(&page);
	return ret;
}

int device_probe_prefetch(struct rdma_device *device)
{
	struct page page;
	int ret = open_page(&page, device, MR_ODP);

	if (ret)
		return ret;
	ret = prefetch(&page, device);
	close_page(&page);
	return ret;
}

int device_probe_request(struct rdma_device *device)
{
	static const struct rdma_qp_spec spec = { .type = QP_RC,
						  .depth = 1,
						  .inline_bytes = KEY_INLINE };
	struct rdma_qp qp;
	int ret = rdma_qp_open(&qp, device, &spec);

	if (ret)
		return ret;
	device->sges = qp.sges;
	device->inline_bytes = qp.inline_bytes;
	rdma_qp_close(&qp);
	return 0;
}

/* The CPU has never touched the page, so its prefetch faults in one page. */
static void try_watched_prefetch(struct rdma_device *device, struct evidence *evidence,
				 struct device_probe *device_probe)
{
	struct watched range;
	struct page page;

	device_probe->prefetch = device_probe->explicit_odp =
		open_page(&page, device, MR_ODP);
	if (device_probe->explicit_odp)
		return;
	range = (struct watched){ .addr = (uintptr_t)page.addr,
				  .len = PAGE_BYTES,
				  .lkey = page.mr.lkey };
	evidence_begin(evidence, &range);
	device_probe->prefetch = prefetch(&page, device);
	device_probe->observations =
		evidence_end(evidence, &range, device_probe->observation);
	close_page(&page);
}

void device_probe_run(struct rdma_device *device, struct evidence *evidence,
		      struct device_probe *device_probe)
{
	*device_probe =
		(struct device_probe){ .pinned = try_registration(device, MR_PINNED) };
	device_probe->implicit_odp = try_registration(device, MR_ODP_IMPLICIT);
	device_probe->request = device_probe_request(device);
	try_watched_prefetch(device, evidence, device_probe);
}

bool device_probe_witness_counts(const struct device_probe *device_probe,
				 unsigned int witness)
{
	const struct observation *t = &device_probe->observation[witness];

	/* a driver's counters do not show whether a prefetched page was faulted in */
	return witness < device_probe->observations && t->available &&
	       t->pages.max != UINT64_MAX &&
	       !bounds_disjoint(t->pages, device_probe->prefetch ? NONE : EXACTLY(1));
}
