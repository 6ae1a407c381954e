// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * caps.c - the device's capabilities, and those that the driver has set
 *
 * A capability that is not listed is 0: the driver then neither uses nor asks for it.
 */
#include "cmd/caps.h"

#include "base/util.h"
#include "cmd/command_queue.h"
#include "cmd/limits.h"
#include "device/device.h"
#include "device/layout.h"

#include <stdlib.h>
#include <string.h>

struct cap {
	const struct field *field;
	uint64_t value;
	bool settable; /* SET_HCA_CAP may change it */
};

static const struct cap general[] = {
	{ &cmd_hca_cap_hca_cap_2, 1, false },
	{ &cmd_hca_cap_vhca_id, 1, false },
	{ &cmd_hca_cap_log_max_srq_sz, 15, false },
	{ &cmd_hca_cap_log_max_qp_sz, 15, false },
	{ &cmd_hca_cap_log_max_qp, 17, true },
	{ &cmd_hca_cap_log_max_srq, 16, false },
	{ &cmd_hca_cap_log_max_cq_sz, 22, false },
	{ &cmd_hca_cap_log_max_cq, 16, false },
	{ &cmd_hca_cap_log_max_eq_sz, 22, false },
	{ &cmd_hca_cap_log_max_mkey, 24, false },
	{ &cmd_hca_cap_log_max_eq, 7, false },
	{ &cmd_hca_cap_max_indirection, 4, false },
	{ &cmd_hca_cap_fixed_buffer_size, 1, false },
	{ &cmd_hca_cap_log_max_mrw_sz, 36, false },
	{ &cmd_hca_cap_umr_extended_translation_offset, 1, false },
	{ &cmd_hca_cap_null_mkey, 1, false },
	{ &cmd_hca_cap_log_max_klm_list_size, 16, false },
	{ &cmd_hca_cap_log_max_ra_req_dc, 4, false },
	{ &cmd_hca_cap_log_max_ra_res_dc, 4, false },
	{ &cmd_hca_cap_log_max_ra_req_qp, 7, false },
	{ &cmd_hca_cap_log_max_ra_res_qp, 7, false },
	{ &cmd_hca_cap_gid_table_size, 0, false }, /* 8 */
	{ &cmd_hca_cap_pkey_table_size, 0, true }, /* 128 */
	{ &cmd_hca_cap_retransmission_q_counters, 1, false },
	{ &cmd_hca_cap_max_qp_cnt, 128, false },
	{ &cmd_hca_cap_enhanced_error_q_counters, 1, false },
	{ &cmd_hca_cap_vport_group_manager, 1, false },
	{ &cmd_hca_cap_ib_virt, 1, false },
	{ &cmd_hca_cap_local_ca_ack_delay, 16, false },
	{ &cmd_hca_cap_port_type, 0, false }, /* InfiniBand */
	{ &cmd_hca_cap_num_ports, 1, false },
	{ &cmd_hca_cap_log_max_msg, 30, false },
	{ &cmd_hca_cap_cqe_version, 1, false },
	{ &cmd_hca_cap_umr_fence, 2, false },
	{ &cmd_hca_cap_atomic, 1, false },
	{ &cmd_hca_cap_cq_oi, 1, false },
	{ &cmd_hca_cap_cq_resize, 1, false },
	{ &cmd_hca_cap_cq_moderation, 1, false },
	{ &cmd_hca_cap_pg, 1, false },
	{ &cmd_hca_cap_block_lb_mc, 1, false },
	{ &cmd_hca_cap_cd, 1, false },
	{ &cmd_hca_cap_apm, 1, false },
	{ &cmd_hca_cap_imaicl, 1, false },
	{ &cmd_hca_cap_sho, 1, false },
	{ &cmd_hca_cap_umr_ptr_rlky, 1, false },
	{ &cmd_hca_cap_dct, 1, false },
	{ &cmd_hca_cap_xrc, 1, false },
	{ &cmd_hca_cap_ud, 1, false },
	{ &cmd_hca_cap_rc, 1, false },
	{ &cmd_hca_cap_uar_sz, 4, false },
	{ &cmd_hca_cap_log_pg_sz, 12, false },
	{ &cmd_hca_cap_log_bf_reg_size, 9, false },
	{ &cmd_hca_cap_max_wqe_sz_sq, 1024, false },
	{ &cmd_hca_cap_max_wqe_sz_rq, 512, false },
	{ &cmd_hca_cap_log_max_transport_domain, 16, false },
	{ &cmd_hca_cap_log_max_pd, 16, false },
	{ &cmd_hca_cap_log_max_xrcd, 16, false },
	{ &cmd_hca_cap_log_max_uctx, 15, false },
	{ &cmd_hca_cap_log_max_rmp, 16, false },
	{ &cmd_hca_cap_log_max_wq_sz, 15, false },
	{ &cmd_hca_cap_device_frequency_khz, 1000000,
	  false }, /* time is in nanoseconds */
	{ &cmd_hca_cap_log_uar_page_sz, 0, true },
	{ &cmd_hca_cap_cmdif_checksum, 0, true },
};

static const struct cap general_2[] = {
	{ &cmd_hca_cap_2_umr_log_entity_size_5, 1, false },
	{ &cmd_hca_cap_2_max_mkey_log_entity_size_fixed_buffer, 40, false },
	{ &cmd_hca_cap_2_max_mkey_log_entity_size_mtt, 31, false },
};

