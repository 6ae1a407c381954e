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
	/* those that the driver may change: IsVendorClassSupported, IsCMSupported */
	assert_int_equal(field_get(c, hca_vport_context_cap_mask1_field_select),
			 1u << 20 | 1u << 16);
	/* IsCM can be set, IsSM (bit 1) cannot */
	store_be32(in, COMMAND_MODIFY_HCA_VPORT_CONTEXT << 16);
	field_set(change, hca_vport_context_cap_mask1, ~0u);
	field_set(change, hca_vport_context_cap_mask1_field_select, 1u << 1);
	assert_int_equal(guest_command(g, in, sizeof(in), NULL, 16), STATUS_BAD_PARAM);
	field_set(change, hca_vport_context_cap_mask1_field_select, 1u << 20);
	assert_int_equal(guest_command(g, in, sizeof(in), NULL, 16), STATUS_OK);
	assert_int_equal(g->dev->port_capabilities, 1u << 20);
	c = block(query(g, COMMAND_QUERY_HCA_VPORT_CONTEXT, none, 0, 0),
		  query_hca_vport_context_out_hca_vport_context);
	assert_int_equal(field_get(c, hca_vport_context_cap_mask1),
			 0x2651e848 | 1u << 20);
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

#define REGISTER_AT 16 /* bytes into input and output */

/* @bytes of a register, in input and output alike; READ is 1, WRITE 0. */
static enum command_status access_register(struct guest *g, uint16_t id,
					   unsigned int method, uint32_t bytes_in,
					   uint32_t bytes_out, uint8_t *content)
{
	uint8_t in[REGISTER_AT + 64] = { 0 }, out[REGISTER_AT + 64] = { 0 };
	enum command_status status;

	store_be32(in, COMMAND_ACCESS_REG << 16);
	store_be32(in + 4, method);
	field_set(in, access_register_in_register_id, id);
	status = guest_command(g, in, REGISTER_AT + bytes_in, out,
			       REGISTER_AT + bytes_out);
	memcpy(content, out + REGISTER_AT, bytes_out);
	return status;
}

static const uint8_t *read_register(struct guest *g, uint16_t id)
{
	static uint8_t content[64];

	memset(content, 0, sizeof(content));
	assert_int_equal(access_register(g, id, 1, 64, 64, content), STATUS_OK);
	return content;
}

/* By behaviour the port has a smaller MTU, which is a power of two. */
static void register__mtu(void **state)
{
	static const struct {
		const char *text;
		unsigned int mtu;
	} rows[] = { { "mtu", 256 },
		     { "mtu:bytes=1024", 1024 },
		     { "mtu:bytes=2047", 1024 } };
	struct guest *g = *state;

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const uint8_t *c;

		assert_int_equal(rules_on(&g->dev->behave, rows[i].text), 0);
		c = read_register(g, 0x5003);
		assert_int_equal(field_get(c, pmtu_reg_max_mtu), rows[i].mtu);
		assert_int_equal(field_get(c, pmtu_reg_admin_mtu), rows[i].mtu);
		assert_int_equal(field_get(c, pmtu_reg_oper_mtu), rows[i].mtu);
	}
}

/*
 * What the driver makes a port's attributes of: 4X at EDR, 4096 bytes, one virtual lane
 */
