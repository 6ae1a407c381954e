// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * cap_limits.c - capabilities that a device has less of by behaviour, and nothing else
 * less
 */
#include "cmd/caps.h"
#include "cmocka_all.h"
#include "injected_pair.h"

#include <string.h>

enum { GENERAL = 0x0, ODP = 0x4, GENERAL_2 = 0x40, CURRENT = 1 };

static void query(struct guest *g, uint16_t op_mod, uint8_t *caps)
{
	static uint8_t out[16 + CAPS_BYTES];
	uint8_t in[16] = { 0 };

	store_be32(in, COMMAND_QUERY_HCA_CAP << 16);
	in[7] = (uint8_t)op_mod;
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	memcpy(caps, block(out, query_hca_cap_out_capability), CAPS_BYTES);
}

/* Two lists of capabilities differ in these bits and nowhere else. */
static void differ_in(const uint8_t *before, const uint8_t *after, unsigned int bits)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < CAPS_BYTES; i++)
		n += (unsigned int)__builtin_popcount(before[i] ^ after[i]);
	assert_int_equal(n, bits);
}

/* How many bits of a service's operations each takes from both schemes */
static void limits__paging(void **state)
{
	static const struct {
		const char *name;
		const struct field *service;
		unsigned int bits;
	} rows[] = { { "no-odp-xrc", &odp_scheme_cap_xrc_odp_caps, 6 },
		     { "no-odp-dc", &odp_scheme_cap_dc_odp_caps, 5 },
		     { "no-odp-ud", &odp_scheme_cap_ud_odp_caps, 2 } };
	static uint8_t before[CAPS_BYTES], after[CAPS_BYTES];
	struct guest *g = *state;
	const uint8_t *at;

	query(g, ODP | CURRENT, before);
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(rules_on(&g->dev->behave, rows[i].name), 0);
		query(g, ODP | CURRENT, after);
		differ_in(before, after, 2 * rows[i].bits);
		query(g, ODP, after);
		at = const_block(after, odp_cap_memory_page_fault_scheme_cap);
		assert_int_equal(*(const uint8_t *)const_block(at, *rows[i].service), 0);
		assert_int_equal(rules_off(&g->dev->behave, "all"), 0);
	}
	assert_int_equal(rules_on(&g->dev->behave, "no-odp-srq"), 0);
	query(g, ODP | CURRENT, after);
	differ_in(before, after, 2 * 4);
	at = const_block(after, odp_cap_transport_page_fault_scheme_cap);
	assert_int_equal(field_get(const_block(at, odp_scheme_cap_rc_odp_caps),
				   odp_per_transport_service_cap_srq_receive),
			 0);
	assert_int_equal(rules_off(&g->dev->behave, "all"), 0);
	assert_int_equal(rules_on(&g->dev->behave, "no-odp-atomic"), 0);
	query(g, ODP | CURRENT, after);
	differ_in(before, after, 2 * 3);
	at = const_block(after, odp_cap_memory_page_fault_scheme_cap);
	assert_int_equal(field_get(const_block(at, odp_scheme_cap_rc_odp_caps),
				   odp_per_transport_service_cap_atomic),
			 0);
}

static void limits__general(void **state)
{
	static const struct {
		const char *text;
		const struct field *field;
		unsigned int value;
	} rows[] = {
		{ "no-odp-implicit", &cmd_hca_cap_fixed_buffer_size, 0 },
		{ "no-odp-large", &cmd_hca_cap_umr_extended_translation_offset, 0 },
		{ "max-msg:bytes=1048576", &cmd_hca_cap_log_max_msg, 20 },
		{ "max-msg:bytes=2097151", &cmd_hca_cap_log_max_msg, 20 },
		{ "max-msg:bytes=4096", &cmd_hca_cap_log_max_msg, 12 },
		{ "max-sges", &cmd_hca_cap_max_wqe_sz_rq, 64 },
		{ "max-sges:n=7", &cmd_hca_cap_max_wqe_sz_rq, 64 },
		{ "max-sges:n=8", &cmd_hca_cap_max_wqe_sz_rq, 128 },
		{ "max-request", &cmd_hca_cap_max_wqe_sz_sq, 256 },
		{ "max-request:bytes=300", &cmd_hca_cap_max_wqe_sz_sq, 300 },
		{ "no-windows", &cmd_hca_cap_imaicl, 0 },
	};
	static uint8_t before[CAPS_BYTES], after[CAPS_BYTES];
	struct guest *g = *state;

	query(g, GENERAL | CURRENT, before);
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(rules_on(&g->dev->behave, rows[i].text), 0);
		query(g, GENERAL | CURRENT, after);
		assert_int_equal(field_get(after, *rows[i].field), rows[i].value);
		assert_int_equal(rules_off(&g->dev->behave, "all"), 0);
		query(g, GENERAL | CURRENT, after);
		differ_in(before, after, 0);
	}
}

static void limits__general_2(void **state)
{
	static const struct {
		const char *text;
		unsigned int log;
	} rows[] = { { "max-page", 21 },
		     { "max-page:bytes=4194303", 21 },
		     { "max-page:bytes=1073741824", 30 } };
	static uint8_t before[CAPS_BYTES], after[CAPS_BYTES];
	struct guest *g = *state;

	query(g, GENERAL_2 | CURRENT, before);
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(rules_on(&g->dev->behave, rows[i].text), 0);
		query(g, GENERAL_2 | CURRENT, after);
		assert_int_equal(field_get(after,
					   cmd_hca_cap_2_max_mkey_log_entity_size_mtt),
				 rows[i].log);
		field_set(after, cmd_hca_cap_2_max_mkey_log_entity_size_mtt, 31);
		differ_in(before, after, 0);
	}
}

/* What the limit refuses is refused, and a byte less is not. */
static void max_msg__held(void **state)
{
	struct qp_pair *l =
		behaving_pair_new(SCHEME_MEMORY, "max-msg:bytes=5000", MAPPED, MAPPED);
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 5000);

	assert_int_equal(qp_pair_outcome(l, &k), 0);
	k.len++;
	assert_int_equal(qp_pair_outcome(l, &k), SYNDROME_LOCAL_LENGTH);
	assert_int_equal(l->to[5000], 0);
	injected_pair_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUEST_TEST(limits__paging),
		GUEST_TEST(limits__general),
		GUEST_TEST(limits__general_2),
		cmocka_unit_test(max_msg__held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
