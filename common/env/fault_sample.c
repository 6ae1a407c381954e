// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fault_sample.c - what a device asks for when 1 page is missing, and when 16 are */
#include "env/fault_sample.h"

#include <errno.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/util.h"
#include "env/deadline.h"
#include "rdma/device.h"
#include "rdma/mr.h"
#include "rdma/qp.h"

static const uint64_t missing[FAULT_SAMPLES] = { 1, 16 };

/*
 * As many bytes on either side as one event of mlx5 can ask for before or after (odp.c).
 */
#define AROUND	MiB(2)
#define MOST	(16 * PAGE_BYTES)
#define LEN	(2 * AROUND + MOST)

#define WAIT_NS (10 * NSEC_PER_SEC) /* on a host that becomes no slower */

/* Both ends of one connection: pinned memory at this end, cold memory at the other. */
struct ends {
	struct rdma_device device;
	struct rdma_qp from, to;
	struct rdma_mr source, target;
	void *memory, *cold;
	struct pace pace;
};

static void close_ends(struct ends *ends)
{
	rdma_qp_close(&ends->to);
	rdma_qp_close(&ends->from);
	rdma_mr_dereg(&ends->target);
	rdma_mr_dereg(&ends->source);
	rdma_device_close(&ends->device);
	if (ends->cold)
		munmap(ends->cold, LEN);
	if (ends->memory)
		munmap(ends->memory, MOST);
}

static void *map(size_t len)
{
	void *memory = mmap(NULL, len, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	/* one page must stay one page */
	madvise(memory, len, MADV_NOHUGEPAGE);
	return memory;
}

static int register_memory(struct ends *ends)
{
	int ret;

	ends->memory = map(MOST);
	ends->cold = map(LEN);
	if (!ends->memory || !ends->cold)
		return -ENOMEM;
	ret = rdma_mr_reg(&ends->source, &ends->device, ends->memory, MOST, MR_PINNED,
			  MR_LOCAL_WRITE);
	return ret ? ret :
		     rdma_mr_reg(&ends->target, &ends->device, ends->cold, LEN, MR_ODP,
				 MR_LOCAL_WRITE | MR_REMOTE_WRITE);
}

static int connect_ends(struct ends *ends)
{
	struct rdma_qp_spec spec = { .type = QP_RC, .depth = 1 };
	struct rdma_address from, to;
	int ret = rdma_qp_open(&ends->from, &ends->device, &spec);

	spec.listens = true;
	if (!ret)
		ret = rdma_qp_open(&ends->to, &ends->device, &spec);
	if (ret)
		return ret;
	rdma_qp_address(&ends->from, &from);
	rdma_qp_address(&ends->to, &to);
	ret = rdma_qp_connect(&ends->to, &from);
	return ret ? ret : rdma_qp_connect(&ends->from, &to);
}

static int open_ends(struct ends *ends, const char *name)
{
	const struct rdma_device_spec spec = { .name = name, .gid_index = -1 };
	int ret = rdma_device_open(&ends->device, &spec);

	if (!ret && !(ends->device.caps.general & ODP_SUPPORT))
		ret = -EOPNOTSUPP;
	if (!ret)
		ret = register_memory(ends);
	return ret ? ret : connect_ends(ends);
}

static int write_pages(struct ends *ends, uint64_t pages)
{
	struct rdma_op op = {
		.opcode = RDMA_WRITE,
		.sges = 1,
		.sge[0] = { (uintptr_t)ends->memory, (uint32_t)(pages * PAGE_BYTES),
			    ends->source.lkey },
		.remote_addr = ends->target.remote_addr + AROUND,
		.rkey = ends->target.rkey,
	};
	struct deadline deadline = deadline_in(&ends->pace, WAIT_NS);
	struct rdma_completion completion = { 0 };
	int ret = rdma_qp_post(&ends->from, &op);

	if (ret)
		return ret;
	do
		ret = rdma_qp_wait(&ends->from, &completion, deadline_left(&deadline));
	while (ret == -ETIMEDOUT && !deadline_passed(&deadline));
	return ret || completion.status == OP_SUCCESS ? ret : -EIO;
}

/* Of the witness that counts events. */
static void keep(struct fault_count *count, const struct observation *seen,
		 unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		if (!seen[i].available || !seen[i].events)
			continue;
		count->seen = true;
		count->events = seen[i].events;
		count->neighbours = seen[i].neighbours;
		count->repeats = seen[i].repeats;
		return;
	}
}

static int sample(struct ends *ends, struct evidence *evidence, struct fault_count *count)
{
	const struct watched range = { .addr = (uintptr_t)ends->cold,
				       .len = LEN,
				       .lkey = ends->target.lkey };
	struct observation seen[WITNESSES];
	unsigned int n;
	int ret;

	if (madvise(ends->cold, LEN, MADV_DONTNEED))
		return -errno;
	evidence_begin(evidence, &range);
	evidence_name(evidence, range.slot, range.addr + AROUND,
		      range.addr + AROUND + count->pages * PAGE_BYTES, true);
	ret = write_pages(ends, count->pages);
	n = evidence_end(evidence, &range, seen);
	keep(count, seen, n);
	return ret;
}

void fault_sample_take(struct fault_sample *taken, const char *name,
		       struct evidence *evidence)
{
	struct ends ends = { 0 };

	pace_set(&ends.pace, 1);
	*taken = (struct fault_sample){ .taken = true, .error = open_ends(&ends, name) };
	for (size_t i = 0; i < FAULT_SAMPLES && !taken->error; i++) {
		taken->count[i].pages = missing[i];
		taken->error = sample(&ends, evidence, &taken->count[i]);
	}
	close_ends(&ends);
}
