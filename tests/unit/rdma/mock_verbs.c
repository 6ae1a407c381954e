// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mock_verbs.c - a libibverbs of two devices without a driver */
#include "mock_verbs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rdma/caps.h"
#include "rdma/verbs/devx.h"
#include "rdma/verbs/mlx5.h"

struct mock_verbs mock;

static struct verbs_context contexts[MOCK_DEVICES];
static struct ibv_device devices[MOCK_DEVICES];

bool mock_fails(void)
{
	if (++mock.calls != mock.fail_at)
		return false;
	errno = mock.error;
	return true;
}

bool mock_refuses(const struct ibv_qp_init_attr_ex *attr)
{
	mock.qps_asked++;
	if (attr->cap.max_inline_data <= mock.inline_bytes &&
	    attr->cap.max_send_sge <= mock.sges && attr->cap.max_recv_sge <= mock.sges)
		return false;
	errno = EINVAL;
	return true;
}

int mock_answer(void)
{
	return mock_fails() ? mock.error : 0;
}

void *mock_make(size_t size)
{
	if (mock_fails())
		return NULL;
	mock.open++;
	return calloc(1, size);
}

int mock_destroy(void *object)
{
	mock.open--;
	free(object);
	return 0;
}

static unsigned int number_of(const struct ibv_context *context)
{
	return context == &contexts[0].context ? 0 : 1;
}

static int query_device_ex(struct ibv_context *context,
			   const struct ibv_query_device_ex_input *input,
			   struct ibv_device_attr_ex *attr, size_t size)
{
	memset(attr, 0, size);
	if (mock.odp[number_of(context)]) {
		attr->odp_caps.general_caps = IBV_ODP_SUPPORT;
		attr->odp_caps.per_transport_caps.rc_odp_caps = IBV_ODP_SUPPORT_WRITE;
		attr->odp_caps.per_transport_caps.uc_odp_caps = IBV_ODP_SUPPORT_SEND;
		attr->odp_caps.per_transport_caps.ud_odp_caps = IBV_ODP_SUPPORT_RECV;
		attr->xrc_odp_caps = IBV_ODP_SUPPORT_READ;
	}
	return mock_answer();
}

const struct rdma_device_spec mock_spec = { .name = "mock1", .gid_index = -1 };

int mock_setup(void **state)
{
	mock_reset();
	return 0;
}

void mock_reset(void)
{
	mock = (struct mock_verbs){
		.devices = MOCK_DEVICES,
		.odp = { false, true },
		.active = { true, true },
		.gid_type = IBV_GID_TYPE_ROCE_V2,
		.sges = 30,
		.inline_bytes = 512,
	};
	for (unsigned int i = 0; i < MOCK_DEVICES; i++) {
		struct ibv_context *context = &contexts[i].context;

		snprintf(devices[i].name, sizeof(devices[i].name), "mock%u", i);
		snprintf(devices[i].dev_name, sizeof(devices[i].dev_name), "null");
		contexts[i] = (struct verbs_context){
			.query_device_ex = query_device_ex,
			.sz = sizeof(struct verbs_context),
		};
		context->device = &devices[i];
		context->abi_compat = __VERBS_ABI_IS_EXTENDED;
		mock_verbs_objects(&contexts[i]);
	}
}

/* ---- the library's functions ---- */

#undef ibv_query_port

struct ibv_device **ibv_get_device_list(int *n)
{
	struct ibv_device **list = mock_make((MOCK_DEVICES + 1) * sizeof(*list));

	for (unsigned int i = 0; list && i < mock.devices; i++)
		list[i] = &devices[i];
	return list;
}

void ibv_free_device_list(struct ibv_device **list)
{
	mock_destroy(list);
}

const char *ibv_get_device_name(struct ibv_device *device)
{
	return device->name;
}

struct ibv_context *ibv_open_device(struct ibv_device *device)
{
	if (mock_fails())
		return NULL;
	mock.open++;
	return &contexts[device == &devices[0] ? 0 : 1].context;
}

int ibv_close_device(struct ibv_context *context)
{
	mock.open--;
	return 0;
}

int ibv_query_device(struct ibv_context *context, struct ibv_device_attr *attr)
{
	*attr = (struct ibv_device_attr){ .fw_ver = "1.2.3",
					  .phys_port_cnt = 1,
					  .max_sge = (int)mock.sges,
					  .max_srq_sge = (int)mock.sges - 1,
					  .max_mr = 1000,
					  .device_cap_flags =
						  IBV_DEVICE_MEM_WINDOW_TYPE_2B };
	return mock_answer();
}

int ibv_query_port(struct ibv_context *context, uint8_t number,
		   struct _compat_ibv_port_attr *compat)
{
	struct ibv_port_attr attr = {
		.state = mock.active[number_of(context)] ? IBV_PORT_ACTIVE :
							   IBV_PORT_DOWN,
		.max_mtu = IBV_MTU_4096,
		.active_mtu = IBV_MTU_1024,
		.gid_tbl_len = 3,
		.lid = 7,
		.link_layer = mock.ethernet ? IBV_LINK_LAYER_ETHERNET :
					      IBV_LINK_LAYER_INFINIBAND,
	};

	/*
	 * the inline function hands over a whole struct ibv_port_attr of which this is a
	 * part
	 */
	memcpy(compat, &attr, offsetof(struct ibv_port_attr, port_cap_flags2));
	return mock_answer();
}

const char *ibv_port_state_str(enum ibv_port_state state)
{
	return state == IBV_PORT_ACTIVE ? "active" : "down";
}

int ibv_query_gid(struct ibv_context *context, uint8_t port, int index,
		  union ibv_gid *gid)
{
	memset(gid->raw, index, sizeof(gid->raw));
	return mock_answer();
}

/* Entry 2 has an IPv4 address. */
int _ibv_query_gid_ex(struct ibv_context *context, uint32_t port, uint32_t index,
		      struct ibv_gid_entry *entry, uint32_t flags, size_t size)
{
	memset(entry, 0, size);
	entry->gid_type = mock.gid_type;
	entry->gid_index = index;
	entry->ndev_ifindex = mock.netdev;
	entry->gid.raw[10] = entry->gid.raw[11] = index == 2 ? 0xff : 0;
	return mock.empty_gids >> index & 1 ? ENODATA : 0;
}

/* ---- what asks a real mlx5 device ---- */

int __wrap_mlx5_dc_odp_caps(struct ibv_context *context, uint32_t *caps);
int __wrap_mlx5_dc_odp_caps(struct ibv_context *context, uint32_t *caps)
{
	return -EOPNOTSUPP;
}

int __wrap_devx_odp_caps(struct ibv_context *context, struct hca_odp_caps *caps);
int __wrap_devx_odp_caps(struct ibv_context *context, struct hca_odp_caps *caps)
{
	caps->error = -EOPNOTSUPP;
	return caps->error;
}
