// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* device.c - the device itself: what its tables hold, its reset, and its time to work */
#include "device/device.h"
#include "cmd/caps.h"
#include "cmocka_all.h"
#include "qp_pair.h"

#include <string.h>

static uint64_t cap(const struct qp_pair *l, struct field field)
{
	return field_get(l->g->dev->caps->max[CAP_GENERAL], field);
}

/* There may be as many of each as the capabilities promise. */
static void tables__hold_what_is_promised(void **state)
{
	const struct qp_pair *l = *state;
	const struct device *dev = l->g->dev;

	assert_int_equal(dev->pds.limit, 1u << cap(l, cmd_hca_cap_log_max_pd));
	assert_int_equal(dev->xrcds.limit, 1u << cap(l, cmd_hca_cap_log_max_xrcd));
	assert_int_equal(dev->domains.limit,
			 1u << cap(l, cmd_hca_cap_log_max_transport_domain));
	assert_int_equal(dev->users.limit, 1u << cap(l, cmd_hca_cap_log_max_uctx));
	assert_int_equal(dev->eqs.first + dev->eqs.limit,
			 1u << cap(l, cmd_hca_cap_log_max_eq));
	assert_int_equal(dev->cqs.limit, 1u << cap(l, cmd_hca_cap_log_max_cq));
	assert_int_equal(dev->qps.limit, 1u << cap(l, cmd_hca_cap_log_max_qp));
	assert_int_equal(dev->srqs.limit, 1u << cap(l, cmd_hca_cap_log_max_srq));
	assert_int_equal(dev->counters.limit, cap(l, cmd_hca_cap_max_qp_cnt));
	/* of keys, no guest needs all 2^24 */
	assert_int_equal(dev->mkeys.limit, 1u << 20);
	/* each UAR is a page of the BAR */
	assert_int_equal(dev->uars.first + dev->uars.limit, BAR_BYTES / PAGE);
}

/* The first numbers are no reserved ones: of UARs, queue pairs 0 and 1, keys such as KEY_NULL */
static void tables__first_numbers(void **state)
{
	const struct qp_pair *l = *state;
	const struct device *dev = l->g->dev;

	assert_int_equal(dev->uars.first, 16);
	assert_int_equal(dev->pds.first, 1);
	assert_int_equal(dev->xrcds.first, 1);
	assert_int_equal(dev->domains.first, 1);
	assert_int_equal(dev->users.first, 1);
	assert_int_equal(dev->counters.first, 1);
	assert_int_equal(dev->eqs.first, 4);
	assert_int_equal(dev->cqs.first, 0x40);
	assert_int_equal(dev->qps.first, 0x40);
	assert_int_equal(dev->srqs.first, 0x40);
	assert_int_equal(dev->mkeys.first, 0x1000);
}

static enum command_status plain(struct guest *g, uint32_t opcode)
{
	uint8_t in[64] = { 0 };

	store_be32(in, opcode << 16);
	return guest_command(g, in, sizeof(in), NULL, 16);
}

/* As when powered on; the windows of the guest's memory and injections stay. */
static void reset__forgets(void **state)
{
	struct qp_pair *l = *state;
	struct device *dev = l->g->dev;
	uint8_t *current = dev->caps->current[CAP_GENERAL];
	struct guest_queue shared;

	(void)guest_shared_queue(l->g, &shared);
	assert_int_equal(plain(l->g, COMMAND_ALLOC_UAR), STATUS_OK);
	assert_int_equal(plain(l->g, COMMAND_ALLOC_XRCD), STATUS_OK);
	assert_int_equal(plain(l->g, COMMAND_ALLOC_TRANSPORT_DOMAIN), STATUS_OK);
	assert_int_equal(plain(l->g, COMMAND_CREATE_UCTX), STATUS_OK);
	assert_int_equal(plain(l->g, COMMAND_ALLOC_Q_COUNTER), STATUS_OK);
	assert_int_equal(inject_on(&dev->inject, "torn-write"), 0);
	dev->issi = 1;
	dev->port_capabilities = 1u << 20;
	field_set(current, cmd_hca_cap_log_max_qp, 3);
	/* a queue pair in error, whose receive queue is looked at from time to time */
	l->rkey ^= 0xff;
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	guest_run(l->g);
	assert_int_not_equal(device_deadline(dev), UINT64_MAX);
	device_reset(dev);
	assert_int_equal(device_deadline(dev), UINT64_MAX);
	assert_int_equal(dev->uars.size + dev->pds.size + dev->xrcds.size, 0);
	assert_int_equal(dev->domains.size + dev->users.size + dev->counters.size, 0);
	assert_int_equal(dev->eqs.size + dev->cqs.size + dev->qps.size, 0);
	assert_int_equal(dev->mkeys.size + dev->srqs.size, 0);
	assert_int_equal(dev->issi, 0);
	assert_int_equal(dev->port_capabilities, 0);
	assert_int_equal(field_get(current, cmd_hca_cap_log_max_qp), 17);
	assert_int_equal(dev->commands.addr, 0);
	assert_int_equal(dev->dma.n, 1);
	assert_int_equal(dev->inject.active, 1ull << INJECT_TORN);
	assert_false(device_work(dev));
}

