// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * command_queue.c - entries of the command queue: which are executed, how they are
 * answered
 */
#include "cmocka_all.h"

#include "base/util.h"
#include "device/trace.h"
#include "guest.h"
#include "queue/eq.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ENTRY	64u
#define ENTRIES 32u
#define DATA	512u	/* of a mailbox */
#define AWAY	0x20000 /* no such memory */

/* How an entry went (PRM, "Command Queue Entry", status: delivery) */
enum { DELIVERED = 0x0, BAD_MAILBOX = 0x6, BAD_LENGTH = 0x9, BAD_TYPE = 0xb };

static uint8_t *entry_at(struct guest *g, unsigned int index)
{
	return guest_at(g, g->commands + index * ENTRY);
}

/* An entry that the device owns: a command without mailboxes */
static uint8_t *put(struct guest *g, unsigned int index, uint16_t opcode,
		    uint32_t out_len)
{
	uint8_t *entry = entry_at(g, index);

	memset(entry, 0, ENTRY);
	field_set(entry, cmd_queue_entry_type, 7);
	field_set(entry, cmd_queue_entry_input_length, 16);
	field_set(entry, cmd_queue_entry_output_length, out_len);
	store_be32(block(entry, cmd_queue_entry_command_input_inline_data),
		   (uint32_t)opcode << 16);
	field_set(entry, cmd_queue_entry_ownership, 1);
	return entry;
}

static void ring(struct guest *g, uint32_t vector)
{
	uint8_t bell[4];

	store_be32(bell, vector);
	bar_write(g->dev, 0x18, bell, sizeof(bell));
}

static unsigned int run(struct guest *g, uint8_t *entry)
{
	field_set(entry, cmd_queue_entry_ownership, 1);
	ring(g, 1);
	assert_int_equal(field_get(entry, cmd_queue_entry_ownership), 0);
	return (unsigned int)field_get(entry, cmd_queue_entry_status);
}

static unsigned int status_of(const uint8_t *entry)
{
	const uint8_t *out =
		const_block(entry, cmd_queue_entry_command_output_inline_data);

	return out[0];
}

static void entry__of_another_type(void **state)
{
	struct guest *g = *state;
	uint8_t *entry = put(g, 0, COMMAND_ALLOC_PD, 16);
	unsigned int before = g->dev->pds.count;

	field_set(entry, cmd_queue_entry_type, 6);
	assert_int_equal(run(g, entry), BAD_TYPE);
	assert_int_equal(g->dev->pds.count, before);
}

/* From a header to what a memory key of 16 Mi translations needs */
static void entry__lengths(void **state)
{
	static const struct {
		uint32_t in, out;
		unsigned int delivery;
	} rows[] = {
		{ 16, 16, DELIVERED },
		{ 8, 8, DELIVERED },
		{ 7, 16, BAD_LENGTH },
		{ 16, 7, BAD_LENGTH },
		{ 0, 16, BAD_LENGTH },
		{ 16, 0, BAD_LENGTH },
		{ (8 << 20) + 1, 16, BAD_LENGTH },
		{ 16, (8 << 20) + 1, BAD_LENGTH },
		{ UINT32_MAX, 16, BAD_LENGTH },
		{ 16, UINT32_MAX, BAD_LENGTH },
		/* these are short of mailboxes, not too long */
		{ 8 << 20, 16, BAD_MAILBOX },
		{ 16, 8 << 20, BAD_MAILBOX },
	};
	struct guest *g = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t *entry = put(g, 0, COMMAND_INIT_HCA, rows[i].out);

		field_set(entry, cmd_queue_entry_input_length, rows[i].in);
		assert_int_equal(run(g, entry), rows[i].delivery);
	}
}

