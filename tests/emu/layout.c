// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * layout.c - every field of the emulated ConnectX lies where the kernel says, and so does what
 * odplab reads of a real one by DEVX, from a table of its own
 *
 * mlx5_ifc.h declares structures of one byte a bit, so that offsetof() and sizeof() are
 * first bit and width.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef HAVE_MLX5_IFC

typedef uint8_t u8;
typedef uint16_t __be16;
typedef uint32_t __be32;
typedef uint64_t __be64;
#define BIT(n)	   (1ull << (n))
#define BIT_ULL(n) (1ull << (n))
#define DECLARE_FLEX_ARRAY(type, name) \
	struct {                       \
		struct {               \
		} empty_##name;        \
		type name[];           \
	}
#include <mlx5_ifc.h>

struct row {
	const char *name;
	size_t offset, width, kernel_offset, kernel_width;
};

#define KERNEL(structure) struct mlx5_ifc_##structure##_bits
#define ROW(structure, field, offset, width)                                        \
	{ #structure "." #field, offset, width, offsetof(KERNEL(structure), field), \
	  sizeof(((KERNEL(structure) *)0)->field) },
/* an array without a length of its own has no size */
#define BLOCK_ROW(structure, field, offset, width) \
	{ #structure "." #field, offset, 0, offsetof(KERNEL(structure), field), 0 },

#define FIELD ROW
#define BLOCK BLOCK_ROW
static const struct row rows[] = {
#include "device/layout_device.def"
#include "device/layout_objects.def"
#include "rdma/verbs/devx_layout.def"
};

int main(void)
{
	unsigned int wrong = 0, n = sizeof(rows) / sizeof(rows[0]);

	for (unsigned int i = 0; i < n; i++) {
		const struct row *r = &rows[i];

		if (r->offset == r->kernel_offset && r->width == r->kernel_width)
			continue;
		printf("%s: bit 0x%zx, %zu wide; the kernel has 0x%zx, %zu\n", r->name,
		       r->offset, r->width, r->kernel_offset, r->kernel_width);
		wrong++;
	}
	printf("%u fields compared, %u wrong\n", n, wrong);
	return wrong ? 1 : 0;
}

#else

int main(void)
{
	puts("no linux-headers package is installed: nothing to compare with");
	return 77;
}

#endif
