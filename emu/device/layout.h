/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * layout.h - fields of the device's big-endian structures, by descriptor
 *
 * A field is a descriptor (first bit, width), and all fields are read and written by one
 * getter and one setter, so that a handler reads as the manual does:
 *
 *	field_get(qpc, qpc_remote_qpn)
 *	field_set(out, create_qp_out_qpn, number)
 *
 * Bit 0 is the most significant bit of the first byte. As the manual has it, a field of
 * 64 bits begins at a byte, and no other crosses a 32-bit word.
 */
#ifndef ODPLAB_EMU_LAYOUT_H
#define ODPLAB_EMU_LAYOUT_H

#include "base/field.h"

#define FIELD(structure, name, offset, width) \
	static const struct field structure##_##name = { offset, width };
#define BLOCK FIELD
#include "device/layout_device.def"
#include "device/layout_objects.def"
#include "device/layout_queues.def"
#undef FIELD
#undef BLOCK

/* Where a structure or an array within @structure begins. */
static inline void *block(void *structure, struct field f)
{
	return (uint8_t *)structure + f.offset / 8;
}

static inline const void *const_block(const void *structure, struct field f)
{
	return (const uint8_t *)structure + f.offset / 8;
}

#endif
