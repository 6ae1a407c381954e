// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * resource.c - commands about the device itself, and resources that are no more than a
 * number: UARs, protection domains, XRC and transport domains
 */
#include "device/device.h"
#include "device/layout.h"

#include <stdlib.h>
#include <string.h>

#define SUPPORTED_ISSIS 3 /* 0 and 1 */
#define VENDOR_ID	0x2c9
#define VSD_VENDOR	0x15b3

static enum command_status ok(struct device *dev, struct command *cmd)
{
	return STATUS_OK;
}

static enum command_status query_issi(struct device *dev, struct command *cmd)
{
	field_set(cmd->out, query_issi_out_current_issi, dev->issi);
	field_set(cmd->out, query_issi_out_supported_issi_dw0, SUPPORTED_ISSIS);
	return STATUS_OK;
}

static enum command_status set_issi(struct device *dev, struct command *cmd)
{
	uint64_t issi = field_get(cmd->in, set_issi_in_current_issi);

	if (issi > 1)
		return STATUS_BAD_PARAM;
	dev->issi = (uint16_t)issi;
	return STATUS_OK;
}

static enum command_status query_adapter(struct device *dev, struct command *cmd)
{
	static const char memory[] = "EMU_MEMORY", transport[] = "EMU_TRANSPORT";
	uint8_t *adapter = block(cmd->out, query_adapter_out_query_adapter_struct);
	bool by_memory = dev->config.scheme == SCHEME_MEMORY;

	field_set(adapter, query_adapter_param_block_ieee_vendor_id, VENDOR_ID);
	field_set(adapter, query_adapter_param_block_vsd_vendor_id, VSD_VENDOR);
	memcpy(block(adapter, query_adapter_param_block_vsd_contd_psid),
	       by_memory ? memory : transport,
	       by_memory ? sizeof(memory) : sizeof(transport));
	return STATUS_OK;
}

static enum command_status query_special(struct device *dev, struct command *cmd)
{
	field_set(cmd->out, query_special_contexts_out_resd_lkey, KEY_RESERVED);
	if (cmd->out_len >= query_special_contexts_out_null_mkey.offset / 8u + 4)
		field_set(cmd->out, query_special_contexts_out_null_mkey, KEY_NULL);
	return STATUS_OK;
}

/* Allocation and release, of any kind; @field holds the number. */
static enum command_status allocate(struct objects *table, struct command *cmd,
				    struct field field)
{
	struct object *object = calloc(1, sizeof(*object));
	int ret;

	if (!object)
		return STATUS_NO_RESOURCES;
	ret = objects_add(table, object);
	if (ret) {
		free(object);
		return command_error(ret);
	}
	cmd->number = object->number;
	field_set(cmd->out, field, object->number);
	return STATUS_OK;
}

static enum command_status release(struct objects *table, struct command *cmd,
				   struct field field)
{
	struct object *object;

	cmd->number = (uint32_t)field_get(cmd->in, field);
	object = objects_get(table, cmd->number);
	if (!object)
		return STATUS_BAD_RESOURCE;
	objects_remove(table, object);
	free(object);
	return STATUS_OK;
}

#define RESOURCE(kind, table, out, in)                                                 \
	static enum command_status new_##kind(struct device *dev, struct command *cmd) \
	{                                                                              \
		return allocate(&dev->table, cmd, out);                                \
	}                                                                              \
	static enum command_status end_##kind(struct device *dev, struct command *cmd) \
	{                                                                              \
		return release(&dev->table, cmd, in);                                  \
	}

RESOURCE(pd, pds, alloc_pd_out_pd, dealloc_pd_in_pd)
RESOURCE(uar, uars, alloc_uar_out_uar, dealloc_uar_in_uar)
RESOURCE(xrcd, xrcds, alloc_xrcd_out_xrcd, dealloc_xrcd_in_xrcd)
RESOURCE(domain, domains, alloc_transport_domain_out_transport_domain,
	 dealloc_transport_domain_in_transport_domain)
/* a user that sends commands of its own through the driver (DEVX) */
RESOURCE(user, users, create_uctx_out_uid, destroy_uctx_in_uid)

const struct command_row resource_commands[] = {
	COMMAND_ROW(QUERY_ADAPTER, query_adapter, 16, 272),
	COMMAND_ROW(INIT_HCA, ok, 16, 8),
	COMMAND_ROW(TEARDOWN_HCA, ok, 16, 8),
	COMMAND_ROW(ENABLE_HCA, ok, 12, 8),
	COMMAND_ROW(DISABLE_HCA, ok, 12, 8),
	COMMAND_ROW(QUERY_PAGES, ok, 16, 16), /* the device needs none of the host's */
	COMMAND_ROW(QUERY_ISSI, query_issi, 12, 112),
	COMMAND_ROW(SET_ISSI, set_issi, 12, 8),
	COMMAND_ROW(QUERY_SPECIAL_CONTEXTS, query_special, 12, 16),
	COMMAND_ROW(ALLOC_PD, new_pd, 12, 12),
	COMMAND_ROW(DEALLOC_PD, end_pd, 12, 8),
	COMMAND_ROW(ALLOC_UAR, new_uar, 12, 12),
	COMMAND_ROW(DEALLOC_UAR, end_uar, 12, 8),
	COMMAND_ROW(ALLOC_XRCD, new_xrcd, 12, 12),
	COMMAND_ROW(DEALLOC_XRCD, end_xrcd, 12, 8),
	COMMAND_ROW(ALLOC_TRANSPORT_DOMAIN, new_domain, 12, 12),
	COMMAND_ROW(DEALLOC_TRANSPORT_DOMAIN, end_domain, 12, 8),
	COMMAND_ROW(CREATE_UCTX, new_user, 64, 16),
	COMMAND_ROW(DESTROY_UCTX, end_user, 16, 8),
	{ 0 },
};
