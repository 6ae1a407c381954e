// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* port.c - the one port: its context, GID and P_Key tables, registers, management */
#include "port/port.h"

#include "device/device.h"
#include "device/layout.h"

#include <string.h>

#define GUID	       0x0002c90300000001ull
#define NODE_GUID      (GUID - 1)
#define SUBNET_PREFIX  0xfe80000000000000ull
#define CAPABILITIES   0x2651e848u
#define CHANGEABLE     (1u << 16 | 1u << 20) /* IsCM and IsVendorClass supported */
#define VPORT_UP       4
#define PHYSICAL_UP    5
#define STATE_ACTIVE   4
#define SUBNET_TIMEOUT 18
#define GIDS	       8
#define PKEYS	       128
#define ALL_PKEYS      0xffff
#define MTU_BYTES      4096
#define WIDTH_4X       (1u << 2) /* MLX5_PTYS_WIDTH_4X, linux/mlx5/port.h */
#define SPEED_EDR      (1u << 5) /* as IB_SPEED_EDR */
#define REGISTER_READ  1

void port_gid(uint8_t gid[PORT_GID_BYTES])
{
	store_be64(gid, SUBNET_PREFIX);
	store_be64(gid + 8, GUID);
}

bool port_has_gid(const uint8_t gid[PORT_GID_BYTES])
{
	uint8_t own[PORT_GID_BYTES];

	port_gid(own);
	return !memcmp(own, gid, sizeof(own));
}

bool port_vector_has_route(const uint8_t *vector)
{
	return field_get(vector, av_extended) && field_get(vector, av_grh);
}

bool port_reached_by(const uint8_t *vector)
{
	return field_get(vector, av_rlid) == PORT_LID ||
	       (port_vector_has_route(vector) &&
		port_has_gid(const_block(vector, av_rgid)));
}

uint64_t port_mtu(struct device *dev)
{
	uint64_t mtu = MTU_BYTES;

	if (!behave(dev, BEHAVE_MTU))
		return mtu;
	while (mtu > behave_value(dev, BEHAVE_MTU))
		mtu /= 2;
	return mtu;
}

static enum command_status query_context(struct device *dev, struct command *cmd)
{
	uint8_t *c = block(cmd->out, query_hca_vport_context_out_hca_vport_context);

	field_set(c, hca_vport_context_port_physical_state, PHYSICAL_UP);
	field_set(c, hca_vport_context_port_state, STATE_ACTIVE);
	field_set(c, hca_vport_context_vport_state, VPORT_UP);
	field_set(c, hca_vport_context_system_image_guid, NODE_GUID);
	field_set(c, hca_vport_context_port_guid, GUID);
	field_set(c, hca_vport_context_node_guid, NODE_GUID);
	field_set(c, hca_vport_context_cap_mask1, CAPABILITIES | dev->port_capabilities);
	field_set(c, hca_vport_context_cap_mask1_field_select, CHANGEABLE);
	field_set(c, hca_vport_context_lid, PORT_LID);
	field_set(c, hca_vport_context_sm_lid, PORT_LID);
	field_set(c, hca_vport_context_subnet_timeout, SUBNET_TIMEOUT);
	return STATUS_OK;
}

/* The driver sets which management classes its host serves. */
static enum command_status modify_context(struct device *dev, struct command *cmd)
{
	const uint8_t *c =
		const_block(cmd->in, modify_hca_vport_context_in_hca_vport_context);
	uint32_t select =
		(uint32_t)field_get(c, hca_vport_context_cap_mask1_field_select);

	if (select & ~CHANGEABLE)
		return STATUS_BAD_PARAM;
	dev->port_capabilities &= ~select;
	dev->port_capabilities |= (uint32_t)field_get(c, hca_vport_context_cap_mask1) &
				  select;
	return STATUS_OK;
}

static enum command_status query_gid(struct device *dev, struct command *cmd)
{
	uint32_t index = (uint32_t)field_get(cmd->in, query_hca_vport_gid_in_gid_index);

	if (index >= GIDS)
		return STATUS_BAD_INDEX;
	field_set(cmd->out, query_hca_vport_gid_out_gids_num, 1);
	if (!index)
		port_gid(block(cmd->out, query_hca_vport_gid_out_gid));
	return STATUS_OK;
}

