/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * command.h - the command interface: a queue of entries, mailboxes, one handler an opcode
 */
#ifndef ODPLAB_EMU_COMMAND_H
#define ODPLAB_EMU_COMMAND_H

#include <stdint.h>

struct device;

enum command_opcode {
#define OPCODE(name, number) COMMAND_##name = number,
#include "device/opcodes.def"
#undef OPCODE
};

/* How a command ended, as the driver sees it */
enum command_status {
	STATUS_OK = 0x0,
	STATUS_INTERNAL = 0x1,
	STATUS_BAD_OPCODE = 0x2,
	STATUS_BAD_PARAM = 0x3,
	STATUS_BAD_SYSTEM_STATE = 0x4,
	STATUS_BAD_RESOURCE = 0x5,
	STATUS_BUSY = 0x6,
	STATUS_LIMIT = 0x8,
	STATUS_BAD_RESOURCE_STATE = 0x9,
	STATUS_BAD_INDEX = 0xa,
	STATUS_NO_RESOURCES = 0xf,
	STATUS_BAD_QP_STATE = 0x10,
	STATUS_BAD_SIZE = 0x40,
	STATUS_BAD_INPUT_LENGTH = 0x50,
	STATUS_BAD_OUTPUT_LENGTH = 0x51,
};

struct command {
	uint16_t opcode, op_mod;
	const uint8_t *in; /* zeros follow up to the row's least length */
	uint32_t in_len;
	uint8_t *out; /* zeros */
	uint32_t out_len;
	uint32_t number; /* of the object that it is about, for the trace */
};

/* One row for each opcode that the device knows; all others are BAD_OPCODE. */
struct command_row {
	uint16_t opcode;
	const char *name;
	enum command_status (*handle)(struct device *dev, struct command *cmd);
	uint32_t min_in, min_out;
};

#define COMMAND_ROW(name, handle, min_in, min_out) \
	{ COMMAND_##name, #name, handle, min_in, min_out }

/* Each noun's rows; a row without a name ends them. */
extern const struct command_row resource_commands[], port_commands[], eq_commands[],
	cq_commands[], mkey_commands[], qp_commands[], modify_commands[], dct_commands[],
	srq_commands[], counter_commands[], fault_commands[];

/* The status that -errno of an object's making stands for */
enum command_status command_error(int error);

struct command_queue {
	uint64_t addr; /* of the entries; 0 while the driver has given none */
	uint8_t *in, *out;
	uint32_t in_size, out_size;
};

#endif
