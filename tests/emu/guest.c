// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* guest.c - a driver without a kernel: memory, commands, events */
#include "guest.h"
#include "cmocka_all.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define MAILBOXES   64 /* in each direction */
#define MAILBOX	    1024
#define ALL_EVENTS  (~0ull & ~(1ull << 0x0c) & ~(1ull << 0x0a))
#define FAULTS_ONLY (1ull << 0x0c)

static void interrupt(void *owner, unsigned int vector)
{
	struct guest *g = owner;

	g->interrupts++;
}

void *guest_at(const struct guest *g, uint64_t addr)
{
	assert_in_range(addr, GUEST_BASE, GUEST_BASE + GUEST_BYTES - 1);
	return g->memory + (addr - GUEST_BASE);
}

uint64_t guest_alloc(struct guest *g, uint64_t len)
{
	uint64_t addr = g->next;

	g->next += (len + PAGE - 1) / PAGE * PAGE;
	assert_true(g->next <= GUEST_BASE + GUEST_BYTES);
	return addr;
}

/* Spreads @len bytes over mailboxes from @at on, or collects them. */
static void mailboxes(struct guest *g, uint64_t at, uint8_t *data, uint32_t len, bool in)
{
	for (uint32_t done = 0; done < len; done += 512, at += MAILBOX) {
		uint8_t *mailbox = guest_at(g, at);
		uint32_t n = len - done < 512 ? len - done : 512;

		if (in)
			memcpy(mailbox, data + done, n);
		else
			memcpy(data + done, mailbox, n);
		field_set(mailbox, mailbox_next, at + MAILBOX);
	}
}

enum command_status guest_command(struct guest *g, const void *in, uint32_t in_len,
				  void *out, uint32_t out_len)
{
	uint8_t *entry = guest_at(g, g->commands), result[16 + MAILBOXES * 512];
	uint64_t out_at = g->mailboxes + MAILBOXES * MAILBOX;
	uint32_t bell = htobe32(1);
	uint8_t input[16 + MAILBOXES * 512] = { 0 };

	assert_true(in_len <= sizeof(input) && out_len <= sizeof(result));
	memcpy(input, in, in_len);
	memset(entry, 0, 64);
	field_set(entry, cmd_queue_entry_type, 7);
	field_set(entry, cmd_queue_entry_input_length, in_len);
	field_set(entry, cmd_queue_entry_output_length, out_len);
	store_be64(entry + 8, g->mailboxes);
	store_be64(entry + 48, out_at);
	memcpy(block(entry, cmd_queue_entry_command_input_inline_data), input, 16);
	if (in_len > 16)
		mailboxes(g, g->mailboxes, input + 16, in_len - 16, true);
	mailboxes(g, out_at, result, MAILBOXES * 512, true); /* links them */
	field_set(entry, cmd_queue_entry_ownership, 1);
	bar_write(g->dev, 0x18, &bell, sizeof(bell));
	assert_int_equal(field_get(entry, cmd_queue_entry_ownership), 0);
	assert_int_equal(field_get(entry, cmd_queue_entry_status), 0);
	memcpy(result, const_block(entry, cmd_queue_entry_command_output_inline_data),
	       16);
	if (out_len > 16)
		mailboxes(g, out_at, result + 16, out_len - 16, false);
	if (out)
		memcpy(out, result, out_len);
	return (enum command_status)result[0];
}

enum command_status guest_simple(struct guest *g, uint16_t opcode, struct field field,
				 uint64_t value)
{
	uint8_t in[64] = { 0 };

	store_be32(in, (uint32_t)opcode << 16);
	field_set(in, field, value);
	return guest_command(g, in, sizeof(in), NULL, 16);
}

void guest_run(struct guest *g)
{
	while (device_work(g->dev))
		;
}

/* An entry of 64 bytes is new by its owner bit. */
bool guest_take(struct guest *g, struct guest_queue *q, uint8_t entry[64])
{
	const uint8_t *at = guest_at(g, q->ring + q->consumed % (1u << QUEUE_LOG) * 64);

	if ((at[63] & 1) != (q->consumed >> QUEUE_LOG & 1) || at[63] >> 4 == 0xf)
		return false;
	memcpy(entry, at, 64);
	q->consumed++;
	return true;
}

bool guest_event(struct guest *g, struct guest_queue *eq, uint8_t eqe[64])
{
	uint32_t ci;

	guest_run(g);
	if (!guest_take(g, eq, eqe))
		return false;
	ci = htobe32(eq->number << 24 | (eq->consumed & 0xffffff));
	bar_write(g->dev, 0x10000 + 0x40, &ci, sizeof(ci));
	return true;
}

bool guest_poll(struct guest *g, struct guest_queue *cq, uint8_t cqe[64])
{
	uint64_t deadline = clock_ns() + NSEC_PER_SEC;

	do {
		guest_run(g);
		if (guest_take(g, cq, cqe)) {
			store_be32(guest_at(g, cq->record), cq->consumed);
			return true;
		}
	} while (device_deadline(g->dev) != UINT64_MAX && !clock_passed(deadline));
	return false;
}

