// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* ofi_none.c - stand-in where libfabric is missing */
#include <errno.h>

#include "base/log.h"
#include "rdma/ofi/ofi.h"

const char *ofi_library(void)
{
	return "built without libfabric";
}

const char *ofi_version(void)
{
	return "";
}

/* As no device opens, nothing else of the table is ever asked for. */
static int ofi_device_open(struct rdma_device *device,
			   const struct rdma_device_spec *spec)
{
	return log_errno(
		EOPNOTSUPP,
		"--transport ofi: built without libfabric; install libfabric-dev and "
		"build again");
}

const struct rdma_transport ofi_transport = {
	.name = "ofi",
	.has_providers = true,
	.device_open = ofi_device_open,
};