/* A chain of mailboxes that leads out of memory, of the output and of the input */
static void mailbox__out_of_reach(void **state)
{
	struct guest *g = *state;
	uint8_t *entry = put(g, 0, COMMAND_QUERY_HCA_CAP, 16 + 2 * DATA);
	uint64_t first = guest_alloc(g, PAGE), second = first + 1024;

	store_be64(entry + 48, first);
	field_set(guest_at(g, first), mailbox_next, AWAY);
	assert_int_equal(run(g, entry), BAD_MAILBOX);
	field_set(guest_at(g, first), mailbox_next, second);
	assert_int_equal(run(g, entry), DELIVERED);
	entry = put(g, 0, COMMAND_CREATE_MKEY, 16);
	field_set(entry, cmd_queue_entry_input_length, 16 + DATA + 1);
	store_be64(entry + 8, first);
	field_set(guest_at(g, first), mailbox_next, AWAY);
	assert_int_equal(run(g, entry), BAD_MAILBOX);
	assert_int_equal(g->dev->mkeys.count, 0);
	field_set(guest_at(g, first), mailbox_next, second);
	assert_int_equal(run(g, entry), DELIVERED);
}

/* Above 4 GiB: the device need only read the input's, and must write the output's. */
static void mailbox__read_only(void **state)
{
	struct guest *g = *state;
	uint64_t at = 0x7654321200ull & ~(uint64_t)(PAGE - 1);
	int fd = memfd_create("mailbox", MFD_CLOEXEC);
	uint8_t *entry = put(g, 0, COMMAND_CREATE_MKEY, 16);
	uint8_t word[4] = { 0 };

	assert_int_equal(ftruncate(fd, PAGE), 0);
	/* the key's access mode of lists, in the first word of its context */
	store_be32(word, 2u << 8);
	assert_int_equal(pwrite(fd, word, sizeof(word), 0x200), sizeof(word));
	assert_int_equal(dma_map(&g->dev->dma, at, PAGE, fd, 0, false), 0);
	close(fd);
	field_set(entry, cmd_queue_entry_input_length, 272);
	store_be64(entry + 8, at + 0x200);
	assert_int_equal(run(g, entry), DELIVERED);
	assert_int_equal(status_of(entry), STATUS_OK);
	entry = put(g, 0, COMMAND_QUERY_HCA_CAP, 16 + DATA);
	store_be64(entry + 48, at + 0x200);
	assert_int_equal(run(g, entry), BAD_MAILBOX);
}

/* Only the entries of the doorbell's vector, and of these only what the device owns */
static void doorbell__chosen_entries(void **state)
{
	struct guest *g = *state;
	unsigned int before = g->dev->pds.count;

	for (unsigned int i = 0; i <= ENTRIES; i++) /* and what is no entry any more */
		put(g, i, COMMAND_ALLOC_PD, 16);
	field_set(entry_at(g, 4), cmd_queue_entry_ownership, 0);
	ring(g, 1u << 31 | 1u << 4 | 1u << 1);
	assert_int_equal(g->dev->pds.count, before + 2);
	for (unsigned int i = 0; i < ENTRIES; i++)
		assert_int_equal(field_get(entry_at(g, i), cmd_queue_entry_ownership),
				 i != 1 && i != 4 && i != 31);
	ring(g, ~0u);
	assert_int_equal(g->dev->pds.count, before + ENTRIES - 1);
	assert_int_equal(field_get(entry_at(g, ENTRIES), cmd_queue_entry_ownership), 1);
}

/* The driver's half stays as it is; of the device's all is written. */
static void entry__halves(void **state)
{
	struct guest *g = *state;
	uint8_t *entry = put(g, 0, COMMAND_ALLOC_PD, 16), before[ENTRY];

	entry[1] = 0x5a;
	memset(entry + 32, 0xff, 16);
	field_set(entry, cmd_queue_entry_token, 0x77);
	memcpy(before, entry, ENTRY);
	assert_int_equal(run(g, entry), DELIVERED);
	assert_memory_equal(entry, before, 32);
	assert_memory_equal(entry + 48, before + 48, 15);
	assert_int_equal(entry[63], 0);
	assert_int_equal(status_of(entry), STATUS_OK);
	assert_memory_equal(entry + 33, "\0\0\0\0\0", 3);
	assert_int_equal(load_be32(entry + 32 + 12), 0);
}

