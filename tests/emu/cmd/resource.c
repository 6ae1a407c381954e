// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * resource.c - what the device reports of itself, and resources that are no more than a
 * number
 */
#include "cmocka_all.h"

#include "base/util.h"
#include "guest.h"

#include <string.h>

/* Both are 32 bits at the same place in all commands about such resources. */
#define NUMBER_AT 8
#define LIMIT	  64 /* of how many there may be; a table is not smaller */

static enum command_status ask(struct guest *g, uint16_t opcode, uint32_t number,
			       uint8_t *out, uint32_t out_len)
{
	uint8_t in[64] = { 0 };

	store_be32(in, (uint32_t)opcode << 16);
	store_be32(in + NUMBER_AT, number);
	return guest_command(g, in, sizeof(in), out, out_len);
}

/* The driver may choose interface step 0 or 1, of which it learns by a bit each. */
static void issi__chosen(void **state)
{
	struct guest *g = *state;
	uint8_t out[112];

	assert_int_equal(ask(g, COMMAND_SET_ISSI, 1, NULL, 8), STATUS_OK);
	assert_int_equal(ask(g, COMMAND_SET_ISSI, 2, NULL, 8), STATUS_BAD_PARAM);
	assert_int_equal(ask(g, COMMAND_QUERY_ISSI, 0, out, sizeof(out)), STATUS_OK);
	assert_int_equal(field_get(out, query_issi_out_current_issi), 1);
	assert_int_equal(field_get(out, query_issi_out_supported_issi_dw0), 3);
	assert_int_equal(ask(g, COMMAND_SET_ISSI, 0, NULL, 8), STATUS_OK);
	assert_int_equal(ask(g, COMMAND_QUERY_ISSI, 0, out, sizeof(out)), STATUS_OK);
	assert_int_equal(field_get(out, query_issi_out_current_issi), 0);
}

/* The adapter's name has the scheme. */
static void adapter__of_each_scheme(void **state)
{
	static const char *const names[] = {
		[SCHEME_MEMORY] = "EMU_MEMORY", [SCHEME_TRANSPORT] = "EMU_TRANSPORT"
	};

	for (enum scheme scheme = SCHEME_MEMORY; scheme <= SCHEME_TRANSPORT; scheme++) {
		struct guest *g = guest_new(scheme);
		uint8_t out[16 + 256] = { 0 };
		const uint8_t *a =
			const_block(out, query_adapter_out_query_adapter_struct);

		assert_int_equal(ask(g, COMMAND_QUERY_ADAPTER, 0, out, sizeof(out)),
				 STATUS_OK);
		assert_int_equal(field_get(a, query_adapter_param_block_ieee_vendor_id),
				 0x2c9);
		assert_int_equal(field_get(a, query_adapter_param_block_vsd_vendor_id),
				 0x15b3);
		assert_string_equal(const_block(a,
						query_adapter_param_block_vsd_contd_psid),
				    names[scheme]);
		guest_free(g);
	}
}

/* Older drivers leave no room for the null key: it is there whole, or not at all. */
static void special_contexts__keys(void **state)
{
	struct guest *g = *state;
	uint8_t out[32];

	assert_int_equal(ask(g, COMMAND_QUERY_SPECIAL_CONTEXTS, 0, out, 32), STATUS_OK);
	assert_int_equal(field_get(out, query_special_contexts_out_resd_lkey),
			 KEY_RESERVED);
	assert_int_equal(field_get(out, query_special_contexts_out_null_mkey), KEY_NULL);
	memset(out, 0, sizeof(out));
	assert_int_equal(ask(g, COMMAND_QUERY_SPECIAL_CONTEXTS, 0, out, 20), STATUS_OK);
	assert_int_equal(field_get(out, query_special_contexts_out_null_mkey), KEY_NULL);
	memset(out, 0, sizeof(out));
	assert_int_equal(ask(g, COMMAND_QUERY_SPECIAL_CONTEXTS, 0, out, 19), STATUS_OK);
	assert_int_equal(field_get(out, query_special_contexts_out_resd_lkey),
			 KEY_RESERVED);
	assert_int_equal(load_be32(out + 16), 0);
}

