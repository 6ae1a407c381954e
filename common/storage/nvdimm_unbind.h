/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* nvdimm_unbind.h - unbinds the driver of an NVDIMM */
#ifndef ODPLAB_STORAGE_NVDIMM_UNBIND_H
#define ODPLAB_STORAGE_NVDIMM_UNBIND_H

/*
 * Unbinds the driver from the device, as if it were removed; all its users lose it. @fd:
 * a file on it, or the DAX device. Returns 0 or -errno after one line.
 */
int nvdimm_unbind(int fd);

#endif