/*
 * What fails has an answer of status and opcode only, also after one that filled the
 * buffer.
 */
static void answer__of_a_failure(void **state)
{
	struct guest *g = *state;
	uint8_t in[16] = { 0 }, out[64], expected[64] = { 0 };

	store_be32(in, COMMAND_QUERY_HCA_CAP << 16);
	store_be32(in + 4, 1);
	assert_int_equal(guest_command(g, in, sizeof(in), NULL, 4112), STATUS_OK);
	store_be32(in, COMMAND_QUERY_CQ << 16);
	store_be32(in + 4, 0);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)),
			 STATUS_BAD_OUTPUT_LENGTH);
	expected[0] = STATUS_BAD_OUTPUT_LENGTH;
	store_be32(expected + 4, STATUS_BAD_OUTPUT_LENGTH << 16 | COMMAND_QUERY_CQ);
	assert_memory_equal(out, expected, sizeof(out));
}

/* A queue without an address, or out of reach, is left alone; so are its entries. */
static void queue__out_of_reach(void **state)
{
	struct guest *g = *state;
	unsigned int before = g->dev->pds.count;

	put(g, 0, COMMAND_ALLOC_PD, 16);
	g->dev->commands.addr = AWAY;
	ring(g, 1);
	assert_int_equal(dma_map_host(&g->dev->dma, 0, PAGE, guest_at(g, g->commands)),
			 0);
	g->dev->commands.addr = 0;
	ring(g, 1);
	assert_int_equal(g->dev->pds.count, before);
	assert_int_equal(field_get(entry_at(g, 0), cmd_queue_entry_ownership), 1);
}

static void create_command_eq(struct guest *g, struct guest_queue *eq)
{
	uint8_t in[272 + 8] = { 0 }, out[16];

	*eq = (struct guest_queue){ .ring = guest_alloc(g, 64u << QUEUE_LOG) };
	memset(guest_at(g, eq->ring), 0xff, 64u << QUEUE_LOG);
	store_be32(in, COMMAND_CREATE_EQ << 16);
	field_set(block(in, create_eq_in_eq_context_entry), eqc_log_eq_size, QUEUE_LOG);
	store_be64(block(in, create_eq_in_event_bitmask), 1ull << EVENT_COMMAND);
	store_be64(block(in, create_eq_in_pas), eq->ring);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	eq->number = (uint32_t)field_get(out, create_eq_out_eq_number);
}

/* An event for each entry, which it names by its bit; none for what made its queue */
static void event__of_each_entry(void **state)
{
	struct guest *g = *state;
	struct guest_queue eq;
	uint8_t eqe[64];

	create_command_eq(g, &eq);
	assert_false(guest_event(g, &eq, eqe));
	put(g, 3, COMMAND_ALLOC_PD, 16);
	put(g, 31, COMMAND_ALLOC_PD, 16);
	ring(g, 1u << 31 | 1u << 3);
	assert_true(guest_event(g, &eq, eqe));
	assert_int_equal(field_get(eqe, eqe_type), EVENT_COMMAND);
	assert_int_equal(field_get(eqe, eqe_sub_type), 0);
	assert_int_equal(field_get(const_block(eqe, eqe_data), eqe_cmd_vector), 1u << 3);
	assert_true(guest_event(g, &eq, eqe));
	assert_int_equal(field_get(const_block(eqe, eqe_data), eqe_cmd_vector), 1u << 31);
	assert_false(guest_event(g, &eq, eqe));
}

#define KINDS 4 /* of objects: completion queue, key, shared receive queue, queue pair */

static bool has_line(const char *text, const char *name, uint32_t object,
		     enum command_status status)
{
	char part[200];

	snprintf(part, sizeof(part), "\"name\":\"%s\",\"object\":%u,\"status\":%u", name,
		 object, (unsigned int)status);
	return strstr(text, part);
}

