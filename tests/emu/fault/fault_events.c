// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fault_events.c - what page faults report to the driver, and how the driver ends them */
#include "cmocka_all.h"
#include "fault/fault.h"
#include "qp_pair.h"
#include "queue/eq.h"

#include <errno.h>
#include <string.h>

#define AT     (PAGE + 8) /* in both regions */
#define LENGTH (2 * PAGE)

/* Subtypes of the event, MLX5_PFAULT_SUBTYPE_* of drivers/infiniband/hw/mlx5/odp.c */
enum { BY_WQE = 0, BY_RDMA = 1, BY_MEMORY = 2 };

/* MLX5_WQE_PF_TYPE_*, and bits of RDMA faults, of the same file */
enum { TYPE_RMP, TYPE_SEND_OR_WRITE, TYPE_RESPONDER, TYPE_READ_OR_ATOMIC };
enum { TYPE_WRITES = 1u << 1, TYPE_RDMA = 1u << 2 };

struct scene {
	enum opcode opcode;
	unsigned int local, remote; /* flags of the regions' pages */
	bool shared;
	unsigned int sub_type, type;
};

static void receive(struct qp_pair *l, struct guest_queue *shared)
{
	uint32_t mapped = guest_mkey(l->g, l->remote, PAGES, RIGHTS_ALL, MAPPED);

	if (!l->pair.srqn) {
		guest_receive(l->g, &l->pair.b, l->remote, 8, mapped);
		guest_receive(l->g, &l->pair.b, l->remote + AT, LENGTH, l->rkey);
		return;
	}
	guest_shared_fill(l->g, shared, l->remote, LENGTH, l->rkey);
	field_set((uint8_t *)guest_at(l->g, shared->ring) + 16, data_seg_lkey, mapped);
	store_be32(guest_at(l->g, shared->record), 2);
}

/* Two queue pairs of which both queues' first entries are used up, and a fault */
static struct qp_pair *play(const struct scene *s, enum scheme scheme, uint8_t eqe[64])
{
	struct qp_pair *l = qp_pair_new(scheme,
					(struct guest_pair){ .service = SERVICE_RC },
					s->local, s->remote);
	struct guest_work first = {
		.opcode = OPCODE_SEND, .local = l->local, .inlined = 8, .unsignaled = true
	};
	struct guest_work k = qp_pair_work(l, s->opcode, AT, LENGTH);
	struct guest_queue shared;

	if (s->shared) {
		l->pair.srqn = guest_shared_queue(l->g, &shared);
		guest_connect(l->g, &l->pair);
	}
	if (s->opcode == OPCODE_FETCH_ADD)
		k.len = 8;
	receive(l, &shared);
	guest_post(l->g, &l->pair.a, &first);
	assert_int_equal(guest_completion(l->g), 0);
	guest_post(l->g, &l->pair.a, &k);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	assert_int_equal(field_get(eqe, eqe_type), EVENT_PAGE_FAULT);
	return l;
}

static void assert_wqe(const struct qp_pair *l, const struct scene *s,
		       const uint8_t *data)
{
	bool requests = s->type == TYPE_SEND_OR_WRITE || s->type == TYPE_READ_OR_ATOMIC;
	uint32_t number = requests ? l->pair.a.number : l->pair.b.number;

	assert_int_equal(field_get(data, eqe_wqe_fault_type), s->type);
	assert_int_equal(field_get(data, eqe_wqe_fault_wqe_index), 1);
	assert_int_equal(field_get(data, eqe_wqe_fault_token), number);
	assert_int_equal(field_get(data, eqe_wqe_fault_wq_number),
			 s->shared ? l->pair.srqn : number);
	assert_int_equal(field_get(data, eqe_wqe_fault_packet_length), 1024);
}

static void assert_rdma(const struct qp_pair *l, const struct scene *s,
			const uint8_t *data)
{
	uint32_t len = s->opcode == OPCODE_FETCH_ADD ? 8 : LENGTH;

	assert_int_equal(field_get(data, eqe_rdma_fault_type), s->type);
	assert_int_equal(field_get(data, eqe_rdma_fault_token), l->pair.b.number);
	assert_int_equal(field_get(data, eqe_rdma_fault_r_key), l->rkey);
	assert_int_equal(field_get(data, eqe_rdma_fault_rdma_va), l->remote + AT);
	assert_int_equal(field_get(data, eqe_rdma_fault_rdma_op_len), len);
	assert_int_equal(field_get(data, eqe_rdma_fault_packet_length),
			 len < 1024 ? len : 1024);
}

