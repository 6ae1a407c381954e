// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* arrange.c - the memory of both ends, in the states of the row */
#include "testcase/test.h"
#include "trial.h"

static bool is_source(const struct trial *trial, const struct end *end)
{
	bool reads = trial->mix->opcode == RDMA_READ || mix_is_atomic(trial->mix);

	return reads == (end == &trial->far);
}

/*
 * The data that lies in a range before the operation, where the state lets data lie
 * there.
 */
static struct layer data_of(const struct trial *trial, const struct end *end,
			    const struct part *part)
{
	struct layer data = { part->offset, part->len, part->target, part->offset,
			      BENEATH };

	if (!is_source(trial, end))
		return data;
	/* the message as a whole is data of the responder's first target */
	data.meant = trial->far.parts[0].target;
	data.meant_offset = trial->far.parts[0].offset + part->from;
	data.generation = MESSAGE;
	return data;
}

static void fill_file(struct test *t, struct part *part, const struct layer *data)
{
	uint64_t len = target_len(part->target);

	target_fill(t, part->target, 0, len, AROUND);
	part_put(t, part, (struct layer){ 0, len, part->target, 0, AROUND });
	target_fill_for(t, part->target, data->offset, data->meant, data->meant_offset,
			data->len, data->generation);
	part_put(t, part, *data);
}

/* The device accesses a range, and leaves this data there where it may write. */
static void warm(struct trial *trial, struct part *part, bool far, struct layer data)
{
	struct test *t = trial->t;

	if (!far) {
		target_fill_for(t, trial->lake, 0, data.meant, data.meant_offset,
				data.len, data.generation);
		rdma_read_into(t, part->target, data.offset, trial->lake, 0, data.len);
	} else if (trial->mix->permission == REGION_READ_ONLY_HERE) {
		rdma_read_into(t, trial->pond, 0, part->target, data.offset, data.len);
		forecast_set(part, data.offset, data.len, READABLE);
		return;
	} else {
		target_fill_for(t, trial->pond, 0, data.meant, data.meant_offset,
				data.len, data.generation);
		rdma_write_from(t, trial->pond, 0, part->target, data.offset, data.len);
	}
	forecast_set(part, data.offset, data.len, REACHED);
	part_put(t, part, data);
}

static void evict(struct test *t, struct part *part)
{
	uint64_t from = round_down(part->offset, KiB(4));
	uint64_t len = round_up(part->offset + part->len, KiB(4)) - from;

	target_evict(t, part->target, from, len);
	if (part->target->info.evict_loses_data)
		part_put(t, part, (struct layer){ from, len, part->target, from, ZEROS });
	forecast_set(part, from, len, OUT_OF_REACH);
}

static void touch(struct test *t, struct part *part, const struct layer *data)
{
	target_store_for(t, part->target, data->offset, data->meant, data->meant_offset,
			 data->len, data->generation);
	part_put(t, part, *data);
}

static void arrange_part(struct trial *trial, struct end *end, struct part *part)
{
	const struct mix_end *way = end == &trial->far ? &trial->mix->far :
							 &trial->mix->near;
	struct layer data = data_of(trial, end, part);
	struct test *t = trial->t;

	if (trial->mix->kind == DAX_FILE)
		fill_file(t, part, &data);
	switch (way->state) {
	case COLD:
	case PREFETCHED: /* once the mapping is protected */
		break;
	case TOUCHED:
		touch(t, part, &data);
		break;
	case LAST_COLD:
		data.len = round_down(part->offset + part->len - 1, KiB(4));
		data.len = data.len > part->offset ? data.len - part->offset : 0;
		if (data.len)
			warm(trial, part, end == &trial->far, data);
		break;
	case WARM:
	case EVICTED:
	case SHARED:
		warm(trial, part, end == &trial->far, data);
		if (way->state == EVICTED)
			evict(t, part);
		break;
	}
}

static void prefetch(struct test *t, struct part *part)
{
	target_prefetch(t, part->target, part->offset, part->len, MR_PREFETCH);
	forecast_set(part, part->offset, part->len, READABLE);
}

static void arrange_end(struct trial *trial, struct end *end)
{
	const struct mix_end *way = end == &trial->far ? &trial->mix->far :
							 &trial->mix->near;
	struct test *t = trial->t;

	for (unsigned int i = 0; i < end->n; i++)
		arrange_part(trial, end, &end->parts[i]);
	if (way->state == SHARED)
		fork_child(t);
	for (unsigned int i = 0; i < end->n; i++) {
		struct part *part = &end->parts[i];
		uint64_t len = target_len(part->target);

		if (end == &trial->far && trial->mix->permission == MAPPING_READ_ONLY) {
			target_protect(t, part->target, 0, len, REGION_READ_ONLY);
			forecast_set(part, 0, len, OUT_OF_REACH);
		}
		/*
		 * a page that is to be copied when it is written is taken from the device
		 */
		if (way->state == SHARED && trial->mix->kind != DAX_FILE)
			forecast_set(part, 0, len, OUT_OF_REACH);
		if (way->state == PREFETCHED)
			prefetch(t, part);
	}
}

static void age(struct trial *trial)
{
	struct part *aside = &trial->aside;
	struct test *t = trial->t;
	enum op_status status;

	if (trial->mix->age == FRESH) {
		reconnect(t);
		return;
	}
	rdma_read_into(t, trial->slots, KiB(4), aside->target, 0, KiB(4));
	if (trial->mix->age == USED)
		return;
	status = attempt(t, RDMA_WRITE, aside->target,
			 .rkey = target_rkey(trial->far.parts[0].target) ^ 0xff);
	expect_status(t, status,
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
	reset_queue_pairs(t);
}

void trial_arrange(struct trial *trial)
{
	trial_make(trial);
	arrange_end(trial, &trial->far);
	arrange_end(trial, &trial->near);
	age(trial);
	if (trial->mix->opcode == RDMA_SEND_INVALIDATE)
		trial_make_window(trial);
}
