// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* caps.c - capabilities: what is reported, and what the driver may change */
#include "cmocka_all.h"

#include "base/util.h"
#include "guest.h"

#include <string.h>

#define CAPS_BYTES 4096
#define CURRENT	   1u /* in op_mod; 0: the most */

enum type {
	GENERAL = 0x0 << 1,
	ODP = 0x2 << 1,
	ATOMIC = 0x3 << 1,
	GENERAL_2 = 0x20 << 1
};

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

static enum command_status query(struct guest *g, unsigned int op_mod, uint8_t *caps)
{
	static uint8_t out[16 + CAPS_BYTES];
	uint8_t in[16] = { 0 };
	enum command_status status;

	store_be32(in, COMMAND_QUERY_HCA_CAP << 16);
	store_be32(in + 4, op_mod);
	status = guest_command(g, in, sizeof(in), out, sizeof(out));
	memcpy(caps, out + 16, CAPS_BYTES);
	return status;
}

/* Writes that byte to all of them. */
static enum command_status set_to(struct guest *g, unsigned int op_mod, int byte)
{
	static uint8_t in[16 + CAPS_BYTES];

	memset(in, byte, sizeof(in));
	store_be32(in, COMMAND_SET_HCA_CAP << 16);
	store_be32(in + 4, op_mod);
	return guest_command(g, in, sizeof(in), NULL, 16);
}