/* What is under way ends first: a DMA write lands, and no fault is left to be resumed. */
static void reset__with_work_under_way(void **state)
{
	struct qp_pair *l = *state;
	struct device *dev = l->g->dev;
	struct guest_work copy = qp_pair_work(l, OPCODE_WRITE, 0, 8);

	qp_pair_map(l, l->rkey, l->remote, 0);
	assert_int_equal(guest_completion(l->g), 0);
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	guest_run(l->g);
	assert_false(TAILQ_EMPTY(&dev->faults));
	assert_int_equal(inject_on(&dev->inject, "slow-dma"), 0);
	copy.remote = l->local + PAGE;
	copy.rkey = l->lkey;
	guest_post(l->g, &l->pair.b, &copy);
	guest_run(l->g);
	device_reset(dev);
	assert_true(TAILQ_EMPTY(&dev->faults));
	assert_true(TAILQ_EMPTY(&dev->delayed));
	assert_int_equal(l->from[PAGE], l->from[0]);
}

/* Posts a WRITE without ringing the doorbell */
static void post_silently(struct qp_pair *l, uint32_t offset)
{
	uint8_t wqe[WQE_BLOCK] = { 0 };
	uint64_t slot = l->pair.a.send.produced++ % (1u << QUEUE_LOG);

	field_set(wqe, ctrl_seg_opcode, OPCODE_WRITE);
	field_set(wqe, ctrl_seg_wqe_index, l->pair.a.send.produced - 1);
	field_set(wqe, ctrl_seg_qpn, l->pair.a.number);
	field_set(wqe, ctrl_seg_ds, 3);
	field_set(wqe, ctrl_seg_fm_ce_se, 8);
	field_set(wqe + 16, raddr_seg_raddr, l->remote + offset);
	field_set(wqe + 16, raddr_seg_rkey, l->rkey);
	field_set(wqe + 32, data_seg_byte_count, 8);
	field_set(wqe + 32, data_seg_lkey, l->lkey);
	field_set(wqe + 32, data_seg_addr, l->local);
	memcpy(guest_at(l->g, l->pair.a.send.ring + slot * WQE_BLOCK), wqe, WQE_BLOCK);
	store_be32(guest_at(l->g, l->pair.a.send.record), l->pair.a.send.produced);
}

/* The queue pair that worked last is looked at once more, without a doorbell. */
static void linger__finds_what_is_posted(void **state)
{
	struct qp_pair *l = *state;

	assert_false(device_linger(l->g->dev));
	qp_pair_write(l, 0, 8);
	post_silently(l, PAGE);
	guest_run(l->g);
	assert_int_equal(l->to[PAGE], 0);
	assert_true(device_linger(l->g->dev));
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->to[PAGE], 1);
	assert_false(device_linger(l->g->dev)); /* in vain, and no more after that */
	post_silently(l, 2 * PAGE);
	assert_false(device_linger(l->g->dev));
}

static void linger__queue_pair_gone(void **state)
{
	struct qp_pair *l = *state;

	qp_pair_write(l, 0, 8);
	assert_int_equal(guest_simple(l->g, COMMAND_DESTROY_QP, destroy_qp_in_qpn,
				      l->pair.a.number),
			 STATUS_OK);
	assert_false(device_linger(l->g->dev));
}

/* Two with much to do take turns, and the device says that there is more. */
static void work__in_turns(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work a = { .opcode = OPCODE_NOP }, b = a;
	unsigned int calls = 1;

	for (unsigned int i = 0; i < 1u << QUEUE_LOG; i++) {
		guest_post(l->g, &l->pair.a, &a);
		if (i < 1u << (QUEUE_LOG - 2))
			guest_post(l->g, &l->pair.b, &b);
	}
	while (device_work(l->g->dev))
		calls++;
	assert_in_range(calls, 1, 1u << QUEUE_LOG);
	assert_true(TAILQ_EMPTY(&l->g->dev->ready));
}

static void device__without_its_files(void **state)
{
	const struct device_config config = { .pmem = "/nowhere/pmem" };

	assert_null(device_new(&config));
	device_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tables__hold_what_is_promised),
		TEST(tables__first_numbers),
		TEST(reset__forgets),
		TEST(reset__with_work_under_way),
		TEST(linger__finds_what_is_posted),
		TEST(linger__queue_pair_gone),
		TEST(work__in_turns),
		cmocka_unit_test(device__without_its_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
