// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * vendor_error.c - what a device adds of its own to the status of a failed operation
 *
 * The vendor publishes no list. Here is only what public code or logs give a meaning to.
 */
#include "rdma/vendor_error.h"

#include <stdio.h>
#include <string.h>

#include "base/util.h"

static const struct {
	const char *driver;
	uint32_t code;
	const char *meaning;
} known[] = {
	/* logs of UCX: always together with MLX5_CQE_SYNDROME_TRANSPORT_RETRY_EXC_ERR */
	{ "mlx5", 0x81, "the peer did not answer" },
	/* UCX src/uct/ib/mlx5/ib_mlx5.h: UCT_IB_MLX5_CQE_VENDOR_SYND_ODP and _PSN */
	{ "mlx5", 0x93, "aborted by a page fault on demand" },
	{ "mlx5", 0x99, "aborted, as a packet came out of sequence" },
};

const char *vendor_error_text(const char *driver, uint32_t code,
			      char text[VENDOR_ERROR_TEXT])
{
	const char *meaning = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(known) && !meaning; i++)
		if (known[i].code == code && !strcmp(known[i].driver, driver))
			meaning = known[i].meaning;
	snprintf(text, VENDOR_ERROR_TEXT, "vendor error 0x%02x%s%s", code,
		 meaning ? ": " : "", meaning ? meaning : "");
	return text;
}