/* One P_Key of the table, or all of it. */
static enum command_status query_pkey(struct device *dev, struct command *cmd)
{
	uint32_t index = (uint32_t)field_get(cmd->in, query_hca_vport_pkey_in_pkey_index);

	if (index >= PKEYS && index != ALL_PKEYS)
		return STATUS_BAD_INDEX;
	if (!index || index == ALL_PKEYS)
		store_be32(block(cmd->out, query_hca_vport_pkey_out_pkey), PORT_PKEY);
	return STATUS_OK;
}

static void ptys(struct device *dev, uint8_t *reg)
{
	field_set(reg, ptys_reg_local_port, 1);
	field_set(reg, ptys_reg_proto_mask, 1);
	field_set(reg, ptys_reg_ib_link_width_capability, WIDTH_4X);
	field_set(reg, ptys_reg_ib_link_width_admin, WIDTH_4X);
	field_set(reg, ptys_reg_ib_link_width_oper, WIDTH_4X);
	field_set(reg, ptys_reg_ib_proto_capability, SPEED_EDR);
	field_set(reg, ptys_reg_ib_proto_admin, SPEED_EDR);
	field_set(reg, ptys_reg_ib_proto_oper, SPEED_EDR);
}

static void pmtu(struct device *dev, uint8_t *reg)
{
	uint64_t mtu = port_mtu(dev);

	field_set(reg, pmtu_reg_max_mtu, mtu);
	field_set(reg, pmtu_reg_admin_mtu, mtu);
	field_set(reg, pmtu_reg_oper_mtu, mtu);
}

static void pvlc(struct device *dev, uint8_t *reg)
{
	field_set(reg, pvlc_reg_vl_hw_cap, 1);
	field_set(reg, pvlc_reg_vl_admin, 1);
	field_set(reg, pvlc_reg_vl_operational, 1);
}

static void node_description(struct device *dev, uint8_t *reg)
{
	static const char text[] = "emulated ConnectX";

	memcpy(reg, text, sizeof(text));
}

/* Written only: the driver's byte order. Little-endian is all that is supported. */
static void host_endianness(struct device *dev, uint8_t *reg)
{
}

static const struct {
	uint16_t id;
	uint32_t bytes;
	void (*fill)(struct device *dev, uint8_t *reg);
} registers[] = {
	{ 0x5003, 16, pmtu },
	{ 0x5004, 64, ptys },
	{ 0x500f, 16, pvlc },
	{ 0x6001, 64, node_description },
	{ 0x7004, 16, host_endianness },
};

static enum command_status access_register(struct device *dev, struct command *cmd)
{
	uint16_t id = (uint16_t)field_get(cmd->in, access_register_in_register_id);
	const uint8_t *in = const_block(cmd->in, access_register_in_register_data);
	uint8_t *out = block(cmd->out, access_register_out_register_data);

	for (size_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++) {
		if (registers[i].id != id)
			continue;
		if (cmd->in_len < (uint64_t)(in - cmd->in) + registers[i].bytes ||
		    cmd->out_len < (uint64_t)(out - cmd->out) + registers[i].bytes)
			return STATUS_BAD_SIZE;
		if (cmd->op_mod == REGISTER_READ)
			registers[i].fill(dev, out);
		return STATUS_OK;
	}
	cmd->number = id;
	return STATUS_BAD_PARAM;
}

/* There is no subnet manager: a packet comes back as an unsupported request. */
static enum command_status mad_ifc(struct device *dev, struct command *cmd)
{
	uint8_t *mad = block(cmd->out, mad_ifc_out_response_mad_packet);

	memcpy(mad, const_block(cmd->in, mad_ifc_in_mad), mad_ifc_in_mad.width / 8);
	mad[3] = 0x81; /* GetResp */
	mad[5] = 0x0c; /* status: method and attribute not supported */
	return STATUS_OK;
}

const struct command_row port_commands[] = {
	COMMAND_ROW(MAD_IFC, mad_ifc, 272, 272),
	COMMAND_ROW(QUERY_HCA_VPORT_CONTEXT, query_context, 16, 272),
	COMMAND_ROW(MODIFY_HCA_VPORT_CONTEXT, modify_context, 272, 8),
	COMMAND_ROW(QUERY_HCA_VPORT_GID, query_gid, 16, 32),
	COMMAND_ROW(QUERY_HCA_VPORT_PKEY, query_pkey, 16, 20),
	COMMAND_ROW(ACCESS_REG, access_register, 16, 16),
	{ 0 },
};
