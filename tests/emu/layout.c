// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * layout.c - fields, opcodes and codes of the emulated ConnectX are those of the kernel
 *
 * So are the fields that odplab reads of a real card by DEVX, from a table of its own.
 * mlx5_ifc.h declares structures of one byte a bit, so that offsetof() and sizeof() are
 * first bit and width. device.h and cq.h need the rest of the kernel, so their enums are
 * read as text.
 */
#include "base/util.h"
#include "device/command.h"
#include "queue/cq.h"
#include "queue/eq.h"

#include <stdio.h>
#include <string.h>

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
#include "known_fields.def"
};

struct code {
	const char *name;
	unsigned int ours, kernel;
	bool found;
};

static const struct code opcodes[] = {
#define OPCODE(name, number) { #name, number, MLX5_CMD_OP_##name, true },
#include "device/opcodes.def"
#undef OPCODE
};

static struct code codes[] = {
	{ "CMD_STAT_OK", STATUS_OK, 0, false },
	{ "CMD_STAT_INT_ERR", STATUS_INTERNAL, 0, false },
	{ "CMD_STAT_BAD_OP_ERR", STATUS_BAD_OPCODE, 0, false },
	{ "CMD_STAT_BAD_PARAM_ERR", STATUS_BAD_PARAM, 0, false },
	{ "CMD_STAT_BAD_SYS_STATE_ERR", STATUS_BAD_SYSTEM_STATE, 0, false },
	{ "CMD_STAT_BAD_RES_ERR", STATUS_BAD_RESOURCE, 0, false },
	{ "CMD_STAT_RES_BUSY", STATUS_BUSY, 0, false },
	{ "CMD_STAT_LIM_ERR", STATUS_LIMIT, 0, false },
	{ "CMD_STAT_BAD_RES_STATE_ERR", STATUS_BAD_RESOURCE_STATE, 0, false },
	{ "CMD_STAT_IX_ERR", STATUS_BAD_INDEX, 0, false },
	{ "CMD_STAT_NO_RES_ERR", STATUS_NO_RESOURCES, 0, false },
	{ "CMD_STAT_BAD_QP_STATE_ERR", STATUS_BAD_QP_STATE, 0, false },
	{ "CMD_STAT_BAD_SIZE_OUTS_CQES_ERR", STATUS_BAD_SIZE, 0, false },
	{ "CMD_STAT_BAD_INP_LEN_ERR", STATUS_BAD_INPUT_LENGTH, 0, false },
	{ "CMD_STAT_BAD_OUTP_LEN_ERR", STATUS_BAD_OUTPUT_LENGTH, 0, false },
	{ "EVENT_TYPE_COMP", EVENT_COMPLETION, 0, false },
	{ "EVENT_TYPE_COMM_EST", EVENT_COMM_ESTABLISHED, 0, false },
	{ "EVENT_TYPE_CQ_ERROR", EVENT_CQ_ERROR, 0, false },
	{ "EVENT_TYPE_WQ_CATAS_ERROR", EVENT_WQ_FATAL, 0, false },
	{ "EVENT_TYPE_CMD", EVENT_COMMAND, 0, false },
	{ "EVENT_TYPE_PAGE_FAULT", EVENT_PAGE_FAULT, 0, false },
	{ "EVENT_TYPE_WQ_ACCESS_ERROR", EVENT_WQ_ACCESS, 0, false },
	{ "EVENT_TYPE_SRQ_LAST_WQE", EVENT_SRQ_LAST_WQE, 0, false },
	{ "EVENT_TYPE_SRQ_RQ_LIMIT", EVENT_SRQ_LIMIT, 0, false },
	{ "EVENT_TYPE_DCT_DRAINED", EVENT_DCT_DRAINED, 0, false },
	{ "EVENT_TYPE_DCT_KEY_VIOLATION", EVENT_DCT_KEY_VIOLATION, 0, false },
	{ "CQE_REQ", COMPLETION_SEND, 0, false },
	{ "CQE_RESP_WR_IMM", COMPLETION_WRITE_IMM, 0, false },
	{ "CQE_RESP_SEND", COMPLETION_RECEIVE, 0, false },
	{ "CQE_RESP_SEND_IMM", COMPLETION_RECEIVE_IMM, 0, false },
	{ "CQE_RESP_SEND_INV", COMPLETION_RECEIVE_INVALIDATE, 0, false },
	{ "CQE_RESIZE_CQ", COMPLETION_RESIZED, 0, false },
	{ "CQE_REQ_ERR", COMPLETION_SEND_ERROR, 0, false },
	{ "CQE_RESP_ERR", COMPLETION_RECEIVE_ERROR, 0, false },
	{ "CQE_SYNDROME_LOCAL_LENGTH_ERR", SYNDROME_LOCAL_LENGTH, 0, false },
	{ "CQE_SYNDROME_LOCAL_QP_OP_ERR", SYNDROME_LOCAL_OPERATION, 0, false },
	{ "CQE_SYNDROME_LOCAL_PROT_ERR", SYNDROME_LOCAL_PROTECTION, 0, false },
	{ "CQE_SYNDROME_WR_FLUSH_ERR", SYNDROME_FLUSHED, 0, false },
	{ "CQE_SYNDROME_MW_BIND_ERR", SYNDROME_BIND, 0, false },
	{ "CQE_SYNDROME_REMOTE_INVAL_REQ_ERR", SYNDROME_REMOTE_INVALID, 0, false },
	{ "CQE_SYNDROME_REMOTE_ACCESS_ERR", SYNDROME_REMOTE_ACCESS, 0, false },
	{ "CQE_SYNDROME_REMOTE_OP_ERR", SYNDROME_REMOTE_OPERATION, 0, false },
	{ "CQE_SYNDROME_TRANSPORT_RETRY_EXC_ERR", SYNDROME_RETRIES, 0, false },
	{ "CQE_SYNDROME_RNR_RETRY_EXC_ERR", SYNDROME_RNR_RETRIES, 0, false },
};