static void register__content(void **state)
{
	struct guest *g = *state;
	const uint8_t *c = read_register(g, 0x5004); /* MLX5_REG_PTYS */

	assert_int_equal(field_get(c, ptys_reg_local_port), 1);
	assert_int_equal(field_get(c, ptys_reg_proto_mask), 1); /* InfiniBand */
	assert_int_equal(field_get(c, ptys_reg_ib_link_width_capability), 1 << 2);
	assert_int_equal(field_get(c, ptys_reg_ib_link_width_admin), 1 << 2);
	assert_int_equal(field_get(c, ptys_reg_ib_link_width_oper), 1 << 2);
	assert_int_equal(field_get(c, ptys_reg_ib_proto_capability), 1 << 5);
	assert_int_equal(field_get(c, ptys_reg_ib_proto_admin), 1 << 5);
	assert_int_equal(field_get(c, ptys_reg_ib_proto_oper), 1 << 5);
	c = read_register(g, 0x5003); /* MLX5_REG_PMTU */
	assert_int_equal(field_get(c, pmtu_reg_max_mtu), 4096);
	assert_int_equal(field_get(c, pmtu_reg_admin_mtu), 4096);
	assert_int_equal(field_get(c, pmtu_reg_oper_mtu), 4096);
	c = read_register(g, 0x500f); /* MLX5_REG_PVLC */
	assert_int_equal(field_get(c, pvlc_reg_vl_hw_cap), 1);
	assert_int_equal(field_get(c, pvlc_reg_vl_admin), 1);
	assert_int_equal(field_get(c, pvlc_reg_vl_operational), 1);
	c = read_register(g, 0x6001); /* MLX5_REG_NODE_DESC */
	assert_string_equal((const char *)c, "emulated ConnectX");
	c = read_register(g, 0x7004); /* MLX5_REG_HOST_ENDIANNESS: little */
	assert_int_equal(load_be64(c), 0);
}

/* A register that does not fit is refused, and a write has no answer. */
static void register__access(void **state)
{
	static const struct {
		uint16_t id;
		uint32_t bytes;
	} rows[] = { { 0x5003, 16 },
		     { 0x5004, 64 },
		     { 0x500f, 16 },
		     { 0x6001, 64 },
		     { 0x7004, 16 } };
	static const uint8_t zeros[64];
	struct guest *g = *state;
	uint8_t content[64];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint16_t id = rows[i].id;
		uint32_t bytes = rows[i].bytes;

		assert_int_equal(access_register(g, id, 1, bytes - 1, bytes, content),
				 STATUS_BAD_SIZE);
		assert_int_equal(access_register(g, id, 1, bytes, bytes - 1, content),
				 STATUS_BAD_SIZE);
		assert_int_equal(access_register(g, id, 1, bytes, bytes, content),
				 STATUS_OK);
		assert_int_equal(access_register(g, id, 0, bytes, bytes, content),
				 STATUS_OK);
		assert_memory_equal(content, zeros, bytes);
	}
	assert_int_equal(access_register(g, 0x5002, 1, 64, 64, content),
			 STATUS_BAD_PARAM);
}

/*
 * The packet comes back as a response that this method and attribute are not supported.
 */
static void port__mad_refused(void **state)
{
	uint8_t in[16 + 256] = { 0 }, out[16 + 256] = { 0 };

	store_be32(in, COMMAND_MAD_IFC << 16);
	for (unsigned int i = 0; i < 256; i++)
		in[16 + i] = (uint8_t)(i + 0x40);
	assert_int_equal(guest_command(*state, in, sizeof(in), out, sizeof(out)),
			 STATUS_OK);
	in[16 + 3] = 0x81;
	in[16 + 5] = 0x0c;
	assert_memory_equal(out + 16, in + 16, 256);
}

/* By its LID, or by its GID where there is a global route header. */
static void port__reached(void **state)
{
	uint8_t vector[48] = { 0 };

	assert_false(port_reached_by(vector));
	port_gid(block(vector, av_rgid));
	assert_false(port_reached_by(vector));
	field_set(vector, av_grh, 1);
	/* the short form ends before it */
	assert_false(port_reached_by(vector));
	field_set(vector, av_extended, 1);
	assert_true(port_reached_by(vector));
	vector[47] ^= 1;
	assert_false(port_reached_by(vector));
	field_set(vector, av_rlid, 1);
	assert_true(port_reached_by(vector));
	field_set(vector, av_grh, 0);
	assert_true(port_reached_by(vector));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(port__context), TEST(port__tables),     TEST(register__content),
		TEST(register__mtu), TEST(register__access), TEST(port__mad_refused),
		TEST(port__reached),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
