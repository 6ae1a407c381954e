// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_told.c - steps that hold what verbs tell of the device against its own word */
#include "run/test.h"

void(expect_told)(struct test *t, enum odp_transport transport, uint32_t handed_on)
{
	const struct odp_caps *caps = &t->lab->device.caps;
	uint32_t told = caps->told.per_transport[transport] & handed_on;
	char by_device[ODP_OPERATIONS_TEXT], by_verbs[ODP_OPERATIONS_TEXT];

	odp_operations_text(told, by_device);
	odp_operations_text(caps->per_transport[transport], by_verbs);
	if (told != caps->per_transport[transport])
		test_fail(t, "on %s the device can fault for %s; verbs say %s",
			  transport_name(transport), by_device, by_verbs);
	test_note(t, "%s, in the %s scheme", by_device,
		  fault_scheme_name(caps->told.scheme));
}
