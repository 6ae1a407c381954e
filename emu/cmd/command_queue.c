// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* command_queue.c - the command interface: entries, mailboxes, dispatch */
#include "cmd/command_queue.h"

#include "base/log.h"
#include "base/util.h"
#include "cmd/caps.h"
#include "device/device.h"
#include "device/layout.h"
#include "device/trace.h"
#include "queue/eq.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define INLINE_BYTES  16
#define MAILBOX_DATA  512
#define MAILBOX_BYTES 576
#define ENTRY_BYTES   64
#define ENTRY_TYPE    7
/* What no command needs more of: a memory key with 16 Mi of translations */
#define MAX_BYTES  MiB(8)
#define OUT_HEADER 8

/* How an entry itself went, apart from its command */
enum delivery { DELIVERED = 0x0, BAD_LENGTH = 0x9, BAD_MAILBOX = 0x6, BAD_TYPE = 0xb };

static const struct command_row *const tables[] = {
	caps_commands, resource_commands, port_commands,    eq_commands,
	cq_commands,   mkey_commands,	  qp_commands,	    modify_commands,
	dct_commands,  srq_commands,	  counter_commands, fault_commands,
};

static const struct command_row *find_row(uint16_t opcode)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		for (const struct command_row *row = tables[i]; row->name; row++)
			if (row->opcode == opcode)
				return row;
	return NULL;
}

/* A buffer of at least @size zeros, kept for the next command. */
static int prepare(uint8_t **buffer, uint32_t *have, uint32_t size)
{
	if (*have < size) {
		uint8_t *larger = realloc(*buffer, size);

		if (!larger)
			return -ENOMEM;
		*buffer = larger;
		*have = size;
	}
	memset(*buffer, 0, size);
	return 0;
}

static uint64_t mailbox_address(const uint8_t *entry, struct field high, struct field low)
{
	return field_get(entry, high) << 32 | field_get(entry, low) << 9;
}

static int read_input(struct device *dev, const uint8_t *entry, uint8_t *in, uint32_t len)
{
	uint64_t at = mailbox_address(entry, cmd_queue_entry_input_mailbox_pointer_63_32,
				      cmd_queue_entry_input_mailbox_pointer_31_9);
	uint32_t done = (uint32_t)size_min(len, INLINE_BYTES);

	memcpy(in, const_block(entry, cmd_queue_entry_command_input_inline_data), done);
	while (done < len) {
		const uint8_t *mailbox = dma_at(&dev->dma, at, MAILBOX_BYTES, false);
		uint32_t n = (uint32_t)size_min(len - done, MAILBOX_DATA);

		if (!mailbox)
			return -EFAULT;
		memcpy(in + done, mailbox, n);
		done += n;
		at = field_get(mailbox, mailbox_next);
	}
	return 0;
}

static int write_output(struct device *dev, uint8_t *entry, const uint8_t *out,
			uint32_t len)
{
	uint64_t at = mailbox_address(entry, cmd_queue_entry_output_mailbox_pointer_63_32,
				      cmd_queue_entry_output_mailbox_pointer_31_9);
	uint32_t done = (uint32_t)size_min(len, INLINE_BYTES);

	memcpy(block(entry, cmd_queue_entry_command_output_inline_data), out, done);
	while (done < len) {
		uint8_t *mailbox = dma_at(&dev->dma, at, MAILBOX_BYTES, true);
		uint32_t n = (uint32_t)size_min(len - done, MAILBOX_DATA);

		if (!mailbox)
			return -EFAULT;
		memcpy(mailbox, out + done, n);
		done += n;
		at = field_get(mailbox, mailbox_next);
	}
	return 0;
}

static enum command_status dispatch(struct device *dev, struct command *cmd,
				    const struct command_row *row)
{
	if (!row) {
		log_warning("unknown command 0x%x (op_mod 0x%x): refused", cmd->opcode,
			    cmd->op_mod);
		return STATUS_BAD_OPCODE;
	}
	if (cmd->in_len < row->min_in)
		return STATUS_BAD_INPUT_LENGTH;
	if (cmd->out_len < row->min_out)
		return STATUS_BAD_OUTPUT_LENGTH;
	return row->handle(dev, cmd);
}