/* Of each kind: queried and destroyed */
static void trace_objects(struct guest *g, const uint32_t numbers[KINDS])
{
	static const uint16_t opcodes[KINDS][2] = {
		{ COMMAND_QUERY_CQ, COMMAND_DESTROY_CQ },
		{ COMMAND_QUERY_MKEY, COMMAND_DESTROY_MKEY },
		{ COMMAND_QUERY_RMP, COMMAND_DESTROY_RMP },
		{ COMMAND_QUERY_QP, COMMAND_DESTROY_QP },
	};
	uint8_t in[16] = { 0 };

	for (unsigned int i = 0; i < KINDS; i++)
		for (unsigned int k = 0; k < 2; k++) {
			store_be32(in, (uint32_t)opcodes[i][k] << 16);
			store_be32(in + 8, numbers[i]);
			assert_int_equal(guest_command(g, in, sizeof(in), NULL, 272),
					 STATUS_OK);
		}
}

/* The trace has each command with its name, its object and its status. */
static void trace__of_commands(void **state)
{
	static const char *const names[KINDS][3] = {
		{ "CREATE_CQ", "QUERY_CQ", "DESTROY_CQ" },
		{ "CREATE_MKEY", "QUERY_MKEY", "DESTROY_MKEY" },
		{ "CREATE_RMP", "QUERY_RMP", "DESTROY_RMP" },
		{ "CREATE_QP", "QUERY_QP", "DESTROY_QP" },
	};
	struct guest *g = *state;
	struct guest_queue shared, cq;
	char path[] = "/tmp/emu-commands-XXXXXX", text[4096] = "";
	uint8_t unknown[16] = { 0x09, 0x99 }, in[16 + 4096] = { 0 };
	uint32_t numbers[KINDS];
	struct guest_qp qp;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	g->dev->config.trace = trace_open(path);
	guest_cq(g, &cq);
	numbers[0] = cq.number;
	numbers[1] = guest_mkey(g, GUEST_BASE, 1, RIGHTS_ALL, 0) >> 8;
	numbers[2] = guest_shared_queue(g, &shared);
	guest_create_qp(g, &qp, SERVICE_RC, 0);
	numbers[3] = qp.number;
	store_be32(in, COMMAND_MODIFY_CQ << 16);
	store_be32(in + 8, cq.number);
	assert_int_equal(guest_command(g, in, sizeof(in), NULL, 8), STATUS_OK);
	trace_objects(g, numbers);
	store_be32(in, COMMAND_SET_HCA_CAP << 16);
	store_be32(in + 4, 0x3 << 1); /* atomic operations; in place of an object */
	assert_int_equal(guest_command(g, in, sizeof(in), NULL, 8), STATUS_OK);
	(void)guest_command(g, unknown, sizeof(unknown), NULL, 8);
	assert_int_equal(trace_close(g->dev->config.trace), 0);
	g->dev->config.trace = NULL;
	assert_true(pread(fd, text, sizeof(text) - 1, 0) > 0);
	close(fd);
	unlink(path);
	for (unsigned int i = 0; i < KINDS; i++)
		for (unsigned int k = 0; k < 3; k++)
			assert_true(has_line(text, names[i][k], numbers[i], STATUS_OK));
	assert_true(has_line(text, "MODIFY_CQ", cq.number, STATUS_OK));
	assert_true(has_line(text, "SET_HCA_CAP", 0x3 << 1, STATUS_OK));
	assert_true(has_line(text, "unknown", 0, STATUS_BAD_OPCODE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUEST_TEST(entry__of_another_type), GUEST_TEST(entry__lengths),
		GUEST_TEST(entry__halves),	    GUEST_TEST(mailbox__out_of_reach),
		GUEST_TEST(mailbox__read_only),	    GUEST_TEST(doorbell__chosen_entries),
		GUEST_TEST(answer__of_a_failure),   GUEST_TEST(queue__out_of_reach),
		GUEST_TEST(event__of_each_entry),   GUEST_TEST(trace__of_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
