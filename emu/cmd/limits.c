// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* limits.c - by behaviour: capabilities that a device has less of, or not at all */
#include "cmd/limits.h"

#include "base/util.h"
#include "device/device.h"
#include "device/layout.h"

#define LOG_SEGMENT 4

static const struct field *const schemes[] = { &odp_cap_transport_page_fault_scheme_cap,
					       &odp_cap_memory_page_fault_scheme_cap };

static const struct field *const services[] = {
	&odp_scheme_cap_rc_odp_caps,
	&odp_scheme_cap_xrc_odp_caps,
	&odp_scheme_cap_dc_odp_caps,
	&odp_scheme_cap_ud_odp_caps,
};

/* Behaviours that take the operations of a service, or one operation of all of them */
static const struct {
	enum behaviour behaviour;
	const struct field *service;   /* NULL: of all */
	const struct field *operation; /* NULL: all */
} absent[] = {
	{ BEHAVE_NO_ODP_ATOMIC, NULL, &odp_per_transport_service_cap_atomic },
	{ BEHAVE_NO_ODP_SRQ, NULL, &odp_per_transport_service_cap_srq_receive },
	{ BEHAVE_NO_ODP_XRC, &odp_scheme_cap_xrc_odp_caps, NULL },
	{ BEHAVE_NO_ODP_DC, &odp_scheme_cap_dc_odp_caps, NULL },
	{ BEHAVE_NO_ODP_UD, &odp_scheme_cap_ud_odp_caps, NULL },
};

static void take_away(uint8_t *scheme, const struct field *service,
		      const struct field *operation)
{
	static const struct field *const operations[] = {
		&odp_per_transport_service_cap_send,
		&odp_per_transport_service_cap_receive,
		&odp_per_transport_service_cap_write,
		&odp_per_transport_service_cap_read,
		&odp_per_transport_service_cap_atomic,
		&odp_per_transport_service_cap_srq_receive,
	};

	for (size_t i = 0; i < ARRAY_SIZE(services); i++)
		for (size_t k = 0; k < ARRAY_SIZE(operations); k++)
			if ((!service || service == services[i]) &&
			    (!operation || operation == operations[k]))
				field_set(block(scheme, *services[i]), *operations[k], 0);
}

static void limit_paging(struct device *dev, uint8_t *image)
{
	for (size_t i = 0; i < ARRAY_SIZE(absent); i++)
		for (size_t k = 0; behave(dev, absent[i].behaviour) && k < 2; k++)
			take_away(block(image, *schemes[k]), absent[i].service,
				  absent[i].operation);
}

static unsigned int log2_floor(uint64_t value)
{
	return 63u - (unsigned int)__builtin_clzll(value);
}

static void limit_general(struct device *dev, uint8_t *image)
{
	if (behave(dev, BEHAVE_NO_ODP_IMPLICIT))
		field_set(image, cmd_hca_cap_fixed_buffer_size, 0);
	if (behave(dev, BEHAVE_NO_ODP_LARGE))
		field_set(image, cmd_hca_cap_umr_extended_translation_offset, 0);
	if (behave(dev, BEHAVE_MAX_MSG))
		field_set(image, cmd_hca_cap_log_max_msg,
			  log2_floor(behave_value(dev, BEHAVE_MAX_MSG)));
	/* drivers round a receive's entry up to a power of two */
	if (behave(dev, BEHAVE_MAX_SGES))
		field_set(image, cmd_hca_cap_max_wqe_sz_rq,
			  1u << (log2_floor(behave_value(dev, BEHAVE_MAX_SGES)) +
				 LOG_SEGMENT));
	if (behave(dev, BEHAVE_MAX_REQUEST))
		field_set(image, cmd_hca_cap_max_wqe_sz_sq,
			  behave_value(dev, BEHAVE_MAX_REQUEST));
	if (behave(dev, BEHAVE_NO_WINDOWS))
		field_set(image, cmd_hca_cap_imaicl, 0);
}

static void limit_general_2(struct device *dev, uint8_t *image)
{
	if (behave(dev, BEHAVE_MAX_PAGE))
		field_set(image, cmd_hca_cap_2_max_mkey_log_entity_size_mtt,
			  log2_floor(behave_value(dev, BEHAVE_MAX_PAGE)));
}

void limits_apply(struct device *dev, enum cap_type type, uint8_t *image)
{
	if (type == CAP_ODP)
		limit_paging(dev, image);
	else if (type == CAP_GENERAL)
		limit_general(dev, image);
	else if (type == CAP_GENERAL_2)
		limit_general_2(dev, image);
}
