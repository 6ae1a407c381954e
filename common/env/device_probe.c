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

struct sample {
	void *addr;
	size_t len;
	struct rdma_mr mr;
};

static int open_sample(struct sample *sample, struct rdma_device *device,
		       enum mr_mode mode, size_t len)
{
	int ret;

	if (mode != MR_PINNED && !(device->caps.general & ODP_SUPPORT))
		return -EOPNOTSUPP;
	if (mode == MR_ODP_IMPLICIT && !(device->caps.general & ODP_IMPLICIT))
		return -EOPNOTSUPP;
	sample->len = len;
	sample->addr = mmap(NULL, len, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (sample->addr == MAP_FAILED)
		return -errno;
	ret = rdma_mr_reg(&sample->mr, device, sample->addr, len, mode, ACCESS);
	if (ret)
		munmap(sample->addr, len);
	return ret;
}

static void close_sample(struct sample *sample)
{
	rdma_mr_dereg(&sample->mr);
	munmap(sample->addr, sample->len);
}

static int prefetch(struct sample *sample, struct rdma_device *device)
{
	const struct rdma_sge range = { .addr = (uintptr_t)sample->addr,
					.len = PAGE_BYTES,
					.lkey = sample->mr.lkey };

	return rdma_mr_advise(device, MR_PREFETCH_WRITE, true, &range, 1);
}

static int try_registration(struct rdma_device *device, enum mr_mode mode, size_t len)
{
	struct sample sample;
	int ret = open_sample(&sample, device, mode, len);

	if (!ret)
		close_sample(&sample);
	return ret;
}

int device_probe_odp(struct rdma_device *device)
{
	return try_registration(device, MR_ODP, PAGE_BYTES);
}

int device_probe_large(struct rdma_device *device)
{
	return try_registration(device, MR_ODP, DEVICE_PROBE_LARGE);
}

int device_probe_prefetch(struct rdma_device *device)
{
	struct sample sample;
	int ret = open_sample(&sample, device, MR_ODP, PAGE_BYTES);

	if (ret)
		return ret;
	ret = prefetch(&sample, device);
	close_sample(&sample);
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

/* The CPU has never touched the page, so its prefetch faults in one sample. */
static void try_watched_prefetch(struct rdma_device *device, struct evidence *evidence,
				 struct device_probe *device_probe)
{
	struct watched range;
	struct sample sample;

	device_probe->prefetch = device_probe->explicit_odp =
		open_sample(&sample, device, MR_ODP, PAGE_BYTES);
	if (device_probe->explicit_odp)
		return;
	range = (struct watched){ .addr = (uintptr_t)sample.addr,
				  .len = PAGE_BYTES,
				  .lkey = sample.mr.lkey };
	evidence_begin(evidence, &range);
	device_probe->prefetch = prefetch(&sample, device);
	device_probe->observations =
		evidence_end(evidence, &range, device_probe->observation);
	close_sample(&sample);
}

void device_probe_run(struct rdma_device *device, struct evidence *evidence,
		      struct device_probe *device_probe)
{
	*device_probe = (struct device_probe){ .pinned = try_registration(
						       device, MR_PINNED, PAGE_BYTES) };
	device_probe->implicit_odp =
		try_registration(device, MR_ODP_IMPLICIT, PAGE_BYTES);
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
