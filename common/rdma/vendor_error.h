/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* vendor_error.h - what a device adds of its own to the status of a failed operation */
#ifndef ODPLAB_RDMA_VENDOR_ERROR_H
#define ODPLAB_RDMA_VENDOR_ERROR_H

#include <stdint.h>

/*
 * "vendor error 0x93: aborted by a page fault on demand"; of a code that has not been
 * published, the number alone. @driver: of the device, as rdma_device.driver. Returns
 * @text.
 */
#define VENDOR_ERROR_TEXT 96
const char *vendor_error_text(const char *driver, uint32_t code,
			      char text[VENDOR_ERROR_TEXT]);

#endif
