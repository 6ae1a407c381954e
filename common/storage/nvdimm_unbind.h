/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* nvdimm_unbind.h - the memory device that a file lies on, or that a DAX device is */
#ifndef ODPLAB_STORAGE_NVDIMM_UNBIND_H
#define ODPLAB_STORAGE_NVDIMM_UNBIND_H

/*
 * Takes the driver from the device, as if it were pulled out; whoever uses it loses it.
 * @fd: a file on it, or the DAX device. Returns 0 or -errno after one line.
 */
int nvdimm_unbind(int fd);

#endif
