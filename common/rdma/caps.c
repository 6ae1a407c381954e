// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* caps.c - ODP capabilities of a device */
#include "rdma/caps.h"

#include <stdio.h>

#include "base/util.h"

const char *qp_type_name(enum qp_type transport)
{
	static const char *const names[] = {
		[QP_RC] = "RC",	  [QP_UC] = "UC", [QP_UD] = "UD",
		[QP_XRC] = "XRC", [QP_DC] = "DC",
	};

	return names[transport];
}

const char *fault_scheme_name(enum fault_scheme scheme)
{
	static const char *const names[] = {
		[FAULT_SCHEME_UNKNOWN] = NULL,
		[FAULT_SCHEME_TRANSPORT] = "transport",
		[FAULT_SCHEME_MEMORY] = "memory",
	};

	return names[scheme];
}

char *odp_operations_text(uint32_t operations, char text[ODP_OPERATIONS_TEXT])
{
	static const char *const names[] = {
		"SEND",	  "RECV",     "WRITE", "READ",
		"ATOMIC", "SRQ_RECV", "FLUSH", "ATOMIC_WRITE"
	};

	size_t used = 0;

	snprintf(text, ODP_OPERATIONS_TEXT, "-");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (operations & 1u << i)
			used += (size_t)snprintf(text + used, ODP_OPERATIONS_TEXT - used,
						 "%s%s", used ? " " : "", names[i]);
	return text;
}
