/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* sge.h - a piece of a scatter list */
#ifndef ODPLAB_EMU_SGE_H
#define ODPLAB_EMU_SGE_H

#include <stdint.h>

struct sge {
	uint64_t addr;
	uint32_t len, key;
	const uint8_t *data; /* inline, in the work queue entry; NULL: under the key */
};

#endif