static const struct cap atomics[] = {
	{ &atomic_caps_supported_atomic_req_8B_endianness_mode_1, 1, false },
	{ &atomic_caps_atomic_req_8B_endianness_mode, 0, true },
	{ &atomic_caps_atomic_operations, 3,
	  false }, /* compare and swap, fetch and add */
	{ &atomic_caps_atomic_size_qp, 8, false },
	{ &atomic_caps_atomic_size_dc, 8, false },
};

/* Which memory of a message of each service may fault */
static const struct {
	const struct field *service;
	const struct field *operations[6];
} odp[] = {
	{ &odp_scheme_cap_rc_odp_caps,
	  { &odp_per_transport_service_cap_send, &odp_per_transport_service_cap_receive,
	    &odp_per_transport_service_cap_write, &odp_per_transport_service_cap_read,
	    &odp_per_transport_service_cap_atomic,
	    &odp_per_transport_service_cap_srq_receive } },
	{ &odp_scheme_cap_xrc_odp_caps,
	  { &odp_per_transport_service_cap_send, &odp_per_transport_service_cap_receive,
	    &odp_per_transport_service_cap_write, &odp_per_transport_service_cap_read,
	    &odp_per_transport_service_cap_atomic,
	    &odp_per_transport_service_cap_srq_receive } },
	{ &odp_scheme_cap_dc_odp_caps,
	  { &odp_per_transport_service_cap_send, &odp_per_transport_service_cap_write,
	    &odp_per_transport_service_cap_read, &odp_per_transport_service_cap_atomic,
	    &odp_per_transport_service_cap_srq_receive } },
	{ &odp_scheme_cap_ud_odp_caps,
	  { &odp_per_transport_service_cap_send,
	    &odp_per_transport_service_cap_srq_receive } },
};

static void fill(uint8_t *image, const struct cap *caps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		field_set(image, *caps[i].field, caps[i].value);
}

static void fill_services(uint8_t *scheme)
{
	for (size_t i = 0; i < ARRAY_SIZE(odp); i++)
		for (size_t k = 0; k < ARRAY_SIZE(odp[i].operations); k++)
			if (odp[i].operations[k])
				field_set(block(scheme, *odp[i].service),
					  *odp[i].operations[k], 1);
}

/* A card with the memory scheme could do the other, too: libmlx5 only reads that one. */
static void fill_odp(uint8_t *image, enum scheme scheme)
{
	uint8_t *memory = block(image, odp_cap_memory_page_fault_scheme_cap);

	fill_services(block(image, odp_cap_transport_page_fault_scheme_cap));
	if (scheme == SCHEME_TRANSPORT)
		return;
	fill_services(memory);
	field_set(memory, odp_scheme_cap_page_prefetch, 1);
	field_set(image, odp_cap_mem_page_fault, 1);
}

struct caps *caps_new(const struct device *dev)
{
	struct caps *caps = calloc(1, sizeof(*caps));

	if (!caps)
		return NULL;
	fill(caps->max[CAP_GENERAL], general, ARRAY_SIZE(general));
	fill(caps->max[CAP_GENERAL_2], general_2, ARRAY_SIZE(general_2));
	fill(caps->max[CAP_ATOMIC], atomics, ARRAY_SIZE(atomics));
	fill_odp(caps->max[CAP_ODP], dev->config.scheme);
	caps_reset(caps);
	return caps;
}

void caps_reset(struct caps *caps)
{
	memcpy(caps->current, caps->max, sizeof(caps->current));
}

/*
 * The command's op_mod names type and, in its last bit, whether current values are meant.
 */
static int cap_type(const struct command *cmd)
{
	static const struct {
		unsigned int code;
		enum cap_type type;
	} types[] = { { 0x0, CAP_GENERAL },
		      { 0x2, CAP_ODP },
		      { 0x3, CAP_ATOMIC },
		      { 0x20, CAP_GENERAL_2 } };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (types[i].code == cmd->op_mod >> 1)
			return types[i].type;
	return -1;
}

static enum command_status query_hca_cap(struct device *dev, struct command *cmd)
{
	uint8_t *out = block(cmd->out, query_hca_cap_out_capability);
	int type = cap_type(cmd);

	cmd->number = cmd->op_mod;
	if (type < 0)
		return STATUS_BAD_PARAM;
	memcpy(out, cmd->op_mod & 1 ? dev->caps->current[type] : dev->caps->max[type],
	       CAPS_BYTES);
	limits_apply(dev, (enum cap_type)type, out);
	return STATUS_OK;
}

static enum command_status set_hca_cap(struct device *dev, struct command *cmd)
{
	static const struct {
		const struct cap *caps;
		size_t n;
	} tables[CAP_TYPES] = {
		[CAP_GENERAL] = { general, ARRAY_SIZE(general) },
		[CAP_ATOMIC] = { atomics, ARRAY_SIZE(atomics) },
	};
	const uint8_t *in = const_block(cmd->in, set_hca_cap_in_capability);
	int type = cap_type(cmd);

	cmd->number = cmd->op_mod;
	if (type < 0)
		return STATUS_BAD_PARAM;
	for (size_t i = 0; i < tables[type].n; i++)
		if (tables[type].caps[i].settable)
			field_set(dev->caps->current[type], *tables[type].caps[i].field,
				  field_get(in, *tables[type].caps[i].field));
	return STATUS_OK;
}

const struct command_row caps_commands[] = {
	COMMAND_ROW(QUERY_HCA_CAP, query_hca_cap, 16, 16 + CAPS_BYTES),
	COMMAND_ROW(SET_HCA_CAP, set_hca_cap, 16 + CAPS_BYTES, 8),
	{ 0 },
};
