// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* port.c - the port: its context, tables and registers as the driver reads them */
#include "cmocka_all.h"

#include "guest.h"
#include "port/port.h"

#include <string.h>

#define GUID 0x0002c90300000001ull

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

static uint8_t *query(struct guest *g, uint16_t opcode, struct field field,
		      uint64_t value, enum command_status status)
{
	static uint8_t out[272];
	uint8_t in[272] = { 0 };

	store_be32(in, (uint32_t)opcode << 16);
	field_set(in, field, value);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), status);
	return out;
}

static void port__context(void **state)
{
	static const struct field none = { 0x40, 1 };
	uint8_t in[272] = { 0 },
		*change = block(in, modify_hca_vport_context_in_hca_vport_context);
	struct guest *g = *state;
	const uint8_t *c = block(query(g, COMMAND_QUERY_HCA_VPORT_CONTEXT, none, 0, 0),
				 query_hca_vport_context_out_hca_vport_context);

	assert_int_equal(field_get(c, hca_vport_context_port_physical_state), 5);
	assert_int_equal(field_get(c, hca_vport_context_port_state), 4);
	assert_int_equal(field_get(c, hca_vport_context_vport_state), 4);
	assert_int_equal(field_get(c, hca_vport_context_system_image_guid), GUID - 1);
	assert_int_equal(field_get(c, hca_vport_context_port_guid), GUID);
	assert_int_equal(field_get(c, hca_vport_context_node_guid), GUID - 1);
	assert_int_equal(field_get(c, hca_vport_context_lid), 1);
	assert_int_equal(field_get(c, hca_vport_context_sm_lid), 1);
	assert_int_equal(field_get(c, hca_vport_context_subnet_timeout), 18);
	assert_int_equal(field_get(c, hca_vport_context_cap_mask1), 0x2651e848);
	/* IsCM can be set, IsSM (bit 1) cannot */
	store_be32(in, COMMAND_MODIFY_HCA_VPORT_CONTEXT << 16);
	field_set(change, hca_vport_context_cap_mask1, ~0u);
	field_set(change, hca_vport_context_cap_mask1_field_select, 1u << 1);
	assert_int_equal(guest_command(g, in, sizeof(in), NULL, 16), STATUS_BAD_PARAM);
	field_set(change, hca_vport_context_cap_mask1_field_select, 1u << 20);
	assert_int_equal(guest_command(g, in, sizeof(in), NULL, 16), STATUS_OK);
	assert_int_equal(g->dev->port_capabilities, 1u << 20);
	field_set(change, hca_vport_context_cap_mask1, 0);
	assert_int_equal(guest_command(g, in, sizeof(in), NULL, 16), STATUS_OK);
	assert_int_equal(g->dev->port_capabilities, 0);
}

static void port__tables(void **state)
{
	struct guest *g = *state;
	uint8_t gid[PORT_GID_BYTES];
	const uint8_t *out;

	store_be64(gid, 0xfe80000000000000);
	store_be64(gid + 8, GUID);
	out = query(g, COMMAND_QUERY_HCA_VPORT_GID, query_hca_vport_gid_in_gid_index, 0,
		    STATUS_OK);
	assert_int_equal(field_get(out, query_hca_vport_gid_out_gids_num), 1);
	assert_memory_equal(const_block(out, query_hca_vport_gid_out_gid), gid, 16);
	out = query(g, COMMAND_QUERY_HCA_VPORT_GID, query_hca_vport_gid_in_gid_index, 7,
		    STATUS_OK);
	assert_int_equal(load_be64(const_block(out, query_hca_vport_gid_out_gid)), 0);
	query(g, COMMAND_QUERY_HCA_VPORT_GID, query_hca_vport_gid_in_gid_index, 8,
	      STATUS_BAD_INDEX);
	out = query(g, COMMAND_QUERY_HCA_VPORT_PKEY, query_hca_vport_pkey_in_pkey_index,
		    0, STATUS_OK);
	assert_int_equal(load_be32(const_block(out, query_hca_vport_pkey_out_pkey)),
			 0xffff);
	out = query(g, COMMAND_QUERY_HCA_VPORT_PKEY, query_hca_vport_pkey_in_pkey_index,
		    127, STATUS_OK);
	assert_int_equal(load_be32(const_block(out, query_hca_vport_pkey_out_pkey)), 0);
	query(g, COMMAND_QUERY_HCA_VPORT_PKEY, query_hca_vport_pkey_in_pkey_index, 128,
	      STATUS_BAD_INDEX);
	out = query(g, COMMAND_QUERY_HCA_VPORT_PKEY, query_hca_vport_pkey_in_pkey_index,
		    0xffff, STATUS_OK);
	assert_int_equal(load_be32(const_block(out, query_hca_vport_pkey_out_pkey)),
			 0xffff);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(port__context),
		TEST(port__tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
