/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* version.h - what this program was built from */
#ifndef ODPLAB_BASE_VERSION_H
#define ODPLAB_BASE_VERSION_H

/* "0123456789ab", with "-dirty" where files were changed; "" where it is unknown. */
extern const char version_commit[];

#endif
