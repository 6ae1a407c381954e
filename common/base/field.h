/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * field.h - fields of big-endian structures of a device, by descriptor
 *
 * As the mlx5 Programmer's Reference Manual numbers them: bit 0 is the most significant
 * bit of the first byte; a field of 64 bits begins at a byte, and no other crosses a
 * 32-bit word.
 */
#ifndef ODPLAB_BASE_FIELD_H
#define ODPLAB_BASE_FIELD_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

struct field {
	uint16_t offset, width; /* in bits */
};

static inline uint32_t load_be32(const void *from)
{
	uint32_t value;

	memcpy(&value, from, sizeof(value));
	return be32toh(value);
}

static inline uint64_t load_be64(const void *from)
{
	uint64_t value;

	memcpy(&value, from, sizeof(value));
	return be64toh(value);
}

static inline void store_be32(void *to, uint32_t value)
{
	value = htobe32(value);
	memcpy(to, &value, sizeof(value));
}

static inline void store_be64(void *to, uint64_t value)
{
	value = htobe64(value);
	memcpy(to, &value, sizeof(value));
}

static inline uint64_t field_mask(struct field f)
{
	return f.width == 64 ? UINT64_MAX : (1ull << f.width) - 1;
}

static inline uint64_t field_get(const void *structure, struct field f)
{
	const uint8_t *at = structure;

	if (f.width == 64)
		return load_be64(at + f.offset / 8);
	return load_be32(at + f.offset / 32 * 4) >> (32 - f.offset % 32 - f.width) &
	       field_mask(f);
}

/* Bits of @value beyond the field's width are dropped. */
static inline void field_set(void *structure, struct field f, uint64_t value)
{
	uint8_t *at = structure;
	unsigned int shift = 32u - f.offset % 32 - f.width;
	uint32_t word, mask;

	if (f.width == 64) {
		store_be64(at + f.offset / 8, value);
		return;
	}
	at += f.offset / 32 * 4;
	mask = (uint32_t)field_mask(f) << shift;
	word = load_be32(at) & ~mask;
	store_be32(at, word | ((uint32_t)value << shift & mask));
}

#endif