unsigned int guest_completion(struct guest *g)
{
	uint8_t cqe[64];
	unsigned int kind;

	assert_true(guest_poll(g, &g->cq, cqe));
	kind = (unsigned int)field_get(cqe, cqe_opcode);
	if (kind == COMPLETION_SEND_ERROR || kind == COMPLETION_RECEIVE_ERROR)
		return (unsigned int)field_get(cqe, cqe_syndrome);
	return 0;
}

static void create_eq(struct guest *g, struct guest_queue *eq, uint64_t mask)
{
	uint8_t in[272 + 8] = { 0 }, out[16],
			 *c = block(in, create_eq_in_eq_context_entry);

	/* entries belong to the device until their owner bit changes */
	eq->ring = guest_alloc(g, 64u << QUEUE_LOG);
	memset(guest_at(g, eq->ring), 0xff, 64u << QUEUE_LOG);
	store_be32(in, COMMAND_CREATE_EQ << 16);
	field_set(c, eqc_log_eq_size, QUEUE_LOG);
	store_be64(block(in, create_eq_in_event_bitmask), mask);
	store_be64(block(in, create_eq_in_pas), eq->ring);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	eq->number = (uint32_t)field_get(out, create_eq_out_eq_number);
}

void guest_cq(struct guest *g, struct guest_queue *cq)
{
	uint8_t in[272 + 8] = { 0 }, out[16], *c = block(in, create_cq_in_cq_context);

	*cq = (struct guest_queue){ .ring = guest_alloc(g, 64u << QUEUE_LOG),
				    .record = guest_alloc(g, 8) };
	memset(guest_at(g, cq->ring), 0xff, 64u << QUEUE_LOG);
	store_be32(in, COMMAND_CREATE_CQ << 16);
	field_set(c, cqc_log_cq_size, QUEUE_LOG);
	field_set(c, cqc_c_eqn_or_apu_element, g->events.number);
	field_set(c, cqc_dbr_addr, cq->record);
	store_be64(block(in, create_cq_in_pas), cq->ring);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	cq->number = (uint32_t)field_get(out, create_cq_out_cqn);
}

struct guest *guest_new(enum scheme scheme)
{
	struct guest *g = calloc(1, sizeof(*g));
	struct device_config config = {
		.scheme = scheme, .interrupt = interrupt, .owner = g, .seed = 1
	};
	uint8_t in[16] = { 0 }, out[16], addr[8];

	assert_non_null(g);
	g->memory = mmap(NULL, GUEST_BYTES, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(g->memory, MAP_FAILED);
	g->next = GUEST_BASE;
	g->dev = device_new(&config);
	assert_non_null(g->dev);
	assert_int_equal(dma_map_host(&g->dev->dma, GUEST_BASE, GUEST_BYTES, g->memory),
			 0);
	g->commands = guest_alloc(g, PAGE);
	g->mailboxes = guest_alloc(g, 2 * MAILBOXES * MAILBOX);
	store_be64(addr, g->commands);
	bar_write(g->dev, 0x10, addr, sizeof(addr));
	create_eq(g, &g->events, ALL_EVENTS);
	create_eq(g, &g->faults, FAULTS_ONLY);
	guest_cq(g, &g->cq);
	store_be32(in, COMMAND_ALLOC_PD << 16);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	g->pd = (uint32_t)field_get(out, alloc_pd_out_pd);
	return g;
}

void guest_free(struct guest *g)
{
	device_free(g->dev);
	munmap(g->memory, GUEST_BYTES);
	free(g);
}

int guest_begin(void **state)
{
	*state = guest_new(SCHEME_MEMORY);
	return 0;
}

int guest_end(void **state)
{
	guest_free(*state);
	return 0;
}

void guest_resume(struct guest *g, const uint8_t eqe[64], bool error)
{
	const uint8_t *data = const_block(eqe, eqe_data);
	uint8_t in[16] = { 0 }, out[16],
		*info = block(in, page_fault_resume_in_page_fault_info);

	store_be32(in, COMMAND_PAGE_FAULT_RESUME << 16);
	field_set(info, mem_page_fault_info_error, error);
	switch (field_get(eqe, eqe_sub_type)) {
	case 2: /* memory */
		field_set(info, mem_page_fault_info_fault_token_31_0,
			  field_get(data, eqe_memory_fault_token_31_0));
		break;
	case 1: /* RDMA */
		field_set(info, trans_page_fault_info_page_fault_type,
			  field_get(data, eqe_rdma_fault_type));
		field_set(info, trans_page_fault_info_fault_token,
			  field_get(data, eqe_rdma_fault_token));
		break;
	default:
		field_set(info, trans_page_fault_info_page_fault_type,
			  field_get(data, eqe_wqe_fault_type));
		field_set(info, trans_page_fault_info_fault_token,
			  field_get(data, eqe_wqe_fault_token));
	}
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
}
