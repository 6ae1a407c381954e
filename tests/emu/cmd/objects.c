// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* objects.c - commands: objects made, queried, kept while in use; what is refused */
#include "cmocka_all.h"
#include "guest.h"
#include "port/port.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int begin(void **state)
{
	*state = guest_new(SCHEME_MEMORY);
	return 0;
}

static int end(void **state)
{
	guest_free(*state);
	return 0;
}

static void command__unknown(void **state)
{
	struct guest *g = *state;
	uint8_t in[16] = { 0 }, out[16];

	for (unsigned int opcode = 0; opcode < 0x1000; opcode++) {
		store_be32(in, opcode << 16);
		/* each known one wants more than this, or the object 0, or is harmless */
		(void)guest_command(g, in, 8, out, 8);
	}
	store_be32(in, 0x999u << 16);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)),
			 STATUS_BAD_OPCODE);
}

static void command__too_short(void **state)
{
	struct guest *g = *state;
	uint8_t in[64] = { 0 }, out[64];

	store_be32(in, COMMAND_CREATE_QP << 16);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)),
			 STATUS_BAD_INPUT_LENGTH);
	store_be32(in, COMMAND_QUERY_HCA_CAP << 16);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)),
			 STATUS_BAD_OUTPUT_LENGTH);
}

/* What a failure to make an object is for the driver: MLX5_CMD_STAT_* of the kernel */
static void command__error(void **state)
{
	assert_int_equal(command_error(0), 0x0);
	assert_int_equal(command_error(-ENOENT), 0x5); /* BAD_RES_ERR */
	assert_int_equal(command_error(-ENOSPC), 0x8); /* LIM_ERR */
	assert_int_equal(command_error(-ENOMEM), 0xf); /* NO_RES_ERR */
	assert_int_equal(command_error(-EINVAL), 0x3); /* BAD_PARAM_ERR */
}

static void object__not_there(void **state)
{
	static const uint16_t opcodes[] = { COMMAND_DESTROY_EQ,
					    COMMAND_DESTROY_MKEY,
					    COMMAND_DESTROY_CQ,
					    COMMAND_DESTROY_QP,
					    COMMAND_QUERY_QP,
					    COMMAND_DESTROY_XRC_SRQ,
					    COMMAND_DESTROY_RMP,
					    COMMAND_DEALLOC_PD,
					    COMMAND_DEALLOC_UAR,
					    COMMAND_DEALLOC_XRCD,
					    COMMAND_DEALLOC_TRANSPORT_DOMAIN };
	struct guest *g = *state;
	uint8_t in[16] = { 0 };

	for (unsigned int i = 0; i < sizeof(opcodes) / sizeof(opcodes[0]); i++) {
		store_be32(in, (uint32_t)opcodes[i] << 16);
		store_be32(in + 8, 0xfffff0);
		assert_int_equal(guest_command(g, in, sizeof(in), NULL, 4096),
				 STATUS_BAD_RESOURCE);
	}
}

static void object__in_use(void **state)
{
	struct guest *g = *state;
	struct guest_qp qp;

	guest_create_qp(g, &qp, SERVICE_RC, 0);
	assert_int_equal(guest_simple(g, COMMAND_DESTROY_CQ, destroy_cq_in_cqn,
				      g->cq.number),
			 STATUS_BAD_RESOURCE_STATE);
	assert_int_equal(guest_simple(g, COMMAND_DESTROY_QP, destroy_qp_in_qpn,
				      qp.number),
			 STATUS_OK);
	assert_int_equal(guest_simple(g, COMMAND_DESTROY_EQ, destroy_eq_in_eq_number,
				      g->events.number),
			 STATUS_BAD_RESOURCE_STATE);
	assert_int_equal(guest_simple(g, COMMAND_DESTROY_CQ, destroy_cq_in_cqn,
				      g->cq.number),
			 STATUS_OK);
}