static void event__transport_scheme(void **state)
{
	static const struct scene scenes[] = {
		{ OPCODE_WRITE, 0, MAPPED, false, BY_WQE, TYPE_SEND_OR_WRITE },
		{ OPCODE_SEND, 0, MAPPED, false, BY_WQE, TYPE_SEND_OR_WRITE },
		{ OPCODE_READ, 0, MAPPED, false, BY_WQE, TYPE_READ_OR_ATOMIC },
		{ OPCODE_FETCH_ADD, 0, MAPPED, false, BY_WQE, TYPE_READ_OR_ATOMIC },
		{ OPCODE_SEND, MAPPED, 0, false, BY_WQE, TYPE_RESPONDER },
		{ OPCODE_SEND, MAPPED, 0, true, BY_WQE, TYPE_RMP },
		{ OPCODE_READ, MAPPED, 0, false, BY_RDMA, TYPE_RDMA },
		{ OPCODE_WRITE, MAPPED, 0, false, BY_RDMA, TYPE_RDMA | TYPE_WRITES },
		{ OPCODE_FETCH_ADD, MAPPED, 0, false, BY_RDMA, TYPE_RDMA | TYPE_WRITES },
	};
	uint8_t eqe[64];

	for (unsigned int i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
		struct qp_pair *l = play(&scenes[i], SCHEME_TRANSPORT, eqe);

		assert_int_equal(field_get(eqe, eqe_sub_type), scenes[i].sub_type);
		if (scenes[i].sub_type == BY_RDMA)
			assert_rdma(l, &scenes[i], const_block(eqe, eqe_data));
		else
			assert_wqe(l, &scenes[i], const_block(eqe, eqe_data));
		qp_pair_free(l);
	}
}

/* The next page of the same message: what is left of it, from there on */
static void event__of_what_is_left(void **state)
{
	static const struct scene scene = {
		OPCODE_WRITE, MAPPED, 0, false, BY_RDMA, TYPE_RDMA | TYPE_WRITES
	};
	uint64_t pages[2] = { 0 };
	uint8_t eqe[64];
	struct qp_pair *l = play(&scene, SCHEME_TRANSPORT, eqe);
	const uint8_t *data = const_block(eqe, eqe_data);

	pages[1] = (l->remote + PAGE) | MAPPED;
	guest_update(l->g, &l->umr, l->rkey, 0, 2, pages);
	assert_int_equal(guest_completion(l->g), 0);
	guest_resume(l->g, eqe, false);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	assert_int_equal(field_get(data, eqe_rdma_fault_rdma_va), l->remote + 2 * PAGE);
	assert_int_equal(field_get(data, eqe_rdma_fault_rdma_op_len),
			 LENGTH - (2 * PAGE - AT));
	qp_pair_free(l);
}

static enum command_status resume(struct qp_pair *l, uint64_t token, unsigned int type)
{
	bool memory = l->g->dev->config.scheme == SCHEME_MEMORY;
	uint8_t in[16] = { 0 }, *info = block(in, page_fault_resume_in_page_fault_info);

	store_be32(in, COMMAND_PAGE_FAULT_RESUME << 16);
	if (memory) {
		field_set(info, mem_page_fault_info_fault_token_47_32, token >> 32);
		field_set(info, mem_page_fault_info_fault_token_31_0, (uint32_t)token);
	} else {
		field_set(info, trans_page_fault_info_page_fault_type, type);
		field_set(info, trans_page_fault_info_fault_token, token);
	}
	return guest_command(l->g, in, sizeof(in), NULL, 16);
}

/* A token of 48 bits; as many pages as the driver should bring, up to four megabytes */
static void event__memory_scheme(void **state)
{
	struct qp_pair *l = *state;
	struct qp *qp = qp_get(l->g->dev, l->pair.a.number);
	struct missing missing = { .mkey = 0x1234567, .va = 0x7fff00001fff, .bytes = 2 };
	uint8_t eqe[64] = { 0 };
	const uint8_t *data = const_block(eqe, eqe_data);

	l->g->dev->fault_tokens = 0x123456789abbull;
	assert_int_equal(fault_raise(l->g->dev, qp, SIDE_REMOTE, &missing), 0);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	assert_int_equal(field_get(eqe, eqe_sub_type), BY_MEMORY);
	assert_int_equal(field_get(data, eqe_memory_fault_flags),
			 0x80); /* the last one */
	assert_int_equal(field_get(data, eqe_memory_fault_token_47_32), 0x1234);
	assert_int_equal(field_get(data, eqe_memory_fault_token_31_0), 0x56789abc);
	assert_int_equal(field_get(data, eqe_memory_fault_mkey), 0x1234567);
	assert_int_equal(field_get(data, eqe_memory_fault_va), 0x7fff00001000);
	assert_int_equal(field_get(data, eqe_memory_fault_demand_pages), 2);
	missing.bytes = 1ull << 40;
	missing.va = 0;
	assert_int_equal(fault_raise(l->g->dev, qp, SIDE_REMOTE, &missing), 0);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	assert_int_equal(field_get(data, eqe_memory_fault_demand_pages), 1024);
	assert_int_equal(resume(l, 0x123456789abcull, 0), STATUS_OK);
	assert_int_equal(resume(l, 0x123456789abcull, 0), STATUS_BAD_PARAM);
	assert_int_equal(resume(l, 0x56789abd, 0), STATUS_BAD_PARAM);
	assert_int_equal(resume(l, 0x123456789abdull, 0), STATUS_OK);
	assert_int_equal(l->g->dev->stats.faults, 2);
	assert_int_equal(l->g->dev->stats.resumes, 2);
	assert_int_equal(l->g->dev->stats.resumes_with_error, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(event__transport_scheme),
		cmocka_unit_test(event__of_what_is_left),
		TEST(event__memory_scheme),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