static void run_command(struct device *dev, struct command *cmd)
{
	const struct command_row *row;
	enum command_status status;

	cmd->opcode = (uint16_t)(load_be32(cmd->in) >> 16);
	cmd->op_mod = (uint16_t)load_be32(cmd->in + 4);
	row = find_row(cmd->opcode);
	status = dispatch(dev, cmd, row);
	dev->stats.commands++;
	if (status) {
		/* nothing of an answer but why there is none */
		memset(cmd->out, 0, cmd->out_len);
		store_be32(cmd->out + 4, (uint32_t)status << 16 | cmd->opcode);
		log_debug("command %s (0x%x) on %u: status 0x%x", row ? row->name : "?",
			  cmd->opcode, cmd->number, status);
	}
	cmd->out[0] = (uint8_t)status;
	trace(dev, "command", "\"opcode\":%u,\"name\":\"%s\",\"object\":%u,\"status\":%u",
	      cmd->opcode, row ? row->name : "unknown", cmd->number, status);
}

static enum delivery execute(struct device *dev, uint8_t *entry)
{
	struct command_queue *queue = &dev->commands;
	struct command cmd = {
		.in_len = (uint32_t)field_get(entry, cmd_queue_entry_input_length),
		.out_len = (uint32_t)field_get(entry, cmd_queue_entry_output_length),
	};

	if (field_get(entry, cmd_queue_entry_type) != ENTRY_TYPE)
		return BAD_TYPE;
	if (cmd.in_len < OUT_HEADER || cmd.in_len > MAX_BYTES ||
	    cmd.out_len < OUT_HEADER || cmd.out_len > MAX_BYTES)
		return BAD_LENGTH;
	/* the rows' least lengths count in 32-bit words that lie in the buffers */
	if (prepare(&queue->in, &queue->in_size, cmd.in_len + INLINE_BYTES) ||
	    prepare(&queue->out, &queue->out_size, cmd.out_len + INLINE_BYTES))
		return BAD_LENGTH;
	cmd.in = queue->in;
	cmd.out = queue->out;
	if (read_input(dev, entry, queue->in, cmd.in_len))
		return BAD_MAILBOX;
	run_command(dev, &cmd);
	return write_output(dev, entry, cmd.out, cmd.out_len) ? BAD_MAILBOX : DELIVERED;
}

static void run_entry(struct device *dev, unsigned int index)
{
	uint64_t at = dev->commands.addr + ((uint64_t)index << COMMAND_LOG_STRIDE);
	uint8_t *slot = dma_at(&dev->dma, at, ENTRY_BYTES, true);
	/* the event about a queue's own creation would come before the driver knows it */
	bool wanted = event_wanted(dev, EVENT_COMMAND);
	uint8_t entry[ENTRY_BYTES], data[EVENT_DATA_BYTES] = { 0 };
	enum delivery delivery;

	if (!slot) {
		log_error("command entry %u is out of reach", index);
		return;
	}
	memcpy(entry, slot, sizeof(entry));
	if (!field_get(entry, cmd_queue_entry_ownership))
		return;
	delivery = execute(dev, entry);
	field_set(entry, cmd_queue_entry_status, delivery);
	field_set(entry, cmd_queue_entry_ownership, 0);
	memcpy(slot + 32, entry + 32, ENTRY_BYTES - 33);
	__atomic_store_n(&slot[ENTRY_BYTES - 1], entry[ENTRY_BYTES - 1],
			 __ATOMIC_RELEASE);
	if (wanted) {
		field_set(data, eqe_cmd_vector, 1u << index);
		event_post(dev, EVENT_COMMAND, 0, data);
	}
}

void command_doorbell(struct device *dev, uint32_t vector)
{
	if (!dev->commands.addr)
		return;
	for (unsigned int i = 0; i < 1u << COMMAND_LOG_ENTRIES; i++)
		if (vector >> i & 1)
			run_entry(dev, i);
}

void command_queue_free(struct command_queue *queue)
{
	free(queue->in);
	free(queue->out);
	*queue = (struct command_queue){ 0 };
}