static void qp__query(void **state)
{
	struct guest *g = *state;
	struct guest_pair pair = { .service = SERVICE_RC,
				   .rnr_retries = 5,
				   .retries = 3 };
	uint8_t in[16] = { 0 }, out[512] = { 0 };
	const uint8_t *c = const_block(out, query_qp_out_qpc);

	guest_connect(g, &pair);
	store_be32(in, COMMAND_QUERY_QP << 16);
	field_set(in, query_qp_in_qpn, pair.a.number);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	assert_int_equal(field_get(c, qpc_state), QP_RTS);
	assert_int_equal(field_get(c, qpc_remote_qpn), pair.b.number);
	assert_int_equal(field_get(c, qpc_rnr_retry), 5);
	assert_int_equal(field_get(c, qpc_retry_count), 3);
	assert_int_equal(field_get(const_block(c, qpc_primary_address_path), ads_rlid),
			 PORT_LID);
}

static void page_list__cut_short(void **state)
{
	struct guest *g = *state;
	uint8_t in[272 + 8] = { 0 }, *c = block(in, create_cq_in_cq_context);

	store_be32(in, COMMAND_CREATE_CQ << 16);
	field_set(c, cqc_log_cq_size, 20);
	field_set(c, cqc_c_eqn_or_apu_element, g->events.number);
	assert_int_equal(guest_command(g, in, sizeof(in), NULL, 16), STATUS_BAD_PARAM);
	field_set(c, cqc_log_cq_size, 31);
	assert_int_equal(guest_command(g, in, sizeof(in), NULL, 16), STATUS_BAD_PARAM);
}

