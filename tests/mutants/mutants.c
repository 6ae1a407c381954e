// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * mutants.c - odp_test with one function of the library broken, by the name in
 * ODPLAB_MUTANT
 *
 * The linker's --wrap leads calls of region_evict() to __wrap_region_evict() here, which
 * reaches the function itself as __real_region_evict(). tests/integration/mutants runs
 * each on a real device: a scenario must fail.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/pattern.h"
#include "base/util.h"
#include "evidence/evidence.h"
#include "rdma/mr.h"
#include "rdma/qp.h"
#include "region/region_ops.h"
#include "region/residency.h"

static bool is_broken(const char *mutant)
{
	const char *wanted = getenv("ODPLAB_MUTANT");

	return wanted && !strcmp(wanted, mutant);
}

#define WRAP(name, ...)                 \
	int __real_##name(__VA_ARGS__); \
	int __wrap_##name(__VA_ARGS__); \
	int __wrap_##name(__VA_ARGS__)

/* ---- memory ---- */

WRAP(region_open, struct region *region, struct arena *arena,
     const struct region_spec *spec)
{
	int ret = __real_region_open(region, arena, spec);

	if (!ret && is_broken("region-is-warm"))
		memset(region->addr, 0, region->len);
	return ret;
}

WRAP(region_read, const struct region *region, uint64_t offset, void *buf, size_t len)
{
	int ret = __real_region_read(region, offset, buf, len);

	if (!ret && is_broken("read-sees-zeros"))
		memset(buf, 0, len);
	return ret;
}

WRAP(region_evict, struct region *region, uint64_t offset, size_t len)
{
	return is_broken("evict-nothing") ? 0 : __real_region_evict(region, offset, len);
}

WRAP(region_unmap, struct region *region, uint64_t offset, size_t len)
{
	return is_broken("unmap-nothing") ? 0 : __real_region_unmap(region, offset, len);
}

WRAP(region_remap, struct region *region, uint64_t offset, size_t len)
{
	return is_broken("remap-nothing") ? 0 : __real_region_remap(region, offset, len);
}

WRAP(region_protect, struct region *region, uint64_t offset, size_t len,
     enum region_protection protection)
{
	if (is_broken("protect-nothing"))
		return 0;
	return __real_region_protect(region, offset, len, protection);
}

WRAP(region_truncate, struct region *region, uint64_t size)
{
	return is_broken("truncate-nothing") ? 0 : __real_region_truncate(region, size);
}

WRAP(region_punch, struct region *region, uint64_t offset, size_t len)
{
	return is_broken("punch-nothing") ? 0 : __real_region_punch(region, offset, len);
}

WRAP(region_zero, struct region *region, uint64_t offset, size_t len)
{
	if (is_broken("zero-too-much"))
		len += PAGE_BYTES;
	return __real_region_zero(region, offset, len);
}

WRAP(region_allocate, struct region *region, uint64_t offset, size_t len)
{
	if (is_broken("allocate-nothing"))
		return 0;
	return __real_region_allocate(region, offset, len);
}

WRAP(region_sync, struct region *region)
{
	return is_broken("sync-nothing") ? 0 : __real_region_sync(region);
}

WRAP(region_allocated, const struct region *region, uint64_t *bytes)
{
	int ret = __real_region_allocated(region, bytes);

	if (!ret && is_broken("allocated-is-constant"))
		*bytes = 0;
	return ret;
}

WRAP(residency_count, const void *addr, size_t len, uint64_t *present, unsigned char *map)
{
	int ret = __real_residency_count(addr, len, present, map);

	if (!ret && is_broken("residency-is-constant"))
		*present = 2;
	return ret;
}

/* ---- data ---- */

WRAP(pattern_check, const void *buf, uint64_t offset, size_t len, struct pattern pattern,
     struct mismatch *mismatch)
{
	if (is_broken("check-nothing"))
		return 0;
	if (is_broken("check-half"))
		len /= 2;
	return __real_pattern_check(buf, offset, len, pattern, mismatch);
}

/* ---- the device ---- */

WRAP(rdma_mr_reg, struct rdma_mr *mr, struct rdma_device *device, void *addr, size_t len,
     enum mr_mode mode, unsigned int access)
{
	if (is_broken("odp-is-pinned"))
		mode = MR_PINNED;
	return __real_rdma_mr_reg(mr, device, addr, len, mode, access);
}

WRAP(rdma_mr_advise, struct rdma_device *device, enum mr_advice advice, bool sync,
     const struct rdma_sge *ranges, unsigned int n)
{
	if (is_broken("prefetch-nothing"))
		return 0;
	return __real_rdma_mr_advise(device, advice, sync, ranges, n);
}

WRAP(rdma_qp_post, struct rdma_qp *qp, const struct rdma_op *op)
{
	struct rdma_op other = *op;

	if (is_broken("post-elsewhere"))
		other.remote_addr += PAGE_BYTES;
	if (is_broken("post-less"))
		other.sge[0].len--;
	if (is_broken("read-is-write") && op->opcode == RDMA_READ)
		other.opcode = RDMA_WRITE;
	return __real_rdma_qp_post(qp, &other);
}

WRAP(rdma_qp_wait, struct rdma_qp *qp, struct rdma_completion *completion,
     uint64_t timeout_ns)
{
	int ret = __real_rdma_qp_wait(qp, completion, timeout_ns);

	if (!ret && is_broken("wait-ends-well"))
		completion->status = OP_SUCCESS;
	return ret;
}

/* ---- witnesses ---- */

/* The first one's number of pages is not what it saw. */
static void falsify(struct observation *trace)
{
	if (is_broken("trace-sees-nothing"))
		trace->pages = NONE;
	if (is_broken("trace-is-constant"))
		trace->pages = EXACTLY(1);
	if (is_broken("trace-counts-twice"))
		trace->pages = EXACTLY(2 * trace->pages.min);
}

unsigned int __real_evidence_end(struct evidence *evidence, const struct watched *range,
				 struct observation observations[WITNESSES]);
unsigned int __wrap_evidence_end(struct evidence *evidence, const struct watched *range,
				 struct observation observations[WITNESSES]);
unsigned int __wrap_evidence_end(struct evidence *evidence, const struct watched *range,
				 struct observation observations[WITNESSES])
{
	unsigned int n = __real_evidence_end(evidence, range, observations);

	falsify(&observations[0]);
	for (unsigned int i = 0; i < n && is_broken("witnesses-deaf"); i++) {
		observations[i].available = false;
		observations[i].pages = ANYTHING;
	}
	return n;
}
