/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * ofi.h - the libfabric transport, or its stand-in
 *
 * A device is a domain of one provider. Its queue pairs are endpoints of the type
 * FI_EP_MSG where the provider has them, else FI_EP_RDM.
 */
#ifndef ODPLAB_RDMA_OFI_OFI_H
#define ODPLAB_RDMA_OFI_OFI_H

#include "rdma/transport.h"

/* "libfabric", or why there is none */
const char *ofi_library(void);

/* "2.1"; "" where there is none */
const char *ofi_version(void);

#endif
