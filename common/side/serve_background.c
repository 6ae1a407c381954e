// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_background.c - traffic in a thread while the scenario does other things */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "side/local_internal.h"

/* So many in turn: the highest generations are reserved. */
#define GENERATIONS 0x4000

#define POLL_NS	    (100 * NSEC_PER_USEC)

static void await(struct background *background, struct rdma_completion *completion)
{
	struct deadline deadline = deadline_in(
		&background->pace, pace_stretch(&background->pace, SIDE_OP_TIMEOUT_NS));
	int ret;

	do
		ret = rdma_qp_wait(&background->side->pairs[0].qp, completion,
				   deadline_left(&deadline));
	while (ret == -ETIMEDOUT && !deadline_passed(&deadline));
}

/* One operation with one of the two pieces; its status is kept, its time measured. */
static bool transfer(struct background *background, enum rdma_opcode opcode,
		     unsigned int piece)
{
	const struct side_op *wanted = &background->request.op;
	struct local_side *side = background->side;
	const struct local_target *local =
		local_target(side, wanted->piece[piece].target);
	struct rdma_op op = {
		.opcode = opcode,
		.sges = 1,
		.sge[0] = { (uintptr_t)local->region.addr, wanted->piece[piece].len,
			    local->mr.lkey },
		.remote_addr = wanted->rdma.remote_addr,
		.rkey = wanted->rdma.rkey,
	};
	struct rdma_completion completion = { .status = OP_NO_COMPLETION };
	uint64_t begin = clock_ns(), took;

	if (!rdma_qp_post(&side->pairs[0].qp, &op))
		await(background, &completion);
	took = clock_ns() - begin;
	if (took > background->result.longest_ns)
		background->result.longest_ns = took;
	background->result.status = completion.status;
	return completion.status == OP_SUCCESS;
}

/* Writes one generation and reads it back. Returns whether status and data were right. */
static bool turn(struct background *background, uint16_t generation)
{
	const struct side_request *request = &background->request;
	const struct side_op *op = &request->op;
	unsigned char *from =
		local_target(background->side, op->piece[0].target)->region.addr;
	unsigned char *to =
		local_target(background->side, op->piece[1].target)->region.addr;
	struct pattern pattern = { request->pattern.seed, generation };

	pattern_fill(from, request->pattern_offset, op->piece[0].len, pattern);
	if (!transfer(background, RDMA_WRITE, 0))
		return false;
	background->result.generation = generation;
	memset(to, 0, op->piece[1].len);
	if (!transfer(background, RDMA_READ, 1))
		return false;
	background->result.wrong = pattern_check(to, request->pattern_offset,
						 op->piece[1].len, pattern,
						 &background->mismatch);
	return !background->result.wrong;
}

static void *run(void *data)
{
	struct background *background = data;
	uint16_t first = background->request.pattern.generation;
	bool good = true;

	while (good && !atomic_load(&background->stop)) {
		good = turn(background, first + background->result.turns % GENERATIONS);
		background->result.turns += good;
		atomic_fetch_add(&background->turns, 1);
	}
	atomic_store(&background->over, true);
	return NULL;
}

void background_stop(struct background *background)
{
	if (!background->running)
		return;
	atomic_store(&background->stop, true);
	pthread_join(background->thread, NULL);
	background->running = false;
}

int serve_background_begin(struct local_side *side, struct local_target *target,
			   const struct side_request *request, struct side_reply *reply)
{
	struct background *background = &side->background;
	const struct side_op *op = &request->op;
	int ret;

	if (background->running || !rdma_qp_is_open(&side->pairs[0].qp) ||
	    op->rdma.sges != 2)
		return log_errno(EINVAL, "begin traffic");
	for (unsigned int i = 0; i < op->rdma.sges; i++) {
		const struct local_target *local =
			local_target(side, op->piece[i].target);

		if (!local || op->piece[i].len > local->region.len)
			return log_errno(EINVAL, "piece %u of the traffic", i);
	}
	background->side = side;
	background->request = *request;
	background->pace = side->env->pace;
	background->result =
		(struct background_result){ .generation = request->pattern.generation };
	background->mismatch = (struct mismatch){ 0 };
	atomic_store(&background->over, false);
	atomic_store(&background->stop, false);
	ret = pthread_create(&background->thread, NULL, run, background);
	background->running = !ret;
	return ret ? log_errno(ret, "a thread for the traffic") : 0;
}

int serve_background_wait(struct local_side *side, struct local_target *target,
			  const struct side_request *request, struct side_reply *reply)
{
	struct deadline deadline = deadline_in(
		&side->env->pace, env_patience(side->env, 2 * SIDE_OP_TIMEOUT_NS));
	struct background *background = &side->background;
	uint64_t before = atomic_load(&background->turns);

	if (!background->running)
		return -EINVAL;
	while (!atomic_load(&background->over) &&
	       atomic_load(&background->turns) == before) {
		if (deadline_passed(&deadline))
			return -ETIMEDOUT;
		clock_sleep_ns(POLL_NS);
	}
	return 0;
}

int serve_background_end(struct local_side *side, struct local_target *target,
			 const struct side_request *request, struct side_reply *reply)
{
	background_stop(&side->background);
	reply->background = side->background.result;
	reply->mismatch = side->background.mismatch;
	return 0;
}