/* The old buffer's last entry is for the change; the next one goes to the new buffer. */
static void cq__resized(void **state)
{
	struct guest *g = *state;
	struct guest_pair pair = { .service = SERVICE_RC };
	struct guest_work nop = { .opcode = OPCODE_NOP };
	uint64_t ring = guest_alloc(g, 2 * PAGE);
	uint8_t in[272 + 16] = { 0 }, *c = block(in, modify_cq_in_cq_context), cqe[64];

	guest_connect(g, &pair);
	store_be32(in, COMMAND_MODIFY_CQ << 16);
	store_be32(in + 4, 1);
	field_set(in, modify_cq_in_cqn, g->cq.number);
	field_set(c, cqc_log_cq_size, QUEUE_LOG + 1);
	store_be64(block(in, modify_cq_in_pas), ring);
	store_be64((uint8_t *)block(in, modify_cq_in_pas) + 8, ring + PAGE);
	assert_int_equal(guest_command(g, in, sizeof(in), NULL, 16), STATUS_OK);
	assert_true(guest_poll(g, &g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_RESIZED);
	guest_post(g, &pair.a, &nop);
	guest_run(g);
	assert_int_equal(field_get(guest_at(g, ring + 64), cqe_sop_drop_qpn),
			 pair.a.number);
}

/* What this process holds, in bytes: the second number of proc_pid_statm(5), in pages */
static uint64_t resident(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%*u %lu", &pages), 1);
	fclose(file);
	return (uint64_t)pages * PAGE;
}

/* A thousand of each fit into what the device may use for itself. */
static void object__many(void **state)
{
	struct guest *g = *state;
	struct guest_qp qp;
	uint64_t memory = guest_alloc(g, PAGE), next = g->next, before = resident();

	for (unsigned int i = 0; i < 1000; i++) {
		g->next = next; /* they may share their rings: nothing is posted */
		guest_create_qp(g, &qp, SERVICE_RC, 0);
		(void)guest_mkey(g, memory, 1, RIGHTS_ALL, MTT_READ);
	}
	assert_int_equal(g->dev->qps.count, 1000);
	assert_true(resident() - before < 64u << 20);
	assert_true(g->dev->translations < 1u << 20);
	device_reset(g->dev);
	assert_int_equal(g->dev->qps.count, 0);
}

/* A command is not refused for its length where it has what the driver sends. */
static void command__shortest(void **state)
{
	static const struct {
		uint16_t opcode;
		uint32_t in, out;
	} rows[] = {
		{ COMMAND_QUERY_HCA_CAP, 16, 4112 },
		{ COMMAND_SET_HCA_CAP, 4112, 8 },
		{ COMMAND_QUERY_ADAPTER, 16, 272 },
		{ COMMAND_CREATE_MKEY, 272, 16 },
		{ COMMAND_QUERY_MKEY, 16, 80 },
		{ COMMAND_DESTROY_MKEY, 16, 8 },
		{ COMMAND_QUERY_MKEY, 16, 80 },
		{ COMMAND_CREATE_EQ, 272, 16 },
		{ COMMAND_DESTROY_EQ, 16, 8 },
		{ COMMAND_QUERY_EQ, 16, 272 },
		{ COMMAND_CREATE_CQ, 272, 16 },
		{ COMMAND_DESTROY_CQ, 16, 8 },
		{ COMMAND_QUERY_CQ, 16, 272 },
		{ COMMAND_MODIFY_CQ, 272, 8 },
		{ COMMAND_CREATE_QP, 272, 16 },
		{ COMMAND_DESTROY_QP, 16, 8 },
		{ COMMAND_RST2INIT_QP, 256, 8 },
		{ COMMAND_2ERR_QP, 16, 8 },
		{ COMMAND_2RST_QP, 16, 8 },
		{ COMMAND_QUERY_QP, 16, 272 },
		{ COMMAND_MAD_IFC, 272, 272 },
		{ COMMAND_CREATE_XRC_SRQ, 272, 16 },
		{ COMMAND_DESTROY_XRC_SRQ, 16, 8 },
		{ COMMAND_QUERY_XRC_SRQ, 16, 272 },
		{ COMMAND_ARM_XRC_SRQ, 16, 8 },
		{ COMMAND_CREATE_DCT, 80, 16 },
		{ COMMAND_DESTROY_DCT, 16, 8 },
		{ COMMAND_DRAIN_DCT, 16, 8 },
		{ COMMAND_QUERY_DCT, 16, 80 },
		{ COMMAND_QUERY_HCA_VPORT_CONTEXT, 16, 272 },
		{ COMMAND_MODIFY_HCA_VPORT_CONTEXT, 272, 8 },
		{ COMMAND_QUERY_HCA_VPORT_GID, 16, 32 },
		{ COMMAND_QUERY_HCA_VPORT_PKEY, 16, 20 },
		{ COMMAND_ALLOC_Q_COUNTER, 16, 16 },
		{ COMMAND_DEALLOC_Q_COUNTER, 16, 8 },
		{ COMMAND_QUERY_Q_COUNTER, 32, 256 },
		{ COMMAND_ALLOC_PD, 12, 12 },
		{ COMMAND_DEALLOC_PD, 12, 8 },
		{ COMMAND_ALLOC_UAR, 12, 12 },
		{ COMMAND_DEALLOC_UAR, 12, 8 },
		{ COMMAND_ACCESS_REG, 16, 16 },
		{ COMMAND_ALLOC_XRCD, 12, 12 },
		{ COMMAND_DEALLOC_XRCD, 12, 8 },
		{ COMMAND_ALLOC_TRANSPORT_DOMAIN, 12, 12 },
		{ COMMAND_DEALLOC_TRANSPORT_DOMAIN, 12, 8 },
		{ COMMAND_CREATE_RMP, 272, 16 },
		{ COMMAND_MODIFY_RMP, 272, 8 },
		{ COMMAND_DESTROY_RMP, 16, 8 },
		{ COMMAND_QUERY_RMP, 16, 272 },
		{ COMMAND_DESTROY_UCTX, 16, 8 },
	};
	struct guest *g = *state;
	uint8_t in[4112] = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum command_status status;

		store_be32(in, (uint32_t)rows[i].opcode << 16);
		status = guest_command(g, in, rows[i].in, NULL, rows[i].out);
		assert_int_not_equal(status, STATUS_BAD_INPUT_LENGTH);
		assert_int_not_equal(status, STATUS_BAD_OUTPUT_LENGTH);
		assert_int_not_equal(status, STATUS_BAD_OPCODE);
		if (rows[i].in > 8)
			assert_int_equal(guest_command(g, in, rows[i].in - 1, NULL,
						       rows[i].out),
					 STATUS_BAD_INPUT_LENGTH);
		if (rows[i].out > 8)
			assert_int_equal(guest_command(g, in, rows[i].in, NULL,
						       rows[i].out - 1),
					 STATUS_BAD_OUTPUT_LENGTH);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(command__unknown),	    TEST(command__too_short),
		TEST(command__error),	    TEST(object__not_there),
		TEST(object__in_use),	    TEST(qp__query),
		TEST(page_list__cut_short), TEST(cq__resized),
		TEST(object__many),	    TEST(command__shortest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