/* What drivers size their tables by, and what they may use */
static const struct {
	enum type type;
	const struct field *field;
	uint64_t value, after_set;
} rows[] = {
	{ GENERAL, &cmd_hca_cap_hca_cap_2, 1, 1 },
	{ GENERAL, &cmd_hca_cap_vhca_id, 1, 1 },
	{ GENERAL, &cmd_hca_cap_log_max_srq_sz, 15, 15 },
	{ GENERAL, &cmd_hca_cap_log_max_qp_sz, 15, 15 },
	{ GENERAL, &cmd_hca_cap_log_max_qp, 17, 31 },
	{ GENERAL, &cmd_hca_cap_log_max_srq, 16, 16 },
	{ GENERAL, &cmd_hca_cap_log_max_cq_sz, 22, 22 },
	{ GENERAL, &cmd_hca_cap_log_max_cq, 16, 16 },
	{ GENERAL, &cmd_hca_cap_log_max_eq_sz, 22, 22 },
	{ GENERAL, &cmd_hca_cap_log_max_mkey, 24, 24 },
	{ GENERAL, &cmd_hca_cap_log_max_eq, 7, 7 },
	{ GENERAL, &cmd_hca_cap_max_indirection, 4, 4 },
	{ GENERAL, &cmd_hca_cap_fixed_buffer_size, 1, 1 },
	{ GENERAL, &cmd_hca_cap_log_max_mrw_sz, 36, 36 },
	{ GENERAL, &cmd_hca_cap_umr_extended_translation_offset, 1, 1 },
	{ GENERAL, &cmd_hca_cap_null_mkey, 1, 1 },
	{ GENERAL, &cmd_hca_cap_log_max_klm_list_size, 16, 16 },
	{ GENERAL, &cmd_hca_cap_log_max_ra_req_dc, 4, 4 },
	{ GENERAL, &cmd_hca_cap_log_max_ra_res_dc, 4, 4 },
	{ GENERAL, &cmd_hca_cap_log_max_ra_req_qp, 7, 7 },
	{ GENERAL, &cmd_hca_cap_log_max_ra_res_qp, 7, 7 },
	{ GENERAL, &cmd_hca_cap_gid_table_size, 0, 0 },
	{ GENERAL, &cmd_hca_cap_pkey_table_size, 0, 0xffff },
	{ GENERAL, &cmd_hca_cap_retransmission_q_counters, 1, 1 },
	{ GENERAL, &cmd_hca_cap_max_qp_cnt, 128, 128 },
	{ GENERAL, &cmd_hca_cap_enhanced_error_q_counters, 1, 1 },
	{ GENERAL, &cmd_hca_cap_vport_group_manager, 1, 1 },
	{ GENERAL, &cmd_hca_cap_ib_virt, 1, 1 },
	{ GENERAL, &cmd_hca_cap_local_ca_ack_delay, 16, 16 },
	{ GENERAL, &cmd_hca_cap_port_type, 0, 0 },
	{ GENERAL, &cmd_hca_cap_num_ports, 1, 1 },
	{ GENERAL, &cmd_hca_cap_log_max_msg, 30, 30 },
	{ GENERAL, &cmd_hca_cap_cqe_version, 1, 1 },
	{ GENERAL, &cmd_hca_cap_umr_fence, 2, 2 },
	{ GENERAL, &cmd_hca_cap_atomic, 1, 1 },
	{ GENERAL, &cmd_hca_cap_cq_oi, 1, 1 },
	{ GENERAL, &cmd_hca_cap_cq_resize, 1, 1 },
	{ GENERAL, &cmd_hca_cap_cq_moderation, 1, 1 },
	{ GENERAL, &cmd_hca_cap_pg, 1, 1 },
	{ GENERAL, &cmd_hca_cap_block_lb_mc, 1, 1 },
	{ GENERAL, &cmd_hca_cap_cd, 1, 1 },
	{ GENERAL, &cmd_hca_cap_apm, 1, 1 },
	{ GENERAL, &cmd_hca_cap_imaicl, 1, 1 },
	{ GENERAL, &cmd_hca_cap_sho, 1, 1 },
	{ GENERAL, &cmd_hca_cap_umr_ptr_rlky, 1, 1 },
	{ GENERAL, &cmd_hca_cap_dct, 1, 1 },
	{ GENERAL, &cmd_hca_cap_xrc, 1, 1 },
	{ GENERAL, &cmd_hca_cap_ud, 1, 1 },
	{ GENERAL, &cmd_hca_cap_rc, 1, 1 },
	{ GENERAL, &cmd_hca_cap_uar_sz, 4, 4 },
	{ GENERAL, &cmd_hca_cap_log_pg_sz, 12, 12 },
	{ GENERAL, &cmd_hca_cap_log_bf_reg_size, 9, 9 },
	{ GENERAL, &cmd_hca_cap_max_wqe_sz_sq, 1024, 1024 },
	{ GENERAL, &cmd_hca_cap_max_wqe_sz_rq, 512, 512 },
	{ GENERAL, &cmd_hca_cap_log_max_transport_domain, 16, 16 },
	{ GENERAL, &cmd_hca_cap_log_max_pd, 16, 16 },
	{ GENERAL, &cmd_hca_cap_log_max_xrcd, 16, 16 },
	{ GENERAL, &cmd_hca_cap_log_max_uctx, 15, 15 },
	{ GENERAL, &cmd_hca_cap_log_max_rmp, 16, 16 },
	{ GENERAL, &cmd_hca_cap_log_max_wq_sz, 15, 15 },
	{ GENERAL, &cmd_hca_cap_device_frequency_khz, 1000000, 1000000 },
	{ GENERAL, &cmd_hca_cap_log_uar_page_sz, 0, 0xffff },
	{ GENERAL, &cmd_hca_cap_cmdif_checksum, 0, 3 },
	{ GENERAL_2, &cmd_hca_cap_2_umr_log_entity_size_5, 1, 1 },
	{ GENERAL_2, &cmd_hca_cap_2_max_mkey_log_entity_size_fixed_buffer, 40, 40 },
	{ GENERAL_2, &cmd_hca_cap_2_max_mkey_log_entity_size_mtt, 31, 31 },
	{ ATOMIC, &atomic_caps_supported_atomic_req_8B_endianness_mode_1, 1, 1 },
	{ ATOMIC, &atomic_caps_atomic_req_8B_endianness_mode, 0, 3 },
	{ ATOMIC, &atomic_caps_atomic_operations, 3, 3 },
	{ ATOMIC, &atomic_caps_atomic_size_qp, 8, 8 },
	{ ATOMIC, &atomic_caps_atomic_size_dc, 8, 8 },
};

static void caps__reported(void **state)
{
	static const unsigned int times[] = { 0, CURRENT };
	static uint8_t caps[CAPS_BYTES];
	struct guest *g = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (size_t k = 0; k < ARRAY_SIZE(times); k++) {
			assert_int_equal(query(g, rows[i].type | times[k], caps),
					 STATUS_OK);
			assert_int_equal(field_get(caps, *rows[i].field), rows[i].value);
		}
}

