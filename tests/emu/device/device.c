// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* device.c - the device itself: what its tables hold, its reset, and its time to work */
#include "device/device.h"
#include "cmd/caps.h"
#include "cmocka_all.h"
#include "qp_pair.h"
#include "transfer/delayed_dma.h"

#include "base/clock.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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

/*
 * The first numbers are no reserved ones: of UARs, queue pairs 0 and 1, keys such as
 * KEY_NULL
 */
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
	assert_int_equal(rules_on(&dev->inject, "torn-write"), 0);
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
	assert_int_equal(rules_on(&dev->behave, "slow-dma"), 0);
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
	guest_segment(wqe + 32, l->local, 8, l->lkey);
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

/* Sixteen queue pairs have a turn at a time, so that the owner can do its other work. */
static void work__in_turns(void **state)
{
	struct qp_pair *l = *state;
	struct device *dev = l->g->dev;
	struct guest_work nop = { .opcode = OPCODE_NOP };
	struct guest_pair pairs[10];

	for (unsigned int i = 0; i < 10; i++) {
		pairs[i] = (struct guest_pair){ .service = SERVICE_RC };
		guest_connect(l->g, &pairs[i]);
	}
	guest_run(l->g);
	for (unsigned int i = 0; i < 10; i++) {
		guest_post(l->g, &pairs[i].a, &nop);
		guest_post(l->g, &pairs[i].b, &nop);
	}
	assert_true(device_work(dev));
	assert_int_equal(dev->stats.operations, 16);
	assert_false(device_work(dev));
	assert_int_equal(dev->stats.operations, 20);
}

/* The number that the next file has: one that was not closed moves it. */
static int next_file(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	close(fd);
	return fd;
}

/* It gives back its files and mappings, and what was under way has ended. */
static void device__freed(void **state)
{
	const struct device_config config = { .pmem = "/dev/null" };
	uint8_t memory[8] = { 0 }, data[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	const struct span span = { .host = memory, .len = sizeof(memory) };
	int fd = memfd_create("window", MFD_CLOEXEC), next = next_file();
	uint64_t before = clock_ns();
	struct device *dev = device_new(&config);
	unsigned char resident;
	void *window;

	assert_non_null(dev);
	assert_in_range(dev->born, before, clock_ns());
	assert_int_equal(ftruncate(fd, PAGE), 0);
	assert_int_equal(dma_map(&dev->dma, 0, PAGE, fd, 0, true), 0);
	window = dma_at(&dev->dma, 0, PAGE, true);
	assert_int_equal(mincore(window, PAGE, &resident), 0);
	delayed_dma_write(dev, &span, NULL, data, sizeof(data));
	device_free(dev);
	assert_memory_equal(memory, data, sizeof(data));
	assert_int_equal(mincore(window, PAGE, &resident), -1);
	assert_int_equal(next_file(), next);
	close(fd);
}

static void device__without_its_files(void **state)
{
	const struct device_config config = { .pmem = "/dev/null,/nowhere/pmem" };
	int next = next_file();

	assert_null(device_new(&config));
	assert_int_equal(next_file(), next);
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
		cmocka_unit_test(device__freed),
		cmocka_unit_test(device__without_its_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