/* Looks for lines "MLX5_name = number," in a header. 0 or -1 with a line. */
static int read_codes(const char *path)
{
	FILE *f = fopen(path, "re");
	char line[512], name[64];
	int number;

	if (!f) {
		perror(path);
		return -1;
	}
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, " MLX5_%63[A-Z0-9_] = %i", name, &number) != 2)
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
			if (strcmp(codes[i].name, name))
				continue;
			codes[i].kernel = (unsigned int)number;
			codes[i].found = true;
		}
	}
	return fclose(f);
}

static unsigned int wrong_codes(const struct code *table, size_t n)
{
	unsigned int wrong = 0;

	for (size_t i = 0; i < n; i++) {
		if (table[i].found && table[i].ours == table[i].kernel)
			continue;
		if (table[i].found)
			printf("%s: 0x%x; the kernel has 0x%x\n", table[i].name,
			       table[i].ours, table[i].kernel);
		else
			printf("%s: not in the kernel's header\n", table[i].name);
		wrong++;
	}
	return wrong;
}

static unsigned int wrong_fields(void)
{
	unsigned int wrong = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *r = &rows[i];

		if (r->offset == r->kernel_offset && r->width == r->kernel_width)
			continue;
		printf("%s: bit 0x%zx, %zu wide; the kernel has 0x%zx, %zu\n", r->name,
		       r->offset, r->width, r->kernel_offset, r->kernel_width);
		wrong++;
	}
	return wrong;
}

int main(void)
{
	unsigned int wrong;

	if (read_codes(MLX5_HEADERS "/device.h") || read_codes(MLX5_HEADERS "/cq.h"))
		return 1;
	wrong = wrong_fields() + wrong_codes(opcodes, ARRAY_SIZE(opcodes)) +
		wrong_codes(codes, ARRAY_SIZE(codes));
	printf("%zu fields, %zu opcodes, %zu codes compared, %u wrong; %d fields are "
	       "newer "
	       "than the header\n",
	       ARRAY_SIZE(rows), ARRAY_SIZE(opcodes), ARRAY_SIZE(codes), wrong,
	       UNKNOWN_FIELDS);
	return wrong ? 1 : 0;
}

#else

int main(void)
{
	puts("no linux-headers package is installed: nothing to compare with");
	return 77;
}

#endif