/* All ones are written: the current value of what can be set changes, until a reset. */
static void caps__set(void **state)
{
	static const enum type types[] = { GENERAL, GENERAL_2, ATOMIC, ODP };
	static uint8_t caps[CAPS_BYTES];
	struct guest *g = *state;

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		assert_int_equal(set_to(g, types[i], 0xff), STATUS_OK);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(query(g, rows[i].type | CURRENT, caps), STATUS_OK);
		assert_int_equal(field_get(caps, *rows[i].field),
				 rows[i].after_set & field_mask(*rows[i].field));
		assert_int_equal(query(g, rows[i].type, caps), STATUS_OK);
		assert_int_equal(field_get(caps, *rows[i].field), rows[i].value);
	}
}

/* All zeros are written: only what can be set becomes zero. */
static void caps__set_to_zero(void **state)
{
	static const enum type types[] = { GENERAL, GENERAL_2, ATOMIC };
	static uint8_t caps[CAPS_BYTES];
	struct guest *g = *state;

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		assert_int_equal(set_to(g, types[i], 0), STATUS_OK);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		bool kept = rows[i].after_set == rows[i].value;

		assert_int_equal(query(g, rows[i].type | CURRENT, caps), STATUS_OK);
		assert_int_equal(field_get(caps, *rows[i].field),
				 kept ? rows[i].value : 0);
	}
}

static void caps__unknown_type(void **state)
{
	static uint8_t caps[CAPS_BYTES];
	struct guest *g = *state;

	assert_int_equal(query(g, 0x1 << 1, caps), STATUS_BAD_PARAM);
	assert_int_equal(query(g, 0x21 << 1, caps), STATUS_BAD_PARAM);
	assert_int_equal(set_to(g, 0x4 << 1, 0xff), STATUS_BAD_PARAM);
}

/* Which operations may fault: bits send, receive, write, read, atomic, shared receive */
static unsigned int operations(const uint8_t *scheme, struct field service)
{
	static const struct field *const bits[] = {
		&odp_per_transport_service_cap_send,
		&odp_per_transport_service_cap_receive,
		&odp_per_transport_service_cap_write,
		&odp_per_transport_service_cap_read,
		&odp_per_transport_service_cap_atomic,
		&odp_per_transport_service_cap_srq_receive,
	};
	unsigned int found = 0;

	for (size_t i = 0; i < ARRAY_SIZE(bits); i++)
		found |= (unsigned int)field_get(const_block(scheme, service), *bits[i])
			 << i;
	return found;
}

static void check_services(const uint8_t *scheme, bool there)
{
	assert_int_equal(operations(scheme, odp_scheme_cap_rc_odp_caps),
			 there ? 0x3f : 0);
	assert_int_equal(operations(scheme, odp_scheme_cap_xrc_odp_caps),
			 there ? 0x3f : 0);
	assert_int_equal(operations(scheme, odp_scheme_cap_dc_odp_caps),
			 there ? 0x3d : 0);
	assert_int_equal(operations(scheme, odp_scheme_cap_ud_odp_caps),
			 there ? 0x21 : 0);
}

static void caps__on_demand_paging(void **state)
{
	static uint8_t caps[CAPS_BYTES];

	for (enum scheme scheme = SCHEME_MEMORY; scheme <= SCHEME_TRANSPORT; scheme++) {
		struct guest *g = guest_new(scheme);
		bool memory = scheme == SCHEME_MEMORY;
		const uint8_t *at;

		assert_int_equal(query(g, ODP | CURRENT, caps), STATUS_OK);
		assert_int_equal(field_get(caps, odp_cap_mem_page_fault), memory);
		check_services(const_block(caps, odp_cap_transport_page_fault_scheme_cap),
			       true);
		at = const_block(caps, odp_cap_memory_page_fault_scheme_cap);
		check_services(at, memory);
		assert_int_equal(field_get(at, odp_scheme_cap_page_prefetch), memory);
		guest_free(g);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(caps__reported),	      TEST(caps__set),
		TEST(caps__set_to_zero),      TEST(caps__unknown_type),
		TEST(caps__on_demand_paging),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