/*
 * Each kind gives out numbers of its own, as many as its limit, and takes each back once.
 */
static void numbers__of_each_kind(void **state)
{
	struct guest *g = *state;
	struct device *dev = g->dev;
	const struct {
		struct objects *table;
		uint16_t make, end;
	} rows[] = {
		{ &dev->pds, COMMAND_ALLOC_PD, COMMAND_DEALLOC_PD },
		{ &dev->uars, COMMAND_ALLOC_UAR, COMMAND_DEALLOC_UAR },
		{ &dev->xrcds, COMMAND_ALLOC_XRCD, COMMAND_DEALLOC_XRCD },
		{ &dev->domains, COMMAND_ALLOC_TRANSPORT_DOMAIN,
		  COMMAND_DEALLOC_TRANSPORT_DOMAIN },
		{ &dev->users, COMMAND_CREATE_UCTX, COMMAND_DESTROY_UCTX },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint32_t before = rows[i].table->count, numbers[LIMIT];
		uint8_t out[16];

		rows[i].table->limit = LIMIT;
		for (uint32_t n = before; n < LIMIT; n++) {
			assert_int_equal(ask(g, rows[i].make, 0, out, sizeof(out)),
					 STATUS_OK);
			numbers[n] = load_be32(out + NUMBER_AT);
			assert_non_null(objects_get(rows[i].table, numbers[n]));
		}
		assert_int_equal(ask(g, rows[i].make, 0, out, sizeof(out)), STATUS_LIMIT);
		assert_int_equal(ask(g, rows[i].end, numbers[before], NULL, 8),
				 STATUS_OK);
		assert_int_equal(ask(g, rows[i].end, numbers[before], NULL, 8),
				 STATUS_BAD_RESOURCE);
		assert_non_null(objects_get(rows[i].table, numbers[before + 1]));
		assert_int_equal(rows[i].table->count, LIMIT - 1);
	}
}

/* What the driver asks for at start and at the end, and needs nothing but a yes to */
static void device__started_and_ended(void **state)
{
	static const struct {
		uint16_t opcode;
		uint32_t in, out;
	} rows[] = {
		{ COMMAND_ENABLE_HCA, 12, 8 },
		{ COMMAND_QUERY_PAGES, 16, 16 },
		{ COMMAND_INIT_HCA, 16, 8 },
		{ COMMAND_TEARDOWN_HCA, 16, 8 },
		{ COMMAND_DISABLE_HCA, 12, 8 },
		{ COMMAND_SET_ISSI, 12, 8 },
		{ COMMAND_QUERY_ISSI, 12, 112 },
		{ COMMAND_QUERY_SPECIAL_CONTEXTS, 12, 16 },
		{ COMMAND_CREATE_UCTX, 64, 16 },
	};
	struct guest *g = *state;
	uint8_t in[64] = { 0 }, out[16];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		store_be32(in, (uint32_t)rows[i].opcode << 16);
		assert_int_equal(guest_command(g, in, rows[i].in, NULL, rows[i].out),
				 STATUS_OK);
		assert_int_equal(guest_command(g, in, rows[i].in - 1, NULL, rows[i].out),
				 STATUS_BAD_INPUT_LENGTH);
		if (rows[i].out > 8)
			assert_int_equal(guest_command(g, in, rows[i].in, NULL,
						       rows[i].out - 1),
					 STATUS_BAD_OUTPUT_LENGTH);
	}
	assert_int_equal(ask(g, COMMAND_QUERY_PAGES, 0, out, sizeof(out)), STATUS_OK);
	assert_int_equal(field_get(out, query_pages_out_num_pages), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUEST_TEST(issi__chosen),
		cmocka_unit_test(adapter__of_each_scheme),
		GUEST_TEST(special_contexts__keys),
		GUEST_TEST(numbers__of_each_kind),
		GUEST_TEST(device__started_and_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
